"""Reads of budgets, always in the reader's scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from housing_portal.accounts.models import District, User
from housing_portal.core.db import db
from housing_portal.payments.models import WAITING, BudgetClaim, BudgetLine
from housing_portal.schemes.models import SchemeVersion
from housing_portal.schemes.text import Text

READERS = ("approver", "auditor")


@dataclass(frozen=True)
class LineState:
    """A line with the number of cases that wait for a place in it."""

    line: BudgetLine
    waiting: int


def _scoped(user: User) -> Select[BudgetLine]:
    """Lines of the reader's districts, and of the whole city, on which their cases may draw too."""
    query = select(BudgetLine).outerjoin(BudgetLine.district)
    if user.city_wide_as("auditor"):
        return query
    return query.where(or_(BudgetLine.district_id.is_(None), BudgetLine.district_id.in_(user.districts_as(*READERS))))


def years(user: User) -> list[int]:
    """The years that have lines, the latest first."""
    return sorted(db.session.scalars(_scoped(user).with_only_columns(BudgetLine.year).distinct()), reverse=True)


def districts(user: User, year: int) -> list[District]:
    """The districts that have lines in the year."""
    query = _scoped(user).where(BudgetLine.year == year, District.id.is_not(None)).with_only_columns(District)
    return list(db.session.scalars(query.distinct().order_by(District.code)))


def lines(user: User, year: int, district: str = "") -> list[LineState]:
    """The lines of a year, by scheme, then by district; of one district (its code) or of all."""
    query = _scoped(user).where(BudgetLine.year == year)
    if district:
        query = query.where(District.code == district)
    found = db.session.scalars(query.order_by(BudgetLine.scheme_code, District.code, BudgetLine.id)).all()
    waiting = _waiting(line.id for line in found)
    return [LineState(line, waiting.get(line.id, 0)) for line in found]


def _waiting(line_ids: Iterable[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(BudgetClaim.line_id, func.count())
        .where(BudgetClaim.state == WAITING, BudgetClaim.line_id.in_(list(line_ids)))
        .group_by(BudgetClaim.line_id)
    )
    return {row[0]: row[1] for row in rows}


def titles(codes: Sequence[str]) -> dict[str, Text]:
    """The titles of schemes, as their latest version has them."""
    last = (
        select(func.max(SchemeVersion.id))
        .where(SchemeVersion.scheme_code.in_(codes))
        .group_by(SchemeVersion.scheme_code)
    )
    found = db.session.scalars(select(SchemeVersion).where(SchemeVersion.id.in_(last)))
    return {version.scheme_code: version.definition().title for version in found}
