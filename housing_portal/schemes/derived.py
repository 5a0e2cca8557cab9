"""Facts that follow from other facts, on a given day. The only place that computes them.

What can be computed wins over what was given; what cannot be computed stays as given: the pre-check asks for
an age, not for an identity number. Months are whole months; a month that is not full counts 0, and a month
without the day ends on its last day (Civil Code, art. 202).
"""

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from housing_portal.core import identifiers
from housing_portal.core.money import to_fen
from housing_portal.schemes.facts import Value

Values = Mapping[str, Value | None]


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month_index + 1)[1]
    return date(year, month_index + 1, min(day.day, last))


def whole_months(start: date, end: date) -> int:
    """Full months from ``start`` to ``end``; 0 when ``end`` is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and add_months(start, months) > end:
        months -= 1
    return max(months, 0)


def months_until_end_of(start: date, last_day: date) -> int:
    """Full months from ``start`` to the end of ``last_day``, both days included."""
    return whole_months(start, last_day + timedelta(days=1))


def full_years(birth: date, on: date) -> int:
    """Age in full years (周岁); someone born on 29 February is a year older on 1 March."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _birth_date(values: Values, on: date) -> Value | None:
    person = _person(values, on)
    return person.birth_date if person else None


def _sex(values: Values, on: date) -> Value | None:
    person = _person(values, on)
    return person.sex if person else None


def _person(values: Values, on: date) -> identifiers.PersonNumber | None:
    """What the document number says, when the document is one whose number says it."""
    number = values.get("identity.document_number")
    if values.get("identity.document_type") not in identifiers.DATED_DOCUMENT_TYPES or not number:
        return None
    try:
        return identifiers.parse_resident_id(str(number), on)
    except identifiers.IdentifierError:
        return None


def _age(values: Values, on: date) -> Value | None:
    birth = values.get("identity.birth_date")
    return full_years(birth, on) if isinstance(birth, date) and birth <= on else None


def _months_since(key: str) -> Callable[[Values, date], Value | None]:
    def months(values: Values, on: date) -> Value | None:
        start = values.get(key)
        return whole_months(start, on) if isinstance(start, date) else None

    return months


def _months_left(key: str) -> Callable[[Values, date], Value | None]:
    def months(values: Values, on: date) -> Value | None:
        last_day = values.get(key)
        return months_until_end_of(on, last_day) if isinstance(last_day, date) else None

    return months


def _same(one: str, other: str) -> Callable[[Values, date], Value | None]:
    def same(values: Values, _on: date) -> Value | None:
        first, second = values.get(one), values.get(other)
        return None if first is None or second is None else first == second

    return same


def _landlord_is_employer(values: Values, on: date) -> Value | None:
    if values.get("lease.landlord_kind") == "person":
        return False
    return _same("lease.landlord_uscc", "employment.employer_uscc")(values, on)


def _rent_share(values: Values, _on: date) -> Value | None:
    rent, sharers = values.get("lease.monthly_rent"), values.get("lease.sharers")
    if not isinstance(rent, Decimal) or not isinstance(sharers, int) or sharers < 1:
        return None
    return to_fen(rent / sharers)


def _lease_running(values: Values, on: date) -> Value | None:
    start, end = values.get("lease.start"), values.get("lease.end")
    return start <= on <= end if isinstance(start, date) and isinstance(end, date) else None


def _lease_filed(values: Values, _on: date) -> Value | None:
    """Asked and left empty is a No; not asked yet is open."""
    return bool(values["lease.filing_no"]) if "lease.filing_no" in values else None


@dataclass(frozen=True)
class Derivation:
    """How one fact follows from others."""

    fact: str
    inputs: tuple[str, ...]
    compute: Callable[[Values, date], Value | None]


# In this order, because age needs the date of birth.
DERIVATIONS = (
    Derivation("identity.birth_date", ("identity.document_type", "identity.document_number"), _birth_date),
    Derivation("identity.sex", ("identity.document_type", "identity.document_number"), _sex),
    Derivation("identity.age", ("identity.birth_date",), _age),
    Derivation(
        "education.months_since_graduation",
        ("education.graduation_date",),
        _months_since("education.graduation_date"),
    ),
    Derivation(
        "employment.months_employed",
        ("employment.contract_start",),
        _months_since("employment.contract_start"),
    ),
    Derivation(
        "employment.contract_months_remaining",
        ("employment.contract_end",),
        _months_left("employment.contract_end"),
    ),
    Derivation(
        "social_insurance.payer_is_employer",
        ("social_insurance.payer_uscc", "employment.employer_uscc"),
        _same("social_insurance.payer_uscc", "employment.employer_uscc"),
    ),
    Derivation(
        "lease.landlord_is_employer",
        ("lease.landlord_kind", "lease.landlord_uscc", "employment.employer_uscc"),
        _landlord_is_employer,
    ),
    Derivation("lease.rent_share", ("lease.monthly_rent", "lease.sharers"), _rent_share),
    Derivation("lease.running", ("lease.start", "lease.end"), _lease_running),
    Derivation("lease.months_remaining", ("lease.end",), _months_left("lease.end")),
    Derivation("lease.filed", ("lease.filing_no",), _lease_filed),
)


def with_derived(values: Values, on: date) -> dict[str, Value | None]:
    """``values`` (typed) and the facts that follow from them on the day ``on``."""
    known = dict(values)
    for derivation in DERIVATIONS:
        computed = derivation.compute(known, on)
        if computed is not None:
            known[derivation.fact] = computed
    return known


def knowable(asked: Iterable[str]) -> frozenset[str]:
    """The facts that are known once those of ``asked`` are: themselves and what follows from them."""
    known = set(asked)
    for derivation in DERIVATIONS:
        if known.issuperset(derivation.inputs):
            known.add(derivation.fact)
    return frozenset(known)
