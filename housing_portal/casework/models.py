"""Tables of casework."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from housing_portal.accounts.models import District, User
from housing_portal.applications.models import Application
from housing_portal.core.crypto import EncryptedJSON, EncryptedText
from housing_portal.core.db import Base, UtcDateTime

STATUSES = ("INTAKE", "CORRECTION", "REVIEW", "DECISION", "CONFIRMATION", "APPROVED", "REFUSED", "WITHDRAWN", "LAPSED")
FINAL = ("APPROVED", "REFUSED", "WITHDRAWN", "LAPSED")


class Case(Base):
    """A submitted application on its way. Its columns are the fold of its events, kept for speed."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        # An open case always has a day by which somebody must act; a closed one has none.
        CheckConstraint(f"(status IN {FINAL}) = (due_on IS NULL)", name="open_has_clock"),
        CheckConstraint(f"(status IN {FINAL}) = (closed_at IS NOT NULL)", name="closed_has_date"),
        Index("ix_case_queue", "district_id", "status", "due_on", "id"),
        Index("ix_case_assignee", "assignee_id", "status", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    workflow: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    holder_name: Mapped[str] = mapped_column(EncryptedText)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    decide_by: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)

    application: Mapped[Application] = relationship(lazy="joined")
    district: Mapped[District] = relationship(lazy="joined")
    assignee: Mapped[User | None] = relationship(lazy="joined")
    events: Mapped[list[CaseEvent]] = relationship(back_populates="case", order_by="CaseEvent.seq")

    __mapper_args__ = {"version_id_col": version}


class CaseEvent(Base):
    """One step of a case; append-only. ``data`` may be shown to the applicant; ``internal`` never."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    seq: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(40))
    from_status: Mapped[str] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON, default=dict)
    internal: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON, default=dict)

    case: Mapped[Case] = relationship(back_populates="events")
    actor: Mapped[User | None] = relationship(lazy="joined")


class CaseStageActor(Base):
    """Who acted at which stage. The unique key is the four-eyes rule: no person acts at two stages of one case."""

    __tablename__ = "case_stage_actor"
    __table_args__ = (UniqueConstraint("case_id", "actor_id", name="uq_nobody_acts_at_two_stages"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    stage: Mapped[str] = mapped_column(String(20))


class VerifiedFact(Base):
    """What an officer or a register says of one fact of a case; append-only, the last statement holds.

    ``declared`` is what the applicant had answered then, ``subject`` whom the register was asked about: when either
    is another one now, the statement was made for an earlier answer.
    """

    __tablename__ = "verified_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    fact: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(EncryptedJSON)  # canonical
    declared: Mapped[Any | None] = mapped_column(EncryptedJSON)  # canonical; None: not asked or left empty
    source: Mapped[str] = mapped_column(String(30))  # officer, or the name of a register
    as_of: Mapped[date | None] = mapped_column(Date)  # the day of the register's extract
    subject: Mapped[str | None] = mapped_column(String(90))  # keyed hashes
    note: Mapped[str] = mapped_column(EncryptedText)  # what was seen, where
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship(lazy="joined")


class RegisterCheck(Base):
    """One look into the registers, with everything that they answered, also that they know nothing; append-only."""

    __tablename__ = "register_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship(lazy="joined")


class CaseEvaluation(Base):
    """What the rules say once facts were verified; append-only. The submission keeps what they said when it came."""

    __tablename__ = "case_evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    submission_number: Mapped[int] = mapped_column(Integer)
    statements_up_to: Mapped[int] = mapped_column(Integer)  # id of the last verified_fact that was used
    cause: Mapped[str] = mapped_column(String(20))  # statement, registers, correction
    evaluation: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StepDraft(Base):
    """A step that an officer has typed and not yet confirmed. Only that officer sees it; it goes with the step."""

    __tablename__ = "step_draft"
    __table_args__ = (UniqueConstraint("case_id", "officer_id", "step", name="uq_step_draft_one_a_step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    step: Mapped[str] = mapped_column(String(20))
    typed: Mapped[dict[str, list[str]]] = mapped_column(EncryptedJSON)  # name of an input → what stood in it
    at: Mapped[datetime] = mapped_column(UtcDateTime)
