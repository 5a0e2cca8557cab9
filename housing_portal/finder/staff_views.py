"""The finder for HR: what the staff and the company could get, from numbers of people."""

from __future__ import annotations

from functools import reduce

from flask import render_template, request
from flask.typing import ResponseReturnValue

from housing_portal.core import clock
from housing_portal.core.access import public
from housing_portal.core.i18n import language
from housing_portal.finder.presentation import combination_rows, scheme_rows
from housing_portal.finder.search import Findings, Interview, find
from housing_portal.finder.staff_estimate import estimate
from housing_portal.finder.staff_form import StaffForm
from housing_portal.finder.views import bp, interview_of, question_fields, questions_form
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.facts_form import FactsForm
from housing_portal.schemes.forms import answers_from_form


@bp.get("/staff")
@public
def staff() -> ResponseReturnValue:
    """Numbers of the staff, and the questions on the company that decide most."""
    company = interview_of("company")
    return _questions(StaffForm(), company, questions_form(company, "staff"))


@bp.post("/staff")
@public
def staff_result() -> ResponseReturnValue:
    """The estimate, rendered at once; nothing is stored."""
    company = interview_of("company")
    form, company_form = StaffForm(request.form), questions_form(company, "staff", request.form)
    right, company_right = form.validate(), company_form.validate()
    if "change" in request.form or not (right and company_right):
        status = 200 if "change" in request.form else 422
        return _questions(form, company, company_form), status
    today = clock.today()
    for_company = find(company, answers_from_form(company_form), today)
    fits = _meets_basics(for_company)
    people = interview_of("practitioner")
    numbers = form.staff(employer_fits=fits)
    titles = {scheme.code: scheme.title.in_(language()) for scheme in (*company.definitions, *people.definitions)}
    return render_template(
        "finder/staff_result.html",
        staff=numbers,
        estimate=estimate(people, numbers, today),
        titles=titles,
        company=scheme_rows(for_company.of, titles, language(), today),
        best=combination_rows(for_company, titles, language()),
        typed={name: text for name, text in request.form.items() if text and name not in ("csrf_token", "change")},
    )


def _meets_basics(found: Findings) -> bool:
    """Whether nothing speaks against the conditions that all schemes for companies share."""
    if not found.of:
        return True
    of_each = [{row.rule for row in finding.candidate.evaluation.rows} for finding in found.of]
    shared = reduce(set.intersection, of_each)
    rows = found.of[0].candidate.evaluation.rows_with(Answer.NOT_MET)
    return not any(row.rule in shared for row in rows)


def _questions(form: StaffForm, company: Interview, company_form: FactsForm) -> str:
    return render_template(
        "finder/staff.html",
        form=form,
        company_form=company_form,
        sections=question_fields(company.only(company.first)),
    )
