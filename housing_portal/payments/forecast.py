"""What a budget line will have used by the end of its year, if it goes on as it did. A sum, not a promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from housing_portal.schemes.months import MONTHS_A_YEAR


@dataclass(frozen=True)
class Forecast:
    """All in the unit of the line, places or yuan. ``used_up_in``: the month (1 to 12) in which it is used up."""

    each_month: Decimal
    by_year_end: Decimal
    used_up_in: int | None


def forecast(year: int, committed: Decimal, limit: Decimal | None, today: date) -> Forecast | None:
    """The average committed in a month of this year × the months left. None for another year, and while nothing is."""
    if year != today.year or committed <= 0:
        return None
    each_month = committed / today.month
    left = MONTHS_A_YEAR - today.month
    used_up_in = None
    if limit is not None and committed + each_month * left > limit:
        used_up_in = min(today.month + int((max(limit - committed, Decimal(0))) / each_month), MONTHS_A_YEAR)
    by_year_end = committed + each_month * left
    return Forecast(each_month, by_year_end if limit is None else min(by_year_end, limit), used_up_in)
