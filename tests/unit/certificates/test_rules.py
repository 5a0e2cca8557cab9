"""What a paper is worth on a day."""

from datetime import date

import pytest

from housing_portal.certificates.rules import Standing, granted_period, standing
from housing_portal.certificates.serials import normalise

FIRST, LAST = date(2026, 12, 1), date(2029, 11, 30)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 30), Standing("not_yet_valid", FIRST)),
        (FIRST, Standing("valid", FIRST)),
        (LAST, Standing("valid", FIRST)),
        (date(2029, 12, 1), Standing("expired", date(2029, 12, 1))),
    ],
)
def test_the_period_includes_both_days(today: date, expected: Standing) -> None:
    assert standing("valid", None, FIRST, LAST, today) == expected


@pytest.mark.parametrize("state", ["superseded", "revoked"])
def test_a_changed_state_goes_before_the_period(state: str) -> None:
    changed = date(2027, 1, 5)
    assert standing(state, changed, FIRST, LAST, date(2035, 1, 1)) == Standing(state, changed)


def test_without_a_period_it_stays_valid() -> None:
    assert standing("valid", None, None, None, date(2099, 1, 1)) == Standing("valid")


@pytest.mark.parametrize(
    ("first", "months", "expected"),
    [
        (date(2026, 12, 1), 1, (date(2026, 12, 1), date(2026, 12, 31))),
        (date(2027, 2, 15), 12, (date(2027, 2, 1), date(2028, 1, 31))),
        (date(2027, 3, 1), 12, (date(2027, 3, 1), date(2028, 2, 29))),
        (None, 12, (None, None)),
        (date(2027, 3, 1), None, (None, None)),
        (date(2027, 3, 1), 0, (None, None)),
    ],
)
def test_granted_period(first: date | None, months: int | None, expected: tuple[date | None, date | None]) -> None:
    assert granted_period(first, months) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "YJ-500101-2026-C-000123",
        " yj 500101 2026 c 000123 ",
        "ＹＪ－５００１０１－２０２６－Ｃ－０００１２３",
        "yj–500101—2026−c-000123",
        "YJ5001012026C000123",
    ],
)
def test_serials_as_people_type_them(typed: str) -> None:
    assert normalise(typed) == "YJ-500101-2026-C-000123"


def test_something_else_is_no_serial() -> None:
    assert normalise("' OR 1=1 --") == "OR11"
