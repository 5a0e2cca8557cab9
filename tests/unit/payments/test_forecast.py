"""The forecast of a budget line: an average times the months left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from housing_portal.payments.forecast import forecast


@pytest.mark.parametrize(
    ("committed", "limit", "month", "by_year_end", "used_up_in"),
    [
        (20, 100, 4, 60, None),  # 5 a month, 8 months to go
        (20, 60, 4, 60, None),  # just enough
        (20, 59, 4, 59, 11),  # 39 left, 5 a month: in the eighth month from April the last is taken
        (20, 20, 4, 20, 4),  # nothing left: now
        (12, None, 12, 12, None),  # the year is over
        (6, 7, 6, 7, 7),
    ],
)
def test_the_average_of_the_year_goes_on(
    committed: int, limit: int | None, month: int, by_year_end: int, used_up_in: int | None
) -> None:
    most = None if limit is None else Decimal(limit)
    found = forecast(2027, Decimal(committed), most, date(2027, month, 15))
    assert found is not None
    assert found.by_year_end == by_year_end
    assert found.used_up_in == used_up_in


def test_there_is_none_for_another_year_or_without_a_beginning() -> None:
    assert forecast(2028, Decimal(3), None, date(2027, 4, 1)) is None
    assert forecast(2027, Decimal(0), Decimal(9), date(2027, 4, 1)) is None
