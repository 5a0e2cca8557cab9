"""The applicant's pages: start, task list, form pages, documents, check your answers."""

from __future__ import annotations

import re
import secrets

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from housing_portal.accounts.models import District
from housing_portal.accounts.sessions import current_person
from housing_portal.applications import queries, service
from housing_portal.applications.forms import DeleteForm, StartForm, UploadForm
from housing_portal.applications.models import Application, Upload
from housing_portal.applications.presentation import (
    account_values,
    answer_cards,
    correction_messages,
    differing_answers,
    offered_values,
)
from housing_portal.applications.progress import DOCUMENTS, PageState, Progress, draft_values, progress_of
from housing_portal.applications.service import NotOpen, PageChanged, PageInput
from housing_portal.applications.versions import VersionPassed, confirm, newer_version
from housing_portal.core import clock
from housing_portal.core.access import applicant
from housing_portal.core.crypto import sha256_hex
from housing_portal.core.db import commit, db
from housing_portal.core.downloads import picture_response, stored_file_response
from housing_portal.core.i18n import language
from housing_portal.core.ids import grouped
from housing_portal.core.uploads import CleanFile, FileRefused
from housing_portal.schemes import queries as schemes
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.facts_form import FactsForm, with_changed_rows
from housing_portal.schemes.form_terms import Document
from housing_portal.schemes.forms import answers_from_form, build_page_form, raw_from_form
from housing_portal.schemes.grants import granted
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.presentation import trace_rows
from housing_portal.schemes.rules import evaluate

bp = Blueprint("applications", __name__, url_prefix="/applications", template_folder="templates")


def _own(ref: str, *, for_change: bool = False) -> Application:
    application = queries.own_application(current_person().id, ref, for_change=for_change)
    if application is None:
        abort(404)
    return application


@bp.route("/start/<code>", methods=["GET", "POST"])
@applicant
def start(code: str) -> ResponseReturnValue:
    """Choose the district and begin; a draft that was begun before is continued."""
    version = schemes.current_version(code)
    if version is None:
        abort(404)
    definition = version.definition()
    if not definition.takes_applications_on(clock.today()):
        flash(_("This scheme takes no applications now."), "warning")
        return redirect(url_for("schemes.scheme", code=code), 303)
    districts = list(db.session.scalars(select(District).order_by(District.code)))
    form = StartForm(districts, language(), where=_where(definition))
    if request.method == "POST":
        if form.validate():
            district = db.session.get_one(District, form.district.data)
            try:
                application = service.start(current_person(), version, district)
                commit()
            except IntegrityError:  # begun by another click at the same moment
                db.session.rollback()
                application = service.start(current_person(), version, district)
            return redirect(url_for("applications.overview", ref=application.ref), 303)
        return render_template("applications/start.html", form=form, definition=definition), 422
    return render_template("applications/start.html", form=form, definition=definition)


def _where(definition: SchemeDefinition) -> str:
    """By which place the district is chosen."""
    if definition.audience == "company":
        return "premises"
    return "home" if any(fact.key == "lease.address" for fact in definition.asked()) else "employer"


@bp.get("/<ref>")
@applicant
def overview(ref: str) -> ResponseReturnValue:
    """The task list."""
    application = _own(ref)
    if application.state == "submitted":
        return redirect(url_for("casework.status", ref=ref))
    return render_template(
        "applications/overview.html",
        application=application,
        definition=application.scheme_version.definition(),
        progress=progress_of(application),
        correction=correction_messages(application, language()),
        newer=newer_version(application, language()),
        reference=grouped(ref),
        documents_page=DOCUMENTS,
    )


@bp.route("/<ref>/pages/<code>", methods=["GET", "POST"])
@applicant
def page(ref: str, code: str) -> ResponseReturnValue:
    """One page of the form. Whatever was typed is kept, right or wrong."""
    application = _own(ref, for_change=request.method == "POST")
    progress = progress_of(application)
    state = progress.page(code)
    if state is None:
        abort(404)
    if not state.open:
        flash(_("This page was handed in and cannot be changed now."), "warning")
        return redirect(url_for("applications.overview", ref=ref), 303)
    if code == DOCUMENTS:
        return redirect(url_for("applications.documents", ref=ref), 303)
    if request.method == "POST":
        return _save(application, progress, state)
    saved = next((row for row in application.pages if row.page == code), None)
    offered = {} if saved else offered_values(application, state.page)
    before = {fact: value for fact, (value, _when) in offered.items()}
    answers = account_values(application) | draft_values(application) | before
    typed = saved.typed if saved and not saved.complete else None
    form = build_page_form(application.scheme_version.definition(), state.page, answers, language(), typed=typed)
    return _form_page(application, progress, state, form, version=saved.version if saved else 0, offered=offered)


