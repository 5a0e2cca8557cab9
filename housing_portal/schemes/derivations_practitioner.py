"""What follows from the answers of a practitioner."""

from datetime import date
from decimal import Decimal

from housing_portal.core import identifiers
from housing_portal.core.money import to_fen
from housing_portal.schemes.derivation import Derivation, Values, months_left, months_since, months_within, same
from housing_portal.schemes.facts import Value
from housing_portal.schemes.months import MONTHS_A_YEAR, full_years


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


def _landlord_is_employer(values: Values, on: date) -> Value | None:
    if values.get("lease.landlord_kind") == "person":
        return False
    return same("lease.landlord_uscc", "employment.employer_uscc")(values, on)


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


def _standard_category(values: Values, _on: date) -> Value | None:
    """The tier comes first; without one, the education counts."""
    tier, level = values.get("education.tier"), values.get("education.level")
    if tier is None:
        return None
    if tier != "none":
        return "e_or_above"
    if level is None:
        return None
    return level if level in {"phd", "master"} else "other"


def _support_years_received(values: Values, _on: date) -> Value | None:
    """A year that was begun is a year received: yearly support is granted in whole years."""
    months = values.get("household.support_months_received")
    return -(-months // MONTHS_A_YEAR) if isinstance(months, int) else None


# In this order, because age needs the date of birth.
PRACTITIONER_DERIVATIONS = (
    Derivation("identity.birth_date", ("identity.document_type", "identity.document_number"), _birth_date),
    Derivation("identity.sex", ("identity.document_type", "identity.document_number"), _sex),
    Derivation("identity.age", ("identity.birth_date",), _age),
    Derivation(
        "education.months_since_graduation",
        ("education.graduation_date",),
        months_within("education.graduation_date"),
    ),
    Derivation("returnee.months_since_return", ("returnee.return_date",), months_within("returnee.return_date")),
    Derivation(
        "employment.months_employed",
        ("employment.contract_start",),
        months_since("employment.contract_start"),
    ),
    Derivation(
        "employment.contract_months_remaining",
        ("employment.contract_end",),
        months_left("employment.contract_end"),
    ),
    Derivation(
        "social_insurance.payer_is_employer",
        ("social_insurance.payer_uscc", "employment.employer_uscc"),
        same("social_insurance.payer_uscc", "employment.employer_uscc"),
    ),
    Derivation(
        "lease.landlord_is_employer",
        ("lease.landlord_kind", "lease.landlord_uscc", "employment.employer_uscc"),
        _landlord_is_employer,
    ),
    Derivation("lease.rent_share", ("lease.monthly_rent", "lease.sharers"), _rent_share),
    Derivation("lease.running", ("lease.start", "lease.end"), _lease_running),
    Derivation("lease.months_remaining", ("lease.end",), months_left("lease.end")),
    Derivation("lease.filed", ("lease.filing_no",), _lease_filed),
    Derivation("apartment.standard_category", ("education.tier", "education.level"), _standard_category),
    Derivation(
        "household.support_years_received", ("household.support_months_received",), _support_years_received
    ),
)
