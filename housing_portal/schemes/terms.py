"""The smallest terms of the scheme language: what may stand for a fact, a condition, a code or a number."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from housing_portal.schemes.expressions import Answer, ExpressionError, compile_expression
from housing_portal.schemes.facts import NUMBER_TYPES, Value, columns_of_lists, fact_dictionary


class Part(BaseModel):
    """Base of all parts of a definition: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _known_fact(key: str) -> str:
    if key not in fact_dictionary():
        raise ValueError(f"unknown fact: {key}")
    if key in columns_of_lists():
        raise ValueError(f"{key} is a column of a list: it has no value of its own")
    return key


def _usable_condition(text: str) -> str:
    try:
        compile_expression(text)
    except ExpressionError as error:
        raise ValueError(str(error)) from error
    return text


def _number(key: str) -> str:
    if fact_dictionary()[key].type not in NUMBER_TYPES:
        raise ValueError(f"{key} is not a number")
    return key


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


FactKey = Annotated[str, AfterValidator(_known_fact)]
NumberFact = Annotated[FactKey, AfterValidator(_number)]
Condition = Annotated[str, AfterValidator(_usable_condition)]
Conditions = Annotated[tuple[Condition, ...], BeforeValidator(_as_list)]  # all of them
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Workdays = Annotated[int, Field(ge=1, le=250)]
Yuan = Annotated[Decimal, Field(ge=0, le=Decimal("1e10"), decimal_places=2)]
Share = Annotated[Decimal, Field(gt=0, le=1)]


def all_of(conditions: Iterable[str], values: Mapping[str, Value | None]) -> Answer:
    """The common answer of conditions that must all hold; met when there are none."""
    answers = {compile_expression(condition).answer(values) for condition in conditions}
    if Answer.NOT_MET in answers:
        return Answer.NOT_MET
    return Answer.NEEDS_REVIEW if Answer.NEEDS_REVIEW in answers else Answer.MET


def facts_of(conditions: Iterable[str]) -> tuple[str, ...]:
    """Keys of the facts that the conditions read, each once."""
    return tuple(dict.fromkeys(key for condition in conditions for key in compile_expression(condition).facts))


def open_facts_of(conditions: Iterable[str], values: Mapping[str, Value | None]) -> tuple[str, ...]:
    """Keys of the missing facts that could still change the common answer."""
    return tuple(
        dict.fromkeys(key for condition in conditions for key in compile_expression(condition).open_facts(values))
    )
