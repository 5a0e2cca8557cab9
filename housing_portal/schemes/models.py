"""Tables of the schemes room: every version of a scheme that was ever in force, who published and who ended it."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from housing_portal.accounts.models import User
from housing_portal.core import clock
from housing_portal.core.db import Base, UtcDateTime
from housing_portal.schemes.language import SchemeDefinition


class SchemeVersion(Base):
    """One version of a scheme, immutable: applications are bound to it for good.

    ``valid_from`` and ``valid_to`` are the days on which new applications may be filed under it.
    """

    __tablename__ = "scheme_version"
    __table_args__ = (
        UniqueConstraint("scheme_code", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    definition_json: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of definition_json, hex
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    def definition(self) -> SchemeDefinition:
        """The checked definition."""
        return _parsed(self.definition_json)


@lru_cache(maxsize=64)
def _parsed(definition_json: str) -> SchemeDefinition:
    """Parsing costs milliseconds; a version never changes, so its text is the key."""
    return SchemeDefinition.model_validate_json(definition_json)


@event.listens_for(SchemeVersion, "before_update")
@event.listens_for(SchemeVersion, "before_delete")
def _immutable(_mapper: Mapper[SchemeVersion], _connection: Connection, version: SchemeVersion) -> None:
    raise RuntimeError(f"scheme {version.scheme_code} version {version.number} cannot be changed")


class SchemePublication(Base):
    """Who drafted a version and who published it: two people, which the database keeps too."""

    __tablename__ = "scheme_publication"
    __table_args__ = (CheckConstraint("drafted_by_id <> published_by_id", name="two_people"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"), primary_key=True)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    published_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    note: Mapped[str] = mapped_column(Text)  # why it was changed

    version: Mapped[SchemeVersion] = relationship(lazy="joined")
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id], lazy="joined")
    published_by: Mapped[User] = relationship(foreign_keys=[published_by_id], lazy="joined")


class SchemeWithdrawal(Base):
    """From ``from_day`` on nobody begins an application under the version; what was begun goes on."""

    __tablename__ = "scheme_withdrawal"

    version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    by: Mapped[User] = relationship(lazy="joined")
