"""Reads of the workbench. What a manager of one district sees of submissions is that district's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from housing_portal.accounts.models import District, User
from housing_portal.applications.models import Application
from housing_portal.core.db import db
from housing_portal.schemes import queries as schemes
from housing_portal.schemes.models import SchemeVersion
from housing_portal.workbench.access import districts_of
from housing_portal.workbench.models import (
    DISCARDED,
    DONE,
    EDITING,
    PROPOSED,
    DraftPaper,
    SchemeDraft,
    Simulation,
    SimulationChange,
    SimulationChunk,
)
from housing_portal.workbench.simulation import Tally

PAGE = 50  # changed applications


def drafts(code: str | None = None) -> Sequence[SchemeDraft]:
    """Drafts that somebody works on, the last saved first; of one scheme or of all."""
    query = select(SchemeDraft).where(SchemeDraft.state.in_((EDITING, PROPOSED))).order_by(SchemeDraft.saved_at.desc())
    return db.session.scalars(query.where(SchemeDraft.scheme_code == code) if code else query).all()


def draft(draft_id: int, *, for_change: bool = False) -> SchemeDraft | None:
    """One draft that was not laid aside."""
    query = select(SchemeDraft).where(SchemeDraft.id == draft_id, SchemeDraft.state != DISCARDED)
    if for_change:
        query = query.with_for_update(of=SchemeDraft).execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def newest_since(draft: SchemeDraft) -> SchemeVersion | None:
    """The newest version of the draft's scheme, when it is another one than the draft was made from."""
    held = next(iter(schemes.versions(draft.scheme_code)), None)
    if held is None or held.id == draft.base_version_id or draft.state not in (EDITING, PROPOSED):
        return None
    return held


def draft_paper(draft_id: int, kind: str, source_hash: str) -> DraftPaper | None:
    """The letter of the present text, if it was asked for."""
    query = select(DraftPaper).filter_by(draft_id=draft_id, kind=kind, source_hash=source_hash)
    return db.session.scalars(query).first()


def _may_see(person: User, simulation: Simulation) -> bool:
    """What counts other districts than one's own is not for a manager of one district."""
    own = districts_of(person)
    return own is None or (simulation.districts is not None and set(simulation.districts) <= set(own))


def simulations(person: User, draft_id: int) -> list[Simulation]:
    """The simulations of a draft that the person may see, the newest first."""
    query = (
        select(Simulation)
        .where(Simulation.draft_id == draft_id)
        .order_by(Simulation.id.desc())
        .limit(20)
        .options(
            load_only(
                Simulation.state,
                Simulation.total,
                Simulation.result,
                Simulation.source_hash,
                Simulation.districts,
                Simulation.created_at,
                Simulation.finished_at,
            )
        )
    )
    return [row for row in db.session.scalars(query) if _may_see(person, row)]


def simulation(person: User, simulation_id: int) -> Simulation | None:
    """One simulation; what the person may not see is not found."""
    found = db.session.get(Simulation, simulation_id)
    return found if found is not None and _may_see(person, found) else None


def counted(simulation_id: int) -> int:
    """How many applications are counted so far."""
    query = select(func.coalesce(func.sum(SimulationChunk.size), 0)).where(
        SimulationChunk.simulation_id == simulation_id, SimulationChunk.tally.is_not(None)
    )
    return int(db.session.scalar(query) or 0)


def tally_of(simulation_id: int) -> Tally:
    """All chunks added up, one after the other."""
    total = Tally()
    query = (
        select(SimulationChunk.tally)
        .where(SimulationChunk.simulation_id == simulation_id)
        .order_by(SimulationChunk.number)
        .execution_options(yield_per=50)
    )
    for stored in db.session.scalars(query):
        if stored is not None:
            total.merge(Tally.from_json(stored))
    return total


def result_of(found: Simulation) -> Tally | None:
    """The totals of a simulation that is done."""
    return Tally.from_json(found.result) if found.state == DONE and found.result is not None else None


@dataclass(frozen=True)
class ChangedApplication:
    """An application for which something changes: no name, only where it is found."""

    reference: str
    district: District
    change: SimulationChange


def changes(
    simulation_id: int, *, kind: str = "", after: int = 0, limit: int = PAGE
) -> list[ChangedApplication]:
    """Changed applications by key, ``limit`` at a time."""
    query = (
        select(SimulationChange, Application.ref, District)
        .join(Application, Application.id == SimulationChange.application_id)
        .join(District, District.id == SimulationChange.district_id)
        .where(SimulationChange.simulation_id == simulation_id, SimulationChange.application_id > after)
        .order_by(SimulationChange.application_id)
        .limit(limit)
    )
    if kind:
        query = query.where(SimulationChange.kind == kind)
    return [ChangedApplication(ref, district, change) for change, ref, district in db.session.execute(query)]


def all_changes(simulation_id: int) -> Iterator[ChangedApplication]:
    """Every changed application, a thousand at a time; each thousand is forgotten before the next."""
    after = 0
    while rows := changes(simulation_id, after=after, limit=1000):
        yield from rows
        after = rows[-1].change.application_id
        db.session.expunge_all()


def districts() -> dict[str, District]:
    """All districts by id as text, as tallies name them."""
    return {str(row.id): row for row in db.session.scalars(select(District).order_by(District.code))}
