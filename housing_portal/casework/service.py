"""Commands on cases. Each writes the event, the state, the audit entry and the outbox row; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from housing_portal.accounts.models import User
from housing_portal.applications import service as applications
from housing_portal.applications.models import Application, Submission
from housing_portal.casework import clocks
from housing_portal.casework.access import may_act
from housing_portal.casework.events import CaseDecided, CaseMoved, CaseSubmitted
from housing_portal.casework.models import Case, CaseEvent, CaseStageActor
from housing_portal.casework.workflow import Action, Workflow, load_workflow
from housing_portal.core import audit, clock, outbox
from housing_portal.core.access import AccessRefused, require
from housing_portal.core.db import db
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.holder import holder_of
from housing_portal.schemes.rules import evaluate


class CaseProblem(Exception):
    """The step cannot be taken; ``sentence`` is for the person who tried."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CaseChanged(CaseProblem):
    """Somebody else was first. ``event`` is what they did."""

    def __init__(self, event: CaseEvent) -> None:
        super().__init__(_("Somebody else changed this case while you had it open. Look at what changed, then decide."))
        self.event = event


@dataclass(frozen=True)
class CorrectionAsked:
    """One thing to mend: a fact or a document, and the sentence that tells the applicant how."""

    kind: str
    key: str
    message: str


# -- the applicant --------------------------------------------------------------------------------


def submit(user: User, application: Application, idempotency_key: str) -> Case:
    """Hand in the draft, or the answer to a correction. Sent twice, it makes one.

    Raises applications.service.Incomplete when something required is missing.
    """
    done = db.session.scalars(
        select(Submission).where(
            Submission.application_id == application.id, Submission.idempotency_key == idempotency_key
        )
    ).first()
    if done is not None or application.state == "submitted":
        return case_of(application)
    first = application.state == "draft"
    if not first and not applications.something_corrected(application):
        raise CaseProblem(_("Nothing that the office asked for has changed yet. Correct it, then send."))
    submission = applications.freeze(application, idempotency_key)
    case = _open_case(application, submission) if first else locked(application.id)
    action = "submit" if first else "answer_correction"
    _step(case, action, user, role="applicant", data={"submission": submission.number})
    outbox.publish(CaseSubmitted(case_id=case.id, submission_number=submission.number))
    return case


def _open_case(application: Application, submission: Submission) -> Case:
    workflow = load_workflow(application.scheme_version.definition().workflow)
    moment = submission.submitted_at
    return Case(
        application=application,
        workflow=workflow.name,
        status=workflow.initial,
        district_id=application.district_id,
        holder_name=holder_of(application.scheme_version.definition(), submission.values()).name,
        submitted_at=moment,
        entered_at=moment,
        decide_by=clocks.decide_by(workflow, clock.local(moment).date()),
    )


def extend_correction(user: User, case: Case) -> None:
    """The applicant takes the one extension of a correction. Raises CaseProblem when it was taken."""
    _step(case, "extend_correction", user, role="applicant")
    outbox.publish(CaseMoved(case_id=case.id, action="extend_correction"))


def withdraw(user: User, case: Case) -> None:
    """The applicant takes the application back, at any time before the decision."""
    _step(case, "withdraw", user, role="applicant")
    applications.close_correction(case.application)
    outbox.publish(CaseMoved(case_id=case.id, action="withdraw"))


# -- officers -------------------------------------------------------------------------------------


def claim(officer: User, case: Case, version: int) -> None:
    """Take the case on one's own desk."""
    action = _officers_action(case)
    require(may_act(officer, case, action, stage_of(case.id)))
    _expect_version(case, version)
    case.assignee_id = officer.id
    audit.record(f"case:{case.id}", "claimed", officer.id)


def accept(officer: User, case: Case, version: int, note: str | None) -> None:
    """Intake: everything is there, the review begins."""
    _officer_step(officer, case, version, "accept", internal=_note(note))
    outbox.publish(CaseMoved(case_id=case.id, action="accept"))


def ask_correction(officer: User, case: Case, version: int, items: Sequence[CorrectionAsked]) -> None:
    """Intake: tell the applicant once everything that is missing. The pages concerned open again."""
    if not items:
        raise CaseProblem(_("Say at least one thing that must be mended."))
    asked = [asdict(item) for item in items]
    _officer_step(officer, case, version, "ask_correction", data={"items": asked})
    applications.reopen(case.application, asked)
    outbox.publish(CaseMoved(case_id=case.id, action="ask_correction"))


