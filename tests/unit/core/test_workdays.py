"""Deadlines: the vectors of the procedure, holidays, make-up weekends and years that are not published."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from housing_portal.core.workdays import (
    Calendar,
    add_workdays,
    calendar_from_rows,
    count_workdays,
    is_provisional,
    is_workday,
    period_is_provisional,
    shipped_calendar,
    workdays_cli,
)

CALENDAR = shipped_calendar()


@pytest.mark.parametrize(
    ("day", "deadline"),
    [
        (date(2026, 2, 11), date(2026, 2, 25)),
        (date(2026, 4, 30), date(2026, 5, 11)),
        (date(2026, 9, 29), date(2026, 10, 12)),
        (date(2025, 1, 24), date(2025, 2, 7)),
        (date(2025, 9, 30), date(2025, 10, 14)),
    ],
)
def test_five_working_days_later(day: date, deadline: date) -> None:
    assert add_workdays(CALENDAR, day, 5) == deadline


def test_make_up_weekend_counts_and_holiday_does_not() -> None:
    assert is_workday(CALENDAR, date(2026, 2, 14))  # a Saturday
    assert not is_workday(CALENDAR, date(2026, 2, 16))  # a Monday
    assert not is_workday(CALENDAR, date(2026, 3, 7))
    assert is_workday(CALENDAR, date(2026, 3, 2))


def test_unpublished_year_is_monday_to_friday_and_provisional() -> None:
    assert is_provisional(CALENDAR, 2027)
    assert not is_provisional(CALENDAR, 2026)
    assert is_workday(CALENDAR, date(2027, 1, 1))
    assert add_workdays(CALENDAR, date(2026, 12, 30), 3) == date(2027, 1, 4)
    assert period_is_provisional(CALENDAR, date(2026, 12, 30), date(2027, 1, 4))
    assert not period_is_provisional(CALENDAR, date(2026, 12, 1), date(2026, 12, 31))


def test_zero_days_and_negative_days() -> None:
    saturday = date(2026, 3, 7)
    assert add_workdays(CALENDAR, saturday, 0) == saturday
    with pytest.raises(ValueError, match="negative"):
        add_workdays(CALENDAR, saturday, -1)


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(1, 60))
def test_counting_is_the_inverse_of_adding(day: date, count: int) -> None:
    end = add_workdays(CALENDAR, day, count)
    assert is_workday(CALENDAR, end)
    assert count_workdays(CALENDAR, day, end) == count
    assert count_workdays(CALENDAR, end, day) == 0
    assert add_workdays(CALENDAR, day, count + 1) > end


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(0, 30))
def test_a_later_event_never_ends_earlier(day: date, count: int) -> None:
    assert add_workdays(CALENDAR, day, count) <= add_workdays(CALENDAR, day + timedelta(days=1), count)


def test_table_errors_name_the_line() -> None:
    good = {"day": "2026-01-01", "workday": "no"}
    assert calendar_from_rows([good]) == Calendar({date(2026, 1, 1): False})
    with pytest.raises(ValueError, match="line 3: 2026-01-01 is there twice"):
        calendar_from_rows([good, good])
    with pytest.raises(ValueError, match="line 2"):
        calendar_from_rows([{"day": "2026-02-30", "workday": "no"}])
    with pytest.raises(ValueError, match="line 2"):
        calendar_from_rows([{"day": "2026-02-03", "workday": "maybe"}])


def test_command_prints_the_date() -> None:
    app = Flask(__name__)
    app.cli.add_command(workdays_cli)
    runner = app.test_cli_runner()
    result = runner.invoke(args=["workdays", "add", "2026-02-11", "5"])
    assert (result.exit_code, result.output) == (0, "2026-02-25\n")
    assert runner.invoke(args=["workdays", "add", "2026-12-30", "3"]).output == "2027-01-04 (provisional)\n"
