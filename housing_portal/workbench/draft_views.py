"""Pages of one draft: where it stands, editing by form and as text, the difference, and publishing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from housing_portal.accounts.sessions import current_person
from housing_portal.core import clock
from housing_portal.core.db import commit, db
from housing_portal.core.forms import PortalForm
from housing_portal.core.i18n import language
from housing_portal.schemes.differences import differences
from housing_portal.schemes.yaml_source import SourceError
from housing_portal.workbench import queries, service
from housing_portal.workbench.access import may_decide, may_edit
from housing_portal.workbench.blueprint import bp, draft_or_404, manager, reader
from housing_portal.workbench.editing import SECTIONS, fields, replaced
from housing_portal.workbench.forms import (
    FieldsForm,
    ProposeForm,
    PublishForm,
    SendBackForm,
    SourceForm,
    build_fields_form,
)
from housing_portal.workbench.lint import Checked, check
from housing_portal.workbench.models import SchemeDraft
from housing_portal.workbench.presentation import difference_groups, section_word
from housing_portal.workbench.service import DraftChanged, DraftProblem, UnreadVersion
from housing_portal.workbench.stale_texts import stale_texts


@bp.get("/drafts/<int:draft_id>")
@reader
def draft(draft_id: int) -> ResponseReturnValue:
    """Where the draft stands, and the next steps."""
    return _draft_page(draft_or_404(draft_id))


def _draft_page(draft: SchemeDraft, **forms: PortalForm) -> str:
    checked = check(draft.source, draft.scheme_code)
    person = current_person()
    base = draft.base_version.definition()
    changed = differences(base, checked.definition) if checked.definition else ()
    newest = queries.newest_since(draft)
    since = differences(newest.definition(), checked.definition) if newest and checked.definition else ()
    first_day = checked.definition.valid_from if checked.definition else clock.today()
    return render_template(
        "workbench/draft.html",
        draft=draft,
        checked=checked,
        title=(checked.definition or draft.base_version.definition()).title.in_(language()),
        changes=[difference.in_words(language()) for difference in changed if difference.visible(language())],
        change_count=len(changed),
        stale=stale_texts(base, checked.definition, language()) if checked.definition else (),
        newest=newest,
        newest_changes=[found.in_words(language()) for found in since if found.visible(language())],
        sections=[{"code": code, "title": section_word(code)} for code in SECTIONS],
        simulations=queries.simulations(person, draft.id),
        source_hash=service.source_hash(draft),
        may_edit=bool(may_edit(person, draft)),
        may_decide=bool(may_decide(person, draft)),
        own=draft.author_id == person.id,
        propose_form=forms.get("propose") or ProposeForm(prefix="propose"),
        publish_form=forms.get("publish")
        or PublishForm(
            prefix="publish",
            data={"valid_from": max(first_day, clock.today()), "newest": str(newest.number) if newest else ""},
        ),
        back_form=forms.get("back") or SendBackForm(prefix="back"),
        lang=language(),
    )


# -- editing ---------------------------------------------------------------------------------------


@bp.get("/drafts/<int:draft_id>/form/<section>")
@reader
def form(draft_id: int, section: str) -> ResponseReturnValue:
    """One section as a form."""
    draft = draft_or_404(draft_id)
    if section not in SECTIONS:
        abort(404)
    try:
        found = fields(draft.source, section)
    except SourceError:
        flash(_("The text cannot be read, so it has no form. Mend it first."), "warning")
        return redirect(url_for("workbench.text", draft_id=draft.id), 303)
    return _form_page(draft, section, build_fields_form(found, None, draft.version), found)


def _form_page(draft: SchemeDraft, section: str, form: FieldsForm, found: list[Any], **more: Any) -> str:
    numbered = list(enumerate(found))
    groups = [
        {"title": group.in_(language()), "names": [f"f{index}" for index, _field in members]}
        for group, members in groupby(numbered, key=lambda pair: pair[1].group)
    ]
    return render_template(
        "workbench/form.html",
        draft=draft,
        section=section,
        section_title=section_word(section),
        sections=[{"code": code, "title": section_word(code)} for code in SECTIONS],
        form=form,
        groups=groups,
        kinds={f"f{index}": field.kind for index, field in numbered},
        checked=check(draft.source, draft.scheme_code),
        may_edit=bool(may_edit(current_person(), draft)),
        **more,
    )


@bp.post("/drafts/<int:draft_id>/form/<section>")
@manager
def save_form(draft_id: int, section: str) -> ResponseReturnValue:
    """Write the changed fields into the text."""
    draft = draft_or_404(draft_id, for_change=True)
    if section not in SECTIONS:
        abort(404)
    try:
        found = fields(draft.source, section)
    except SourceError:
        return redirect(url_for("workbench.text", draft_id=draft.id), 303)
    form = build_fields_form(found, request.form, draft.version)
    if not form.validate():
        return _form_page(draft, section, form, found), 422
    try:
        service.save(
            current_person(), draft, replaced(draft.source, found, form.values(found)), _seen(form.seen_version.data)
        )
        commit()
    except (DraftChanged, StaleDataError):
        db.session.rollback()
        draft = draft_or_404(draft_id)
        form.seen_version.data = str(draft.version)
        return _form_page(draft, section, form, found, changed=True), 409
    flash(_("Saved."), "success")
    return redirect(url_for("workbench.form", draft_id=draft_id, section=section), 303)


def _seen(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@bp.get("/drafts/<int:draft_id>/text")
@reader
def text(draft_id: int) -> ResponseReturnValue:
    """The whole text, with its mistakes beside their lines."""
    draft = draft_or_404(draft_id)
    form = SourceForm(data={"source": draft.source, "seen_version": str(draft.version)})
    return _text_page(draft, form, check(draft.source, draft.scheme_code))


def _text_page(draft: SchemeDraft, form: SourceForm, checked: Checked, *, changed: bool = False) -> str:
    lines = (form.source.data or "").count("\n") + 1
    return render_template(
        "workbench/text.html",
        draft=draft,
        form=form,
        checked=checked,
        lines=range(1, lines + 1),
        wrong={problem.line for problem in checked.problems},
        may_edit=bool(may_edit(current_person(), draft)),
        changed=changed,
    )


@bp.post("/drafts/<int:draft_id>/text")
@manager
def save_text(draft_id: int) -> ResponseReturnValue:
    """Keep the text as typed, right or wrong; what cannot be kept stays in the page."""
    draft = draft_or_404(draft_id, for_change=True)
    form = SourceForm()
    if not form.validate():
        return _text_page(draft, form, Checked(None, ())), 422
    typed = form.source.data + "\n"
    try:
        service.save(current_person(), draft, typed, _seen(form.seen_version.data))
        commit()
    except (DraftChanged, StaleDataError):
        db.session.rollback()
        draft = draft_or_404(draft_id)
        form.seen_version.data = str(draft.version)
        return _text_page(draft, form, check(typed, draft.scheme_code), changed=True), 409
    problems = check(typed, draft.scheme_code).problems
    flash(_("Saved. The text has mistakes.") if problems else _("Saved."), "warning" if problems else "success")
    return redirect(url_for("workbench.text", draft_id=draft_id), 303)


@bp.get("/drafts/<int:draft_id>/difference")
@reader
def difference(draft_id: int) -> ResponseReturnValue:
    """The draft beside the version that it was made from, or beside the newest one that was published since."""
    draft = draft_or_404(draft_id)
    newest = queries.newest_since(draft)
    against = newest if newest is not None and request.args.get("against") == "newest" else draft.base_version
    definition = check(draft.source, draft.scheme_code).definition
    if definition is None:
        return mistakes_first(draft)
    return render_template(
        "workbench/difference.html",
        draft=draft,
        title=definition.title.in_(language()),
        groups=difference_groups(differences(against.definition(), definition)),
        against=against,
        newest=newest,
    )


def mistakes_first(draft: SchemeDraft) -> ResponseReturnValue:
    """To the text with its mistakes: nothing can be shown of a draft that cannot be read."""
    flash(_("The draft has mistakes. Mend them first."), "warning")
    return redirect(url_for("workbench.text", draft_id=draft.id), 303)


# -- steps -----------------------------------------------------------------------------------------


@bp.post("/drafts/<int:draft_id>/propose")
@manager
def propose(draft_id: int) -> ResponseReturnValue:
    """Hand it to a second person."""
    draft = draft_or_404(draft_id, for_change=True)
    form = ProposeForm(prefix="propose")
    if not form.validate():
        return _draft_page(draft, propose=form), 422
    try:
        service.propose(current_person(), draft, form.note.data)
    except DraftProblem as problem:
        form.add_error(None, str(problem))
        return _draft_page(draft, propose=form), 422
    commit()
    flash(_("Proposed. A colleague can publish it now."), "success")
    return redirect(url_for("workbench.draft", draft_id=draft_id), 303)


@bp.post("/drafts/<int:draft_id>/take-back")
@manager
def take_back(draft_id: int) -> ResponseReturnValue:
    """Go on editing."""
    try:
        service.take_back(current_person(), draft_or_404(draft_id, for_change=True))
        commit()
    except DraftProblem as problem:
        flash(str(problem), "warning")
    return redirect(url_for("workbench.draft", draft_id=draft_id), 303)


@bp.post("/drafts/<int:draft_id>/rebase")
@manager
def rebase(draft_id: int) -> ResponseReturnValue:
    """Compare with the newest version from now on."""
    draft = draft_or_404(draft_id, for_change=True)
    try:
        service.rebase(current_person(), draft)
        commit()
        flash(_("The draft is compared with version %(number)s now.", number=draft.base_version.number), "success")
    except DraftProblem as problem:
        db.session.rollback()
        flash(str(problem), "warning")
    return redirect(url_for("workbench.draft", draft_id=draft_id), 303)


@bp.post("/drafts/<int:draft_id>/send-back")
@manager
def send_back(draft_id: int) -> ResponseReturnValue:
    """Give it back to its author."""
    draft = draft_or_404(draft_id, for_change=True)
    form = SendBackForm(prefix="back")
    if not form.validate():
        return _draft_page(draft, back=form), 422
    service.send_back(current_person(), draft, form.reason.data)
    commit()
    flash(_("Sent back to the author."), "success")
    return redirect(url_for("workbench.draft", draft_id=draft_id), 303)


@bp.post("/drafts/<int:draft_id>/publish")
@manager
def publish(draft_id: int) -> ResponseReturnValue:
    """Make it the next version."""
    draft = draft_or_404(draft_id, for_change=True)
    form = PublishForm(prefix="publish")
    if not form.validate() or form.valid_from.data is None:
        return _draft_page(draft, publish=form), 422
    try:
        version = service.publish(current_person(), draft, form.valid_from.data, form.replaced)
    except UnreadVersion as problem:
        newest = queries.newest_since(draft)
        form.newest.data, form.replaces.data = str(newest.number) if newest else "", False
        form.add_error("replaces", str(problem))
        return _draft_page(draft, publish=form), 422
    except DraftProblem as problem:
        form.add_error("valid_from", str(problem))
        return _draft_page(draft, publish=form), 422
    commit()
    flash(_("Version %(number)s is published.", number=version.number), "success")
    return redirect(url_for("workbench.scheme", code=draft.scheme_code), 303)


@bp.post("/drafts/<int:draft_id>/discard")
@manager
def discard(draft_id: int) -> ResponseReturnValue:
    """Lay it aside."""
    draft = draft_or_404(draft_id, for_change=True)
    service.discard(current_person(), draft)
    commit()
    flash(_("The draft is discarded."), "success")
    return redirect(url_for("workbench.index"), 303)