def give_opinion(officer: User, case: Case, version: int, recommendation: str, opinion: str) -> None:
    """Review: an opinion for the approver; the applicant never sees it. ``recommendation``: approve or refuse."""
    if not opinion.strip():
        raise CaseProblem(_("Write your opinion; the approver decides on it."))
    internal = {"recommendation": recommendation, "note": opinion.strip()}
    _officer_step(officer, case, version, "give_opinion", internal=internal)
    outbox.publish(CaseMoved(case_id=case.id, action="give_opinion"))


def approve(officer: User, case: Case, version: int, note: str | None) -> None:
    """Decide for the applicant, with the benefit that the rules computed. Against a rule, a reason is needed."""
    first_month = first_paid_month()
    benefit = benefit_from(case, first_month)
    if not benefit.known:
        raise CaseProblem(_("The amount cannot be computed from these answers, so the case cannot be approved."))
    if latest_submission(case).evaluation["outcome"] == "not_met" and not (note or "").strip():
        raise CaseProblem(_("A rule is not met. Write why you approve nevertheless."))
    _officer_step(
        officer,
        case,
        version,
        "approve",
        internal=_note(note),
        data={"benefit": benefit.model_dump(mode="json"), "first_month": first_month.isoformat()},
    )
    outbox.publish(CaseDecided(case_id=case.id, outcome="approved"))


def first_paid_month() -> date:
    """Support begins with the month after the decision; a partial month counts nothing (DOMAIN §4, rounding)."""
    today = clock.today()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def benefit_from(case: Case, first_month: date) -> BenefitResult:
    """Amount and months if support began on that day: what is left of lease and contract shrinks while a case waits."""
    definition = case.application.scheme_version.definition()
    return evaluate(definition, latest_submission(case).values(), first_month).benefit


def refuse(officer: User, case: Case, version: int, reasons: Sequence[str], remark: str, note: str | None) -> None:
    """Decide against, with coded reasons of the scheme; each cites its clause in the letter."""
    known = {reason.code for reason in case.application.scheme_version.definition().reasons}
    if not reasons or not set(reasons) <= known:
        raise CaseProblem(_("Choose at least one reason; the letter cites its clause."))
    if not remark.strip() and _against_the_rules(case, reasons):
        raise CaseProblem(_("The rules find this condition met. Explain to the applicant what you found instead."))
    data = {"reasons": list(dict.fromkeys(reasons)), "remark": remark.strip()}
    _officer_step(officer, case, version, "refuse", internal=_note(note), data=data)
    outbox.publish(CaseDecided(case_id=case.id, outcome="refused"))


def _against_the_rules(case: Case, reasons: Sequence[str]) -> bool:
    """Whether a reason stands for conditions that the evaluation found met, every one of them."""
    rows = latest_submission(case).evaluation["rows"]
    answers = [{row["answer"] for row in rows if row["reason"] == reason} for reason in reasons]
    return any(found == {"met"} for found in answers)


def record_unmasking(officer: User, case: Case, reason: str) -> None:
    """Log that an officer looked at the full numbers, and why. Raises CaseProblem without a reason."""
    if len(reason.strip()) < 4:
        raise CaseProblem(_("Say why you need the full numbers. The reason is logged."))
    audit.record(f"case:{case.id}", "unmasked", officer.id, reason=reason.strip()[:300])


# -- the system -----------------------------------------------------------------------------------


def run_clocks() -> None:
    """Take the system's step for each case whose day has passed: deemed accepted, lapsed."""
    today = clock.today()
    overdue = select(Case.id).where(Case.due_on < today, Case.status.in_(("INTAKE", "CORRECTION"))).order_by(Case.id)
    for case_id in db.session.scalars(overdue.limit(500)).all():
        case = db.session.scalars(select(Case).where(Case.id == case_id).with_for_update(of=Case)).one()
        action = workflow_of(case).states[case.status].on_timeout
        if case.due_on is None or case.due_on >= today or action is None:
            continue
        _step(case, action, None, role="system")
        applications.close_correction(case.application)
        outbox.publish(CaseMoved(case_id=case.id, action=action))


