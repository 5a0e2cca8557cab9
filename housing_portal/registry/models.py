"""Tables of the registry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from housing_portal.accounts.models import District
from housing_portal.core.crypto import EncryptedJSON
from housing_portal.core.db import Base, UtcDateTime


class Company(Base):
    """An employer of the register, found by name, pinyin or USCC."""

    __tablename__ = "company"
    __table_args__ = (Index("ix_company_pinyin", "pinyin"), Index("ix_company_initials", "initials"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    name_en: Mapped[str] = mapped_column(String(160), default="")
    pinyin: Mapped[str] = mapped_column(String(400))
    initials: Mapped[str] = mapped_column(String(120))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))

    district: Mapped[District] = relationship(lazy="joined")


class KnownFact(Base):
    """What a person gave in an earlier application, offered again with its date, never asked twice."""

    __tablename__ = "known_fact"
    __table_args__ = (UniqueConstraint("user_id", "fact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    fact: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(EncryptedJSON)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
