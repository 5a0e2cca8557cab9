"""The approver's pages: check before you decide, decide, confirm as the second person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from housing_portal.accounts.sessions import current_person
from housing_portal.casework import decision_rows, decisions, step_drafts
from housing_portal.casework.access import may_act
from housing_portal.casework.checked_steps import CHECKED_STEPS, CheckedForm, asked_items, step_form
from housing_portal.casework.decision_rows import Effects
from housing_portal.casework.forms import ApproveForm, ConfirmForm, RefuseForm, SendBackForm
from housing_portal.casework.models import Case
from housing_portal.casework.staff_views import case_or_404, take
from housing_portal.casework.steps import CaseProblem, expect_version, stage_of, workflow_of
from housing_portal.core.access import require, staff
from housing_portal.core.i18n import language

bp = Blueprint("decisions", __name__, url_prefix="/staff", template_folder="templates")
ENDPOINTS = {"approve": "decisions.approve", "refuse": "decisions.refuse", "ask_correction": "staff.ask_correction"}


@bp.post("/cases/<ref>/check/<step>")
@staff("intake_officer", "approver")
def prepare(ref: str, step: str) -> ResponseReturnValue:
    """Keep what was typed for a step, and show what it will do before it is taken."""
    case = case_or_404(ref, for_change=True)
    form = _form_or_404(step, case)

    def keep() -> None:
        action = workflow_of(case).actions[step]
        if case.status not in action.sources:
            raise CaseProblem(_("This step is not possible in the case's present state."))
        expect_version(case, form.version.data)
        require(may_act(current_person(), case, action, stage_of(case.id)))
        _effects(form, case, request.form)
        step_drafts.keep(current_person(), case, step, request.form)

    return take(ref, step, form, case, keep, goes_to=url_for("decisions.check", ref=ref, step=step))


@bp.get("/cases/<ref>/check/<step>")
@staff("intake_officer", "approver")
def check(ref: str, step: str) -> ResponseReturnValue:
    """Check before you decide. Without anything typed, or once the case moved on, there is only the case."""
    case = case_or_404(ref)
    typed = step_drafts.typed(current_person(), case).get(step)
    if step not in CHECKED_STEPS or typed is None:
        return redirect(url_for("staff.case", ref=ref))
    form = _form_or_404(step, case, formdata=typed, meta={"csrf": False})
    lang = language()
    try:
        effects = _effects(form, case, typed) if form.validate() else None
    except CaseProblem as problem:
        form.add_error(None, problem.sentence)
        effects = None
    if effects is None or case.status not in workflow_of(case).actions[step].sources:
        return redirect(url_for("staff.case", ref=ref))
    return render_template(
        "casework/check_step.html",
        case=case,
        application=case.application,
        step=step,
        endpoint=ENDPOINTS[step],
        effects=effects,
        changed=form.version.data != case.version,
        typed=[(name, value) for name in typed for value in typed.getlist(name)],
        lang=lang,
    )


def _form_or_404(step: str, case: Case, **kwargs: Any) -> CheckedForm:
    if step not in CHECKED_STEPS:
        abort(404)
    return step_form(step, case.application.scheme_version.definition(), language(), **kwargs)


def _effects(form: CheckedForm, case: Case, typed: MultiDict[str, str]) -> Effects:
    """What the step will do. Raises CaseProblem when it cannot be taken."""
    lang = language()
    if isinstance(form, ApproveForm):
        return decision_rows.of_approval(case, form.note.data or "", lang)
    if isinstance(form, RefuseForm):
        return decision_rows.of_refusal(case, form.reasons.data or [], form.remark.data or "", lang)
    return decision_rows.of_correction(case, asked_items(form, typed), lang)


@bp.post("/cases/<ref>/approve")
@staff("approver")
def approve(ref: str) -> ResponseReturnValue:
    """Decide for the applicant; against a rule, propose it to a second person."""
    case = case_or_404(ref, for_change=True)
    form = ApproveForm(prefix="approve")

    def step() -> str:
        decisions.approve(current_person(), case, form.version.data, form.note.data)
        return _proposed(case) or _("Approved. The certificate is being made.")

    return take(ref, "approve", form, case, step)


@bp.post("/cases/<ref>/refuse")
@staff("approver")
def refuse(ref: str) -> ResponseReturnValue:
    """Decide against, with coded reasons; against the rules, propose it to a second person."""
    case = case_or_404(ref, for_change=True)
    form = RefuseForm(case.application.scheme_version.definition(), language(), prefix="refuse")

    def step() -> str:
        decisions.refuse(
            current_person(), case, form.version.data, form.reasons.data, form.remark.data or "", None
        )
        return _proposed(case) or _("Refused. The letter with the reasons is being made.")

    return take(ref, "refuse", form, case, step)


def _proposed(case: Case) -> str:
    if case.status != "CONFIRMATION":
        return ""
    return _("Your decision goes against a rule. It takes effect when another approver confirms it.")


@bp.post("/cases/<ref>/confirm")
@staff("approver")
def confirm(ref: str) -> ResponseReturnValue:
    """The second person agrees: the decision takes effect."""
    case = case_or_404(ref, for_change=True)
    form = ConfirmForm(prefix="confirm")

    def step() -> str:
        decisions.confirm(current_person(), case, form.version.data, form.note.data)
        return _("Confirmed. The decision is taken, and its paper is being made.")

    return take(ref, "confirm", form, case, step)


@bp.post("/cases/<ref>/send-back")
@staff("approver")
def send_back(ref: str) -> ResponseReturnValue:
    """The second person does not agree: the case waits for the decision again."""
    case = case_or_404(ref, for_change=True)
    form = SendBackForm(prefix="back")

    def step() -> str:
        decisions.send_back(current_person(), case, form.version.data, form.reason.data)
        return _("Sent back. The case waits for the decision again.")

    return take(ref, "send_back", form, case, step)
