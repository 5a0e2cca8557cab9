"""What a benefit stands on: the day of application, one application of several, a decision case by case."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import TypeAdapter

from housing_portal.schemes.benefit import compute
from housing_portal.schemes.benefit_terms import Benefit
from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.rules import benefit_for

CLAUSE = {"zh": "第八条", "en": "Article 8"}


def benefit(**terms: Any) -> Any:
    return TypeAdapter(Benefit).validate_python({"clause": CLAUSE, **terms})


def test_one_application_grants_one_of_the_years_that_are_left() -> None:
    yearly = benefit(kind="yearly", phases=[{"amount": {"yuan": 6000}}], most=3, each_time=1)
    found = compute(yearly, {})
    assert (found.months, str(found.total)) == (12, "6000.00")
    assert [line.value.en for line in found.lines if line.words.en == "Granted for each application"] == ["1 year"]


def test_nothing_is_granted_of_nothing() -> None:
    yearly = benefit(
        kind="yearly",
        phases=[{"amount": {"yuan": 6000}}],
        most=3,
        each_time=1,
        received="household.support_years_received",
    )
    found = compute(yearly, {"household.support_years_received": 3})
    assert (found.months, str(found.total), found.known) == (0, "0.00", False)


def test_a_case_that_waits_keeps_what_the_day_of_application_gave() -> None:
    """Two years since graduation on the day of application are 25 months when support begins: still 1.3 times."""
    grant = load_scheme(CATALOGUE / "settlement_grant.yaml")
    facts = {
        "education.level": "phd",
        "education.graduation_date": date(2024, 3, 2),
        "settlement.similar_grants_received": 0,
    }
    assert str(benefit_for(grant, facts, date(2026, 3, 2), date(2026, 4, 1)).amount) == "104000.00"


def test_what_is_left_of_a_lease_shrinks_while_a_case_waits() -> None:
    rent = load_scheme(CATALOGUE / "rent_by_tier.yaml")
    facts = {
        "education.tier": "e",
        "lease.rent_share": "5000",
        "lease.end": date(2026, 12, 31),
        "employment.contract_type": "open_ended",
        "household.support_months_received": 0,
    }
    assert benefit_for(rent, facts, date(2026, 3, 1), date(2026, 3, 1)).months == 10
    assert benefit_for(rent, facts, date(2026, 3, 1), date(2026, 5, 1)).months == 8
