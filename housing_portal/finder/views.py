"""The finder: a few questions lead to all schemes that fit. Answers live in the body of a POST and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from housing_portal.core import clock
from housing_portal.core.access import public
from housing_portal.core.i18n import language
from housing_portal.finder.presentation import combination_rows, scheme_rows
from housing_portal.finder.search import Interview, Section, Standing, find, interview
from housing_portal.schemes import queries
from housing_portal.schemes.facts_form import FactsForm, field_name
from housing_portal.schemes.forms import answers_from_form, build_questions_form, raw_from_form

bp = Blueprint("finder", __name__, url_prefix="/find", template_folder="templates")


def interview_of(audience: str) -> Interview:
    """The questions of all schemes of an audience that are in force."""
    definitions = [version.definition() for version in queries.open_schemes()]
    return interview([definition for definition in definitions if definition.audience == audience])


def questions_form(asked: Interview, name: str, formdata: MultiDict[str, str] | None = None) -> FactsForm:
    """The form of all questions of an audience."""
    cases = {key: case for key in asked.questions if (case := asked.case_of(key)) is not None}
    return build_questions_form(name, asked.questions, cases, language(), formdata)


@bp.get("")
@public
def doors() -> ResponseReturnValue:
    """For me, for a company, for HR."""
    return render_template("finder/doors.html")


@bp.get("/<any(practitioner, company):audience>")
@public
def questions(audience: str) -> ResponseReturnValue:
    """The questions that decide most; the others are folded."""
    asked = interview_of(audience)
    return _questions(audience, asked, questions_form(asked, audience))


@bp.post("/<any(practitioner, company):audience>")
@public
def result(audience: str) -> ResponseReturnValue:
    """What all schemes say, rendered at once: the answers are used for this page and forgotten."""
    asked = interview_of(audience)
    form = questions_form(asked, audience, request.form)
    if "change" in request.form:  # back from the result, with everything as it was typed
        return _questions(audience, asked, form)
    if not form.validate():
        return _questions(audience, asked, form), 422
    found = find(asked, answers_from_form(form), clock.today())
    titles = {definition.code: definition.title.in_(language()) for definition in asked.definitions}
    next_names = {field_name(key) for key in found.next_questions}
    typed = {name: text for name, text in raw_from_form(form).items() if text}
    return render_template(
        "finder/result.html",
        audience=audience,
        blank=form.blank,
        open=found.open,
        total=len(found.of),
        best=combination_rows(found, titles, language()),
        groups={
            standing.value: scheme_rows(found.standing(standing), titles, language(), clock.today())
            for standing in Standing
        },
        form=form,
        typed={name: text for name, text in typed.items() if _question_of(name, form) not in next_names},
        next_sections=question_fields(asked.only(found.next_questions)),
    )


def _question_of(input_name: str, form: FactsForm) -> str:
    """The question that an input belongs to: a date has three inputs."""
    return input_name if input_name in form.questions else input_name.rpartition("-")[0]


def _questions(audience: str, asked: Interview, form: FactsForm) -> str:
    rest = frozenset(asked.questions) - asked.first
    names = {field_name(key) for key in rest}
    typed = raw_from_form(form)
    return render_template(
        "finder/questions.html",
        audience=audience,
        form=form,
        first=question_fields(asked.only(asked.first)),
        rest=question_fields(asked.only(rest)),
        rest_open=any(text and _question_of(name, form) in names for name, text in typed.items()),
    )


def question_fields(sections: Sequence[Section]) -> list[tuple[str, list[str]]]:
    """Title and names of the fields of each section."""
    return [(section.title.in_(language()), [field_name(key) for key in section.questions]) for section in sections]
