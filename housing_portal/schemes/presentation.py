"""An evaluation in one language, as the shared templates want it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.derived import questions_for
from housing_portal.schemes.expressions import compile_expression
from housing_portal.schemes.facts import NO, YES
from housing_portal.schemes.form_terms import PrecheckGroup
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.policy_terms import Rule
from housing_portal.schemes.rules import Row


class TraceRow(TypedDict):
    """One rule for the macro ``components.rule_trace``."""

    answer: str
    words: str
    clause: str
    left: str | None
    right: str | None
    advice: str | None


class ConditionGroup(TypedDict):
    """Conditions of a scheme that concern the same thing: words and clause of each."""

    title: str
    rules: list[tuple[str, str]]


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
            left=_given(row, language),
            right=_required(row, language),
            advice=row.advice.in_(language) if row.advice else None,
        )
        for row in rows
    ]


def _given(row: Row, language: str) -> str | None:
    """What was answered; None while nothing was."""
    if all(fact.missing for fact in row.facts):
        return None
    colon, separator = ("：", "；") if language == "zh" else (": ", "; ")
    several = len(row.steps) > 1
    sides = [(f"{step.fact.in_(language)}{colon}" if several else "") + step.left.in_(language) for step in row.steps]
    return separator.join(sides)


def _required(row: Row, language: str) -> str | None:
    """The value that the rule asks for. A yes or no, or several conditions, are told by the words of the rule."""
    if len(row.steps) != 1 or row.steps[0].right in (YES, NO):
        return None
    return row.steps[0].required(language)


def benefit_lines(benefit: BenefitResult, language: str) -> list[LineRow]:
    """The computation of the benefit, line by line."""
    return [LineRow(key=line.words.in_(language), value=line.value.in_(language)) for line in benefit.lines]


def condition_groups(definition: SchemeDefinition, language: str) -> list[ConditionGroup]:
    """The conditions under the titles of the pre-check, where the reader meets the same things as questions."""
    groups: dict[str, ConditionGroup] = {}
    for group in definition.precheck:
        title = group.title.in_(language)
        groups[title] = ConditionGroup(title=title, rules=[])
    for rule in definition.rules:
        title = _group_of(rule, definition).title.in_(language)
        groups[title]["rules"].append((rule.words.in_(language), rule.clause.in_(language)))
    return [group for group in groups.values() if group["rules"]]


def _group_of(rule: Rule, definition: SchemeDefinition) -> PrecheckGroup:
    """The group that asks for the rule's first fact; what nobody is asked stands beside its likes."""
    fact = compile_expression(rule.test).facts[0]
    asked = set(questions_for(fact, {key for group in definition.precheck for key in group.facts}))
    alike = fact.partition(".")[0]
    by_question = (group for group in definition.precheck if asked.intersection(group.facts))
    by_name = (g for g in definition.precheck if any(key.partition(".")[0] == alike for key in g.facts))
    return next(by_question, None) or next(by_name, definition.precheck[0])
