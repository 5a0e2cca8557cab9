"""Models and migrations say the same; up, down, and up again with data in it, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from housing_portal import create_app
from housing_portal.accounts.models import STAFF_ROLES
from housing_portal.casework.models import Case
from housing_portal.core.db import db
from tests.conftest import settings_for
from tests.factories.city import build_city
from tests.factories.journey import as_applicant, submitted


@pytest.fixture
def migrated(tmp_path: Path, engine_url: str):  # type: ignore[no-untyped-def]
    app = create_app(settings_for(tmp_path, engine_url))
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


def test_models_are_what_the_migrations_make(migrated) -> None:  # type: ignore[no-untyped-def]
    with migrated.app_context(), db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), db.metadata)
    assert differences == []


def test_down_and_up_again_with_data_in_it(migrated) -> None:  # type: ignore[no-untyped-def]
    city = build_city(migrated)
    submitted(as_applicant(migrated, city))
    with migrated.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1
        db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    build_city(migrated)


def test_one_step_down_and_up_again_keeps_the_cases(migrated) -> None:  # type: ignore[no-untyped-def]
    """The statuses of a case changed in 0002: SQLite makes the table anew, with its events still pointing at it."""
    city = build_city(migrated)
    submitted(as_applicant(migrated, city))
    with migrated.app_context():
        db.session.remove()
        downgrade(revision="0001")
        upgrade()
        case = db.session.scalars(select(Case)).one()
        assert (case.status, len(case.events)) == ("INTAKE", 1)
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
            assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


def test_the_database_takes_the_known_roles_and_no_other(migrated) -> None:  # type: ignore[no-untyped-def]
    """0004 wrote the list of roles anew: the check must still be there on both engines."""
    build_city(migrated)
    add = text("INSERT INTO role_grant (user_id, role, valid_from) VALUES (1, :role, '2026-01-01')")
    with migrated.app_context(), db.engine.connect() as connection:
        connection.execute(text("DELETE FROM role_grant WHERE user_id = 1"))
        for role in STAFF_ROLES:
            connection.execute(add, {"role": role})
        with pytest.raises(IntegrityError, match="ck_role_grant_role"):
            connection.execute(add, {"role": "mayor"})
