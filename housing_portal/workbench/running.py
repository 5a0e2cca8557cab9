"""Simulations in the background: cut into chunks, count them, add up. Commands and the worker's handlers.

Any number of workers share a simulation: each chunk is a job of its own, between two ids of applications. The
counting reads without holding a lock; a chunk's sums and "done" are one commit, so a killed worker loses
nothing and counts nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from housing_portal.accounts.models import User
from housing_portal.applications.models import Application, Submission
from housing_portal.core import audit, clock, storage
from housing_portal.core.db import db, reading
from housing_portal.core.outbox import publish
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.workbench.access import districts_of
from housing_portal.workbench.events import ChunkReady, SimulationCounted, SimulationStarted
from housing_portal.workbench.excel import workbook
from housing_portal.workbench.models import (
    CANCELLED,
    DONE,
    FAILED,
    RUNNING,
    WAITING,
    SchemeDraft,
    Simulation,
    SimulationChange,
    SimulationChunk,
)
from housing_portal.workbench.queries import tally_of
from housing_portal.workbench.service import source_hash
from housing_portal.workbench.simulation import Change, Tally, compare

CHUNK = 500  # applications


def start(person: User, draft: SchemeDraft, definition: SchemeDefinition) -> Simulation:
    """Try a definition on the past submissions of its scheme that the person may see. The caller commits."""
    simulation = Simulation(
        draft=draft,
        base_version=draft.base_version,
        definition_json=definition.model_dump_json(),
        source_hash=source_hash(draft),
        districts=districts_of(person),
        started_by=person,
        state=WAITING,
    )
    db.session.add(simulation)
    db.session.flush()
    audit.record(f"scheme:{draft.scheme_code}", "simulation.started", person.id, simulation=simulation.id)
    publish(SimulationStarted(simulation_id=simulation.id))
    return simulation


def cancel(simulation: Simulation) -> None:
    """Stop counting; chunks that are still waiting find that out. The caller commits."""
    if simulation.state in (WAITING, RUNNING):
        simulation.state, simulation.finished_at = CANCELLED, clock.now()


def fail(payload: dict[str, Any], event_id: int) -> None:
    """A part cannot be counted, however often it is tried: the whole has no result. The worker's outbox calls it."""
    going = update(Simulation).where(
        Simulation.id == payload["simulation_id"], Simulation.state.in_((WAITING, RUNNING))
    )
    db.session.execute(going.values(state=FAILED, finished_at=clock.now()))


def _submitted(simulation: Simulation) -> Select[Any]:
    """Ids of the applications to count, in order."""
    query = (
        select(Application.id)
        .where(Application.scheme_code == simulation.base_version.scheme_code)
        .where(exists().where(Submission.application_id == Application.id))
        .order_by(Application.id)
    )
    return query if simulation.districts is None else query.where(Application.district_id.in_(simulation.districts))


def on_simulation_started(payload: dict[str, Any], event_id: int) -> None:
    """Cut the applications into chunks and make a job of each."""
    simulation = db.session.get_one(Simulation, payload["simulation_id"])
    if simulation.state != WAITING:
        return
    number = 0
    for number, (after, up_to, size) in enumerate(_pieces(simulation), start=1):
        db.session.execute(
            insert(SimulationChunk).values(
                simulation_id=simulation.id, number=number, after_id=after, up_to_id=up_to, size=size
            )
        )
        publish(ChunkReady(simulation_id=simulation.id, number=number))
        simulation.total += size
    simulation.state = RUNNING
    if number == 0:
        publish(SimulationCounted(simulation_id=simulation.id))


def _pieces(simulation: Simulation) -> Iterator[tuple[int, int, int]]:
    """(after this id, up to this id, how many) until nothing is left."""
    after = 0
    while True:
        query = _submitted(simulation).where(Application.id > after).limit(CHUNK).subquery()
        row = db.session.execute(select(func.max(query.c.id), func.count()).select_from(query)).one()
        if not row[1]:
            return
        yield after, row[0], row[1]
        after = row[0]


