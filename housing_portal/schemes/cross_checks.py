"""Mistakes that only show when two answers are seen together, each at the fact that is to be mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from housing_portal.core import identifiers
from housing_portal.schemes.facts import Value, rows_of
from housing_portal.schemes.months import whole_months

Values = Mapping[str, Value | None]


@dataclass(frozen=True)
class CrossCheck:
    """``wrong`` is true only when everything it needs is known."""

    fact: str
    wrong: Callable[[Values, date], bool]
    words: LazyString


def _earlier(one: str, other: str) -> Callable[[Values, date], bool]:
    def wrong(values: Values, _on: date) -> bool:
        first, second = values.get(one), values.get(other)
        return isinstance(first, date) and isinstance(second, date) and first < second

    return wrong


def _document_expired(values: Values, on: date) -> bool:
    last_day = values.get("identity.document_valid_to")
    return isinstance(last_day, date) and last_day < on


def _too_many_months(values: Values, on: date) -> bool:
    """The month of the first payment and the present one both count."""
    first, months = (
        values.get("social_insurance.first_month"),
        values.get("social_insurance.continuous_months"),
    )
    if not isinstance(first, date) or not isinstance(months, int):
        return False
    return months > whole_months(first.replace(day=1), on.replace(day=1)) + 1


def _own_number(values: Values, _on: date) -> bool:
    number = values.get("household.spouse_document_number")
    return number is not None and number == values.get("identity.document_number")


def _other_holder(values: Values, _on: date) -> bool:
    holder, name = values.get("bank.holder"), values.get("identity.name")
    return holder is not None and name is not None and _plain(holder) != _plain(name)


def _other_company(values: Values, _on: date) -> bool:
    holder, name = values.get("company_bank.holder"), values.get("company.name")
    return holder is not None and name is not None and _plain(holder) != _plain(name)


def _not_as_many(count_fact: str, list_fact: str) -> Callable[[Values, date], bool]:
    """A number and the list that spells it out say the same."""

    def wrong(values: Values, _on: date) -> bool:
        count, rows = values.get(count_fact), rows_of(values, list_fact)
        return isinstance(count, int) and count > 0 and rows is not None and len(rows) != count

    return wrong


def _repeated(list_fact: str, column: str) -> Callable[[Values, date], bool]:
    def wrong(values: Values, _on: date) -> bool:
        cells = [row.get(column) for row in rows_of(values, list_fact) or ()]
        given = [_plain(cell) for cell in cells if cell is not None]
        return len(set(given)) < len(given)

    return wrong


def _more_software_than_all(values: Values, _on: date) -> bool:
    for row in rows_of(values, "company.years") or ():
        all_of_it, software = row.get("fiscal.revenue"), row.get("fiscal.software_revenue")
        if isinstance(all_of_it, Decimal) and isinstance(software, Decimal) and software > all_of_it:
            return True
    return False


def _plain(name: Value) -> str:
    """Names are compared without spaces and capitals: banks print them in their own way."""
    return "".join(identifiers.tidy_name(str(name)).split()).casefold()


CROSS_CHECKS = (
    CrossCheck(
        "identity.document_valid_to",
        _document_expired,
        lazy_gettext("This document has expired. Renew it and enter the new one"),
    ),
    CrossCheck(
        "employment.contract_end",
        _earlier("employment.contract_end", "employment.contract_start"),
        lazy_gettext("The contract cannot end before it starts. Check both dates"),
    ),
    CrossCheck(
        "social_insurance.continuous_months",
        _too_many_months,
        lazy_gettext("That is more months than have passed since the first payment. Check both answers"),
    ),
    CrossCheck(
        "household.spouse_document_number",
        _own_number,
        lazy_gettext("This is your own number. Enter your spouse's"),
    ),
    CrossCheck(
        "lease.end",
        _earlier("lease.end", "lease.start"),
        lazy_gettext("The lease cannot end before it starts. Check both dates"),
    ),
    CrossCheck(
        "bank.holder",
        _other_holder,
        lazy_gettext("The account must be in your own name, as on your document"),
    ),
    CrossCheck(
        "household.children",
        _not_as_many("household.minor_children", "household.children"),
        lazy_gettext("You stated another number of children above. Enter one row for each child"),
    ),
    CrossCheck(
        "household.homes",
        _not_as_many("household.homes_in_city", "household.homes"),
        lazy_gettext("You stated another number of homes above. Enter one row for each home"),
    ),
    CrossCheck(
        "company_bank.holder",
        _other_company,
        lazy_gettext("The account must be in the name of the company, as on the business licence"),
    ),
    CrossCheck(
        "company.years",
        _repeated("company.years", "fiscal.year"),
        lazy_gettext("The same year is there twice. Enter two different years"),
    ),
    CrossCheck(
        "company.years",
        _more_software_than_all,
        lazy_gettext("Software revenue cannot be more than the whole revenue. Check both amounts"),
    ),
    CrossCheck(
        "premises.lease_end",
        _earlier("premises.lease_end", "premises.lease_start"),
        lazy_gettext("The lease cannot end before it starts. Check both dates"),
    ),
    CrossCheck(
        "premises.rent_invoices",
        _repeated("premises.rent_invoices", "invoice.number"),
        lazy_gettext("The same invoice number is there twice. Enter each invoice once"),
    ),
    CrossCheck(
        "fitout.invoices",
        _repeated("fitout.invoices", "invoice.number"),
        lazy_gettext("The same invoice number is there twice. Enter each invoice once"),
    ),
    CrossCheck(
        "fitout.finished_on",
        _earlier("fitout.finished_on", "fitout.started_on"),
        lazy_gettext("The work cannot be finished before it began. Check both dates"),
    ),
)
