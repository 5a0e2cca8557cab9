"""What an officer vouches for, and what it changes: side by side, at once, never over what the applicant declared."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from housing_portal.casework.models import Case, RegisterCheck, VerifiedFact
from housing_portal.casework.queries import case_for_paper
from housing_portal.core.audit import AuditEntry
from housing_portal.core.db import db
from tests.client import PortalClient
from tests.factories.answers import good_pages
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, send, step, submitted, version_of
from tests.factories.registers import APPLICANT, csv, everything_agrees, imported


def text(client: PortalClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def row(page: str, fact: str) -> str:
    """The row of one fact on the page of verified facts."""
    return page.split(f'id="fact-{fact.replace(".", "-")}"')[1].split("</tr>")[0]


def in_review(app: Flask, city: City) -> tuple[str, PortalClient]:
    ref = submitted(as_applicant(app, city))
    step(as_staff(app, city.intake), ref, "accept", "accept")
    return ref, as_staff(app, city.reviewer)


def look_up(app: Flask, client: PortalClient, ref: str) -> None:
    client.post(f"/staff/cases/{ref}/verification/registers", {"version": version_of(app, ref)})


def state(client: PortalClient, ref: str, fact: str, value: object, note: str = "", expect: int = 303) -> str:
    data = {"version": version_of(client.app, ref), fact.replace(".", "_"): value, "note": note}
    return client.post(f"/staff/cases/{ref}/verification/facts/{fact}", data, expect).get_data(as_text=True)


def test_registers_that_agree_answer_the_rule_that_only_they_can(app: Flask, city: City, tmp_path: Path) -> None:
    everything_agrees(app, tmp_path)
    ref, reviewer = in_review(app, city)
    assert "To be checked" in text(reviewer, f"/staff/cases/{ref}")
    look_up(app, reviewer, ref)
    page = text(reviewer, f"/staff/cases/{ref}/verification")
    assert "Agrees" in row(page, "social_insurance.continuous_months")
    assert "Social insurance, as of" in row(page, "social_insurance.continuous_months")
    changes = page.split("What verifying changed")[1]
    assert "The employer meets the basic conditions" in changes
    assert "To be checked" in changes
    assert "Met" in changes
    assert "To be checked" not in text(reviewer, f"/staff/cases/{ref}").split("Answers</h2>")[0]


def test_a_register_that_differs_changes_the_rules_and_not_the_answer(app: Flask, city: City, tmp_path: Path) -> None:
    everything_agrees(app, tmp_path)
    imported(app, "housing", csv(tmp_path, "homes.csv", "document_number,household.homes_in_city", f"{APPLICANT},1"))
    ref, reviewer = in_review(app, city)
    look_up(app, reviewer, ref)
    page = text(reviewer, f"/staff/cases/{ref}")
    assert "Verified facts are not as declared" in page
    assert "declared 0 homes, verified 1 home" in page
    assert "Not met" in page.split("What the rules say")[1].split("rules are met")[0]
    with app.app_context():
        submission = db.session.scalars(select(Case)).one().application.submissions[-1]
        assert submission.values()["household.homes_in_city"] == 0
        assert submission.evaluation["outcome"] == "needs_review"


def test_who_is_not_in_a_register_is_not_found_and_nothing_changes(app: Flask, city: City, tmp_path: Path) -> None:
    imported(app, "housing", csv(tmp_path, "homes.csv", "document_number,household.homes_in_city", "G7654321,0"))
    ref, reviewer = in_review(app, city)
    look_up(app, reviewer, ref)
    page = text(reviewer, f"/staff/cases/{ref}/verification")
    assert "Not found" in page
    assert "Nothing is verified yet" in page
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RegisterCheck)) == 1
        assert db.session.scalar(select(func.count()).select_from(VerifiedFact)) == 0
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "registers_checked")).one()
        assert "household.homes_in_city" in entry.data["not_found"]


def test_without_consent_no_register_is_asked(app: Flask, city: City, tmp_path: Path) -> None:
    everything_agrees(app, tmp_path)
    pages = good_pages()
    pages["declaration"]["declaration_authorises_checks"] = "no"
    ref = submitted(as_applicant(app, city), pages)
    intake = as_staff(app, city.intake)
    look_up(app, intake, ref)
    assert "has not agreed to the checks" in text(intake, f"/staff/cases/{ref}/verification")
    with app.app_context():
        assert db.session.scalars(select(RegisterCheck)).all() == []


def test_one_click_agrees_and_another_value_needs_what_was_seen(app: Flask, city: City) -> None:
    ref, reviewer = in_review(app, city)
    agreed = {"version": version_of(app, ref), "fact": "lease.monthly_rent"}
    reviewer.post(f"/staff/cases/{ref}/verification/agree", agreed)
    page = text(reviewer, f"/staff/cases/{ref}/verification")
    assert "Agrees" in row(page, "lease.monthly_rent")
    assert "苏初审" in row(page, "lease.monthly_rent")

    refused = state(reviewer, ref, "education.level", "bachelor", expect=409)
    assert "Write what you saw and where" in refused
    assert "checked" in refused.split('value="bachelor"')[1].split(">")[0]  # what was chosen is kept
    state(reviewer, ref, "education.level", "bachelor", "Degree certificate, page 2")
    page = text(reviewer, f"/staff/cases/{ref}/verification")
    assert "Degree certificate, page 2" in row(page, "education.level")
    assert "Differs" in row(page, "education.level")
    changed = page.split("What verifying changed")[1]
    assert "¥900" in changed  # the amount of a master's degree
    assert "¥600" in changed  # and that of a bachelor's
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "fact_verified")).all()
        assert [entry.data for entry in entries] == [
            {"fact": "lease.monthly_rent", "agrees": True},
            {"fact": "education.level", "agrees": False},
        ]


def test_a_mistyped_value_is_told_at_its_field(app: Flask, city: City) -> None:
    ref, reviewer = in_review(app, city)
    page = state(reviewer, ref, "lease.monthly_rent", "a lot", "Lease, page 1", expect=422)
    assert "Enter a number" in page
    assert "a lot" in page
    assert "Lease, page 1" in page


def test_the_decision_and_its_paper_follow_the_verified_facts(app: Flask, city: City, tmp_path: Path) -> None:
    everything_agrees(app, tmp_path)
    ref, reviewer = in_review(app, city)
    look_up(app, reviewer, ref)
    state(reviewer, ref, "education.level", "bachelor", "Degree certificate, page 2")
    step(reviewer, ref, "opinion", "opinion", recommendation="approve", opinion="A bachelor's degree.")
    step(as_staff(app, city.approver), ref, "approve", "approve")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.status == "APPROVED"
        assert case_for_paper(case.id).amount_month == 600


def test_asked_again_a_register_does_not_override_the_officer(app: Flask, city: City, tmp_path: Path) -> None:
    header = "document_number,household.homes_in_city"
    imported(app, "housing", csv(tmp_path, "homes.csv", header, f"{APPLICANT},1"))
    ref, reviewer = in_review(app, city)
    look_up(app, reviewer, ref)
    assert "Write what you saw" in state(reviewer, ref, "household.homes_in_city", "0", expect=409)
    state(reviewer, ref, "household.homes_in_city", "0", "Sold on 3 March, land register extract of today")
    look_up(app, reviewer, ref)
    assert "Sold on 3 March" in row(text(reviewer, f"/staff/cases/{ref}/verification"), "household.homes_in_city")
    imported(app, "housing", csv(tmp_path, "homes.csv", header, f"{APPLICANT},2"))  # the register itself says otherwise
    look_up(app, reviewer, ref)
    assert "2 homes" in row(text(reviewer, f"/staff/cases/{ref}/verification"), "household.homes_in_city")


def test_after_a_correction_a_fact_is_marked_as_verified_for_the_earlier_answer(app: Flask, city: City) -> None:
    practitioner, intake = as_applicant(app, city), as_staff(app, city.intake)
    ref = submitted(practitioner)
    for fact in ("lease.monthly_rent", "lease.sharers"):
        agreed = {"version": version_of(app, ref), "fact": fact}
        intake.post(f"/staff/cases/{ref}/verification/agree", agreed)
    asked = {
        "correction-version": version_of(app, ref),
        "correction-items": ["fact:lease.monthly_rent"],
        "message-fact:lease.monthly_rent": "The rent differs from the lease.",
    }
    intake.post(f"/staff/cases/{ref}/ask-correction", asked)
    changed = good_pages()["lease"] | {"lease_monthly_rent": "1800"}
    practitioner.post(f"/applications/{ref}/pages/lease", {"page_version": "1", **changed})
    send(practitioner, ref, "second-key-that-is-long-enough")
    page = text(intake, f"/staff/cases/{ref}/verification")
    assert "Verified for the earlier answer" in row(page, "lease.monthly_rent")
    assert "Agrees" in row(page, "lease.sharers")
    assert "A correction arrived" in page


def test_only_whoever_must_act_may_verify(app: Flask, city: City, tmp_path: Path) -> None:
    everything_agrees(app, tmp_path)
    ref, _reviewer = in_review(app, city)
    body = {"version": version_of(app, ref), "fact": "lease.sharers"}
    for email in (city.intake, city.approver):  # not their stage
        person = as_staff(app, email)
        person.post(f"/staff/cases/{ref}/verification/agree", body, 403)
        person.post(f"/staff/cases/{ref}/verification/registers", body, 403)
        person.get(f"/staff/cases/{ref}/verification/facts/lease.sharers", 403)
    as_staff(app, city.elsewhere).get(f"/staff/cases/{ref}/verification", 404)
    auditor = as_staff(app, city.auditor)
    assert "State a value" not in text(auditor, f"/staff/cases/{ref}/verification")
    auditor.post(f"/staff/cases/{ref}/verification/agree", body, 403)
    with app.app_context():
        assert db.session.scalars(select(VerifiedFact)).all() == []


def test_whoever_verified_has_acted_at_that_stage(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    everything = as_staff(app, city.all_roles)
    body = {"version": version_of(app, ref), "fact": "lease.sharers"}
    everything.post(f"/staff/cases/{ref}/verification/agree", body)
    step(as_staff(app, city.intake), ref, "accept", "accept")
    answer = step(everything, ref, "opinion", "opinion", 403, recommendation="approve", opinion="My own check.")
    assert "Another person must take this step" in answer.get_data(as_text=True)


def test_a_page_opened_before_a_fact_was_verified_is_told(app: Flask, city: City) -> None:
    ref, reviewer = in_review(app, city)
    old = version_of(app, ref)
    state(reviewer, ref, "lease.sharers", "3", "Lease, page 1")
    step(reviewer, ref, "opinion", "opinion", version=old, recommendation="approve", opinion="Before.")
    assert "苏初审 was first: Facts verified" in text(reviewer, f"/staff/cases/{ref}")


def test_masked_numbers_stay_masked(app: Flask, city: City) -> None:
    ref, reviewer = in_review(app, city)
    assert APPLICANT not in text(reviewer, f"/staff/cases/{ref}/verification")