def on_chunk_ready(payload: dict[str, Any], event_id: int) -> None:
    """Count one chunk: read without a lock, then write the sums."""
    simulation_id, number = payload["simulation_id"], payload["number"]
    db.session.rollback()
    with reading():
        counted = _count(simulation_id, number)
        db.session.rollback()
    # Two workers that end the last two chunks at once: the lock lets the later one see the other's sums.
    held = select(Simulation.state).where(Simulation.id == simulation_id).with_for_update()
    if db.session.scalar(held) != RUNNING or counted is None:
        return
    tally, changes = counted
    key = {"simulation_id": simulation_id, "number": number}
    chunk = update(SimulationChunk).filter_by(**key).where(SimulationChunk.tally.is_(None))
    if db.session.execute(chunk.values(tally=tally.to_json())).rowcount != 1:  # type: ignore[attr-defined]
        return
    if changes:
        db.session.execute(insert(SimulationChange), changes)
    left = select(func.count()).where(
        SimulationChunk.simulation_id == simulation_id, SimulationChunk.tally.is_(None)
    )
    if db.session.scalar(left) == 0:
        publish(SimulationCounted(simulation_id=simulation_id))


def _count(simulation_id: int, number: int) -> tuple[Tally, list[dict[str, Any]]] | None:
    """The sums and the changed applications of one chunk; None when there is nothing to do any more."""
    simulation = db.session.get_one(Simulation, simulation_id)
    chunk = db.session.get_one(SimulationChunk, (simulation_id, number))
    if simulation.state != RUNNING or chunk.tally is not None:
        return None
    base, draft = simulation.base_version.definition(), SchemeDefinition.model_validate_json(simulation.definition_json)
    tally, changes = Tally(), []
    for application_id, district_id, answers, submitted_at in db.session.execute(_facts_of(simulation, chunk)):
        on = clock.local(submitted_at).date()
        try:
            change = compare(base, draft, {fact: given["value"] for fact, given in answers.items()}, on)
        except ValueError:  # a fact that the dictionary no longer has
            tally.failed += 1
            continue
        tally.add(change, district_id)
        if change.anything:
            changes.append(_row(simulation_id, application_id, district_id, change, on))
    return tally, changes


def _facts_of(simulation: Simulation, chunk: SimulationChunk) -> Select[Any]:
    """The latest submission of each application of a chunk."""
    later = aliased(Submission)
    newest = ~exists().where(later.application_id == Application.id, later.number > Submission.number)
    return (
        select(Application.id, Application.district_id, Submission.answers, Submission.submitted_at)
        .join(Submission, Submission.application_id == Application.id)
        .where(newest, Application.id > chunk.after_id, Application.id <= chunk.up_to_id)
        .where(Application.id.in_(_submitted(simulation).order_by(None)))
    )


def _row(simulation_id: int, application_id: int, district_id: int, change: Change, on: date) -> dict[str, Any]:
    return {
        "simulation_id": simulation_id,
        "application_id": application_id,
        "district_id": district_id,
        "kind": change.kind,
        "answer_before": change.before.answer.value,
        "answer_after": change.after.answer.value,
        "yuan_before": change.before.total,
        "yuan_after": change.after.total,
        "on_day": on,
    }


def on_simulation_counted(payload: dict[str, Any], event_id: int) -> None:
    """Add the chunks up and write the Excel file; both are read without a lock."""
    simulation_id = payload["simulation_id"]
    db.session.rollback()
    with reading():
        simulation = db.session.get_one(Simulation, simulation_id)
        if simulation.state != RUNNING:
            return
        tally = tally_of(simulation_id)
        digest = storage.put(workbook(simulation, tally))
        db.session.rollback()
    done = update(Simulation).where(Simulation.id == simulation_id, Simulation.state == RUNNING)
    db.session.execute(
        done.values(state=DONE, result=tally.to_json(), file_sha256=digest, finished_at=clock.now())
    )
