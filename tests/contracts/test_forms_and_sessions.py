"""Every POST needs its CSRF token; sessions end when they are ended; no way out to another site."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from housing_portal.core.web import safe_next
from tests.client import PortalClient
from tests.contracts.test_access import MATRIX
from tests.factories.city import PASSWORD, City
from tests.factories.journey import as_applicant


def test_every_post_without_a_token_is_refused(app: Flask, city: City) -> None:
    client = as_applicant(app, city)
    places = dict.fromkeys(("ref", "draft", "upload", "code", "serial"), "X" * 26) | dict.fromkeys(
        ("message", "scheme_draft", "proposed_draft", "simulation"), 1
    )
    open_ones = []
    for (method, endpoint), (pattern, _expected) in MATRIX.items():
        if method == "POST":
            answer = client.http.post(pattern.format(**places), data={})
            if answer.status_code != 400 or "This page was open for too long" not in answer.get_data(as_text=True):
                open_ones.append((endpoint, answer.status_code))
    assert open_ones == []


def test_a_copied_cookie_is_worthless_after_signing_out(app: Flask, city: City) -> None:
    client = as_applicant(app, city)
    copied = client.http.get_cookie("portal")
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie("portal", copied.value)
    assert thief.get("/inbox").status_code == 200
    client.post("/sign-out")
    assert thief.get("/inbox").status_code == 302


def test_a_planted_session_does_not_survive_signing_in(app: Flask, city: City) -> None:
    client = PortalClient(app)
    with client.http.session_transaction() as session:
        session["planted"] = "by an attacker"
    before = client.token()
    client.sign_in(city.applicant, PASSWORD)
    with client.http.session_transaction() as session:
        assert "planted" not in session
    assert client.token() != before


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "",
        None,
    ],
)
def test_no_way_out_to_another_site(target: str | None) -> None:
    assert safe_next(target) is None


def test_the_way_on_inside_the_portal_is_kept() -> None:
    assert safe_next("/applications/?a=1") == "/applications/?a=1"


def test_a_foreign_host_name_is_refused(app: Flask) -> None:
    assert app.test_client().get("/", headers={"Host": "evil.example"}).status_code == 400


def test_links_in_mails_come_from_the_settings(app: Flask, city: City) -> None:
    from housing_portal.core.db import db
    from housing_portal.notices.models import Mail
    from tests.factories.journey import run_worker

    client = PortalClient(app)
    client.post("/password/forgotten", {"email": city.applicant}, 200, headers={"X-Forwarded-Host": "evil.example"})
    run_worker(app)
    with app.app_context():
        mail = db.session.query(Mail).one()
        assert "http://localhost/password/new/" in mail.body
        assert "evil" not in mail.body


def test_unknown_and_known_addresses_get_the_same_answer(app: Flask, city: City) -> None:
    client = PortalClient(app)
    wrong = {"password": "not the right sentence at all"}
    pages = [
        client.post("/sign-in", {"email": e, **wrong}, 422).get_data(as_text=True)
        for e in (city.applicant, "nobody@example.com")
    ]
    strip = [page.replace(city.applicant, "").replace("nobody@example.com", "") for page in pages]
    tokenless = [re.sub(r'value="[^"]{60,}"|nonce="[^"]+"', "", page) for page in strip]
    assert tokenless[0] == tokenless[1]
    for email in (city.applicant, "nobody@example.com"):
        answer = client.post(
            "/register", {"email": email, "name": "某人", "password": "a sentence of sufficient length"}
        )
        assert answer.location.endswith("/register/sent")
