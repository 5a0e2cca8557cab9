"""What differs between two versions of a scheme, in plain words of both languages.

The definitions are compared as data, so a key that the language gains is compared too. Entries of lists are
found by their own name (``id``, ``code``, ``slot``…), not by their place: a rule that moved did not change.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from housing_portal.core.money import format_yuan
from housing_portal.schemes.facts import NO, YES, fact_dictionary
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.terms_in_words import condition_in_words, key_in_words
from housing_portal.schemes.text import Text

Steps = tuple[str, ...]
UNNAMED = Text(zh="—", en="—")
Kind = Literal["added", "removed", "changed"]

# The key of an entry that names it among its neighbours, the first that it has.
NAMES = ("id", "code", "slot", "fact", "group", "scheme")
CONDITIONS = ("test", "when", "case_by_case")
# How an amount is worked out; its parts are called by what they are, not by where they stand in the tree.
SILENT = frozenset(
    {"phases", "amount", "least_of", "table", "values", "product", "sum", "less", "of", "taken", "bands", "steps",
     "cases", "quotient", "number", "yuan"}
)  # fmt: skip
# Sections that a person who fills an application never meets, and the first day, which is another in every version.
INTERNAL = frozenset({"valid_from", "budget_line", "fair_competition_review_no", "workflow", "sample"})


@dataclass(frozen=True)
class Difference:
    """One thing that differs. ``before`` is None when it was added, ``after`` when it was removed."""

    section: str  # top key of the file
    what: Text
    kind: Kind
    before: Text | None
    after: Text | None
    wording: bool  # a text: the changed words are worth marking

    def visible(self, language: str) -> bool:
        """Whether a reader of one language sees it: a change of the Chinese words alone leaves the English ones."""
        return not (self.before and self.after and self.before.in_(language) == self.after.in_(language))

    @property
    def concerns_applicants(self) -> bool:
        """Whether somebody who fills an application should read it."""
        return self.section not in INTERNAL

    def in_words(self, language: str) -> str:
        """One line: "Amount for master: ¥900 → ¥950"."""
        colon = "：" if language == "zh" else ": "
        what = self.what.in_(language)
        if self.before is not None and self.after is not None:
            return f"{what}{colon}{self.before.in_(language)} → {self.after.in_(language)}"
        added = ("新增" if self.kind == "added" else "删除") if language == "zh" else self.kind
        body = (self.after or self.before or Text(zh="—", en="—")).in_(language)
        return f"{what}（{added}）{colon}{body}" if language == "zh" else f"{what} ({added}){colon}{body}"


def differences(before: SchemeDefinition, after: SchemeDefinition) -> tuple[Difference, ...]:
    """All differences, in the order of the file. The code is not one: a copy under a new code is compared too."""
    old, new = (_data(definition) for definition in (before, after))
    found: list[Difference] = []
    for key in type(after).model_fields:
        if key != "code":
            found += _compare((key,), old.get(key), new.get(key), Names(old, new))
    return tuple(found)


def _data(definition: SchemeDefinition) -> dict[str, Any]:
    return definition.model_dump(mode="python", exclude_none=True)


class Names:
    """How the entries of lists are called in words: by both versions, the newer one first."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._versions = (new, old)
        self.data = new

    def of(self, path: Steps, skip: int = 0) -> Text:
        """The words for a path: "Rule: the contract runs …: condition", "Amount for master".

        ``skip`` leaves out the first steps.
        """
        parts: list[Text] = []
        for depth in range(skip + 1, len(path) + 1):
            words = self._step(path[:depth])
            if words is not None:
                parts.append(words)
        zh, en = "：".join(part.zh for part in parts), ": ".join(part.en for part in parts)
        return Text(zh=zh or UNNAMED.zh, en=en[:1].upper() + en[1:] or UNNAMED.en)

    def _step(self, path: Steps) -> Text | None:
        key = path[-1]
        if key.startswith("#"):
            return self._entry(path)
        choice = self._choice(path)
        if choice is not None:
            return choice
        if path[0] == "benefit" and key in SILENT:
            return None
        return key_in_words(key, path[0])

    def _choice(self, path: Steps) -> Text | None:
        """An entry of a table by a fact: "amount for Master"."""
        table = self.find(path[:-2]) if len(path) > 2 else None
        if not isinstance(table, Mapping) or table.get("by") not in fact_dictionary():
            return None
        choice = fact_dictionary()[table["by"]].choices.get(path[-1])
        return None if choice is None else Text(zh=f"{choice.zh}的标准", en=f"amount for {choice.en.lower()}")

    def _entry(self, path: Steps) -> Text | None:
        entry = self.find(path)
        name = path[-1].removeprefix("#")
        if isinstance(entry, Mapping):
            for key in ("title", "words"):
                if isinstance(entry.get(key), Mapping):
                    return Text(zh=f"“{entry[key]['zh']}”", en=f'"{entry[key]["en"]}"')
        if len(path) > 1 and path[-2] == "cases" and isinstance(entry, Mapping):
            if "when" not in entry:
                return Text(zh="其他情形", en="otherwise")
            case = condition_in_words(str(entry["when"]))
            return Text(zh=f"{case.zh}的", en=f"if {case.en}")
        if name in fact_dictionary():
            label = fact_dictionary()[name].label
            return Text(zh=f"“{label.zh}”", en=f'"{label.en}"')
        if name.isdigit():
            parent = self.find(path[:-1])
            alone = not isinstance(parent, list | tuple) or len(parent) == 1
            return None if alone or path[0] == "benefit" else Text(zh=f"第{name}项", en=f"no. {name}")
        return Text(zh=name, en=name)

    def find(self, path: Steps) -> Any:
        """What stands at a path, in the newer version or else in the older one."""
        for version in self._versions:
            found: Any = version
            for step in path:
                found = _child(found, step)
            if found is not None:
                return found
        return None


