"""The table of imported register data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from housing_portal.core.crypto import EncryptedJSON
from housing_portal.core.db import Base, UtcDateTime


class RegisterRecord(Base):
    """What a register says of one subject; the latest that was imported. The number itself is not kept."""

    __tablename__ = "register_record"
    __table_args__ = (UniqueConstraint("register", "subject", name="uq_register_record_one_a_subject"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    register: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(43))  # keyed hash of the number
    facts: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)  # fact key → canonical value
    as_of: Mapped[date] = mapped_column(Date)  # the day of the extract
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
