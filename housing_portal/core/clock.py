"""The only source of time: aware, UTC in the database, Asia/Shanghai on the page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in the city."""
    return now().astimezone(LOCAL_ZONE).date()


def local(moment: datetime) -> datetime:
    """The same moment as the city's clocks show it."""
    return moment.astimezone(LOCAL_ZONE)
