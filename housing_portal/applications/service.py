"""Commands on drafts: start, save a page, hand over files, freeze what is handed in. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from housing_portal.accounts.models import District, User
from housing_portal.applications import lookups
from housing_portal.applications.models import Application, DraftPage, Submission, Upload
from housing_portal.applications.progress import (
    DOCUMENTS,
    PageState,
    current_uploads,
    draft_values,
    progress_of,
)
from housing_portal.applications.versions import require_present_version
from housing_portal.core import audit, clock, storage, uploads
from housing_portal.core.crypto import canonical_json, sha256_hex
from housing_portal.core.db import db
from housing_portal.core.ids import new_reference
from housing_portal.registry.service import remember_facts
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.form_terms import Document
from housing_portal.schemes.models import SchemeVersion
from housing_portal.schemes.rules import evaluate


class Incomplete(Exception):
    """Something required is missing; ``pages`` says where."""

    def __init__(self, pages: list[PageState]) -> None:
        super().__init__([state.page.code for state in pages])
        self.pages = pages


class NotOpen(Exception):
    """The page cannot be changed now: it was handed in, or the correction does not concern it."""


class PageChanged(Exception):
    """The page was saved elsewhere in the meantime. ``saved`` is what is stored now."""

    def __init__(self, saved: DraftPage) -> None:
        super().__init__(saved.page)
        self.saved = saved


@dataclass(frozen=True)
class PageInput:
    """What a form gave: the raw texts, the values that passed, and whether everything passed."""

    typed: Mapping[str, Any]
    answers: Mapping[str, Any]
    complete: bool


def start(user: User, version: SchemeVersion, district: District) -> Application:
    """A new draft, or the one that the person has already begun for this scheme."""
    begun = db.session.scalars(
        select(Application).where(
            Application.user_id == user.id,
            Application.scheme_code == version.scheme_code,
            Application.state == "draft",
        )
    ).first()
    if begun is not None:
        return begun
    application = Application(
        ref=new_reference(),
        user=user,
        scheme_code=version.scheme_code,
        scheme_version=version,
        district=district,
        state="draft",
    )
    db.session.add(application)
    db.session.flush()
    audit.record(f"application:{application.id}", "started", user.id, scheme=version.scheme_code)
    return application


def save_page(application: Application, page: str, given: PageInput, seen_version: int) -> DraftPage:
    """Keep a page as typed, right or wrong. ``seen_version`` is 0 for a page never saved before.

    Raises NotOpen, and PageChanged when another tab saved the page since this one was opened.
    """
    _require_open(application, page)
    row = next((saved for saved in application.pages if saved.page == page), None)
    if row is not None and row.version != seen_version and dict(row.typed) != dict(given.typed):
        raise PageChanged(row)
    moment = clock.now()
    if row is None:
        row = DraftPage(page=page)
        application.pages.append(row)
    row.typed, row.answers, row.complete = dict(given.typed), dict(given.answers), given.complete
    row.saved_at = application.saved_at = moment
    db.session.flush()
    return row


def clean_upload(document: Document, data: bytes) -> uploads.CleanFile:
    """The safe form of a file for a document of the scheme. Touches no table: reading a stranger's file takes time.

    Raises core.uploads.FileRefused with the sentence for the person.
    """
    safe = uploads.clean(data)
    if safe.media_type == "image/jpeg" and not {"jpg", "png"} & set(document.accept):
        raise uploads.FileRefused("pdf_only")
    if safe.media_type == "application/pdf" and "pdf" not in document.accept:
        raise uploads.FileRefused("picture_only")
    return safe


def keep_upload(
    application: Application, slot: str, name: str, safe: uploads.CleanFile, original_sha256: str
) -> Upload:
    """Keep a file that was made safe before. Raises NotOpen."""
    _require_open(application, DOCUMENTS)
    upload = Upload(
        ref=new_reference(),
        slot=slot,
        name=display_name(name, safe.media_type),
        media_type=safe.media_type,
        size=len(safe.data),
        pages=safe.pages,
        sha256=storage.put(safe.data),
        original_sha256=original_sha256,
        added_at=clock.now(),
    )
    application.uploads.append(upload)
    application.saved_at = clock.now()
    db.session.flush()
    return upload


def remove_upload(application: Application, upload: Upload) -> None:
    """Take a file out of the draft; a submission that holds it keeps it. Raises NotOpen."""
    _require_open(application, DOCUMENTS)
    upload.removed_at = application.saved_at = clock.now()


def display_name(name: str, media_type: str) -> str:
    """The file's own name without a path or control characters, with the ending of what it now is."""
    base = name.replace("\\", "/").rpartition("/")[2]
    bare = base.rpartition(".")[0] if "." in base else base
    stem = "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*').strip(". ")
    ending = ".pdf" if media_type == "application/pdf" else ".jpg"
    return (stem[:80] or "document") + ending


