"""A decision against a rule: a reason, and a second person. The applicant hears nothing before."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from housing_portal.casework.models import Case, StepDraft
from housing_portal.core.db import db
from tests.client import PortalClient
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, run_worker, step, submitted, version_of


def text(client: PortalClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def to_decide(app: Flask, city: City, homes: str = "0") -> tuple[str, PortalClient]:
    """A reviewed case; with homes, the reviewer found what makes a rule not met."""
    ref = submitted(as_applicant(app, city))
    step(as_staff(app, city.intake), ref, "accept", "accept")
    reviewer = as_staff(app, city.reviewer)
    if homes != "0":
        seen = {"version": version_of(app, ref), "household_homes_in_city": homes, "note": "Land register of today"}
        reviewer.post(f"/staff/cases/{ref}/verification/facts/household.homes_in_city", seen)
    step(reviewer, ref, "opinion", "opinion", recommendation="approve", opinion="See the facts.")
    return ref, as_staff(app, city.approver)


def status(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Case)).one().status


def test_an_approval_against_a_rule_needs_a_reason_and_a_second_person(app: Flask, city: City) -> None:
    ref, approver = to_decide(app, city, homes="1")
    practitioner = as_applicant(app, city)
    assert "Write why you approve" in step(approver, ref, "approve", "approve", 409).get_data(as_text=True)
    step(approver, ref, "approve", "approve", note="The home burnt down last week.")
    assert status(app) == "CONFIRMATION"
    run_worker(app)
    heard = text(practitioner, f"/applications/{ref}/status") + text(practitioner, "/applications/")
    assert "waiting for the decision" in heard
    assert "Second signature" not in heard
    assert "against a rule" not in heard
    assert "burnt down" not in heard

    # The one who proposed cannot confirm.
    answer = step(approver, ref, "confirm", "confirm", 403)
    assert "Another person must take this step" in answer.get_data(as_text=True)
    second = as_staff(app, city.second_approver)
    page = text(second, f"/staff/cases/{ref}")
    assert "Proposed: approval against a rule" in page
    assert "The home burnt down last week." in page
    assert "own no home in the city" in page.split("Rules that it goes against")[1].split("</ul>")[0]
    step(second, ref, "confirm", "confirm", note="Seen the fire report.")
    assert status(app) == "APPROVED"
    run_worker(app)
    page = text(practitioner, f"/applications/{ref}/status")
    assert "Eligibility certificate" in page
    assert "¥750" in page
    assert "burnt down" not in page
    assert "fire report" not in page


def test_a_refusal_against_the_rules_takes_effect_when_it_is_confirmed(app: Flask, city: City) -> None:
    ref, approver = to_decide(app, city)
    step(approver, ref, "refuse", "refuse", reasons=["R01"], remark="The register shows another date of birth.")
    assert status(app) == "CONFIRMATION"
    second = as_staff(app, city.second_approver)
    assert "The register shows another date of birth." in text(second, f"/staff/cases/{ref}")
    assert "another date of birth" not in text(as_applicant(app, city), f"/applications/{ref}/status")
    step(second, ref, "confirm", "confirm")
    run_worker(app)
    page = text(as_applicant(app, city), f"/applications/{ref}/status")
    assert "The register shows another date of birth." in page
    assert "Article 5(1)" in page


def test_what_is_sent_back_waits_for_another_decision(app: Flask, city: City) -> None:
    ref, approver = to_decide(app, city)
    step(approver, ref, "refuse", "refuse", reasons=["R01"], remark="Too young.")
    second = as_staff(app, city.second_approver)
    assert "Write why you do not confirm it" in step(second, ref, "send-back", "back", 422).get_data(as_text=True)
    step(second, ref, "send-back", "back", reason="The card says 1949.")
    assert status(app) == "DECISION"
    assert "The card says 1949." in text(approver, f"/staff/cases/{ref}")
    assert "The card says 1949." not in text(as_applicant(app, city), f"/applications/{ref}/status")
    step(second, ref, "approve", "approve", 403)  # who sent it back does not decide it
    step(approver, ref, "approve", "approve")
    assert status(app) == "APPROVED"


def test_a_refusal_for_a_rule_that_is_not_met_needs_nobody_else(app: Flask, city: City) -> None:
    ref, approver = to_decide(app, city, homes="1")
    step(approver, ref, "refuse", "refuse", reasons=["R05"])
    assert status(app) == "REFUSED"


# -- check before you decide ----------------------------------------------------------------------


def check(client: PortalClient, ref: str, name: str, prefix: str, expect: int = 303, **data: object) -> str:
    form = {f"{prefix}-{key}": value for key, value in ({"version": version_of(client.app, ref)} | data).items()}
    return client.post(f"/staff/cases/{ref}/check/{name}", form, expect).get_data(as_text=True)


def test_an_approval_shows_amount_months_and_letter_before_it_is_taken(app: Flask, city: City) -> None:
    ref, approver = to_decide(app, city)
    check(approver, ref, "approve", "approve", note="All seen.")
    page = text(approver, f"/staff/cases/{ref}/check/approve")
    assert "¥750" in page
    assert "1 condition is not verified" in page
    letter = page.split("What the applicant will read")[1]
    assert "Certificate of eligibility" in letter
    assert "is eligible for the rent subsidy" in letter
    assert "All seen." in page.split("Only colleagues read this")[1]
    assert status(app) == "DECISION"
    # Back, with everything still typed; reloading writes nothing.
    assert "All seen." in text(approver, f"/staff/cases/{ref}")
    assert "All seen." not in text(as_staff(app, city.second_approver), f"/staff/cases/{ref}")
    step(approver, ref, "approve", "approve", note="All seen.")
    with app.app_context():
        assert db.session.scalars(select(StepDraft)).all() == []
    assert approver.get(f"/staff/cases/{ref}/check/approve", 302).location.endswith(ref)


def test_a_refusal_shows_its_clauses_and_what_the_applicant_will_read(app: Flask, city: City) -> None:
    ref, approver = to_decide(app, city)
    kept = check(approver, ref, "refuse", "refuse", 422, remark="A home is registered.")
    assert "Choose at least one reason" in kept
    assert "A home is registered." in kept
    assert "Explain to the applicant" in check(approver, ref, "refuse", "refuse", 409, reasons=["R05"])
    check(approver, ref, "refuse", "refuse", reasons=["R05", "R12"], remark="A home is registered.")
    page = text(approver, f"/staff/cases/{ref}/check/refuse")
    letter = page.split("What the applicant will read")[1]
    for words in ("Article 7", "Article 14", "A home is registered.", "reconsideration within 60 days"):
        assert words in letter
    assert "This goes against a rule" in page
    assert "Propose to refuse" in page
    page = text(approver, f"/staff/cases/{ref}")
    assert "A home is registered." in page
    assert "checked" in page.split('value="R05"')[1].split(">")[0]


def test_a_correction_shows_everything_that_is_asked_and_until_when(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    intake = as_staff(app, city.intake)
    form = {
        "correction-version": version_of(app, ref),
        "correction-items": ["fact:lease.monthly_rent", "document:lease"],
        "message-fact:lease.monthly_rent": "The rent differs from the lease.",
    }
    assert "Say for each ticked item" in intake.post(f"/staff/cases/{ref}/check/ask_correction", form, 409).get_data(
        as_text=True
    )
    intake.post(f"/staff/cases/{ref}/check/ask_correction", form | {"message-document:lease": "Page 2 is missing."})
    page = text(intake, f"/staff/cases/{ref}/check/ask_correction")
    assert "Page 2 is missing." in page
    assert "The applicant has time until" in page
    assert 'value="Page 2 is missing."' in text(intake, f"/staff/cases/{ref}")
    assert status(app) == "INTAKE"


def test_a_case_that_changed_in_between_is_checked_again(app: Flask, city: City) -> None:
    ref, approver = to_decide(app, city)
    check(approver, ref, "approve", "approve", note="All seen.")
    agreed = {"version": version_of(app, ref), "fact": "lease.sharers"}
    as_staff(app, city.second_approver).post(f"/staff/cases/{ref}/verification/agree", agreed)
    page = text(approver, f"/staff/cases/{ref}/check/approve")
    assert "The case changed since you typed this" in page
    assert "All seen." in text(approver, f"/staff/cases/{ref}")


def test_nobody_checks_a_step_that_is_not_theirs(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    check(as_staff(app, city.approver), ref, "approve", "approve", 409)  # not yet
    check(as_staff(app, city.intake), ref, "approve", "approve", 409)
    as_staff(app, city.reviewer).post(f"/staff/cases/{ref}/check/approve", {}, 403)
    as_staff(app, city.intake).post(f"/staff/cases/{ref}/check/anything", {}, 404)
