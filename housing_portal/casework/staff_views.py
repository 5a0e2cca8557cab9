"""The officers' pages: the queue, the case, and each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from housing_portal.accounts.sessions import current_person
from housing_portal.applications.lookups import found_elsewhere
from housing_portal.casework import presentation, queries, service
from housing_portal.casework.access import CASE_ROLES, may_act
from housing_portal.casework.forms import (
    AcceptForm,
    ApproveForm,
    CorrectionForm,
    OpinionForm,
    RefuseForm,
    UnmaskForm,
)
from housing_portal.casework.models import Case
from housing_portal.casework.queries import ACTOR_WORDS, QueueFilter
from housing_portal.casework.service import CaseChanged, CaseProblem, CorrectionAsked
from housing_portal.casework.workflow import load_workflow
from housing_portal.core import clock
from housing_portal.core.access import staff
from housing_portal.core.db import commit, db
from housing_portal.core.downloads import picture_response, stored_file_response
from housing_portal.core.forms import PortalForm
from housing_portal.core.i18n import language
from housing_portal.core.ids import grouped
from housing_portal.core.pdf import missing_glyphs
from housing_portal.schemes.presentation import benefit_lines, trace_rows
from housing_portal.schemes.rules import Evaluation

bp = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")
READERS = (*CASE_ROLES, "auditor")


@bp.get("/cases")
@staff(*READERS)
def queue() -> ResponseReturnValue:
    """The work queue of the officer's own districts."""
    wanted = QueueFilter(
        view=request.args.get("view", "todo"),
        status=request.args.get("status", ""),
        search=request.args.get("search", "").strip()[:100],
    )
    try:
        page = queries.queue(current_person(), wanted, request.args.get("after"))
    except ValueError:  # a paging key that somebody edited
        page = queries.queue(current_person(), wanted)
    lang = language()
    workflow = load_workflow("standard")
    return render_template(
        "casework/queue.html",
        page=page,
        wanted=wanted,
        counts=queries.counts(current_person()),
        overdue=queries.overdue_count(current_person()),
        status_words={code: state.name.in_language(lang) for code, state in workflow.states.items()},
        today=clock.today(),
        lang=lang,
    )


def _case_or_404(ref: str, *, for_change: bool = False) -> Case:
    case = queries.staff_case(current_person(), ref, for_change=for_change)
    if case is None:
        abort(404)
    return case


@bp.get("/cases/<ref>")
@staff(*READERS)
def case(ref: str) -> ResponseReturnValue:
    """One page to decide on: answers, documents, rules, timeline, and the steps that are possible."""
    return _case_page(_case_or_404(ref))


def _case_page(
    case: Case, *, unmasked: bool = False, forms: dict[str, PortalForm] | None = None, status: int = 200
) -> ResponseReturnValue:
    lang = language()
    definition = case.application.scheme_version.definition()
    submissions = case.application.submissions
    submission = submissions[-1]
    evaluation = Evaluation.model_validate(submission.evaluation)
    first_month = service.first_paid_month()
    page = render_template(
        "casework/case.html",
        case=case,
        application=case.application,
        applicant_name=case.holder_name,
        reference=grouped(case.application.ref),
        definition=definition,
        submission=submission,
        groups=presentation.answer_groups(definition, submission.values(), lang, masked=not unmasked),
        unmasked=unmasked,
        trace=trace_rows(evaluation.rows, lang),
        first_month=first_month,
        lines=benefit_lines(service.benefit_from(case, first_month), lang) if case.closed_at is None else [],
        unprintable=missing_glyphs(case.holder_name),
        evaluation=evaluation,
        differences=presentation.differences(definition, submissions[-2], submission, lang)
        if len(submissions) > 1
        else [],
        timeline=presentation.timeline(case, lang, for_staff=True),
        state=service.workflow_of(case).states[case.status],
        actor_words=ACTOR_WORDS,
        elsewhere=presentation.elsewhere_rows(found_elsewhere(case.application), lang),
        steps=_possible_steps(case),
        forms=_forms(case, lang) | (forms or {}),
        today=clock.today(),
        lang=lang,
    )
    return page, status


def _possible_steps(case: Case) -> dict[str, Any]:
    """The officers' actions from here → allowed, or refused with the reason to show."""
    before = service.stage_of(case.id)
    actions = service.workflow_of(case).actions_from(case.status)
    done = [event.action for event in case.events]
    return {
        name: may_act(current_person(), case, action, before)
        for name, action in actions.items()
        if action.stage is not None and (action.most is None or done.count(name) < action.most)
    }


def _forms(case: Case, lang: str) -> dict[str, PortalForm]:
    """An empty form for each step; none of them reads the request."""
    definition = case.application.scheme_version.definition()
    seen: dict[str, Any] = {"formdata": None, "data": {"version": case.version}}
    return {
        "accept": AcceptForm(prefix="accept", **seen),
        "ask_correction": CorrectionForm(definition, lang, prefix="correction", **seen),
        "give_opinion": OpinionForm(prefix="opinion", **seen),
        "approve": ApproveForm(prefix="approve", **seen),
        "refuse": RefuseForm(definition, lang, prefix="refuse", **seen),
        "unmask": UnmaskForm(prefix="unmask", formdata=None),
    }


