"""The dictionary of facts: every question of the portal has one key, one type and one wording.

The dictionary itself is in ``dictionary/*.yaml``. A value lives in three forms: *canonical* (JSON: dates and amounts
as text), *typed* (``date``, ``Decimal``, …) for computing, and *shown* (a string in the reader's language). A fact of
type ``list`` holds rows (homes, children, invoices); the facts of its columns are asked in it and nowhere else.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from housing_portal.core import identifiers
from housing_portal.core.money import format_yuan, to_fen
from housing_portal.schemes.text import Text
from housing_portal.schemes.yaml_source import SourceError, read_source

Scalar = str | int | bool | Decimal | date
Rows = tuple[Mapping[str, Scalar | None], ...]  # of a list: column → value
Value = Scalar | Rows  # typed
CanonicalScalar = str | int | bool | None
Canonical = CanonicalScalar | list[dict[str, CanonicalScalar]]  # as stored in answers; None: asked and left empty

Kind = TypeVar("Kind")

DICTIONARY = Path(__file__).parent / "dictionary"
YES = Text(zh="是", en="Yes")
NO = Text(zh="否", en="No")


class FactType(StrEnum):
    """What kind of value a fact has, and with it how it is asked, checked and shown."""

    TEXT = "text"
    NAME = "name"
    CHOICE = "choice"
    DATE = "date"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    BOOLEAN = "boolean"
    ID_NUMBER = "id_number"
    USCC = "uscc"
    BANK_CARD = "bank_card"
    BANK_ACCOUNT = "bank_account"
    MOBILE = "mobile"
    EMAIL = "email"
    LIST = "list"


class Sensitivity(StrEnum):
    """How a value is kept and shown (PIPL art. 28): ``sensitive`` ones are masked."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Origin(StrEnum):
    """Who knows the fact: the applicant, the other facts that it follows from, or a register or officer."""

    DECLARED = "declared"
    DERIVED = "derived"
    REGISTER = "register"


NUMBER_TYPES = frozenset({FactType.INTEGER, FactType.DECIMAL, FactType.MONEY})


