"""Evaluate a scheme for a set of facts on a day: a trace of every rule, and the benefit.

The same evaluation serves the public pre-check, the applicant's page, the officer's page and the letter. It
is plain data in both languages: ``Evaluation.model_validate_json(evaluation.model_dump_json())`` restores it.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict

from housing_portal.schemes.benefit import BenefitResult, compute
from housing_portal.schemes.derived import with_derived
from housing_portal.schemes.expressions import Answer, Comparison, compile_expression
from housing_portal.schemes.facts import Fact, Origin, Value, fact_dictionary, shown, typed_facts
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.policy_terms import Rule
from housing_portal.schemes.text import Text

CASE_BY_CASE = Text(zh="一事一议，由经办部门个案决定。", en="The office decides this case by case.")
_EQUALS = Text(zh="等于", en="is")
_OPERATOR_WORDS: Mapping[str, Text] = {
    "==": _EQUALS,
    "!=": Text(zh="不等于", en="is not"),
    ">=": Text(zh="不少于", en="at least"),
    "<=": Text(zh="不超过", en="at most"),
    ">": Text(zh="大于", en="more than"),
    "<": Text(zh="小于", en="less than"),
    "in": Text(zh="属于", en="one of"),
}


class Stored(BaseModel):
    """Base of what is kept with a submission."""

    model_config = ConfigDict(frozen=True)


class UsedFact(Stored):
    """A fact that a rule read. Sensitive values are masked; a missing one is a dash."""

    key: str
    label: Text
    value: Text
    missing: bool


class Step(Stored):
    """One comparison as a person reads it: the fact, its value, the operator, the right side."""

    fact: Text
    left: Text
    operator: Text
    right: Text
    answer: Answer

    def required(self, language: str) -> str:
        """What the rule asks for: "at least 18 years"; where it asks for one value, just that."""
        value = self.right.in_(language)
        if self.operator == _EQUALS:
            return value
        return self.operator.in_(language) + ("" if language == "zh" else " ") + value


class Row(Stored):
    """One rule of the trace. ``advice`` says what would mend it; None when it is met."""

    rule: str
    clause: Text
    words: Text
    facts: tuple[UsedFact, ...]
    steps: tuple[Step, ...]
    answer: Answer
    advice: Text | None
    reason: str


class Evaluation(Stored):
    """What the rules say of one set of facts on one day. They advise: a person decides."""

    scheme: str
    on: date
    rows: tuple[Row, ...]
    outcome: Answer
    benefit: BenefitResult

    def rows_with(self, answer: Answer) -> tuple[Row, ...]:
        """The rows with this answer, in the order of the scheme."""
        return tuple(row for row in self.rows if row.answer is answer)


def evaluate(
    definition: SchemeDefinition, facts: Mapping[str, object], on: date, *, verified: Mapping[str, object] | None = None
) -> Evaluation:
    """Evaluate all rules and the benefit for ``facts`` (canonical or typed) on the day ``on``.

    ``verified`` values decide: over ``facts``, and over what is computed when the fact is a derived one.

    Raises ``ValueError`` for a key that is not in the dictionary or a value that is not of its type.
    """
    return evaluate_values(definition, with_derived(typed_facts(facts), on, _decided(verified)), on)


def _decided(verified: Mapping[str, object] | None) -> dict[str, Value]:
    return {key: value for key, value in typed_facts(verified or {}).items() if value is not None}


def evaluate_values(definition: SchemeDefinition, values: Mapping[str, Value | None], on: date) -> Evaluation:
    """The same for typed values that hold the derived facts: many schemes can share one reading of the answers."""
    rows = tuple(_row(rule, values) for rule in definition.rules)
    return Evaluation(
        scheme=definition.code,
        on=on,
        rows=rows,
        outcome=_outcome(row.answer for row in rows),
        benefit=compute(definition.benefit, values),
    )


def benefit_for(
    definition: SchemeDefinition,
    facts: Mapping[str, object],
    on: date,
    start: date,
    *,
    verified: Mapping[str, object] | None = None,
) -> BenefitResult:
    """The benefit of an application of the day ``on`` whose support begins on ``start``.

    ``verified`` values decide as in ``evaluate``, which says what is raised.
    """
    values, decided = typed_facts(facts), _decided(verified)
    return compute(definition.benefit, with_derived(values, on, decided), with_derived(values, start, decided))


def _outcome(answers: Iterable[Answer]) -> Answer:
    """One rule that is not met decides; else one that needs review."""
    given = set(answers)
    if Answer.NOT_MET in given:
        return Answer.NOT_MET
    return Answer.NEEDS_REVIEW if Answer.NEEDS_REVIEW in given else Answer.MET


def _row(rule: Rule, values: Mapping[str, Value | None]) -> Row:
    expression = compile_expression(rule.test)
    case_by_case = rule.case_by_case is not None and compile_expression(rule.case_by_case).answer(values) is Answer.MET
    answer = Answer.NEEDS_REVIEW if case_by_case else expression.answer(values)
    facts = [fact_dictionary()[key] for key in expression.facts]
    return Row(
        rule=rule.id,
        clause=rule.clause,
        words=rule.words,
        facts=tuple(_used(fact, values) for fact in facts),
        steps=tuple(_step(comparison, values) for comparison in expression.comparisons),
        answer=answer,
        advice=CASE_BY_CASE
        if case_by_case
        else _advice(rule, answer, [fact_dictionary()[key] for key in expression.open_facts(values)]),
        reason=rule.reason,
    )


def _used(fact: Fact, values: Mapping[str, Value | None]) -> UsedFact:
    value = values.get(fact.key)
    return UsedFact(key=fact.key, label=fact.label, value=shown(fact, value), missing=value is None)


def _step(comparison: Comparison, values: Mapping[str, Value | None]) -> Step:
    left = comparison.left
    right = comparison.right
    if isinstance(right, Fact):
        right_words = shown(right, values.get(right.key))
    elif isinstance(right, tuple):
        items = [shown(left, item) for item in right]
        right_words = Text(zh="、".join(item.zh for item in items), en=", ".join(item.en for item in items))
    else:
        right_words = shown(left, right)
    return Step(
        fact=left.label,
        left=shown(left, values.get(left.key)),
        operator=_OPERATOR_WORDS[comparison.operator],
        right=right_words,
        answer=comparison.answer(values),
    )


def _advice(rule: Rule, answer: Answer, missing: list[Fact]) -> Text | None:
    if answer is Answer.MET:
        return None
    if answer is Answer.NOT_MET:
        return rule.mend
    to_check = [fact for fact in missing if fact.source is Origin.REGISTER]
    if to_check:
        return Text(
            zh=f"由经办部门核实：{'、'.join(fact.label.zh for fact in to_check)}。",
            en=f"The office checks this: {'; '.join(fact.label.en for fact in to_check)}.",
        )
    return Text(
        zh=f"请补充：{'、'.join(fact.label.zh for fact in missing)}。",
        en=f"Please state: {'; '.join(fact.label.en for fact in missing)}.",
    )
