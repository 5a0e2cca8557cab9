"""What every test stands on: an application of its own, a real database, a client that keeps the house rules."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request
from sqlalchemy import create_engine, text

from housing_portal import create_app
from housing_portal.config import Settings
from housing_portal.core.db import commit, db, writing
from housing_portal.core.i18n import LOCALES
from scripts import compile_translations
from tests.client import PortalClient
from tests.factories.city import City, build_city
from tests.postgres import Cluster

POSTGRES = "TEST_POSTGRES_URL"


def pytest_configure(config: pytest.Config) -> None:
    """In the controlling process only: translations, and the PostgreSQL that all workers share."""
    if hasattr(config, "workerinput"):
        return
    compile_translations.main()
    wants = "not database" not in (config.option.markexpr or "")
    if not wants or os.environ.get(POSTGRES):
        return
    if os.environ.get("DATABASE_URL", "").startswith("postgresql"):
        os.environ[POSTGRES] = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
        return
    cluster = Cluster()
    os.environ[POSTGRES] = cluster.url
    config.add_cleanup(cluster.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses the database on both engines is marked, so that --quick can leave it out."""
    for item in items:
        if "engine_url" in getattr(item, "fixturenames", ()) and item.callspec.params.get("engine_url") == "postgresql":  # type: ignore[attr-defined]
            item.add_marker("database")


def settings_for(folder: Path, url: str, **more: Any) -> Settings:
    """Settings of a portal for one test, with nothing shared."""
    values: dict[str, Any] = {
        "environment": "test",
        "secret_key": "a-secret-of-the-tests-that-is-long-enough",
        "database_url": url,
        "storage_dir": folder / "files",
        "base_url": "http://localhost",
        "rate_limits": False,
    }
    return Settings(**(values | more))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this worker's own on the throwaway PostgreSQL."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = create_engine(os.environ[POSTGRES], isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield os.environ[POSTGRES].rpartition("/")[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite, as in a demo. Tests that must hold on both engines ask for `engine_url`."""
    return f"sqlite:///{tmp_path / 'portal.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'portal.sqlite3'}"


def _portal(tmp_path: Path, url: str) -> Iterator[Flask]:
    app = create_app(settings_for(tmp_path, url))
    app.after_request(_leaves_nothing_uncommitted)
    with app.app_context(), writing():
        db.drop_all()
        db.create_all()
        commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def _leaves_nothing_uncommitted(response: Response) -> Response:
    """A view that changed rows and did not commit lost them without a word."""
    session = db.session()
    left = [*session.new, *session.dirty, *session.deleted]
    assert not left, f"{request.path} leaves uncommitted: {left}"
    return response


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """A portal on SQLite with empty tables."""
    yield from _portal(tmp_path, database_url)


@pytest.fixture
def app_on_both(tmp_path: Path, engine_url: str) -> Iterator[Flask]:
    """A portal with empty tables, once on each engine."""
    yield from _portal(tmp_path, engine_url)


@pytest.fixture
def city(app: Flask) -> City:
    """Districts, the catalogue, and one person of each role."""
    return build_city(app)


@pytest.fixture
def city_on_both(app_on_both: Flask) -> City:
    """The same, once on each engine."""
    return build_city(app_on_both)


@pytest.fixture
def client(app: Flask) -> PortalClient:
    """A browser without a face."""
    return PortalClient(app)


@pytest.fixture(params=sorted(LOCALES))
def lang(request: pytest.FixtureRequest) -> str:
    """Once in Chinese, once in English."""
    return str(request.param)
