"""What happens to notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from housing_portal.core.outbox import Event


@dataclass(frozen=True)
class MailWritten(Event):
    """A mail waits for the mail server; a job of its own, so that a dead server delays nothing else."""

    name: ClassVar[str] = "notices.mail_written"
    mail_id: int
