"""Payments laid out in time: phases, caps, tranches, months already received."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from housing_portal.schemes.benefit import BenefitResult, compute
from housing_portal.schemes.benefit_terms import Benefit
from housing_portal.schemes.facts import Value
from housing_portal.schemes.grants import granted, one_amount_a_month

BENEFIT: TypeAdapter[Any] = TypeAdapter(Benefit)
CLAUSE = {"zh": "第十条", "en": "Article 10"}
WORDS = {"zh": "甲", "en": "A"}


def result(terms: dict[str, Any], **facts: Value) -> BenefitResult:
    """A benefit written as in a file, for facts with __ for the dot."""
    return compute(
        BENEFIT.validate_python({"clause": CLAUSE, **terms}),
        {key.replace("__", "."): value for key, value in facts.items()},
    )


def paid(found: BenefitResult) -> list[tuple[int, str, int]]:
    """Month, amount, times."""
    return [(payment.month, str(payment.amount), payment.times) for payment in found.schedule]


def phases(*amounts: tuple[int, int], **more: Any) -> dict[str, Any]:
    """Monthly phases of so many months at so much."""
    rows = [{"periods": months, "amount": {"yuan": yuan}} for months, yuan in amounts]
    return {"kind": "monthly", "phases": rows, "most": sum(months for months, _ in amounts), **more}


def test_phases_follow_each_other_and_words_tell_them() -> None:
    found = result(phases((3, 4000), (3, 3000)))
    assert (found.amount, found.months, found.total) == (Decimal("4000.00"), 6, Decimal("21000.00"))
    assert paid(found) == [(0, "4000.00", 3), (3, "3000.00", 3)]
    assert [words.en for words in granted(found)] == [
        "¥4,000 a month in months 1 to 3",
        "¥3,000 a month in months 4 to 6",
        "¥21,000 in all at most",
    ]
    assert one_amount_a_month(found) is None


def test_a_phase_whose_case_is_open_is_not_promised() -> None:
    terms = phases((3, 4000))
    terms |= {"most": 9}
    terms["phases"].append({"periods": 6, "amount": {"yuan": 4000}, "when": "lease.filed == true", "words": WORDS})
    assert result(terms, lease__filed=True).total == Decimal("36000.00")
    assert result(terms, lease__filed=False).total == Decimal("12000.00")
    still_open = result(terms)
    assert still_open.total == Decimal("12000.00")
    assert ("A", "to be checked, not counted yet") in [(line.words.en, line.value.en) for line in still_open.lines]


def test_months_received_are_taken_from_the_first_phase() -> None:
    terms = phases((12, 900), (12, 600), received="household.support_months_received")
    found = result(terms, household__support_months_received=10)
    assert paid(found) == [(0, "900.00", 2), (2, "600.00", 12)]
    assert found.months == 14
    used_up = result(terms, household__support_months_received=24)
    assert (used_up.months, used_up.total, used_up.known) == (0, Decimal("0.00"), False)


@pytest.mark.parametrize(
    ("cap", "total", "schedule"),
    [
        (
            {"per": "year", "amount": {"yuan": 2500}},
            "5000.00",
            [(0, "1000.00", 2), (2, "500.00", 1), (12, "1000.00", 2), (14, "500.00", 1)],
        ),
        ({"per": "scheme", "amount": {"yuan": 2500}}, "2500.00", [(0, "1000.00", 2), (2, "500.00", 1)]),
        ({"per": "month", "amount": {"yuan": 400}}, "9600.00", [(0, "400.00", 24)]),
        ({"per": "year", "amount": {"yuan": 2500}, "active": False}, "24000.00", [(0, "1000.00", 24)]),
    ],
)
def test_caps_cut_off_what_goes_above_them(cap: dict[str, Any], total: str, schedule: list[Any]) -> None:
    found = result(phases((24, 1000), caps=[cap | {"words": WORDS}]))
    assert str(found.total) == total
    assert paid(found) == schedule


def test_a_cap_that_is_not_known_leaves_the_total_open() -> None:
    found = result(phases((24, 1000), caps=[{"per": "year", "amount": "lease.rent_share", "words": WORDS}]))
    assert (found.total, found.missing) == (None, ("lease.rent_share",))


def test_more_months_in_a_case() -> None:
    terms = {
        "kind": "yearly",
        "phases": [{"amount": {"yuan": 10000}}],
        "most": 3,
        "longer": [{"when": "lease.filed == true", "more": 3, "words": WORDS}],
    }
    assert result(terms, lease__filed=False).total == Decimal("30000.00")
    longer = result(terms, lease__filed=True)
    assert (longer.total, longer.months) == (Decimal("60000.00"), 72)
    assert [(payment.month, payment.every, payment.times) for payment in longer.schedule] == [(0, 12, 6)]
    assert list(longer.schedule[0].months()) == [0, 12, 24, 36, 48, 60]


def test_the_last_tranche_takes_what_rounding_leaves() -> None:
    terms = {
        "kind": "once",
        "amount": {"yuan": 100},
        "tranches": [
            {"share": 0.3333, "words": WORDS},
            {"share": 0.3333, "after_months": 12, "words": WORDS},
            {"share": 0.3334, "after_months": 24, "words": WORDS},
        ],
    }
    found = result(terms)
    assert paid(found) == [(0, "33.33", 1), (12, "33.33", 1), (24, "33.34", 1)]
    assert (found.months, found.known) == (None, True)


def test_a_lower_rent_saves_the_difference() -> None:
    terms = {"kind": "discounted_rent", "rent": {"yuan": 1920}, "market": {"yuan": 3000}, "most": 36}
    found = result(terms)
    assert (found.amount, found.total) == (Decimal("1920.00"), Decimal("38880.00"))
    assert [words.zh for words in granted(found)] == ["优惠租金每月¥1,920，最长36个月", "期内合计节省¥38,880"]


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"kind": "once", "amount": 1, "tranches": [{"share": 0.5, "words": WORDS}]}, "the tranches make 1"),
        ({"kind": "once", "amount": 1, "caps": [{"per": "year", "amount": 1, "words": WORDS}]}, "capped per scheme"),
        ({"kind": "monthly", "phases": [{"amount": 1}, {"amount": 2}], "most": 3}, "only the last phase"),
        ({"kind": "monthly", "phases": [], "most": 3}, "at least 1 item"),
        ({"kind": "daily"}, "kind is one of monthly, yearly, once, discounted_rent"),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        BENEFIT.validate_python({"clause": CLAUSE, **terms})


def test_what_was_decided_before_is_read_as_it_was_stored() -> None:
    stored = {"month_amount": "900.00", "months": 12, "total": "10800.00", "lines": [], "missing": []}
    found = BenefitResult.model_validate(stored)
    assert one_amount_a_month(found) == Decimal("900.00")
    assert [words.en for words in granted(found)] == ["¥900 a month for 12 months", "¥10,800 in all at most"]


def test_the_first_form_of_the_language_keeps_its_meaning() -> None:
    first = {
        "kind": "monthly",
        "by": "education.level",
        "amounts": {"master": "900"},
        "at_most": "lease.rent_share",
        "max_months": 36,
        "received": "household.support_months_received",
        "exclusion_group": "group_PH",
    }
    found = result(
        first, education__level="master", lease__rent_share=Decimal("750.00"), household__support_months_received=30
    )
    assert (found.amount, found.months, found.total) == (Decimal("750.00"), 6, Decimal("4500.00"))
