"""The finder without its pages: which questions come first, how schemes stand, what is asked next; the staff."""

from datetime import date
from decimal import Decimal

import pytest

from housing_portal.finder.search import CONSENTS, Finding, Findings, Interview, Standing, find, interview
from housing_portal.finder.staff_estimate import Staff, estimate, groups_of, shared_out
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.policy_terms import Window
from housing_portal.schemes.service import catalogue_files

DAY = date(2026, 3, 2)
PERSON: dict[str, object] = {
    "identity.age": 30,
    "identity.blacklisted": False,
    "education.level": "master",
    "education.tier": "none",
    "employment.contract_type": "open_ended",
    "social_insurance.continuous_months": 13,
    "social_insurance.payer_is_employer": True,
    "household.homes_in_city": 0,
    "household.public_rental_tenancy": False,
    "household.receives_other_support": False,
    "household.support_months_received": 0,
}
LEASE: dict[str, object] = {
    "lease.monthly_rent": "1500",
    "lease.sharers": 2,
    "lease.start": "2025-07-01",
    "lease.end": "2031-06-30",
    "lease.filed": True,
    "lease.landlord_is_relative": False,
    "lease.landlord_is_employer": False,
}


def asked(audience: str) -> Interview:
    definitions = [load_scheme(path) for path in catalogue_files()]
    return interview([definition for definition in definitions if definition.audience == audience])


def of(found: Findings, code: str) -> Finding:
    return next(finding for finding in found.of if finding.definition.code == code)


@pytest.mark.parametrize("audience", ["practitioner", "company"])
def test_the_first_page_has_eight_to_twelve_questions_and_no_consent(audience: str) -> None:
    questions = asked(audience)
    assert 8 <= len(questions.first) <= 12
    assert not CONSENTS & set(questions.questions)
    assert set(fact_dictionary()) >= CONSENTS


def test_people_are_asked_about_themselves_first_then_work_then_home() -> None:
    questions = asked("practitioner")
    titles = [section.title.en for section in questions.only(questions.first)]
    assert titles == ["You and your education", "Your work", "Your household"]
    assert questions.questions.index("identity.age") < questions.questions.index("lease.monthly_rent")


def test_a_question_that_decides_nothing_is_not_asked() -> None:
    assert "household.marital_status" not in asked("practitioner").questions  # only the consent reads it


def test_what_only_the_office_knows_is_not_a_question() -> None:
    found = find(asked("practitioner"), PERSON | LEASE, DAY)
    rent = of(found, "rent_by_education")
    assert rent.standing is Standing.FITS
    assert rent.unknown == ()
    assert rent.office == ("employment.employer_meets_basic_conditions",)
    assert rent.candidate.worth == Decimal(750 * 36)


def test_missing_answers_are_told_as_questions_that_were_not_answered() -> None:
    found = find(asked("practitioner"), PERSON, DAY)
    rent = of(found, "rent_by_education")
    assert rent.standing is Standing.MAYBE
    assert "lease.monthly_rent" in rent.unknown  # not "rent share", which nobody is asked
    assert "lease.rent_share" not in rent.unknown


def test_a_rule_that_is_not_met_closes_the_scheme_and_its_questions() -> None:
    found = find(asked("practitioner"), PERSON | {"household.homes_in_city": 1}, DAY)
    rent = of(found, "rent_by_education")
    assert rent.standing is Standing.NOT_NOW
    assert [row.rule for row in rent.not_met] == ["no_home"]
    assert "lease.filed" not in found.next_questions  # no scheme that is still open reads the lease


def test_a_question_that_settles_a_scheme_alone_comes_before_one_of_many() -> None:
    found = find(asked("practitioner"), PERSON, DAY)
    assert of(found, "graduate_rent").unknown == ("education.graduation_date",)
    assert "education.graduation_date" in found.next_questions
    assert len(found.next_questions) <= 6


def test_tier_a_is_decided_case_by_case_and_stays_open() -> None:
    found = find(asked("practitioner"), PERSON | LEASE | {"education.tier": "a"}, DAY)
    tier = of(found, "rent_by_tier")
    assert tier.standing is not Standing.NOT_NOW
    assert [row.rule for row in tier.case_by_case]


