"""Write housing_portal/core/data/workdays.csv from two libraries that must agree. Development only.

Usage: python scripts/make_workdays.py [FIRST_YEAR LAST_YEAR]
The table may be edited by hand afterwards; this script is for a year that was newly published.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays

TABLE = Path(__file__).parents[1] / "housing_portal" / "core" / "data" / "workdays.csv"


def days_of(year: int) -> Iterator[date]:
    """Every day of the year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def rows_of(year: int) -> Iterator[tuple[str, str, str]]:
    """Day, yes/no and a note for every day that differs from Monday to Friday."""
    table = holidays.country_holidays("CN", years=[year], language="zh_CN")
    for day in days_of(year):
        workday = chinese_calendar.is_workday(day)
        if workday != table.is_working_day(day):
            raise SystemExit(f"{day}: the two libraries do not agree; look it up and edit the table by hand")
        if workday != (day.weekday() < 5):
            yield day.isoformat(), "yes" if workday else "no", "调休" if workday else table.get(day, "")


def main() -> None:
    """Write the table for the years given (2024 to 2026 when none are)."""
    first, last = (int(argument) for argument in sys.argv[1:3] or ("2024", "2026"))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("day", "workday", "note"))
        for year in range(first, last + 1):
            writer.writerows(rows_of(year))


if __name__ == "__main__":
    main()
