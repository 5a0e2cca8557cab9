"""Public pages: the catalogue, a scheme, and the pre-check. Nothing that is typed here is stored."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
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
from housing_portal.schemes.presentation import benefit_lines, condition_groups, trace_rows
from housing_portal.schemes.rules import evaluate

AUDIENCES = ("practitioner", "company")
KINDS = ("rent", "housing", "furnishing")

bp = Blueprint("schemes", __name__, template_folder="templates")


def _open_scheme(code: str) -> SchemeDefinition:
    version = queries.current_version(code)
    if version is None:
        abort(404)
    return version.definition()


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """The start page: what the portal is for, and how many schemes there are for whom."""
    audiences: list[str] = [version.definition().audience for version in queries.open_schemes()]
    return render_template("home.html", counts={audience: audiences.count(audience) for audience in AUDIENCES})


@bp.get("/schemes")
@public
def catalogue() -> ResponseReturnValue:
    """All schemes in force, for people and for companies, by kind; the filter is in the address."""
    audience = request.args.get("for", "")
    kind = request.args.get("kind", "")
    schemes = [version.definition() for version in queries.open_schemes()]
    groups = [
        (whom, [scheme for what in KINDS for scheme in schemes if (scheme.audience, scheme.kind) == (whom, what)])
        for whom in AUDIENCES
        if audience not in AUDIENCES or whom == audience
    ]
    if kind in KINDS:
        groups = [(whom, [scheme for scheme in found if scheme.kind == kind]) for whom, found in groups]
    return render_template(
        "schemes/catalogue.html",
        groups=[(whom, found) for whom, found in groups if found],
        audience=audience if audience in AUDIENCES else "",
        kind=kind if kind in KINDS else "",
        language=language(),
    )


@bp.get("/schemes/<code>")
@public
def scheme(code: str) -> ResponseReturnValue:
    """What a scheme offers, who can get it, which papers it takes and how long."""
    definition, today = _open_scheme(code), clock.today()
    return render_template(
        "schemes/scheme.html",
        scheme=definition,
        language=language(),
        conditions=condition_groups(definition, language()),
        takes_applications=definition.takes_applications_on(today),
        next_window=definition.next_window(today),
    )


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
        blank=form.blank,
        takes_applications=definition.takes_applications_on(clock.today()),
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
