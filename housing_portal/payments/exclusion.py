"""Which benefit months an award takes, as the exclusions of its scheme say. Nothing is read from the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from housing_portal.applications.lookups import plain
from housing_portal.core.crypto import keyed_hash
from housing_portal.payments.models import ONCE
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.months import add_months
from housing_portal.schemes.policy_terms import Exclusion

# Who is meant by the words of an exclusion.
MEANT = {
    "person": ("person",),
    "spouse": ("spouse",),
    "household": ("person", "spouse"),
    "company": ("company",),
    "affiliates": ("affiliate",),
    "premises": ("premises",),
}
# A spouse's number is looked for among persons, an affiliate's among companies.
KIND = {"person": "person", "spouse": "person", "company": "company", "affiliate": "company", "premises": "premises"}


@dataclass(frozen=True, order=True)
class Taken:
    """One row of ``benefit_month``; ``month`` is 2026-03 or ``once``."""

    claimant: str
    exclusion: str
    month: str
    whose: str


def month_code(day: date) -> str:
    """2026-03, which sorts as time does."""
    return f"{day:%Y-%m}"


def months_of(benefit: BenefitResult, first_month: date) -> list[str]:
    """The months of support; for what is granted once, the first month alone."""
    return [month_code(add_months(first_month, number)) for number in range(benefit.months or 1)]


def taken(definition: SchemeDefinition, values: Mapping[str, Any], months: Sequence[str]) -> list[Taken]:
    """The benefit months of an award, each once, in one order for all, so that two writers never wait crosswise."""
    claimants = dict(_claimants(values))
    found: dict[tuple[str, str, str], Taken] = {}
    for exclusion, by, covered in _keys(definition, months):
        for whose in by:
            for claimant in claimants.get(whose, ()):
                for month in covered:
                    found.setdefault((claimant, exclusion, month), Taken(claimant, exclusion, month, whose))
    return [found[key] for key in sorted(found)]


def _keys(definition: SchemeDefinition, months: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], Sequence[str]]]:
    """Exclusion key, who is meant, and the months."""
    own = f"scheme:{definition.code}"
    holder = "company" if definition.audience == "company" else "person"
    covered = False
    for one in definition.exclusions:
        by = tuple(dict.fromkeys(whose for word in one.by for whose in MEANT[word]))
        if one.once is not None:
            covered = covered or (one.group is None and holder in by)
            yield (f"group:{one.group}" if one.group else own), by, (ONCE,)
        elif _both_at_once(one):
            continue
        elif one.group is not None:
            covered = covered or holder in by
            yield f"group:{one.group}", by, months
        for other in one.schemes:  # one key for the two, so that each side meets the other
            yield "pair:" + "|".join(sorted((definition.code, other))), by, months
    if not covered:
        yield own, (holder,), months


def _both_at_once(exclusion: Exclusion) -> bool:
    """A top-up is had beside the other support, for the difference."""
    return exclusion.effect == "topped_up"


def _claimants(values: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Whose → keyed hashes of their numbers. Nobody has a row without a number."""
    building, unit = values.get("premises.building"), values.get("premises.unit")
    numbers = {
        "person": [values.get("identity.document_number")],
        "spouse": [values.get("household.spouse_document_number")],
        "company": [values.get("company.uscc")],
        "affiliate": [row.get("affiliate.uscc") for row in values.get("company.affiliates") or ()],
        "premises": [f"{building}|{unit}" if building and unit else None],
    }
    for whose, stated in numbers.items():
        yield whose, [keyed_hash(f"benefit:{KIND[whose]}", plain(str(number))) for number in stated if number]
