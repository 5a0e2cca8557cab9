"""What happens to cases. Papers, inbox and mail subscribe; casework calls none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from housing_portal.core.outbox import Event


@dataclass(frozen=True)
class CaseSubmitted(Event):
    """An application, or the answer to a correction, arrived."""

    name: ClassVar[str] = "casework.case_submitted"
    case_id: int
    submission_number: int


@dataclass(frozen=True)
class CaseMoved(Event):
    """A case changed its state in a way that the applicant should hear of."""

    name: ClassVar[str] = "casework.case_moved"
    case_id: int
    action: str


@dataclass(frozen=True)
class CaseDecided(Event):
    """The approver decided. ``outcome`` is approved or refused."""

    name: ClassVar[str] = "casework.case_decided"
    case_id: int
    outcome: str
