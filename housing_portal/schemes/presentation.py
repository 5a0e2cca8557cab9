"""An evaluation in one language, as the shared templates want it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.rules import Row


class TraceRow(TypedDict):
    """One rule for the macro ``components.rule_trace``."""

    answer: str
    words: str
    clause: str
    left: str | None
    right: str | None
    advice: str | None


class LineRow(TypedDict):
    """One line of the benefit for the macro ``components.summary_list``."""

    key: str
    value: str


def trace_rows(rows: Iterable[Row], language: str) -> list[TraceRow]:
    """The rows of a trace; several comparisons of one rule stand side by side with their facts named."""
    return [
        TraceRow(
            answer=row.answer.value,
            words=row.words.in_(language),
            clause=row.clause.in_(language),
            left=_sides(row, language, left=True),
            right=_sides(row, language, left=False),
            advice=row.advice.in_(language) if row.advice else None,
        )
        for row in rows
    ]


def _sides(row: Row, language: str, *, left: bool) -> str:
    colon, separator = ("：", "；") if language == "zh" else (": ", "; ")
    sides = []
    for step in row.steps:
        words = step.left.in_(language) if left else step.required(language)
        sides.append(f"{step.fact.in_(language)}{colon}{words}" if left and len(row.steps) > 1 else words)
    return separator.join(sides)


def benefit_lines(benefit: BenefitResult, language: str) -> list[LineRow]:
    """The computation of the benefit, line by line."""
    return [LineRow(key=line.words.in_(language), value=line.value.in_(language)) for line in benefit.lines]
