"""Pages of the registry."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from housing_portal.core.access import applicant
from housing_portal.core.i18n import language
from housing_portal.registry import queries

bp = Blueprint("registry", __name__, template_folder="templates")


@bp.get("/companies/search")
@applicant
def search_companies() -> ResponseReturnValue:
    """Suggestions under the employer field; a fragment."""
    found = queries.find_companies(request.args.get("q", "")[:60])
    return render_template("registry/_companies.html", companies=found, language=language())
