"""The page of the budget: what is committed, reserved and free, who waits, and where it leads."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from housing_portal.accounts.sessions import current_person
from housing_portal.core import clock
from housing_portal.core.access import staff
from housing_portal.core.i18n import language
from housing_portal.payments import presentation, queries

bp = Blueprint("payments", __name__, url_prefix="/staff", template_folder="templates")


@bp.get("/budget")
@staff(*queries.READERS)
def budget() -> ResponseReturnValue:
    """The lines of one year, of the reader's districts and of the whole city."""
    person, today = current_person(), clock.today()
    years = queries.years(person)
    asked = request.args.get("year", type=int)
    year = asked if asked in years else _nearest(years, today.year)
    districts = queries.districts(person, year)
    district = request.args.get("district", "")
    if district not in {one.code for one in districts}:
        district = ""
    return render_template(
        "payments/budget.html",
        rows=presentation.line_rows(queries.lines(person, year, district), today),
        years=years,
        year=year,
        districts=districts,
        district=district,
        today=today,
        lang=language(),
    )


def _nearest(years: list[int], this_year: int) -> int:
    """This year; where it has no lines, the latest that has."""
    return this_year if this_year in years or not years else years[0]
