"""What is wrong with a draft's text, line by line, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from housing_portal.schemes.language import SchemeDefinition, read_scheme
from housing_portal.schemes.yaml_source import SourceError, read_text

NAME = "draft"
_PLACE = re.compile(rf"{NAME}:(\d+): ?")
_MESSAGES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Field required$"), lambda _m: _("This must be there.")),
    (re.compile(r"Extra inputs are not permitted$"), lambda _m: _("This key is not known.")),
    (re.compile(r"Input should be a valid (?:integer|decimal|number).*"), lambda _m: _("This must be a number.")),
    (re.compile(r"Input should be a valid date.*"), lambda _m: _("This must be a date, such as 2026-03-01.")),
    (re.compile(r"Input should be a valid (?:dictionary|mapping).*"), lambda _m: _("This must have keys of its own.")),
    (re.compile(r"Input should be a valid (?:tuple|list).*"), lambda _m: _("This must be a list.")),
    (re.compile(r"Input should be a valid string.*"), lambda _m: _("This must be a text.")),
    (re.compile(r"String should have at least 1 character$"), lambda _m: _("This text is empty.")),
    (
        re.compile(r"Input should be (?:greater than|less than)(?: or equal to)? [\d.eE+-]+$"),
        lambda _m: _("This number is too small or too large."),
    ),
    (re.compile(r"Input should be ('.+')"), lambda m: _("Write one of these: %(values)s", values=m.group(1))),
    (
        re.compile(r"an amount is a mapping with one of these keys: (.+)"),
        lambda m: _("Name what the amount is, with one of these keys: %(keys)s", keys=m.group(1)),
    ),
    (re.compile(r"unknown fact: (.+)"), lambda m: _("There is no fact %(fact)s.", fact=m.group(1))),
    (re.compile(r".*the key is there twice$"), lambda _m: _("This key is there twice.")),
    (re.compile(r"nested deeper than .*"), lambda _m: _("This is nested too deeply.")),
    (re.compile(r"the text has .*"), lambda _m: _("The text is too long. At most 400,000 characters are read.")),
    (re.compile(r"more than .* keys.*"), lambda _m: _("There are too many keys, with aliases unfolded.")),
    (re.compile(r"the file must be a mapping of keys$"), lambda _m: _("The text must consist of keys and values.")),
)


@dataclass(frozen=True)
class Problem:
    """One mistake: its line (from 1), the key, what is wrong, and the line itself."""

    line: int
    key: str
    words: str
    excerpt: str


@dataclass(frozen=True)
class Checked:
    """A text, read. ``definition`` is None while there are problems."""

    definition: SchemeDefinition | None
    problems: tuple[Problem, ...]


def check(text: str, code: str) -> Checked:
    """Read the text of a draft for the scheme ``code``."""
    try:
        definition = read_scheme(NAME, text)
    except SourceError as error:
        return Checked(None, _problems(text, str(error)))
    if definition.code != code:
        line = read_text(NAME, text).place_of(("code",)).line
        words = _("The code stays %(code)s: a version belongs to its scheme.", code=code)
        return Checked(None, (_problem(text, line, "code", words),))
    return Checked(definition, ())


def _problems(text: str, message: str) -> tuple[Problem, ...]:
    found = []
    for told in message.split("\n"):
        place = _PLACE.match(told)
        line, rest = (int(place.group(1)), told[place.end() :]) if place else (1, told)
        key, separator, words = rest.partition(": ")
        if not separator or " " in key:
            key, words = "", rest
        found.append(_problem(text, line, key, _in_language(words)))
    return tuple(sorted(found, key=lambda problem: problem.line))


def _problem(text: str, line: int, key: str, words: str) -> Problem:
    lines = text[: 1_000_000].split("\n")
    excerpt = lines[line - 1].strip() if line <= len(lines) else ""
    return Problem(line, key, words, excerpt[:200])


def _in_language(words: str) -> str:
    """The checks speak English; the frequent ones are told in the reader's language."""
    for pattern, told in _MESSAGES:
        match = pattern.fullmatch(words)
        if match:
            return told(match)
    return words
