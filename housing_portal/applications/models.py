"""Tables of applications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from housing_portal.accounts.models import District, User
from housing_portal.core import clock
from housing_portal.core.crypto import EncryptedJSON, EncryptedText
from housing_portal.core.db import Base, UtcDateTime
from housing_portal.schemes.models import SchemeVersion


class Application(Base):
    """A person's application for one scheme, bound to one version of it for good.

    ``state``: draft (being filled), submitted (frozen), correcting (named pages open again).
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("state IN ('draft','submitted','correcting')", name="state"),
        CheckConstraint("(state = 'correcting') = (correction IS NOT NULL)", name="correction_says_what"),
        # A second click on "start" finds the first draft.
        Index(
            "uq_application_one_draft",
            "user_id",
            "scheme_code",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(26), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    scheme_code: Mapped[str] = mapped_column(String(40))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    # While correcting: what must be mended, as [{"kind": "fact"|"document", "key", "message"}].
    correction: Mapped[list[dict[str, str]] | None] = mapped_column(EncryptedJSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    version: Mapped[int] = mapped_column(Integer)

    user: Mapped[User] = relationship(lazy="joined")
    district: Mapped[District] = relationship(lazy="joined")
    scheme_version: Mapped[SchemeVersion] = relationship(lazy="joined")
    pages: Mapped[list[DraftPage]] = relationship(
        back_populates="application", cascade="all, delete-orphan", passive_deletes=False
    )
    uploads: Mapped[list[Upload]] = relationship(back_populates="application", order_by="Upload.id")
    submissions: Mapped[list[Submission]] = relationship(back_populates="application", order_by="Submission.number")

    __mapper_args__ = {"version_id_col": version}


class DraftPage(Base):
    """One page of the form as last saved.

    ``typed`` is what was typed, kept even when it is wrong; ``answers`` are the values that passed.
    ``version`` lets two tabs notice each other.
    """

    __tablename__ = "draft_page"
    __table_args__ = (UniqueConstraint("application_id", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    page: Mapped[str] = mapped_column(String(40))
    typed: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    complete: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)

    application: Mapped[Application] = relationship(back_populates="pages")

    __mapper_args__ = {"version_id_col": version}


class Upload(Base):
    """A document that was handed over, checked and made safe. The bytes are in storage, by hash."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(26), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    slot: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(EncryptedText)
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int] = mapped_column(Integer, default=1)
    sha256: Mapped[str] = mapped_column(String(64))
    original_sha256: Mapped[str] = mapped_column(String(64), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship(back_populates="uploads")


class Submission(Base):
    """What was handed in, frozen: answers with their source and time, documents, the rules' answers."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        UniqueConstraint("application_id", "idempotency_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    idempotency_key: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, dict[str, Any]]] = mapped_column(EncryptedJSON)
    documents: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJSON)
    evaluation: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship(back_populates="submissions")

    def values(self) -> dict[str, Any]:
        """Fact → value, as it was handed in."""
        return {fact: given["value"] for fact, given in self.answers.items()}


class IdentifierHash(Base):
    """Keyed hash of a number in a submission, to find the same person, card, phone or landlord elsewhere."""

    __tablename__ = "identifier_hash"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", "hash"),
        Index("ix_identifier_hash_look_up", "kind", "hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(60))
    hash: Mapped[str] = mapped_column(String(43))