def test_the_best_combination_of_a_master_with_a_lease() -> None:
    answers = (
        PERSON
        | LEASE
        | {
            "education.graduation_date": "2018-06-30",
            "settlement.first_time_in_district": True,
            "settlement.similar_grants_received": "0",
            "apartment.area": "60",
            "apartment.market_rent": "30",
            "returnee.return_date": "2019-01-01",
        }
    )
    found = find(asked("practitioner"), answers, DAY)
    # rent 750 x 36 = 27,000; the flat saves 30 x 60 x 0.4 = 720 x 36 = 25,920; both cannot be had. Settling in: 20,000
    assert {part.code: int(part.counts) for part in found.combination.parts} == {
        "rent_by_education": 27_000,
        "settlement_grant": 20_000,
    }
    assert "talent_apartment" in {out.code for out in found.combination.left_out}


def test_a_scheme_with_windows_says_when_the_next_one_opens() -> None:
    windows = (
        Window(opens=date(2026, 3, 1), closes=date(2026, 3, 31)),
        Window(opens=date(2026, 9, 1), closes=date(2026, 9, 30)),
    )
    scheme = load_scheme(catalogue_files()[0]).model_copy(update={"windows": windows})
    for day, open_then, opens in (
        (date(2026, 2, 28), False, date(2026, 3, 1)),
        (date(2026, 3, 1), True, date(2026, 9, 1)),
        (date(2026, 3, 31), True, date(2026, 9, 1)),
        (date(2026, 4, 1), False, date(2026, 9, 1)),
        (date(2026, 10, 1), False, None),
    ):
        window = scheme.next_window(day)
        assert (scheme.takes_applications_on(day), window.opens if window else None) == (open_then, opens)


# -- the staff -----------------------------------------------------------------------------------


def staff(**more: object) -> Staff:
    numbers: dict[str, object] = {
        "levels": {"phd": 0, "master": 4, "bachelor": 6, "associate": 0},
        "tiers": {},
        "renting": 5,
        "owning": 0,
        "graduates": 0,
        "rent_share": Decimal(750),
        "employer_revenue": None,
        "employer_fits": True,
    }
    return Staff(**(numbers | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("total", "sizes", "expected"),
    [(5, [4, 6], [2, 3]), (1, [1, 1, 1], [1, 0, 0]), (3, [0, 7], [0, 3]), (0, [2, 2], [0, 0]), (0, [], [])],
)
def test_people_are_shared_out_whole(total: int, sizes: list[int], expected: list[int]) -> None:
    assert shared_out(total, sizes) == expected


def test_everybody_is_in_exactly_one_group() -> None:
    numbers = staff(tiers={"d": 1, "e": 2}, owning=3, graduates=4)
    groups = groups_of(numbers)
    assert sum(group.people for group in groups) == 10
    assert sum(group.people for group in groups if group.tier != "none") == 3
    assert {group.level for group in groups if group.tier != "none"} == {"master"}
    for what, count in (("renting", 5), ("owning", 3), ("other", 2)):
        assert sum(group.people for group in groups if group.living == what) == count
    assert sum(group.people for group in groups if group.graduate) == 4


def test_the_estimate_by_hand() -> None:
    # 5 of 10 rent: 2 with a master's degree (min(900, 750) = 750), 3 with a bachelor's (600); 36 months each.
    found = estimate(asked("practitioner"), staff(), DAY)
    rent = next(scheme for scheme in found.schemes if scheme.code == "rent_by_education")
    assert (rent.fit, rent.may) == (5, 0)
    assert rent.a_year == (2 * 750 + 3 * 600) * 12
    assert rent.in_all == (2 * 750 + 3 * 600) * 36
    apartment = next(scheme for scheme in found.schemes if scheme.code == "talent_apartment")
    assert (apartment.fit, apartment.in_all) == (10, None)  # it depends on the flat


def test_staff_of_a_company_outside_the_basic_conditions_get_nothing() -> None:
    found = estimate(asked("practitioner"), staff(employer_fits=False), DAY)
    assert all(scheme.fit == 0 for scheme in found.schemes if scheme.code != "returnee_transition")
    assert found.best == 0


def test_no_staff_no_estimate() -> None:
    found = estimate(asked("practitioner"), staff(levels={}, renting=0), DAY)
    assert (found.people, found.best) == (0, 0)
