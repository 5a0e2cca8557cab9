"""The audit trail: append-only, one hash chain per subject (a case, a user, a scheme).

A chain per subject costs nothing under load, unlike one chain for all. Each entry's hash covers its
content and the previous hash, so an altered or removed entry is named by :func:`verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import JSON, BigInteger, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from housing_portal.core import clock
from housing_portal.core.crypto import canonical_json, sha256_hex
from housing_portal.core.db import Base, UtcDateTime, db

GENESIS = "0" * 64


class AuditEntry(Base):
    """One thing that somebody did; never updated, never deleted. Holds no personal data."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("subject", "seq"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int] = mapped_column(Integer)
    actor_id: Mapped[int | None] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(60))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def computed_hash(self) -> str:
        """SHA-256 over everything that the entry says."""
        return sha256_hex(
            canonical_json(
                [
                    self.subject,
                    self.seq,
                    self.actor_id,
                    self.action,
                    self.data,
                    self.at.isoformat(),
                    self.previous_hash,
                ]
            )
        )


def record(subject: str, action: str, actor_id: int | None, **data: Any) -> AuditEntry:
    """Append to the subject's chain, in the caller's transaction. ``data`` holds no personal values."""
    last = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    entry = AuditEntry(
        subject=subject,
        seq=(last.seq if last else 0) + 1,
        actor_id=actor_id,
        action=action,
        data=data,
        at=clock.now(),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = entry.computed_hash()
    db.session.add(entry)
    db.session.flush()
    return entry


def verify() -> Iterator[AuditEntry]:
    """Yield every entry that does not follow from the one before it."""
    previous: AuditEntry | None = None
    query = select(AuditEntry).order_by(AuditEntry.subject, AuditEntry.seq).execution_options(yield_per=1000)
    for entry in db.session.scalars(query):
        follows = previous if previous is not None and previous.subject == entry.subject else None
        expected = (follows.seq + 1, follows.hash) if follows else (1, GENESIS)
        if (entry.seq, entry.previous_hash) != expected or entry.hash != entry.computed_hash():
            yield entry
        previous = entry


audit_cli = AppGroup("audit", help="The audit trail.")


@audit_cli.command("verify")
def verify_command() -> None:
    """Exit 1 and name the entries that were altered."""
    broken = [f"{entry.id} ({entry.subject} #{entry.seq})" for entry in verify()]
    if broken:
        raise click.ClickException("altered: " + ", ".join(broken))
    click.echo("audit trail intact")
