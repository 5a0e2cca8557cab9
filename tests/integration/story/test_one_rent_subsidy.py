"""The whole procedure of one rent subsidy, by the pages that people use."""

from __future__ import annotations

import pypdfium2
from flask import Flask

from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, run_worker, step, submitted


def test_from_application_to_a_certificate_that_verifies(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = submitted(practitioner)
    run_worker(app)

    page = practitioner.get(f"/applications/{ref}/status").get_data(as_text=True)
    assert "Submitted, waiting for acceptance" in page
    assert "Receipt" in page
    assert "Intake office" in page

    step(as_staff(app, city.intake), ref, "accept", "accept")
    step(
        as_staff(app, city.reviewer),
        ref,
        "opinion",
        "opinion",
        recommendation="approve",
        opinion="All papers agree.",
    )
    step(as_staff(app, city.approver), ref, "approve", "approve")
    run_worker(app)

    page = practitioner.get(f"/applications/{ref}/status").get_data(as_text=True)
    assert "Your support is approved" in page
    assert "All papers agree" not in page
    link = page.split('href="/papers/')[1].split('"')[0]
    certificate = practitioner.get(f"/papers/{link}")
    assert certificate.mimetype == "application/pdf"
    text = pypdfium2.PdfDocument(certificate.data)[0].get_textpage().get_text_range()
    assert "林小满" in text
    assert "¥750" in text
