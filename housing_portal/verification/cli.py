"""The command that feeds the registers from files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from housing_portal.core import clock
from housing_portal.core.crypto import sha256_hex
from housing_portal.core.db import commit, writing
from housing_portal.verification import csv_file, service
from housing_portal.verification.ports import KINDS

verification_cli = AppGroup("verification", help="Data of the city's registers.")


@verification_cli.command("import")
@click.argument("register", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the extract; today if left out.")
@click.option("--check", is_flag=True, help="Only check the file.")
def import_command(register: str, file: Path, as_of: datetime | None, check: bool) -> None:
    """Take in FILE, a CSV extract of REGISTER. Nothing is stored when one row is wrong."""
    kind = KINDS[register]
    day = as_of.date() if as_of else clock.today()
    if day > clock.today():
        raise click.ClickException(f"an extract cannot be of a later day than today: {day}")
    try:
        rows = csv_file.read(file, kind)
    except csv_file.FileRefused as refused:
        for problem in refused.problems:
            click.echo(problem, err=True)
        raise SystemExit(1) from refused
    if check:
        click.echo(f"{file.name}: {len(rows)} rows, in order; nothing was stored")
        return
    with writing():
        done = service.take_in(kind, rows, day, sha256_hex(file.read_bytes()))
        commit()
    click.echo(
        f"{register}: {done.added} new, {done.changed} changed, {done.unchanged} as before, "
        f"{done.older} known from a later extract"
    )
    if current_app.config["SETTINGS"].register_modes()[register] == "manual":
        click.echo(f"PORTAL_REGISTER_{register.upper()} is manual: officers are not shown these records", err=True)
