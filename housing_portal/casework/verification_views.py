"""The officers' pages of verified facts: look into the registers, agree, state another value."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from housing_portal.accounts.sessions import current_person
from housing_portal.casework import queries, statements, verification_rows
from housing_portal.casework.access import CASE_ROLES, may_act
from housing_portal.casework.forms import AgreeForm, LookUpForm, StatementForm
from housing_portal.casework.models import Case
from housing_portal.casework.staff_views import READERS, case_or_404, say_who_was_first
from housing_portal.casework.steps import CaseChanged, CaseProblem, officers_action, stage_of
from housing_portal.core.access import Allowed, Refused, require, staff
from housing_portal.core.db import commit, db
from housing_portal.core.i18n import language
from housing_portal.schemes.facts_form import FactsForm, with_changed_rows
from housing_portal.schemes.form_terms import Page, PageFact
from housing_portal.schemes.forms import answers_from_form, build_page_form
from housing_portal.verification.adapters import registers

bp = Blueprint("verification", __name__, url_prefix="/staff/cases/<ref>/verification", template_folder="templates")


def _may_verify(case: Case) -> Allowed | Refused:
    """Whether this reader is the officer who must act now."""
    try:
        action = officers_action(case)
    except CaseProblem as problem:
        return Refused(problem.sentence)
    return may_act(current_person(), case, action, stage_of(case.id))


@bp.get("")
@staff(*READERS)
def page(ref: str) -> ResponseReturnValue:
    """Declared and verified side by side, what the registers answered, and what it changed."""
    case = case_or_404(ref)
    lang = language()
    definition = case.application.scheme_version.definition()
    rows = verification_rows.fact_rows(case, statements.last_statements(case), lang)
    wanted = statements.needed(definition)
    checks = queries.register_checks(case)
    return render_template(
        "casework/verification.html",
        case=case,
        application=case.application,
        needed=verification_rows.fact_groups(definition, rows, wanted, lang),
        others=verification_rows.fact_groups(definition, rows, set(rows) - wanted, lang),
        summary=verification_rows.summary(case, rows),
        check=checks[-1] if checks else None,
        findings=verification_rows.finding_rows(case, checks[-1] if checks else None, lang),
        changes=verification_rows.changes(case, queries.evaluations(case), lang),
        automatic=[register.kind.words.in_(lang) for register in registers() if register.automatic],
        manual=[register.kind.words.in_(lang) for register in registers() if not register.automatic],
        may=_may_verify(case),
        form=LookUpForm(formdata=None, data={"version": case.version}),
        lang=lang,
    )


@bp.post("/registers")
@staff(*CASE_ROLES)
def look_up(ref: str) -> ResponseReturnValue:
    """Ask every register that answers by itself."""
    case = case_or_404(ref, for_change=True)
    form = LookUpForm()

    def step() -> str:
        statements.look_up(current_person(), case, form.version.data)
        return _("The registers were checked.")

    return _take(case, form, step)


@bp.post("/agree")
@staff(*CASE_ROLES)
def agree(ref: str) -> ResponseReturnValue:
    """Vouch for what the applicant declared, in one click."""
    case = case_or_404(ref, for_change=True)
    form = AgreeForm()

    def step() -> str:
        statements.agree(current_person(), case, form.version.data, form.fact.data)
        return _("Verified as declared.")

    return _take(case, form, step)


def _take(case: Case, form: LookUpForm | AgreeForm, step: Callable[[], str]) -> ResponseReturnValue:
    """Take a step that has nothing to type; every outcome is said on the page of verified facts."""
    back = redirect(url_for("verification.page", ref=case.application.ref), 303)
    if not form.validate():
        return back
    try:
        done = step()
        commit()
    except CaseChanged as changed:
        say_who_was_first(case, changed)
        db.session.rollback()
    except CaseProblem as problem:
        db.session.rollback()
        flash(problem.sentence, "warning")
    except StaleDataError:
        db.session.rollback()
        flash(_("Somebody else changed this case while you had it open. Look at what changed, then decide."), "warning")
    else:
        flash(done, "success")
    return back


@bp.get("/facts/<fact>")
@staff(*CASE_ROLES)
def fact(ref: str, fact: str) -> ResponseReturnValue:
    """The page on which an officer states a value of one fact, filled with what holds now."""
    case = _open_case_or_404(ref, fact)
    form = StatementForm(formdata=None, data={"version": case.version})
    return _fact_page(case, fact, form, _question(case, fact, None))


@bp.post("/facts/<fact>")
@staff(*CASE_ROLES)
def state(ref: str, fact: str) -> ResponseReturnValue:
    """State a value of one fact, with what was seen."""
    case = _open_case_or_404(ref, fact, for_change=True)
    changed_rows = with_changed_rows(request.form)
    form = StatementForm()
    question = _question(case, fact, changed_rows[0] if changed_rows else request.form)
    valid = [form.validate(), question.validate()]
    if changed_rows or not all(valid):
        return _fact_page(case, fact, form, question), 422
    try:
        value = answers_from_form(question)[fact]
        statements.state(current_person(), case, form.version.data, fact, value, form.note.data or "")
        commit()
    except CaseChanged as changed:
        say_who_was_first(case, changed)
        db.session.rollback()
    except CaseProblem as problem:
        db.session.rollback()
        form.add_error(None, problem.sentence)
        return _fact_page(case_or_404(ref), fact, form, question), 409
    else:
        flash(_("Verified. The rules were evaluated again."), "success")
    return redirect(url_for("verification.page", ref=ref), 303)


def _open_case_or_404(ref: str, fact: str, *, for_change: bool = False) -> Case:
    """The case, when its scheme uses the fact. Raises AccessRefused unless the reader must act on it now."""
    case = case_or_404(ref, for_change=for_change)
    if fact not in statements.verifiable(case.application.scheme_version.definition()):
        abort(404)
    require(_may_verify(case))
    return case


def _fact_page(case: Case, fact: str, form: StatementForm, question: FactsForm) -> str:
    lang = language()
    return render_template(
        "casework/verify_fact.html",
        case=case,
        application=case.application,
        row=verification_rows.fact_rows(case, statements.last_statements(case), lang)[fact],
        form=form,
        question=question,
        lang=lang,
    )


def _question(case: Case, fact: str, formdata: MultiDict[str, str] | None) -> FactsForm:
    """The fact's own form field, on a page that asks nothing else."""
    definition = case.application.scheme_version.definition()
    asked = {entry.fact: entry for page in definition.pages for entry in page.facts}
    if fact in asked:
        entry = asked[fact].model_copy(update={"when": None, "hint": None, "required": True})
    else:  # a register's fact is never asked of an applicant, so the scheme has no entry for it
        entry = PageFact.model_construct(fact=fact, required=True, when=None, hint=None)
    alone = Page.model_construct(
        code="statement", title=definition.title, purpose=definition.title, facts=(entry,)
    )
    return build_page_form(definition, alone, statements.effective_values(case), language(), formdata=formdata)
