"""YAML texts written by people: bounded, without repeated keys, and an error names its file and line.

A hostile text does no harm: its size, depth and number of places are limited before anything is built from it, tags
other than YAML's own are refused, and aliases count each time they are used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

LONGEST = 400_000  # characters
MOST_PLACES = 20_000  # keys and items, aliases counted each time
DEEPEST = 24  # levels

Steps = tuple[str | int, ...]


class SourceError(ValueError):
    """A file of the catalogue is wrong. Each line of the message is ``file:line: key: what is wrong``."""


@dataclass(frozen=True)
class Place:
    """Where something stands."""

    file: str
    line: int  # from 1


@dataclass(frozen=True)
class Source:
    """The content of one YAML text and where each key stands in it, or in the file that it was taken from."""

    name: str
    data: dict[str, Any]
    places: Mapping[Steps, Place]

    def place_of(self, path: Sequence[str | int]) -> Place:
        """The place of the key, or of the nearest key above it that is in the text."""
        return self.places[self._walked(path)[0]]

    def _walked(self, path: Sequence[str | int]) -> tuple[Steps, Steps]:
        """The steps of ``path`` that are in the text, and those after the last of them.

        A validator puts the kind of an amount between two steps; such a step is skipped.
        """
        walked: Steps = ()
        behind: Steps = ()
        for step in path:
            if (*walked, step) in self.places:
                walked, behind = (*walked, step), ()
            else:
                behind = (*behind, step)
        return walked, behind

    def error(self, path: Sequence[str | int], words: str) -> str:
        """One line of a ``SourceError``."""
        walked, behind = self._walked(path)
        place = self.places[walked]
        return f"{place.file}:{place.line}: {'.'.join(map(str, (*walked, *behind[:1])))}: {words}"

    def refuse(self, error: ValidationError) -> SourceError:
        """The same error, told with file, line and key."""
        told = [self.error(item["loc"], item["msg"].removeprefix("Value error, ")) for item in error.errors()]
        return SourceError("\n".join(dict.fromkeys(told)))


def read_source(path: Path) -> Source:
    """Read one file. Raises ``SourceError`` for bad YAML, a repeated key, or anything but a mapping."""
    return read_text(path.name, path.read_text("utf-8"))


def read_text(name: str, text: str) -> Source:
    """Read one text; ``name`` stands in its errors. Raises ``SourceError`` like ``read_source``."""
    if len(text) > LONGEST:
        raise SourceError(f"{name}:1: the text has {len(text):,} characters; at most {LONGEST:,} are read")
    places: dict[Steps, Place] = {}
    try:
        _check_depth(name, text)
        root = yaml.compose(text, yaml.SafeLoader)
        if root is not None:
            _collect(name, root, (), places)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SourceError(_told(name, error)) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, an alias inside itself
        raise error if isinstance(error, SourceError) else SourceError(f"{name}:1: not readable: {error}") from error
    if not isinstance(data, dict) or root is None:
        raise SourceError(f"{name}:1: the file must be a mapping of keys")
    return Source(name, data, places)


def _told(name: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"{name}:1: {error}"
    return f"{name}:{mark.line + 1}: column {mark.column + 1}: {getattr(error, 'problem', None) or error}"


def _check_depth(name: str, text: str) -> None:
    """Refuse deep nesting while the text is only a stream: building it would exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise SourceError(f"{name}:{line}: nested deeper than {DEEPEST} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _collect(name: str, node: yaml.Node, path: Steps, places: dict[Steps, Place]) -> None:
    places.setdefault(path, Place(name, node.start_mark.line + 1))
    if len(places) > MOST_PLACES:
        raise SourceError(f"{name}:{node.start_mark.line + 1}: more than {MOST_PLACES:,} keys, with aliases unfolded")
    if len(path) > DEEPEST:
        raise SourceError(f"{name}:{node.start_mark.line + 1}: nested deeper than {DEEPEST} levels")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            step = (*path, str(key.value))
            if step in places:
                raise SourceError(f"{name}:{key.start_mark.line + 1}: {key.value}: the key is there twice")
            places[step] = Place(name, key.start_mark.line + 1)
            _collect(name, value, step, places)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _collect(name, item, (*path, index), places)
