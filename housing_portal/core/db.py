"""The database session and its one rule: a request or a job commits once.

Commands (services) change rows and never commit; the view or the worker that called them does, by
:func:`commit`. On SQLite a transaction that may write starts with BEGIN IMMEDIATE, because a
read followed by an update in a deferred transaction loses updates silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python; SQLite, which knows no zones, holds the same moment without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base)
_may_write: ContextVar[bool] = ContextVar("may_write", default=False)


def commit() -> None:
    """End the unit of work: rows, events, audit entries and jobs together, or none."""
    db.session.commit()


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write: BEGIN IMMEDIATE on SQLite."""
    token = _may_write.set(True)
    try:
        yield
    finally:
        _may_write.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, so that long work holds no lock. End the transaction before and after."""
    token = _may_write.set(False)
    try:
        yield
    finally:
        _may_write.reset(token)


def allow_writing(yes: bool) -> None:
    """Set by the web layer at the start of each request: unsafe methods may write."""
    _may_write.set(yes)


def init_db(app: Flask) -> None:
    """Bind the engine and make SQLite durable and strict."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        _make_sqlite_strict(engine)
        _assert_durable(engine)


def _make_sqlite_strict(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        cursor = connection.cursor()
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write.get() else "BEGIN")


def _assert_durable(engine: Engine) -> None:
    """Refuse to start when SQLite would not be durable, such as on a file system without WAL. Raises RuntimeError."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with engine.connect() as connection:
        for pragma, value in wanted.items():
            found = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            if found != value:
                raise RuntimeError(f"SQLite: {pragma} is {found}, {value} is needed")
