"""Alembic's environment: the engine and the tables come from the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from housing_portal.core import crypto
from housing_portal.core import db as database
from housing_portal.core.db import db


def render_type(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our column types as what they are in the database, so that a migration never changes with the code."""
    if kind == "type" and isinstance(item, database.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, crypto.EncryptedText | crypto.EncryptedJSON):
        return "sa.LargeBinary()"
    return False


class KeysBroken(Exception):
    """A migration left rows that point at nothing."""


@contextmanager
def rows_may_be_away(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew; meanwhile the rows that point at it must not count as broken.

    The pragma works only outside of a transaction, so it goes to the driver before one begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise KeysBroken(broken[:5])


def run(connection: Connection) -> None:
    """Migrate in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_type,
        compare_type=False,
    )
    with rows_may_be_away(connection), context.begin_transaction():
        context.run_migrations()


with database.writing(), current_app.app_context(), db.engine.connect() as connection:
    run(connection)
