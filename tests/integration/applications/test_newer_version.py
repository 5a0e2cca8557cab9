"""A draft begun under an older version: what changed in words, a confirmation, and every answer that still exists."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from housing_portal.applications.models import Application
from housing_portal.applications.progress import current_uploads, draft_values
from housing_portal.core import clock
from housing_portal.core.db import db
from housing_portal.schemes.queries import versions
from tests.factories.city import City
from tests.factories.journey import SCHEME, as_applicant, as_staff, fill, send, start
from tests.factories.workbench import propose, start_draft, write


def publish(app: Flask, city: City, change: Callable[[str], str]) -> None:
    """Change the scheme and put it in force today."""
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    write(author, draft, change)
    propose(author, draft)
    # It may be the second change: both drafts are begun from the first version.
    with app.app_context():
        newest = versions(SCHEME)[0].number
    today = {"publish-valid_from": clock.today().isoformat(), "publish-newest": newest, "publish-replaces": "y"}
    as_staff(app, city.second_manager).post(f"/workbench/drafts/{draft}/publish", today)


def _application(ref: str) -> Application:
    return db.session.scalars(select(Application).where(Application.ref == ref)).one()


def test_the_change_is_told_and_nothing_is_sent_before_it_is_confirmed(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = start(practitioner)
    fill(practitioner, ref)
    publish(app, city, lambda text: text.replace("master: 900", "master: 950"))
    for page in (f"/applications/{ref}", f"/applications/{ref}/check"):
        told = practitioner.get(page).get_data(as_text=True)
        assert "The scheme has changed since you began" in told
        assert "amount for master: ¥900 → ¥950" in told
    assert ">Send</button>" not in told
    send(practitioner, ref)
    with app.app_context():
        assert _application(ref).state == "draft"
        before = draft_values(_application(ref))
    practitioner.post(f"/applications/{ref}/version", {"version": "2"})
    with app.app_context():
        assert draft_values(_application(ref)) == before
        assert _application(ref).scheme_version.number == 2
    assert "The scheme has changed" not in practitioner.get(f"/applications/{ref}").get_data(as_text=True)
    send(practitioner, ref, "another-key-that-is-long-enough-for-it")
    with app.app_context():
        assert _application(ref).state == "submitted"


def test_answers_follow_their_question_and_what_is_new_is_asked(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = start(practitioner)
    fill(practitioner, ref)

    def change(text: str) -> str:
        text = text.replace("      - bank.branch\n", "")  # no longer asked
        text = text.replace("      - identity.address\n", "", 1)
        text = text.replace("      - lease.address\n", "      - lease.address\n      - identity.address\n", 1)  # moved
        return text.replace("  - slot: rent_payment\n", "  - slot: rent_receipt\n")  # another paper

    publish(app, city, change)
    practitioner.post(f"/applications/{ref}/version", {"version": "2"})
    with app.app_context():
        values = draft_values(_application(ref))
        assert "bank.branch" not in values
        assert values["identity.address"] == "云江市临江区滨江路8号"
        assert values["bank.card_number"] == "6222021234567890128"
        assert "rent_payment" not in {upload.slot for upload in current_uploads(_application(ref))}
    page = practitioner.get(f"/applications/{ref}").get_data(as_text=True)
    assert "Check your answers and send" not in page, "the new paper is missing"


def test_what_was_confirmed_must_be_what_is_in_force(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = start(practitioner)
    publish(app, city, lambda text: text.replace("master: 900", "master: 950"))
    publish(app, city, lambda text: text.replace("master: 900", "master: 850"))
    answer = practitioner.post(f"/applications/{ref}/version", {"version": "2"})
    assert "changed once more" in practitioner.get(answer.location).get_data(as_text=True)
    with app.app_context():
        assert _application(ref).scheme_version.number == 1
