"""Logs as lines of JSON, without personal data: events carry ids, never values."""

from __future__ import annotations

import structlog


def init_logs() -> None:
    """Timestamps, levels and tracebacks; one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        cache_logger_on_first_use=False,
    )
