"""A live portal and a real Chromium. A page that complains on its console fails the test that opened it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect, sync_playwright
from sqlalchemy import select

from housing_portal.accounts.models import District
from housing_portal.core.db import commit, db, writing
from tests.factories.city import City, build_city, person
from tests.live import LivePortal

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-quic"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
# A form that comes back with its mistakes, a page that is gone: documents that people are meant to see.
ANSWERS_FOR_PEOPLE = {404, 409, 410, 422}
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Live:
    """The running portal, and the same portal in this process to prepare people."""

    portal: LivePortal
    app: Flask
    city: City
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        """Where it is served."""
        return self.portal.url

    def staff(self, name: str, *roles: str) -> str:
        """A member of staff in the first district; returns the e-mail address. A one-time code works once, so
        every test has officers of its own."""
        return self._person(name, roles)

    def manager(self, name: str) -> str:
        """A scheme manager of the whole city."""
        return self._person(name, ("scheme_manager",), city_wide=True)

    def applicant(self, name: str) -> str:
        """A practitioner with a confirmed account."""
        return self._person(name, ())

    def _person(self, name: str, roles: tuple[str, ...], *, city_wide: bool = False) -> str:
        email = f"person{next(self.numbers)}@example.com"
        with self.app.app_context(), writing():
            home = None if city_wide else db.session.scalars(select(District).order_by(District.code)).first()
            made = person(email, name, staff=bool(roles), grants=[(role, home) for role in roles])
            made.language = "en" if roles else "zh"
            commit()
        return email


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Migrated tables, a small city, a web server and a worker: as an operator starts them."""
    folder = tmp_path_factory.mktemp("live")
    portal = LivePortal(folder, f"sqlite:///{folder / 'portal.sqlite3'}")
    portal.migrate()
    app = portal.app()
    city = build_city(app)
    try:
        portal.start_web()
        portal.start_worker()
        yield Live(portal, app, city)
    finally:
        portal.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine, with a new profile."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Listens to everything that a browser complains about."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.answers_for_people = ANSWERS_FOR_PEOPLE
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _console(self, kind: str, text: str) -> None:
        # What could not be loaded is judged below, by its status.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a download, or a page that was left while it loaded
            self.complaints.append(f"no answer: {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        document = response.request.resource_type == "document"
        if response.status >= 400 and not (document and response.status in self.answers_for_people):
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(chromium: Browser, live: Live) -> Iterator[NewPage]:
    """``new_page(lang, size, **more)``: a page in a browser that knows nothing yet. ``refusals``: it will ask for
    what it may not see, or send a form that has expired."""
    watches: list[Watch] = []
    contexts: list[BrowserContext] = []

    def make(lang: str = "zh", size: dict[str, int] = PHONE, refusals: bool = False, **more: object) -> Page:
        context = chromium.new_context(
            locale=LOCALES[lang],
            viewport=size,
            base_url=live.url,
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            **more,
        )
        context.set_default_timeout(15_000)
        watches.append(Watch(context))
        if refusals:
            watches[-1].answers_for_people = ANSWERS_FOR_PEOPLE | {400, 403}
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    complaints = [complaint for watch in watches for complaint in watch.complaints]
    assert complaints == []
