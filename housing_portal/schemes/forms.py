"""Forms built from facts: one for each page of a scheme, and one for the pre-check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, StopValidation, ValidationError

from housing_portal.core import clock
from housing_portal.core.forms import DatePartsField, PortalForm
from housing_portal.schemes.cross_checks import CROSS_CHECKS
from housing_portal.schemes.derived import with_derived
from housing_portal.schemes.expressions import Answer, Expression, compile_expression
from housing_portal.schemes.facts import (
    NO,
    NUMBER_TYPES,
    YES,
    Canonical,
    Fact,
    FactType,
    Value,
    canonical,
    fact_dictionary,
    typed_facts,
)
from housing_portal.schemes.inputs import InputError, check_date, read_input
from housing_portal.schemes.language import Page, SchemeDefinition

MOST_RADIOS = 5  # more choices than this are a select
LONG_TEXT = 300  # characters; from here on a text has several lines


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
                field.errors = [_missing_words(question)]
        for check in CROSS_CHECKS:
            name = field_name(check.fact)
            if name in self.questions and not self[name].errors and check.wrong(values, clock.today()):
                self[name].errors = [str(check.words)]
        return not self.form_errors and not any(field.errors for field in self)

    def values(self) -> dict[str, Value | None]:
        """What is known: other pages, the fields without mistakes, and what follows from them."""
        today = clock.today()
        given = {question.fact.key: self._value(name, today) for name, question in self.questions.items()}
        return with_derived({**self.known, **given}, today)

    def _value(self, name: str, today: date) -> Value | None:
        field, fact = self[name], self.questions[name].fact
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


def build_page_form(
    definition: SchemeDefinition,
    page: Page,
    answers: Mapping[str, Canonical],
    locale: str,
    *,
    formdata: MultiDict[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> FactsForm:
    """The form of a page: as submitted (``formdata``), as once ``typed``, else filled from ``answers``.

    ``answers`` are those of all pages; ``locale`` is ``zh`` or ``en``. A question whose case other pages have
    ruled out is left out; one whose case depends on this page is shown with a hint.
    """
    here = {entry.fact for entry in page.facts}
    elsewhere = {key: value for key, value in answers.items() if key not in here}
    known = with_derived(typed_facts(elsewhere), clock.today())
    questions = []
    for entry in page.facts:
        fact = fact_dictionary()[entry.fact]
        when = compile_expression(entry.when) if entry.when else None
        if when is not None and when.answer(known) is Answer.NOT_MET:
            continue
        hints = [text.in_(locale) for text in (entry.hint, fact.help) if text]
        label = _label(fact, fact.label.in_(locale), locale)
        questions.append(Question(fact, label, _joined(hints, locale), entry.required, when))
    form_class = _form_class(f"Page_{definition.code}_{page.code}", questions, known, locale)
    if formdata is None and typed:
        formdata = MultiDict(typed)
    return form_class(formdata=formdata, data=_form_data(page, answers))


def build_precheck_form(
    definition: SchemeDefinition, locale: str, formdata: MultiDict[str, str] | None = None
) -> FactsForm:
    """The form of the public pre-check. Nothing is required: what is left out needs review."""
    cases = {entry.fact: entry for page in definition.pages for entry in page.facts}
    questions = []
    for key in (key for group in definition.precheck for key in group.facts):
        fact, entry = fact_dictionary()[key], cases.get(key)
        hint = entry.hint.in_(locale) if entry and entry.hint else ""
        when = compile_expression(entry.when) if entry and entry.when else None
        questions.append(Question(fact, _label(fact, fact.asked.in_(locale), locale), hint, False, when))
    return _form_class(f"Precheck_{definition.code}", questions, {}, locale)(formdata=formdata)


def _form_class(
    name: str, questions: Sequence[Question], known: Mapping[str, Value | None], locale: str
) -> type[FactsForm]:
    attributes: dict[str, Any] = {field_name(question.fact.key): _field(question, locale) for question in questions}
    attributes["questions"] = {field_name(question.fact.key): question for question in questions}
    attributes["known"] = known
    return type(name, (FactsForm,), attributes)


def _label(fact: Fact, words: str, locale: str) -> str:
    if fact.unit is None or (fact.question is not None and words == fact.question.in_(locale)):
        return words
    return f"{words}（{fact.unit.zh}）" if locale == "zh" else f"{words} ({fact.unit.en})"


def _joined(hints: Sequence[str], locale: str) -> str:
    return "；".join(hints) if locale == "zh" else ". ".join(hints)


def _field(question: Question, locale: str) -> Any:
    """The unbound WTForms field of a question."""
    fact = question.fact
    optional = not question.required and question.when is None and not fact.must_be_yes
    validators: list[Any] = [*([Optional()] if optional else []), _check]
    common: dict[str, Any] = {"label": question.label, "description": question.hint, "validators": validators}
    if fact.type is FactType.DATE:
        return DatePartsField(**common)
    if fact.must_be_yes:
        return BooleanField(**common)
    if fact.type is FactType.BOOLEAN:
        return _choices({"yes": YES.in_(locale), "no": NO.in_(locale)}, common)
    if fact.choices:
        return _choices({code: text.in_(locale) for code, text in fact.choices.items()}, common)
    if fact.type in {FactType.TEXT, FactType.NAME} and fact.max_length >= LONG_TEXT:
        return TextAreaField(**common)
    if fact.type is FactType.EMAIL:
        return EmailField(**common, render_kw={"autocomplete": "email"})
    if fact.type is FactType.MOBILE:
        return TelField(**common, render_kw={"autocomplete": "tel"})
    return StringField(**common, render_kw=_keyboard(fact))


def _choices(words: Mapping[str, str], common: Mapping[str, Any]) -> Any:
    """Radios for a few answers, a select for more. ``_check`` refuses what is not offered."""
    choices = [SelectChoice(value=code, label=text) for code, text in words.items()]
    if len(choices) <= MOST_RADIOS:
        return RadioField(**common, choices=choices, validate_choice=False)
    empty = SelectChoice(value="", label=_("Choose"))
    return SelectField(**common, choices=[empty, *choices], validate_choice=False)


def _keyboard(fact: Fact) -> dict[str, str]:
    if fact.type in {FactType.INTEGER, FactType.BANK_CARD}:
        return {"inputmode": "numeric"}
    if fact.type in NUMBER_TYPES:
        return {"inputmode": "decimal"}
    return {"spellcheck": "false"} if fact.type in {FactType.ID_NUMBER, FactType.USCC} else {}


def _check(form: FactsForm, field: Field) -> None:
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
    return field.data in (None, "", False)


def _missing_words(question: Question) -> str:
    fact = question.fact
    if fact.must_be_yes:
        return _("Tick this box to go on")
    if fact.choices or fact.type is FactType.BOOLEAN:
        return _("Choose an answer")
    if fact.type is FactType.DATE:
        return _("Enter a date")
    return _("Fill in this answer")


def answers_from_form(form: FactsForm) -> dict[str, Canonical]:
    """Every fact of a validated form, canonical; None when empty, mistaken or not applicable."""
    values = form.values()
    answers: dict[str, Canonical] = {}
    for question in form.questions.values():
        applies = question.when is None or question.when.answer(values) is not Answer.NOT_MET
        answers[question.fact.key] = canonical(values[question.fact.key]) if applies else None
    return answers


def raw_from_form(form: FactsForm) -> dict[str, str]:
    """What was typed, by the name of the input: ``typed`` of ``build_page_form`` shows it as it was."""
    raw: dict[str, str] = {}
    for name in form.questions:
        field = form[name]
        if isinstance(field, DatePartsField):
            raw.update({f"{field.name}-{part}": text for part, text in field.parts.items()})
        elif field.raw_data:
            raw[field.name] = str(field.raw_data[0])
    return raw


def _form_data(page: Page, answers: Mapping[str, Canonical]) -> dict[str, Any]:
    here = {entry.fact: answers.get(entry.fact) for entry in page.facts}
    return {field_name(key): _shown_in_field(fact_dictionary()[key], value) for key, value in typed_facts(here).items()}


def _shown_in_field(fact: Fact, value: Value | None) -> Any:
    if value is None or isinstance(value, date) or fact.must_be_yes:
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
