"""The finder through a browser's eyes, in both languages; and that it leaves nothing behind."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from housing_portal.core.db import commit, db, writing
from housing_portal.schemes.models import SchemeVersion
from housing_portal.schemes.policy_terms import Window
from housing_portal.schemes.queries import current_version
from tests.client import PortalClient
from tests.factories.city import City
from tests.factories.journey import as_applicant

FIRST = {
    "identity_age": "28",
    "education_level": "master",
    "education_tier": "none",
    "identity_blacklisted": "no",
    "employment_contract_type": "open_ended",
    "social_insurance_continuous_months": "13",
    "social_insurance_payer_is_employer": "yes",
    "household_homes_in_city": "0",
    "household_public_rental_tenancy": "no",
    "household_receives_other_support": "no",
    "household_support_months_received": "0",
}
MORE = {
    "education_graduation_date-year": "2019",
    "education_graduation_date-month": "6",
    "education_graduation_date-day": "30",
    "settlement_first_time_in_district": "yes",
    "settlement_similar_grants_received": "0",
}
COMPANY = {
    "company_industry": "i65",
    "company_all_in_district": "yes",
    "company_software_revenue_percent": "80",
    "company_insured_headcount": "40",
    "company_statistics_filed": "yes",
    "company_credit_clear": "yes",
    "company_moved_in_on": "2025-11-03",
}
STAFF = {"master": "4", "bachelor": "6", "renting": "5", "rent_share": "750"}


@pytest.fixture(autouse=True)
def _on_2_march_2026() -> object:
    with time_machine.travel("2026-03-02T02:00:00Z"):
        yield


def words(answer: TestResponse) -> str:
    """A page as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


@pytest.mark.parametrize(("lang", "expected"), [
    ("en", [
        "5 of 8 kinds of support may be open to you",
        "Settlement grant ¥20,000",
        "You seem to qualify",
        "¥20,000 once",
        "The office checks Employer meets the basic conditions",
        "You can apply once you are assessed as tier B or C.",
        "Only one rent subsidy or talent apartment at a time; months are counted together; the highest applies.",
        "Answer these to know more",
        "sample catalogue, not a published policy",
    ]),
    ("zh", [
        "8项政策中，您可能符合5项",
        "安家补贴 ¥20,000",
        "您看来符合条件",
        "一次性¥20,000",
        "由经办部门核实 用人单位是否符合基本条件",
        "取得B类或C类人才认定后可以申请。",
        "租房补贴和人才公寓同一时间只能享受一项，月数合并计算，从高不重复。",
        "继续回答，结果更准确",
        "示例目录，非已发布政策",
    ]),
])  # fmt: skip
def test_a_few_answers_lead_to_all_schemes(app: Flask, city: City, lang: str, expected: list[str]) -> None:
    client = PortalClient(app, lang)
    page = words(client.post("/find/practitioner", FIRST | MORE, 200))
    assert [sentence for sentence in expected if sentence not in page] == []


def test_the_first_page_asks_little_and_the_rest_is_folded(client: PortalClient, city: City) -> None:
    body = client.get("/find/practitioner").get_data(as_text=True)
    before, _fold, after = body.partition("Answer more, for exact amounts")
    assert 'name="education_level"' in before
    assert 'name="lease_monthly_rent"' not in before
    assert 'name="lease_monthly_rent"' in after
    assert "authorises_checks" not in body  # consent is given when one applies
    assert "employer_meets_basic_conditions" not in body  # the office's business


def test_next_questions_come_with_the_earlier_answers(client: PortalClient, city: City) -> None:
    body = client.post("/find/practitioner", FIRST, 200).get_data(as_text=True)
    assert re.search(r'<input type="hidden" name="identity_age" value="28">', body)
    more = body.partition('id="more"')[2]
    assert 'name="education_graduation_date-year"' in more
    assert 'type="hidden" name="education_graduation_date' not in more


