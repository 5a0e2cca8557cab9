"""Commands on register data. The caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from housing_portal.core import audit, clock
from housing_portal.core.db import db
from housing_portal.verification.adapters import subject_hash
from housing_portal.verification.csv_file import Extracted
from housing_portal.verification.models import RegisterRecord
from housing_portal.verification.ports import Kind

AT_ONCE = 500  # rows; SQLite takes a limited number of values in one statement


@dataclass(frozen=True)
class Imported:
    """How many subjects were new, changed, said the same as before, or were known from a later extract."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0


def take_in(kind: Kind, rows: Sequence[Extracted], as_of: date, sha256: str) -> Imported:
    """Store an extract of the day ``as_of``. A later extract wins; the same one again changes nothing.

    ``sha256`` of the file goes into the audit trail, so that it can be told which file was imported.
    """
    done = Imported()
    for start in range(0, len(rows), AT_ONCE):
        done = _take_in(kind, rows[start : start + AT_ONCE], as_of, done)
    if done.added or done.changed:
        audit.record(
            f"register:{kind.name}",
            "imported",
            None,
            as_of=as_of.isoformat(),
            file=sha256,
            added=done.added,
            changed=done.changed,
        )
    return done


def _take_in(kind: Kind, rows: Sequence[Extracted], as_of: date, done: Imported) -> Imported:
    hashes = {subject_hash(row.column, row.number): row for row in rows}
    query = select(RegisterRecord).where(RegisterRecord.register == kind.name, RegisterRecord.subject.in_(hashes))
    held = {record.subject: record for record in db.session.scalars(query)}
    moment = clock.now()
    for subject, row in hashes.items():
        record = held.get(subject)
        if record is None:
            db.session.add(
                RegisterRecord(
                    register=kind.name, subject=subject, facts=row.facts, as_of=as_of, imported_at=moment
                )
            )
            done = replace(done, added=done.added + 1)
        elif record.as_of > as_of:
            done = replace(done, older=done.older + 1)
        elif (record.as_of, record.facts) == (as_of, row.facts):
            done = replace(done, unchanged=done.unchanged + 1)
        else:
            record.facts, record.as_of, record.imported_at = row.facts, as_of, moment
            done = replace(done, changed=done.changed + 1)
    db.session.flush()
    return done
