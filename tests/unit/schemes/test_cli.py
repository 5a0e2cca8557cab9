"""The commands of the schemes room."""

import json
from pathlib import Path

import pytest
from flask import Flask

from housing_portal.schemes import cli


def test_lint_passes_for_the_catalogue(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["schemes", "lint"])
    assert result.exit_code == 0
    assert "rent_by_education.yaml: 16 rules, 8 pages: in order" in result.output


def test_lint_fails_and_names_the_place(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: broken\nkind: rent\n", "utf-8")
    monkeypatch.setattr(cli, "catalogue_files", lambda: [broken])
    result = app.test_cli_runner().invoke(args=["schemes", "lint"])
    assert result.exit_code == 1
    assert "broken.yaml:1: title: Field required" in result.output


def test_sync_takes_the_catalogue_in_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "rent_by_education: version 1" in runner.invoke(args=["schemes", "sync"]).output
    assert runner.invoke(args=["schemes", "sync"]).output == "nothing has changed\n"


def test_evaluate_in_words_and_as_json(app: Flask, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"identity.age": 17, "education.level": "phd", "lease.rent_share": "800"}), "utf-8")
    runner = app.test_cli_runner()
    words = runner.invoke(args=["schemes", "evaluate", "rent_by_education", str(facts), "--on", "2026-03-02"]).output
    assert words.startswith("outcome: not_met\n")
    assert "not_met       adult (Article 5(1)): The applicant is 18 or older" in words
    told = runner.invoke(
        args=["schemes", "evaluate", "rent_by_education", str(facts), "--on", "2026-03-02", "--json"]
    ).output
    assert json.loads(told)["benefit"]["amount"] == "800.00"


@pytest.mark.parametrize(
    ("code", "content", "words"),
    [
        ("rent_by_education", '{"identity.age": "old"}', "identity.age"),
        ("rent_by_education", '{"nobody.knows": 1}', "nobody.knows"),
        ("rent_by_education", "[]", "one JSON object"),
        ("rent_by_education", "{", "Error"),
        ("no_such_scheme", "{}", "there is no scheme no_such_scheme"),
        ("../facts", "{}", "there is no scheme"),
    ],
)
def test_evaluate_tells_what_is_wrong(app: Flask, tmp_path: Path, code: str, content: str, words: str) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(content, "utf-8")
    result = app.test_cli_runner().invoke(args=["schemes", "evaluate", code, str(facts)])
    assert result.exit_code == 1
    assert words in result.output


def test_facts_as_table_and_json(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "employment.contract_start" in runner.invoke(args=["schemes", "facts"]).output
    told = json.loads(runner.invoke(args=["schemes", "facts", "--json"]).output)
    assert told["identity.document_number"]["sensitivity"] == "sensitive"


def test_the_schema_for_editors_is_current(app: Flask) -> None:
    """flask --app wsgi schemes schema > docs/scheme.schema.json"""
    printed = app.test_cli_runner().invoke(args=["schemes", "schema"]).output
    kept = Path(__file__).parents[3] / "docs" / "scheme.schema.json"
    assert json.loads(printed) == json.loads(kept.read_text("utf-8"))


def test_the_schema_knows_the_short_forms(app: Flask) -> None:
    schema = json.loads(app.test_cli_runner().invoke(args=["schemes", "schema"]).output)
    assert {"$ref": "#/$defs/SharedPart"} in schema["properties"]["rules"]["items"]["anyOf"]
    assert {"type": "number"} in schema["$defs"]["Phase"]["properties"]["amount"]["oneOf"]
    assert "papers" in schema["required"]
