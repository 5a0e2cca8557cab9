"""Starhome: housing, rent and fit-out support for a city's software industry."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from housing_portal.accounts.sessions import init_sessions
from housing_portal.config import ROOT, Settings, load_settings
from housing_portal.core.crypto import Vault
from housing_portal.core.db import db, init_db
from housing_portal.core.i18n import init_i18n
from housing_portal.core.logs import init_logs
from housing_portal.core.outbox import init_outbox
from housing_portal.core.web import init_web
from housing_portal.core.worker import init_worker
from housing_portal.wiring import wire


def create_app(settings: Settings | None = None) -> Flask:
    """Build the portal from its settings. Raises pydantic.ValidationError when they are not safe."""
    settings = settings or load_settings()
    app = Flask(__name__)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=_with_driver(settings.database_url),
        TESTING=settings.environment == "test",
    )
    app.extensions["vault"] = Vault(settings.key_ring(), settings.look_up_key())
    init_logs()
    init_db(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    init_i18n(app)
    init_sessions(app)
    init_web(app)
    wire(app, init_outbox(app), init_worker(app))
    return app


def _with_driver(url: str) -> str:
    """A plain PostgreSQL address means psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
