"""Commands on drafts: start, save, propose, send back, publish, discard. The caller commits."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from housing_portal.accounts.models import User
from housing_portal.core import audit, clock
from housing_portal.core.access import require
from housing_portal.core.crypto import sha256_hex
from housing_portal.core.db import db
from housing_portal.core.outbox import publish as tell
from housing_portal.schemes import queries as schemes
from housing_portal.schemes import service as scheme_service
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.models import SchemeVersion
from housing_portal.schemes.source import to_yaml
from housing_portal.workbench.access import may_decide, may_edit
from housing_portal.workbench.events import PaperPreviewAsked
from housing_portal.workbench.lint import check
from housing_portal.workbench.models import (
    DISCARDED,
    EDITING,
    PROPOSED,
    PUBLISHED,
    WAITING,
    DraftPaper,
    SchemeDraft,
)
from housing_portal.workbench.queries import newest_since


class DraftProblem(Exception):
    """The step is not possible; the message is a sentence for the person."""


class UnreadVersion(DraftProblem):
    """Another version was published since the draft was begun, and nobody has confirmed that it is replaced."""


class DraftChanged(Exception):
    """The draft was saved elsewhere since the page was opened."""


def start(author: User, base: SchemeVersion, code: str) -> SchemeDraft:
    """A draft of the next version, or of a new scheme when ``code`` is a new one.

    Raises DraftProblem when the new code is taken.
    """
    definition = base.definition()
    if code != base.scheme_code:
        if schemes.versions(code):
            raise DraftProblem(_("There is a scheme with this code already."))
        definition = definition.model_copy(update={"code": code})
    draft = SchemeDraft(
        scheme_code=code,
        base_version=base,
        source=to_yaml(definition),
        state=EDITING,
        author=author,
    )
    db.session.add(draft)
    db.session.flush()
    _record(draft, "draft.started", author, base=base.number)
    return draft


def save(author: User, draft: SchemeDraft, source: str, seen_version: int) -> None:
    """Keep the text, right or wrong. Raises AccessRefused, and DraftChanged when another tab saved meanwhile."""
    require(may_edit(author, draft))
    if draft.version != seen_version:
        if draft.source == source:
            return
        raise DraftChanged
    if draft.source != source:
        draft.source, draft.saved_at = source, clock.now()


def propose(author: User, draft: SchemeDraft, note: str) -> None:
    """Hand the draft to a second person. Raises AccessRefused, DraftProblem while something is wrong or unchanged."""
    require(may_edit(author, draft))
    _definition(draft)
    draft.state, draft.note, draft.proposed_at, draft.returned_reason = PROPOSED, note, clock.now(), ""
    _record(draft, "draft.proposed", author, source=source_hash(draft))


def send_back(person: User, draft: SchemeDraft, reason: str) -> None:
    """Give the draft back to its author with a reason. Raises AccessRefused."""
    require(may_decide(person, draft))
    draft.state, draft.returned_reason = EDITING, reason
    _record(draft, "draft.sent_back", person)


def take_back(author: User, draft: SchemeDraft) -> None:
    """The author goes on editing what nobody has published yet. Raises DraftProblem."""
    if draft.author_id != author.id or draft.state != PROPOSED:
        raise DraftProblem(_("The draft cannot be taken back now."))
    draft.state = EDITING
    _record(draft, "draft.taken_back", author)


def discard(author: User, draft: SchemeDraft) -> None:
    """Lay the draft aside for good. Raises AccessRefused."""
    require(may_edit(author, draft))
    draft.state = DISCARDED
    _record(draft, "draft.discarded", author)


def rebase(author: User, draft: SchemeDraft) -> None:
    """Compare the draft with the newest version from now on; its text stays. Raises AccessRefused, DraftProblem."""
    require(may_edit(author, draft))
    newest = newest_since(draft)
    if newest is None:
        raise DraftProblem(_("There is no newer version."))
    before, draft.base_version = draft.base_version.number, newest
    _record(draft, "draft.rebased", author, before=before, after=newest.number)


def publish(person: User, draft: SchemeDraft, valid_from: date, replaces: int | None = None) -> SchemeVersion:
    """Make the draft the next version, in force from a day on. What was proposed is what is published.

    ``replaces`` is the number of a version newer than the draft's base, whose difference the person has read.

    Raises AccessRefused for the author or a manager of one district, DraftProblem for a day that does not fit,
    UnreadVersion.
    """
    require(may_decide(person, draft))
    newest = newest_since(draft)
    if newest is not None and newest.number != replaces:
        raise UnreadVersion(
            _("There is a newer version: %(number)s. Read the difference, then confirm it.", number=newest.number)
        )
    definition = _definition(draft)
    if definition.valid_to is not None and definition.valid_to < valid_from:
        raise DraftProblem(_("The first day is after the last day of the scheme."))
    dated = definition.model_copy(update={"valid_from": valid_from})
    try:
        version = scheme_service.publish(dated, drafted_by=draft.author_id, published_by=person.id, note=draft.note)
    except scheme_service.BadDay:
        raise DraftProblem(_("A version begins today or later.")) from None
    draft.state, draft.published_by, draft.published_version = PUBLISHED, person, version
    _record(draft, "draft.published", person, number=version.number)
    return version


def ask_paper(draft: SchemeDraft, kind: str) -> DraftPaper:
    """A letter of the present text: the one that was made before, or a new one for the worker. Raises DraftProblem."""
    _definition(draft)
    held = db.session.query(DraftPaper).filter_by(draft_id=draft.id, kind=kind, source_hash=source_hash(draft)).first()
    if held is not None:
        return held
    paper = DraftPaper(draft_id=draft.id, kind=kind, source_hash=source_hash(draft), state=WAITING)
    db.session.add(paper)
    db.session.flush()
    tell(PaperPreviewAsked(paper_id=paper.id))
    return paper


def source_hash(draft: SchemeDraft) -> str:
    """SHA-256 of the text: which state of the draft a letter or a simulation belongs to."""
    return sha256_hex(draft.source.encode())


def _definition(draft: SchemeDraft) -> SchemeDefinition:
    definition = check(draft.source, draft.scheme_code).definition
    if definition is None:
        raise DraftProblem(_("The draft has mistakes. Mend them first."))
    return definition


def _record(draft: SchemeDraft, action: str, person: User, **data: object) -> None:
    audit.record(f"scheme:{draft.scheme_code}", action, person.id, draft=draft.id, **data)
