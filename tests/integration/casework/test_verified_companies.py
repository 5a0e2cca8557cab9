"""Verified facts of companies: registers that know the staff, and what only the office knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from housing_portal.casework.models import Case
from housing_portal.certificates.models import Paper
from housing_portal.core.db import db
from tests.client import PortalClient
from tests.factories.city import City
from tests.factories.companies import agent_answers, company_submitted
from tests.factories.journey import as_applicant, as_staff, run_worker, step, version_of
from tests.factories.registers import csv, imported

USCC = agent_answers()["company.uscc"]


def text(client: PortalClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def row(page: str, fact: str) -> str:
    """The row of one fact on the page of verified facts."""
    return page.split(f'id="fact-{fact.replace(".", "-")}"')[1].split("</tr>")[0]


def in_review(app: Flask, city: City, scheme: str, email: str = "hr@demo.example") -> str:
    """A company's application that the reviewer has now."""
    ref = company_submitted(as_applicant(app, city), scheme, agent_answers(email))
    step(as_staff(app, city.intake), ref, "accept", "accept")
    return ref


def state(client: PortalClient, ref: str, fact: str, value: str, note: str = "") -> None:
    data = {"version": version_of(client.app, ref), fact.replace(".", "_"): value, "note": note}
    client.post(f"/staff/cases/{ref}/verification/facts/{fact}", data)


def look_up(client: PortalClient, ref: str) -> str:
    client.post(f"/staff/cases/{ref}/verification/registers", {"version": version_of(client.app, ref)})
    return text(client, f"/staff/cases/{ref}/verification")


def test_a_register_that_knows_fewer_insured_staff_decides_the_amount(app: Flask, city: City, tmp_path: Path) -> None:
    imported(app, "social_insurance", csv(tmp_path, "staff.csv", "uscc,company.insured_headcount", f"{USCC},17"))
    ref = in_review(app, city, "office_rent_flat")
    reviewer = as_staff(app, city.reviewer)
    before = text(reviewer, f"/staff/cases/{ref}/verification")
    assert "43 people" in row(before, "company.insured_headcount")  # the lowest of the months declared
    page = look_up(reviewer, ref)
    assert "Differs" in row(page, "company.insured_headcount")
    assert "17 people" in row(page, "company.insured_headcount")
    changed = page.split("What verifying changed")[1]
    assert "¥" in changed  # 15 m2 a person count, so fewer people are less money
    case = text(reviewer, f"/staff/cases/{ref}")
    assert "declared 43 people, verified 17 people" in case


def test_a_verified_share_of_software_is_not_computed_again_from_the_accounts(
    app: Flask, city: City, tmp_path: Path
) -> None:
    header = "uscc,company.tax_paid_last_year,company.software_revenue_percent"
    imported(app, "tax", csv(tmp_path, "tax.csv", header, f"{USCC},220000,41.5"))
    header = "uscc,company.credit_clear,company.all_in_district,company.industry"
    imported(app, "business_register", csv(tmp_path, "firms.csv", header, f"{USCC},yes,yes,i65"))
    ref = in_review(app, city, "office_fitout")
    reviewer = as_staff(app, city.reviewer)
    page = look_up(reviewer, ref)
    assert "Differs" in row(page, "company.software_revenue_percent")
    for fact in ("company.credit_clear", "company.all_in_district", "company.industry"):
        assert "Agrees" in row(page, fact)
    rules = text(reviewer, f"/staff/cases/{ref}").split("What the rules say")[1].split("rules are met")[0]
    assert "At least 50% of last year" in rules
    assert "Not met" in rules
    state(reviewer, ref, "company.software_revenue_percent", "62", "Audited accounts, note 31: licences count too")
    rules = text(reviewer, f"/staff/cases/{ref}").split("What the rules say")[1].split("rules are met")[0]
    assert "At least 50% of last year" not in rules


def test_a_company_that_has_not_agreed_is_looked_up_nowhere(app: Flask, city: City, tmp_path: Path) -> None:
    imported(app, "social_insurance", csv(tmp_path, "staff.csv", "uscc,company.insured_headcount", f"{USCC},17"))
    answers = agent_answers(declaration__company_authorises_checks=False)
    ref = company_submitted(as_applicant(app, city), "office_fitout", answers)
    page = look_up(as_staff(app, city.intake), ref)
    assert "has not agreed to the checks" in page
    assert "The registers were not checked in this case yet" in page


