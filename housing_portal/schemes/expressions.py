"""Conditions in scheme files: a fact, an operator and a value, joined by ``and``, ``or``, ``not``, brackets.

The text is cut into words of a small allowed language before rule-engine sees it, so attributes, functions,
regular expressions, arithmetic and comprehensions cannot even be written. What rule-engine then makes of it
is checked once more, node by node. An answer has three values: a comparison with a missing fact needs review.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

import rule_engine
from rule_engine.errors import EngineError

from housing_portal.schemes.facts import NUMBER_TYPES, Fact, FactType, Scalar, Value, columns_of_lists, fact_dictionary

ast: Any = rule_engine.ast  # its names are re-exported without being declared

LONGEST = 400  # characters
MOST_TOKENS = 80
DEEPEST = 4  # brackets in brackets

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]{1,12}(?:\.[0-9]{1,4})?(?![0-9A-Za-z_.]))
      | (?P<string>"[A-Za-z0-9_-]{1,60}")
      | (?P<word>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)
      | (?P<sign>==|!=|>=|<=|>|<|\(|\)|\[|\]|,)
    )""",
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
_OPERATORS = {"eq": "==", "ne": "!=", "ge": ">=", "le": "<=", "gt": ">", "lt": "<"}
_ORDERED = frozenset({">=", "<=", ">", "<"})


class ExpressionError(ValueError):
    """A condition that cannot be used; the message says why."""


class Answer(StrEnum):
    """What a rule says. It advises: a person decides."""

    MET = "met"
    NOT_MET = "not_met"
    NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True)
class Comparison:
    """The smallest part of a condition: a fact against another fact, a value, or a list of values."""

    left: Fact
    operator: str  # == != >= <= > < in
    right: Fact | Scalar | tuple[Scalar, ...]
    node: Any  # of rule-engine

    @property
    def facts(self) -> tuple[str, ...]:
        """Keys of the facts that the comparison reads."""
        return (self.left.key, self.right.key) if isinstance(self.right, Fact) else (self.left.key,)

    def answer(self, values: Mapping[str, Value | None]) -> Answer:
        """Needs review while a fact is missing."""
        if any(values.get(key) is None for key in self.facts):
            return Answer.NEEDS_REVIEW
        return _answer_of(self.node.evaluate({_identifier(key): values[key] for key in self.facts}))


@dataclass(frozen=True)
class Not:
    """The opposite; needs review stays needs review."""

    part: "Node"


@dataclass(frozen=True)
class Both:
    """``and`` or ``or`` of two parts. Kleene logic: one part may settle it while the other is open."""

    is_and: bool
    left: "Node"
    right: "Node"


Node = Comparison | Not | Both


@dataclass(frozen=True)
class Expression:
    """A condition that was checked against the dictionary of facts."""

    text: str
    root: Node

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """All comparisons, in reading order."""
        return tuple(_comparisons(self.root))

    @property
    def facts(self) -> tuple[str, ...]:
        """Keys of the facts read, each once, in reading order."""
        return tuple(dict.fromkeys(key for part in self.comparisons for key in part.facts))

    def answer(self, values: Mapping[str, Value | None]) -> Answer:
        """The answer for typed values; a fact that is absent or None is missing."""
        return _answer(self.root, values)

    def open_facts(self, values: Mapping[str, Value | None]) -> tuple[str, ...]:
        """Keys of the missing facts that could still change the answer."""
        return tuple(dict.fromkeys(_open_facts(self.root, values)))


@lru_cache(maxsize=1024)
def compile_expression(text: str) -> Expression:
    """Check a condition and make it ready. Raises ``ExpressionError``."""
    prepared = _prepare(text)
    try:
        rule = rule_engine.Rule(prepared, context=_context())
    except EngineError as error:
        raise ExpressionError(f"not a condition: {text} ({error})") from error
    return Expression(text, _read(rule.statement.expression))


def _prepare(text: str) -> str:
    """The same condition with rule-engine's identifiers, after the checks that need only the words."""
    if len(text) > LONGEST:
        raise ExpressionError(f"a condition has at most {LONGEST} characters")
    dictionary = fact_dictionary()
    tokens: list[str] = []
    position = depth = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"not allowed in a condition: {text[position : position + 20].strip()}")
        position = match.end()
        token = match.group().strip()
        if match.group("word") and token not in _KEYWORDS:
            if token not in dictionary:
                raise ExpressionError(f"unknown fact: {token}")
            token = _identifier(token)
        depth += (token in {"(", "["}) - (token in {")", "]"})
        if depth > DEEPEST:
            raise ExpressionError(f"brackets are nested deeper than {DEEPEST}")
        tokens.append(token)
    if len(tokens) > MOST_TOKENS:
        raise ExpressionError(f"a condition has at most {MOST_TOKENS} words and signs")
    return " ".join(tokens)


def _identifier(key: str) -> str:
    return key.replace(".", "_")