def _save(application: Application, progress: Progress, state: PageState) -> ResponseReturnValue:
    definition = application.scheme_version.definition()
    code = state.page.code
    rows = with_changed_rows(request.form)
    sent = rows[0] if rows else request.form
    form = build_page_form(definition, state.page, draft_values(application), language(), formdata=sent)
    valid = form.validate() and rows is None  # a row that was just added or removed is looked at first
    leaving = "later" in request.form
    given = PageInput(raw_from_form(form), answers_from_form(form), valid)
    seen = request.form.get("page_version", "")
    try:
        row = service.save_page(application, code, given, int(seen) if re.fullmatch("[0-9]{1,9}", seen) else 0)
    except PageChanged as changed:
        differing = differing_answers(state.page, changed.saved, given.answers, language())
        version = changed.saved.version
        page = _form_page(application, progress, state, form, version=version, changed=True, differing=differing)
        return page, 409
    commit()
    if leaving:
        flash(_("Saved. You can go on whenever you like."), "success")
        return redirect(url_for("applications.overview", ref=application.ref), 303)
    if rows:
        return redirect(url_for("applications.page", ref=application.ref, code=code, _anchor=rows[1]), 303)
    if not valid:
        return _form_page(application, progress, state, form, version=row.version), 422
    if "return" in request.form:
        return redirect(url_for("applications.check", ref=application.ref), 303)
    following = progress.next_open(code)
    if following is None:
        return redirect(url_for("applications.check", ref=application.ref), 303)
    if following.page.code == DOCUMENTS:
        return redirect(url_for("applications.documents", ref=application.ref), 303)
    return redirect(url_for("applications.page", ref=application.ref, code=following.page.code), 303)


def _form_page(application: Application, progress: Progress, state: PageState, form: FactsForm, **more: object) -> str:
    codes = [other.page.code for other in progress.pages]
    context: dict[str, object] = {
        "application": application,
        "definition": application.scheme_version.definition(),
        "page": state.page,
        "progress": progress,
        "position": codes.index(state.page.code) + 1,
        "form": form,
        "correction": correction_messages(application, language(), state.page),
        "returning": "return" in request.values,
        "offered": {},
        "changed": False,
        "differing": [],
        "reference": grouped(application.ref),
    }
    return render_template("applications/page.html", **(context | more))


@bp.get("/<ref>/documents")
@applicant
def documents(ref: str) -> ResponseReturnValue:
    """The documents that this application needs, and what was handed over."""
    return _documents_page(_own(ref))


def _documents_page(application: Application, refused: tuple[str, str] | None = None) -> str:
    progress = progress_of(application)
    state = progress.page(DOCUMENTS)
    codes = [other.page.code for other in progress.pages]
    following = progress.next_open(DOCUMENTS)
    return render_template(
        "applications/documents.html",
        application=application,
        definition=application.scheme_version.definition(),
        progress=progress,
        state=state,
        position=codes.index(DOCUMENTS) + 1,
        following=following,
        form=UploadForm(),
        refused=refused,
        correction=[row for row in correction_messages(application, language()) if row["kind"] == "document"],
        reference=grouped(application.ref),
        lang=language(),
    )


@bp.post("/<ref>/documents/<slot>")
@applicant
def add_document(ref: str, slot: str) -> ResponseReturnValue:
    """Take a file, or say why not; the files handed over before stay."""
    application = _own(ref)
    document = next((d for d in application.scheme_version.definition().documents if d.slot == slot), None)
    if document is None:
        abort(404)
    form = UploadForm()
    if not form.validate():
        return _documents_page(application, (slot, form.file.errors[0] if form.file.errors else "")), 422
    data = form.file.data.read()
    db.session.rollback()  # nobody else's writing waits while a stranger's file is read
    try:
        safe = service.clean_upload(document, data)
    except FileRefused as refusal:
        return _documents_page(_own(ref), (slot, refusal.sentence)), 422
    return _keep_document(_own(ref, for_change=True), document, form.file.data.filename or "", safe, sha256_hex(data))


