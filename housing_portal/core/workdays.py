"""Working days. Deadlines count from the day after the event; make-up weekends (调休) count, holidays do not.

The table holds only the days that differ from Monday to Friday. A year without a row is not published yet:
it falls back to Monday to Friday and everything counted in it is provisional.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import click
from flask.cli import AppGroup

TABLE = Path(__file__).parent / "data" / "workdays.csv"


@dataclass(frozen=True)
class Calendar:
    """Days that differ from Monday to Friday: a make-up weekend is True, a holiday on a weekday is False."""

    exceptions: Mapping[date, bool]

    @property
    def years(self) -> frozenset[int]:
        """The years that are published."""
        return frozenset(day.year for day in self.exceptions)


def is_provisional(calendar: Calendar, year: int) -> bool:
    """True when the year is not published yet."""
    return year not in calendar.years


def is_workday(calendar: Calendar, day: date) -> bool:
    """True when offices work on that day."""
    return calendar.exceptions.get(day, day.weekday() < 5)


def add_workdays(calendar: Calendar, day: date, count: int) -> date:
    """The last day of a period of ``count`` working days that begins on the day after ``day``.

    Zero gives ``day`` itself. Raises ``ValueError`` for a negative count.
    """
    if count < 0:
        raise ValueError("a period has no negative number of working days")
    while count:
        day += timedelta(days=1)
        if is_workday(calendar, day):
            count -= 1
    return day


def count_workdays(calendar: Calendar, after: date, until: date) -> int:
    """Working days after ``after`` up to and including ``until``; 0 when ``until`` is not later.

    The inverse of ``add_workdays``: what is left of a clock when it is stopped and started again.
    """
    days = (after + timedelta(days=offset) for offset in range(1, (until - after).days + 1))
    return sum(is_workday(calendar, day) for day in days)


def period_is_provisional(calendar: Calendar, after: date, until: date) -> bool:
    """True when a day of the period lies in a year that is not published yet."""
    first = after + timedelta(days=1)
    return any(is_provisional(calendar, year) for year in range(first.year, until.year + 1))


def calendar_from_rows(rows: Iterable[Mapping[str, str]]) -> Calendar:
    """Read rows with ``day`` (ISO) and ``workday`` (yes/no). Raises ``ValueError`` that names the row."""
    exceptions: dict[date, bool] = {}
    for number, row in enumerate(rows, start=2):
        try:
            day, answer = date.fromisoformat(row["day"]), {"yes": True, "no": False}[row["workday"]]
        except (KeyError, ValueError) as error:
            raise ValueError(f"workdays table, line {number}: {error}") from error
        if day in exceptions:
            raise ValueError(f"workdays table, line {number}: {day} is there twice")
        exceptions[day] = answer
    return Calendar(exceptions)


@cache
def shipped_calendar() -> Calendar:
    """The calendar of the table that ships with the portal."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return calendar_from_rows(csv.DictReader(file))


workdays_cli = AppGroup("workdays", help="Working days and deadlines.")


@workdays_cli.command("add")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("count", type=click.IntRange(min=0))
def add_command(day: datetime, count: int) -> None:
    """Print the last day of a period of COUNT working days after DAY."""
    calendar = shipped_calendar()
    end = add_workdays(calendar, day.date(), count)
    provisional = period_is_provisional(calendar, day.date(), end)
    click.echo(f"{end}{' (provisional)' if provisional else ''}")