@lru_cache(maxsize=1)
def _facts_by_identifier() -> Mapping[str, Fact]:
    return {_identifier(key): fact for key, fact in fact_dictionary().items()}


@lru_cache(maxsize=1)
def _context() -> rule_engine.Context:
    types = {identifier: _engine_type(fact) for identifier, fact in _facts_by_identifier().items()}
    return rule_engine.Context(type_resolver=rule_engine.type_resolver_from_dict(types))


def _engine_type(fact: Fact) -> Any:
    if fact.type in NUMBER_TYPES:
        return rule_engine.DataType.FLOAT
    return {
        FactType.BOOLEAN: rule_engine.DataType.BOOLEAN,
        FactType.DATE: rule_engine.DataType.DATETIME,
    }.get(fact.type, rule_engine.DataType.STRING)


def _read(node: Any) -> Node:
    """rule-engine's tree as ours. Anything outside the allowed language is refused."""
    if isinstance(node, ast.LogicExpression):
        return Both(node.type == "and", _read(node.left), _read(node.right))
    if isinstance(node, ast.UnaryExpression) and node.type == "not":
        return Not(_read(node.right))
    if isinstance(node, ast.ContainsExpression):
        return _comparison(node, node.member, "in", node.container)
    if isinstance(node, ast.ComparisonExpression):
        return _comparison(node, node.left, _OPERATORS[node.type], node.right)
    if isinstance(node, ast.SymbolExpression):
        raise ExpressionError("a yes-or-no fact is compared with == true or == false")
    raise ExpressionError("each part must compare a fact with something")


def _comparison(node: Any, left: Any, operator: str, right: Any) -> Comparison:
    if not isinstance(left, ast.SymbolExpression):
        raise ExpressionError("the fact stands on the left side of a comparison")
    fact = _facts_by_identifier()[left.name]
    if fact.type is FactType.LIST or fact.key in columns_of_lists():
        raise ExpressionError(f"{fact.key} is a list or part of one: compare a fact that is derived from it")
    if operator in _ORDERED and not (fact.type in NUMBER_TYPES or fact.type is FactType.DATE):
        raise ExpressionError(f"{fact.key} has no order: use ==, != or in")
    if operator == "in":
        if not isinstance(right, ast.ArrayExpression) or not right.value:
            raise ExpressionError("in needs a list of values, such as [1, 2]")
        return Comparison(fact, operator, tuple(_literal(fact, item) for item in right.value), node)
    if isinstance(right, ast.SymbolExpression):
        other = _facts_by_identifier()[right.name]
        if _engine_type(other) != _engine_type(fact):
            raise ExpressionError(f"wrong type: {fact.key} is {fact.type}, {other.key} is {other.type}")
        return Comparison(fact, operator, other, node)
    return Comparison(fact, operator, _literal(fact, right), node)


def _literal(fact: Fact, node: Any) -> Scalar:
    """A value of the fact's type. Raises ``ExpressionError`` for another type or an unknown choice."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.BooleanExpression | ast.FloatExpression | ast.StringExpression):
        kind = bool if fact.type is FactType.BOOLEAN else Decimal if fact.type in NUMBER_TYPES else str
        if fact.choices and value not in fact.choices:
            raise ExpressionError(f"{fact.key} has no choice {value}")
        if fact.type is FactType.INTEGER and isinstance(value, Decimal) and value == int(value):
            return int(value)
        if isinstance(value, kind) and fact.type not in {FactType.DATE, FactType.INTEGER}:
            return value
    raise ExpressionError(f"wrong type: {fact.key} is {fact.type}, not {value}")


def _comparisons(node: Node) -> Iterator[Comparison]:
    if isinstance(node, Comparison):
        yield node
    elif isinstance(node, Not):
        yield from _comparisons(node.part)
    else:
        yield from _comparisons(node.left)
        yield from _comparisons(node.right)


def _answer(node: Node, values: Mapping[str, Value | None]) -> Answer:
    if isinstance(node, Comparison):
        return node.answer(values)
    if isinstance(node, Not):
        part = _answer(node.part, values)
        return part if part is Answer.NEEDS_REVIEW else _answer_of(part is Answer.NOT_MET)
    answers = {_answer(node.left, values), _answer(node.right, values)}
    settling = Answer.NOT_MET if node.is_and else Answer.MET
    if settling in answers:
        return settling
    return Answer.NEEDS_REVIEW if Answer.NEEDS_REVIEW in answers else answers.pop()


def _open_facts(node: Node, values: Mapping[str, Value | None]) -> Iterator[str]:
    if _answer(node, values) is not Answer.NEEDS_REVIEW:
        return
    if isinstance(node, Comparison):
        yield from (key for key in node.facts if values.get(key) is None)
    elif isinstance(node, Not):
        yield from _open_facts(node.part, values)
    else:
        yield from _open_facts(node.left, values)
        yield from _open_facts(node.right, values)


def _answer_of(yes: object) -> Answer:
    return Answer.MET if yes else Answer.NOT_MET
