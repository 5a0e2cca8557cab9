"""Cases of many people, taken to a stage by the real services: for awards and budgets. Each step is one commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from housing_portal.accounts.models import District, User
from housing_portal.casework import decisions, service
from housing_portal.casework.models import Case
from housing_portal.casework.steps import CaseProblem, locked
from housing_portal.core.db import commit, db, writing
from housing_portal.core.i18n import speaking
from housing_portal.payments import budget
from housing_portal.payments.models import BudgetLine
from tests.factories.city import City
from tests.factories.drafts import ready_draft

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BORN = date(1990, 1, 1)


def resident_number(nth: int) -> str:
    """A well-formed number of the how manieth invented person."""
    digits = f"110105{BORN + timedelta(days=nth % 1000):%Y%m%d}{nth // 1000:03}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def handed_in(app: Flask, city: City, nth: int, **change: Any) -> int:
    """The application of the how manieth person, handed in; returns its id. ``change``: other answers."""
    with app.app_context(), writing():
        answers = {"identity__document_number": resident_number(nth)} | change
        application = ready_draft(app, city.applicant, **answers)
        service.submit(application.user, application, f"key-{application.ref}")
        commit()
        return application.id


def take(app: Flask, application_id: int, step: Callable[[Case], None]) -> str:
    """Take one step; the sentence of refusal, or nothing."""
    with app.app_context(), writing(), speaking("en"):
        try:
            step(locked(application_id))
            commit()
        except CaseProblem as problem:
            db.session.rollback()
            return problem.sentence
        return ""


def officer(email: str) -> User:
    """The account of a member of staff."""
    return db.session.scalars(select(User).where(User.email == email)).one()


def accept(app: Flask, city: City, application_id: int) -> str:
    """The intake officer accepts."""
    return take(app, application_id, lambda case: service.accept(officer(city.intake), case, case.version, None))


def review(app: Flask, city: City, application_id: int) -> str:
    """The reviewer is for it."""

    def step(case: Case) -> None:
        service.give_opinion(officer(city.reviewer), case, case.version, "approve", "Complete.")

    return take(app, application_id, step)


def approve(app: Flask, city: City, application_id: int) -> str:
    """The approver approves."""
    return take(app, application_id, lambda case: decisions.approve(officer(city.approver), case, case.version, None))


def refuse(app: Flask, city: City, application_id: int) -> str:
    """The approver refuses, for a reason without a rule."""

    def step(case: Case) -> None:
        decisions.refuse(officer(city.approver), case, case.version, ["R12"], "The papers did not come.", None)

    return take(app, application_id, step)


def withdraw(app: Flask, application_id: int) -> str:
    """The applicant takes the application back."""
    return take(app, application_id, lambda case: service.withdraw(case.application.user, case))


def reviewed(app: Flask, city: City, nth: int, **change: Any) -> int:
    """A case that waits for the decision."""
    made = handed_in(app, city, nth, **change)
    assert accept(app, city, made) == review(app, city, made) == ""
    return made


def set_limit(
    app: Flask,
    places: int | None,
    yuan: Any = None,
    *,
    district: str | None = "500901",
    scheme: str = "rent_by_education",
) -> None:
    """The budget of the year in which support would begin today."""
    with app.app_context(), writing():
        found = db.session.scalars(select(District).where(District.code == district)).first() if district else None
        budget.set_limit(None, scheme, found, decisions.first_paid_month().year, places, yuan)
        commit()


def only_line() -> BudgetLine:
    """The one line there is, as committed. Needs an app context."""
    db.session.rollback()
    return db.session.scalars(select(BudgetLine)).one()