def delete_draft(application: Application) -> None:
    """Delete a draft that was never handed in, with all that was typed. Raises NotOpen."""
    if application.state != "draft":
        raise NotOpen(application.ref)
    audit.record(f"application:{application.id}", "draft_deleted", application.user_id)
    for upload in application.uploads:
        db.session.delete(upload)
    db.session.delete(application)


def freeze(application: Application, idempotency_key: str) -> Submission:
    """Turn the draft into the next immutable submission. Raises Incomplete, and versions.Unconfirmed."""
    require_present_version(application)
    progress = progress_of(application)
    if not progress.complete:
        raise Incomplete(progress.missing())
    definition = application.scheme_version.definition()
    moment = clock.now()
    values = draft_values(application)
    saved_at = {fact: page.saved_at.isoformat() for page in application.pages for fact in page.answers}
    answers = {
        fact: {"value": value, "source": "declared", "at": saved_at[fact], "by": application.user_id}
        for fact, value in values.items()
        if value not in (None, "")
    }
    documents = [_frozen_document(upload) for upload in current_uploads(application)]
    evaluation = evaluate(definition, values, clock.local(moment).date()).model_dump(mode="json")
    content = {
        "application": application.ref,
        "scheme": [application.scheme_code, application.scheme_version.number],
        "answers": answers,
        "documents": documents,
        "evaluation": evaluation,
        "submitted_at": moment.isoformat(),
    }
    submission = Submission(
        number=len(application.submissions) + 1,
        idempotency_key=idempotency_key,
        answers=answers,
        documents=documents,
        evaluation=evaluation,
        sha256=sha256_hex(canonical_json(content)),
        submitted_at=moment,
    )
    application.submissions.append(submission)
    application.state, application.correction, application.saved_at = "submitted", None, moment
    lookups.index(application, values)
    # A declaration is made anew each time, and an invoice is used once; everything else is offered again.
    again = {key for key, fact in fact_dictionary().items() if fact.offer_again and not key.startswith("declaration.")}
    kept = {fact: given["value"] for fact, given in answers.items() if fact in again}
    remember_facts(application.user_id, kept)
    db.session.flush()
    return submission


def something_corrected(application: Application) -> bool:
    """Whether at least one thing that the correction names differs from what was handed in last."""
    before = application.submissions[-1]
    values, now = before.values(), draft_values(application)
    for item in application.correction or []:
        if item["kind"] == "fact" and values.get(item["key"]) != now.get(item["key"]):
            return True
        if item["kind"] == "document":
            held = {upload.sha256 for upload in current_uploads(application) if upload.slot == item["key"]}
            if held != {document["sha256"] for document in before.documents if document["slot"] == item["key"]}:
                return True
    return False


def reopen(application: Application, items: list[dict[str, str]]) -> None:
    """Open the pages that a correction concerns; ``items`` say what to mend."""
    application.state, application.correction = "correcting", items


def close_correction(application: Application) -> None:
    """The correction is over without an answer: lapsed, withdrawn."""
    application.state, application.correction = "submitted", None


def _require_open(application: Application, page: str) -> None:
    state = progress_of(application).page(page)
    if state is None or not state.open:
        raise NotOpen(page)


def _frozen_document(upload: Upload) -> dict[str, Any]:
    return {
        "ref": upload.ref,
        "slot": upload.slot,
        "name": upload.name,
        "media_type": upload.media_type,
        "pages": upload.pages,
        "sha256": upload.sha256,
    }
