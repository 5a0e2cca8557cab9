"""Verification for everybody; files for the owner and the district's staff only."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from housing_portal.accounts.models import User
from housing_portal.certificates import access, queries
from housing_portal.certificates.models import CERTIFICATE, RECEIPT, REFUSAL, Paper
from housing_portal.core.db import db
from tests.client import PortalClient
from tests.factories.city import PASSWORD, TOTP_SECRET, City
from tests.integration.certificates.conftest import Issue

WRONG = "We have no paper with this serial number and this code. Check both."


def page(client: PortalClient, paper: Paper, expect: int = 200) -> str:
    answer = client.get(f"/verify/{paper.serial}/{paper.code}?lang={client.lang}", expect)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    return answer.get_data(as_text=True)


def main_part(body: str) -> str:
    return body.partition("<main")[2].partition("</main>")[0]


def test_what_the_qr_code_opens(client: PortalClient, issue: Issue) -> None:
    body = page(client, issue(CERTIFICATE, first_month=date(2020, 1, 1), months=600))
    for shown in (
        "Genuine and valid",
        "王*华",
        "¥900.00 a month",
        "Rent subsidy for software",
        "articles 6 and 9",
    ):
        assert shown in body, shown
    for hidden in ("王小华", "500101199003071234", "500*"):
        assert hidden not in body, hidden
    assert '<meta name="robots" content="noindex, nofollow">' in body
    assert "This is a sample" in body


def test_in_chinese(app: Flask, issue: Issue) -> None:
    body = page(PortalClient(app, "zh"), issue(CERTIFICATE, first_month=date(2020, 1, 1), months=600))
    for shown in ("真实有效", "每月¥900.00", "软件人才租房补贴", "2020年1月1日至2069年12月31日", "这是样本"):
        assert shown in body, shown


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), "begins on 1 December 2026"),
        (datetime(2026, 11, 30, 16, 1, tzinfo=UTC), "Genuine and valid"),
        (datetime(2029, 11, 30, 15, 59, tzinfo=UTC), "Genuine and valid"),
        (datetime(2029, 11, 30, 16, 1, tzinfo=UTC), "is over since 1 December 2029"),
    ],
)
def test_the_period_is_the_citys_days(client: PortalClient, issue: Issue, today: datetime, words: str) -> None:
    paper = issue(CERTIFICATE)
    with time_machine.travel(today, tick=False):
        body = page(client, paper)
    assert words in body


def test_a_superseded_refusal_says_so(client: PortalClient, issue: Issue) -> None:
    refusal = issue(REFUSAL, outcome="refused")
    assert "Genuine" in page(client, refusal)
    issue(CERTIFICATE)
    body = page(client, refusal)
    assert "Replaced by a newer paper" in body
    assert "A later decision in the same case replaces it." in body
    assert "social insurance" not in body.lower()


def test_revoked_from_the_command_line(app: Flask, client: PortalClient, issue: Issue) -> None:
    paper = issue(CERTIFICATE)
    run = app.test_cli_runner()
    assert run.invoke(args=["papers", "revoke", paper.serial.lower(), "false_statements"]).exit_code == 0
    body = page(client, paper)
    assert "Revoked" in body
    assert "It rested on statements that were not true." in body
    again = run.invoke(args=["papers", "revoke", paper.serial, "false_statements"])
    assert again.exit_code == 1
    assert "no valid paper" in again.output
    assert run.invoke(args=["papers", "revoke", paper.serial, "whim"]).exit_code == 2


def test_wrong_code_and_unknown_serial_look_the_same(client: PortalClient, issue: Issue) -> None:
    paper = issue(RECEIPT)
    wrong_code = client.get(f"/verify/{paper.serial}/{'0' * 26}", 404).get_data(as_text=True)
    unknown = client.get(f"/verify/YJ-500901-2026-R-999999/{paper.code}", 404).get_data(as_text=True)
    assert "We have no such paper" in wrong_code
    assert main_part(wrong_code) == main_part(unknown)


def test_typing_the_numbers(client: PortalClient, issue: Issue) -> None:
    paper = issue(CERTIFICATE)
    client.get("/verify")
    typed = {"serial": paper.serial.lower().replace("-", " "), "code": paper.code.lower()}
    assert client.post("/verify", typed).location.endswith(f"/verify/{paper.serial}/{paper.code}")


@pytest.mark.parametrize("what", ["serial", "code"])
def test_a_mistyped_number_gets_one_answer(client: PortalClient, issue: Issue, what: str) -> None:
    paper = issue(CERTIFICATE)
    typed = {"serial": paper.serial, "code": paper.code}
    typed[what] = typed[what][:-1] + ("1" if typed[what][-1] != "1" else "2")
    body = client.post("/verify", typed, 422).get_data(as_text=True)
    assert WRONG in body
    assert typed["serial"] in body


def test_nothing_typed_or_far_too_much(client: PortalClient) -> None:
    body = client.post("/verify", {"serial": "", "code": "x" * 1000}, 422).get_data(as_text=True)
    assert "Enter the serial number." in body
    assert "longer than any verification code" in body


def test_guessing_is_throttled_by_address(app: Flask, client: PortalClient) -> None:
    app.config["SETTINGS"].rate_limits = True
    for _ in range(30):
        client.post("/verify", {"serial": "x", "code": "y"}, 422)
    answer = client.post("/verify", {"serial": "x", "code": "y"}, 429)
    assert int(answer.headers["Retry-After"]) > 0
    client.get("/verify/x/y", 404)  # a scanned code is not a guess


def file_path(paper: Paper) -> str:
    return f"/papers/{paper.code}/file"


def test_the_owner_downloads_the_file(app: Flask, city: City, issue: Issue) -> None:
    paper = issue(CERTIFICATE)
    answer = PortalClient(app).sign_in(city.applicant, PASSWORD).get(file_path(paper))
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{paper.serial}.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_finds_the_owners_file(app: Flask, city: City, issue: Issue) -> None:
    paper = issue(CERTIFICATE)
    PortalClient(app).sign_in(city.other_applicant, PASSWORD).get(file_path(paper), 404)
    PortalClient(app).get(file_path(paper), 302)
    PortalClient(app).sign_in(city.reviewer, PASSWORD, TOTP_SECRET).get(file_path(paper), 403)
    PortalClient(app).sign_in(city.applicant, PASSWORD).get(f"/staff{file_path(paper)}", 403)


@pytest.mark.parametrize(
    ("who", "expect"),
    [("intake", 200), ("reviewer", 200), ("approver", 200), ("auditor", 200), ("elsewhere", 404)],
)
def test_staff_of_the_district_download(app: Flask, city: City, issue: Issue, who: str, expect: int) -> None:
    paper = issue(REFUSAL, outcome="refused")
    officer = PortalClient(app).sign_in(getattr(city, who), PASSWORD, TOTP_SECRET)
    officer.get(f"/staff{file_path(paper)}", expect)


def test_scopes_are_conditions_in_the_query(app: Flask, city: City, issue: Issue) -> None:
    paper = issue(CERTIFICATE)
    with app.app_context():
        owner = db.session.scalars(select(User).where(User.email == city.applicant)).one()
        assert queries.paper_file(paper.code, access.own_papers(owner)) is not None
        assert queries.paper_file("0" * 26, access.own_papers(owner)) is None
