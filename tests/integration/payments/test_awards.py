"""An approval makes an award, double benefit is refused with its reason, withdrawing frees exactly its months."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from housing_portal.accounts.models import District
from housing_portal.casework import decisions
from housing_portal.casework.models import Case
from housing_portal.core import audit
from housing_portal.core.db import commit, db, writing
from housing_portal.payments import awards
from housing_portal.payments.models import Award, BenefitMonth
from tests.client import PortalClient
from tests.factories.awards import approve, resident_number, reviewed
from tests.factories.city import PASSWORD, City
from tests.factories.companies import agent_answers, company_submitted
from tests.factories.journey import as_applicant, as_staff, step

MARRIED = {
    "household__marital_status": "married",
    "household__spouse_name": "周远",
    "household__spouse_document_type": "resident_id",
    "household__spouse_authorises_checks": True,
}


def text(client: PortalClient, path: str) -> str:
    """A page as text."""
    return client.get(path).get_data(as_text=True)


def award_of(app: Flask, application_id: int) -> Award:
    """The award of an application, loaded whole."""
    with app.app_context():
        award = db.session.scalars(select(Award).join(Case).where(Case.application_id == application_id)).one()
        assert award.payments is not None
        return award


def months(app: Flask) -> int:
    """How many benefit months are taken."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(BenefitMonth)) or 0


def ref_of(app: Flask, application_id: int) -> str:
    """The reference of an application."""
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.application_id == application_id)).one()
        return case.application.ref


def test_an_approval_makes_an_award_with_months_and_payments(app: Flask, city: City) -> None:
    made = reviewed(app, city, 1)
    assert approve(app, city, made) == ""
    award = award_of(app, made)
    with app.app_context():
        first_month = f"{decisions.first_paid_month():%Y-%m}"
    assert (award.kind, award.first_month, award.state) == ("monthly", first_month, "active")
    assert award.months == len(award.payments) == months(app)
    assert {payment.amount for payment in award.payments} == {Decimal("750.00")}
    assert award.total == 750 * len(award.payments)
    assert award.payments[0].month == first_month
    page = text(as_staff(app, city.approver), f"/staff/cases/{ref_of(app, made)}")
    assert "Award and budget" in page
    assert f"{award.months} months from" in page
    with app.app_context():
        assert list(audit.verify()) == []


def test_a_refused_case_makes_none_and_one_that_is_proposed_not_yet(app: Flask, city: City) -> None:
    made = reviewed(app, city, 1, identity__blacklisted=True)
    with app.app_context(), writing():
        case = db.session.scalars(select(Case).where(Case.application_id == made)).one()
        version, ref = case.version, case.application.ref
    step(as_staff(app, city.approver), ref, "approve", "approve", version=version, note="The list is out of date.")
    assert months(app) == 0
    step(as_staff(app, city.second_approver), ref, "confirm", "confirm")
    assert months(app) == award_of(app, made).months


def test_a_second_approval_for_the_same_months_is_refused_with_the_sentence(app: Flask, city: City) -> None:
    first, second = reviewed(app, city, 1), reviewed(app, city, 1)
    assert approve(app, city, first) == ""
    before = months(app)
    ref, approver = ref_of(app, second), as_staff(app, city.approver)
    assert "An approval would be a double benefit" in text(approver, f"/staff/cases/{ref}")  # seen before it is tried
    page = step(approver, ref, "check/approve", "approve", 409).get_data(as_text=True)
    assert "Double benefit: “Rent subsidy by education” is granted already for" in page
    assert "(the applicant)" in page
    assert ref_of(app, first)[:5] in page  # of the same district: the officer may see it
    page = step(approver, ref, "approve", "approve", 409, note="typed and kept").get_data(as_text=True)
    assert "Double benefit:" in page
    assert "typed and kept" in page
    assert months(app) == before
    with app.app_context():
        assert db.session.scalars(select(Case.status).where(Case.application_id == second)).one() == "DECISION"


def test_a_case_of_another_district_is_not_named(app: Flask, city: City) -> None:
    first, second = reviewed(app, city, 1), reviewed(app, city, 1)
    assert approve(app, city, first) == ""
    with app.app_context(), writing():  # as if the other district had granted it
        away = db.session.scalars(select(District).where(District.code == city.districts[1])).one()
        db.session.scalars(select(Award)).one().district_id = away.id
        commit()
    said = approve(app, city, second)
    assert "Double benefit: “Rent subsidy by education” is granted already for" in said
    assert "Application" not in said
    assert ref_of(app, first)[:5] not in said


