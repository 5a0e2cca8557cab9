"""A definition as YAML that a person can read and edit; ``language.read_scheme`` reads it back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import yaml

from housing_portal.schemes.language import SchemeDefinition

ONE_LINE = 100  # half-width characters of a mapping that stays on one line
# Written even when empty: what an editor may want to set must be there to be found.
ALWAYS = ("valid_to",)
EMPTY: tuple[Any, ...] = ((), [], {})  # what a list or mapping is when the file leaves it out


class Quoted(str):
    """A text of the file; it always stands in quotation marks, because : ? # mean something in YAML."""

    __slots__ = ()


class Inline(dict[str, Any]):
    """A short mapping on one line."""


class _Dumper(yaml.SafeDumper):
    """Block style, items indented under their key, no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Dumper.add_representer(
    Inline, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)
_Dumper.add_representer(
    Decimal,
    lambda dumper, value: dumper.represent_scalar(
        "tag:yaml.org,2002:int" if value == value.to_integral_value() else "tag:yaml.org,2002:float", _plain(value)
    ),
)
_Dumper.add_multi_representer(
    StrEnum, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", str(value))
)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_yaml(definition: SchemeDefinition) -> str:
    """The file of a definition: keys in the order of the language, block style, short texts on one line."""
    given = definition.model_dump(mode="python", exclude_none=True)
    data: dict[str, Any] = {}
    for name in type(definition).model_fields:
        if name in given and given[name] not in EMPTY:
            data[name] = _tidy(given[name])
        elif name in ALWAYS:
            data[name] = None
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return re.sub(r"^(?=[a-z_]+:\n)", "\n", text, flags=re.MULTILINE).lstrip()


def _tidy(value: Any) -> Any:
    if isinstance(value, Mapping):
        data = {str(key): _tidy(part) for key, part in value.items() if part not in EMPTY}
        if set(data) == {"zh", "en"}:
            data = {key: Quoted(text) for key, text in data.items()}
        if "fact" in data and data.get("required") is True:
            del data["required"]
            if len(data) == 1:
                return data["fact"]
        short = all(isinstance(part, str | int | Decimal) for part in data.values()) and _width(data) <= ONE_LINE
        return Inline(data) if short else data
    if isinstance(value, list | tuple):
        return [_tidy(part) for part in value]
    return value


def _width(data: Mapping[str, Any]) -> int:
    return sum(len(key) + 4 + sum(2 if ord(c) > 0x2E80 else 1 for c in str(part)) for key, part in data.items())
