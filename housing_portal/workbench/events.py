"""What the workbench asks of the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from housing_portal.core.outbox import Event


@dataclass(frozen=True)
class PaperPreviewAsked(Event):
    """Somebody wants to see a letter of a draft."""

    name: ClassVar[str] = "workbench.paper_preview_asked"
    paper_id: int


@dataclass(frozen=True)
class SimulationStarted(Event):
    """A simulation waits to be cut into chunks."""

    name: ClassVar[str] = "workbench.simulation_started"
    simulation_id: int


@dataclass(frozen=True)
class ChunkReady(Event):
    """A chunk waits to be counted."""

    name: ClassVar[str] = "workbench.chunk_ready"
    simulation_id: int
    number: int


@dataclass(frozen=True)
class SimulationCounted(Event):
    """Every chunk is counted: add up, and write the Excel file."""

    name: ClassVar[str] = "workbench.simulation_counted"
    simulation_id: int
