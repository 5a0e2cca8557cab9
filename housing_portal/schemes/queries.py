"""Reads of the schemes room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Select, exists, func, or_, select

from housing_portal.core import clock
from housing_portal.core.db import db
from housing_portal.schemes.models import SchemePublication, SchemeVersion, SchemeWithdrawal

CATALOGUE = Path(__file__).parent / "catalogue"


def _in_force(on: date) -> Select[SchemeVersion]:
    """The highest version of each scheme among those valid on the day, unless that one is withdrawn.

    A withdrawn version still covers the earlier ones: withdrawing ends applications, it does not bring an old
    scheme back.
    """
    valid = (
        SchemeVersion.valid_from <= on,
        or_(SchemeVersion.valid_to.is_(None), SchemeVersion.valid_to >= on),
    )
    highest = (
        select(SchemeVersion.scheme_code, func.max(SchemeVersion.number).label("number"))
        .where(*valid)
        .group_by(SchemeVersion.scheme_code)
        .subquery()
    )
    ended = exists().where(SchemeWithdrawal.version_id == SchemeVersion.id, SchemeWithdrawal.from_day <= on)
    return (
        select(SchemeVersion)
        .join(
            highest,
            (SchemeVersion.scheme_code == highest.c.scheme_code) & (SchemeVersion.number == highest.c.number),
        )
        .where(~ended)
        .order_by(SchemeVersion.scheme_code)
    )


def open_schemes(on: date | None = None) -> Sequence[SchemeVersion]:
    """The schemes in force on the day (today), each in its present version.

    One that takes applications only in windows is among them when none is open: its page says when one opens.
    """
    return db.session.scalars(_in_force(on or clock.today())).all()


def current_version(code: str, on: date | None = None) -> SchemeVersion | None:
    """The version that an application begun on the day (today) is bound to; None when it is not open."""
    return db.session.scalar(_in_force(on or clock.today()).where(SchemeVersion.scheme_code == code))


def version_of(code: str, number: int) -> SchemeVersion | None:
    """One numbered version, in force or not."""
    return db.session.scalar(
        select(SchemeVersion).where(SchemeVersion.scheme_code == code, SchemeVersion.number == number)
    )


def versions(code: str | None = None) -> Sequence[SchemeVersion]:
    """Every stored version, of one scheme or of all: by code, the newest first."""
    query = select(SchemeVersion).order_by(SchemeVersion.scheme_code, SchemeVersion.number.desc())
    return db.session.scalars(query.where(SchemeVersion.scheme_code == code) if code else query).all()


def withdrawals() -> dict[int, SchemeWithdrawal]:
    """What was withdrawn, by the id of the version."""
    return {row.version_id: row for row in db.session.scalars(select(SchemeWithdrawal))}


def publications(code: str) -> dict[int, SchemePublication]:
    """Who drafted and who published, by the id of the version; files of the catalogue have none."""
    query = select(SchemePublication).join(SchemePublication.version).where(SchemeVersion.scheme_code == code)
    return {row.version_id: row for row in db.session.scalars(query)}
