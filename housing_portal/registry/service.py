"""Commands of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import select

from housing_portal.core import clock
from housing_portal.core.db import db
from housing_portal.registry.models import Company, KnownFact


def add_company(uscc: str, name: str, name_en: str, district_id: int) -> Company:
    """Enter a company into the register, findable by pinyin and initials."""
    company = Company(
        uscc=uscc,
        name=name,
        name_en=name_en,
        district_id=district_id,
        pinyin="".join(lazy_pinyin(name)).lower()[:400],
        initials="".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:120],
    )
    db.session.add(company)
    return company


def remember_facts(user_id: int, facts: Mapping[str, Any]) -> None:
    """Keep what was handed in, to offer it again next time."""
    rows = {row.fact: row for row in db.session.scalars(select(KnownFact).where(KnownFact.user_id == user_id))}
    moment = clock.now()
    for fact, value in facts.items():
        row = rows.get(fact)
        if row is None:
            db.session.add(KnownFact(user_id=user_id, fact=fact, value=value, given_at=moment))
        else:
            row.value, row.given_at = value, moment
