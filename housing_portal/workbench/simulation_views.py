"""Pages of a simulation: start, watch, read, page through the changed applications, download."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from housing_portal.accounts.sessions import current_person
from housing_portal.core.db import commit
from housing_portal.core.downloads import stored_file_response
from housing_portal.core.i18n import language
from housing_portal.core.ids import grouped
from housing_portal.core.money import format_yuan
from housing_portal.workbench import queries, running
from housing_portal.workbench.blueprint import bp, draft_or_404, manager, reader
from housing_portal.workbench.draft_views import mistakes_first
from housing_portal.workbench.lint import check
from housing_portal.workbench.models import GAINS, LOSES, RUNNING, SAME, WAITING, Simulation
from housing_portal.workbench.presentation import (
    answer_word,
    chart,
    district_names,
    kind_word,
    month_names,
    move_words,
    signed,
    sum_rows,
)
from housing_portal.workbench.service import source_hash

KINDS = (GAINS, LOSES, SAME)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAIT_SECONDS = 2


@bp.post("/drafts/<int:draft_id>/simulations")
@manager
def simulate(draft_id: int) -> ResponseReturnValue:
    """Try the draft on past submissions, in the background."""
    draft = draft_or_404(draft_id)
    definition = check(draft.source, draft.scheme_code).definition
    if definition is None:
        return mistakes_first(draft)
    started = running.start(current_person(), draft, definition)
    commit()
    return redirect(url_for("workbench.simulation", simulation_id=started.id), 303)


def _simulation_or_404(simulation_id: int) -> Simulation:
    found = queries.simulation(current_person(), simulation_id)
    if found is None:
        abort(404)
    return found


@bp.get("/simulations/<int:simulation_id>")
@reader
def simulation(simulation_id: int) -> ResponseReturnValue:
    """How far it is, and then what it found."""
    found = _simulation_or_404(simulation_id)
    running_now = found.state in (WAITING, RUNNING)
    done = queries.counted(found.id) if running_now else found.total
    tally = queries.result_of(found)
    before, after = tally.total() if tally else (None, None)
    return render_template(
        "workbench/simulation.html",
        simulation=found,
        title=found.draft.base_version.definition().title.in_(language()),
        running=running_now,
        wait=WAIT_SECONDS if running_now else None,
        done=done,
        percent=100 * done // found.total if found.total else 0,
        tally=tally,
        kinds=[{"code": kind, "word": kind_word(kind), "count": tally.kinds.get(kind, 0)} for kind in KINDS]
        if tally
        else [],
        moves=[[move_words(move), f"{count:,}"] for move, count in sorted(tally.answers.items())] if tally else [],
        cost_before=format_yuan(before) if before is not None else "",
        cost_after=format_yuan(after) if after is not None else "",
        change=signed(after - before) if before is not None and after is not None else "",
        chart=chart(tally) if tally else None,
        months=sum_rows(tally.months, month_names(tally)) if tally else [],
        districts=sum_rows(tally.districts, district_names(queries.districts())) if tally else [],
        stale=found.source_hash != source_hash(found.draft),
    )


@bp.get("/simulations/<int:simulation_id>/applications")
@reader
def simulation_changes(simulation_id: int) -> ResponseReturnValue:
    """The applications for which something changes, by key."""
    found = _simulation_or_404(simulation_id)
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    rows = queries.changes(found.id, kind=kind, after=request.args.get("after", 0, type=int))
    following = rows[-1].change.application_id if len(rows) == queries.PAGE else None
    lang = language()
    return render_template(
        "workbench/changes.html",
        simulation=found,
        title=found.draft.base_version.definition().title.in_(lang),
        kind=kind,
        kinds=[("", _("All")), *((code, kind_word(code)) for code in KINDS)],
        rows=[
            [
                grouped(row.reference),
                row.district.name(lang),
                kind_word(row.change.kind),
                f"{answer_word(row.change.answer_before)} → {answer_word(row.change.answer_after)}",
                format_yuan(row.change.yuan_before),
                format_yuan(row.change.yuan_after),
                signed(row.change.yuan_after - row.change.yuan_before),
            ]
            for row in rows
        ],
        next_page=url_for("workbench.simulation_changes", simulation_id=found.id, kind=kind, after=following)
        if following
        else None,
    )


@bp.post("/simulations/<int:simulation_id>/cancel")
@manager
def cancel_simulation(simulation_id: int) -> ResponseReturnValue:
    """Stop it."""
    running.cancel(_simulation_or_404(simulation_id))
    commit()
    flash(_("The simulation is stopped."), "info")
    return redirect(url_for("workbench.simulation", simulation_id=simulation_id), 303)


@bp.get("/simulations/<int:simulation_id>/file")
@reader
def simulation_file(simulation_id: int) -> ResponseReturnValue:
    """The Excel file."""
    found = _simulation_or_404(simulation_id)
    if found.file_sha256 is None:
        abort(404)
    return stored_file_response(found.file_sha256, EXCEL, f"simulation-{found.id}.xlsx")