@pytest.mark.parametrize(
    ("scheme", "email", "fact", "label", "value", "granted"),
    [
        # 600 m2 at 90%; 1.3 times the guide price of 40 is less than the contract's 55
        (
            "office_rent_progressive",
            "hr@demo.example",
            "premises.guide_price",
            "Guide rent of the area",
            "40",
            "¥28,080",
        ),
        # 40% of the assessed rent
        (
            "state_owned_premises",
            "qiming.huo@demo.example",
            "premises.assessed_rent",
            "Assessed rent a month",
            "26600",
            "¥10,640",
        ),
    ],
)
def test_what_only_the_office_knows_is_stated_before_the_case_can_be_approved(
    app: Flask, city: City, scheme: str, email: str, fact: str, label: str, value: str, granted: str
) -> None:
    ref = in_review(app, city, scheme, email)
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="approve", opinion="Visited, in use.")
    approver = as_staff(app, city.approver)
    page = text(approver, f"/staff/cases/{ref}")
    missing = page.split('aria-label="The amount is not known yet"')[1].split("</section>")[0]
    assert label in missing
    assert f"/staff/cases/{ref}/verification/facts/{fact}" in missing
    assert "Check before you approve" not in page
    refused = step(approver, ref, "approve", "approve", 409).get_data(as_text=True)
    assert f"The amount is not known yet. Missing: {label}" in refused

    state(approver, ref, fact, value, "Notice of the district, page 12")
    known = text(approver, f"/staff/cases/{ref}/verification")
    assert "Known only to the office" in known
    assert "Notice of the district" in row(known, fact)
    assert "The amount is not known yet" not in text(approver, f"/staff/cases/{ref}")
    step(approver, ref, "approve", "approve")
    run_worker(app)
    with app.app_context():
        assert db.session.scalars(select(Case)).one().status == "APPROVED"
        paper = db.session.scalars(select(Paper).where(Paper.kind == "certificate")).one()
        address = f"/verify/{paper.serial}/{paper.code}"
    assert granted in text(PortalClient(app, "en"), address)


def test_an_officer_states_the_invoices_row_by_row(app: Flask, city: City) -> None:
    ref = in_review(app, city, "office_fitout")
    reviewer = as_staff(app, city.reviewer)
    address = f"/staff/cases/{ref}/verification/facts/fitout.invoices"
    page = text(reviewer, address)
    assert 'name="fitout_invoices-1-invoice_number"' in page  # filled with what was declared
    seen = {
        "version": version_of(app, ref),
        "note": "The second invoice is for other premises",
        "fitout_invoices-0-invoice_number": "24502000000088001234",
        "fitout_invoices-0-invoice_seller": "云江筑景装饰工程有限公司",
        "fitout_invoices-0-invoice_issued_on-year": "2026",
        "fitout_invoices-0-invoice_issued_on-month": "3",
        "fitout_invoices-0-invoice_issued_on-day": "2",
        "fitout_invoices-0-invoice_amount": "252000",
    }
    more = reviewer.post(address, seen | {"add_row": "fitout_invoices"}, 422).get_data(as_text=True)
    assert 'name="fitout_invoices-1-invoice_number"' in more
    assert "The second invoice is for other premises" in more  # a new row keeps what was typed
    wrong = reviewer.post(address, seen | {"fitout_invoices-0-invoice_amount": "much"}, 422).get_data(as_text=True)
    assert "Enter a number" in wrong
    reviewer.post(address, seen)
    page = text(reviewer, f"/staff/cases/{ref}/verification")
    assert "Differs" in row(page, "fitout.invoices")
    assert "The second invoice is for other premises" in row(page, "fitout.invoices")
    rules = text(reviewer, f"/staff/cases/{ref}").split("What the rules say")[1].split("rules are met")[0]
    assert "Not met" in rules  # one invoice of 252,000 does not cover the audited cost of 312,000
