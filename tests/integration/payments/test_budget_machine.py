"""Random days of a budget line against a small model: a list of cases, a limit, and the row.

The model is the rule in words: a place for whoever is accepted while there is one, else the end of the row; whatever
is given back goes to the head of the row. Sums always add up, nothing is negative, nothing is above the limit.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete, select

from housing_portal import create_app
from housing_portal.accounts.models import District
from housing_portal.casework import decisions
from housing_portal.casework.models import Case
from housing_portal.core.db import commit, db, writing
from housing_portal.payments import awards, budget
from housing_portal.payments.budget import LimitRefused
from housing_portal.payments.models import Award, BudgetClaim, BudgetLine
from tests.conftest import settings_for
from tests.factories import awards as steps
from tests.factories.city import City, build_city


class Budget(RuleBasedStateMachine):
    """One portal for all walks; each walk begins with an empty line, and its own people."""

    app: Flask | None = None
    city: City
    people = 0

    @classmethod
    def portal(cls) -> Flask:
        """The portal, built once."""
        if cls.app is None:
            folder = Path(tempfile.mkdtemp(prefix="portal-budget-"))
            cls.app = create_app(settings_for(folder, f"sqlite:///{folder / 'portal.sqlite3'}"))
            with cls.app.app_context(), writing():
                db.create_all()
                commit()
            cls.city = build_city(cls.app)
        return cls.app

    def __init__(self) -> None:
        super().__init__()
        self.limit = 0
        self.states: dict[int, str] = {}  # application → state, in the order of acceptance
        self.stage: dict[int, str] = {}

    @initialize(places=st.integers(0, 3))
    def open_line(self, places: int) -> None:
        app = self.portal()
        with app.app_context(), writing():
            db.session.execute(delete(BudgetClaim))
            db.session.execute(delete(BudgetLine))
            commit()
        steps.set_limit(app, places)
        self.limit = places

    # -- the model ---------------------------------------------------------------------------------

    def used(self) -> int:
        return sum(state in ("reserved", "committed") for state in self.states.values())

    def let_in(self) -> None:
        for case, state in self.states.items():
            if state == "waiting" and self.used() < self.limit:
                self.states[case] = "reserved"

    def one_of(self, data: st.DataObject, *states: str, stage: str = "") -> int | None:
        found = [c for c, s in self.states.items() if s in states and stage in ("", self.stage[c])]
        return data.draw(st.sampled_from(found)) if found else None

    # -- what people do ----------------------------------------------------------------------------

    @precondition(lambda self: len(self.states) < 6)
    @rule()
    def accept(self) -> None:
        Budget.people += 1
        case = steps.handed_in(self.portal(), self.city, Budget.people)
        assert steps.accept(self.portal(), self.city, case) == ""
        waits = "waiting" in self.states.values() or self.used() >= self.limit
        self.states[case], self.stage[case] = "waiting" if waits else "reserved", "REVIEW"

    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        case = self.one_of(data, "reserved", "waiting")
        if case is None:
            return
        if self.stage[case] == "REVIEW":
            steps.review(self.portal(), self.city, case)
            self.stage[case] = "DECISION"
        said = steps.approve(self.portal(), self.city, case)
        assert ("in the row" in said) == (self.states[case] == "waiting")
        if not said:
            self.states[case] = "committed"

    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        case = self.one_of(data, "reserved", "waiting")
        if case is not None:
            assert steps.withdraw(self.portal(), case) == ""
            self.states[case] = "released"
            self.let_in()

    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        case = self.one_of(data, "reserved", "waiting", stage="DECISION")
        if case is not None:
            assert steps.refuse(self.portal(), self.city, case) == ""
            self.states[case] = "released"
            self.let_in()

    @rule(data=st.data())
    def withdraw_the_award(self, data: st.DataObject) -> None:
        case = self.one_of(data, "committed")
        if case is None:
            return
        with self.portal().app_context(), writing():
            ref = db.session.scalars(select(Award.ref).join(Case).where(Case.application_id == case)).one()
            assert awards.withdraw(None, ref, "by mistake")
            commit()
        self.states[case] = "released"
        self.let_in()

    @rule(places=st.integers(0, 5))
    def change_the_limit(self, places: int) -> None:
        with self.portal().app_context(), writing():
            home = db.session.scalars(select(District).order_by(District.id)).first()
            try:
                budget.set_limit(None, "rent_by_education", home, decisions.first_paid_month().year, places, None)
                commit()
                allowed = True
            except LimitRefused:
                db.session.rollback()
                allowed = False
        assert allowed == (places >= self.used())
        if allowed:
            self.limit = places
            self.let_in()

    # -- what must hold ----------------------------------------------------------------------------

    @invariant()
    def the_line_is_the_sum_of_its_claims(self) -> None:
        with self.portal().app_context():
            line = db.session.scalars(select(BudgetLine)).first()
            if line is None:
                return
            rows = db.session.execute(
                select(Case.application_id, BudgetClaim.state, BudgetClaim.yuan)
                .join(Case, Case.id == BudgetClaim.case_id)
                .order_by(BudgetClaim.since, BudgetClaim.id)
            ).all()
            assert {row.application_id: row.state for row in rows} == self.states
            for state, places, yuan in (
                ("reserved", line.reserved_places, line.reserved_yuan),
                ("committed", line.committed_places, line.committed_yuan),
            ):
                claims = [row.yuan for row in rows if row.state == state]
                assert (places, yuan) == (len(claims), sum(claims))
            assert 0 <= line.reserved_places + line.committed_places <= self.limit


TestBudget = Budget.TestCase
TestBudget.settings = settings(
    max_examples=12,
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
