"""Many at the same moment: the last places and the same months, sixteen on PostgreSQL and four on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from housing_portal.core.db import db
from housing_portal.payments.models import Award, BenefitMonth, BudgetClaim
from tests.factories.awards import accept, approve, handed_in, only_line, refuse, reviewed, set_limit, withdraw
from tests.factories.city import City


def clients(app: Flask) -> int:
    """SQLite has one writer at a time, so more would only wait."""
    with app.app_context():
        return 16 if db.engine.dialect.name == "postgresql" else 4


def at_once(actions: list[Callable[[], str]]) -> list[str]:
    """What each said; all start together. Raises what any of them raised."""
    gate = threading.Barrier(len(actions))
    said: list[str] = [""] * len(actions)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        gate.wait()
        try:
            said[number] = actions[number]()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return said


def states(app: Flask) -> list[str]:
    """Of all claims, in the order of the row."""
    with app.app_context():
        return list(db.session.scalars(select(BudgetClaim.state).order_by(BudgetClaim.since, BudgetClaim.id)))


def test_the_last_places_go_to_the_first_and_nobody_is_lost(app_on_both: Flask, city_on_both: City) -> None:
    app, city, many = app_on_both, city_on_both, clients(app_on_both)
    places = many // 3 + 1
    set_limit(app, places)
    cases = [handed_in(app, city, number) for number in range(many)]
    said = at_once([lambda case=case: accept(app, city, case) for case in cases])  # type: ignore[misc]
    assert set(said) == {""}
    assert states(app).count("reserved") == places
    assert states(app).count("waiting") == many - places
    said = at_once([lambda case=case: withdraw(app, case) for case in cases])  # type: ignore[misc]
    assert set(said) == {""}
    assert set(states(app)) == {"released"}
    with app.app_context():
        line = only_line()
        assert (line.reserved_places, line.committed_places, line.reserved_yuan) == (0, 0, 0)


def test_approvals_and_refusals_at_once_add_up(app_on_both: Flask, city_on_both: City) -> None:
    app, city, many = app_on_both, city_on_both, clients(app_on_both)
    set_limit(app, many // 2)
    cases = [reviewed(app, city, number) for number in range(many)]
    steps = [approve if number % 2 else refuse for number in range(many)]
    said = at_once([lambda s=s, case=case: s(app, city, case) for s, case in zip(steps, cases, strict=True)])  # type: ignore[misc]
    assert all(not one or "in the row" in one for one in said)
    found = states(app)
    with app.app_context():
        line = only_line()
        assert (line.reserved_places, line.committed_places) == (found.count("reserved"), found.count("committed"))
        assert db.session.scalar(select(func.count()).select_from(Award)) == found.count("committed")
    assert found.count("waiting") == 0  # half of them gave their places back
    assert found.count("released") == sum(step is refuse for step in steps)


def test_one_person_gets_the_same_months_once(app_on_both: Flask, city_on_both: City) -> None:
    app, city, many = app_on_both, city_on_both, clients(app_on_both)
    set_limit(app, many)
    cases = [reviewed(app, city, 7) for _same in range(many)]
    said = at_once([lambda case=case: approve(app, city, case) for case in cases])  # type: ignore[misc]
    assert said.count("") == 1
    assert sum("Double benefit" in one for one in said) == many - 1
    with app.app_context():
        award = db.session.scalars(select(Award)).one()
        assert db.session.scalar(select(func.count()).select_from(BenefitMonth)) == award.months
        line = only_line()
        assert (line.reserved_places, line.committed_places) == (many - 1, 1)
