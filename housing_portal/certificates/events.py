"""What happens to papers and must reach the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from housing_portal.core.outbox import Event


@dataclass(frozen=True)
class PaperIssued(Event):
    """A paper is in the store and can be downloaded."""

    name: ClassVar[str] = "certificates.paper_issued"
    paper_id: int
    case_id: int
    kind: str
    user_id: int
