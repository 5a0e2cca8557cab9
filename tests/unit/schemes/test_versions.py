"""Versions of schemes: immutable, numbered, one in force on a day."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from housing_portal.core.db import db
from housing_portal.schemes.queries import CATALOGUE, current_version, open_schemes, version_of
from housing_portal.schemes.rules import evaluate
from housing_portal.schemes.service import sync_catalogue
from housing_portal.schemes.yaml_source import SourceError

CODE = "rent_by_education"
TEXT = (CATALOGUE / f"{CODE}.yaml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue with one scheme."""
    write(tmp_path, TEXT)
    return tmp_path


def write(folder: Path, text: str) -> None:
    """Change the only scheme."""
    (folder / f"{CODE}.yaml").write_text(text, "utf-8")


def test_a_version_is_added_only_when_the_content_differs(app: Flask, folder: Path) -> None:
    assert [version.number for version in sync_catalogue(folder)] == [1]
    assert sync_catalogue(folder) == []
    write(folder, TEXT + "# a remark changes nothing\n")
    assert sync_catalogue(folder) == []
    write(folder, TEXT.replace("master: 900", "master: 950"))
    assert [version.number for version in sync_catalogue(folder)] == [2]
    first, second = version_of(CODE, 1), version_of(CODE, 2)
    assert first is not None
    assert second is not None
    facts = {"education.level": "master", "lease.monthly_rent": "2000", "lease.sharers": 1}
    assert evaluate(first.definition(), facts, date(2026, 3, 2)).benefit.amount == 900
    assert evaluate(second.definition(), facts, date(2026, 3, 2)).benefit.amount == 950
    assert version_of(CODE, 3) is None


def test_a_broken_file_stores_nothing(app: Flask, folder: Path) -> None:
    (folder / "zz_broken.yaml").write_text("code: zz_broken\n", "utf-8")
    with pytest.raises(SourceError, match=r"zz_broken\.yaml"):
        sync_catalogue(folder)
    assert version_of(CODE, 1) is None


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), 1),
        (date(2026, 6, 30), 1),
        (date(2026, 7, 1), 2),
        (date(2027, 12, 31), 2),
        (date(2028, 1, 1), None),
    ],
)
def test_the_version_in_force(app: Flask, folder: Path, day: date, number: int | None) -> None:
    sync_catalogue(folder)
    write(folder, TEXT.replace("valid_from: 2026-01-01", "valid_from: 2026-07-01"))
    sync_catalogue(folder)
    version = current_version(CODE, day)
    assert (version.number if version else None) == number
    assert len(open_schemes(day)) == (number is not None)


def test_today_is_the_day_when_none_is_given(app: Flask, folder: Path) -> None:
    sync_catalogue(folder)
    with time_machine.travel("2025-12-31T15:59:59Z"):  # the last second of 2025 in Shanghai
        assert current_version(CODE) is None
    with time_machine.travel("2025-12-31T16:00:00Z"):
        assert current_version(CODE) is not None
        assert len(open_schemes()) == 1


def test_a_stored_version_cannot_be_changed_or_deleted(app: Flask, folder: Path) -> None:
    (version,) = sync_catalogue(folder)
    db.session.commit()
    version.definition_json = "{}"
    with pytest.raises(RuntimeError, match="cannot be changed"):
        db.session.flush()
    db.session.rollback()
    db.session.delete(version)
    with pytest.raises(RuntimeError, match="cannot be changed"):
        db.session.flush()
