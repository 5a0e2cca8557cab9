"""Lists for people: a table with every column, and row by row what a later answer changed."""

from __future__ import annotations

from typing import Any

import pytest

from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.rows_in_words import row_changes, table_of

INVOICES = fact_dictionary()["fitout.invoices"]


def invoice(number: str, amount: str = "100", day: str = "2026-03-02") -> dict[str, Any]:
    return {"invoice.number": number, "invoice.seller": "甲", "invoice.issued_on": day, "invoice.amount": amount}


def test_a_table_has_every_column_and_numbers_stand_to_the_right() -> None:
    found = table_of(INVOICES, [invoice("24500001"), invoice("24500002", "1234.5") | {"invoice.seller": None}], "en")
    assert found is not None
    assert [heading.numeric for heading in found.headings] == [False, False, False, True]
    assert found.rows[1] == ("24500002", "", "2 March 2026", "¥1,234.50")
    assert table_of(INVOICES, [], "en") is None
    assert table_of(fact_dictionary()["premises.area"], "600", "en") is None


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ([invoice("A"), invoice("B")], [invoice("B"), invoice("A")], []),  # moved, not changed
        ([invoice("A")], [invoice("A"), invoice("B", "7")], ["added"]),
        ([invoice("A"), invoice("B", "7", "2026-01-01")], [invoice("A")], ["removed"]),
        ([invoice("A")], [invoice("A", "250", "2026-04-01")], ["changed"]),  # the number says that it is the same one
        ([invoice("A")], [invoice("A1")], ["changed"]),  # a mistyped number was mended
        ([invoice("A")], [invoice("B", "7", "2026-01-01")], ["added", "removed"]),
        ([invoice("A", "100.00")], [invoice("A", "100")], []),  # the same amount, written in another way
        (None, [invoice("A")], ["added"]),
    ],
)
def test_each_row_is_told_apart(before: Any, after: Any, kinds: list[str]) -> None:
    assert [change.kind for change in row_changes(INVOICES, before, after, "en")] == kinds


def test_a_changed_row_shows_both_sides() -> None:
    (change,) = row_changes(INVOICES, [invoice("A")], [invoice("A", "250")], "zh")
    assert "¥100" in (change.before or "")
    assert "¥250" in (change.after or "")
