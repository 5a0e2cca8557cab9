"""Budget lines of the demonstration: most have room, one is used up just before the last case of its district came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from housing_portal.accounts.models import District
from housing_portal.casework import decisions
from housing_portal.core.db import db
from housing_portal.demo.data import Applicant
from housing_portal.demo.plan import Step
from housing_portal.payments import budget

# Scheme, district ("": the whole city), places, yuan of a year.
LINES: tuple[tuple[str, str, int | None, str | None], ...] = (
    ("rent_by_education", "500901", 40, None),
    ("rent_by_education", "500902", 30, "400000"),
    ("rent_by_education", "500903", 25, None),
    ("rent_by_tier", "", 120, "3000000"),
    ("talent_apartment", "500902", 12, None),
    ("settlement_grant", "", 60, "2400000"),
    ("office_rent_flat", "500901", None, "1200000"),
    ("office_fitout", "500901", 6, "1000000"),
    ("state_owned_premises", "500901", 20, None),
    ("office_purchase", "", None, "20000000"),
)
USED_UP = ("rent_by_education", "500901")


def open_lines(today: date) -> None:
    """All lines, for the years into which the stories fall."""
    districts = {district.code: district for district in db.session.scalars(select(District))}
    for year in (today.year - 1, today.year, today.year + 1):
        for scheme, code, places, yuan in LINES:
            limit = Decimal(yuan) if yuan is not None else None
            budget.set_limit(None, scheme, districts.get(code), year, places, limit)


def last_acceptance(steps: Sequence[Step], people: dict[str, Applicant]) -> Step:
    """The last case that is accepted on the line that is used up: it has to wait."""
    return [
        step
        for step in steps
        if step.action == "accept"
        and (people[step.email].stories[step.nth].scheme, people[step.email].district) == USED_UP
    ][-1]


def use_up() -> None:
    """Cut the line on which a case that is accepted now would draw down to what is used of it."""
    scheme, code = USED_UP
    district = db.session.scalars(select(District).where(District.code == code)).one()
    line = budget.line_for(scheme, district.id, decisions.first_paid_month().year)
    if line is not None:
        budget.set_limit(None, scheme, district, line.year, line.reserved_places + line.committed_places, None)
