"""Commands: check the catalogue, take it in, evaluate a scheme for facts in a file, list the facts."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from housing_portal.core import clock
from housing_portal.core.db import commit, writing
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.rules import Evaluation, evaluate
from housing_portal.schemes.schema import file_schema
from housing_portal.schemes.service import catalogue_files, sync_catalogue
from housing_portal.schemes.yaml_source import SourceError

schemes_cli = AppGroup("schemes", help="Schemes of the catalogue.")


@schemes_cli.command("lint")
def lint_command() -> None:
    """Check the dictionary of facts and every file of the catalogue; exit 1 when something is wrong."""
    wrong = 0
    for path in catalogue_files():
        try:
            definition = load_scheme(path)
        except SourceError as error:
            wrong += 1
            click.echo(str(error), err=True)
        else:
            click.echo(f"{path.name}: {len(definition.rules)} rules, {len(definition.pages)} pages: in order")
    if wrong:
        raise SystemExit(1)


@schemes_cli.command("sync")
def sync_command() -> None:
    """Take changed files of the catalogue into the database as new versions."""
    with writing():
        added = sync_catalogue()
        commit()
    for version in added:
        click.echo(f"{version.scheme_code}: version {version.number}")
    if not added:
        click.echo("nothing has changed")


@schemes_cli.command("evaluate")
@click.argument("code")
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the application; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="The whole evaluation as JSON.")
def evaluate_command(code: str, facts: Path, on: datetime | None, as_json: bool) -> None:
    """Evaluate the scheme CODE for the facts in FACTS, a JSON file of keys and values."""
    path = CATALOGUE / f"{code}.yaml"
    if path not in catalogue_files():
        raise click.ClickException(f"there is no scheme {code}")
    try:
        values = json.loads(facts.read_text("utf-8"))
        if not isinstance(values, dict):
            raise click.ClickException("the file must hold one JSON object of keys and values")
        evaluation = evaluate(load_scheme(path), values, on.date() if on else clock.today())
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(evaluation.model_dump_json(indent=2) if as_json else _in_words(evaluation))


def _in_words(evaluation: Evaluation) -> str:
    lines = [f"{row.answer:<13} {row.rule} ({row.clause.en}): {row.words.en}" for row in evaluation.rows]
    lines += [f"{line.words.en}: {line.value.en}" for line in evaluation.benefit.lines]
    return "\n".join([f"outcome: {evaluation.outcome}", *lines])


@schemes_cli.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of a scheme's file, for editors; docs/scheme.schema.json is its copy."""
    click.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))


@schemes_cli.command("facts")
@click.option("--json", "as_json", is_flag=True, help="The whole dictionary as JSON.")
def facts_command(as_json: bool) -> None:
    """List the dictionary of facts."""
    if as_json:
        content = {key: fact.model_dump(mode="json") for key, fact in fact_dictionary().items()}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for key, fact in fact_dictionary().items():
        click.echo(f"{key:<45} {fact.type:<10} {fact.source:<9} {fact.label.en}")