def test_back_keeps_everything_as_it_was_typed(client: PortalClient, city: City) -> None:
    typed = FIRST | {"lease_monthly_rent": "1500", "household_homes_in_city": "none"}
    refused = client.post("/find/practitioner", typed, 422).get_data(as_text=True)
    assert 'value="none"' in refused
    back = client.post("/find/practitioner", typed | {"change": "1"}, 200).get_data(as_text=True)
    assert 'value="1500"' in back
    assert 'value="none"' in back
    assert re.search(r'value="master"\s+checked', back)
    assert '<details class="govuk-details" open' in back  # something folded was answered


def test_nothing_answered(client: PortalClient, city: City) -> None:
    page = words(client.post("/find/company", {}, 200))
    assert "You have not answered anything yet" in page
    assert "The combination that pays most" not in page
    check = words(client.post("/schemes/rent_by_education/check", {}, 200))
    assert "You have not answered anything yet" in check
    assert "Your answer" not in check


def test_a_rule_speaks_in_its_own_words(client: PortalClient, city: City) -> None:
    page = words(client.post("/schemes/rent_by_education/check", {"lease_filed": "no"}, 200))
    assert "The lease is filed Your answer No Article 9, paragraph 1" in page


def test_a_company_sees_its_premises_compete(client: PortalClient, city: City) -> None:
    answers = COMPANY | {
        "premises_area": "300",
        "premises_self_used": "yes",
        "premises_other_support": "none",
        "premises_support_months_received": "0",
        "premises_rent_price": "50",
        "premises_guide_price": "40",
        "premises_lease_start": "2026-01-01",
        "premises_lease_end": "2029-12-31",
    }
    page = words(client.post("/find/company", answers, 200))
    # progressive: 50 x 0.9 x 300 = 13,500 a month, 162,000 a year, 36 months = 486,000
    assert "Office rent subsidy, progressive ¥486,000" in page
    # flat: 300 m2 at 30, 20, 15 = (9,000 + 6,000 + 4,500) x 12 = 234,000, and both cannot be had
    assert "Office rent subsidy, flat (¥234,000 alone)" in page


@pytest.mark.parametrize(("lang", "expected"), [
    ("en", ["10 of 10 people seem to qualify for something.", "Rent subsidy by education 5 0 ¥39,600 ¥118,800",
            "depends on the person", "What the estimate assumes", "Your company meets the basic conditions."]),
    ("zh", ["10名员工中，10人看来至少符合一项。", "租房补贴（按学历） 5 0 ¥39,600 ¥118,800", "因人而异", "估算假设",
            "企业符合基本条件。"]),
])  # fmt: skip
def test_hr_gets_an_estimate_by_scheme(app: Flask, city: City, lang: str, expected: list[str]) -> None:
    """2 masters at ¥750 and 3 bachelors at ¥600 a month rent a home: 3,300 x 12 = 39,600 a year."""
    page = words(PortalClient(app, lang).post("/find/staff", STAFF | COMPANY, 200))
    assert [sentence for sentence in expected if sentence not in page] == []


def test_hr_cannot_count_more_people_than_there_are(client: PortalClient, city: City) -> None:
    page = client.post("/find/staff", STAFF | {"owning": "6"}, 422).get_data(as_text=True)
    assert "That makes more people than the 10 staff stated above" in page
    assert 'value="750"' in page
    back = client.post("/find/staff", STAFF | COMPANY | {"change": "1"}, 200).get_data(as_text=True)
    assert 'value="750"' in back
    assert re.search(r'value="i65"\s+checked', back)


def test_a_company_outside_the_basics_closes_the_schemes_to_its_staff(client: PortalClient, city: City) -> None:
    page = words(client.post("/find/staff", STAFF | COMPANY | {"company_industry": "other"}, 200))
    assert "Your company does not meet the basic conditions now" in page
    assert "Rent subsidy by education 0 0" in page


