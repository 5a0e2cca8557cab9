"""Loading a scheme: mistakes are told with file, line and key."""

from pathlib import Path

import pytest

from housing_portal.schemes.language import SchemeDefinition, load_scheme
from housing_portal.schemes.service import catalogue_files
from housing_portal.schemes.yaml_source import SourceError

GOOD = (Path(__file__).parents[2] / "data" / "whole_scheme.yaml").read_text("utf-8")


def load(folder: Path, *changes: tuple[str, str]) -> SchemeDefinition:
    """Load the good file after changing it."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "rent_by_education.yaml"
    path.write_text(text, "utf-8")
    return load_scheme(path)


@pytest.mark.parametrize("path", catalogue_files(), ids=lambda path: path.stem)
def test_the_catalogue_loads_and_survives_json(path: Path) -> None:
    definition = load_scheme(path)
    assert SchemeDefinition.model_validate_json(definition.model_dump_json()) == definition


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        (
            "test: identity.age >= 18",
            "test: identity.age >= eighteen",
            "rules.0.test",
            "unknown fact: eighteen",
        ),
        ("test: identity.age >= 18", 'test: identity.age >= "18"', "rules.0.test", "data type mismatch"),
        ("kind: rent", "kind: renting", "kind", "Input should be 'housing', 'rent' or 'furnishing'"),
        ("scope: city", "scope: city\ncolour: red", "colour", "Extra inputs are not permitted"),
        ("values: {phd: 1000", "values: {doctor: 1000", "least_of.0.table", "has no choice doctor"),
        ("values: {phd: 1000", "values: {phd: -1", "table.values.phd", "greater than or equal to 0"),
        ("{fact: lease.rent_share", "{fact: lease.address", "least_of.1.fact", "lease.address is not a number"),
        ("least_of:", "lowest_of:", "benefit.phases.0.amount", "an amount is a mapping with one of these keys"),
        ("kind: monthly", "kind: daily", "benefit", "kind is one of monthly, yearly, once, discounted_rent"),
        ("  most: 36", "  most: 0", "benefit.most", "greater than or equal to 1"),
        ("test: identity.age >= 18", "test: identity.age >= 0", "rules.0.test", "the test is always met"),
        (
            "test: identity.age >= 18",
            "test: identity.age >= 18 and identity.age < 10",
            "rules.0.test",
            "the test can never be met",
        ),
        ("      - identity.email", "      - identity.fax", "pages.0.facts", "unknown fact: identity.fax"),
        ("      - identity.email", "      - identity.age", "pages.0.facts", "is not asked: it is derived"),
        ("    most: 2\n", "    most: 2\n    least: 3\n", "documents.0", "least is more than most"),
        ("valid_from: 2026-01-01", "valid_from: soon", "valid_from", "valid date"),
    ],
)
def test_mistakes_name_file_line_and_key(tmp_path: Path, old: str, new: str, key: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        load(tmp_path, (old, new))
    message = str(caught.value)
    assert message.startswith("rent_by_education.yaml:")
    assert key in message
    assert words in message
    line = int(message.split(":")[1])
    changed_at = GOOD[: GOOD.index(old)].count("\n") + 1
    assert abs(line - changed_at) <= 4


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    reason: R01", "    reason: R99", "rule adult: no reason R99"),
        ("  - code: R02\n", "  - code: R01\n", "reason R01 is there twice"),
        ("  - id: contract_full_time", "  - id: adult", "rule adult is there twice"),
        ("  - slot: degree\n", "  - slot: identity_document\n", "document identity_document is there twice"),
        ("  - code: education\n", "  - code: identity\n", "page identity is there twice"),
        ("      - identity.email\n", "      - identity.mobile\n", "fact identity.mobile is there twice"),
        ("valid_to: 2027-12-31", "valid_to: 2025-12-31", "valid_to is before valid_from"),
        ("  - group: group_PH", "  - schemes: [rent_by_education]", "rent_by_education excludes itself"),
        ("facts: [identity.age, ", "facts: [", "precheck: identity.age is needed and not asked"),
        ("      - {fact: lease.filing_no, required: false}\n", "", "pages: lease.filed is needed"),
        ('when: education.country in ["hmt"', 'when: lease.area > 9 or education.country in ["hmt"', "later"),
        ("  certificate:\n", "  receipt:\n", "papers"),
    ],
)  # fmt: skip
def test_a_definition_must_hang_together(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        load(tmp_path, (old, new))


def test_both_languages_are_needed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"rent_by_education.yaml:\d+: title\.en: Field required"):
        load(
            tmp_path,
            ('title: {zh: "租房补贴（按学历）", en: "Rent subsidy by education"}', 'title: {zh: "租房补贴"}'),
        )


def test_a_condition_needs_its_words(tmp_path: Path) -> None:
    hint = '        hint: {zh: "境外学历填写", en: "Only for a degree from outside the mainland"}\n'
    with pytest.raises(SourceError, match="when and hint go together"):
        load(tmp_path, (hint, ""))


def test_a_repeated_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"rent_by_education.yaml:4: kind: the key is there twice"):
        load(tmp_path, ("kind: rent\n", "kind: rent\nkind: housing\n"), ("audience: practitioner\n", ""))


@pytest.mark.parametrize("text", ["- a\n- b\n", "", "title: [", "just words"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"broken\.yaml"):
        load_scheme(path)


def test_the_code_is_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "other_name.yaml"
    path.write_text(GOOD, "utf-8")
    with pytest.raises(SourceError, match=r"other_name.yaml:2: code: must be other_name"):
        load_scheme(path)
