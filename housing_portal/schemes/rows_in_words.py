"""Answers that are lists of rows, for people: as a small table, and what became of each row between two answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from housing_portal.schemes.facts import NUMBER_TYPES, Canonical, CanonicalScalar, Fact, display, fact_dictionary, typed

CanonicalRow = Mapping[str, CanonicalScalar]


@dataclass(frozen=True)
class Heading:
    """The words above a column; ``numeric`` columns stand to the right."""

    text: str
    numeric: bool


@dataclass(frozen=True)
class RowsTable:
    """A list in one language; every row has a cell for each heading, empty text where nothing was given."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RowChange:
    """One row that two answers do not share, each side as one line; None on the side where it is not there."""

    kind: Literal["added", "removed", "changed"]
    before: str | None
    after: str | None


def table_of(fact: Fact, value: Canonical, language: str, *, masked: bool = False) -> RowsTable | None:
    """The rows of a list as a table; None for any other fact, and for a list without rows."""
    if not isinstance(value, list) or not value:
        return None
    columns = [fact_dictionary()[column] for column in fact.columns]
    return RowsTable(
        # The first column names the row, so it stands to the left even when it is a year.
        tuple(
            Heading(column.label.in_(language), column.type in NUMBER_TYPES and place > 0)
            for place, column in enumerate(columns)
        ),
        tuple(
            tuple(display(column, row.get(column.key), language, masked=masked) for column in columns) for row in value
        ),
    )


def row_changes(fact: Fact, before: Canonical, after: Canonical, language: str) -> list[RowChange]:
    """What a later answer did to the rows of a list: in the order of the later answer, then what was taken away.

    A row is the same one when its first column is (the number of an invoice), or when all but one column are.
    """
    left: list[CanonicalRow] = list(before) if isinstance(before, list) else []
    new: list[CanonicalRow] = list(after) if isinstance(after, list) else []
    pairs: list[tuple[CanonicalRow | None, CanonicalRow]] = []
    for row in new:
        partner = next((one for one in left if _equal(fact, one, row, fact.columns)), None)
        partner = partner or next((one for one in left if _equal(fact, one, row, fact.columns[:1])), None)
        partner = partner or next((one for one in left if _all_but_one(fact, one, row)), None)
        if partner is not None:
            left.remove(partner)
        pairs.append((partner, row))
    changes = []
    for partner, row in pairs:
        if partner is None:
            changes.append(RowChange("added", None, _line(fact, row, language)))
        elif not _equal(fact, partner, row, fact.columns):
            changes.append(RowChange("changed", _line(fact, partner, language), _line(fact, row, language)))
    return changes + [RowChange("removed", _line(fact, row, language), None) for row in left]


def _equal(fact: Fact, one: CanonicalRow, other: CanonicalRow, columns: Sequence[str]) -> bool:
    first, second = (dict(rows[0]) for rows in (typed(fact, [one]), typed(fact, [other])) if isinstance(rows, tuple))
    return all(first[column] == second[column] for column in columns)


def _all_but_one(fact: Fact, one: CanonicalRow, other: CanonicalRow) -> bool:
    same = sum(_equal(fact, one, other, [column]) for column in fact.columns)
    return len(fact.columns) > 1 and same == len(fact.columns) - 1


def _line(fact: Fact, row: CanonicalRow, language: str) -> str:
    return display(fact, [row], language, masked=True)
