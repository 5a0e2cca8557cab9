"""Tables of awards and budgets. Money is stored in fen, so that the database adds and compares it exactly."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from housing_portal.accounts.models import District, User
from housing_portal.casework.models import Case
from housing_portal.core.crypto import EncryptedText
from housing_portal.core.db import Base, UtcDateTime
from housing_portal.core.money import to_fen
from housing_portal.schemes.models import SchemeVersion

ACTIVE, WITHDRAWN = "active", "withdrawn"
WAITING, RESERVED, COMMITTED, RELEASED = "waiting", "reserved", "committed", "released"
WHOSE = ("person", "spouse", "company", "affiliate", "premises")
ONCE = "once"  # in the place of a month: had a single time, whenever


class YuanInFen(TypeDecorator[Decimal]):
    """Yuan as ``Decimal`` in Python, whole fen in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(to_fen(value) * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Award(Base):
    """What an approval granted. Withdrawn, it stays, without its benefit months."""

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint(f"state IN ('{ACTIVE}','{WITHDRAWN}')", name="state"),
        CheckConstraint(f"(state = '{WITHDRAWN}') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_date"),
        CheckConstraint(f"(state = '{WITHDRAWN}') = (reason IS NOT NULL)", name="withdrawn_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(26), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    scheme_code: Mapped[str] = mapped_column(String(40), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    kind: Mapped[str] = mapped_column(String(20))  # of the benefit: monthly, yearly, once, discounted_rent
    first_month: Mapped[str] = mapped_column(String(7))  # 2026-03
    months: Mapped[int | None] = mapped_column(Integer)  # of support; None for what is granted once
    total: Mapped[Decimal] = mapped_column("total_fen", YuanInFen)  # yuan
    state: Mapped[str] = mapped_column(String(10))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: an operator
    reason: Mapped[str | None] = mapped_column(EncryptedText)

    case: Mapped[Case] = relationship()
    scheme_version: Mapped[SchemeVersion] = relationship()
    withdrawn_by: Mapped[User | None] = relationship()
    payments: Mapped[list[AwardPayment]] = relationship(order_by="AwardPayment.number")


class AwardPayment(Base):
    """One payment of the plan: a month of support, or a tranche."""

    __tablename__ = "award_payment"
    __table_args__ = (UniqueConstraint("award_id", "number"), CheckConstraint("amount_fen > 0", name="amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int] = mapped_column(Integer)
    month: Mapped[str] = mapped_column(String(7))
    amount: Mapped[Decimal] = mapped_column("amount_fen", YuanInFen)  # yuan
    words: Mapped[dict[str, str] | None] = mapped_column(JSON)  # of a tranche, zh and en


class BenefitMonth(Base):
    """A month of support of one claimant. The unique key is the rule that nobody has two at the same time.

    ``claimant`` is a keyed hash. ``whose`` is not in the key: a spouse's number is a person's number, and the two meet.
    """

    __tablename__ = "benefit_month"
    __table_args__ = (
        UniqueConstraint("claimant", "exclusion", "month", name="uq_no_double_benefit"),
        CheckConstraint(f"whose IN {WHOSE}", name="whose"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    claimant: Mapped[str] = mapped_column(String(43))
    exclusion: Mapped[str] = mapped_column(String(100))  # group:…, pair:…|…, scheme:…
    month: Mapped[str] = mapped_column(String(7))  # 2026-03, or once
    whose: Mapped[str] = mapped_column(String(10))
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)

    award: Mapped[Award] = relationship()


class BudgetLine(Base):
    """How much there is of a scheme in a year: in one district, or in the whole city where a district has no line.

    The year is that in which support begins. A limit of None limits nothing.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("scheme_code", "year", "district_id"),
        # A unique key takes two NULLs for different: the whole city needs its own.
        Index(
            "uq_budget_line_whole_city",
            "scheme_code",
            "year",
            unique=True,
            sqlite_where=text("district_id IS NULL"),
            postgresql_where=text("district_id IS NULL"),
        ),
        CheckConstraint("reserved_places >= 0 AND committed_places >= 0", name="places_not_negative"),
        CheckConstraint("reserved_fen >= 0 AND committed_fen >= 0", name="yuan_not_negative"),
        CheckConstraint("places IS NULL OR reserved_places + committed_places <= places", name="places_within"),
        CheckConstraint("limit_fen IS NULL OR reserved_fen + committed_fen <= limit_fen", name="yuan_within"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_code: Mapped[str] = mapped_column(String(40))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    year: Mapped[int] = mapped_column(Integer)
    places: Mapped[int | None] = mapped_column(Integer)
    yuan: Mapped[Decimal | None] = mapped_column("limit_fen", YuanInFen)
    reserved_places: Mapped[int] = mapped_column(Integer, default=0)
    committed_places: Mapped[int] = mapped_column(Integer, default=0)
    reserved_yuan: Mapped[Decimal] = mapped_column("reserved_fen", YuanInFen, default=Decimal(0))
    committed_yuan: Mapped[Decimal] = mapped_column("committed_fen", YuanInFen, default=Decimal(0))

    district: Mapped[District | None] = relationship(lazy="joined")


class BudgetClaim(Base):
    """What one case draws from a line. Those that wait stand in the order of ``since``, then of ``id``."""

    __tablename__ = "budget_claim"
    __table_args__ = (
        CheckConstraint(f"state IN {(WAITING, RESERVED, COMMITTED, RELEASED)}", name="state"),
        Index("ix_budget_claim_row", "line_id", "state", "since", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"))
    state: Mapped[str] = mapped_column(String(10))
    places: Mapped[int] = mapped_column(Integer)
    yuan: Mapped[Decimal] = mapped_column("fen", YuanInFen)  # that falls into the year of the line
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    line: Mapped[BudgetLine] = relationship()
