"""Amounts as a small tree: a sum of money, a rent or an area is written in the file as it is worked out.

    least_of:
      - table: {by: education.level, values: {phd: 1000, master: 900}}
      - fact: lease.rent_share
        words: {zh: "上限：本人分摊的租金", en: "Limit: your share of the rent"}

Each node is a mapping with one key that says what it does. A bare number stands for ``{number: …}``, a bare word for
``{fact: …}``. A node with ``words`` shows its value as a line of the explanation. Everything is ``Decimal``; nothing
is rounded before the end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from housing_portal.core.money import format_yuan
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.facts import FactType, Value, fact_dictionary, shown
from housing_portal.schemes.terms import Condition, FactKey, NumberFact, Part, Yuan, all_of, facts_of, open_facts_of
from housing_portal.schemes.text import Text

LARGEST = Decimal("1e10")
Number = Annotated[Decimal, Field(ge=0, le=LARGEST, max_digits=16)]


class Line(BaseModel):
    """One step of the computation: what it is, and its value."""

    model_config = ConfigDict(frozen=True)

    words: Text
    value: Text


@dataclass(frozen=True)
class Quantity:
    """A number with its unit; ``unit`` None means yuan unless the number is ``plain``."""

    value: Decimal
    unit: Text | None = None
    plain: bool = False

    @property
    def yuan(self) -> bool:
        """Whether it is an amount of money."""
        return self.unit is None and not self.plain

    def with_value(self, value: Decimal) -> "Quantity":
        """Another number of the same unit."""
        return Quantity(value, self.unit, self.plain)

    def in_words(self) -> Text:
        """¥1,000; 60平方米, 60 m²; 1.3."""
        if self.yuan:
            return Text(zh=format_yuan(self.value), en=format_yuan(self.value))
        number = _tidy(self.value)
        if self.unit is None:
            return Text(zh=number, en=number)
        return Text(zh=f"{number}{self.unit.zh}", en=f"{number} {self.unit.en}")


def _tidy(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.01"))
    return f"{rounded:,.2f}".rstrip("0").rstrip(".")


@dataclass
class Reckoning:
    """What a computation reads and leaves behind: its lines, and the facts that it lacked.

    ``values`` are those of the day of application, ``at_start`` those of the first paid month, if it is known.
    """

    values: Mapping[str, Value | None]
    lines: list[Line] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    at_start: Mapping[str, Value | None] | None = None

    def lack(self, *keys: str) -> None:
        """Note facts that are not known."""
        self.missing += [key for key in keys if key not in self.missing]


class Node(Part):
    """Base of the nodes."""

    words: Text | None = None

    def facts(self) -> Iterator[str]:
        """Keys of the facts that the node reads."""
        for part in self.parts():
            yield from part.facts()

    def parts(self) -> "tuple[Node, ...]":
        """The nodes inside."""
        return ()

    def work_out(self, reckoning: Reckoning) -> Quantity | None:
        """The value, its lines noted; None when a fact is missing, which is noted too."""
        found = self._work_out(reckoning)
        if found is not None and self.words is not None:
            reckoning.lines.append(Line(words=self.words, value=found.in_words()))
        return found

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        raise NotImplementedError


class YuanNode(Node):
    """A fixed amount of money."""

    yuan: Yuan

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        return Quantity(self.yuan)


class NumberNode(Node):
    """A fixed number, such as a rate or an area."""

    number: Number
    unit: Text | None = None

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        return Quantity(self.number, self.unit, plain=self.unit is None)


class FactNode(Node):
    """The number that a fact holds."""

    fact: NumberFact

    def facts(self) -> Iterator[str]:
        """Its own."""
        yield self.fact

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        value = reckoning.values.get(self.fact)
        if not isinstance(value, int | Decimal):
            reckoning.lack(self.fact)
            return None
        fact = fact_dictionary()[self.fact]
        money = fact.type is FactType.MONEY
        return Quantity(Decimal(value), None if money else fact.unit, plain=not money and fact.unit is None)


class Table(Part):
    """One number for each choice of a fact; a choice that is left out counts 0."""

    by: FactKey
    values: dict[str, Number]
    unit: Text | None = None  # of the numbers; yuan when left out

    @model_validator(mode="after")
    def _choices_exist(self) -> "Table":
        unknown = set(self.values) - set(fact_dictionary()[self.by].choices)
        if unknown:
            raise ValueError(f"{self.by} has no choice {', '.join(sorted(unknown))}")
        return self


class TableNode(Node):
    """The number that a table gives for the choice of a fact. It shows a line by itself."""

    table: Table

    def facts(self) -> Iterator[str]:
        """The fact that decides."""
        yield self.table.by

    def work_out(self, reckoning: Reckoning) -> Quantity | None:
        """The number of the choice, with a line that names it."""
        choice = reckoning.values.get(self.table.by)
        if choice is None:
            reckoning.lack(self.table.by)
            return None
        found = Quantity(self.table.values.get(str(choice), Decimal(0)), self.table.unit)
        fact = fact_dictionary()[self.table.by]
        level = shown(fact, choice)
        words = self.words or Text(zh=f"标准：{fact.label.zh}为", en=f"Standard for {fact.label.en}:")
        words = Text(zh=f"{words.zh}{level.zh}", en=f"{words.en} {level.en}")
        reckoning.lines.append(Line(words=words, value=found.in_words()))
        return found


class ProductNode(Node):
    """Numbers multiplied; money times anything is money."""

    product: "Annotated[tuple[Amount, ...], Field(min_length=2, max_length=6)]"

    def parts(self) -> tuple[Node, ...]:
        """The factors."""
        return self.product

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        factors = _all_worked_out(self.product, reckoning)
        if factors is None:
            return None
        result = Decimal(1)
        for factor in factors:
            result *= factor.value
        kind = next((factor for factor in factors if factor.yuan), None)
        kind = kind or next((factor for factor in factors if factor.unit), factors[0])
        return kind.with_value(result)


class Quotient(Part):
    """What is divided, and by which number."""

    of: "Amount"
    by: Annotated[Decimal, Field(gt=0, le=LARGEST)]


class QuotientNode(Node):
    """A number divided by a fixed one: twelfths of a year."""

    quotient: Quotient

    def parts(self) -> tuple[Node, ...]:
        """What is divided."""
        return (self.quotient.of,)

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        found = self.quotient.of.work_out(reckoning)
        return None if found is None else found.with_value(found.value / self.quotient.by)


class LeastNode(Node):
    """The smallest of several: a cap."""

    least_of: "Annotated[tuple[Amount, ...], Field(min_length=2, max_length=6)]"

    def parts(self) -> tuple[Node, ...]:
        """The candidates."""
        return self.least_of

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        found = _all_worked_out(self.least_of, reckoning)
        return None if found is None else min(found, key=lambda quantity: quantity.value)


class SumNode(Node):
    """Several together."""

    sum: "Annotated[tuple[Amount, ...], Field(min_length=2, max_length=6)]"

    def parts(self) -> tuple[Node, ...]:
        """The summands."""
        return self.sum

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        found = _all_worked_out(self.sum, reckoning)
        if found is None:
            return None
        return found[0].with_value(sum((quantity.value for quantity in found), Decimal(0)))


class Less(Part):
    """From what, and what is taken off."""

    of: "Amount"
    taken: "Amount"


class LessNode(Node):
    """A difference, never below 0: a top-up, a deduction."""

    less: Less

    def parts(self) -> tuple[Node, ...]:
        """Both sides."""
        return (self.less.of, self.less.taken)

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        found = _all_worked_out(self.parts(), reckoning)
        return None if found is None else found[0].with_value(max(found[0].value - found[1].value, Decimal(0)))


class Band(Part):
    """A stretch up to ``to`` (the last one may be open) and the share of it that counts."""

    to: "Amount | None" = None
    rate: Annotated[Decimal, Field(ge=0, le=10)]


class Bands(Part):
    """A number cut into bands, each counted at its own rate; what lies above the last band counts nothing."""

    of: "Amount"
    steps: Annotated[tuple[Band, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _only_the_last_is_open(self) -> "Bands":
        if any(step.to is None for step in self.steps[:-1]):
            raise ValueError("only the last band may be without an end")
        return self


class BandsNode(Node):
    """A progressive scale."""

    bands: Bands

    def parts(self) -> tuple[Node, ...]:
        """What is cut, and the ends of the bands."""
        return (self.bands.of, *(step.to for step in self.bands.steps if step.to is not None))

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        found = _all_worked_out(self.parts(), reckoning)
        if found is None:
            return None
        whole, ends = found[0], [quantity.value for quantity in found[1:]]
        counted, below = Decimal(0), Decimal(0)
        for index, step in enumerate(self.bands.steps):
            end = min(whole.value, ends[index]) if index < len(ends) else whole.value
            counted += step.rate * max(end - below, Decimal(0))
            below = max(end, below)
        return whole.with_value(counted)


class Case(Part):
    """An amount for a case; the last one may be for every other case."""

    when: Condition | None = None
    amount: "Amount"


class CasesNode(Node):
    """The amount of the first case that holds; 0 when none does."""

    cases: Annotated[tuple[Case, ...], Field(min_length=1, max_length=12)]

    def facts(self) -> Iterator[str]:
        """Those of the conditions and of the amounts."""
        yield from facts_of(case.when for case in self.cases if case.when)
        yield from super().facts()

    def parts(self) -> tuple[Node, ...]:
        """The amounts of all cases."""
        return tuple(case.amount for case in self.cases)

    def _work_out(self, reckoning: Reckoning) -> Quantity | None:
        for case in self.cases:
            conditions = [case.when] if case.when else []
            answer = all_of(conditions, reckoning.values)
            if answer is Answer.MET:
                return case.amount.work_out(reckoning)
            if answer is Answer.NEEDS_REVIEW:
                reckoning.lack(*open_facts_of(conditions, reckoning.values))
                return None
        return Quantity(Decimal(0))


def _all_worked_out(nodes: tuple[Node, ...], reckoning: Reckoning) -> list[Quantity] | None:
    """The values of all nodes, so that every line and every missing fact is noted; None if one is missing."""
    found = [node.work_out(reckoning) for node in nodes]
    known = [quantity for quantity in found if quantity is not None]
    return known if len(known) == len(found) else None


NODES: dict[str, type[Node]] = {
    "yuan": YuanNode,
    "number": NumberNode,
    "fact": FactNode,
    "table": TableNode,
    "product": ProductNode,
    "quotient": QuotientNode,
    "least_of": LeastNode,
    "sum": SumNode,
    "less": LessNode,
    "bands": BandsNode,
    "cases": CasesNode,
}


def _spelled_out(value: Any) -> Any:
    if isinstance(value, str):
        return {"fact": value}
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return {"number": str(value)}
    return value


def _kind(value: Any) -> str | None:
    if isinstance(value, Node):
        return next(name for name, node in NODES.items() if type(value) is node)
    return next((name for name in NODES if name in value), None) if isinstance(value, dict) else None


Amount = Annotated[
    Annotated[YuanNode, Tag("yuan")]
    | Annotated[NumberNode, Tag("number")]
    | Annotated[FactNode, Tag("fact")]
    | Annotated[TableNode, Tag("table")]
    | Annotated[ProductNode, Tag("product")]
    | Annotated[QuotientNode, Tag("quotient")]
    | Annotated[LeastNode, Tag("least_of")]
    | Annotated[SumNode, Tag("sum")]
    | Annotated[LessNode, Tag("less")]
    | Annotated[BandsNode, Tag("bands")]
    | Annotated[CasesNode, Tag("cases")],
    Discriminator(
        _kind,
        custom_error_type="amount",
        custom_error_message=f"an amount is a mapping with one of these keys: {', '.join(NODES)}",
    ),
    BeforeValidator(_spelled_out),
]

_TERMS: tuple[type[Part], ...] = (Quotient, Less, Band, Bands, Case, *NODES.values())
for _term in _TERMS:
    _term.model_rebuild()
