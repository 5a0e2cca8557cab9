"""Tables of accounts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from housing_portal.core import clock
from housing_portal.core.crypto import EncryptedText
from housing_portal.core.db import Base, UtcDateTime

# Staff roles of DOMAIN: who does what in a district.
STAFF_ROLES = ("intake_officer", "reviewer", "approver", "auditor", "scheme_manager")
# Roles that may be given for the whole city.
CITY_ROLES = ("auditor", "scheme_manager")


class District(Base):
    """A district of the city; every case belongs to one."""

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))

    def name(self, lang: str) -> str:
        """The district's name in ``zh`` or ``en``."""
        return self.name_en if lang == "en" else self.name_zh


class User(Base):
    """A person who signs in: an applicant, or a member of staff when ``is_staff``."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("language IN ('zh','en')", name="language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    is_staff: Mapped[bool] = mapped_column(Boolean, default=False)
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_last_step: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    version: Mapped[int] = mapped_column(Integer)

    grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", lazy="selectin")

    __mapper_args__ = {"version_id_col": version}

    # What Flask-Login and the shell ask of a person.
    is_authenticated = True
    is_anonymous = False
    session_token: str = ""

    @property
    def is_active(self) -> bool:
        """Signing in needs a confirmed address."""
        return self.email_confirmed_at is not None

    def get_id(self) -> str:
        """Flask-Login keeps the session's token, not the person: a copied cookie ends with its session."""
        return self.session_token

    @property
    def has_second_factor(self) -> bool:
        """Whether one-time codes are set up."""
        return self.totp_confirmed_at is not None

    def valid_grants(self) -> list[RoleGrant]:
        """Roles that hold today."""
        today = clock.today()
        return [g for g in self.grants if g.valid_from <= today and (g.valid_to is None or today <= g.valid_to)]

    @property
    def roles(self) -> frozenset[str]:
        """Names of the roles that hold today, in whichever district."""
        return frozenset(grant.role for grant in self.valid_grants())

    def districts_as(self, *roles: str) -> frozenset[int]:
        """Ids of the districts where the person holds one of the roles today."""
        return frozenset(g.district_id for g in self.valid_grants() if g.role in roles and g.district_id is not None)

    def city_wide_as(self, *roles: str) -> bool:
        """Whether the person holds one of the roles for the whole city today."""
        return any(g.role in roles and g.district_id is None for g in self.valid_grants())


class RoleGrant(Base):
    """A role, in one district (none: the whole city), for a time."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "district_id"),
        CheckConstraint(f"role IN {STAFF_ROLES}", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    valid_from: Mapped[date] = mapped_column(Date, default=clock.today)
    valid_to: Mapped[date | None] = mapped_column(Date)

    user: Mapped[User] = relationship(back_populates="grants")
    district: Mapped[District | None] = relationship(lazy="joined")


class AuthSession(Base):
    """One signed-in browser. Only the hash of its token is kept."""

    __tablename__ = "auth_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(lazy="joined")


class EmailToken(Base):
    """A link that was mailed: to confirm an address or to choose a new password. Used once."""

    __tablename__ = "email_token"
    __table_args__ = (CheckConstraint("purpose IN ('confirm','reset')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")
