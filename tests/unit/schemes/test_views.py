"""The public pages and the pre-check."""

import pytest
import time_machine
from flask.testing import FlaskClient

from housing_portal.core.access import declared_access
from housing_portal.schemes.views import catalogue, home, precheck, precheck_start, scheme

ANSWERS = {
    "identity_age": "30",
    "education_level": "master",
    "identity_blacklisted": "no",
    "employment_contract_type": "fixed_term",
    "employment_contract_end-year": "2028",
    "employment_contract_end-month": "1",
    "employment_contract_end-day": "14",
    "social_insurance_continuous_months": "13",
    "social_insurance_payer_is_employer": "yes",
    "household_marital_status": "single",
    "household_homes_in_city": "0",
    "household_public_rental_tenancy": "no",
    "household_receives_other_support": "no",
    "household_support_months_received": "0",
    "lease_monthly_rent": "1500",
    "lease_sharers": "2",
    "lease_start": "2025-07-01",
    "lease_end": "2027-06-30",
    "lease_filed": "yes",
    "lease_landlord_is_relative": "no",
    "lease_landlord_is_employer": "no",
    "declaration_authorises_checks": "yes",
}


@pytest.fixture(autouse=True)
def _on_2_march_2026() -> object:
    with time_machine.travel("2026-03-02T02:00:00Z"):
        yield


@pytest.mark.parametrize("view", [home, catalogue, scheme, precheck_start, precheck])
def test_the_pages_are_public(view: object) -> None:
    declared = declared_access(view)  # type: ignore[arg-type]
    assert declared is not None
    assert declared.audience == "public"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/", "/schemes", "/schemes/rent_by_education", "/schemes/rent_by_education/check"])
def test_pages_have_one_heading_and_no_gap(client: FlaskClient, path: str, lang: str) -> None:
    page = client.get(f"{path}?lang={lang}")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert ("租房补贴" in page.text) == (lang == "zh")
    assert "示例" in page.text


def test_the_scheme_page_shows_rules_papers_and_clauses(client: FlaskClient) -> None:
    text = client.get("/schemes/rent_by_education?lang=en").text
    for words in (
        "The lease is filed",
        "Article 9, paragraph 1",
        "Labour contract",
        "20 working days",
        "(Sample)",
    ):
        assert words in text


@pytest.mark.parametrize("path", ["/schemes/none", "/schemes/none/check", "/schemes/..%2f..%2fetc"])
def test_an_unknown_scheme_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_result_needs_only_the_employer_check(client: FlaskClient) -> None:
    page = client.post("/schemes/rent_by_education/check?lang=en", data=ANSWERS)
    assert page.status_code == 200
    assert "You may qualify; some points are still open" in page.text
    assert "The office checks this: Employer meets the basic conditions." in page.text
    assert "¥750 a month for 15 months" in page.text
    assert "What is not met" not in page.text


def test_the_result_tells_what_is_not_met_and_what_mends_it(client: FlaskClient) -> None:
    changed = ANSWERS | {"lease_filed": "no", "education_level": "associate"}
    text = client.post("/schemes/rent_by_education/check?lang=en", data=changed).text
    assert "You do not seem to qualify now" in text
    assert "File the lease with your landlord at the housing authority or online." in text
    assert "You can apply once you hold a bachelor" in text


def test_nothing_is_needed_and_nothing_is_kept(client: FlaskClient) -> None:
    page = client.post("/schemes/rent_by_education/check?lang=en", data={})
    assert page.status_code == 200
    assert "The amount cannot be computed in full yet: some answers are missing." in page.text
    client.post("/schemes/rent_by_education/check?lang=en", data=ANSWERS)
    with client.session_transaction() as session:
        assert not set(session) - {"csrf_token"}


def test_a_mistake_is_shown_at_its_field(client: FlaskClient) -> None:
    page = client.post("/schemes/rent_by_education/check?lang=en", data=ANSWERS | {"lease_sharers": "two"})
    assert page.status_code == 422
    assert "Enter a whole number, such as 6" in page.text
    assert 'value="two"' in page.text


def test_typed_markup_is_escaped(client: FlaskClient) -> None:
    page = client.post("/schemes/rent_by_education/check", data={"lease_monthly_rent": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text