class Fact(BaseModel):
    """One question of the dictionary."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    type: FactType
    label: Text
    question: Text | None = None  # plainer words for the pre-check
    help: Text | None = None
    unit: Text | None = None
    choices: dict[str, Text] = {}
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    source: Origin = Origin.DECLARED
    least: Decimal | None = None
    most: Decimal | None = None
    max_length: int = 200  # characters
    not_after_today: bool = False
    offer_again: bool = True  # False: what belongs to one application only is not filled in in the next
    must_be_yes: bool = False  # a declaration: the form cannot go on without it
    document_type_fact: str | None = None  # for an id_number: the fact that says which document it is of
    columns: tuple[str, ...] = ()  # of a list: the facts that each row holds
    row: Text | None = None  # of a list: what one row is called
    most_rows: int = 20
    may_be_empty: bool = False  # of a column: a row may do without it

    @model_validator(mode="after")
    def _fits_its_type(self) -> "Fact":
        if (self.type is FactType.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to a fact of type choice, and to no other")
        if (self.type is FactType.LIST) != bool(self.columns) or bool(self.columns) != bool(self.row):
            raise ValueError("columns and row belong to a fact of type list, and to no other")
        if (self.least is None) != (self.most is None):
            raise ValueError("least and most go together")
        return self

    @property
    def asked(self) -> Text:
        """The words of the pre-check: the plain question, or the label."""
        return self.question or self.label


@cache
def fact_dictionary() -> Mapping[str, Fact]:
    """All facts by key, file by file. Raises ``SourceError`` when a file is wrong."""
    facts: dict[str, Fact] = {}
    for path in sorted(DICTIONARY.glob("*.yaml")):
        source = read_source(path)
        keyed = {key: {"key": key, **body} if isinstance(body, dict) else body for key, body in source.data.items()}
        try:
            found = TypeAdapter(dict[str, Fact]).validate_python(keyed)
        except ValidationError as error:
            raise source.refuse(error) from error
        for key in facts.keys() & found.keys():
            raise SourceError(source.error((key,), "another file has this fact already"))
        facts |= found
    for fact in facts.values():
        for column in fact.columns:
            if column not in facts or facts[column].type is FactType.LIST:
                raise SourceError(f"{fact.key}: {column} cannot be a column")
    return facts


@cache
def columns_of_lists() -> frozenset[str]:
    """Keys of the facts that are asked only as columns of a list."""
    return frozenset(column for fact in fact_dictionary().values() for column in fact.columns)


def typed(fact: Fact, value: object) -> Value | None:
    """The value for computing, from its canonical or typed form; None stays None.

    Raises ``ValueError`` that names the fact when the value is not one of its type.
    """
    if value is None:
        return None
    try:
        return _typed(fact, value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise ValueError(f"{fact.key}: {value!r} is not a value of type {fact.type}") from error


def _typed(fact: Fact, value: object) -> Value:
    if fact.type is FactType.LIST:
        if not isinstance(value, list | tuple):
            raise TypeError
        return tuple(_typed_row(fact, row) for row in value)
    return _typed_scalar(fact, value)


def _typed_row(fact: Fact, row: object) -> Mapping[str, Scalar | None]:
    given = _expect(dict, row)
    if set(given) - set(fact.columns):
        raise ValueError
    dictionary = fact_dictionary()
    return {
        column: None if given.get(column) is None else _typed_scalar(dictionary[column], given[column])
        for column in fact.columns
    }


def _typed_scalar(fact: Fact, value: object) -> Scalar:
    if fact.type is FactType.BOOLEAN:
        return _expect(bool, value)
    if fact.type is FactType.DATE:
        return value if isinstance(value, date) else date.fromisoformat(_expect(str, value))
    if fact.type is FactType.INTEGER:
        if isinstance(value, bool):
            raise TypeError
        return _expect(int, value)
    if fact.type in NUMBER_TYPES:
        if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
            raise TypeError
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError
        return to_fen(number) if fact.type is FactType.MONEY else number
    text = _expect(str, value)
    if fact.choices and text not in fact.choices:
        raise ValueError
    return text


def _expect(kind: type[Kind], value: object) -> Kind:
    if not isinstance(value, kind):
        raise TypeError
    return value


def canonical(value: Value | None) -> Canonical:
    """The JSON form of a typed value."""
    if isinstance(value, tuple):
        return [{column: _canonical_scalar(cell) for column, cell in row.items()} for row in value]
    return _canonical_scalar(value)


def _canonical_scalar(value: Scalar | None) -> CanonicalScalar:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def typed_facts(facts: Mapping[str, object]) -> dict[str, Value | None]:
    """All values typed. Raises ``ValueError`` for an unknown key or a value of the wrong type."""
    dictionary = fact_dictionary()
    unknown = sorted(set(facts) - set(dictionary))
    if unknown:
        raise ValueError(f"not in the dictionary of facts: {', '.join(unknown)}")
    return {key: typed(dictionary[key], value) for key, value in facts.items()}


_MASKS = {
    FactType.NAME: identifiers.mask_name,
    FactType.ID_NUMBER: identifiers.mask_document_number,
    FactType.BANK_CARD: identifiers.mask_bank_card,
    FactType.BANK_ACCOUNT: identifiers.mask_bank_card,
    FactType.MOBILE: identifiers.mask_mobile,
}


def display(fact: Fact, value: object, language: str, *, masked: bool = False) -> str:
    """The value as a person reads it; empty text for None.

    ``masked`` hides a sensitive value: numbers keep a few characters, other texts are stars.
    """
    known = typed(fact, value)
    if known is None or known == "":
        return ""
    if isinstance(known, tuple):
        lines = [_row_in_words(fact, row, language, masked) for row in known]
        return "\n".join(lines if len(lines) == 1 else [f"{n}. {line}" for n, line in enumerate(lines, start=1)])
    return _display_scalar(fact, known, language, masked)


def _row_in_words(fact: Fact, row: Mapping[str, Scalar | None], language: str, masked: bool) -> str:
    """One row of a list in one line; empty cells are left out."""
    dictionary = fact_dictionary()
    cells = [
        (dictionary[column], value) for column in fact.columns if (value := row.get(column)) not in (None, "")
    ]
    separator = "，" if language == "zh" else ", "
    return separator.join(
        _labelled(column, _display_scalar(column, value, language, masked), language)
        for column, value in cells
        if value is not None
    )


def _labelled(column: Fact, shown_value: str, language: str) -> str:
    """Names and addresses speak for themselves; a number or a date needs its label."""
    if column.type in {FactType.NAME, FactType.TEXT, FactType.CHOICE} and column.max_length > 60:
        return shown_value
    return f"{column.label.in_(language)}{'：' if language == 'zh' else ' '}{shown_value}"


def _display_scalar(fact: Fact, known: Scalar, language: str, masked: bool) -> str:
    if fact.type is FactType.BOOLEAN:
        return (YES if known else NO).in_(language)
    if isinstance(known, date):
        return f"{known.year}年{known.month}月{known.day}日" if language == "zh" else f"{known:%-d %B %Y}"
    if fact.type is FactType.MONEY:
        return format_yuan(Decimal(str(known)))
    if fact.type in NUMBER_TYPES:
        # A number without a unit is a year or a count: 2025, not 2,025.
        return f"{known:,}" + _unit(fact.unit, language, known == 1) if fact.unit else str(known)
    if fact.choices:
        return fact.choices[str(known)].in_(language)
    if masked and fact.sensitivity is Sensitivity.SENSITIVE:
        mask = _MASKS.get(fact.type)
        return mask(str(known)) if mask else "***"
    return str(known)


def _unit(unit: Text, language: str, one: bool) -> str:
    """The unit after a number: 12个月, 12 months, 1 month."""
    if language == "zh":
        return unit.zh
    return " " + (unit.en.removesuffix("s") if one else unit.en)


def shown(fact: Fact, value: Value | None) -> Text:
    """A value in both languages, sensitive ones masked; a missing one is a dash."""
    if value is None or value in ("", ()):
        return Text(zh="—", en="—")
    return Text(zh=display(fact, value, "zh", masked=True), en=display(fact, value, "en", masked=True))


def rows_of(values: Mapping[str, Value | None], key: str) -> Rows | None:
    """The rows of a list; None when it was not given."""
    found = values.get(key)
    return found if isinstance(found, tuple) else None


def total_of(rows: Iterable[Mapping[str, Scalar | None]], column: str) -> Decimal:
    """The sum of a column of numbers over the rows; empty cells count nothing."""
    cells = (row.get(column) for row in rows)
    return sum((Decimal(cell) for cell in cells if isinstance(cell, int | Decimal)), Decimal(0))
