"""What must stay true of the house: events heard, tables linted, statements bounded, no network at import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from housing_portal.casework.workflow import FOLDER, Workflow, lint, load_workflow
from housing_portal.core.outbox import Event
from tests.client import PortalClient
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, run_worker, submitted

ROOT = Path(__file__).resolve().parents[2]
MOST_STATEMENTS = 22


def test_every_event_is_heard(app: Flask) -> None:
    heard = app.extensions["subscriptions"].by_event
    assert sorted(kind.name for kind in Event.__subclasses__() if kind.name not in heard) == []


def test_every_workflow_and_scheme_lints(app: Flask, city: City) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["workflow", "lint"]).output == "standard: ok\n"
    assert runner.invoke(args=["schemes", "lint"]).exit_code == 0


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda w: w["actions"].pop("lapse"), "on_timeout must name an action of the system"),
        (lambda w: w["states"]["REVIEW"].pop("clock"), "REVIEW: no clock"),
        (lambda w: w["actions"].pop("give_opinion"), "REVIEW: dead end"),
        (lambda w: w["actions"]["accept"].pop("stage"), "an officer's action needs a stage"),
        (lambda w: w["actions"]["accept"].update({"from": ["APPROVED"]}), "leaves the final state"),
        (
            lambda w: w["states"].update(
                LOST={"name": {"zh": "失", "en": "Lost"}, "public": {"zh": "失", "en": "Lost"}, "final": True}
            ),
            "LOST: cannot be reached",
        ),
        (lambda w: w["actions"]["accept"].update(to="NOWHERE"), "unknown state NOWHERE"),
    ],
)
def test_the_lint_finds_each_kind_of_defect(change: Any, complaint: str) -> None:
    import yaml

    table = yaml.safe_load((FOLDER / "standard.yaml").read_text("utf-8"))
    change(table)
    assert any(complaint in problem for problem in lint(Workflow.model_validate(table)))


def test_a_workflow_without_a_translation_is_refused() -> None:
    import yaml

    table = yaml.safe_load((FOLDER / "standard.yaml").read_text("utf-8"))
    del table["states"]["REVIEW"]["public"]["en"]
    with pytest.raises(ValueError, match="REVIEW.public.en"):
        Workflow.model_validate(table)


def test_the_workflow_that_runs_is_the_one_on_file() -> None:
    assert load_workflow("standard").initial == "DRAFT"


def statements_of(client: PortalClient, path: str) -> int:
    """How many statements the database gets for one page."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(client.engine, "before_cursor_execute", note)
    try:
        client.get(path)
    finally:
        event.remove(client.engine, "before_cursor_execute", note)
    return len(sent)


def test_the_number_of_statements_does_not_grow_with_the_rows(app: Flask, city: City) -> None:
    from housing_portal.casework import service
    from housing_portal.core.db import commit, writing
    from tests.factories.drafts import ready_draft

    practitioner, intake = as_applicant(app, city), as_staff(app, city.intake)
    ref = submitted(practitioner)
    run_worker(app)
    pages = {
        "/": practitioner,
        "/applications/": practitioner,
        f"/applications/{ref}/status": practitioner,
        "/inbox": practitioner,
        "/staff/cases": intake,
        f"/staff/cases/{ref}": intake,
    }
    few = {path: statements_of(client, path) for path, client in pages.items()}
    with app.app_context(), writing():
        for number in range(12):
            application = ready_draft(app, city.applicant)
            service.submit(application.user, application, f"one-of-many-long-enough-{number}")
        commit()
    run_worker(app)
    many = {path: statements_of(client, path) for path, client in pages.items()}
    assert {path: count for path, count in many.items() if count > MOST_STATEMENTS} == {}
    assert {path: (few[path], count) for path, count in many.items() if count > few[path] + 1} == {}


def test_nothing_is_asked_of_the_network_at_import(tmp_path: Path) -> None:
    program = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('network at import')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "from housing_portal import create_app\n"
        "from housing_portal.config import Settings\n"
        f"create_app(Settings(environment='test', database_url='sqlite:///{tmp_path}/p.sqlite3'))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, capture_output=True)
