"""Forms built from facts: one for each page of a scheme, and one for the pre-check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, FormField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from housing_portal.core import clock
from housing_portal.core.forms import DatePartsField
from housing_portal.schemes.derived import with_derived
from housing_portal.schemes.expressions import Answer, compile_expression
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
from housing_portal.schemes.facts_form import FactsForm, Question, RowForm, RowsField, check_field, field_name
from housing_portal.schemes.form_terms import Page
from housing_portal.schemes.language import SchemeDefinition

MOST_RADIOS = 5  # more choices than this are a select
LONG_TEXT = 300  # characters; from here on a text has several lines


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
    name: str,
    questions: Sequence[Question],
    known: Mapping[str, Value | None],
    locale: str,
    base: type[FactsForm] = FactsForm,
) -> type[FactsForm]:
    attributes: dict[str, Any] = {field_name(question.fact.key): _field(question, locale) for question in questions}
    attributes["questions"] = {field_name(question.fact.key): question for question in questions}
    attributes["known"] = known
    return type(name, (base,), attributes)


def _label(fact: Fact, words: str, locale: str) -> str:
    if fact.unit is None or (fact.question is not None and words == fact.question.in_(locale)):
        return words
    return f"{words}（{fact.unit.zh}）" if locale == "zh" else f"{words} ({fact.unit.en})"


def _joined(hints: Sequence[str], locale: str) -> str:
    return "；".join(hints) if locale == "zh" else ". ".join(hints)


def _field(question: Question, locale: str) -> Any:
    """The unbound WTForms field of a question."""
    fact = question.fact
    if fact.type is FactType.LIST:
        return _rows(question, locale)
    optional = not question.required and question.when is None and not fact.must_be_yes
    validators: list[Any] = [*([Optional()] if optional else []), check_field]
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


def _rows(question: Question, locale: str) -> Any:
    columns = []
    for key in question.fact.columns:
        column = fact_dictionary()[key]
        hint = column.help.in_(locale) if column.help else ""
        columns.append(
            Question(column, _label(column, column.label.in_(locale), locale), hint, not column.may_be_empty, None)
        )
    row = _form_class(f"Row_{field_name(question.fact.key)}", columns, {}, locale, RowForm)
    return RowsField(
        FormField(row),
        label=question.label,
        description=question.hint,
        min_entries=1,
        max_entries=question.fact.most_rows,
    )


def _choices(words: Mapping[str, str], common: Mapping[str, Any]) -> Any:
    """Radios for a few answers, a select for more. ``check_field`` refuses what is not offered."""
    choices = [SelectChoice(value=code, label=text) for code, text in words.items()]
    if len(choices) <= MOST_RADIOS:
        return RadioField(**common, choices=choices, validate_choice=False)
    empty = SelectChoice(value="", label=_("Choose"))
    return SelectField(**common, choices=[empty, *choices], validate_choice=False)


def _keyboard(fact: Fact) -> dict[str, str]:
    if fact.type in {FactType.INTEGER, FactType.BANK_CARD, FactType.BANK_ACCOUNT}:
        return {"inputmode": "numeric"}
    if fact.type in NUMBER_TYPES:
        return {"inputmode": "decimal"}
    return {"spellcheck": "false"} if fact.type in {FactType.ID_NUMBER, FactType.USCC} else {}


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
        if isinstance(field, RowsField):
            for entry in field.entries:
                raw[f"{entry.name}-"] = ""  # a blank row keeps its place
                raw |= raw_from_form(entry.form)
        elif isinstance(field, DatePartsField):
            raw.update({f"{field.name}-{part}": text for part, text in field.parts.items()})
        elif field.raw_data:
            raw[field.name] = str(field.raw_data[0])
    return raw


def _form_data(page: Page, answers: Mapping[str, Canonical]) -> dict[str, Any]:
    here = {entry.fact: answers.get(entry.fact) for entry in page.facts}
    return {field_name(key): _shown_in_field(fact_dictionary()[key], value) for key, value in typed_facts(here).items()}


def _shown_in_field(fact: Fact, value: Value | None) -> Any:
    if isinstance(value, tuple):
        columns = {key: fact_dictionary()[key] for key in fact.columns}
        return [
            {field_name(key): _shown_in_field(column, row.get(key)) for key, column in columns.items()} for row in value
        ]
    if value is None or isinstance(value, date) or fact.must_be_yes:
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
