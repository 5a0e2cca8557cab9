"""Every page of the portal under axe, as each kind of reader, on a desk and on a phone, in both languages.

The pages are those of the access matrix, so a new page cannot be forgotten; pages with mistakes come on top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from housing_portal.accounts.models import User
from housing_portal.applications.models import Application, Upload
from housing_portal.certificates.models import Paper
from housing_portal.core.db import db
from housing_portal.notices.models import InboxMessage
from tests.browser.conftest import DESK, PHONE, Live, NewPage
from tests.browser.pages import picture, scrolls_sideways, sign_in, sign_in_as_officer, speak
from tests.browser.prepared import corrected, draft, handed_in, reviewed
from tests.client import PortalClient
from tests.contracts.test_access import MATRIX, OK
from tests.factories.city import PASSWORD
from tests.factories.journey import as_staff, run_worker, start, step
from tests.factories.workbench import simulate, start_draft, write

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"resultTypes": ["violations"], "runOnly": TAGS}
NO_PAGES = {
    "core.healthz",
    "core.robots",
    "registry.search_companies",  # a fragment of a page
    "applications.document",
    "applications.document_page",
    "staff.document",
    "staff.document_page",
    "certificates.download",
    "certificates.staff_download",
    "accounts.start",  # leads on
    "workbench.paper_file",
    "workbench.simulation_file",
}
SEEN_AS = {"anonymous": "anonymous", "applicant": "applicant", "intake": "officer", "manager": "scheme manager"}
READERS = {  # the second pair in the long run
    "zh-phone": ("zh", PHONE),
    "en-desk": ("en", DESK),
    "en-phone": ("en", PHONE),
    "zh-desk": ("zh", DESK),
}


@dataclass(frozen=True)
class Town:
    """One application in each state that has a page of its own."""

    applicant: str
    places: dict[str, str]
    waiting: str
    correcting: str
    deciding: str
    fresh: str
    empty: str


@pytest.fixture(scope="module")
def town(live: Live) -> Town:
    """An applicant with an approved case and a draft; other people's cases for the officers' steps."""
    applicant, app = live.applicant("欧阳喆堃·阿依古丽"), live.app
    ref = handed_in(live, applicant)
    reviewed(live, ref)
    step(as_staff(app, live.staff("唐审批", "approver")), ref, "approve", "approve", note="Checked by hand.")
    drafted = draft(live, applicant)
    waiting, correcting, deciding = (handed_in(live, live.applicant(name)) for name in ("待受理", "待补正", "待决定"))
    reviewed(live, deciding)
    corrected(live, correcting)
    manager = as_staff(app, live.manager("沈立章"))
    changed = start_draft(manager)
    write(manager, changed, lambda text: text.replace("master: 900", "master: 950"))
    manager.post(f"/workbench/drafts/{changed}/papers/certificate")
    simulation = simulate(manager, changed)
    broken = start_draft(manager)
    write(manager, broken, lambda text: text.replace("master: 900", "master: many"))
    run_worker(app)
    empty = live.applicant("新来的")
    fresh = start(PortalClient(app).sign_in(empty, PASSWORD))
    places = _places(app, applicant, ref, drafted)
    places |= {"scheme_draft": str(changed), "simulation": str(simulation), "broken": str(broken)}
    return Town(applicant, places, waiting, correcting, deciding, fresh, empty)


def _places(app: Flask, applicant: str, ref: str, drafted: str) -> dict[str, str]:
    with app.app_context():
        paper = db.session.scalars(
            select(Paper)
            .join(User, User.id == Paper.user_id)
            .where(User.email == applicant, Paper.kind == "certificate")
        ).one()
        upload = db.session.scalars(select(Upload).join(Application).where(Application.ref == ref)).first()
        message = db.session.scalars(select(InboxMessage.id).where(InboxMessage.user_id == paper.user_id)).first()
        assert upload is not None
        return {
            "ref": ref,
            "draft": drafted,
            "upload": upload.ref,
            "code": paper.code,
            "serial": paper.serial,
            "message": str(message),
        }


def pages_for(role: str, town: Town) -> list[str]:
    """Every page that this role may open, and what it gets where it may not."""
    paths = ["/no-such-page"]
    for (method, endpoint), (pattern, who) in MATRIX.items():
        if method == "GET" and endpoint not in NO_PAGES and (who[role] == OK or who[role] in (403, 404, 410)):
            if endpoint == "accounts.set_up_second_factor" and role in ("intake", "manager"):
                continue  # done long ago: it leads on
            paths.append(pattern.format(**town.places))
    if role == "applicant":
        paths += [f"/applications/{town.places['draft']}/pages/{code}" for code in ("identity", "education", "bank")]
        paths += [f"/applications/{town.places['draft']}/pages/{code}" for code in ("employment", "household")]
    if role == "intake":
        paths += [f"/staff/cases/{ref}" for ref in (town.waiting, town.correcting, town.deciding)]
        paths += [f"/staff/cases/{town.waiting}/verification{more}" for more in ("", "/facts/lease.monthly_rent")]
        paths += ["/staff/cases?view=closed", "/staff/cases?search=nothing", "/staff/cases?view=mine"]
    if role == "manager":
        drafts = "/workbench/drafts"
        sections = ("basics", "conditions", "documents", "questions", "letters")
        paths += [f"{drafts}/{town.places['scheme_draft']}/form/{section}" for section in sections]
        paths += [f"{drafts}/{town.places['broken']}{more}" for more in ("", "/text", "/form/amounts")]
    return list(dict.fromkeys(paths))


def complaints(page: Page, lang: str, who: str = "mistakes") -> list[str]:
    """What axe says about the page that is open, and whether it is wider than the window. ``who`` names its picture."""
    page.wait_for_load_state()  # a link has no size before its style sheet is there
    where = f"{page.url.partition('://')[2].partition('/')[2] or 'start'} ({lang}, {page.viewport_size['width']} px)"
    picture(page, re.sub(r"[^\w]+", "-", re.sub(r"[0-9A-Z-]{20,}", "x", f"{who} {where}")).strip("-"))
    found = [f"/{where}: scrolls sideways: {part}" for part in scrolls_sideways(page)]
    for violation in Axe().run(page, options=AXE).response["violations"]:
        nodes = "; ".join(f"{node['target']} {node['html'][:160]}" for node in violation["nodes"][:3])
        found.append(f"/{where}: {violation['id']}: {violation['help']}: {nodes}")
    return found


@pytest.mark.parametrize(
    "reader", ["zh-phone", "en-desk", *(pytest.param(name, marks=pytest.mark.long) for name in ("en-phone", "zh-desk"))]
)
@pytest.mark.parametrize("role", SEEN_AS)
def test_every_page(role: str, reader: str, town: Town, live: Live, new_page: NewPage) -> None:
    lang, size = READERS[reader]
    page = new_page(lang, size, refusals=True)
    if role == "applicant":
        sign_in(page, town.applicant)
    elif role == "manager":
        sign_in_as_officer(page, live.manager("顾思衡"))
    elif role == "intake":
        sign_in_as_officer(page, live.staff("秦受理", "intake_officer", "reviewer", "approver"))
    speak(page, lang)
    found = []
    for path in pages_for(role, town):
        page.goto(path)
        found += complaints(page, lang, role)
    assert found == []


@pytest.mark.parametrize("reader", ["zh-phone", "en-desk"])
def test_pages_with_mistakes(reader: str, town: Town, live: Live, new_page: NewPage) -> None:
    lang, size = READERS[reader]
    found = []
    page = new_page(lang, size)
    for path in ("/register", "/sign-in", "/password/forgotten", "/verify"):
        page.goto(path)
        page.locator("main form button[type=submit]:not([hidden])").last.click()
        page.locator("[data-error-summary]").wait_for()
        found += complaints(page, lang)
    sign_in(page, town.empty)
    speak(page, lang)
    for code in ("identity", "education", "employment", "household", "lease", "bank", "declaration"):
        page.goto(f"/applications/{town.fresh}/pages/{code}")
        page.locator(".portal-actions button").first.click()
        page.locator("[data-error-summary]").wait_for()
        found += complaints(page, lang)
    page.goto(f"/applications/{town.fresh}/documents")
    page.locator(".portal-file__form button").first.click()
    page.locator("[data-error-summary]").wait_for()
    found += complaints(page, lang)
    for path in (f"/applications/{town.fresh}", f"/applications/{town.fresh}/check", "/inbox", "/applications/"):
        page.goto(path)
        found += complaints(page, lang)
    assert found == []


@pytest.mark.parametrize("reader", ["zh-phone", "en-desk"])
def test_officers_forms_with_mistakes(reader: str, town: Town, live: Live, new_page: NewPage) -> None:
    lang, size = READERS[reader]
    page = new_page(lang, size)
    sign_in_as_officer(page, live.staff("何审批", "intake_officer", "reviewer", "approver"))
    speak(page, lang)
    found = []
    for ref, action in ((town.waiting, "ask_correction"), (town.deciding, "refuse")):
        page.goto(f"/staff/cases/{ref}")
        page.locator(f"form[action$='/{action}'] button").last.click()
        page.locator("[data-error-summary]").wait_for()
        found += complaints(page, lang)
    page.goto(f"/staff/cases/{town.deciding}")
    page.locator("input[value=R12]").check()
    page.locator("form[action$='/refuse'] button").last.click()
    page.locator("h1").wait_for()
    assert page.url.endswith("/check/refuse")
    found += complaints(page, lang)
    assert found == []
