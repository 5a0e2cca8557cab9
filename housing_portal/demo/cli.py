"""The command ``demo``: load the data once, print the accounts each time."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, inspect, select

from housing_portal.applications.models import Application
from housing_portal.casework.models import Case
from housing_portal.core.db import db
from housing_portal.demo.accounts import Account, accounts
from housing_portal.demo.actors import CannotGoOn
from housing_portal.demo.data import DataMissing
from housing_portal.demo.load import load

HEADERS = ("address", "role", "district", "code", "TOTP secret")


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print the accounts as JSON.")
@with_appcontext
def demo_command(as_json: bool) -> None:
    """Load the demo data, once, and print the demo accounts with their present one-time codes."""
    if current_app.config["SETTINGS"].environment == "production":
        raise click.ClickException("demo data do not belong into production; nothing was changed")
    if not inspect(db.engine).has_table(Application.__tablename__):
        raise click.ClickException("the database has no tables yet: flask --app wsgi db upgrade")
    started = time.monotonic()
    try:
        load(_show_progress)
    except (DataMissing, CannotGoOn) as problem:
        raise click.ClickException(str(problem)) from problem
    found = accounts()
    if as_json:
        content = {
            "accounts": [asdict(account) for account in found],
            "applications": states(),
            "seconds": round(time.monotonic() - started, 1),
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    click.echo(table(found))


def states() -> dict[str, int]:
    """How many applications stand where."""
    drafts = db.session.scalar(
        select(func.count()).select_from(Application).outerjoin(Case).where(Case.id.is_(None))
    )
    counted = db.session.execute(select(Case.status, func.count()).group_by(Case.status).order_by(Case.status))
    return {"DRAFT": drafts or 0} | {row[0]: row[1] for row in counted}


def _show_progress(done: int, whole: int) -> None:
    """One line that is written over; into a file, only the last."""
    if sys.stderr.isatty() or done == whole:
        end = "\n" if done == whole else "\r"
        click.echo(f"demo data: {done} of {whole} steps{end}", err=True, nl=False)


def table(found: Sequence[Account]) -> str:
    """The accounts for a terminal."""
    rows = [HEADERS]
    for account in found:
        district = account.district or ("whole city" if account.totp_secret else "")
        rows.append((account.address, account.role, district, account.code, account.totp_secret))
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEADERS))]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    password = found[0].password if found else ""
    return "\n".join(
        [
            *lines,
            "",
            f"Every password: {password}",
            "A code lasts half a minute and works once. New ones: /demo/codes in the browser, or"
            " flask --app wsgi demo",
        ]
    )


def _width(text: str) -> int:
    """Columns on a terminal: a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
