"""What the staff of a company could get: each scheme evaluated for a typical person of each group of staff.

It knows numbers of people, never a person. The assumptions stand on the page, in words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from housing_portal.core.money import to_fen
from housing_portal.finder.combinations import best_combination, clashes
from housing_portal.finder.search import Findings, Interview, Standing, find
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.months import MONTHS_A_YEAR, add_months

LEVELS = ("phd", "master", "bachelor", "associate")  # highest first
TIERS = ("b", "c", "d", "e", "none")  # highest first; tier A is decided case by case
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Staff:
    """Numbers of people. ``tiers`` are among those of ``levels``, and so are the renters, owners and graduates."""

    levels: Mapping[str, int]
    tiers: Mapping[str, int]
    renting: int
    owning: int
    graduates: int  # who graduated within the last 24 months
    rent_share: Decimal | None  # yuan a month, on average
    employer_revenue: Decimal | None  # yuan, last year
    employer_fits: bool  # whether the company meets the basic conditions, as far as it is known

    @property
    def people(self) -> int:
        """All of them."""
        return sum(self.levels.values())


@dataclass(frozen=True)
class Group:
    """People who are alike in what the schemes ask."""

    people: int
    level: str
    tier: str
    living: str  # renting, owning, other
    graduate: bool


@dataclass(frozen=True)
class SchemeEstimate:
    """One scheme: how many seem to qualify, how many may, and yuan for those whose amount is known."""

    code: str
    fit: int
    may: int
    a_year: Decimal | None  # in the first twelve months; None: it depends on more than was asked
    in_all: Decimal | None


@dataclass(frozen=True)
class Estimate:
    """All schemes, and what it makes when everybody takes the combination that pays most."""

    schemes: tuple[SchemeEstimate, ...]
    people: int  # who seem to qualify for something
    best: Decimal  # yuan over the whole time, paid or saved


def groups_of(staff: Staff) -> list[Group]:
    """The groups: tiers go to the highest educated; renters, owners and graduates are spread evenly."""
    pairs = list(_levels_with_tiers(staff))
    sizes = [people for people, _level, _tier in pairs]
    renting = shared_out(staff.renting, sizes)
    owning = shared_out(staff.owning, [size - rent for size, rent in zip(sizes, renting, strict=True)])
    homes = [
        (people, level, tier, living)
        for (size, level, tier), rent, own in zip(pairs, renting, owning, strict=True)
        for people, living in ((rent, "renting"), (own, "owning"), (size - rent - own, "other"))
    ]
    graduates = shared_out(staff.graduates, [people for people, *_rest in homes])
    return [
        Group(count, level, tier, living, graduate)
        for (people, level, tier, living), young in zip(homes, graduates, strict=True)
        for count, graduate in ((young, True), (people - young, False))
        if count
    ]


def _levels_with_tiers(staff: Staff) -> Iterator[tuple[int, str, str]]:
    left = {tier: staff.tiers.get(tier, 0) for tier in TIERS}
    left["none"] = staff.people - sum(left.values())
    for level in LEVELS:
        people = staff.levels.get(level, 0)
        for tier in TIERS:
            taken = min(people, left[tier])
            people -= taken
            left[tier] -= taken
            if taken:
                yield taken, level, tier


def shared_out(total: int, sizes: Sequence[int]) -> list[int]:
    """``total`` people in proportion to ``sizes``, in whole people; what is left goes to the largest remainders."""
    everybody = sum(sizes)
    if not everybody:
        return [0] * len(sizes)
    shares = [total * size // everybody for size in sizes]
    remainders = sorted(range(len(sizes)), key=lambda index: (-(total * sizes[index] % everybody), index))
    for index in remainders[: total - sum(shares)]:
        shares[index] += 1
    return shares


def typical_answers(group: Group, staff: Staff, today: date) -> dict[str, object]:
    """The answers of a typical person of the group."""
    answers: dict[str, object] = {
        "identity.age": 30,
        "identity.blacklisted": False,
        "education.level": group.level,
        "education.tier": group.tier,
        "education.graduation_date": add_months(today, -12 if group.graduate else -60),
        "employment.contract_type": "open_ended",
        "employment.employer_meets_basic_conditions": staff.employer_fits,
        "employment.employer_revenue_last_year": staff.employer_revenue,
        "employment.months_employed_last_year": 12,
        "social_insurance.continuous_months": 12,
        "social_insurance.payer_is_employer": True,
        "household.marital_status": "single",
        "household.homes_in_city": 1 if group.living == "owning" else 0,
        "household.public_rental_tenancy": False,
        "household.receives_other_support": False,
        "household.support_months_received": 0,
        "declaration.authorises_checks": True,
    }
    if group.living == "renting":
        answers |= {
            "lease.rent_share": staff.rent_share,
            "lease.start": add_months(today, -6),
            "lease.end": add_months(today, 60),
            "lease.filed": True,
            "lease.landlord_is_relative": False,
            "lease.landlord_is_employer": False,
        }
    elif group.living == "owning":
        answers["household.bought_home_undelivered"] = False
    else:  # without a lease there is nothing to file
        answers["lease.filed"] = False
    return answers


def estimate(asked: Interview, staff: Staff, today: date) -> Estimate:
    """What the schemes of ``asked`` (for practitioners) come to for the staff."""
    found = [(group.people, find(asked, typical_answers(group, staff, today), today)) for group in groups_of(staff)]
    all_clashes = clashes(asked.definitions)
    best, somebody = NOTHING, 0
    for people, findings in found:
        fitting = [finding.candidate for finding in findings.standing(Standing.FITS)]
        best += people * best_combination(fitting, all_clashes).worth
        somebody += people if fitting else 0
    return Estimate(
        schemes=tuple(_scheme(definition.code, found) for definition in asked.definitions),
        people=somebody,
        best=best,
    )


def _scheme(code: str, found: Sequence[tuple[int, Findings]]) -> SchemeEstimate:
    fit = may = 0
    a_year = in_all = NOTHING
    known = True
    for people, findings in found:
        finding = next(finding for finding in findings.of if finding.definition.code == code)
        if finding.standing is Standing.MAYBE:
            may += people
        if finding.standing is not Standing.FITS:
            continue
        fit += people
        benefit = finding.candidate.evaluation.benefit
        if benefit.total is None:
            known = False
        else:
            a_year += people * first_year(benefit)
            in_all += people * benefit.total
    worth = fit > 0 and known
    return SchemeEstimate(code, fit, may, a_year if worth else None, in_all if worth else None)


def first_year(benefit: BenefitResult) -> Decimal:
    """Yuan in the first twelve months, paid or saved; the benefit must be known."""
    if benefit.kind == "discounted_rent":
        months = benefit.months or 0
        return to_fen((benefit.total or NOTHING) / months * min(months, MONTHS_A_YEAR)) if months else NOTHING
    return sum(
        (payment.amount for payment in benefit.schedule for month in payment.months() if month < MONTHS_A_YEAR),
        NOTHING,
    )
