"""Months, ages and shares on a given day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housing_portal.schemes.derived import knowable, with_derived
from housing_portal.schemes.facts import Value
from housing_portal.schemes.months import add_months, full_years, months_until_end_of, whole_months

DAY = date(2026, 3, 2)
days = st.dates(date(2000, 1, 1), date(2050, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 3, 31), 12, date(2027, 3, 31)),
    ],
)
def test_add_months(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("start", "last_day", "months"),
    [
        (date(2026, 3, 2), date(2026, 4, 1), 1),
        (date(2026, 3, 2), date(2026, 3, 31), 0),
        (date(2026, 3, 2), date(2027, 3, 1), 12),
        (date(2026, 3, 2), date(2027, 2, 28), 11),
        (date(2026, 3, 1), date(2026, 3, 31), 1),
        (date(2026, 3, 2), date(2026, 1, 1), 0),
        (date(2026, 1, 31), date(2026, 2, 27), 1),
    ],
)
def test_months_until_end_of(start: date, last_day: date, months: int) -> None:
    assert months_until_end_of(start, last_day) == months


@given(days, days)
def test_whole_months_are_the_most_that_fit(start: date, end: date) -> None:
    months = whole_months(start, end)
    if end < start:
        assert months == 0
    else:
        assert add_months(start, months) <= end < add_months(start, months + 1)


@given(days, days)
def test_a_later_end_never_has_fewer_months(start: date, end: date) -> None:
    assert whole_months(start, end) <= whole_months(start, end + timedelta(days=1))


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(2008, 3, 2), DAY, 18),
        (date(2008, 3, 3), DAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_full_years(birth: date, on: date, years: int) -> None:
    assert full_years(birth, on) == years


def test_birth_sex_and_age_follow_from_the_number() -> None:
    number = {"identity.document_type": "resident_id", "identity.document_number": "11010519491231002X"}
    known = with_derived(number, DAY)
    assert (known["identity.birth_date"], known["identity.sex"], known["identity.age"]) == (
        date(1949, 12, 31),
        "female",
        76,
    )


def test_the_number_wins_over_a_declared_birth_date() -> None:
    given: dict[str, Value | None] = {
        "identity.document_type": "resident_id",
        "identity.document_number": "11010519491231002X",
        "identity.birth_date": date(1990, 1, 1),
    }
    assert with_derived(given, DAY)["identity.birth_date"] == date(1949, 12, 31)


def test_a_passport_says_nothing_about_birth() -> None:
    given = {"identity.document_type": "passport", "identity.document_number": "E12345678"}
    assert with_derived(given, DAY).get("identity.age") is None
    assert with_derived(given | {"identity.birth_date": date(1990, 3, 2)}, DAY)["identity.age"] == 36


def test_a_wrong_number_derives_nothing() -> None:
    given = {"identity.document_type": "resident_id", "identity.document_number": "110105194912310021"}
    assert with_derived(given, DAY).get("identity.age") is None


def test_an_age_given_directly_stays() -> None:
    assert with_derived({"identity.age": 30}, DAY)["identity.age"] == 30


@pytest.mark.parametrize(
    ("given", "fact", "value"),
    [
        ({"lease.monthly_rent": Decimal("1000"), "lease.sharers": 3}, "lease.rent_share", Decimal("333.33")),
        ({"lease.monthly_rent": Decimal("1000")}, "lease.rent_share", None),
        ({"lease.monthly_rent": Decimal("1000"), "lease.sharers": 0}, "lease.rent_share", None),
        ({"lease.filing_no": "YJ-1"}, "lease.filed", True),
        ({"lease.filing_no": None}, "lease.filed", False),
        ({}, "lease.filed", None),
        ({"lease.filed": True}, "lease.filed", True),
        ({"lease.start": DAY, "lease.end": DAY}, "lease.running", True),
        ({"lease.start": date(2026, 3, 3), "lease.end": date(2027, 1, 1)}, "lease.running", False),
        ({"lease.landlord_kind": "person"}, "lease.landlord_is_employer", False),
        ({"lease.landlord_kind": "company"}, "lease.landlord_is_employer", None),
        (
            {"social_insurance.payer_uscc": "A", "employment.employer_uscc": "B"},
            "social_insurance.payer_is_employer",
            False,
        ),
        ({"employment.employer_uscc": "B"}, "social_insurance.payer_is_employer", None),
        ({"education.graduation_date": date(2024, 3, 2)}, "education.months_since_graduation", 24),
        ({"education.graduation_date": date(2024, 3, 1)}, "education.months_since_graduation", 25),
        ({"education.graduation_date": date(2026, 3, 2)}, "education.months_since_graduation", 0),
        ({"returnee.return_date": date(2025, 3, 2)}, "returnee.months_since_return", 12),
        ({"household.support_months_received": 0}, "household.support_years_received", 0),
        ({"household.support_months_received": 24}, "household.support_years_received", 2),
        ({"household.support_months_received": 25}, "household.support_years_received", 3),
        ({"education.tier": "e", "education.level": "phd"}, "apartment.standard_category", "e_or_above"),
        ({"education.tier": "a"}, "apartment.standard_category", "e_or_above"),
        ({"education.tier": "none", "education.level": "phd"}, "apartment.standard_category", "phd"),
        ({"education.tier": "none", "education.level": "bachelor"}, "apartment.standard_category", "other"),
        ({"education.tier": "none"}, "apartment.standard_category", None),
        ({"education.level": "phd"}, "apartment.standard_category", None),
        ({"employment.contract_start": date(2026, 3, 3)}, "employment.months_employed", 0),
    ],
)
def test_other_facts(given: dict[str, object], fact: str, value: object) -> None:
    assert with_derived(given, DAY).get(fact) == value  # type: ignore[arg-type]


HEADCOUNTS = ({"headcount.month": date(2026, 2, 1), "headcount.people": 42},)


def test_what_is_verified_wins_over_what_is_computed_and_other_facts_follow_from_it() -> None:
    given = {"company.headcounts": HEADCOUNTS, "premises.area": Decimal(340)}
    assert with_derived(given, DAY)["company.insured_headcount"] == 42
    known = with_derived(given, DAY, {"company.insured_headcount": 17})
    assert (known["company.insured_headcount"], known["premises.area_per_insured_person"]) == (17, 20)
    assert with_derived(given, DAY, {"premises.area": Decimal(420)})["premises.area_per_insured_person"] == 10


def test_knowable_follows_chains() -> None:
    assert "identity.age" in knowable(["identity.document_type", "identity.document_number"])
    assert "identity.age" not in knowable(["identity.document_number"])
