"""Months and years between two days. A month that is not full counts 0 (Civil Code, art. 202)."""

import calendar
from datetime import date, timedelta

MONTHS_A_YEAR = 12


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


def months_begun(start: date, end: date) -> int:
    """Months from ``start`` to ``end`` with the one begun: 24 to the same day two years on, 25 a day later."""
    months = whole_months(start, end)
    return months + (add_months(start, months) < end)


def months_until_end_of(start: date, last_day: date) -> int:
    """Full months from ``start`` to the end of ``last_day``, both days included."""
    return whole_months(start, last_day + timedelta(days=1))


def full_years(birth: date, on: date) -> int:
    """Age in full years (周岁); someone born on 29 February is a year older on 1 March."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
