"""The officers' pages: the queue, the case, and each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from housing_portal.accounts.sessions import current_person
from housing_portal.applications.lookups import found_elsewhere
from housing_portal.casework import (
    decision_rows,
    decisions,
    presentation,
    queries,
    service,
    statements,
    step_drafts,
    verification_rows,
)
from housing_portal.casework.access import CASE_ROLES, may_act, readable_districts
from housing_portal.casework.checked_steps import CHECKED_STEPS, asked_items, step_form
from housing_portal.casework.forms import (
    AcceptForm,
    ConfirmForm,
    CorrectionForm,
    OpinionForm,
    SendBackForm,
    UnmaskForm,
)
from housing_portal.casework.models import Case
from housing_portal.casework.queries import ACTOR_WORDS, QueueFilter
from housing_portal.casework.steps import CaseChanged, CaseProblem, stage_of, workflow_of
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


def case_or_404(ref: str, *, for_change: bool = False) -> Case:
    case = queries.staff_case(current_person(), ref, for_change=for_change)
    if case is None:
        abort(404)
    return case


@bp.get("/cases/<ref>")
@staff(*READERS)
def case(ref: str) -> ResponseReturnValue:
    """One page to decide on: answers, documents, rules, timeline, and the steps that are possible."""
    return case_page(case_or_404(ref))


def case_page(
    case: Case, *, unmasked: bool = False, forms: dict[str, PortalForm] | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of a case; ``forms`` are those that were sent and must be shown again as they were typed."""
    lang = language()
    definition = case.application.scheme_version.definition()
    submissions = case.application.submissions
    submission = submissions[-1]
    held = statements.last_statements(case)
    facts = verification_rows.fact_rows(case, held, lang)
    evaluation = statements.current_evaluation(case)
    first_month = decisions.first_paid_month()
    benefit = decisions.benefit_from(case, first_month) if case.closed_at is None else None
    drafts = step_drafts.typed(current_person(), case)
    page = render_template(
        "casework/case.html",
        case=case,
        application=case.application,
        applicant_name=case.holder_name,
        reference=grouped(case.application.ref),
        definition=definition,
        submission=submission,
        groups=presentation.answer_groups(
            definition,
            submission.values(),
            lang,
            masked=not unmasked,
            notes=verification_rows.notes(facts),
        ),
        facts=verification_rows.summary(case, facts),
        verified=bool(held),
        unmasked=unmasked,
        trace=trace_rows(evaluation.rows, lang),
        first_month=first_month,
        lines=benefit_lines(benefit, lang) if benefit else [],
        lacking=decision_rows.missing_for_amount(case, benefit, lang) if benefit else [],
        unprintable=missing_glyphs(case.holder_name),
        evaluation=evaluation,
        differences=presentation.differences(definition, submissions[-2], submission, lang)
        if len(submissions) > 1
        else [],
        timeline=presentation.timeline(case, lang, for_staff=True),
        state=workflow_of(case).states[case.status],
        actor_words=ACTOR_WORDS,
        elsewhere=presentation.elsewhere_rows(
            found_elsewhere(case.application), lang, readable_districts(current_person())
        ),
        steps=_possible_steps(case),
        proposal=decision_rows.proposal(case, evaluation, lang),
        forms=_forms(case, lang, drafts) | (forms or {}),
        typed=request.form or drafts.get("ask_correction", {}),
        today=clock.today(),
        lang=lang,
    )
    return page, status


def _possible_steps(case: Case) -> dict[str, Any]:
    """The officers' actions from here → allowed, or refused with the reason to show."""
    before = stage_of(case.id)
    actions = workflow_of(case).actions_from(case.status)
    done = [event.action for event in case.events]
    return {
        name: may_act(current_person(), case, action, before)
        for name, action in actions.items()
        if action.stage is not None and (action.most is None or done.count(name) < action.most)
    }


def _forms(case: Case, lang: str, drafts: Mapping[str, MultiDict[str, str]]) -> dict[str, PortalForm]:
    """A form for each step, with what the officer typed and did not confirm; none of them reads the request."""
    definition = case.application.scheme_version.definition()
    seen: dict[str, Any] = {"formdata": None, "data": {"version": case.version}}
    forms: dict[str, PortalForm] = {
        "accept": AcceptForm(prefix="accept", **seen),
        "give_opinion": OpinionForm(prefix="opinion", **seen),
        "confirm": ConfirmForm(prefix="confirm", **seen),
        "send_back": SendBackForm(prefix="back", **seen),
        "unmask": UnmaskForm(prefix="unmask", formdata=None),
    }
    for step in CHECKED_STEPS:
        form = step_form(step, definition, lang, **(seen | {"formdata": drafts.get(step)}))
        form.version.data = case.version
        forms[step] = form
    return forms