# -- shared ---------------------------------------------------------------------------------------


def case_of(application: Application) -> Case:
    """The case of a submitted application."""
    return db.session.scalars(select(Case).where(Case.application_id == application.id)).one()


def locked(application_id: int) -> Case:
    """The case, locked until the commit, as it is now: two officers wait for each other."""
    return db.session.scalars(
        select(Case)
        .where(Case.application_id == application_id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one()


def workflow_of(case: Case) -> Workflow:
    """The table that the case follows."""
    return load_workflow(case.workflow)


def latest_submission(case: Case) -> Submission:
    """What was handed in last."""
    return case.application.submissions[-1]


def stage_of(case_id: int) -> dict[int, str]:
    """Actor id → the stage at which this person acted on the case."""
    rows = db.session.execute(
        select(CaseStageActor.actor_id, CaseStageActor.stage).where(CaseStageActor.case_id == case_id)
    )
    return {row.actor_id: row.stage for row in rows}


def _note(text: str | None) -> dict[str, Any]:
    return {"note": text.strip()} if text and text.strip() else {}


def _officers_action(case: Case) -> Action:
    state = workflow_of(case).states[case.status]
    for action in workflow_of(case).actions_from(case.status).values():
        if action.stage is not None and action.role == state.actor:
            return action
    raise CaseProblem(_("No officer has to act on this case now."))


def _expect_version(case: Case, version: int) -> None:
    if case.version != version:
        raise CaseChanged(case.events[-1])


def _officer_step(
    officer: User,
    case: Case,
    version: int,
    name: str,
    *,
    data: dict[str, Any] | None = None,
    internal: dict[str, Any] | None = None,
) -> None:
    action = workflow_of(case).actions[name]
    _expect_version(case, version)
    known = stage_of(case.id)
    require(may_act(officer, case, action, known))
    if officer.id not in known:
        db.session.add(CaseStageActor(case_id=case.id, actor_id=officer.id, stage=action.stage or ""))
        try:
            db.session.flush()
        except IntegrityError as error:  # the unique key: the same person at two stages at once
            raise AccessRefused(_("You acted on this case at an earlier stage.")) from error
    _step(case, name, officer, role=action.role, data=data, internal=internal)


def _step(
    case: Case,
    name: str,
    actor: User | None,
    *,
    role: str,
    data: dict[str, Any] | None = None,
    internal: dict[str, Any] | None = None,
) -> None:
    """Take one step of the workflow table. Raises CaseProblem when the table does not allow it here."""
    workflow = workflow_of(case)
    action = workflow.actions[name]
    if case.status not in action.sources or action.role != role:
        raise CaseProblem(_("This step is not possible in the case's present state."))
    if action.most is not None and sum(event.action == name for event in case.events) >= action.most:
        raise CaseProblem(_("This step was taken before and is possible only once."))
    moment = clock.now()
    event = CaseEvent(
        seq=len(case.events) + 1,
        action=name,
        from_status=case.status,
        to_status=action.to,
        actor_id=actor.id if actor else None,
        role=role,
        at=moment,
        data=data or {},
        internal=internal or {},
    )
    _move(case, workflow, action, event)
    case.events.append(event)
    db.session.add(case)
    db.session.flush()
    audit.record(
        f"case:{case.id}",
        name,
        event.actor_id,
        seq=event.seq,
        from_status=event.from_status,
        to_status=event.to_status,
    )


def _move(case: Case, workflow: Workflow, action: Action, event: CaseEvent) -> None:
    today = clock.local(event.at).date()
    overrides = case.application.scheme_version.definition().clocks
    if workflow.states[case.status].pauses and action.to != case.status:
        case.decide_by = clocks.after_pause(case.decide_by, clock.local(case.entered_at).date(), today)
    if action.to == case.status and case.due_on is not None:  # an extension counts on from the day that was due
        case.due_on = clocks.due_on(workflow, overrides, action.to, case.due_on)
    else:
        case.due_on = clocks.due_on(workflow, overrides, action.to, today)
        case.entered_at = event.at
        case.assignee_id = None
    case.status = action.to
    case.closed_at = event.at if workflow.states[action.to].final else None
