"""Commands of the applications room."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from housing_portal.applications import lookups
from housing_portal.applications.models import Application
from housing_portal.core.db import commit, db, writing

applications_cli = AppGroup("applications", help="Applications.")
BATCH = 500


@applications_cli.command("index")
def index_command() -> None:
    """Make the look-up hashes of all submitted applications anew: once after an upgrade that changes them."""
    last = done = 0
    while True:
        with writing():
            rows = db.session.scalars(
                select(Application).where(Application.id > last).order_by(Application.id).limit(BATCH)
            ).all()
            if not rows:
                break
            for application in rows:
                if application.submissions:
                    lookups.index(application, application.submissions[-1].values())
                    done += 1
            last = rows[-1].id
            commit()
            db.session.expunge_all()
    click.echo(f"{done} applications")
