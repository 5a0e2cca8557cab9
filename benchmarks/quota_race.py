"""Sixteen clients race for the last places of a budget line and for the same benefit months; nothing may be lost.

    .venv/bin/python -m benchmarks.quota_race             # a throwaway PostgreSQL, 16 clients, 20 rounds
    .venv/bin/python -m benchmarks.quota_race 32 5        # another number of clients, another number of rounds
    .venv/bin/python -m benchmarks.quota_race 4 5 sqlite  # on SQLite, which has one writer at a time

A round: each client accepts a case of its own on a line with places for a third of them; then each gives it up. And
each approves a case of its own of one and the same person. After each race the line must be the sum of its claims,
within its limit, and one award must hold the months. The figure to keep: 16 clients lose nothing.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, func, select

from housing_portal import create_app
from housing_portal.core.db import commit, db, writing
from housing_portal.payments.models import Award, BenefitMonth, BudgetClaim, BudgetLine
from tests.conftest import settings_for
from tests.factories import awards as steps
from tests.factories.city import City, build_city
from tests.postgres import Cluster

CLIENTS, ROUNDS = 16, 20


def main() -> None:
    """Race, and print the table; ends with 1 when something was lost."""
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    cluster = None if "sqlite" in sys.argv else Cluster()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(settings_for(folder, cluster.url if cluster else f"sqlite:///{folder / 'portal.sqlite3'}"))
        try:
            lost = _race(app, clients, rounds)
        finally:
            with app.app_context():
                db.engine.dispose()
            if cluster:
                cluster.stop()
    sys.exit(1 if lost else 0)


def _race(app: Flask, clients: int, rounds: int) -> int:
    with app.app_context(), writing():
        db.create_all()
        commit()
    city = build_city(app)
    races: dict[str, Callable[[Flask, City, int, int], tuple[list[float], int]]] = {
        "accept: the last places": _places,
        "approve: the same months": _months,
    }
    print(f"{'race':<26} {'clients':>8} {'rounds':>7} {'median ms':>10} {'slowest ms':>11} {'lost':>6}")
    lost = 0
    for words, race in races.items():
        times: list[float] = []
        wrong = 0
        for number in range(rounds):
            taken, missing = race(app, city, clients, number)
            times += taken
            wrong += missing
        times.sort()
        median, slowest = 1000 * times[len(times) // 2], 1000 * times[-1]
        print(f"{words:<26} {clients:>8} {rounds:>7} {median:>10.0f} {slowest:>11.0f} {wrong:>6}", flush=True)
        lost += wrong
    return lost


def _places(app: Flask, city: City, clients: int, number: int) -> tuple[list[float], int]:
    """How long each acceptance took, and how many places or claims are wrong afterwards."""
    places = clients // 3 + 1
    with app.app_context(), writing():
        db.session.execute(delete(BudgetClaim))
        db.session.execute(delete(BudgetLine))
        commit()
    steps.set_limit(app, places)
    cases = [steps.handed_in(app, city, number * clients + one) for one in range(clients)]
    times, _said = _at_once([lambda case=case: steps.accept(app, city, case) for case in cases])  # type: ignore[misc]
    wrong = _difference(app, {"reserved": places, "waiting": clients - places}, places)
    _at_once([lambda case=case: steps.withdraw(app, case) for case in cases])  # type: ignore[misc]
    return times, wrong + _difference(app, {"released": clients}, 0)


def _difference(app: Flask, expected: dict[str, int], reserved: int) -> int:
    with app.app_context():
        rows = db.session.execute(select(BudgetClaim.state, func.count()).group_by(BudgetClaim.state))
        found = {row[0]: row[1] for row in rows}
        wrong = sum(abs(found.get(state, 0) - expected.get(state, 0)) for state in {*found, *expected})
        return wrong + abs(steps.only_line().reserved_places - reserved)


def _months(app: Flask, city: City, clients: int, number: int) -> tuple[list[float], int]:
    """How long each approval took, and how many awards or months are too many or too few."""
    with app.app_context(), writing():
        db.session.execute(delete(BudgetClaim))
        db.session.execute(delete(BudgetLine))
        commit()
        before = _awards_and_months()
    person = 500_000 + number
    cases = [steps.reviewed(app, city, person) for _same in range(clients)]
    times, said = _at_once([lambda case=case: steps.approve(app, city, case) for case in cases])  # type: ignore[misc]
    with app.app_context():
        awards, months = (now - then for now, then in zip(_awards_and_months(), before, strict=True))
        granted = db.session.scalars(select(Award.months).order_by(Award.id.desc())).first() or 0
    return times, abs(awards - 1) + abs(months - granted) + abs(said.count("") - 1)


def _awards_and_months() -> tuple[int, int]:
    awards = db.session.scalar(select(func.count()).select_from(Award)) or 0
    return awards, db.session.scalar(select(func.count()).select_from(BenefitMonth)) or 0


def _at_once(actions: list[Callable[[], str]]) -> tuple[list[float], list[str]]:
    """Seconds and answer of each; all start together. An exception counts as an answer of its own."""
    gate = threading.Barrier(len(actions))
    seconds = [0.0] * len(actions)
    said = [""] * len(actions)

    def run(number: int) -> None:
        gate.wait()
        started = time.monotonic()
        try:
            said[number] = actions[number]()
        except Exception as error:
            said[number] = f"{type(error).__name__}: {error}"
            print(said[number], file=sys.stderr)
        seconds[number] = time.monotonic() - started

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds, said


if __name__ == "__main__":
    main()
