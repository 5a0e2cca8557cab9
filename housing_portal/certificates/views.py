"""Pages of certificates: verification for everybody, files for those whose business it is."""

from __future__ import annotations

from datetime import timedelta

import structlog
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from housing_portal.accounts.sessions import current_person
from housing_portal.certificates import access, queries, serials
from housing_portal.certificates.context import day
from housing_portal.certificates.forms import VerifyForm
from housing_portal.certificates.rules import CHANGE_REASONS
from housing_portal.core import storage, throttle
from housing_portal.core.access import applicant, public, staff
from housing_portal.core.db import commit
from housing_portal.core.i18n import language
from housing_portal.core.ids import grouped, normalise_reference

log = structlog.get_logger()
bp = Blueprint("certificates", __name__, template_folder="templates")
TRIES = 30
WINDOW = timedelta(minutes=15)


@bp.route("/verify", methods=["GET", "POST"])
@public
def verify() -> ResponseReturnValue:
    """Type the two numbers of a paper. A wrong serial and a wrong code get the same answer."""
    form = VerifyForm()
    if request.method == "GET":
        return _hidden(render_template("certificates/verify.html", form=form))
    throttle.count("verify_paper", request.remote_addr or "unknown", TRIES, WINDOW)
    valid = form.validate()
    commit()
    if valid:
        serial, code = serials.normalise(form.serial.data), normalise_reference(form.code.data)
        if queries.public_paper(serial, code) is not None:
            return redirect(url_for("certificates.verify_code", serial=serial, code=code), 303)
        form.add_error(None, _("We have no paper with this serial number and this code. Check both."))
    return _hidden(render_template("certificates/verify.html", form=form), 422)


@bp.get("/verify/<serial>/<code>")
@public
def verify_code(serial: str, code: str) -> ResponseReturnValue:
    """What the QR code opens: the recorded content and what the paper is worth today.

    Needs no throttle: the code has 130 random bits, and looking writes nothing.
    """
    paper = queries.public_paper(serials.normalise(serial), normalise_reference(code))
    if paper is None:
        return _hidden(render_template("certificates/not_found.html"), 404)
    return _hidden(
        render_template(
            "certificates/paper.html",
            paper=paper,
            lang=language(),
            day=day,
            code_grouped=grouped(paper.code),
            reason=CHANGE_REASONS[paper.reason] if paper.reason else None,
        )
    )


def _hidden(body: str, status: int = 200) -> Response:
    """A page that search engines must not keep."""
    response = make_response(body, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/papers/<code>/file")
@applicant
def download(code: str) -> ResponseReturnValue:
    """The owner's PDF; anybody else's is simply not found."""
    return _file(queries.paper_file(code, access.own_papers(current_person())))


@bp.get("/staff/papers/<code>/file")
@staff(*access.STAFF_ROLES)
def staff_download(code: str) -> ResponseReturnValue:
    """The PDF, for staff of the district that issued it. Who read it is logged."""
    found = queries.paper_file(code, access.district_papers(current_person()))
    if found is not None:
        log.info("paper_read_by_staff", paper=found.paper_id, user=current_person().id)
    return _file(found)


def _file(found: queries.PaperFile | None) -> Response:
    if found is None:
        abort(404)
    response = Response(storage.get(found.file_sha256), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
