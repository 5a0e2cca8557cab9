"""What happened, and who must hear of it: events and jobs written in the business transaction.

``publish`` writes one event row and one job row a subscriber. The worker claims a job with a lease and
a fencing token; the handler's effect and "done" are one commit. A worker that dies leaves a lease
that runs out, and the next one starts the job again; a worker that was only slow finds its token
spent and its effect is rolled back. So each effect happens once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import structlog
from flask import Flask, current_app
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from housing_portal.core import clock
from housing_portal.core.crypto import EncryptedJSON
from housing_portal.core.db import Base, UtcDateTime, commit, db, writing

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
Handler = Callable[[dict[str, Any], int], None]


@dataclass(frozen=True)
class Event:
    """Base of every event: plain data, no rows. ``name`` is stored and must stay stable."""

    name: ClassVar[str]


class OutboxEvent(Base):
    """An event as it was published. The payload may hold personal data, so it is encrypted."""

    __tablename__ = "outbox_event"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Job(Base):
    """One handler's duty for one event. ``fence`` grows with every claim."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("event_id", "handler"),
        CheckConstraint("state IN ('waiting','running','done','failed')", name="state"),
        Index("ix_job_due", "state", "run_after"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_event.id"))
    handler: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(Integer, default=0)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    event: Mapped[OutboxEvent] = relationship(lazy="joined")


class Subscriptions:
    """Event name → handlers. Filled by wiring only."""

    def __init__(self) -> None:
        self.by_event: dict[str, dict[str, Handler]] = {}
        self.given_up: dict[str, Handler] = {}  # by the name of the handler that never succeeded

    def subscribe(self, event: type[Event], handler: Handler, given_up: Handler | None = None) -> None:
        """``handler(payload, event_id)`` runs in the worker, at least once until it succeeds.

        ``given_up`` is called once when the last attempt has failed, in the commit that says so.
        """
        name = f"{handler.__module__.removeprefix('housing_portal.')}.{handler.__name__}"
        self.by_event.setdefault(event.name, {})[name] = handler
        if given_up is not None:
            self.given_up[name] = given_up

    def handler(self, name: str) -> Handler | None:
        """The handler of a stored name; None when code was removed."""
        return next((found[name] for found in self.by_event.values() if name in found), None)


def init_outbox(app: Flask) -> Subscriptions:
    """Give the application an empty table of subscriptions."""
    subscriptions = Subscriptions()
    app.extensions["subscriptions"] = subscriptions
    return subscriptions


def _subscriptions() -> Subscriptions:
    held: Subscriptions = current_app.extensions["subscriptions"]
    return held


def publish(event: Event) -> OutboxEvent:
    """Write the event and its jobs; they exist when the caller's commit succeeds, else they never did."""
    row = OutboxEvent(name=event.name, payload=asdict(event), created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    for handler in _subscriptions().by_event.get(event.name, {}):
        db.session.add(Job(event_id=row.id, handler=handler, run_after=clock.now()))
    return row


@dataclass(frozen=True)
class Claim:
    """A job that this worker holds until its lease ends."""

    job_id: int
    fence: int


def claim_next() -> Claim | None:
    """Take the oldest due job, or one whose worker is gone; commits the claim."""
    moment = clock.now()
    due = or_(
        (Job.state == "waiting") & (Job.run_after <= moment),
        (Job.state == "running") & (Job.lease_until < moment),
    )
    row = db.session.execute(select(Job.id, Job.fence).where(due).order_by(Job.run_after, Job.id).limit(1)).first()
    db.session.rollback()  # looking takes no lock: an idle worker never holds up a writer
    if row is None:
        return None
    with writing():
        taken = db.session.execute(
            update(Job)
            .where(Job.id == row.id, Job.fence == row.fence, due)
            .values(state="running", fence=row.fence + 1, attempts=Job.attempts + 1, lease_until=moment + LEASE)
        )
        commit()
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return claim_next()
    return Claim(row.id, row.fence + 1)


def run_claimed(claim: Claim) -> bool:
    """Run the handler; its effect and "done" commit together. Returns whether it succeeded."""
    with writing():
        try:
            job = db.session.get_one(Job, claim.job_id)
            handler = _subscriptions().handler(job.handler)
            if handler is None:
                raise LookupError(f"no handler named {job.handler}")
            handler(job.event.payload, job.event_id)
            _finish(claim)
            commit()
        except Exception as error:
            db.session.rollback()
            log.exception("job_failed", job=claim.job_id)
            _put_back(claim, error)
            commit()
            return False
    return True


def _finish(claim: Claim) -> None:
    db.session.flush()
    done = db.session.execute(
        update(Job)
        .where(Job.id == claim.job_id, Job.fence == claim.fence, Job.state == "running")
        .values(state="done", done_at=clock.now(), lease_until=None, error=None)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise LostLease(claim.job_id)


class LostLease(Exception):
    """Another worker took the job over; this one's effect must not be kept."""


def _put_back(claim: Claim, error: Exception) -> None:
    job = db.session.get_one(Job, claim.job_id)
    values: dict[str, Any] = {"error": f"{type(error).__name__}: {error}"[:2000], "lease_until": None}
    last = job.attempts >= MAX_ATTEMPTS
    if last:
        values["state"] = "failed"
    else:
        values |= {
            "state": "waiting",
            "run_after": clock.now() + timedelta(seconds=min(3600, 5 * 2**job.attempts)),
        }
    told = _subscriptions().given_up.get(job.handler) if last else None
    held = update(Job).where(Job.id == claim.job_id, Job.fence == claim.fence)
    kept = db.session.execute(held.values(**values))
    if told is not None and kept.rowcount == 1:  # type: ignore[attr-defined]
        told(job.event.payload, job.event_id)


def drain(limit: int = 10_000) -> int:
    """Run every due job now; returns how many succeeded."""
    succeeded = 0
    for _ in range(limit):
        claim = claim_next()
        if claim is None:
            break
        succeeded += run_claimed(claim)
    return succeeded
