"""Whether a rule can say both yes and no: one that cannot is a mistake of the file.

Each comparison is tried with values on both sides of what it compares with, in every combination; a rule is small,
so the combinations are few.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product

from housing_portal.schemes.expressions import Answer, Comparison, compile_expression
from housing_portal.schemes.facts import NUMBER_TYPES, Fact, FactType, Value, fact_dictionary

MOST_COMBINATIONS = 20_000


def unreachable(condition: str) -> str | None:
    """What is wrong with the condition: it can never be met, or never fail. None when it can do both."""
    expression = compile_expression(condition)
    facts = [fact_dictionary()[key] for key in expression.facts]
    candidates = [tuple(dict.fromkeys(_candidates(fact, expression.comparisons))) for fact in facts]
    seen: set[Answer] = set()
    for values in islice(product(*candidates), MOST_COMBINATIONS):
        seen.add(expression.answer({fact.key: value for fact, value in zip(facts, values, strict=True)}))
        if {Answer.MET, Answer.NOT_MET} <= seen:
            return None
    return "the test can never be met" if Answer.MET not in seen else "the test is always met"


def _candidates(fact: Fact, comparisons: tuple[Comparison, ...]) -> Iterator[Value]:
    """Values on both sides of everything that the fact is compared with."""
    if fact.type is FactType.BOOLEAN:
        yield from (True, False)
    elif fact.choices:
        yield from fact.choices
    elif fact.type is FactType.DATE:
        yield from (date(2026, 1, 1) + timedelta(days=days) for days in (-1, 0, 1))
    elif fact.type in NUMBER_TYPES:
        yield from _numbers(fact, comparisons)
    else:
        yield from ("one", "other")
        yield from (value for value in _compared(fact, comparisons) if isinstance(value, str))


def _numbers(fact: Fact, comparisons: tuple[Comparison, ...]) -> Iterator[Value]:
    limits = [value for value in _compared(fact, comparisons) if isinstance(value, int | Decimal)] or [0]
    for limit in limits:
        for near in (limit - 1, limit, limit + 1):
            if near >= 0 and (fact.least is None or fact.most is None or fact.least <= near <= fact.most):
                yield near


def _compared(fact: Fact, comparisons: tuple[Comparison, ...]) -> Iterator[Value]:
    for comparison in comparisons:
        if comparison.left is not fact and comparison.right is not fact:
            continue
        right = comparison.right
        yield from right if isinstance(right, tuple) else () if isinstance(right, Fact) else (right,)
