"""A draft as applicants would meet it: its pages, its pre-check, its letters. Nothing that is typed is kept."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from housing_portal.core import clock
from housing_portal.core.db import commit
from housing_portal.core.downloads import stored_file_response
from housing_portal.core.i18n import language
from housing_portal.schemes.facts_form import field_name
from housing_portal.schemes.forms import answers_from_form, build_page_form, build_precheck_form
from housing_portal.schemes.grants import granted
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.presentation import benefit_lines, trace_rows
from housing_portal.schemes.rules import Evaluation, evaluate
from housing_portal.workbench import queries, service
from housing_portal.workbench.blueprint import bp, draft_or_404, manager, reader
from housing_portal.workbench.draft_views import mistakes_first
from housing_portal.workbench.lint import check
from housing_portal.workbench.models import DONE, WAITING, SchemeDraft
from housing_portal.workbench.presentation import paper_word
from housing_portal.workbench.preview import PAPERS

WAIT_SECONDS = 2


def _definition(draft: SchemeDraft) -> SchemeDefinition | None:
    return check(draft.source, draft.scheme_code).definition


def _shown(draft: SchemeDraft, definition: SchemeDefinition, **more: Any) -> dict[str, Any]:
    """What every page of the preview has: the sample mark and the way around."""
    return {
        "draft": draft,
        "definition": definition,
        "papers": [{"code": kind, "title": paper_word(kind)} for kind in PAPERS],
        "words_of_papers": [
            {"key": paper_word(kind), "value": f"{paper.title.in_(language())}\n{paper.body.in_(language())}"}
            for kind, paper in definition.papers.items()
        ],
        "lang": language(),
        **more,
    }


@bp.get("/drafts/<int:draft_id>/preview")
@reader
def preview(draft_id: int) -> ResponseReturnValue:
    """What an applicant would read first, and the way to pages, pre-check and letters."""
    draft = draft_or_404(draft_id)
    definition = _definition(draft)
    if definition is None:
        return mistakes_first(draft)
    return render_template("workbench/preview.html", **_shown(draft, definition))


@bp.get("/drafts/<int:draft_id>/preview/pages/<code>")
@reader
def preview_page(draft_id: int, code: str) -> ResponseReturnValue:
    """One page of the application."""
    draft = draft_or_404(draft_id)
    definition = _definition(draft)
    if definition is None:
        return mistakes_first(draft)
    page = next((page for page in definition.pages if page.code == code), None)
    if page is None:
        abort(404)
    form = build_page_form(definition, page, {}, language())
    following = definition.pages[definition.pages.index(page) + 1 :]
    documents = definition.documents if not page.facts else ()
    more = {"page": page, "form": form, "following": following[0] if following else None, "documents": documents}
    return render_template("workbench/preview_page.html", **_shown(draft, definition, **more))


@bp.route("/drafts/<int:draft_id>/preview/check", methods=["GET", "POST"])
@reader
def preview_check(draft_id: int) -> ResponseReturnValue:
    """The pre-check, usable: the answer stands above the questions. Nothing is kept."""
    draft = draft_or_404(draft_id)
    definition = _definition(draft)
    if definition is None:
        return mistakes_first(draft)
    posted = request.method == "POST"
    form = build_precheck_form(definition, language(), request.form if posted else None)
    valid = posted and form.validate()
    evaluation = evaluate(definition, answers_from_form(form), clock.today()) if valid else None
    groups = [
        (group.title.in_(language()), [form[field_name(key)] for key in group.facts]) for group in definition.precheck
    ]
    more = {"form": form, "groups": groups, "result": _result(evaluation) if evaluation else None}
    page = render_template("workbench/preview_check.html", **_shown(draft, definition, **more))
    return page, 422 if posted and not valid else 200


def _result(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "outcome": evaluation.outcome.value,
        "trace": trace_rows(evaluation.rows, language()),
        "lines": benefit_lines(evaluation.benefit, language()),
        "granted": [words.in_(language()) for words in granted(evaluation.benefit)],
    }


@bp.get("/drafts/<int:draft_id>/papers/<kind>")
@reader
def paper(draft_id: int, kind: str) -> ResponseReturnValue:
    """A letter of the draft: waited for, refused, or there."""
    draft = draft_or_404(draft_id)
    if kind not in PAPERS:
        abort(404)
    held = queries.draft_paper(draft.id, kind, service.source_hash(draft))
    return render_template(
        "workbench/paper.html",
        draft=draft,
        kind=kind,
        title=paper_word(kind),
        paper=held,
        wait=WAIT_SECONDS if held is not None and held.state == WAITING else None,
    )


@bp.post("/drafts/<int:draft_id>/papers/<kind>")
@manager
def ask_paper(draft_id: int, kind: str) -> ResponseReturnValue:
    """Have the worker draw it."""
    draft = draft_or_404(draft_id, for_change=True)
    if kind not in PAPERS:
        abort(404)
    try:
        service.ask_paper(draft, kind)
    except service.DraftProblem:
        return mistakes_first(draft)
    commit()
    return redirect(url_for("workbench.paper", draft_id=draft_id, kind=kind), 303)


@bp.get("/drafts/<int:draft_id>/papers/<kind>/file")
@reader
def paper_file(draft_id: int, kind: str) -> ResponseReturnValue:
    """The PDF."""
    draft = draft_or_404(draft_id)
    held = queries.draft_paper(draft.id, kind, service.source_hash(draft))
    if held is None or held.state != DONE or held.file_sha256 is None:
        abort(404)
    return stored_file_response(held.file_sha256, "application/pdf", f"{draft.scheme_code}-{kind}-SAMPLE.pdf")