def test_no_row_is_written_and_no_answer_is_in_a_log(
    app: Flask, city: City, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client = PortalClient(app)
    secret = {"education_graduation_date-year": "1987", "lease_monthly_rent": "1234.56", "identity_age": "59"}
    before = rows(app)
    capfd.readouterr()
    for path, answers in (
        ("/find/practitioner", FIRST | MORE | secret),
        ("/find/practitioner", FIRST | secret | {"household_homes_in_city": "8765x"}),
        ("/find/company", COMPANY | {"premises_area": "8765.43"}),
        ("/find/staff", STAFF | {"rent_share": "1234.56"}),
        ("/schemes/rent_by_education/check", FIRST | secret),
    ):
        client.post(path, answers, None)
    assert rows(app) == before
    told = "".join(capfd.readouterr()) + caplog.text
    for answer in ("1987", "1234.56", "8765"):
        assert answer not in told
    with client.http.session_transaction() as session:
        assert set(session) <= {"lang", "csrf_token"}


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in db.metadata.sorted_tables
        }


def test_typed_markup_is_escaped(client: PortalClient, city: City) -> None:
    page = client.post("/find/practitioner", {"lease_monthly_rent": '"><script>alert(1)</script>'}, 422)
    assert "<script>alert" not in page.get_data(as_text=True)


# -- the catalogue, and windows ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 13),
        ("?for=practitioner", 8),
        ("?for=company", 5),
        ("?kind=furnishing", 2),
        ("?for=company&kind=rent", 2),
        ("?for=nobody&kind=none", 13),
    ],
)
def test_the_catalogue_is_filtered_by_its_address(client: PortalClient, city: City, query: str, count: int) -> None:
    body = client.get(f"/schemes{query}").get_data(as_text=True)
    assert body.count('class="portal-scheme"') == count


def test_a_scheme_page_says_the_rest(client: PortalClient, city: City) -> None:
    page = words(client.get("/schemes/talent_apartment"))
    assert "1,200 places a year." in page
    assert "Waiting list : When the homes are used up" in page.replace("list: ", "list : ")
    assert "Every 3 months the employer" in page
    buying = words(client.get("/schemes/home_purchase"))
    assert "All of it is paid back (within 60 months)" in buying


def only_in_autumn(app: Flask) -> None:
    """A next version of the rent subsidy that takes applications in September only."""
    with app.app_context(), writing():
        now = current_version("rent_by_education")
        assert now is not None
        window = Window(opens=date(2026, 9, 1), closes=date(2026, 9, 30))
        content = now.definition().model_copy(update={"windows": (window,)}).model_dump_json()
        db.session.add(
            SchemeVersion(
                scheme_code=now.scheme_code,
                number=now.number + 1,
                definition_json=content,
                content_hash=hashlib.sha256(content.encode()).hexdigest(),
                valid_from=now.valid_from,
                valid_to=now.valid_to,
            )
        )
        commit()


def test_outside_its_window_a_scheme_is_shown_and_cannot_be_applied_for(app: Flask, city: City) -> None:
    only_in_autumn(app)
    client = as_applicant(app, city)
    body = client.get("/schemes/rent_by_education").get_data(as_text=True)
    assert "The next window opens on 1 September 2026." in body
    assert "/applications/start/rent_by_education" not in body
    found = client.post("/find/practitioner", FIRST, 200).get_data(as_text=True)
    assert "Applications open on 1 September 2026" in found
    assert "/applications/start/rent_by_education" not in found
    assert client.get("/applications/start/rent_by_education", 303).location == "/schemes/rent_by_education"
    client.post("/applications/start/rent_by_education", {"district": "500901"}, 303)
    assert rows(app)["application"] == 0
    with time_machine.travel("2026-09-30T02:00:00Z"):
        again = as_applicant(app, city)
        assert "/applications/start/rent_by_education" in again.get("/schemes/rent_by_education").get_data(as_text=True)
        again.get("/applications/start/rent_by_education")
