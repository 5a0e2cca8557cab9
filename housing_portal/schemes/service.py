"""Commands of the schemes room."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select

from housing_portal.core.db import db
from housing_portal.schemes.language import SchemeDefinition, load_scheme
from housing_portal.schemes.models import SchemeVersion
from housing_portal.schemes.queries import CATALOGUE


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
    content = definition.model_dump_json()
    content_hash = hashlib.sha256(content.encode()).hexdigest()
    newest = db.session.scalar(
        select(SchemeVersion)
        .where(SchemeVersion.scheme_code == definition.code)
        .order_by(SchemeVersion.number.desc())
        .limit(1)
    )
    if newest is not None and newest.content_hash == content_hash:
        return None
    version = SchemeVersion(
        scheme_code=definition.code,
        number=newest.number + 1 if newest else 1,
        definition_json=content,
        content_hash=content_hash,
        valid_from=definition.valid_from,
        valid_to=definition.valid_to,
    )
    db.session.add(version)
    return version
