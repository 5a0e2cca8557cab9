"""The command line of awards and budgets."""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from housing_portal.accounts.models import District
from housing_portal.casework.steps import CaseProblem
from housing_portal.core.db import commit, db, writing
from housing_portal.core.i18n import speaking
from housing_portal.payments import awards, budget
from housing_portal.payments.awards import AwardUnknown
from housing_portal.payments.budget import LimitRefused
from housing_portal.schemes.queries import versions

COLUMNS = ["scheme", "year", "district", "places", "yuan"]
YEARS = range(2000, 2101)
MOST_YUAN = Decimal("999999999999.99")

payments_cli = AppGroup("payments", help="Awards and budgets.")
budget_cli = AppGroup("budget", help="How much there is of a scheme in a year.")
payments_cli.add_command(budget_cli)


@payments_cli.command("withdraw")
@click.argument("award")
@click.option("--reason", required=True, help="Why; officers read it on the case.")
def withdraw_command(award: str, reason: str) -> None:
    """Take an award back: exactly its months and its place in the budget are free again."""
    with writing(), speaking("en"):
        try:
            done = awards.withdraw(None, award, reason)
        except AwardUnknown as error:
            raise click.ClickException(f"there is no award {award}") from error
        except CaseProblem as problem:
            raise click.ClickException(problem.sentence) from problem
        commit()
    click.echo(f"{award} is withdrawn" if done else f"{award} was withdrawn before; nothing changed")


@budget_cli.command("set")
@click.argument("scheme")
@click.argument("year")
@click.option("--district", default="", help="Code of the district; none: the whole city.")
@click.option("--places", default="", help="None: places are not limited.")
@click.option("--yuan", default="", help="None: money is not limited.")
def set_command(scheme: str, year: str, district: str, places: str, yuan: str) -> None:
    """Open a budget line, or set both its limits anew."""
    with writing(), speaking("en"):
        problem = _set({"scheme": scheme, "year": year, "district": district, "places": places, "yuan": yuan})
        if problem:
            raise click.ClickException(problem)
        commit()
    click.echo(f"{scheme} {year} {district or 'whole city'}: {places or 'any number of'} places, {yuan or 'any'} yuan")


@budget_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(file: Path) -> None:
    """Set the lines of a CSV file in UTF-8 with the columns scheme, year, district, places, yuan: all, or none."""
    try:
        reader = csv.DictReader(file.read_text("utf-8-sig").splitlines(), strict=True)
        rows = [(reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file.name}: not a CSV file in UTF-8") from error
    if reader.fieldnames is None or [name.strip() for name in reader.fieldnames] != COLUMNS:
        raise click.ClickException(f"{file.name}:1: the columns are {','.join(COLUMNS)}")
    with writing(), speaking("en"):
        problems = [f"{file.name}:{line}: {problem}" for line, row in rows if (problem := _set(row))]
        if problems:
            db.session.rollback()
            raise click.ClickException("\n".join(problems))
        commit()
    click.echo(f"{len(rows)} lines are set")


def _set(row: dict[str, str]) -> str:
    """Set one line; what is wrong with it, or nothing."""
    scheme, year, code = row["scheme"], row["year"], row["district"]
    if not versions(scheme):
        return f"there is no scheme {scheme}"
    if not year.isdecimal() or int(year) not in YEARS:
        return f"{year} is not a year"
    district = db.session.scalars(select(District).where(District.code == code)).first() if code else None
    if code and district is None:
        return f"there is no district {code}"
    if row["places"] and not (row["places"].isdecimal() and len(row["places"]) < 10):
        return f"{row['places']} is not a number of places"
    try:
        yuan = Decimal(row["yuan"]) if row["yuan"] else None
    except InvalidOperation:
        return f"{row['yuan']} is not an amount"
    if yuan is not None and not (yuan.is_finite() and 0 <= yuan <= MOST_YUAN):
        return f"{row['yuan']} is not an amount"
    try:
        budget.set_limit(None, scheme, district, int(year), int(row["places"]) if row["places"] else None, yuan)
    except LimitRefused as refused:
        return str(refused)
    return ""
