"""The background worker: runs jobs as they fall due, and the periodic duties of the rooms."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType

import click
import structlog
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from housing_portal.core import clock, outbox, pdf
from housing_portal.core.db import commit, db, writing

log = structlog.get_logger()
IDLE_SECONDS = 0.3
AWAY_SECONDS = 2.0


@dataclass
class Duty:
    """Something to do again and again, such as looking at the clocks of all cases."""

    name: str
    run: Callable[[], None]
    every: timedelta
    last: datetime | None = field(default=None)


def init_worker(app: Flask) -> list[Duty]:
    """The application's list of periodic duties, filled by wiring."""
    duties: list[Duty] = []
    app.extensions["duties"] = duties
    return duties


def run_duties() -> None:
    """Run each duty whose time has come, each in a unit of work of its own."""
    for duty in current_app.extensions["duties"]:
        moment = clock.now()
        if duty.last is not None and moment < duty.last + duty.every:
            continue
        duty.last = moment
        try:
            with writing():
                duty.run()
                commit()
        except Exception:
            db.session.rollback()
            log.exception("duty_failed", duty=duty.name)


def run_once() -> int:
    """Everything that is due now; returns how many jobs succeeded."""
    run_duties()
    return outbox.drain()


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker_command(once: bool) -> None:
    """Make papers, send mail, keep the clocks."""
    try:
        pdf.check_ready()
    except pdf.NotReady as missing:
        raise click.ClickException(str(missing)) from missing
    if once:
        click.echo(f"{run_once()} jobs done")
        return
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping:
        try:
            rest = 0.0 if _work() else IDLE_SECONDS
        except DBAPIError:  # the database is restarted or overloaded: the worker outlives that
            log.exception("database_away")
            rest = AWAY_SECONDS
        db.session.remove()
        time.sleep(rest)


def _work() -> bool:
    """Duties, then one job; whether there was a job."""
    run_duties()
    claim = outbox.claim_next()
    if claim is not None:
        outbox.run_claimed(claim)
    return claim is not None
