"""How a case takes a step: the table is asked, and event, state, audit entry and clock change together."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from housing_portal.accounts.models import User
from housing_portal.applications.models import Application, Submission
from housing_portal.casework import clocks
from housing_portal.casework.access import may_act
from housing_portal.casework.models import Case, CaseEvent, CaseStageActor, StepDraft, VerifiedFact
from housing_portal.casework.ports import award_book
from housing_portal.casework.workflow import Action, Workflow, load_workflow
from housing_portal.core import audit, clock
from housing_portal.core.access import AccessRefused, require
from housing_portal.core.db import db


class CaseProblem(Exception):
    """The step cannot be taken; ``sentence`` is for the person who tried."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CaseChanged(CaseProblem):
    """Somebody else was first. ``actor`` is who (None: the system), ``what`` the action; None: facts were verified."""

    def __init__(self, actor: User | None, what: str | None) -> None:
        super().__init__(_("Somebody else changed this case while you had it open. Look at what changed, then decide."))
        self.actor, self.what = actor, what


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


def officers_action(case: Case) -> Action:
    """An action of the officer who must act now; its role and stage say who that is. Raises CaseProblem."""
    state = workflow_of(case).states[case.status]
    for action in workflow_of(case).actions_from(case.status).values():
        if action.stage is not None and action.role == state.actor:
            return action
    raise CaseProblem(_("No officer has to act on this case now."))


def expect_version(case: Case, version: int) -> None:
    """Raises CaseChanged when the officer's page showed an earlier version of the case."""
    if case.version == version:
        return
    event = case.events[-1]
    statement = db.session.scalars(
        select(VerifiedFact).where(VerifiedFact.case_id == case.id).order_by(VerifiedFact.id.desc()).limit(1)
    ).first()
    if statement is not None and statement.at > event.at:
        raise CaseChanged(statement.by, None)
    raise CaseChanged(event.actor, event.action)


def touch(case: Case) -> None:
    """Give the case a new version without a step, so that a page opened before notices."""
    flag_modified(case, "status")


def noted(text: str | None) -> dict[str, Any]:
    """A note for an event's ``internal``, or nothing."""
    return {"note": text.strip()} if text and text.strip() else {}


def take_part(officer: User, case: Case, action: Action) -> None:
    """Remember that the officer acts at this action's stage. Raises AccessRefused when they may not."""
    known = stage_of(case.id)
    require(may_act(officer, case, action, known))
    if officer.id not in known:
        db.session.add(CaseStageActor(case_id=case.id, actor_id=officer.id, stage=action.stage or ""))
        try:
            db.session.flush()
        except IntegrityError as error:  # the unique key: the same person at two stages at once
            raise AccessRefused(_("You acted on this case at an earlier stage.")) from error


def officer_step(
    officer: User,
    case: Case,
    version: int,
    name: str,
    *,
    data: dict[str, Any] | None = None,
    internal: dict[str, Any] | None = None,
) -> None:
    """Take an officer's step. Raises CaseChanged, CaseProblem and AccessRefused."""
    action = workflow_of(case).actions[name]
    expect_version(case, version)
    take_part(officer, case, action)
    db.session.execute(delete(StepDraft).where(StepDraft.case_id == case.id, StepDraft.officer_id == officer.id))
    step(case, name, officer, role=action.role, data=data, internal=internal)


def step(
    case: Case,
    name: str,
    actor: User | None,
    *,
    role: str,
    data: dict[str, Any] | None = None,
    internal: dict[str, Any] | None = None,
) -> None:
    """Take one step of the workflow table, with what follows from it for awards and budget.

    Raises CaseProblem when the table or the book of awards does not allow it; the caller then keeps nothing.
    """
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
    if case.closed_at is not None:
        db.session.execute(delete(StepDraft).where(StepDraft.case_id == case.id))
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
    book = award_book()
    if book is not None:
        book.after_step(case, event)


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
