"""Pages about schemes and their versions: the list, the time line, comparing, starting a draft, withdrawing."""

from __future__ import annotations

from itertools import groupby

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from housing_portal.accounts.sessions import current_person
from housing_portal.core import clock
from housing_portal.core.access import require
from housing_portal.core.db import commit
from housing_portal.core.i18n import language
from housing_portal.schemes import queries as schemes
from housing_portal.schemes import service as scheme_service
from housing_portal.schemes.differences import differences
from housing_portal.schemes.models import SchemeVersion
from housing_portal.workbench import queries, service
from housing_portal.workbench.access import MANAGER, may_withdraw
from housing_portal.workbench.blueprint import bp, manager, reader
from housing_portal.workbench.forms import NewSchemeForm, WithdrawForm
from housing_portal.workbench.presentation import difference_groups, time_line


@bp.get("/")
@reader
def index() -> ResponseReturnValue:
    """All schemes with their versions on a time line, and the drafts in work."""
    withdrawals = schemes.withdrawals()
    by_scheme = groupby(schemes.versions(), key=lambda version: version.scheme_code)
    rows = []
    for code, group in by_scheme:
        versions = list(group)
        line = time_line(versions, withdrawals, clock.today())
        rows.append({"code": code, "title": versions[0].definition().title.in_(language()), "line": line})
    return render_template("workbench/index.html", schemes=rows, drafts=queries.drafts(), lang=language())


def _versions_or_404(code: str) -> list[SchemeVersion]:
    versions = list(schemes.versions(code))
    if not versions:
        abort(404)
    return versions


@bp.get("/schemes/<code>")
@reader
def scheme(code: str) -> ResponseReturnValue:
    """One scheme: its versions, who published them, and what can be done with them."""
    return _scheme_page(code, NewSchemeForm())


def _scheme_page(code: str, form: NewSchemeForm) -> str:
    versions = _versions_or_404(code)
    return render_template(
        "workbench/scheme.html",
        code=code,
        definition=versions[0].definition(),
        line=time_line(versions, schemes.withdrawals(), clock.today()),
        publications=schemes.publications(code),
        drafts=queries.drafts(code),
        form=form,
        is_manager=MANAGER in current_person().roles,
        may_withdraw=bool(may_withdraw(current_person())),
        lang=language(),
    )


def _version_or_404(code: str, number: int) -> SchemeVersion:
    version = schemes.version_of(code, number)
    if version is None:
        abort(404)
    return version


@bp.post("/schemes/<code>/versions/<int:number>/drafts")
@manager
def start_draft(code: str, number: int) -> ResponseReturnValue:
    """A draft of the next version."""
    draft = service.start(current_person(), _version_or_404(code, number), code)
    commit()
    return redirect(url_for("workbench.draft", draft_id=draft.id), 303)


@bp.post("/schemes/<code>/copies")
@manager
def copy_scheme(code: str) -> ResponseReturnValue:
    """A draft of a new scheme, copied from the newest version of this one."""
    form = NewSchemeForm()
    base = _versions_or_404(code)[0]
    if not form.validate():
        return _scheme_page(code, form), 422
    try:
        draft = service.start(current_person(), base, form.code.data)
    except service.DraftProblem as problem:
        form.add_error("code", str(problem))
        return _scheme_page(code, form), 422
    commit()
    return redirect(url_for("workbench.draft", draft_id=draft.id), 303)


@bp.get("/schemes/<code>/compare")
@reader
def compare(code: str) -> ResponseReturnValue:
    """Two versions side by side, in words."""
    versions = _versions_or_404(code)
    numbers = {version.number: version for version in versions}
    newest = versions[0].number
    before = numbers.get(request.args.get("before", newest - 1, type=int), versions[-1])
    after = numbers.get(request.args.get("after", newest, type=int), versions[0])
    return render_template(
        "workbench/compare.html",
        code=code,
        title=after.definition().title.in_(language()),
        versions=versions,
        older=before,
        newer=after,
        groups=difference_groups(differences(before.definition(), after.definition())),
    )


@bp.route("/schemes/<code>/versions/<int:number>/withdraw", methods=["GET", "POST"])
@manager
def withdraw(code: str, number: int) -> ResponseReturnValue:
    """End new applications under a version, after a question."""
    version = _version_or_404(code, number)
    require(may_withdraw(current_person()))
    form = WithdrawForm()
    if request.method == "POST" and form.validate() and form.from_day.data is not None:
        try:
            scheme_service.withdraw(
                version, by=current_person().id, from_day=form.from_day.data, reason=form.reason.data
            )
        except scheme_service.BadDay:
            form.add_error("from_day", _("The day is today or later."))
        except scheme_service.AlreadyWithdrawn:
            form.add_error(None, _("This version was withdrawn before."))
        else:
            commit()
            flash(_("Withdrawn. What was begun goes on."), "success")
            return redirect(url_for("workbench.scheme", code=code), 303)
    status = 422 if request.method == "POST" else 200
    title = version.definition().title.in_(language())
    return render_template("workbench/withdraw.html", form=form, version=version, title=title), status
