"""Editing by form: the scalars of a draft's text as fields, and the text with some of them replaced.

Only the places that were changed are rewritten, so comments, order and everything that the form does not know
stay as they were written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from housing_portal.schemes.differences import CONDITIONS, UNNAMED, Names, keyed
from housing_portal.schemes.number_labels import number_label
from housing_portal.schemes.terms_in_words import condition_in_words, key_in_words
from housing_portal.schemes.text import Text
from housing_portal.schemes.yaml_source import read_text
from housing_portal.workbench.lint import NAME

Kind = Literal["number", "date", "zh", "en", "line"]

# Pages of the form, and the top keys that each shows.
SECTIONS: dict[str, tuple[str, ...]] = {
    "basics": (
        "valid_from", "valid_to", "windows", "quota", "budget_line", "title", "summary", "offers", "takes",
        "legal_basis", "fair_competition_review_no", "responsible_office", "clocks",
    ),
    "amounts": ("benefit", "exclusions", "reverification", "clawback"),
    "conditions": ("rules",),
    "documents": ("documents",),
    "questions": ("precheck", "pages"),
    "letters": ("reasons", "papers"),
}  # fmt: skip
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
# Plain words that may be typed; other words are codes, which the text editor changes.
LINES = frozenset({"number", "fair_competition_review_no", "budget_line"})
DATES = frozenset({"valid_from", "valid_to", "opens", "closes"})
_IN_CONDITION = re.compile(r'"[^"]*"|[a-z_][a-z0-9_.]*|[0-9]+(?:\.[0-9]+)?')


@dataclass(frozen=True)
class Field:
    """One scalar of the text. ``start`` and ``end`` are its place; ``group`` is what it belongs to."""

    name: str
    group: Text
    label: Text
    kind: Kind
    value: str
    optional: bool
    start: int
    end: int


def fields(text: str, section: str) -> list[Field]:
    """The fields of one page. Raises ``SourceError`` for a text that cannot be read."""
    data = read_text(NAME, text).data
    root = yaml.compose(text, yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # read_text refuses anything else
    names = Names(data, data)
    found: list[Field] = []
    seen: set[int] = set()
    for key_node, node in root.value:
        key = str(key_node.value)
        if key in SECTIONS[section]:
            found += _walk(text, (key,), (key,), node, data.get(key), names, seen)
    return found


Steps = tuple[str, ...]


def _walk(
    text: str, path: Steps, named: Steps, node: yaml.Node, data: Any, names: Names, seen: set[int]
) -> Iterator[Field]:
    """``path`` is the place in the text, ``named`` the same with the names of list entries."""
    if id(node) in seen:  # an alias: it is edited where it is written
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode) and isinstance(data, Mapping):
        for key_node, value in node.value:
            key = str(key_node.value)
            part = next((part for other, part in data.items() if str(other) == key), None)
            if key != "<<":
                yield from _walk(text, (*path, key), (*named, key), value, part, names, seen)
    elif isinstance(node, yaml.SequenceNode) and isinstance(data, list):
        for index, (value, (name, part)) in enumerate(zip(node.value, keyed(data).items(), strict=True)):
            yield from _walk(text, (*path, str(index)), (*named, name), value, part, names, seen)
    elif isinstance(node, yaml.ScalarNode):
        yield from _scalar(text, path, named, node, names)


def _scalar(text: str, path: Steps, named: Steps, node: yaml.ScalarNode, names: Names) -> Iterator[Field]:
    start, end = node.start_mark.index, node.end_mark.index
    key, tag = path[-1], node.tag.rpartition(":")[2]
    kind: Kind | None = None
    if key in CONDITIONS:
        yield from _numbers_of_condition(text, path, named, node, names)
        return
    if key in DATES and tag in {"timestamp", "null"}:
        kind = "date"
    elif key in {"zh", "en"} and len(path) > 1:
        kind = "zh" if key == "zh" else "en"
    elif tag in {"int", "float"}:
        kind = "number"
    elif key in LINES and tag == "str":
        kind = "line"
    if kind is None:
        return
    shown = named[:-1] if kind in {"zh", "en"} else named
    value = "" if tag == "null" else node.value
    group, depth = _group(named, names)
    label = names.of(shown, depth) if len(shown) > depth else group
    own = number_label(path, names.data) if kind == "number" else None
    if own is not None:
        # Of a band, its place among the steps is in the words already.
        around = shown[: shown.index("steps")] if "steps" in shown else shown[:-1]
        label = _within(names.of(around, depth) if len(around) > depth else UNNAMED, own)
    elif label == UNNAMED:  # an amount right under its group
        words = key_in_words(path[-1], path[0])
        label = Text(zh=words.zh, en=words.en.capitalize())
    yield Field(".".join(path), group, label, kind, value, tag == "null", start, end)


def _within(around: Text, own: Text) -> Text:
    """The words of a number after those of what it belongs to, if that has a name."""
    if around == UNNAMED:
        return Text(zh=own.zh, en=own.en[:1].upper() + own.en[1:])
    return Text(zh=f"{around.zh}：{own.zh}", en=f"{around.en}: {own.en}")


def _group(named: Steps, names: Names) -> tuple[Text, int]:
    """The entry of a list that it belongs to, or the top key; and how many steps that is."""
    depth = next((index + 1 for index, step in enumerate(named) if step.startswith("#")), 1)
    if named[0] == "papers":  # one group for each letter
        depth = 2
    if names.of(named[:depth], depth - 1) == UNNAMED:  # a part of an amount, which has no name of its own
        depth = 1
    return names.of(named[:depth]), depth


def _numbers_of_condition(
    text: str, path: Steps, named: Steps, node: yaml.ScalarNode, names: Names
) -> Iterator[Field]:
    """Each number that a condition compares with; only where the text has the condition letter by letter."""
    start = text.find(node.value, node.start_mark.index, node.end_mark.index)
    if start < 0:
        return
    words = condition_in_words(node.value)
    label = Text(zh=f"判断标准：{words.zh}", en=f"Condition: {words.en}")
    numbers = [match for match in _IN_CONDITION.finditer(node.value) if match.group()[0].isdigit()]
    for index, match in enumerate(numbers):
        name = f"{'.'.join(path)}@{index}"
        place = (start + match.start(), start + match.end())
        yield Field(name, _group(named, names)[0], label, "number", match.group(), False, *place)


def replaced(text: str, found: list[Field], values: Mapping[str, str | date | None]) -> str:
    """The text with new values for some fields, by name."""
    for field in sorted(found, key=lambda field: field.start, reverse=True):
        if field.name not in values:
            continue
        value = values[field.name]
        if _same(field, value):
            continue
        before = "" if text[field.start - 1 : field.start] in {" ", "(", "["} or field.end > field.start else " "
        text = text[: field.start] + before + _written(field, value) + text[field.end :]
    return text


def _same(field: Field, value: str | date | None) -> bool:
    if isinstance(value, date):
        return field.value == value.isoformat()
    return field.value == (value or "")


def _written(field: Field, value: str | date | None) -> str:
    if value is None or value == "":
        return "null" if field.kind in {"date", "number"} else '""'
    if isinstance(value, date):
        return value.isoformat()
    return value if field.kind == "number" else json.dumps(value, ensure_ascii=False)
