"""What is wrong with a draft's text, line by line, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from housing_portal.core.i18n import language
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.language import SchemeDefinition, read_scheme
from housing_portal.schemes.yaml_source import SourceError, read_text

NAME = "draft"
_PLACE = re.compile(rf"{NAME}:(\d+): ?")
_FOLLOWS = re.compile(r"should have at least \d+ items? after validation")
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
    (re.compile(r"(\S+) is not a number$"), lambda m: _("%(fact)s is not a number.", fact=_fact(m.group(1)))),
    (
        re.compile(r"(\S+) has no choice (.+)"),
        lambda m: _("%(fact)s has no choice %(choice)s.", fact=_fact(m.group(1)), choice=m.group(2)),
    ),
    (
        re.compile(r"wrong type: (\S+) is (\S+), (?:not )?(.+)"),
        lambda m: _("%(fact)s cannot be compared with this: %(value)s", fact=_fact(m.group(1)), value=m.group(3)),
    ),
    (
        re.compile(r"(\S+) has no order: .*"),
        lambda m: _("%(fact)s has no more and no less: use ==, != or in.", fact=_fact(m.group(1))),
    ),
    (re.compile(r"not a condition: (.+) \(.+\)"), lambda m: _("This is not a condition: %(text)s", text=m.group(1))),
    (
        re.compile(r"not allowed in a condition: (.+)"),
        lambda m: _("This cannot stand in a condition: %(text)s", text=m.group(1)),
    ),
    (re.compile(r"the test can never be met$"), lambda _m: _("Nobody can ever meet this condition.")),
    (re.compile(r"the test is always met$"), lambda _m: _("Everybody meets this condition, so it decides nothing.")),
    (
        re.compile(r"rule (\S+): no reason (\S+)"),
        lambda m: _("The rule %(rule)s cites the reason %(reason)s, which is not there.", rule=m[1], reason=m[2]),
    ),
    (re.compile(r"papers: (\S+) is missing"), lambda m: _("The words of a paper are missing: %(paper)s", paper=m[1])),
    (
        re.compile(r"precheck: (\S+) is needed and not asked"),
        lambda m: _("A rule or the amount needs this fact, and the pre-check does not ask it: %(fact)s", fact=m[1]),
    ),
    (
        re.compile(r"pages: (\S+) is needed and not asked"),
        lambda m: _("A rule or the amount needs this fact, and no page asks it: %(fact)s", fact=m[1]),
    ),
    (
        re.compile(r"page (\S+): a condition reads (\S+), which is asked later or never"),
        lambda m: _(
            "On the page %(page)s a condition reads %(fact)s, which is asked later or never.", page=m[1], fact=m[2]
        ),
    ),
    (re.compile(r"(?!the key)(\S+) (\S+) is there twice"), lambda m: _("%(name)s is there twice.", name=m[2])),
    (re.compile(r"valid_to is before valid_from$"), lambda _m: _("The last day is before the first day.")),
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
    lines = message.split("\n")
    # A part that is refused is missing in the list around it: that is told only when nothing else is.
    for told in [line for line in lines if not _FOLLOWS.search(line)] or lines:
        place = _PLACE.match(told)
        line, rest = (int(place.group(1)), told[place.end() :]) if place else (1, told)
        key, separator, words = rest.partition(": ")
        if not separator or " " in key:
            key, words = "", rest
        if words == "Field required" and key.rpartition(".")[2] in ("zh", "en"):
            missing = _("The Chinese words are missing.") if key.endswith("zh") else _("The English words are missing.")
            found.append(_problem(text, line, key, missing))
            continue
        # What the definition as a whole lacks is told in one line of the checker.
        found += [_problem(text, line, key, _in_language(part)) for part in words.split("; ")]
    return tuple(sorted(found, key=lambda problem: problem.line))


def _problem(text: str, line: int, key: str, words: str) -> Problem:
    lines = text[: 1_000_000].split("\n")
    excerpt = lines[line - 1].strip() if line <= len(lines) else ""
    return Problem(line, key, words, excerpt[:200])


def _fact(key: str) -> str:
    """A fact by its label, with the key that stands in the text."""
    fact = fact_dictionary().get(key)
    return f"{fact.label.in_(language())} ({key})" if fact else key


def _in_language(words: str) -> str:
    """The checks speak English; the frequent ones are told in the reader's language."""
    for pattern, told in _MESSAGES:
        match = pattern.fullmatch(words)
        if match:
            return told(match)
    return words
