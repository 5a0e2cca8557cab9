"""How often something may be tried: counted in the database, so that all web processes count together."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import BigInteger, Integer, String, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from housing_portal.core import clock
from housing_portal.core.crypto import keyed_hash
from housing_portal.core.db import Base, db


class ThrottleCounter(Base):
    """Tries of one kind by one address or account in one window of time."""

    __tablename__ = "throttle_counter"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)


class TooMany(Exception):
    """The limit is used up; answered with 429. ``minutes`` until the window ends."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


def count(kind: str, who: str, limit: int, window: timedelta) -> None:
    """Count one try, in the caller's transaction. Raises TooMany above ``limit`` in the window."""
    if not current_app.config["SETTINGS"].rate_limits:
        return
    seconds = int(window.total_seconds())
    moment = int(clock.now().timestamp())
    slot = moment // seconds
    values = {"key": keyed_hash(f"throttle:{kind}", who), "window": slot, "tries": 1}
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    tries = db.session.execute(
        insert(ThrottleCounter)
        .values(**values)
        .on_conflict_do_update(index_elements=["key", "window"], set_={"tries": ThrottleCounter.tries + 1})
        .returning(ThrottleCounter.tries)
    ).scalar_one()
    if tries > limit:
        raise TooMany(max(1, ((slot + 1) * seconds - moment + 59) // 60))


def forget_old_windows() -> None:
    """Delete counters that are older than a day (a window is never longer)."""
    yesterday = int((clock.now() - timedelta(days=1)).timestamp())
    db.session.execute(delete(ThrottleCounter).where(ThrottleCounter.window < yesterday // 86400))