def _take(
    ref: str, name: str, form: PortalForm, case: Case, step: Callable[[], None], done: str
) -> ResponseReturnValue:
    """Validate, take the step, commit once; every problem comes back on the case page with the input kept."""
    if not form.validate():
        return _case_page(case, forms={name: form}, status=422)
    try:
        step()
        commit()
    except CaseChanged as changed:
        who = changed.event.actor.name if changed.event.actor else _("The system")
        words = service.workflow_of(case).actions[changed.event.action].words.in_language(language())
        flash(_("%(who)s was first: %(what)s. Your step was not taken.", who=who, what=words), "warning")
        db.session.rollback()
        return redirect(url_for("staff.case", ref=ref), 303)
    except CaseProblem as problem:
        db.session.rollback()
        form.add_error(None, problem.sentence)
        return _case_page(_case_or_404(ref), forms={name: form}, status=409)
    except StaleDataError:
        db.session.rollback()
        flash(
            _("Somebody else changed this case while you had it open. Look at what changed, then decide."),
            "warning",
        )
        return redirect(url_for("staff.case", ref=ref), 303)
    flash(done, "success")
    return redirect(url_for("staff.case", ref=ref), 303)


@bp.post("/cases/<ref>/claim")
@staff(*CASE_ROLES)
def claim(ref: str) -> ResponseReturnValue:
    """Take the case on one's own desk."""
    case = _case_or_404(ref, for_change=True)
    form = AcceptForm(prefix="accept")
    return _take(
        ref,
        "accept",
        form,
        case,
        lambda: service.claim(current_person(), case, form.version.data),
        _("The case is on your desk."),
    )


@bp.post("/cases/<ref>/accept")
@staff("intake_officer")
def accept(ref: str) -> ResponseReturnValue:
    """Intake: accept."""
    case = _case_or_404(ref, for_change=True)
    form = AcceptForm(prefix="accept")
    return _take(
        ref,
        "accept",
        form,
        case,
        lambda: service.accept(current_person(), case, form.version.data, form.note.data),
        _("Accepted. The reviewer is next."),
    )


@bp.post("/cases/<ref>/ask-correction")
@staff("intake_officer")
def ask_correction(ref: str) -> ResponseReturnValue:
    """Intake: one notice of everything that must be mended."""
    case = _case_or_404(ref, for_change=True)
    form = CorrectionForm(case.application.scheme_version.definition(), language(), prefix="correction")
    chosen = [item.partition(":") for item in form.items.data or []]
    asked = [
        CorrectionAsked(kind, key, request.form.get(f"message-{kind}:{key}", "").strip()[:500])
        for kind, _colon, key in chosen
    ]

    def step() -> None:
        if any(not item.message for item in asked):
            raise CaseProblem(_("Say for each ticked item what the applicant must mend."))
        service.ask_correction(current_person(), case, form.version.data, asked)

    return _take(ref, "ask_correction", form, case, step, _("The applicant is asked for a correction."))


@bp.post("/cases/<ref>/opinion")
@staff("reviewer")
def give_opinion(ref: str) -> ResponseReturnValue:
    """Review: the opinion for the approver."""
    case = _case_or_404(ref, for_change=True)
    form = OpinionForm(prefix="opinion")
    return _take(
        ref,
        "give_opinion",
        form,
        case,
        lambda: service.give_opinion(
            current_person(), case, form.version.data, form.recommendation.data, form.opinion.data
        ),
        _("Your opinion is on file. The approver is next."),
    )


@bp.post("/cases/<ref>/approve")
@staff("approver")
def approve(ref: str) -> ResponseReturnValue:
    """Decide for the applicant."""
    case = _case_or_404(ref, for_change=True)
    form = ApproveForm(prefix="approve")
    return _take(
        ref,
        "approve",
        form,
        case,
        lambda: service.approve(current_person(), case, form.version.data, form.note.data),
        _("Approved. The certificate is being made."),
    )


@bp.post("/cases/<ref>/refuse")
@staff("approver")
def refuse(ref: str) -> ResponseReturnValue:
    """Decide against, with coded reasons."""
    case = _case_or_404(ref, for_change=True)
    form = RefuseForm(case.application.scheme_version.definition(), language(), prefix="refuse")
    return _take(
        ref,
        "refuse",
        form,
        case,
        lambda: service.refuse(
            current_person(), case, form.version.data, form.reasons.data, form.remark.data or "", None
        ),
        _("Refused. The letter with the reasons is being made."),
    )


@bp.post("/cases/<ref>/unmask")
@staff(*READERS)
def unmask(ref: str) -> ResponseReturnValue:
    """Show the full numbers once, after logging who asked and why."""
    case = _case_or_404(ref)
    form = UnmaskForm(prefix="unmask")
    if not form.validate():
        return _case_page(case, forms={"unmask": form}, status=422)
    try:
        service.record_unmasking(current_person(), case, form.reason.data)
    except CaseProblem as problem:
        form.add_error(None, problem.sentence)
        return _case_page(case, forms={"unmask": form}, status=422)
    commit()
    return _case_page(_case_or_404(ref), unmasked=True)


def _document_or_404(ref: str, upload_ref: str) -> dict[str, Any]:
    """A document of any submission of a case in the officer's scope."""
    documents = (found for submission in _case_or_404(ref).application.submissions for found in submission.documents)
    found = next((document for document in documents if document["ref"] == upload_ref), None)
    return found or abort(404)


@bp.get("/cases/<ref>/documents/<upload_ref>")
@staff(*READERS)
def document(ref: str, upload_ref: str) -> Response:
    """Download a document, always as an attachment."""
    found = _document_or_404(ref, upload_ref)
    return stored_file_response(found["sha256"], found["media_type"], found["name"])


@bp.get("/cases/<ref>/documents/<upload_ref>/pages/<int:number>")
@staff(*READERS)
def document_page(ref: str, upload_ref: str, number: int) -> Response:
    """A page of a document as a picture, for the viewer."""
    return picture_response(_document_or_404(ref, upload_ref)["sha256"], number)
