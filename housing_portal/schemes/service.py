"""Commands of the schemes room."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from housing_portal.core import audit, clock
from housing_portal.core.db import db
from housing_portal.schemes.language import SchemeDefinition, load_scheme
from housing_portal.schemes.models import SchemePublication, SchemeVersion, SchemeWithdrawal
from housing_portal.schemes.queries import CATALOGUE


class SamePerson(Exception):
    """Publishing takes a second person."""


class BadDay(Exception):
    """A version begins, and ends, today or later: the past is not rewritten."""


class AlreadyWithdrawn(Exception):
    """The version was withdrawn before."""


def catalogue_files(folder: Path = CATALOGUE) -> list[Path]:
    """The files of the catalogue, by name."""
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("_"))


def sync_catalogue(folder: Path = CATALOGUE) -> list[SchemeVersion]:
    """Store a new version of each scheme whose content differs from its newest version; returns the new ones.

    Raises ``SourceError`` before anything is stored when one of the files is wrong. The caller commits.
    """
    definitions = [load_scheme(path) for path in catalogue_files(folder)]
    added = [version for definition in definitions if (version := _add_if_changed(definition)) is not None]
    db.session.flush()
    return added


def _add_if_changed(definition: SchemeDefinition) -> SchemeVersion | None:
    """A file that was taken in once is not taken in again, even when a later version was published since."""
    content_hash = _hash(definition.model_dump_json())
    known = select(SchemeVersion.id).where(
        SchemeVersion.scheme_code == definition.code, SchemeVersion.content_hash == content_hash
    )
    if db.session.scalar(known.limit(1)) is not None:
        return None
    return _add(definition)


def _add(definition: SchemeDefinition) -> SchemeVersion:
    content = definition.model_dump_json()
    last = select(func.max(SchemeVersion.number)).where(SchemeVersion.scheme_code == definition.code)
    version = SchemeVersion(
        scheme_code=definition.code,
        number=(db.session.scalar(last) or 0) + 1,
        definition_json=content,
        content_hash=_hash(content),
        valid_from=definition.valid_from,
        valid_to=definition.valid_to,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def publish(definition: SchemeDefinition, *, drafted_by: int, published_by: int, note: str) -> SchemeVersion:
    """Store the next version of a scheme, for good; ``drafted_by`` and ``published_by`` are ids of users.

    Raises ``SamePerson`` and ``BadDay`` when it would begin before today. The caller commits.
    """
    if drafted_by == published_by:
        raise SamePerson
    if definition.valid_from < clock.today():
        raise BadDay
    version = _add(definition)
    db.session.add(
        SchemePublication(version_id=version.id, drafted_by_id=drafted_by, published_by_id=published_by, note=note)
    )
    audit.record(
        f"scheme:{definition.code}",
        "scheme.published",
        published_by,
        number=version.number,
        drafted_by=drafted_by,
        valid_from=definition.valid_from.isoformat(),
        content=version.content_hash,
    )
    return version


def withdraw(version: SchemeVersion, *, by: int, from_day: date, reason: str) -> SchemeWithdrawal:
    """End new applications under a version from a day on. Raises ``BadDay`` for a past day, ``AlreadyWithdrawn``."""
    if from_day < clock.today():
        raise BadDay
    if db.session.get(SchemeWithdrawal, version.id) is not None:
        raise AlreadyWithdrawn
    row = SchemeWithdrawal(version_id=version.id, from_day=from_day, by_id=by, reason=reason)
    db.session.add(row)
    audit.record(
        f"scheme:{version.scheme_code}", "scheme.withdrawn", by, number=version.number, from_day=from_day.isoformat()
    )
    return row
