"""The practitioner's and the officers' ways through the portal, by the pages that they use."""

from __future__ import annotations

import io
from collections.abc import Iterable

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from housing_portal.applications.models import Application
from housing_portal.casework.models import Case
from housing_portal.core import outbox
from housing_portal.core.db import db
from tests.client import PortalClient
from tests.factories.answers import NEEDED_SLOTS, good_pages
from tests.factories.city import PASSWORD, TOTP_SECRET, City
from tests.factories.files import pdf

SCHEME = "rent_by_education"


def as_applicant(app: Flask, city: City, lang: str = "en") -> PortalClient:
    """The practitioner, signed in."""
    return PortalClient(app, lang).sign_in(city.applicant, PASSWORD)


def as_staff(app: Flask, email: str, lang: str = "en") -> PortalClient:
    """A member of staff, signed in; the same browser again the second time, since a one-time code works once."""
    browsers: dict[str, PortalClient] = app.extensions.setdefault("browsers of the tests", {})
    if email not in browsers:
        browsers[email] = PortalClient(app, lang).sign_in(email, PASSWORD, TOTP_SECRET)
    return browsers[email]


def start(client: PortalClient, district: str = "1", scheme: str = SCHEME) -> str:
    """Begin an application; returns its reference."""
    return client.post(f"/applications/start/{scheme}", {"district": district}).location.rpartition("/")[2]


def fill(
    client: PortalClient,
    ref: str,
    pages: dict[str, dict[str, str]] | None = None,
    slots: Iterable[str] = NEEDED_SLOTS,
) -> None:
    """Fill every page and hand over every document."""
    for code, answers in (pages or good_pages()).items():
        client.post(f"/applications/{ref}/pages/{code}", {"page_version": "0", **answers})
    for slot in slots:
        upload(client, ref, slot)


def upload(
    client: PortalClient,
    ref: str,
    slot: str,
    data: bytes | None = None,
    name: str = "scan.pdf",
    expect: int = 303,
) -> TestResponse:
    """Hand over one file."""
    form = {"file": (io.BytesIO(data if data is not None else pdf()), name)}
    return client.post(f"/applications/{ref}/documents/{slot}", form, expect, content_type="multipart/form-data")


def send(client: PortalClient, ref: str, key: str = "k" * 32) -> None:
    """Hand it in."""
    client.post(f"/applications/{ref}/submit", {"key": key})


def submitted(client: PortalClient, pages: dict[str, dict[str, str]] | None = None) -> str:
    """A whole application, handed in; returns its reference."""
    ref = start(client)
    fill(client, ref, pages)
    send(client, ref)
    return ref


def version_of(app: Flask, ref: str) -> int:
    """The version of the case that an officer's page would carry now."""
    with app.app_context():
        query = select(Case.version).join(Case.application).where(Application.ref == ref)
        return db.session.scalars(query).one()


def step(
    client: PortalClient,
    ref: str,
    action: str,
    prefix: str,
    expect: int = 303,
    version: int = 0,
    **data: object,
) -> TestResponse:
    """One officer's step on the case page."""
    seen = version or version_of(client.app, ref)
    form = {f"{prefix}-version": seen} | {f"{prefix}-{key}": value for key, value in data.items()}
    return client.post(f"/staff/cases/{ref}/{action}", form, expect)


def run_worker(app: Flask) -> int:
    """Everything that the background worker has to do now."""
    with app.app_context():
        return outbox.drain()
