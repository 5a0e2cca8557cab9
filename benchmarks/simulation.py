"""How long a simulation takes, and that its memory does not grow with the number of submissions.

    .venv/bin/python -m benchmarks.simulation             # 100,000 submissions
    .venv/bin/python -m benchmarks.simulation 20000 2     # another number, another number of workers

In a temporary folder: SQLite, N applications with one submission each, a draft that changes two amounts and a
threshold, and worker processes as an operator starts them. It runs at N/10 and at N. The figure to keep: 100,000
in less than three minutes on two cores, and the same peak memory at both sizes. The stored evaluation of each
submission is left empty: a simulation never reads it, and filling it would only make the preparation long.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from housing_portal.accounts.models import User
from housing_portal.applications.models import Application, Submission
from housing_portal.applications.progress import draft_values
from housing_portal.core import clock
from housing_portal.core.db import commit, db, writing
from housing_portal.core.ids import new_reference
from housing_portal.schemes.queries import current_version
from housing_portal.workbench import running, service
from housing_portal.workbench.lint import check
from housing_portal.workbench.models import Simulation
from housing_portal.workbench.queries import result_of
from tests.factories.city import City, build_city
from tests.factories.drafts import ready_draft
from tests.live import LivePortal, wait_until

SUBMISSIONS = 100_000
WORKERS = 2
AT_ONCE = 2_000
LEVELS = ("phd", "master", "bachelor", "associate")
PATIENCE = 3_600  # seconds


def main() -> None:
    """Prepare, run twice, print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else WORKERS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        portal = LivePortal(folder, f"sqlite:///{folder / 'portal.sqlite3'}")
        portal.migrate()
        app = portal.app()
        city = build_city(app)
        answers = _answers(app, city)
        heads = f"{'submissions':>12} {'prepared s':>11} {'seconds':>9} {'ms each':>9}"
        print(f"{heads} {'processor s of a worker':>24} {'peak MB of a worker':>20}")
        held = 0
        try:
            for size in (number // 10, number):
                started = time.monotonic()
                _fill(app, city, answers, held, size)
                held, prepared = size, time.monotonic() - started
                seconds, used, peak = _run(portal, app, city, workers, size)
                times = f"{size:>12,} {prepared:>11.1f} {seconds:>9.1f} {1000 * seconds / size:>9.2f}"
                print(f"{times} {used:>24} {peak:>20}", flush=True)
        finally:
            portal.stop()


def _answers(app: Flask, city: City) -> dict[str, Any]:
    with app.app_context(), writing():
        values = draft_values(ready_draft(app, city.applicant))
        db.session.rollback()
    return {fact: value for fact, value in values.items() if value not in (None, "")}


def _fill(app: Flask, city: City, answers: dict[str, Any], first: int, last: int) -> None:
    """Applications ``first`` to ``last``, each with a submission of its own kind, a few thousand at a time."""
    with app.app_context(), writing():
        version = current_version("rent_by_education")
        user = db.session.scalars(select(User.id).where(User.email == city.applicant)).one()
        assert version is not None
        version_id, moment = version.id, clock.now()
        for start in range(first, last, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, last))
            rows = [_application(number, user, version_id, moment) for number in numbers]
            db.session.execute(insert(Application), rows)
            db.session.execute(insert(Submission), list(_submissions(numbers, answers, moment)))
            commit()


def _application(number: int, user: int, version: int, moment: datetime) -> dict[str, Any]:
    return {
        "id": number + 1,
        "ref": new_reference(),
        "user_id": user,
        "scheme_code": "rent_by_education",
        "scheme_version_id": version,
        "district_id": number % 2 + 1,
        "state": "submitted",
        "created_at": moment,
        "saved_at": moment,
        "version": 1,
    }


def _submissions(numbers: range, answers: dict[str, Any], moment: datetime) -> Iterator[dict[str, Any]]:
    for number in numbers:
        values = answers | {
            "education.level": LEVELS[number % len(LEVELS)],
            "lease.monthly_rent": str(600 + 50 * (number % 60)),
            "lease.end": (date.fromisoformat(answers["lease.start"]) + timedelta(days=200 + number % 900)).isoformat(),
            "social_insurance.continuous_months": number % 15,
        }
        at = moment - timedelta(days=number % 300)
        source = {"source": "declared", "at": at.isoformat(), "by": 1}
        yield {
            "application_id": number + 1,
            "number": 1,
            "idempotency_key": str(number),
            "answers": {fact: {"value": value, **source} for fact, value in values.items()},
            "documents": [],
            "evaluation": {},
            "sha256": "0" * 64,
            "submitted_at": at,
        }


def _run(portal: LivePortal, app: Flask, city: City, workers: int, size: int) -> tuple[float, str, str]:
    """Seconds from the start to the result; processor seconds and peak resident memory (MB) of each worker."""
    with app.app_context(), writing():
        base = current_version("rent_by_education")
        manager = db.session.scalars(select(User).where(User.email == city.manager)).one()
        assert base is not None
        draft = service.start(manager, base, base.scheme_code)
        text = draft.source.replace("master: 900", "master: 950").replace("bachelor: 600", "bachelor: 500")
        draft.source = text.replace("continuous_months >= 6", "continuous_months >= 9")
        definition = check(draft.source, draft.scheme_code).definition
        assert definition is not None
        simulation = running.start(manager, draft, definition).id
        commit()
    processes = [portal.start_worker() for _ in range(workers)]
    started = time.monotonic()
    wait_until(lambda: _state(app, simulation) == "done", "the simulation is done", PATIENCE)
    seconds = time.monotonic() - started
    used = [_processor_seconds(process.pid) for process in processes]
    peaks = [_peak_mb(process.pid) for process in processes]
    portal.stop()
    portal.processes.clear()
    with app.app_context():
        tally = result_of(db.session.get_one(Simulation, simulation))
        assert tally is not None
        assert tally.counted == size == db.session.scalar(select(func.count()).select_from(Submission))
    return seconds, ", ".join(f"{one:.0f}" for one in used), ", ".join(str(peak) for peak in peaks)


def _state(app: Flask, simulation: int) -> str | None:
    time.sleep(0.3)
    with app.app_context():
        return db.session.scalar(select(Simulation.state).where(Simulation.id == simulation))


def _processor_seconds(pid: int) -> float:
    """What the process used of the processors: on a busy machine this tells more than the clock."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


if __name__ == "__main__":
    main()
