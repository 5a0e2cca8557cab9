"""The demo command: a whole city in half a minute, the same one the second time, never in production."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from housing_portal import create_app
from housing_portal.accounts.models import STAFF_ROLES, District, User
from housing_portal.applications.models import Application
from housing_portal.casework.models import STATUSES, Case, CaseEvent
from housing_portal.casework.workflow import load_workflow
from housing_portal.certificates.models import Paper
from housing_portal.core import audit, clock
from housing_portal.core.db import db
from housing_portal.core.outbox import Job
from housing_portal.demo import load
from housing_portal.demo.accounts import MAIL, PASSWORD, SHOWN, STAFF
from housing_portal.payments.models import Award, BudgetClaim
from housing_portal.registry.models import Company
from tests.client import PortalClient
from tests.conftest import _portal, settings_for


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, dict[str, Any]]]:
    """A portal with the demo loaded, and what the command printed as JSON."""
    folder: Path = tmp_path_factory.mktemp("demo")
    for app in _portal(folder, f"sqlite:///{folder / 'portal.sqlite3'}"):
        yield app, run_demo(app)


def run_demo(app: Flask) -> dict[str, Any]:
    """``flask demo --json``"""
    result = app.test_cli_runner().invoke(args=["demo", "--json"])
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def code_of(portal: tuple[Flask, dict[str, Any]], mailbox: str) -> str:
    """A present code, as the command prints it."""
    found = {account["address"]: account for account in run_demo(portal[0])["accounts"]}
    return str(found[mailbox + MAIL]["code"])


def test_there_is_a_case_in_every_state_and_in_three_districts(portal: tuple[Flask, dict[str, Any]]) -> None:
    app, printed = portal
    assert printed["applications"].keys() == {"DRAFT", *STATUSES}
    assert sum(printed["applications"].values()) >= 55
    with app.app_context():
        districts = db.session.scalars(select(District.code).join(Case).distinct()).all()
        assert len(districts) >= 3
        assert db.session.scalar(select(func.count()).select_from(Company)) == 25
        assert db.session.scalar(select(func.count()).select_from(District)) == 12


def test_the_lists_have_what_officers_meet(portal: tuple[Flask, dict[str, Any]]) -> None:
    """Overdue in each state, claimed, corrected, accepted by the clock, with more time."""
    app, _printed = portal
    with app.app_context():
        late = set(db.session.scalars(select(Case.status).where(Case.due_on < clock.today())))
        assert late == {"INTAKE", "REVIEW", "DECISION"}
        claimed = set(db.session.scalars(select(Case.status).where(Case.assignee_id.is_not(None))))
        assert claimed == {"INTAKE", "REVIEW", "DECISION"}
        taken = set(db.session.scalars(select(CaseEvent.action).distinct()))
        assert {"accept_by_clock", "lapse", "extend_correction", "answer_correction", "withdraw"} <= taken
        mended = select(Case).where(Case.status == "INTAKE", Case.events.any(CaseEvent.action == "answer_correction"))
        assert db.session.scalars(mended).first() is not None


def test_the_past_is_in_the_past(portal: tuple[Flask, dict[str, Any]]) -> None:
    """Nothing happens in the future, steps follow one another, and papers are as old as their cases."""
    app, _printed = portal
    with app.app_context():
        for case in db.session.scalars(select(Case)):
            moments = [event.at for event in case.events]
            assert moments == sorted(moments)
            assert moments[-1] < clock.now()
        oldest = db.session.scalar(select(func.min(CaseEvent.at)))
        assert oldest is not None
        assert (clock.now() - oldest).days > 60
        for paper in db.session.scalars(select(Paper).where(Paper.kind == "certificate")):
            closed = db.session.get_one(Case, paper.case_id).closed_at
            assert closed is not None
            assert (paper.issued_at - closed).total_seconds() < 300


def test_every_job_is_done_and_the_trail_is_whole(portal: tuple[Flask, dict[str, Any]]) -> None:
    app, _printed = portal
    with app.app_context():
        assert set(db.session.scalars(select(Job.state))) == {"done"}
        assert list(audit.verify()) == []
        kinds = {row[0]: row[1] for row in db.session.execute(select(Paper.kind, func.count()).group_by(Paper.kind))}
        states = run_demo(app)["applications"]
        assert kinds["certificate"] == states["APPROVED"]
        assert kinds["refusal"] == states["REFUSED"]


def test_a_second_run_changes_nothing_and_returns_at_once(portal: tuple[Flask, dict[str, Any]]) -> None:
    app, printed = portal
    started = time.monotonic()
    again = run_demo(app)
    assert time.monotonic() - started < 3
    assert again["applications"] == printed["applications"]
    assert [a["totp_secret"] for a in again["accounts"]] == [a["totp_secret"] for a in printed["accounts"]]


def test_the_accounts_are_complete_and_work(portal: tuple[Flask, dict[str, Any]]) -> None:
    app, printed = portal
    addresses = [account["address"] for account in printed["accounts"]]
    assert addresses == [mailbox + MAIL for mailbox in (*SHOWN, *(row[0] for row in STAFF))]
    assert {account["password"] for account in printed["accounts"]} == {PASSWORD}
    for account in printed["accounts"]:
        assert account["role"] in ("applicant", *STAFF_ROLES)
        assert bool(account["totp_secret"]) == bool(account["code"]) == (account["role"] != "applicant")
    with app.app_context():
        in_english = db.session.scalars(select(User).where(User.language == "en")).all()
        assert len(in_english) == 3
    officer = PortalClient(app)
    officer.post("/sign-in", {"email": "intake" + MAIL, "password": PASSWORD})
    officer.post("/sign-in/code", {"code": code_of(portal, "intake")})
    assert "Work queue" in officer.get("/staff/cases").get_data(as_text=True)


def test_each_applicant_finds_what_their_address_says(portal: tuple[Flask, dict[str, Any]]) -> None:
    app, _printed = portal
    states = load_workflow("standard").states
    for mailbox, status in {"approved": "APPROVED", "refused": "REFUSED", "correction": "CORRECTION"}.items():
        client = PortalClient(app).sign_in(mailbox + MAIL, PASSWORD)
        assert states[status].name.en in client.get("/applications/").get_data(as_text=True), mailbox
    practitioner = PortalClient(app).sign_in("practitioner" + MAIL, PASSWORD)
    assert "Not sent yet" in practitioner.get("/applications/").get_data(as_text=True)
    newcomer = PortalClient(app).sign_in("newcomer" + MAIL, PASSWORD)
    with app.app_context():
        query = select(func.count()).select_from(Application).join(User).where(User.email == "newcomer" + MAIL)
        assert db.session.scalar(query) == 0
    newcomer.get("/applications/")


def test_the_page_of_codes_lets_a_visitor_in_twice(portal: tuple[Flask, dict[str, Any]], lang: str) -> None:
    """A code works once: whoever comes second within the half minute is shown the next one."""
    app, _printed = portal
    mailbox = {"zh": "reviewer", "en": "approver"}[lang]
    for _visit in range(2):
        visitor = PortalClient(app, lang)
        page = visitor.get("/demo/codes").get_data(as_text=True)
        code = page.split(mailbox + MAIL)[1].split('<td role="cell"')[1].split("</span>")[0][-6:]
        visitor.post("/sign-in", {"email": mailbox + MAIL, "password": PASSWORD})
        visitor.post("/sign-in/code", {"code": code})
        visitor.get("/staff/cases")


def test_every_case_opens_for_the_auditor(portal: tuple[Flask, dict[str, Any]]) -> None:
    """Rare characters, names with · and 60 letters, differences, all kinds of documents."""
    app, _printed = portal
    auditor = PortalClient(app)
    auditor.post("/sign-in", {"email": "auditor" + MAIL, "password": PASSWORD})
    auditor.post("/sign-in/code", {"code": code_of(portal, "auditor")})
    with app.app_context():
        refs = db.session.scalars(select(Application.ref).join(Case)).all()
    for ref in refs:
        auditor.get(f"/staff/cases/{ref}")


def test_without_json_it_prints_a_table(portal: tuple[Flask, dict[str, Any]]) -> None:
    printed = portal[0].test_cli_runner().invoke(args=["demo"]).stdout
    for mailbox, _name, role, _district in STAFF:
        line = next(line for line in printed.splitlines() if line.startswith(mailbox + MAIL))
        assert role in line
    assert PASSWORD in printed


def test_an_interrupted_run_goes_on_where_it_stopped(
    portal: tuple[Flask, dict[str, Any]], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after some steps: the next run takes the rest, and none twice."""
    take, taken = load.actors.take, []

    def stops_after_six(step: Any, person: Any) -> None:
        taken.append(step)
        if len(taken) > 6:
            raise KeyboardInterrupt
        take(step, person)

    monkeypatch.setattr(load.outbox, "drain", lambda: 0)
    monkeypatch.setattr(load.actors, "take", stops_after_six)
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        load.load(lambda _done, _whole: None)
    monkeypatch.setattr(load.actors, "take", take)
    assert run_demo(app)["applications"] == portal[1]["applications"]


def test_it_refuses_to_run_in_production(tmp_path: Path) -> None:
    secrets = {"secret_key": "s" * 40, "data_keys": "k:" + "A" * 43 + "=", "hash_key": "h" * 40}
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    app = create_app(settings_for(tmp_path, url, environment="production", **secrets))
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "production" in result.output
    assert app.test_client().get("/demo/codes").status_code == 404


def test_one_budget_line_is_used_up_and_a_case_waits_for_a_place(portal: tuple[Flask, dict[str, Any]]) -> None:
    app, _printed = portal
    with app.app_context():
        states = set(db.session.scalars(select(BudgetClaim.state)))
        assert states == {"reserved", "committed", "released", "waiting"}
        waiting = db.session.scalars(select(BudgetClaim).where(BudgetClaim.state == "waiting")).one()
        line = waiting.line
        assert line.reserved_places + line.committed_places == line.places
        approved = db.session.scalar(select(func.count()).select_from(Case).where(Case.status == "APPROVED"))
        assert db.session.scalar(select(func.count()).select_from(Award)) == approved
