"""The base of the forms built from facts: it reads, checks and keeps what was typed, rows of lists included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, cast

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList
from wtforms.validators import StopValidation, ValidationError

from housing_portal.core import clock
from housing_portal.core.forms import PortalForm
from housing_portal.schemes.cross_checks import CROSS_CHECKS
from housing_portal.schemes.derived import with_derived
from housing_portal.schemes.expressions import Answer, Expression
from housing_portal.schemes.facts import Fact, FactType, Rows, Scalar, Value, fact_dictionary
from housing_portal.schemes.inputs import InputError, check_date, read_input


def field_name(fact_key: str) -> str:
    """The name of a fact's field in a form: ``identity.name`` is ``identity_name``."""
    return fact_key.replace(".", "_")


@dataclass(frozen=True)
class Question:
    """A fact as one form asks it. ``when`` is the case in which it is asked."""

    fact: Fact
    label: str
    hint: str
    required: bool
    when: Expression | None

    @property
    def asked_for(self) -> tuple[str, tuple[str, ...]] | None:
        """The one question that decides whether this one is asked, and the answers for which it is.

        For hiding what does not apply while the page is filled. None when it is always asked, or when more than
        one choice decides; the server checks the case in any event.
        """
        if self.when is None or len(self.when.facts) != 1:
            return None
        deciding = fact_dictionary()[self.when.facts[0]]
        answers: Mapping[str, Value] = {code: code for code in deciding.choices}
        if deciding.type is FactType.BOOLEAN:
            answers = {"yes": True, "no": False}
        fitting = [code for code, value in answers.items() if self.when.answer({deciding.key: value}) is Answer.MET]
        return (field_name(deciding.key), tuple(fitting)) if answers else None


class FactsForm(PortalForm):
    """Base of the forms built here. ``known`` are the answers of other pages (typed)."""

    questions: ClassVar[Mapping[str, Question]] = {}  # by field name
    known: ClassVar[Mapping[str, Value | None]] = {}

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Field by field, then what depends on other answers. What does not apply has no mistakes."""
        super().validate(extra_validators)
        values = self.values()
        for name, question in self.questions.items():
            field = self[name]
            case = Answer.MET if question.when is None else question.when.answer(values)
            if case is Answer.NOT_MET:
                field.errors = []
            elif case is Answer.MET and question.required and not field.errors and _is_empty(field):
                words: str = _missing_words(question)
                field.errors = [words]
                if isinstance(field, RowsField):
                    field.problem = words
        for check in CROSS_CHECKS:
            name = field_name(check.fact)
            if name in self.questions and not self[name].errors and check.wrong(values, clock.today()):
                self[name].errors = [str(check.words)]
                if isinstance(self[name], RowsField):
                    self[name].problem = str(check.words)
        return not self.form_errors and not any(field.errors for field in self)

    def values(self) -> dict[str, Value | None]:
        """What is known: other pages, the fields without mistakes, and what follows from them."""
        return with_derived({**self.known, **self.given()}, clock.today())

    def given(self) -> dict[str, Value | None]:
        """Fact → value of the fields of this form; None when empty or mistaken."""
        today = clock.today()
        return {question.fact.key: self._value(name, today) for name, question in self.questions.items()}

    @property
    def has_rows(self) -> bool:
        """Whether a list is asked here."""
        return any(isinstance(field, RowsField) for field in self)

    @property
    def blank(self) -> bool:
        """Whether nothing at all was filled in."""
        return all(_is_empty(self[name]) and not self[name].process_errors for name in self.questions)

    def _value(self, name: str, today: date) -> Value | None:
        field, fact = self[name], self.questions[name].fact
        if isinstance(field, RowsField):
            return field.rows() or None
        if _is_empty(field) or field.process_errors:
            return None
        if isinstance(field.data, bool):
            return field.data
        try:
            if isinstance(field.data, date):
                return check_date(fact, field.data, today)
            return read_input(fact, field.data, document_type=self.document_type(fact), today=today)
        except InputError:
            return None

    def document_type(self, fact: Fact) -> str | None:
        """For an identity number: the type of document chosen here, or on another page."""
        key = fact.document_type_fact
        if key is None:
            return None
        name = field_name(key)
        chosen = self[name].data if name in self.questions else self.known.get(key)
        return chosen if isinstance(chosen, str) and chosen in fact_dictionary()[key].choices else None


class RowForm(FactsForm):
    """One row of a list; the token is in the form around it."""

    class Meta(FactsForm.Meta):
        """The page's form is the one that is sent."""

        csrf = False


class RowsField(FieldList):
    """A list of rows. A row that is left blank is no row; ``problem`` is a mistake of the list as a whole."""

    problem: str | None = None

    def filled(self) -> list[RowForm]:
        """The rows in which something stands."""
        return [entry.form for entry in self.entries if not entry.form.blank]

    def rows(self) -> Rows:
        """The typed values of the filled rows, column by column."""
        return tuple(cast("dict[str, Scalar | None]", row.given()) for row in self.filled())

    def validate(self, form: Any, extra_validators: Sequence[Any] = ()) -> bool:
        """Row by row; WTForms calls this."""
        self.problem = None
        self.errors = tuple(row.errors for row in self.filled() if not row.validate())
        return not self.errors


def with_changed_rows(formdata: MultiDict[str, str]) -> tuple[MultiDict[str, str], str] | None:
    """The form as it is after "add a row" or "remove this row", and the id to show; None when neither was pressed."""
    changed = MultiDict(formdata)
    if name := formdata.get("add_row"):
        used = [int(index) for key in formdata if (index := _row_index(name, key)) is not None]
        place = f"{name}-{max(used, default=-1) + 1}"
        changed[f"{place}-"] = ""
        return changed, place
    if removed := formdata.get("remove_row"):
        for key in [key for key in formdata if key.startswith(f"{removed}-")]:
            del changed[key]
        return changed, removed.rpartition("-")[0]
    return None


def _row_index(name: str, key: str) -> str | None:
    index = key.removeprefix(f"{name}-").partition("-")[0] if key.startswith(f"{name}-") else ""
    return index if index.isascii() and index.isdigit() and len(index) < 5 else None


def check_field(form: FactsForm, field: Field) -> None:
    """Validator of every field: reads what was typed and tells what is wrong with it."""
    question = form.questions[field.short_name]
    if field.errors:  # a date that could not be read
        raise StopValidation
    if _is_empty(field) or isinstance(field.data, bool):
        return
    today = clock.today()
    try:
        if isinstance(field.data, date):
            check_date(question.fact, field.data, today)
        else:
            read_input(question.fact, field.data, document_type=form.document_type(question.fact), today=today)
    except InputError as error:
        raise ValidationError(str(error)) from error


def _is_empty(field: Field) -> bool:
    if isinstance(field, RowsField):
        return not field.filled()
    return field.data in (None, "", False)


def _missing_words(question: Question) -> str:
    fact = question.fact
    if fact.must_be_yes:
        return _("Tick this box to go on")
    if fact.type is FactType.LIST:
        return _("Fill in at least one row")
    if fact.choices or fact.type is FactType.BOOLEAN:
        return _("Choose an answer")
    if fact.type is FactType.DATE:
        return _("Enter a date")
    return _("Fill in this answer")
