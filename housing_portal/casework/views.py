"""The applicant's pages of a case: hand in, follow, withdraw, take more time."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from housing_portal.accounts.sessions import current_person
from housing_portal.applications import queries as applications
from housing_portal.applications.presentation import correction_messages
from housing_portal.applications.service import Incomplete
from housing_portal.applications.versions import Unconfirmed
from housing_portal.casework import presentation, queries, service, statements
from housing_portal.casework.forms import SubmitForm
from housing_portal.casework.models import Case
from housing_portal.casework.steps import CaseProblem, latest_submission, workflow_of
from housing_portal.core.access import applicant
from housing_portal.core.db import commit, db
from housing_portal.core.i18n import language
from housing_portal.core.ids import grouped

bp = Blueprint("casework", __name__, template_folder="templates")


@bp.get("/applications/")
@applicant
def index() -> ResponseReturnValue:
    """All of a person's applications, drafts and cases, with who must act."""
    cases = queries.statuses_of(current_person().id)
    rows = [
        presentation.own_row(application, cases.get(application.id), language())
        for application in applications.own_applications(current_person().id)
    ]
    return render_template("casework/index.html", rows=rows)


@bp.post("/applications/<ref>/submit")
@applicant
def submit(ref: str) -> ResponseReturnValue:
    """Hand in the draft or the correction; sent twice, it makes one."""
    application = applications.own_application(current_person().id, ref, for_change=True)
    if application is None:
        abort(404)
    form = SubmitForm()
    if not form.validate():
        return redirect(url_for("applications.check", ref=ref), 303)
    try:
        service.submit(current_person(), application, form.key.data)
        commit()
    except Incomplete as problem:
        first = problem.pages[0].page.title.in_(language())
        flash(_("This part is not complete yet: %(page)s. Complete it, then send.", page=first), "warning")
        return redirect(url_for("applications.overview", ref=ref), 303)
    except Unconfirmed:
        return redirect(url_for("applications.check", ref=ref), 303)
    except CaseProblem as problem:
        db.session.rollback()
        flash(problem.sentence, "warning")
        return redirect(url_for("applications.overview", ref=ref), 303)
    except (IntegrityError, StaleDataError):
        db.session.rollback()
        if queries.own_case(current_person().id, ref) is None:
            raise  # not the second of two clicks at the same moment, but a real fault
    return redirect(url_for("casework.status", ref=ref), 303)


def _own_case_or_404(ref: str, *, for_change: bool = False) -> Case:
    case = queries.own_case(current_person().id, ref, for_change=for_change)
    if case is None:
        abort(404)
    return case


@bp.get("/applications/<ref>/status")
@applicant
def status(ref: str) -> ResponseReturnValue:
    """Where the case stands, who must act by when, what happened, and the papers."""
    case = _own_case_or_404(ref)
    workflow = workflow_of(case)
    lang = language()
    approval = next((event for event in case.events if event.to_status == "APPROVED"), None)
    return render_template(
        "casework/status.html",
        case=case,
        approval=approval,
        granted=presentation.granted_words(approval, lang) if approval else [],
        otherwise=presentation.found_otherwise(statements.last_statements(case).values(), lang) if approval else [],
        application=case.application,
        definition=case.application.scheme_version.definition(),
        state=workflow.states[case.status],
        shown=workflow.seen_by_applicant(case.status),
        timeline=presentation.timeline(case, lang, for_staff=False),
        correction=correction_messages(case.application, lang),
        may_withdraw=case.status in workflow.actions["withdraw"].sources,
        may_extend=case.status == "CORRECTION" and not any(e.action == "extend_correction" for e in case.events),
        reference=grouped(ref),
    )


@bp.get("/applications/<ref>/handed-in")
@applicant
def handed_in(ref: str) -> ResponseReturnValue:
    """What was handed in, as it was frozen."""
    case = _own_case_or_404(ref)
    submission = latest_submission(case)
    definition = case.application.scheme_version.definition()
    return render_template(
        "casework/handed_in.html",
        case=case,
        application=case.application,
        submission=submission,
        groups=presentation.answer_groups(definition, submission.values(), language(), masked=True),
        documents=submission.documents,
        definition=definition,
        reference=grouped(ref),
    )


@bp.route("/applications/<ref>/withdraw", methods=["GET", "POST"])
@applicant
def withdraw(ref: str) -> ResponseReturnValue:
    """Take the application back, after a question."""
    case = _own_case_or_404(ref, for_change=request.method == "POST")
    if request.method == "POST":
        try:
            service.withdraw(current_person(), case)
            commit()
            flash(_("Your application is withdrawn. You can apply again at any time."), "success")
        except CaseProblem as problem:
            db.session.rollback()
            flash(problem.sentence, "warning")
        return redirect(url_for("casework.status", ref=ref), 303)
    return render_template("casework/withdraw.html", case=case, application=case.application, reference=grouped(ref))


@bp.post("/applications/<ref>/more-time")
@applicant
def more_time(ref: str) -> ResponseReturnValue:
    """Take the one extension of a correction."""
    case = _own_case_or_404(ref, for_change=True)
    try:
        service.extend_correction(current_person(), case)
        commit()
        flash(_("You have more time. The new day is on this page."), "success")
    except CaseProblem as problem:
        db.session.rollback()
        flash(problem.sentence, "warning")
    return redirect(url_for("casework.status", ref=ref), 303)
