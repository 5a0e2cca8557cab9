"""Reads of the registry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from housing_portal.core.db import db
from housing_portal.registry.models import Company, KnownFact

MOST_COMPANIES = 8


def find_companies(typed: str) -> list[Company]:
    """Companies whose name holds, or whose pinyin, initials or USCC start with, what was typed (2+ characters)."""
    wanted = "".join(typed.split())
    if len(wanted) < 2:
        return []
    latin = wanted.lower()
    return list(
        db.session.scalars(
            select(Company)
            .where(
                or_(
                    Company.name.contains(wanted, autoescape=True),
                    Company.pinyin.startswith(latin, autoescape=True),
                    Company.initials.startswith(latin, autoescape=True),
                    Company.uscc.startswith(wanted.upper(), autoescape=True),
                )
            )
            .order_by(Company.name)
            .limit(MOST_COMPANIES)
        )
    )


def company_by_uscc(uscc: str) -> Company | None:
    """The company of an exact USCC."""
    return db.session.scalars(select(Company).where(Company.uscc == uscc.strip().upper())).first()


def known_facts(user_id: int) -> dict[str, tuple[Any, datetime]]:
    """Fact → what the person gave before, and when."""
    rows = db.session.scalars(select(KnownFact).where(KnownFact.user_id == user_id))
    return {row.fact: (row.value, row.given_at) for row in rows}
