"""What officers see and may do: correction with a difference, four eyes, reasons, masks."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from housing_portal.core.audit import AuditEntry
from housing_portal.core.db import db
from tests.factories.answers import good_pages
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, run_worker, send, step, submitted, upload, version_of


def test_a_correction_is_asked_once_answered_and_shown_as_a_difference(app: Flask, city: City) -> None:
    practitioner, intake = as_applicant(app, city), as_staff(app, city.intake)
    ref = submitted(practitioner)
    intake.post(
        f"/staff/cases/{ref}/ask-correction",
        {
            "correction-version": version_of(app, ref),
            "correction-items": ["fact:lease.monthly_rent", "document:lease"],
            "message-fact:lease.monthly_rent": "The rent differs from the lease.",
            "message-document:lease": "Page 2 is missing.",
        },
    )
    page = practitioner.get(f"/applications/{ref}/status").get_data(as_text=True)
    assert "The rent differs from the lease." in page
    assert "Page 2 is missing." in page

    # Only the pages concerned are open.
    answer = practitioner.post(f"/applications/{ref}/pages/bank", {"page_version": "1", **good_pages()["bank"]}, 303)
    assert answer.location.endswith(f"/applications/{ref}")
    changed = good_pages()["lease"] | {"lease_monthly_rent": "1800"}
    practitioner.post(f"/applications/{ref}/pages/lease", {"page_version": "1", **changed})
    upload(practitioner, ref, "lease", name="lease-page-2.pdf")
    send(practitioner, ref, "second-key-that-is-long-enough")

    page = intake.get(f"/staff/cases/{ref}").get_data(as_text=True)
    difference = page.split("portal-diff")[1].split("</table>")[0]
    assert "1,500" in difference
    assert "1,800" in difference
    assert "lease-page-2.pdf" in difference
    assert "Ask for the correction" not in page  # asked once, for everything


def test_one_person_does_not_act_at_two_stages(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    everything = as_staff(app, city.all_roles)
    step(everything, ref, "accept", "accept")
    page = everything.get(f"/staff/cases/{ref}").get_data(as_text=True)
    assert "You acted on this case at an earlier stage" in page
    answer = step(everything, ref, "opinion", "opinion", 403, recommendation="approve", opinion="My own check.")
    assert "Another person must take this step" in answer.get_data(as_text=True)


def test_a_refusal_needs_a_reason_and_cites_the_clause(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = submitted(practitioner)
    step(as_staff(app, city.intake), ref, "accept", "accept")
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="refuse", opinion="Home found.")
    approver = as_staff(app, city.approver)
    page = step(approver, ref, "refuse", "refuse", 422, remark="A home is registered.").get_data(as_text=True)
    assert "Choose at least one reason" in page
    assert "A home is registered." in page  # what was typed is kept
    step(approver, ref, "refuse", "refuse", reasons=["R05", "R09"], remark="A home is registered.")
    step(as_staff(app, city.second_approver), ref, "confirm", "confirm")  # the rules find both met
    run_worker(app)
    page = practitioner.get(f"/applications/{ref}/status").get_data(as_text=True)
    assert "Article 7" in page
    assert "Article 9" in page
    assert "A home is registered." in page
    assert "Home found." not in page  # the reviewer's opinion is internal


def test_numbers_are_masked_until_a_reason_is_logged(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    intake = as_staff(app, city.intake)
    page = intake.get(f"/staff/cases/{ref}").get_data(as_text=True)
    assert "11010519491231002X" not in page
    assert "6222021234567890128" not in page
    page = intake.post(f"/staff/cases/{ref}/unmask", {"unmask-reason": "no"}, 422).get_data(as_text=True)
    assert "11010519491231002X" not in page
    reason = {"unmask-reason": "Compare with the register"}
    page = intake.post(f"/staff/cases/{ref}/unmask", reason, 200).get_data(as_text=True)
    assert "11010519491231002X" in page
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "unmasked")).one()
        assert entry.data == {"reason": "Compare with the register"}


def test_the_queue_shows_one_s_own_district_only(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    link = f'href="/staff/cases/{ref}"'
    here, away = as_staff(app, city.intake), as_staff(app, city.elsewhere)
    assert link in here.get("/staff/cases").get_data(as_text=True)
    assert link not in away.get("/staff/cases?view=open").get_data(as_text=True)
    assert link in as_staff(app, city.auditor).get("/staff/cases?view=open").get_data(as_text=True)
    for search in ("11010519491231002X", "林小满", ref):
        assert link in here.get(f"/staff/cases?search={search}").get_data(as_text=True)
        assert link not in away.get(f"/staff/cases?search={search}").get_data(as_text=True)


def test_a_step_on_an_old_page_tells_who_was_first(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    step(as_staff(app, city.intake), ref, "accept", "accept")
    reviewer = as_staff(app, city.reviewer)
    step(reviewer, ref, "opinion", "opinion", version=1, recommendation="approve", opinion="Read before it changed.")
    assert "秦受理 was first" in reviewer.get(f"/staff/cases/{ref}").get_data(as_text=True)


def test_the_audit_trail_names_an_altered_entry(app: Flask, city: City) -> None:
    submitted(as_applicant(app, city))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET action = 'approve' WHERE action = 'submit'")
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "case:1 #1" in result.output


def test_a_correction_that_changes_nothing_is_not_taken(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = submitted(practitioner)
    as_staff(app, city.intake).post(
        f"/staff/cases/{ref}/ask-correction",
        {
            "correction-version": version_of(app, ref),
            "correction-items": ["fact:lease.monthly_rent"],
            "message-fact:lease.monthly_rent": "The rent differs from the lease.",
        },
    )
    send(practitioner, ref, "second-key-that-is-long-enough")
    assert "has changed yet" in practitioner.get(f"/applications/{ref}").get_data(as_text=True)
    changed = good_pages()["lease"] | {"lease_monthly_rent": "1800"}
    practitioner.post(f"/applications/{ref}/pages/lease", {"page_version": "1", **changed})
    send(practitioner, ref, "third-key-that-is-long-enough")
    assert "Submitted, waiting" in practitioner.get(f"/applications/{ref}/status").get_data(as_text=True)


def test_a_refusal_against_the_rules_must_be_explained(app: Flask, city: City) -> None:
    ref = submitted(as_applicant(app, city))
    step(as_staff(app, city.intake), ref, "accept", "accept")
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="approve", opinion="Complete.")
    approver = as_staff(app, city.approver)
    page = step(approver, ref, "refuse", "refuse", 409, reasons=["R01"]).get_data(as_text=True)
    assert "Explain to the applicant" in page
    step(approver, ref, "refuse", "refuse", reasons=["R01"], remark="The register shows another date of birth.")
