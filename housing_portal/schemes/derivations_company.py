"""What follows from the answers of a company."""

from datetime import date
from decimal import Decimal

from housing_portal.core.money import to_fen
from housing_portal.schemes.derivation import Derivation, Values, months_left, months_since
from housing_portal.schemes.facts import Value, rows_of, total_of
from housing_portal.schemes.months import add_months, months_until_end_of

HUNDRED = Decimal(100)
NOT_ELIGIBLE = (
    "fitout.furniture_cost",
    "fitout.equipment_cost",
    "fitout.vat_deducted",
    "fitout.related_party_premium",
)


def _latest_year(values: Values) -> dict[str, Value | None] | None:
    rows = [row for row in rows_of(values, "company.years") or () if isinstance(row.get("fiscal.year"), int)]
    latest = max(rows, key=lambda row: int(str(row["fiscal.year"])), default=None)
    return None if latest is None else dict(latest)


def _software_percent(values: Values, _on: date) -> Value | None:
    year = _latest_year(values)
    if year is None:
        return None
    revenue, software = year.get("fiscal.revenue"), year.get("fiscal.software_revenue")
    if not isinstance(revenue, Decimal) or not isinstance(software, Decimal) or not revenue:
        return None
    return software / revenue * HUNDRED


def _tax_last_year(values: Values, _on: date) -> Value | None:
    year = _latest_year(values)
    return None if year is None else year.get("fiscal.tax_paid")


def _insured(values: Values, _on: date) -> Value | None:
    """The lowest of the months given: a number that held all the time."""
    people = [row.get("headcount.people") for row in rows_of(values, "company.headcounts") or ()]
    counted = [count for count in people if isinstance(count, int)]
    return min(counted) if counted else None


def _lease_months(values: Values, _on: date) -> Value | None:
    start, end = values.get("premises.lease_start"), values.get("premises.lease_end")
    return months_until_end_of(start, end) if isinstance(start, date) and isinstance(end, date) else None


def _monthly_rent(values: Values, _on: date) -> Value | None:
    price, area = values.get("premises.rent_price"), values.get("premises.area")
    return to_fen(price * area) if isinstance(price, Decimal) and isinstance(area, Decimal) else None


def _area_per_person(values: Values, _on: date) -> Value | None:
    area, people = values.get("premises.area"), values.get("company.insured_headcount")
    return area / people if isinstance(area, Decimal) and isinstance(people, int) and people > 0 else None


def _eligible_cost(values: Values, _on: date) -> Value | None:
    """The audited cost without what is never supported."""
    amounts = [values.get(key) for key in ("fitout.audited_cost", *NOT_ELIGIBLE)]
    known = [amount for amount in amounts if isinstance(amount, Decimal)]
    if len(known) < len(amounts):
        return None
    return max(known[0] - sum(known[1:], Decimal(0)), to_fen(0))


def _covered(values: Values, _on: date) -> Value | None:
    cost, invoices, vouchers = (
        values.get("fitout.audited_cost"),
        rows_of(values, "fitout.invoices"),
        rows_of(values, "fitout.vouchers"),
    )
    if not isinstance(cost, Decimal) or invoices is None or vouchers is None:
        return None
    return total_of(invoices, "invoice.amount") >= cost and total_of(vouchers, "voucher.amount") >= cost


def _finished_in_time(values: Values, on: date) -> Value | None:
    finished = values.get("fitout.finished_on")
    return add_months(finished, 12) >= on if isinstance(finished, date) else None


COMPANY_DERIVATIONS = (
    Derivation("company.months_since_settled", ("company.moved_in_on",), months_since("company.moved_in_on")),
    Derivation("company.software_revenue_percent", ("company.years",), _software_percent),
    Derivation("company.tax_paid_last_year", ("company.years",), _tax_last_year),
    Derivation("company.insured_headcount", ("company.headcounts",), _insured),
    Derivation("premises.lease_months", ("premises.lease_start", "premises.lease_end"), _lease_months),
    Derivation("premises.lease_months_remaining", ("premises.lease_end",), months_left("premises.lease_end")),
    Derivation("premises.monthly_rent", ("premises.rent_price", "premises.area"), _monthly_rent),
    Derivation(
        "premises.area_per_insured_person", ("premises.area", "company.insured_headcount"), _area_per_person
    ),
    Derivation("fitout.months_since_finished", ("fitout.finished_on",), months_since("fitout.finished_on")),
    Derivation("fitout.finished_within_12_months", ("fitout.finished_on",), _finished_in_time),
    Derivation("fitout.eligible_cost", ("fitout.audited_cost", *NOT_ELIGIBLE), _eligible_cost),
    Derivation(
        "fitout.invoices_cover_cost", ("fitout.audited_cost", "fitout.invoices", "fitout.vouchers"), _covered
    ),
)
