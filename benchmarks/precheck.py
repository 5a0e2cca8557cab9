"""How long the pre-check over all schemes takes: the rules of all, and the finder's whole request.

    python benchmarks/precheck.py [ROUNDS]

The answers are those of the first hand-worked case of each scheme. "All schemes" evaluates every scheme of the
catalogue with its trace, in one process. A request is a POST to the finder with every question answered: form, rules,
combinations, page. SQLite in a temporary folder. Goal: every median below 50 ms; exits with 1 when one is missed.
"""

from __future__ import annotations

import logging
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402

from housing_portal import create_app  # noqa: E402
from housing_portal.config import Settings  # noqa: E402
from housing_portal.core.db import commit, db, writing  # noqa: E402
from housing_portal.finder.search import Interview, interview  # noqa: E402
from housing_portal.schemes.derived import with_derived  # noqa: E402
from housing_portal.schemes.facts import Value, typed_facts  # noqa: E402
from housing_portal.schemes.facts_form import field_name  # noqa: E402
from housing_portal.schemes.language import SchemeDefinition, load_scheme  # noqa: E402
from housing_portal.schemes.rules import evaluate_values  # noqa: E402
from housing_portal.schemes.service import catalogue_files, sync_catalogue  # noqa: E402

GOAL = 50.0  # ms
DAY = date(2026, 3, 2)


def machine() -> str:
    """Where it was measured."""
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def answers() -> dict[str, Any]:
    """The facts of the hand-worked cases together."""
    facts: dict[str, Any] = {}
    for path in sorted((ROOT / "tests" / "data" / "golden").glob("*.yaml")):
        facts |= yaml.safe_load(path.read_text("utf-8"))["base"]
    return facts


def timed(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median and 95th percentile in ms, after three rounds to warm up."""
    for _ in range(3):
        work()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def typed(asked: Interview, values: dict[str, Value | None]) -> dict[str, str]:
    """What a visitor would send to answer every question."""
    return {field_name(key): _text(values[key]) for key in asked.questions if values.get(key) is not None}


def _text(value: Value | None) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def portal(folder: Path) -> Flask:
    """A portal with the catalogue and nobody in it; the token of forms is not asked for."""
    app = create_app(
        Settings(
            environment="test",
            secret_key="a-secret-of-the-benchmark-that-is-long-enough",
            database_url=f"sqlite:///{folder / 'portal.sqlite3'}",
            storage_dir=folder / "files",
            base_url="http://localhost",
        )
    )
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), writing():
        db.create_all()
        sync_catalogue()
        commit()
    return app


def main() -> int:
    """Measure and print a table."""
    logging.disable(logging.INFO)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    schemes = [load_scheme(path) for path in catalogue_files()]
    facts = answers()
    known = with_derived(typed_facts(facts), DAY)

    def rules_of(chosen: list[SchemeDefinition], given: dict[str, Any]) -> None:
        values = with_derived(typed_facts(given), DAY)
        for scheme in chosen:
            evaluate_values(scheme, values, DAY)

    print(machine())
    rows = [(f"rules of all {len(schemes)} schemes", *timed(lambda: rules_of(schemes, facts), rounds))]
    rows.append((f"rules of all {len(schemes)}, nothing answered", *timed(lambda: rules_of(schemes, {}), rounds)))
    with tempfile.TemporaryDirectory() as folder:
        client = portal(Path(folder)).test_client()
        for audience in ("practitioner", "company"):
            chosen = [scheme for scheme in schemes if scheme.audience == audience]
            form = typed(interview(chosen), known)

            def post(audience: str = audience, form: dict[str, str] = form) -> None:
                answer = client.post(f"/find/{audience}", data=form)
                assert answer.status_code == 200, answer.status_code

            rows.append((f"POST /find/{audience}, {len(form)} answers", *timed(post, rounds)))
    print(f"{'':<42}{'median':>9}{'p95':>9}")
    for name, median, late in rows:
        print(f"{name:<42}{median:>6.1f} ms{late:>6.1f} ms")
    print(f"goal: {GOAL:.0f} ms")
    return int(any(median > GOAL for _name, median, _late in rows))


if __name__ == "__main__":
    raise SystemExit(main())
