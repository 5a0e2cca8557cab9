"""Commands on cases up to the decision. Each writes the event, the state, the audit entry and the outbox row; the
caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from housing_portal.accounts.models import User
from housing_portal.applications import service as applications
from housing_portal.applications.models import Application, Submission
from housing_portal.casework import clocks, statements
from housing_portal.casework.access import may_act
from housing_portal.casework.events import CaseMoved, CaseSubmitted
from housing_portal.casework.models import Case
from housing_portal.casework.steps import (
    CaseProblem,
    case_of,
    expect_version,
    locked,
    noted,
    officer_step,
    officers_action,
    stage_of,
    step,
    workflow_of,
)
from housing_portal.casework.workflow import load_workflow
from housing_portal.core import audit, clock, outbox
from housing_portal.core.access import require
from housing_portal.core.db import db
from housing_portal.schemes.holder import holder_of


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
    step(case, action, user, role="applicant", data={"submission": submission.number})
    if not first:
        statements.after_correction(case)
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
    step(case, "extend_correction", user, role="applicant")
    outbox.publish(CaseMoved(case_id=case.id, action="extend_correction"))


def withdraw(user: User, case: Case) -> None:
    """The applicant takes the application back, at any time before the decision."""
    step(case, "withdraw", user, role="applicant")
    applications.close_correction(case.application)
    outbox.publish(CaseMoved(case_id=case.id, action="withdraw"))


# -- officers -------------------------------------------------------------------------------------


def claim(officer: User, case: Case, version: int) -> None:
    """Take the case on one's own desk."""
    action = officers_action(case)
    require(may_act(officer, case, action, stage_of(case.id)))
    expect_version(case, version)
    case.assignee_id = officer.id
    audit.record(f"case:{case.id}", "claimed", officer.id)


def accept(officer: User, case: Case, version: int, note: str | None) -> None:
    """Intake: everything is there, the review begins."""
    officer_step(officer, case, version, "accept", internal=noted(note))
    outbox.publish(CaseMoved(case_id=case.id, action="accept"))


def ask_correction(officer: User, case: Case, version: int, items: Sequence[CorrectionAsked]) -> None:
    """Intake: tell the applicant once everything that is missing. The pages concerned open again."""
    if not items:
        raise CaseProblem(_("Say at least one thing that must be mended."))
    asked = [asdict(item) for item in items]
    officer_step(officer, case, version, "ask_correction", data={"items": asked})
    applications.reopen(case.application, asked)
    outbox.publish(CaseMoved(case_id=case.id, action="ask_correction"))


def give_opinion(officer: User, case: Case, version: int, recommendation: str, opinion: str) -> None:
    """Review: an opinion for the approver; the applicant never sees it. ``recommendation``: approve or refuse."""
    if not opinion.strip():
        raise CaseProblem(_("Write your opinion; the approver decides on it."))
    internal = {"recommendation": recommendation, "note": opinion.strip()}
    officer_step(officer, case, version, "give_opinion", internal=internal)
    outbox.publish(CaseMoved(case_id=case.id, action="give_opinion"))


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
        step(case, action, None, role="system")
        applications.close_correction(case.application)
        outbox.publish(CaseMoved(case_id=case.id, action=action))