def take(
    ref: str, name: str, form: PortalForm, case: Case, step: Callable[[], str | None], goes_to: str = ""
) -> ResponseReturnValue:
    """Validate, take the step, commit once; every problem comes back on the case page with the input kept.

    ``step`` returns what to say when it is done; ``goes_to`` is the page to open then, the case if left out.
    """
    if not form.validate():
        return case_page(case, forms={name: form}, status=422)
    try:
        done = step()
        commit()
    except CaseChanged as changed:
        say_who_was_first(case, changed)
        db.session.rollback()
        return redirect(url_for("staff.case", ref=ref), 303)
    except CaseProblem as problem:
        db.session.rollback()
        form.add_error(None, problem.sentence)
        return case_page(case_or_404(ref), forms={name: form}, status=409)
    except StaleDataError:
        db.session.rollback()
        flash(
            _("Somebody else changed this case while you had it open. Look at what changed, then decide."),
            "warning",
        )
        return redirect(url_for("staff.case", ref=ref), 303)
    if done:
        flash(done, "success")
    return redirect(goes_to or url_for("staff.case", ref=ref), 303)


def say_who_was_first(case: Case, changed: CaseChanged) -> None:
    """Tell the officer what somebody did while their page was open."""
    who = changed.actor.name if changed.actor else _("The system")
    what = _("Facts verified")
    if changed.what is not None:
        what = workflow_of(case).actions[changed.what].words.in_language(language())
    flash(_("%(who)s was first: %(what)s. Your step was not taken.", who=who, what=what), "warning")


@bp.post("/cases/<ref>/claim")
@staff(*CASE_ROLES)
def claim(ref: str) -> ResponseReturnValue:
    """Take the case on one's own desk."""
    case = case_or_404(ref, for_change=True)
    form = AcceptForm(prefix="accept")

    def step() -> str:
        service.claim(current_person(), case, form.version.data)
        return _("The case is on your desk.")

    return take(ref, "accept", form, case, step)


@bp.post("/cases/<ref>/accept")
@staff("intake_officer")
def accept(ref: str) -> ResponseReturnValue:
    """Intake: accept."""
    case = case_or_404(ref, for_change=True)
    form = AcceptForm(prefix="accept")

    def step() -> str:
        service.accept(current_person(), case, form.version.data, form.note.data)
        return _("Accepted. The reviewer is next.")

    return take(ref, "accept", form, case, step)


@bp.post("/cases/<ref>/ask-correction")
@staff("intake_officer")
def ask_correction(ref: str) -> ResponseReturnValue:
    """Intake: one notice of everything that must be mended."""
    case = case_or_404(ref, for_change=True)
    form = CorrectionForm(case.application.scheme_version.definition(), language(), prefix="correction")

    def step() -> str:
        service.ask_correction(current_person(), case, form.version.data, asked_items(form, request.form))
        return _("The applicant is asked for a correction.")

    return take(ref, "ask_correction", form, case, step)


@bp.post("/cases/<ref>/opinion")
@staff("reviewer")
def give_opinion(ref: str) -> ResponseReturnValue:
    """Review: the opinion for the approver."""
    case = case_or_404(ref, for_change=True)
    form = OpinionForm(prefix="opinion")

    def step() -> str:
        service.give_opinion(current_person(), case, form.version.data, form.recommendation.data, form.opinion.data)
        return _("Your opinion is on file. The approver is next.")

    return take(ref, "give_opinion", form, case, step)


@bp.post("/cases/<ref>/unmask")
@staff(*READERS)
def unmask(ref: str) -> ResponseReturnValue:
    """Show the full numbers once, after logging who asked and why."""
    case = case_or_404(ref)
    form = UnmaskForm(prefix="unmask")
    if not form.validate():
        return case_page(case, forms={"unmask": form}, status=422)
    try:
        service.record_unmasking(current_person(), case, form.reason.data)
    except CaseProblem as problem:
        form.add_error(None, problem.sentence)
        return case_page(case, forms={"unmask": form}, status=422)
    commit()
    return case_page(case_or_404(ref), unmasked=True)


def _document_or_404(ref: str, upload_ref: str) -> dict[str, Any]:
    """A document of any submission of a case in the officer's scope."""
    documents = (found for submission in case_or_404(ref).application.submissions for found in submission.documents)
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
