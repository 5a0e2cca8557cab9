"""Tables of certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from housing_portal.core.crypto import EncryptedJSON
from housing_portal.core.db import Base, UtcDateTime

RECEIPT = "receipt"
CERTIFICATE = "certificate"
REFUSAL = "refusal"
KINDS = (RECEIPT, CERTIFICATE, REFUSAL)
STATES = ("valid", "superseded", "revoked")


class Paper(Base):
    """A paper that was issued: what it says, and the file that says it. Only its state ever changes.

    ``context`` is all that was printed; ``content_hash`` is the SHA-256 of its canonical JSON.
    """

    __tablename__ = "paper"
    __table_args__ = (
        # One paper for one occasion: a job that runs twice finds the first one's paper.
        UniqueConstraint("case_id", "kind", "edition"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state = 'valid') = (reason IS NULL)", name="state_has_reason"),
        CheckConstraint("(state = 'valid') = (changed_at IS NULL)", name="state_has_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    kind: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(Integer)  # a receipt's: the number of the submission
    serial: Mapped[str] = mapped_column(String(30), unique=True)
    code: Mapped[str] = mapped_column(String(26), unique=True)
    context: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    file_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="valid")
    reason: Mapped[str | None] = mapped_column(String(40))  # a code of rules.CHANGE_REASONS
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)  # the last day that it covers; None: no end


class SerialCounter(Base):
    """The last number given to a kind of paper in a district and a year."""

    __tablename__ = "serial_counter"

    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
