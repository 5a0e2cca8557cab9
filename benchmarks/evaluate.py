"""How long one evaluation with its trace takes, for each scheme, and building its largest form.

    python benchmarks/evaluate.py [ROUNDS]

The facts are those of the first hand-worked case of each scheme. Goals: an evaluation of the largest scheme has a
median below 5 ms, the largest form one below 20 ms. Exits with 1 when one of them is missed.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402

from housing_portal.core.i18n import init_i18n  # noqa: E402
from housing_portal.schemes.forms import build_page_form  # noqa: E402
from housing_portal.schemes.language import load_scheme  # noqa: E402
from housing_portal.schemes.rules import evaluate  # noqa: E402
from housing_portal.schemes.service import catalogue_files  # noqa: E402

GOAL_EVALUATION, GOAL_FORM = 5.0, 20.0  # ms, medians


def timed(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median and 95th percentile in ms, after a few rounds that warm up."""
    for _ in range(5):
        work()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def machine() -> str:
    """The processor, its number of cores, and the Python that runs."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main() -> int:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    app = Flask("benchmark")
    app.config.update(SECRET_KEY="benchmark", WTF_CSRF_ENABLED=False)
    init_i18n(app)
    print(machine())
    print(f"{'scheme':<26}{'rules':>6}{'evaluate':>10}{'p95':>8}", end="   ")
    print(f"{'largest form':<16}{'facts':>6}{'build':>9}{'p95':>8}")
    evaluations: list[tuple[int, float]] = []
    builds: list[tuple[int, float]] = []
    for path in catalogue_files():
        scheme = load_scheme(path)
        golden = yaml.safe_load((ROOT / "tests" / "data" / "golden" / path.name).read_text("utf-8"))
        page = max(scheme.pages, key=lambda page: len(page.facts))
        median, late = timed(lambda: evaluate(scheme, golden["base"], golden["day"]), rounds)  # noqa: B023
        with app.test_request_context("/"):
            form, form_late = timed(lambda: build_page_form(scheme, page, {}, "en"), rounds)  # noqa: B023
        evaluations.append((len(scheme.rules), median))
        builds.append((len(page.facts), form))
        print(
            f"{scheme.code:<26}{len(scheme.rules):>6}{median:>7.2f} ms{late:>8.2f}   "
            f"{page.code:<16}{len(page.facts):>6}{form:>6.2f} ms{form_late:>8.2f}"
        )
    evaluation, largest_form = max(evaluations)[1], max(builds)[1]
    print(f"largest scheme: {evaluation:.2f} ms (goal {GOAL_EVALUATION:.0f})")
    print(f"largest form: {largest_form:.2f} ms (goal {GOAL_FORM:.0f})")
    return int(evaluation > GOAL_EVALUATION or largest_form > GOAL_FORM)


if __name__ == "__main__":
    raise SystemExit(main())
