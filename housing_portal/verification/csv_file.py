"""An extract of a register as a CSV file: every row is checked before anything is stored.

The first column names the subject (``document_number`` or ``uscc``), the others are fact keys of the dictionary. A
register that knows both persons and companies has a file for each. An empty cell says nothing.
Yes and no are ``yes`` and ``no``; dates are ``2026-03-31``; choices are the codes of the dictionary.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from housing_portal.core import identifiers
from housing_portal.schemes.facts import NUMBER_TYPES, Canonical, Fact, FactType, canonical, fact_dictionary, typed
from housing_portal.verification.ports import Answers, Kind

MOST_SHOWN = 20  # mistakes; whoever has more has taken the wrong file
LONGEST_NUMBER = 40  # characters


class FileRefused(Exception):
    """The file cannot be imported. ``problems`` name file, line and column; they never repeat a value."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Extracted:
    """One row: the number of the person or company, in which column it stood, and canonical values by fact key."""

    column: str
    number: str
    facts: dict[str, Canonical]


def read(path: Path, kind: Kind) -> list[Extracted]:
    """All rows of the file. Raises FileRefused with every mistake, at most MOST_SHOWN of them."""
    try:
        text = path.read_text("utf-8-sig")  # spreadsheet programs write a byte order mark
    except UnicodeDecodeError as error:
        raise FileRefused([f"{path.name}: not UTF-8 text; save it as “CSV UTF-8”"]) from error
    reader = csv.reader(text.splitlines(), strict=True)
    problems: list[str] = []
    rows: list[Extracted] = []
    seen: dict[str, int] = {}
    try:
        header = [name.strip() for name in next(reader, [])]
        problems += [f"{path.name}:1: {problem}" for problem in _wrong_in_header(header, kind)]
        if problems:
            raise FileRefused(problems)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{path.name}:{reader.line_num}"
            row = _row(cells, header, where, problems)
            if row is not None:
                if row.number in seen:
                    problems.append(f"{where}: {header[0]}: the same number as in line {seen[row.number]}")
                seen[row.number] = reader.line_num
                rows.append(row)
            if len(problems) >= MOST_SHOWN:
                problems.append(f"{path.name}: not read any further")
                break
    except csv.Error as error:
        problems.append(f"{path.name}:{reader.line_num}: {error}")
    if problems:
        raise FileRefused(problems)
    if not rows:
        raise FileRefused([f"{path.name}: there are no rows"])
    return rows


def _wrong_in_header(header: Sequence[str], kind: Kind) -> Iterator[str]:
    parts: dict[str, Answers] = {answers.column: answers for answers in kind.answers}
    if not header or header[0] not in parts:
        yield f"the first column must be {' or '.join(parts)}"
        return
    facts = parts[header[0]].facts
    if len(header) < 2:
        yield f"a column of facts is missing: {', '.join(facts)}"
    for name in header[1:]:
        if name not in facts:
            yield f"{name}: not a fact of this register; by {header[0]} it answers {', '.join(facts)}"
        elif header.count(name) > 1:
            yield f"{name}: the column is there twice"


def _row(cells: Sequence[str], header: Sequence[str], where: str, problems: list[str]) -> Extracted | None:
    if len(cells) != len(header):
        problems.append(f"{where}: {len(cells)} cells, {len(header)} expected")
        return None
    before = len(problems)
    number = identifiers.normalise(cells[0])
    wrong = _wrong_number(number, header[0])
    if wrong:
        problems.append(f"{where}: {header[0]}: {wrong}")
    facts: dict[str, Canonical] = {}
    for name, cell in zip(header[1:], cells[1:], strict=True):
        if not cell.strip():
            continue
        fact = fact_dictionary()[name]
        try:
            facts[name] = _value(fact, cell.strip())
        except ValueError:
            problems.append(f"{where}: {name}: {_wanted(fact)} expected")
    return Extracted(header[0], number, facts) if len(problems) == before else None


def _wrong_number(number: str, column: str) -> str:
    """A document of any type is taken, so only what cannot be one is refused."""
    if column == "uscc":
        try:
            identifiers.parse_uscc(number)
        except identifiers.IdentifierError:
            return "not a Unified Social Credit Code"
        return ""
    if not number.isalnum() or not number.isascii() or not 5 <= len(number) <= LONGEST_NUMBER:
        return "not the number of an identity document"
    resident = len(number) == 18 and number[:17].isdigit()
    if resident and identifiers.resident_id_check_character(number[:17]) != number[17]:
        return "the check character of this identity number is wrong"
    return ""


def _value(fact: Fact, cell: str) -> Canonical:
    """The canonical value of a cell. Raises ValueError."""
    given: object = cell
    if fact.type is FactType.BOOLEAN:
        given = {"yes": True, "no": False}[cell.lower()] if cell.lower() in ("yes", "no") else cell
    elif fact.type is FactType.INTEGER:
        given = int(cell) if cell.isascii() and cell.isdigit() else cell
    elif fact.type is FactType.USCC:
        given = identifiers.parse_uscc(cell)  # an IdentifierError is a ValueError
    value = typed(fact, given)
    if fact.type in NUMBER_TYPES:
        _check_bounds(fact, Decimal(str(value)))
    return canonical(value)


def _check_bounds(fact: Fact, number: Decimal) -> None:
    if fact.least is not None and fact.most is not None and not fact.least <= number <= fact.most:
        raise ValueError(fact.key)


def _wanted(fact: Fact) -> str:
    if fact.choices:
        return "one of " + ", ".join(fact.choices)
    words = {
        FactType.BOOLEAN: "yes or no",
        FactType.DATE: "a date such as 2026-03-31",
        FactType.INTEGER: "a whole number",
        FactType.USCC: "a Unified Social Credit Code",
    }.get(fact.type, f"a value of type {fact.type}")
    return words + (f" from {fact.least} to {fact.most}" if fact.least is not None else "")
