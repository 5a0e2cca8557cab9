"""Awards and budgets as plain rows for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from housing_portal.casework import decisions
from housing_portal.casework.models import Case
from housing_portal.core.i18n import language
from housing_portal.core.ids import grouped
from housing_portal.core.money import format_yuan
from housing_portal.payments import awards, budget, queries
from housing_portal.payments.awards import Granted
from housing_portal.payments.forecast import Forecast, forecast
from housing_portal.payments.models import COMMITTED, RESERVED, WAITING, WITHDRAWN, Award, BudgetClaim, BudgetLine
from housing_portal.payments.queries import LineState
from housing_portal.payments.words import conflict_sentence, month_in_words


@dataclass(frozen=True)
class Row:
    """A row of a summary list."""

    key: str
    value: str


@dataclass(frozen=True)
class Support:
    """What the pages of a case say of its award and its place. ``place``: waiting, reserved, committed or empty."""

    place: str
    number: int  # in the row, while it waits
    year: int
    order: str  # of the row, in words
    rows: list[Row]
    withdrawn_on: date | None
    conflicts: list[str]


def support_of_case(case: Case, *, for_staff: bool) -> Support | None:
    """None when there is nothing to say. The caller has loaded the case in the reader's scope.

    ``conflicts`` (only for staff, while the case is open): why an approval today would be a double benefit.
    """
    claim, award = budget.claim_of(case.id), awards.award_of(case.id)
    doubled = _conflicts(case) if for_staff and case.closed_at is None else []
    place = claim.state if claim is not None and claim.state in (WAITING, RESERVED, COMMITTED) else ""
    if not place and award is None and not doubled:
        return None
    number = budget.number_in_the_row(claim) if claim is not None and place == WAITING else 0
    quota = case.application.scheme_version.definition().quota
    order = quota.order.in_(language()) if quota is not None and quota.order is not None else ""
    rows = _place_rows(claim, place, number) if claim is not None else []
    return Support(
        place=place,
        number=number,
        year=claim.line.year if claim is not None else 0,
        order=order,
        rows=rows + (_award_rows(award) if award is not None else []),
        withdrawn_on=award.withdrawn_at.date() if award is not None and award.withdrawn_at is not None else None,
        conflicts=doubled,
    )


def _conflicts(case: Case) -> list[str]:
    first_month = decisions.first_paid_month()
    granted = Granted(decisions.benefit_from(case, first_month), first_month)
    return [conflict_sentence(case, one) for one in awards.conflicts(case, granted)] if granted.benefit.known else []


def _place_rows(claim: BudgetClaim, place: str, number: int) -> list[Row]:
    said = {
        WAITING: _("Waiting for a place: number %(number)s in the row", number=number),
        RESERVED: _("A place is reserved"),
        COMMITTED: _("A place is committed"),
    }.get(place)
    if said is None:
        return []
    if claim.yuan:
        said += _(", %(yuan)s in %(year)s", yuan=format_yuan(claim.yuan), year=claim.line.year)
    return [Row(_("Budget of %(year)s", year=claim.line.year), said)]


def _award_rows(award: Award) -> list[Row]:
    last = month_in_words(award.payments[-1].month) if award.payments else ""
    first = month_in_words(award.first_month)
    rows = [Row(_("Award"), grouped(award.ref))]
    if award.months is not None:
        months = ngettext("%(num)s month", "%(num)s months", award.months)
        rows.append(Row(_("Months of support"), _("%(months)s from %(first)s", months=months, first=first)))
    if award.payments:
        payments = ngettext("%(num)s payment", "%(num)s payments", len(award.payments))
        said = payments if first == last else _("%(payments)s, the last in %(last)s", payments=payments, last=last)
        rows.append(Row(_("Payments"), _("%(total)s in %(payments)s", total=format_yuan(award.total), payments=said)))
    if award.state == WITHDRAWN:
        rows.append(Row(_("Withdrawn because"), award.reason or ""))
    return rows


# -- the budget page -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """Places or yuan of a line, in words. Without a limit ``free`` is empty. The widths are parts of 1,000."""

    label: str
    limit: str
    committed: str
    reserved: str
    free: str
    committed_width: int
    reserved_width: int


@dataclass(frozen=True)
class LineRow:
    """A line of the budget. ``waiting``: how many cases, in words; empty when none does."""

    title: str
    area: str
    measures: list[Measure]
    waiting: str
    used_up: bool
    forecast: str


def line_rows(states: list[LineState], today: date) -> list[LineRow]:
    """All lines of a page, with their forecasts."""
    lang = language()
    titles = queries.titles([state.line.scheme_code for state in states])
    return [
        LineRow(
            title=titles[state.line.scheme_code].in_(lang)
            if state.line.scheme_code in titles
            else state.line.scheme_code,
            area=state.line.district.name(lang) if state.line.district else _("Whole city"),
            measures=_measures(state.line),
            waiting=ngettext("%(num)s waits", "%(num)s wait", state.waiting) if state.waiting else "",
            used_up=_used_up(state.line),
            forecast=_forecast_in_words(state.line, today),
        )
        for state in states
    ]


def _measures(line: BudgetLine) -> list[Measure]:
    places = _measure(
        _("Places"),
        None if line.places is None else Decimal(line.places),
        Decimal(line.committed_places),
        Decimal(line.reserved_places),
        money=False,
    )
    if line.yuan is None and not line.committed_yuan + line.reserved_yuan:
        return [places]
    return [places, _measure(_("Money"), line.yuan, line.committed_yuan, line.reserved_yuan, money=True)]


def _measure(label: str, limit: Decimal | None, committed: Decimal, reserved: Decimal, *, money: bool) -> Measure:
    def wide(part: Decimal) -> int:
        return int(1000 * part / limit) if limit else 0

    return Measure(
        label=label,
        limit=_("no limit") if limit is None else _("limit: %(limit)s", limit=_amount(limit, money)),
        committed=_amount(committed, money),
        reserved=_amount(reserved, money),
        free="" if limit is None else _amount(limit - committed - reserved, money),
        committed_width=wide(committed),
        reserved_width=wide(reserved),
    )


def _amount(value: Decimal, money: bool) -> str:
    return format_yuan(value) if money else str(format_decimal(int(value)))


def _used_up(line: BudgetLine) -> bool:
    no_place = line.places is not None and line.reserved_places + line.committed_places >= line.places
    return no_place or (line.yuan is not None and line.reserved_yuan + line.committed_yuan >= line.yuan)


def _forecast_in_words(line: BudgetLine, today: date) -> str:
    """By places where they are limited, else by money."""
    money = line.places is None and line.yuan is not None
    committed = line.committed_yuan if money else Decimal(line.committed_places)
    limit = line.yuan if money else None if line.places is None else Decimal(line.places)
    found = forecast(line.year, committed, limit, today)
    if found is None:
        if line.year != today.year:
            return _("A forecast is made for the present year only.")
        return _("Nothing is committed yet this year, so there is no forecast.")
    return _pace(found, money) + _outcome(found, line.year, money)


def _pace(found: Forecast, money: bool) -> str:
    if money:
        whole = format_yuan(found.each_month.quantize(Decimal(1), ROUND_HALF_UP))
        return _("On average %(yuan)s a month were committed since January.", yuan=whole)
    each = format_decimal(found.each_month.quantize(Decimal("0.1"), ROUND_HALF_UP))
    return _("On average %(places)s places a month were committed since January.", places=each)


def _outcome(found: Forecast, year: int, money: bool) -> str:
    if found.used_up_in is not None:
        return _(" If it goes on like this, the line is used up in %(month)s.", month=_month(year, found.used_up_in))
    used = found.by_year_end.quantize(Decimal(1), ROUND_HALF_UP)
    if money:
        return _(" If it goes on like this, that makes %(yuan)s by the end of the year.", yuan=format_yuan(used))
    return _(" If it goes on like this, that makes %(places)s by the end of the year.", places=_amount(used, money))


def _month(year: int, month: int) -> str:
    return month_in_words(f"{year}-{month:02}")
