"""Random walks through the procedure, by several people, against a small model of it.

The model knows four things: where the case stands, who acted at which stage, what was used up, and
until when. Everything else must follow: events, columns, clocks, papers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from housing_portal import create_app
from housing_portal.accounts.models import District, User
from housing_portal.casework import decisions, service, statements
from housing_portal.casework.models import FINAL, Case, CaseStageActor
from housing_portal.casework.service import CorrectionAsked
from housing_portal.casework.steps import CaseProblem
from housing_portal.casework.workflow import load_workflow
from housing_portal.core import clock
from housing_portal.core.access import AccessRefused
from housing_portal.core.db import commit, db, writing
from housing_portal.core.outbox import OutboxEvent
from tests.conftest import settings_for
from tests.factories.awards import resident_number
from tests.factories.city import build_city, person
from tests.factories.drafts import ready_draft

STAGE = {
    "accept": "intake",
    "ask_correction": "intake",
    "opinion": "review",
    "approve": "decision",
    "refuse": "decision",
    "refuse_against_the_rules": "decision",
    "confirm": "confirmation",
    "send_back": "confirmation",
}
FROM = {
    "accept": "INTAKE",
    "ask_correction": "INTAKE",
    "opinion": "REVIEW",
    "approve": "DECISION",
    "refuse": "DECISION",
    "refuse_against_the_rules": "DECISION",
    "confirm": "CONFIRMATION",
    "send_back": "CONFIRMATION",
}
TO = {
    "accept": "REVIEW",
    "ask_correction": "CORRECTION",
    "opinion": "DECISION",
    "approve": "APPROVED",
    "refuse": "REFUSED",
    "refuse_against_the_rules": "CONFIRMATION",
    "confirm": "REFUSED",  # what was proposed
    "send_back": "DECISION",
}
OFFICERS = ("all@example.com", "second@example.com", "third@example.com", "elsewhere@example.com")
START = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)  # after the roles of the city began


class Procedure(RuleBasedStateMachine):
    """One portal for all walks; each walk is a new case."""

    app = None
    walks = 0

    @classmethod
    def portal(cls):  # type: ignore[no-untyped-def]
        """The portal, built once: walks differ in their cases only."""
        if cls.app is None:
            folder = Path(tempfile.mkdtemp(prefix="portal-machine-"))
            cls.app = create_app(settings_for(folder, f"sqlite:///{folder / 'portal.sqlite3'}"))
            with cls.app.app_context(), writing():
                db.create_all()
                commit()
            build_city(cls.app)
            with cls.app.app_context(), writing():
                home = db.session.scalars(select(District).order_by(District.id)).first()
                for email in ("second@example.com", "third@example.com"):
                    roles = ("intake_officer", "reviewer", "approver")
                    person(email, email, grants=[(role, home) for role in roles])
                commit()
        return cls.app

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.status = "INTAKE"
        self.stages: dict[str, str] = {}
        self.used: set[str] = set()
        self.steps = 1
        self.context: AbstractContextManager[object] | None = None

    @initialize()
    def hand_in(self) -> None:
        app = self.portal()
        self.context = app.app_context()
        self.context.__enter__()
        with time_machine.travel(self.now, tick=False), writing():
            # Another person each time: one and the same would have the support twice.
            Procedure.walks += 1
            number = resident_number(Procedure.walks)
            application = ready_draft(app, "lin@example.com", identity__document_number=number)
            case = service.submit(application.user, application, f"key-{application.ref}-long-enough")
            commit()
            self.case_id = case.id
            self.due = case.due_on
            db.session.remove()

    def teardown(self) -> None:
        if self.context is not None:
            db.session.remove()
            self.context.__exit__(None, None, None)

    def attempt(self, step: Callable[[Case], None]) -> bool:
        """Take a step in a unit of work of its own; whether it was allowed."""
        with time_machine.travel(self.now, tick=False), writing():
            case = db.session.get_one(Case, self.case_id)
            try:
                step(case)
                commit()
            except (CaseProblem, AccessRefused):
                db.session.rollback()
                return False
            finally:
                db.session.remove()
        return True

    def moved(self, status: str) -> None:
        self.status = status
        self.steps += 1

    @precondition(lambda self: self.status in FROM.values())
    @rule(data=st.data(), officer=st.sampled_from(OFFICERS))
    def officer_takes_a_fitting_step(self, data: st.DataObject, officer: str) -> None:
        fitting = sorted(action for action, status in FROM.items() if status == self.status)
        self.officer_acts(officer, data.draw(st.sampled_from(fitting)))

    @rule(officer=st.sampled_from(OFFICERS), action=st.sampled_from(sorted(STAGE)))
    def officer_tries_anything(self, officer: str, action: str) -> None:
        self.officer_acts(officer, action)

    def officer_acts(self, officer: str, action: str) -> None:
        def step(case: Case) -> None:
            user = db.session.scalars(select(User).where(User.email == officer)).one()
            match action:
                case "accept":
                    service.accept(user, case, case.version, None)
                case "ask_correction":
                    asked = [CorrectionAsked("fact", "lease.filing_no", "补充备案号")]
                    service.ask_correction(user, case, case.version, asked)
                case "opinion":
                    service.give_opinion(user, case, case.version, "approve", "材料齐全")
                case "approve":
                    decisions.approve(user, case, case.version, None)
                case "refuse":  # a reason for which there is no rule
                    decisions.refuse(user, case, case.version, ["R12"], "The papers did not come.", None)
                case "refuse_against_the_rules":
                    decisions.refuse(user, case, case.version, ["R09"], "The lease ended.", None)
                case "confirm":
                    decisions.confirm(user, case, case.version, None)
                case _:
                    decisions.send_back(user, case, case.version, "The lease runs on.")

        expected = (
            self.status == FROM[action]
            and officer != "elsewhere@example.com"
            and self.stages.get(officer, STAGE[action]) == STAGE[action]
            and not (action == "ask_correction" and "ask_correction" in self.used)
        )
        assert self.attempt(step) == expected
        if expected:
            self.stages[officer] = STAGE[action]
            self.used.add(action)
            self.moved(TO[action])

    @rule(officer=st.sampled_from(OFFICERS))
    def officer_verifies_a_fact(self, officer: str) -> None:
        """Whoever must act now may verify, and has acted at that stage then; the case stays where it is."""

        def step(case: Case) -> None:
            user = db.session.scalars(select(User).where(User.email == officer)).one()
            statements.agree(user, case, case.version, "lease.monthly_rent")

        stage = {"INTAKE": "intake", "REVIEW": "review", "DECISION": "decision", "CONFIRMATION": "confirmation"}
        here = stage.get(self.status)
        may = here is not None and officer != "elsewhere@example.com" and self.stages.get(officer, here) == here
        assert self.attempt(step) == may
        if may and here is not None:
            self.stages[officer] = here

    @precondition(lambda self: self.status == "CORRECTION")
    @rule()
    def applicant_answers_the_correction(self) -> None:
        self.applicant_answers()

    @rule()
    def applicant_answers(self) -> None:
        def step(case: Case) -> None:
            lease = next(page for page in case.application.pages if page.page == "lease")
            lease.answers = lease.answers | {"lease.filing_no": f"YJZL{self.steps:010d}"}
            service.submit(case.application.user, case.application, f"answer-{case.id}-{self.steps}-long-enough")

        before = self.status
        assert self.attempt(step)  # a second click after sending is harmless: it changes nothing
        if before == "CORRECTION":
            self.moved("INTAKE")

    @rule()
    def applicant_takes_more_time(self) -> None:
        expected = self.status == "CORRECTION" and "extend" not in self.used
        assert self.attempt(lambda case: service.extend_correction(case.application.user, case)) == expected
        if expected:
            self.used.add("extend")
            self.moved("CORRECTION")

    @precondition(lambda self: self.steps > 3)
    @rule()
    def applicant_withdraws(self) -> None:
        expected = self.status not in FINAL
        assert self.attempt(lambda case: service.withdraw(case.application.user, case)) == expected
        if expected:
            self.moved("WITHDRAWN")

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        due = self.read().due_on
        self.attempt(lambda _case: service.run_clocks())
        with time_machine.travel(self.now, tick=False):
            late = due is not None and due < clock.today()
        if late and self.status in ("INTAKE", "CORRECTION"):
            self.moved({"INTAKE": "REVIEW", "CORRECTION": "LAPSED"}[self.status])

    def read(self) -> Case:
        """The case as committed."""
        db.session.remove()
        return db.session.get_one(Case, self.case_id)

    @invariant()
    def columns_are_the_fold_of_the_events(self) -> None:
        if self.context is None:
            return
        case = self.read()
        assert case.status == self.status
        assert len(case.events) == self.steps
        position = "DRAFT"
        for number, event in enumerate(case.events, start=1):
            assert (event.seq, event.from_status) == (number, position)
            position = event.to_status
        assert position == case.status
        assert (case.due_on is None) == (case.status in FINAL) == (case.closed_at is not None)
        assert (case.application.state == "correcting") == (case.status == "CORRECTION")

    @invariant()
    def nobody_acts_at_two_stages(self) -> None:
        if self.context is None:
            return
        acted = db.session.execute(
            select(CaseStageActor.actor_id, func.count())
            .where(CaseStageActor.case_id == self.case_id)
            .group_by(CaseStageActor.actor_id)
        ).all()
        assert all(count == 1 for _actor, count in acted)
        case = self.read()
        table = load_workflow("standard").actions
        by_person: dict[int | None, set[str | None]] = {}
        for event in case.events:
            if event.role not in ("applicant", "system"):
                by_person.setdefault(event.actor_id, set()).add(table[event.action].stage)
        assert all(len(stages) == 1 for stages in by_person.values())

    @invariant()
    def a_decision_orders_exactly_one_paper(self) -> None:
        if self.context is None:
            return
        orders = [
            event
            for event in db.session.scalars(select(OutboxEvent).where(OutboxEvent.name == "casework.case_decided"))
            if event.payload["case_id"] == self.case_id
        ]
        assert len(orders) == (self.status in ("APPROVED", "REFUSED"))


short = settings(
    max_examples=80, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TestProcedure = Procedure.TestCase
TestProcedure.settings = short


@pytest.mark.long
class TestProcedureLong(Procedure.TestCase):  # type: ignore[name-defined, misc]
    """The same, for long walks."""

    settings = settings(
        max_examples=600, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
