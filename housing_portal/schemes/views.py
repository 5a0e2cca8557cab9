"""Public pages: the catalogue, a scheme, and the pre-check. Nothing that is typed here is stored."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from housing_portal.core import clock
from housing_portal.core.access import public
from housing_portal.core.i18n import language
from housing_portal.schemes import queries
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.facts_form import FactsForm, field_name
from housing_portal.schemes.forms import answers_from_form, build_precheck_form, raw_from_form
from housing_portal.schemes.grants import granted
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.presentation import benefit_lines, trace_rows
from housing_portal.schemes.rules import evaluate

bp = Blueprint("schemes", __name__, template_folder="templates")


def _open_scheme(code: str) -> SchemeDefinition:
    version = queries.current_version(code)
    if version is None:
        abort(404)
    return version.definition()


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """The start page: what the portal is for, and the schemes that are open."""
    cards = [_card(version.definition()) for version in queries.open_schemes()]
    return render_template("home.html", schemes=cards)


def _card(definition: SchemeDefinition) -> dict[str, str]:
    return {
        "code": definition.code,
        "kind": definition.kind,
        "audience": definition.audience,
        "title": definition.title.in_(language()),
        "summary": definition.summary.in_(language()),
        "url": url_for("schemes.scheme", code=definition.code),
    }


@bp.get("/schemes")
@public
def catalogue() -> ResponseReturnValue:
    """All schemes that are open."""
    schemes = [version.definition() for version in queries.open_schemes()]
    return render_template("schemes/catalogue.html", schemes=schemes, language=language())


@bp.get("/schemes/<code>")
@public
def scheme(code: str) -> ResponseReturnValue:
    """What a scheme offers, who can get it, which papers it takes and how long."""
    return render_template("schemes/scheme.html", scheme=_open_scheme(code), language=language())


@bp.get("/schemes/<code>/check")
@public
def precheck_start(code: str) -> ResponseReturnValue:
    """The questions of the pre-check."""
    definition = _open_scheme(code)
    return _questions(definition, build_precheck_form(definition, language()))


@bp.post("/schemes/<code>/check")
@public
def precheck(code: str) -> ResponseReturnValue:
    """The answer, rendered at once: the facts are used for this page and forgotten."""
    definition = _open_scheme(code)
    form = build_precheck_form(definition, language(), request.form)
    if "change" in request.form:  # back from the result, with everything as it was typed
        return _questions(definition, form)
    if not form.validate():
        return _questions(definition, form), 422
    evaluation = evaluate(definition, answers_from_form(form), clock.today())
    return render_template(
        "schemes/precheck_result.html",
        scheme=definition,
        language=language(),
        evaluation=evaluation,
        typed=raw_from_form(form),
        not_met=trace_rows(evaluation.rows_with(Answer.NOT_MET), language()),
        needs_review=trace_rows(evaluation.rows_with(Answer.NEEDS_REVIEW), language()),
        met=trace_rows(evaluation.rows_with(Answer.MET), language()),
        lines=benefit_lines(evaluation.benefit, language()),
        granted=[words.in_(language()) for words in granted(evaluation.benefit)],
    )


def _questions(definition: SchemeDefinition, form: FactsForm) -> str:
    groups = [
        (group.title.in_(language()), [form[field_name(key)] for key in group.facts]) for group in definition.precheck
    ]
    return render_template("schemes/precheck.html", scheme=definition, language=language(), form=form, groups=groups)