def test_a_spouse_meets_the_person(app: Flask, city: City) -> None:
    husband, wife = resident_number(1), resident_number(2)
    first = reviewed(app, city, 1, **MARRIED, household__spouse_document_number=wife)
    second = reviewed(app, city, 2)  # who does not say that she is married
    third = reviewed(app, city, 3, **MARRIED, household__spouse_document_number=husband)
    assert approve(app, city, first) == ""
    assert "(the applicant)" in approve(app, city, second)
    assert "(the spouse)" in approve(app, city, third)
    assert approve(app, city, reviewed(app, city, 4)) == ""


@pytest.mark.parametrize(
    ("change", "whose"),
    [
        ({"premises.building": "", "premises.unit": ""}, "the same premises"),
        ({"company.uscc": ""}, "the company"),
        ({"company.affiliates": "ours"}, "an affiliated company"),
    ],
)
def test_companies_meet_by_premises_by_company_and_by_affiliate(
    app: Flask, city: City, change: dict[str, str], whose: str
) -> None:
    ours = agent_answers()
    step_to_decision(app, city, company_submitted(as_applicant(app, city), "office_fitout"), approved=True)
    theirs: dict[str, Any] = agent_answers("ruoxi.bai@demo.example")
    for fact, value in change.items():
        uscc = [{**theirs["company.affiliates"][0], "affiliate.uscc": ours["company.uscc"]}]
        theirs[fact] = uscc if value else ours[fact]
    other = PortalClient(app, "en").sign_in(city.other_applicant, PASSWORD)
    ref = company_submitted(other, "office_fitout", theirs, "d" * 32)
    step_to_decision(app, city, ref, approved=False)
    page = step(as_staff(app, city.approver), ref, "approve", "approve", 409, note="Seen.").get_data(as_text=True)
    assert f"can be had only once, and it was granted ({whose})" in page


def step_to_decision(app: Flask, city: City, ref: str, *, approved: bool) -> None:
    """Accept and review, and approve."""
    step(as_staff(app, city.intake), ref, "accept", "accept")
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="approve", opinion="Visited.")
    if approved:
        step(as_staff(app, city.approver), ref, "approve", "approve")


def test_withdrawing_an_award_frees_exactly_its_months(app: Flask, city: City) -> None:
    kept, gone, again = reviewed(app, city, 1), reviewed(app, city, 2), reviewed(app, city, 2)
    assert approve(app, city, kept) == approve(app, city, gone) == ""
    all_months, award = months(app), award_of(app, gone)
    assert "Double benefit" in approve(app, city, again)

    runner = app.test_cli_runner()
    withdraw = ["payments", "withdraw", award.ref, "--reason", "Granted by mistake."]
    assert runner.invoke(args=withdraw).output == f"{award.ref} is withdrawn\n"
    assert months(app) == all_months - (award.months or 0) == award_of(app, kept).months
    assert "nothing changed" in runner.invoke(args=withdraw).output  # a second time
    assert months(app) == award_of(app, kept).months
    page = text(as_staff(app, city.approver), f"/staff/cases/{ref_of(app, gone)}")
    assert "The award was withdrawn on" in page
    assert "Granted by mistake." in page
    assert "Your award was withdrawn on" in text(as_applicant(app, city), f"/applications/{ref_of(app, gone)}/status")

    assert approve(app, city, again) == ""
    assert months(app) == all_months
    with app.app_context():
        assert list(audit.verify()) == []


def test_an_award_is_not_withdrawn_without_a_reason_or_a_name(app: Flask, city: City) -> None:
    made = reviewed(app, city, 1)
    assert approve(app, city, made) == ""
    runner, ref = app.test_cli_runner(), award_of(app, made).ref
    assert "Say why" in runner.invoke(args=["payments", "withdraw", ref, "--reason", " "]).output
    assert (
        "there is no award NOTHING" in runner.invoke(args=["payments", "withdraw", "NOTHING", "--reason", "x"]).output
    )
    with app.app_context(), writing():
        assert awards.withdraw(None, ref.lower(), "as somebody typed it")
        commit()
    assert months(app) == 0
