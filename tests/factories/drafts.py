"""A draft that is ready to be handed in, made without a browser: for tests of what comes after."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from housing_portal.accounts.models import District, User
from housing_portal.applications import service
from housing_portal.applications.models import Application, DraftPage, Upload
from housing_portal.core import clock, storage
from housing_portal.core.db import db
from housing_portal.core.ids import new_reference
from housing_portal.schemes.forms import answers_from_form, build_page_form
from housing_portal.schemes.queries import current_version
from tests.factories.answers import NEEDED_SLOTS, good_pages
from tests.factories.files import pdf

MARRIED_SLOTS = ("marriage_certificate", "spouse_document", "family_authorisation")


@cache
def _page_answers(app: Flask) -> dict[str, dict[str, Any]]:
    """Canonical answers of each page, read by the real forms once."""
    version = current_version("rent_by_education")
    assert version is not None
    definition = version.definition()
    known: dict[str, Any] = {}
    answers: dict[str, dict[str, Any]] = {}
    with app.test_request_context("/?lang=en"):
        for code, typed in good_pages().items():
            form = build_page_form(definition, definition.page(code), known, "en", formdata=MultiDict(typed))
            answers[code] = answers_from_form(form)
            known |= answers[code]
    return answers


def ready_draft(app: Flask, email: str, **change: Any) -> Application:
    """A complete draft of this person in the first district; flushed, not committed. Needs an app context.

    ``change``: other canonical answers on their pages, by fact with __ for the dot. Another
    ``identity__document_number`` makes another person of it.
    """
    user = db.session.scalars(select(User).where(User.email == email)).one()
    district = db.session.scalars(select(District).order_by(District.id)).first()
    version = current_version("rent_by_education")
    assert district is not None
    assert version is not None
    application = service.start(user, version, district)
    moment = clock.now()
    changed = {fact.replace("__", "."): value for fact, value in change.items()}
    for code, given in _page_answers(app).items():
        page = version.definition().page(code)
        asked = [entry.fact for entry in page.facts]
        answers = given | {fact: value for fact, value in changed.items() if fact in asked}
        application.pages.append(DraftPage(page=code, typed={}, answers=answers, complete=True, saved_at=moment))
    sha256 = storage.put(pdf())
    for slot in (*NEEDED_SLOTS, *(MARRIED_SLOTS if changed.get("household.marital_status") == "married" else ())):
        application.uploads.append(
            Upload(
                ref=new_reference(),
                slot=slot,
                name=f"{slot}.pdf",
                media_type="application/pdf",
                size=1000,
                pages=1,
                sha256=sha256,
                original_sha256=sha256,
                added_at=moment,
            )
        )
    db.session.flush()
    return application
