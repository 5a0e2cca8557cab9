"""The ports to the city's registers: what each can answer, and the shape of an answer.

A register is asked about the subjects that the answers of an application name: the applicant, the household or the
employer. What it says is a finding; whether a finding counts in a case is for casework to decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Protocol

from housing_portal.schemes.facts import Canonical
from housing_portal.schemes.text import Text

PERSON_NUMBERS = ("identity.document_number",)
COMPANY_NUMBERS = ("company.uscc", "employment.employer_uscc")  # an application for a company names the company itself


class Outcome(StrEnum):
    """Whether the register knows the subject. PARTLY: not everybody who had to be asked about."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    PARTLY = "partly"


class Gap(StrEnum):
    """Why a finding about a household covers it only in part."""

    SPOUSE_NOT_FOUND = "spouse_not_found"
    SPOUSE_HAS_NOT_AGREED = "spouse_has_not_agreed"
    CHILDREN_HAVE_NO_NUMBER = "children_have_no_number"  # the application does not ask for it


@dataclass(frozen=True)
class Answers:
    """What a register answers about one sort of subject: ``facts`` are keys of the dictionary."""

    subject: Literal["person", "household", "company"]
    facts: tuple[str, ...]

    @property
    def column(self) -> str:
        """The column of an imported file that names the subject."""
        return "uscc" if self.subject == "company" else "document_number"


@dataclass(frozen=True)
class Kind:
    """One register. ``words`` is its name in both languages; each fact is in one of its ``answers`` only."""

    name: str
    words: Text
    answers: tuple[Answers, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The keys of everything that it can answer."""
        return tuple(fact for answers in self.answers for fact in answers.facts)

    def about(self, fact: str) -> Answers:
        """The part in which it answers ``fact``. Raises StopIteration when it does not."""
        return next(answers for answers in self.answers if fact in answers.facts)


@dataclass(frozen=True)
class Finding:
    """What a register says about one fact. ``value`` is canonical; None unless something was found.

    ``subject`` is a keyed hash of the numbers that were asked about: another number makes another finding.
    """

    register: str
    fact: str
    outcome: Outcome
    value: Canonical
    as_of: date | None
    subject: str
    gaps: tuple[Gap, ...] = ()


class Register(Protocol):
    """The port. ``automatic`` is False when an officer has to look there in person."""

    @property
    def kind(self) -> Kind:
        """Which register this is."""

    @property
    def automatic(self) -> bool:
        """Whether :meth:`look_up` can answer."""

    def look_up(self, values: Mapping[str, Any], on: date) -> Sequence[Finding]:
        """One finding for each fact of the register, as known on the day ``on``; none when no subject is named.

        ``values`` are canonical answers by fact key.
        """


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "business_register",
            Text(zh="企业登记与名录", en="Business register"),
            (
                Answers(
                    "company",
                    (
                        "employment.employer_meets_basic_conditions",
                        "company.credit_clear",
                        "company.all_in_district",
                        "company.industry",
                    ),
                ),
            ),
        ),
        Kind(
            "social_insurance",
            Text(zh="社会保险", en="Social insurance"),
            (
                Answers(
                    "person",
                    (
                        "social_insurance.continuous_months",
                        "social_insurance.payer_uscc",
                        "social_insurance.first_month",
                    ),
                ),
                Answers("company", ("company.insured_headcount",)),
            ),
        ),
        Kind(
            "degrees",
            Text(zh="学历学位", en="Degrees"),
            (
                Answers(
                    "person",
                    ("education.level", "education.degree", "education.full_time", "education.graduation_date"),
                ),
            ),
        ),
        Kind(
            "tax",
            Text(zh="税务", en="Tax"),
            (Answers("company", ("company.tax_paid_last_year", "company.software_revenue_percent")),),
        ),
        Kind(
            "housing",
            Text(zh="住房与公租房", en="Homes and public-rental housing"),
            (Answers("household", ("household.homes_in_city", "household.public_rental_tenancy")),),
        ),
    )
}
