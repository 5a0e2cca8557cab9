"""YAML files written by people: duplicate keys are refused, and an error can name its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError


class SourceError(ValueError):
    """A file of the catalogue is wrong. Each line of the message is ``file:line: key: what is wrong``."""


@dataclass(frozen=True)
class Source:
    """The content of one YAML file and where each key stands in it."""

    name: str
    data: dict[str, Any]
    lines: Mapping[tuple[str | int, ...], int]

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of the key, or of the nearest key above it that is in the file."""
        steps = tuple(path)
        while steps not in self.lines:
            steps = steps[:-1]
        return self.lines[steps]

    def error(self, path: Sequence[str | int], words: str) -> str:
        """One line of a ``SourceError``."""
        return f"{self.name}:{self.line_of(path)}: {'.'.join(map(str, path))}: {words}"

    def refuse(self, error: ValidationError) -> SourceError:
        """The same error, told with file, line and key."""
        return SourceError("\n".join(self.error(item["loc"], item["msg"]) for item in error.errors()))


def read_source(path: Path) -> Source:
    """Read one file. Raises ``SourceError`` for bad YAML, a repeated key, or anything but a mapping."""
    text = path.read_text("utf-8")
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SourceError(f"{path.name}: {error}") from error
    if not isinstance(data, dict) or root is None:
        raise SourceError(f"{path.name}:1: the file must be a mapping of keys")
    lines: dict[tuple[str | int, ...], int] = {}
    _collect(path.name, root, (), lines)
    return Source(path.name, data, lines)


def _collect(name: str, node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, key.value)
            if place in lines:
                raise SourceError(f"{name}:{key.start_mark.line + 1}: {key.value}: the key is there twice")
            lines[place] = key.start_mark.line + 1
            _collect(name, value, place, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _collect(name, item, (*path, index), lines)
