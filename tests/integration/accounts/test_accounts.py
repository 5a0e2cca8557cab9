"""Registering, signing in, the second factor, a new password, and what stops those who guess."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from housing_portal import create_app
from housing_portal.accounts.models import User
from housing_portal.accounts.rules import is_guessable
from housing_portal.config import Settings
from housing_portal.core.db import commit, db, writing
from housing_portal.notices.models import Mail
from tests.client import PortalClient
from tests.conftest import settings_for
from tests.factories.city import PASSWORD, TOTP_SECRET, City, build_city
from tests.factories.journey import run_worker

NEW = {"email": "new@example.com", "name": "阿依古丽·买买提", "password": "five small boats on a lake"}


def mailed_link(app: Flask, address: str) -> str:
    """The path in the last mail to this address."""
    run_worker(app)
    with app.app_context():
        mails = [mail for mail in db.session.scalars(select(Mail).order_by(Mail.id)) if mail.address == address]
        found = re.search(r"http://localhost(/\S+)", mails[-1].body)
    assert found is not None
    return found.group(1)


def test_an_account_works_once_its_address_is_confirmed(app: Flask, city: City, client: PortalClient) -> None:
    assert client.post("/register", NEW).location.endswith("/register/sent")
    client.post("/sign-in", NEW, 422)
    link = mailed_link(app, NEW["email"])
    client.get(link)  # a mail scanner opens links; only the button confirms
    client.post("/sign-in", NEW, 422)
    client.post(link)
    client.post(link, expect=410)  # a link works once
    client.sign_in(NEW["email"], NEW["password"])
    assert "阿依古丽·买买提" in client.get("/applications/").get_data(as_text=True)


def test_registering_a_known_address_tells_only_its_owner(app: Flask, city: City, client: PortalClient) -> None:
    client.post("/register", NEW | {"email": city.applicant})
    run_worker(app)
    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert mail.address == city.applicant
        assert "already have" in mail.body


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short", "too short"),
        ("passwordpassword", "easy to guess"),
        ("aaaaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("newnewnewnewnewnew", "easy to guess"),
        ("new@example.com", "easy to guess"),
        ("x" * 200, "too long"),
    ],
)
def test_weak_passwords_are_turned_down_in_words(
    app: Flask, city: City, client: PortalClient, password: str, complaint: str
) -> None:
    page = client.post("/register", NEW | {"password": password}, 422).get_data(as_text=True)
    assert complaint in page
    assert NEW["name"] in page  # what was typed is kept


def test_any_characters_make_a_password() -> None:
    assert not is_guessable("一句只有我知道的话说了十五个字啊")
    assert is_guessable("abcdefghijklmno")


def test_staff_need_a_code_and_each_code_works_once(app: Flask, city: City, client: PortalClient) -> None:
    client.post("/sign-in", {"email": city.intake, "password": PASSWORD})
    assert client.get("/staff/cases", 302).location.startswith("/sign-in")
    client.post("/sign-in/code", {"code": "000000"}, 422)
    code = pyotp.TOTP(TOTP_SECRET).now()
    client.post("/sign-in/code", {"code": code})
    client.get("/staff/cases")
    other = PortalClient(app)
    other.post("/sign-in", {"email": city.intake, "password": PASSWORD})
    other.post("/sign-in/code", {"code": code}, 422)


def test_staff_without_a_second_factor_must_set_it_up_first(app: Flask, city: City, client: PortalClient) -> None:
    with app.app_context(), writing():
        user = db.session.scalars(select(User).where(User.email == city.reviewer)).one()
        user.totp_secret = user.totp_confirmed_at = None
        commit()
    client.sign_in(city.reviewer, PASSWORD)
    assert client.get("/staff/cases", 302).location == "/account/second-factor"
    page = client.get("/account/second-factor").get_data(as_text=True)
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page)
    assert secret is not None
    client.post("/account/second-factor", {"code": "123456"}, 422)
    client.post("/account/second-factor", {"code": pyotp.TOTP(secret.group(1)).now()})
    client.get("/staff/cases")


def test_a_new_password_ends_every_session(app: Flask, city: City, client: PortalClient) -> None:
    client.sign_in(city.applicant, PASSWORD)
    other = PortalClient(app)
    other.post("/password/forgotten", {"email": city.applicant}, 200)
    link = mailed_link(app, city.applicant)
    other.post(link, {"password": "another sentence, quite long"})
    client.get("/inbox", 302)
    other.post("/sign-in", {"email": city.applicant, "password": PASSWORD}, 422)
    other.sign_in(city.applicant, "another sentence, quite long")


def test_guessing_is_slowed_down_and_the_owner_is_not_locked_out(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'p.sqlite3'}", rate_limits=True))
    with app.app_context(), writing():
        db.create_all()
        commit()
    city = build_city(app)
    guesser = PortalClient(app)
    for _ in range(10):
        guesser.post("/sign-in", {"email": city.applicant, "password": "a wrong guess, and long"}, 422)
    page = guesser.post("/sign-in", {"email": city.applicant, "password": PASSWORD}, 429)
    assert "Try again in" in page.get_data(as_text=True)
    assert int(page.headers["Retry-After"]) > 0
    owner = PortalClient(app)
    answer = owner.post(
        "/sign-in", {"email": city.applicant, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "10.1.2.3"}
    )
    assert answer.location == "/start"
    for number in range(20):
        guesser.post("/register", NEW | {"email": f"n{number}@example.com"}, None)
    guesser.post("/register", NEW, 429)


def test_production_does_not_start_with_secrets_of_the_demo() -> None:
    with pytest.raises(ValueError, match="PORTAL_SECRET_KEY, PORTAL_DATA_KEYS, PORTAL_HASH_KEY"):
        Settings(environment="production")


def test_personal_columns_are_unreadable_in_the_database(app: Flask, city: City) -> None:
    from tests.factories.journey import as_applicant, submitted

    submitted(as_applicant(app, city))
    run_worker(app)
    with app.app_context():
        path = Path(str(db.engine.url.database))
    raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"rent_by_education" in raw
    for secret in ("11010519491231002X", "6222021234567890128", "13800138000", "440308199001010017"):
        assert secret.encode() not in raw
