"""Nobody by default: every route has a row here, and real requests of every role meet it.

A row says what each role gets. Somebody else's object is 404, never 403: it is simply not found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from housing_portal.core.access import declared_access
from tests.client import PortalClient
from tests.conftest import _portal
from tests.factories.city import City, build_city
from tests.factories.journey import as_applicant, as_staff
from tests.factories.world import World, build_world

ROLES = (
    "anonymous", "applicant", "other_applicant", "intake", "reviewer", "approver", "elsewhere", "auditor",
    "manager", "district_manager",
)  # fmt: skip
IN, OK, NO, GONE = "sign in", "ok", 403, 404

EVERYBODY = dict.fromkeys(ROLES, OK)
SIGNED_IN = EVERYBODY | {"anonymous": IN}
APPLICANTS = SIGNED_IN | {"intake": NO, "reviewer": NO, "approver": NO, "elsewhere": NO, "auditor": NO}
APPLICANTS |= {"manager": NO, "district_manager": NO}
OWNER = APPLICANTS | {"other_applicant": GONE}
STAFF = SIGNED_IN | {"applicant": NO, "other_applicant": NO, "manager": NO, "district_manager": NO}
DISTRICT = STAFF | {"elsewhere": GONE}

# The workbench: managers work, the auditor reads, nobody else comes in.
MANAGERS = dict.fromkeys(ROLES, NO) | {"anonymous": IN, "manager": OK, "district_manager": OK}
READERS = MANAGERS | {"auditor": OK}
# The author's own steps, and those of a second person of the whole city: here the manager is the author.
AUTHOR = MANAGERS | {"district_manager": NO}
SECOND = MANAGERS | {"manager": NO, "district_manager": NO}
# A simulation of the whole city is not found by the manager of one district.
CITY_WIDE = READERS | {"district_manager": GONE}


def only(*roles: str) -> dict[str, object]:
    """A step of one role, in its own district."""
    return {role: DISTRICT[role] if role in (*roles, "anonymous", "elsewhere") else NO for role in ROLES}


# method, endpoint → path with {places}, who gets what
MATRIX: dict[tuple[str, str], tuple[str, dict[str, object]]] = {
    ("GET", "schemes.home"): ("/", EVERYBODY),
    ("GET", "schemes.catalogue"): ("/schemes", EVERYBODY),
    ("GET", "schemes.scheme"): ("/schemes/rent_by_education", EVERYBODY),
    ("GET", "schemes.precheck_start"): ("/schemes/rent_by_education/check", EVERYBODY),
    ("POST", "schemes.precheck"): ("/schemes/rent_by_education/check", EVERYBODY),
    ("GET", "finder.doors"): ("/find", EVERYBODY),
    ("GET", "finder.questions"): ("/find/practitioner", EVERYBODY),
    ("POST", "finder.result"): ("/find/company", EVERYBODY),
    ("GET", "finder.staff"): ("/find/staff", EVERYBODY),
    ("POST", "finder.staff_result"): ("/find/staff", EVERYBODY),
    ("GET", "core.healthz"): ("/healthz", EVERYBODY),
    ("GET", "core.robots"): ("/robots.txt", EVERYBODY),
    ("POST", "core.set_language"): ("/language", EVERYBODY),
    ("GET", "accounts.register"): ("/register", EVERYBODY),
    ("POST", "accounts.register"): ("/register", EVERYBODY),
    ("GET", "accounts.check_mail"): ("/register/sent", EVERYBODY),
    ("GET", "accounts.confirm"): ("/confirm/nothing", dict.fromkeys(ROLES, 410)),
    ("POST", "accounts.confirm"): ("/confirm/nothing", dict.fromkeys(ROLES, 410)),
    ("GET", "accounts.sign_in"): ("/sign-in", EVERYBODY),
    ("POST", "accounts.sign_in"): ("/sign-in", EVERYBODY),
    ("GET", "accounts.second_factor"): ("/sign-in/code", EVERYBODY),
    ("POST", "accounts.second_factor"): ("/sign-in/code", EVERYBODY),
    ("GET", "accounts.set_up_second_factor"): ("/account/second-factor", SIGNED_IN),
    ("POST", "accounts.set_up_second_factor"): ("/account/second-factor", SIGNED_IN),
    ("GET", "accounts.start"): ("/start", SIGNED_IN),
    ("GET", "accounts.forgotten"): ("/password/forgotten", EVERYBODY),
    ("POST", "accounts.forgotten"): ("/password/forgotten", EVERYBODY),
    ("GET", "accounts.new_password"): ("/password/new/nothing", dict.fromkeys(ROLES, 410)),
    ("POST", "accounts.new_password"): ("/password/new/nothing", dict.fromkeys(ROLES, 410)),
    ("GET", "registry.search_companies"): ("/companies/search?q=xing", APPLICANTS),
    ("GET", "applications.start"): ("/applications/start/rent_by_education", APPLICANTS),
    ("POST", "applications.start"): ("/applications/start/rent_by_education", APPLICANTS),
    ("GET", "applications.overview"): ("/applications/{draft}", OWNER),
    ("GET", "applications.page"): ("/applications/{draft}/pages/lease", OWNER),
    ("POST", "applications.page"): ("/applications/{draft}/pages/lease", OWNER),
    ("GET", "applications.documents"): ("/applications/{draft}/documents", OWNER),
    ("POST", "applications.add_document"): ("/applications/{draft}/documents/lease", OWNER),
    ("POST", "applications.remove_document"): ("/applications/{ref}/documents/{upload}/remove", OWNER),
    ("GET", "applications.document"): ("/applications/{ref}/documents/{upload}/file", OWNER),
    ("GET", "applications.document_page"): ("/applications/{ref}/documents/{upload}/pages/1", OWNER),
    ("GET", "applications.check"): ("/applications/{draft}/check", OWNER),
    ("GET", "applications.delete"): ("/applications/{draft}/delete", OWNER),
    ("POST", "applications.delete"): ("/applications/{draft}/delete", OWNER),
    ("GET", "casework.index"): ("/applications/", APPLICANTS),
    ("POST", "casework.submit"): ("/applications/{draft}/submit", OWNER),
    ("GET", "casework.status"): ("/applications/{ref}/status", OWNER),
    ("GET", "casework.handed_in"): ("/applications/{ref}/handed-in", OWNER),
    ("GET", "casework.withdraw"): ("/applications/{ref}/withdraw", OWNER),
    ("POST", "casework.withdraw"): ("/applications/{ref}/withdraw", OWNER),
    ("POST", "casework.more_time"): ("/applications/{ref}/more-time", OWNER),
    ("GET", "staff.queue"): ("/staff/cases", STAFF),
    ("GET", "staff.case"): ("/staff/cases/{ref}", DISTRICT),
    ("POST", "staff.claim"): ("/staff/cases/{ref}/claim", only("intake", "reviewer", "approver")),
    ("POST", "staff.accept"): ("/staff/cases/{ref}/accept", only("intake")),
    ("POST", "staff.ask_correction"): ("/staff/cases/{ref}/ask-correction", only("intake")),
    ("POST", "staff.give_opinion"): ("/staff/cases/{ref}/opinion", only("reviewer")),
    ("GET", "decisions.check"): ("/staff/cases/{ref}/check/approve", only("intake", "approver")),
    ("POST", "decisions.prepare"): ("/staff/cases/{ref}/check/approve", only("intake", "approver")),
    ("POST", "decisions.approve"): ("/staff/cases/{ref}/approve", only("approver")),
    ("POST", "decisions.refuse"): ("/staff/cases/{ref}/refuse", only("approver")),
    ("POST", "decisions.confirm"): ("/staff/cases/{ref}/confirm", only("approver")),
    ("POST", "decisions.send_back"): ("/staff/cases/{ref}/send-back", only("approver")),
    ("GET", "verification.page"): ("/staff/cases/{ref}/verification", DISTRICT),
    ("POST", "verification.look_up"): (
        "/staff/cases/{ref}/verification/registers",
        only("intake", "reviewer", "approver"),
    ),
    ("POST", "verification.agree"): ("/staff/cases/{ref}/verification/agree", only("intake", "reviewer", "approver")),
    # The case of the matrix is closed: nobody has to act, so nobody may verify. Whose turn it is has its own test.
    ("GET", "verification.fact"): ("/staff/cases/{ref}/verification/facts/lease.area", only()),
    ("POST", "verification.state"): ("/staff/cases/{ref}/verification/facts/lease.area", only()),
    ("POST", "staff.unmask"): ("/staff/cases/{ref}/unmask", DISTRICT),
    ("GET", "staff.document"): ("/staff/cases/{ref}/documents/{upload}", DISTRICT),
    ("GET", "staff.document_page"): ("/staff/cases/{ref}/documents/{upload}/pages/1", DISTRICT),
    ("GET", "payments.budget"): ("/staff/budget", STAFF | {"intake": NO, "reviewer": NO}),
    ("GET", "certificates.verify"): ("/verify", EVERYBODY),
    ("POST", "certificates.verify"): ("/verify", EVERYBODY),
    ("GET", "certificates.verify_code"): ("/verify/{serial}/{code}", EVERYBODY),
    ("GET", "certificates.download"): ("/papers/{code}/file", OWNER),
    ("GET", "certificates.staff_download"): ("/staff/papers/{code}/file", DISTRICT),
    ("GET", "notices.inbox"): ("/inbox", APPLICANTS),
    ("POST", "notices.open_message"): ("/inbox/{message}", OWNER),
    ("GET", "notices.demo_mail"): ("/demo/mail", EVERYBODY),
    ("GET", "demo.codes"): ("/demo/codes", EVERYBODY),
    ("POST", "applications.confirm_version"): ("/applications/{draft}/version", OWNER),
    ("GET", "workbench.index"): ("/workbench/", READERS),
    ("GET", "workbench.scheme"): ("/workbench/schemes/rent_by_education", READERS),
    ("GET", "workbench.compare"): ("/workbench/schemes/rent_by_education/compare", READERS),
    ("POST", "workbench.start_draft"): ("/workbench/schemes/rent_by_education/versions/1/drafts", MANAGERS),
    ("POST", "workbench.copy_scheme"): ("/workbench/schemes/rent_by_education/copies", MANAGERS),
    ("GET", "workbench.withdraw"): ("/workbench/schemes/rent_by_education/versions/1/withdraw", AUTHOR),
    ("POST", "workbench.withdraw"): ("/workbench/schemes/rent_by_education/versions/1/withdraw", AUTHOR),
    ("GET", "workbench.draft"): ("/workbench/drafts/{scheme_draft}", READERS),
    ("GET", "workbench.form"): ("/workbench/drafts/{scheme_draft}/form/amounts", READERS),
    ("POST", "workbench.save_form"): ("/workbench/drafts/{scheme_draft}/form/amounts", AUTHOR),
    ("GET", "workbench.text"): ("/workbench/drafts/{scheme_draft}/text", READERS),
    ("POST", "workbench.save_text"): ("/workbench/drafts/{scheme_draft}/text", MANAGERS),
    ("GET", "workbench.difference"): ("/workbench/drafts/{scheme_draft}/difference", READERS),
    ("GET", "workbench.preview"): ("/workbench/drafts/{scheme_draft}/preview", READERS),
    ("GET", "workbench.preview_page"): ("/workbench/drafts/{scheme_draft}/preview/pages/lease", READERS),
    ("GET", "workbench.preview_check"): ("/workbench/drafts/{scheme_draft}/preview/check", READERS),
    ("POST", "workbench.preview_check"): ("/workbench/drafts/{scheme_draft}/preview/check", READERS),
    ("GET", "workbench.paper"): ("/workbench/drafts/{scheme_draft}/papers/certificate", READERS),
    ("POST", "workbench.ask_paper"): ("/workbench/drafts/{scheme_draft}/papers/certificate", MANAGERS),
    ("GET", "workbench.paper_file"): ("/workbench/drafts/{scheme_draft}/papers/certificate/file", READERS),
    ("POST", "workbench.simulate"): ("/workbench/drafts/{scheme_draft}/simulations", MANAGERS),
    ("GET", "workbench.simulation"): ("/workbench/simulations/{simulation}", CITY_WIDE),
    ("GET", "workbench.simulation_changes"): ("/workbench/simulations/{simulation}/applications", CITY_WIDE),
    ("GET", "workbench.simulation_file"): ("/workbench/simulations/{simulation}/file", CITY_WIDE),
    ("POST", "workbench.cancel_simulation"): (
        "/workbench/simulations/{simulation}/cancel",
        CITY_WIDE | {"auditor": NO},
    ),
    ("POST", "workbench.propose"): ("/workbench/drafts/{scheme_draft}/propose", MANAGERS),
    ("POST", "workbench.take_back"): ("/workbench/drafts/{scheme_draft}/take-back", MANAGERS),
    ("POST", "workbench.rebase"): ("/workbench/drafts/{scheme_draft}/rebase", AUTHOR),
    ("POST", "workbench.send_back"): ("/workbench/drafts/{scheme_draft}/send-back", MANAGERS),
    ("POST", "workbench.publish"): ("/workbench/drafts/{scheme_draft}/publish", MANAGERS),
    ("POST", "workbench.discard"): ("/workbench/drafts/{proposed_draft}/discard", SECOND),
    ("POST", "accounts.sign_out"): ("/sign-out", SIGNED_IN),
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, City, World]]:
    """One world for the whole matrix: nothing in it changes the case, which is closed."""
    folder: Path = tmp_path_factory.mktemp("access")
    for app in _portal(folder, f"sqlite:///{folder / 'portal.sqlite3'}"):
        city = build_city(app)
        yield app, city, build_world(app, city)


def _as(role: str, app: Flask, city: City) -> PortalClient:
    if role == "anonymous":
        return PortalClient(app)
    if role == "applicant":
        return as_applicant(app, city)
    return as_staff(app, getattr(city, role)) if role != "other_applicant" else _other(app, city)


def _other(app: Flask, city: City) -> PortalClient:
    from tests.factories.city import PASSWORD

    return PortalClient(app).sign_in(city.other_applicant, PASSWORD)


def test_every_route_has_a_row_and_a_declaration(portal: tuple[Flask, City, World]) -> None:
    app, _city, _world = portal
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.endswith("static")
    }
    assert routes == set(MATRIX)
    undeclared = [endpoint for _m, endpoint in routes if declared_access(app.view_functions[endpoint]) is None]
    assert undeclared == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_matrix_says(role: str, portal: tuple[Flask, City, World]) -> None:
    app, city, world = portal
    client = _as(role, app, city)
    wrong = []
    # Reads first, then steps; what deletes the draft or the session comes last.
    order = sorted(MATRIX, key=lambda key: (key[0] == "POST", key[1] == "accounts.sign_out"))
    for method, endpoint in order:
        if role == "applicant" and (method, endpoint) in {("POST", "applications.delete"), ("POST", "casework.submit")}:
            continue  # the owner's own right to these is shown by the story's tests
        if endpoint == "accounts.set_up_second_factor" and role in ("applicant", "other_applicant"):
            continue  # shows a secret to set up; covered by the accounts' tests
        pattern, expected = MATRIX[method, endpoint]
        path = pattern.format(
            ref=world.ref,
            draft=world.draft,
            upload=world.upload,
            code=world.paper_code,
            serial=world.paper_serial,
            message=world.message,
            scheme_draft=world.scheme_draft,
            proposed_draft=world.proposed_draft,
            simulation=world.simulation,
        )
        answer = client.get(path, None) if method == "GET" else client.post(path, {}, None)
        got: object = answer.status_code
        if 300 <= answer.status_code < 400 and "/sign-in" in answer.location and "code" not in answer.location:
            got = IN
        elif answer.status_code in (200, 302, 303, 409, 410, 422, 429) and expected[role] == OK:
            got = OK
        if got != expected[role] and not (endpoint == "accounts.second_factor" and got == IN):
            wrong.append(f"{role}: {method} {path} gives {got}, {expected[role]} expected")
    assert wrong == []


def test_a_view_without_a_declaration_is_closed(app: Flask) -> None:
    app.add_url_rule("/undeclared", "core.undeclared", lambda: "open")
    assert app.test_client().get("/undeclared").status_code == 403