def _keep_document(
    application: Application, document: Document, name: str, safe: CleanFile, original_sha256: str
) -> ResponseReturnValue:
    slot = document.slot
    replaced = queries.own_upload(application, request.form.get("replaces", ""))
    held = [u for u in application.uploads if u.slot == slot and u.removed_at is None]
    if replaced is None and len(held) >= document.most:
        words = _("There is no room for another file here. Remove one first.")
        return _documents_page(application, (slot, words)), 422
    try:
        service.keep_upload(application, slot, name, safe, original_sha256)
        if replaced is not None:
            service.remove_upload(application, replaced)
        commit()
    except NotOpen:
        db.session.rollback()
        flash(_("The documents were handed in and cannot be changed now."), "warning")
        return redirect(url_for("applications.overview", ref=application.ref), 303)
    if safe.removed:
        flash(_("Added. The PDF held scripts or attachments; we took them out and kept the pages."), "info")
    return redirect(url_for("applications.documents", ref=application.ref, _anchor=f"slot-{slot}"), 303)


def _own_upload_or_404(application: Application, upload_ref: str) -> Upload:
    upload = queries.own_upload(application, upload_ref)
    if upload is None:
        abort(404)
    return upload


@bp.post("/<ref>/documents/<upload_ref>/remove")
@applicant
def remove_document(ref: str, upload_ref: str) -> ResponseReturnValue:
    """Take a file out of the draft."""
    application = _own(ref, for_change=True)
    upload = _own_upload_or_404(application, upload_ref)
    try:
        service.remove_upload(application, upload)
        commit()
    except NotOpen:
        db.session.rollback()
        flash(_("The documents were handed in and cannot be changed now."), "warning")
    return redirect(url_for("applications.documents", ref=ref, _anchor=f"slot-{upload.slot}"), 303)


@bp.get("/<ref>/documents/<upload_ref>/file")
@applicant
def document(ref: str, upload_ref: str) -> Response:
    """Download one's own file."""
    upload = _own_upload_or_404(_own(ref), upload_ref)
    return stored_file_response(upload.sha256, upload.media_type, upload.name)


@bp.get("/<ref>/documents/<upload_ref>/pages/<int:number>")
@applicant
def document_page(ref: str, upload_ref: str, number: int) -> Response:
    """A page of one's own file as a picture."""
    return picture_response(_own_upload_or_404(_own(ref), upload_ref).sha256, number)


@bp.get("/<ref>/check")
@applicant
def check(ref: str) -> ResponseReturnValue:
    """Everything that was answered, each with a way back, and the button that hands it in."""
    application = _own(ref)
    if application.state == "submitted":
        return redirect(url_for("casework.status", ref=ref))
    progress = progress_of(application)
    evaluation = evaluate(application.scheme_version.definition(), draft_values(application), clock.today())
    return render_template(
        "applications/check.html",
        granted=[words.in_(language()) for words in granted(evaluation.benefit)],
        not_met=trace_rows(evaluation.rows_with(Answer.NOT_MET), language()),
        application=application,
        definition=application.scheme_version.definition(),
        progress=progress,
        cards=answer_cards(application, progress, language()),
        key=secrets.token_urlsafe(24),
        correction=correction_messages(application, language()),
        newer=newer_version(application, language()),
        reference=grouped(ref),
        lang=language(),
    )


@bp.post("/<ref>/version")
@applicant
def confirm_version(ref: str) -> ResponseReturnValue:
    """Go on under the version of the scheme that is in force now."""
    application = _own(ref, for_change=True)
    number = request.form.get("version", "")
    try:
        confirm(application, int(number) if re.fullmatch("[0-9]{1,9}", number) else 0)
        commit()
        flash(_("Confirmed. Your answers are kept; check the parts that are not complete."), "success")
    except VersionPassed:
        db.session.rollback()
        flash(_("The scheme changed once more. Please read what is different now."), "warning")
    return redirect(url_for("applications.overview", ref=ref), 303)


@bp.route("/<ref>/delete", methods=["GET", "POST"])
@applicant
def delete(ref: str) -> ResponseReturnValue:
    """Delete a draft, after a question."""
    application = _own(ref, for_change=request.method == "POST")
    if application.state != "draft":
        return redirect(url_for("applications.overview", ref=ref), 303)
    form = DeleteForm()
    if request.method == "POST" and form.validate():
        service.delete_draft(application)
        commit()
        flash(_("The draft is deleted."), "success")
        return redirect(url_for("casework.index"), 303)
    return render_template(
        "applications/delete.html",
        application=application,
        definition=application.scheme_version.definition(),
        form=form,
        reference=grouped(ref),
    )
