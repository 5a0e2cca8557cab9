"""Tables of the workbench."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Integer, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from housing_portal.accounts.models import User
from housing_portal.core import clock
from housing_portal.core.db import Base, UtcDateTime
from housing_portal.schemes.models import SchemeVersion

EDITING, PROPOSED, PUBLISHED, DISCARDED = "editing", "proposed", "published", "discarded"
DRAFT_STATES = (EDITING, PROPOSED, PUBLISHED, DISCARDED)
WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
SIMULATION_STATES = (WAITING, RUNNING, DONE, FAILED, CANCELLED)
GAINS, LOSES, SAME = "gains", "loses", "same"


class SchemeDraft(Base):
    """A version in the making: a text that may be wrong for a while. Only its author changes it.

    The publisher is another person than the author; the database keeps this rule as well.
    """

    __tablename__ = "scheme_draft"
    __table_args__ = (
        CheckConstraint(f"state IN {DRAFT_STATES}", name="state"),
        CheckConstraint("published_by_id IS NULL OR published_by_id <> author_id", name="two_people"),
        CheckConstraint("(state = 'published') = (published_version_id IS NOT NULL)", name="published_version"),
        CheckConstraint("(state = 'published') = (published_by_id IS NOT NULL)", name="published_by"),
        CheckConstraint("state NOT IN ('proposed','published') OR proposed_at IS NOT NULL", name="proposed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_code: Mapped[str] = mapped_column(String(40), index=True)
    base_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    source: Mapped[str] = mapped_column(Text)  # YAML as it was typed, right or wrong
    state: Mapped[str] = mapped_column(String(10), default=EDITING)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(Text, default="")  # why it is changed; asked when it is proposed
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_reason: Mapped[str] = mapped_column(Text, default="")  # why a colleague sent it back
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_version_id: Mapped[int | None] = mapped_column(ForeignKey("scheme_version.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    version: Mapped[int] = mapped_column(Integer)

    base_version: Mapped[SchemeVersion] = relationship(foreign_keys=[base_version_id], lazy="joined")
    published_version: Mapped[SchemeVersion | None] = relationship(foreign_keys=[published_version_id], lazy="joined")
    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="joined")
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id], lazy="joined")

    __mapper_args__ = {"version_id_col": version}


class DraftPaper(Base):
    """A letter as the draft would make it, for one state of its text. The worker draws it."""

    __tablename__ = "draft_paper"
    __table_args__ = (
        UniqueConstraint("draft_id", "kind", "source_hash"),
        CheckConstraint("state IN ('waiting','done','failed')", name="state"),
        CheckConstraint("(state = 'done') = (file_sha256 IS NOT NULL)", name="file"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("scheme_draft.id"))
    kind: Mapped[str] = mapped_column(String(20))
    source_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of the draft's text, hex
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    error: Mapped[str] = mapped_column(Text, default="")
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Simulation(Base):
    """A definition tried on every past submission of its scheme, against the version that it was made from.

    ``result`` holds the totals once it is done; see ``simulation.Tally``. ``districts`` are ids, None for the city.
    """

    __tablename__ = "simulation"
    __table_args__ = (CheckConstraint(f"state IN {SIMULATION_STATES}", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("scheme_draft.id"), index=True)
    base_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    definition_json: Mapped[str] = mapped_column(Text)  # of the draft when it was started
    source_hash: Mapped[str] = mapped_column(String(64))
    districts: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    total: Mapped[int] = mapped_column(Integer, default=0)  # applications
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    file_sha256: Mapped[str | None] = mapped_column(String(64))  # the Excel file
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    draft: Mapped[SchemeDraft] = relationship(lazy="joined")
    base_version: Mapped[SchemeVersion] = relationship(lazy="joined")
    started_by: Mapped[User] = relationship(lazy="joined")


class SimulationChunk(Base):
    """Applications after one id up to another: what one job counts. ``tally`` is there once it is counted."""

    __tablename__ = "simulation_chunk"

    simulation_id: Mapped[int] = mapped_column(ForeignKey("simulation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    after_id: Mapped[int] = mapped_column(Integer)
    up_to_id: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    tally: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class SimulationChange(Base):
    """One application for which something changes. No name is kept here."""

    __tablename__ = "simulation_change"
    __table_args__ = (
        UniqueConstraint("simulation_id", "application_id"),
        Index("ix_simulation_change_kind", "simulation_id", "kind", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    simulation_id: Mapped[int] = mapped_column(ForeignKey("simulation.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    kind: Mapped[str] = mapped_column(String(10))  # gains, loses, same (only the answer changes)
    answer_before: Mapped[str] = mapped_column(String(12))
    answer_after: Mapped[str] = mapped_column(String(12))
    yuan_before: Mapped[Any] = mapped_column(Numeric(14, 2))
    yuan_after: Mapped[Any] = mapped_column(Numeric(14, 2))
    on_day: Mapped[date] = mapped_column(Date)  # the day of the submission, on which both are evaluated
