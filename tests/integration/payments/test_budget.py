"""A place is reserved on acceptance, committed on approval, given back otherwise; whoever waits comes in by turn."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from housing_portal.casework import service
from housing_portal.core.db import commit, db, writing
from housing_portal.payments.models import BudgetClaim, BudgetLine
from tests.factories.awards import (
    accept,
    approve,
    handed_in,
    only_line,
    refuse,
    review,
    reviewed,
    set_limit,
    withdraw,
)
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff
from tests.integration.payments.test_awards import award_of, ref_of, text


def states(app: Flask) -> list[str]:
    """The claims of all cases, in the order in which they came."""
    with app.app_context():
        return list(db.session.scalars(select(BudgetClaim.state).order_by(BudgetClaim.id)))


def used(app: Flask) -> tuple[int, int]:
    """Reserved and committed places."""
    with app.app_context():
        line = only_line()
        return line.reserved_places, line.committed_places


def test_without_a_line_nothing_is_limited(app: Flask, city: City) -> None:
    set_limit(app, 0, district="500902")  # another district
    set_limit(app, 0, scheme="talent_apartment")  # another scheme
    assert approve(app, city, reviewed(app, city, 1)) == ""
    assert states(app) == []


def test_reserved_committed_and_released(app: Flask, city: City) -> None:
    set_limit(app, 3)
    one, two, three = (handed_in(app, city, number) for number in (1, 2, 3))
    assert states(app) == []  # handing in takes no place
    for case in (one, two, three):
        accept(app, city, case)
    assert used(app) == (3, 0)
    assert withdraw(app, one) == ""
    review(app, city, two)
    assert refuse(app, city, two) == ""
    review(app, city, three)
    assert approve(app, city, three) == ""
    assert states(app) == ["released", "released", "committed"]
    assert used(app) == (0, 1)


def test_acceptance_is_a_right_also_when_nothing_is_left(app: Flask, city: City) -> None:
    set_limit(app, 1)
    first, second, third = reviewed(app, city, 1), reviewed(app, city, 2), reviewed(app, city, 3)
    assert states(app) == ["reserved", "waiting", "waiting"]
    assert "number 2 in the row" in approve(app, city, third)
    page = text(as_staff(app, city.approver), f"/staff/cases/{ref_of(app, third)}")
    assert "Waiting for a place: number 2 in the row" in page
    status = text(as_applicant(app, city), f"/applications/{ref_of(app, third)}/status")
    assert "You are number 2 in the row for a place" in status
    assert refuse(app, city, first) == ""
    assert states(app) == ["released", "reserved", "waiting"]  # the first of the row came in
    status = text(as_applicant(app, city), f"/applications/{ref_of(app, second)}/status")
    assert "A place is reserved for you in the budget of" in status
    assert "number 1 in the row" in approve(app, city, third)
    assert approve(app, city, second) == ""
    assert used(app) == (0, 1)
    set_limit(app, 2)  # more money came
    assert states(app) == ["released", "committed", "reserved"]
    assert approve(app, city, third) == ""


def test_the_place_of_a_withdrawn_award_goes_to_the_next(app: Flask, city: City) -> None:
    set_limit(app, 1)
    first, _second = reviewed(app, city, 1), reviewed(app, city, 2)
    assert approve(app, city, first) == ""
    ref = award_of(app, first).ref
    for _twice in range(2):
        app.test_cli_runner().invoke(args=["payments", "withdraw", ref, "--reason", "By mistake."])
        assert states(app) == ["released", "reserved"]
        assert used(app) == (1, 0)


def test_the_clock_reserves_too(app: Flask, city: City) -> None:
    with time_machine.travel(datetime(2027, 3, 1, 2, tzinfo=UTC), tick=False):
        set_limit(app, 1)
        handed_in(app, city, 1)
    with time_machine.travel(datetime(2027, 4, 1, 2, tzinfo=UTC), tick=False), app.app_context(), writing():
        service.run_clocks()
        commit()
    assert states(app) == ["reserved"]


def test_money_counts_as_it_falls_into_the_year(app: Flask, city: City) -> None:
    with time_machine.travel(datetime(2027, 9, 14, 2, tzinfo=UTC), tick=False):  # three months of 2027 are paid
        set_limit(app, None, Decimal("4500"))
        cases = [reviewed(app, city, number) for number in (1, 2, 3)]
        assert states(app) == ["reserved", "reserved", "waiting"]
        with app.app_context():
            assert only_line().reserved_yuan == Decimal("4500.00")
        assert approve(app, city, cases[0]) == ""
    with time_machine.travel(datetime(2027, 10, 12, 2, tzinfo=UTC), tick=False):  # a month later it is 750 less
        assert approve(app, city, cases[1]) == ""
        with app.app_context():
            line = only_line()
            assert (line.reserved_yuan, line.committed_yuan) == (Decimal(0), Decimal("3750.00"))
        assert states(app) == ["committed", "committed", "waiting"]  # 750 are not enough for 2,250


def test_support_that_begins_next_year_draws_on_next_year(app: Flask, city: City) -> None:
    with time_machine.travel(datetime(2027, 11, 15, 2, tzinfo=UTC), tick=False):
        set_limit(app, 2)
        one, two = reviewed(app, city, 1), reviewed(app, city, 2)
    with time_machine.travel(datetime(2027, 12, 6, 2, tzinfo=UTC), tick=False):
        set_limit(app, 1)  # the line of 2028
        assert approve(app, city, one) == ""
        assert "The budget of 2028 has not enough left" in approve(app, city, two)
    with app.app_context():
        lines = db.session.scalars(select(BudgetLine).order_by(BudgetLine.year)).all()
        assert [(line.year, line.reserved_places, line.committed_places) for line in lines] == [
            (2027, 1, 0),  # what was refused changed nothing
            (2028, 0, 1),
        ]


def test_the_district_before_the_city(app: Flask, city: City) -> None:
    set_limit(app, 1, district=None)
    assert approve(app, city, reviewed(app, city, 1)) == ""
    set_limit(app, 1)
    assert approve(app, city, reviewed(app, city, 2)) == ""
    reviewed(app, city, 3)
    assert states(app) == ["committed", "committed", "waiting"]


def test_a_case_accepted_before_there_was_a_line_takes_its_place_on_approval(app: Flask, city: City) -> None:
    one, two = reviewed(app, city, 1), reviewed(app, city, 2)
    set_limit(app, 1)
    assert approve(app, city, one) == ""
    assert "has not enough left" in approve(app, city, two)
    assert used(app) == (0, 1)


# -- setting limits --------------------------------------------------------------------------------


def test_a_limit_below_what_is_used_is_refused(app: Flask, city: City) -> None:
    set_limit(app, 2)
    reviewed(app, city, 1)
    reviewed(app, city, 2)
    year = "2027"
    with app.app_context():
        year = str(only_line().year)
    run = app.test_cli_runner().invoke
    command = ["payments", "budget", "set", "rent_by_education", year, "--district", "500901"]
    assert "More than this is reserved" in run(args=[*command, "--places", "1"]).output
    assert "More than this is reserved" in run(args=[*command, "--yuan", "0.01"]).output
    assert "limits places or yuan" in run(args=command).output
    assert run(args=[*command, "--places", "2", "--yuan", "90000.50"]).exit_code == 0
    with app.app_context():
        assert (only_line().places, only_line().yuan) == (2, Decimal("90000.50"))


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("no_scheme,2027,500901,3,", "2: there is no scheme no_scheme"),
        ("rent_by_education,27,500901,3,", "2: 27 is not a year"),
        ("rent_by_education,2027,999999,3,", "2: there is no district 999999"),
        ("rent_by_education,2027,,-3,", "2: -3 is not a number of places"),
        ("rent_by_education,2027,,,NaN", "2: NaN is not an amount"),
        ("rent_by_education,2027,,,much", "2: much is not an amount"),
        ("rent_by_education,2027,,,", "2: A budget line limits places or yuan."),
    ],
)
def test_a_file_with_a_wrong_row_changes_nothing(
    app: Flask, city: City, tmp_path: Path, row: str, complaint: str
) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(f"scheme,year,district,places,yuan\n{row}\ntalent_apartment,2027,,9,\n", "utf-8")
    result = app.test_cli_runner().invoke(args=["payments", "budget", "import", str(file)])
    assert result.exit_code == 1
    assert complaint in result.output
    with app.app_context():
        assert db.session.scalars(select(BudgetLine)).all() == []


def test_a_file_sets_all_its_lines(app: Flask, city: City, tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(
        "scheme,year,district,places,yuan\nrent_by_education,2027,500901,40,\ntalent_apartment,2027,,9,1000000\n",
        "utf-8-sig",
    )
    run = app.test_cli_runner().invoke
    assert run(args=["payments", "budget", "import", str(file)]).output == "2 lines are set\n"
    assert run(args=["payments", "budget", "import", str(file)]).exit_code == 0  # again: the same lines
    with app.app_context():
        lines = db.session.scalars(select(BudgetLine).order_by(BudgetLine.id)).all()
        assert [(line.scheme_code, line.places, line.yuan) for line in lines] == [
            ("rent_by_education", 40, None),
            ("talent_apartment", 9, Decimal("1000000.00")),
        ]
    file.write_text("scheme;year\n", "utf-8")
    assert "the columns are" in run(args=["payments", "budget", "import", str(file)]).output


# -- the page --------------------------------------------------------------------------------------


def test_the_page_shows_used_reserved_free_and_a_forecast(app: Flask, city: City) -> None:
    with time_machine.travel(datetime(2027, 3, 10, 2, tzinfo=UTC), tick=True):
        auditor = as_staff(app, city.auditor)
        assert "There is no budget line yet" in text(auditor, "/staff/budget")
        set_limit(app, 4)
        set_limit(app, 7, district="500902")
        set_limit(app, 1, scheme="office_fitout", district=None)
        for number in (1, 2):
            assert approve(app, city, reviewed(app, city, number)) == ""
        for number in (3, 4, 5):
            reviewed(app, city, number)
        page = text(auditor, "/staff/budget")
        assert page.count("portal-budget__line") == 3
        mine = text(as_staff(app, city.approver), "/staff/budget")
        assert mine.count("portal-budget__line") == 2  # the own district and the whole city
        assert "Beiling" not in mine
        assert "Used up" in mine
        assert "1 waits" in mine
        assert "On average 0.7 places a month were committed since January." in mine
        assert "If it goes on like this, the line is used up in June 2027." in mine
        assert text(auditor, "/staff/budget?district=500902").count("portal-budget__line") == 1
