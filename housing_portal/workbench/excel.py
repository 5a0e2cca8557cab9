"""The result of a simulation as an Excel file, written row by row so that memory does not grow with the rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from flask_babel import gettext as _

from housing_portal.core.i18n import language, speaking
from housing_portal.core.ids import grouped
from housing_portal.workbench import queries
from housing_portal.workbench.models import Simulation
from housing_portal.workbench.presentation import answer_word, kind_word, month_word, move_words
from housing_portal.workbench.simulation import Tally

Cell = str | int | Decimal
WIDTH = 22  # characters of a column
LAST_ROW = 1_048_575  # of a sheet of Excel, from 0


def workbook(simulation: Simulation, tally: Tally) -> bytes:
    """Four sheets in the language of the person who asked: summary, months, districts, changed applications."""
    simulation_id, lang = simulation.id, simulation.started_by.language
    with tempfile.TemporaryDirectory() as folder, speaking(lang):
        path = Path(folder) / "simulation.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
            _sheet(book, _("Summary"), (_("What"), _("Number")), _summary(tally))
            yuan = (_("Before (yuan)"), _("After (yuan)"), _("Difference (yuan)"))
            _sheet(book, _("By month"), (_("Month"), *yuan), _sums(tally.months, _month_names(tally)))
            names = {key: district.name(language()) for key, district in queries.districts().items()}
            _sheet(book, _("By district"), (_("District"), *yuan), _sums(tally.districts, names))
            headers = (_("Reference"), _("District"), _("Effect"), _("Answer before"), _("Answer after"), *yuan)
            _sheet(book, _("Applications"), headers, _applications(simulation_id))
        return path.read_bytes()


def _sheet(book: xlsxwriter.Workbook, name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(headers) - 1, WIDTH)
    sheet.freeze_panes(1, 0)
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for number, row in enumerate(rows, start=1):
        if number > LAST_ROW:
            return
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif isinstance(cell, Decimal):
                sheet.write_number(number, column, float(cell), money)  # Excel knows no other numbers
            else:
                sheet.write_number(number, column, cell)


def _summary(tally: Tally) -> Iterable[tuple[Cell, ...]]:
    before, after = tally.total()
    yield _("Applications counted"), tally.counted
    yield from ((kind_word(kind), count) for kind, count in sorted(tally.kinds.items()))
    yield from ((move_words(move), count) for move, count in sorted(tally.answers.items()))
    yield _("Amount open under one version"), tally.unknown
    yield _("Could not be evaluated"), tally.failed
    yield _("Cost before (yuan)"), before
    yield _("Cost after (yuan)"), after


def _month_names(tally: Tally) -> dict[str, str]:
    return {month: month_word(month) for month in tally.months}


def _sums(sums: dict[str, list[Decimal]], names: dict[str, str]) -> Iterable[tuple[Cell, ...]]:
    for key, (before, after) in sorted(sums.items()):
        yield names[key], before, after, after - before


def _applications(simulation_id: int) -> Iterable[tuple[Cell, ...]]:
    lang = language()
    for row in queries.all_changes(simulation_id):
        change = row.change
        yield (
            grouped(row.reference),
            row.district.name(lang),
            kind_word(change.kind),
            answer_word(change.answer_before),
            answer_word(change.answer_after),
            change.yuan_before,
            change.yuan_after,
            change.yuan_after - change.yuan_before,
        )
