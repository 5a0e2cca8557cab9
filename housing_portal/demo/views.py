"""The page of one-time codes: a visitor of the demo has no authenticator app."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from housing_portal.accounts.models import District
from housing_portal.core.access import public
from housing_portal.core.db import db
from housing_portal.core.i18n import language
from housing_portal.demo.accounts import PASSWORD, accounts

bp = Blueprint("demo", __name__, template_folder="templates")


@bp.get("/demo/codes")
@public
def codes() -> ResponseReturnValue:
    """In the demo only: how to sign in as each of the staff, with the present code."""
    settings = current_app.config["SETTINGS"]
    if settings.mail_mode != "page" or settings.environment == "production":
        abort(404)
    found = accounts()
    return render_template(
        "demo/codes.html",
        staff=[account for account in found if account.totp_secret],
        applicants=[account for account in found if not account.totp_secret],
        district_names={row.code: row.name(language()) for row in db.session.scalars(select(District))},
        password=PASSWORD,
    )