def _child(value: Any, step: str) -> Any:
    if isinstance(value, Mapping):
        return next((part for key, part in value.items() if str(key) == step), None)
    if isinstance(value, list | tuple):
        return keyed(value).get(step)
    return None


def keyed(entries: Sequence[Any]) -> dict[str, Any]:
    """The entries of a list by their names."""
    keyed: dict[str, Any] = {}
    for index, entry in enumerate(entries):
        name = next((str(entry[key]) for key in NAMES if key in entry), None) if isinstance(entry, Mapping) else None
        if name is None and isinstance(entry, str):
            name = entry
        label = f"#{name if name is not None else index + 1}"
        keyed[label if label not in keyed else f"{label} ({index + 1})"] = entry
    return keyed


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"zh", "en"}


def _compare(path: Steps, old: Any, new: Any, names: Names) -> Iterator[Difference]:
    if old == new:
        return
    both = old is not None and new is not None
    if both and isinstance(old, Mapping) and isinstance(new, Mapping) and not (_is_text(old) or _is_text(new)):
        old_keys, new_keys = ({str(key): part for key, part in side.items()} for side in (old, new))
        for key in dict.fromkeys([*new_keys, *old_keys]):
            yield from _compare((*path, key), old_keys.get(key), new_keys.get(key), names)
    elif both and isinstance(old, list | tuple) and isinstance(new, list | tuple):
        yield from _compare_lists(path, old, new, names)
    else:
        kind: Kind = "changed" if both else ("removed" if new is None else "added")
        wording = _is_text(old) or _is_text(new)
        yield Difference(path[0], names.of(path), kind, _shown(path, old, names), _shown(path, new, names), wording)


def _compare_lists(path: Steps, old: Sequence[Any], new: Sequence[Any], names: Names) -> Iterator[Difference]:
    old_entries, new_entries = keyed(old), keyed(new)
    for key in dict.fromkeys([*new_entries, *old_entries]):
        yield from _compare((*path, key), old_entries.get(key), new_entries.get(key), names)
    stayed = [key for key in new_entries if key in old_entries]
    if stayed != [key for key in old_entries if key in new_entries]:
        moved = Text(zh="顺序已调整", en="in another order")
        before = Text(zh="原顺序", en="as before")
        yield Difference(path[0], names.of(path), "changed", before, moved, wording=False)


def _shown(path: Steps, value: Any, names: Names) -> Text | None:
    """A value as a person reads it; None stays None."""
    if value is None:
        return None
    if _is_text(value):
        return Text(zh=value["zh"], en=value["en"])
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return Text(zh=f"{value.year}年{value.month}月{value.day}日", en=f"{value:%-d %B %Y}")
    if isinstance(value, int | Decimal):
        return _number(path, value, names)
    if isinstance(value, Mapping):
        return _mapping(path, value, names)
    if isinstance(value, list | tuple):
        parts = [part for entry in value if (part := _shown(path, entry, names)) is not None]
        return Text(zh="、".join(part.zh for part in parts) or "—", en=", ".join(part.en for part in parts) or "—")
    if any(step in CONDITIONS for step in path[-2:]):
        return condition_in_words(str(value))
    fact = fact_dictionary().get(str(value))
    return fact.label if fact else Text(zh=str(value) or "—", en=str(value) or "—")


def _number(path: Steps, value: int | Decimal, names: Names) -> Text:
    """Yuan under ``yuan`` and in a table without a unit; else a plain number."""
    table = names.find(path[:-2])
    money = path[-1] == "yuan" or (path[-2:-1] == ("values",) and isinstance(table, Mapping) and "unit" not in table)
    words = format_yuan(value) if money else f"{Decimal(value).normalize():,f}"
    return Text(zh=words, en=words)


def _mapping(path: Steps, value: Mapping[Any, Any], names: Names) -> Text:
    """A whole entry that was added or removed: what names it, then the rest."""
    for key in ("words", "title"):
        if key in value and _is_text(value[key]):
            text = Text(zh=value[key]["zh"], en=value[key]["en"])
            test = value.get("test")
            if isinstance(test, str):
                condition = condition_in_words(test)
                return Text(zh=f"{text.zh}（{condition.zh}）", en=f"{text.en} ({condition.en})")
            return text
    zh: list[str] = []
    en: list[str] = []
    for key, part in value.items():
        name, shown = key_in_words(str(key), path[0]), _shown((*path, str(key)), part, names)
        if shown is not None:
            zh.append(f"{name.zh}：{shown.zh}")
            en.append(f"{name.en}: {shown.en}")
    return Text(zh="；".join(zh) or "—", en="; ".join(en) or "—")


_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9,.'’-]*|\s+|.", re.DOTALL)


def marked(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces, each with whether it differs: words of Latin script, single Han characters."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for action, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = action != "equal"
        if b > a:
            left.append(("".join(old[a:b]), changed))
        if d > c:
            right.append(("".join(new[c:d]), changed))
    return left, right
