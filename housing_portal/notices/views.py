"""The inbox, and in the demo the page of mails."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, select

from housing_portal.accounts.sessions import current_person
from housing_portal.core.access import applicant, public
from housing_portal.core.db import commit, db
from housing_portal.notices import service
from housing_portal.notices.models import InboxMessage, Mail

bp = Blueprint("notices", __name__, template_folder="templates")
SHOWN = 100


@bp.get("/inbox")
@applicant
def inbox() -> ResponseReturnValue:
    """Messages to the person, the newest first."""
    messages = db.session.scalars(
        select(InboxMessage)
        .where(InboxMessage.user_id == current_person().id)
        .order_by(InboxMessage.id.desc())
        .limit(SHOWN)
    ).all()
    return render_template("notices/inbox.html", messages=messages)


@bp.post("/inbox/<int:message_id>")
@applicant
def open_message(message_id: int) -> ResponseReturnValue:
    """Mark a message as read and go to what it is about."""
    message = service.mark_read(current_person(), message_id)
    if message is None:
        abort(404)
    commit()
    return redirect(message.link, 303)


def unread_count() -> int:
    """Unread messages of the signed-in person, for the shell."""
    if not current_user.is_authenticated or current_person().is_staff:
        return 0
    query = select(func.count()).where(InboxMessage.user_id == current_person().id, InboxMessage.read_at.is_(None))
    return db.session.scalar(query) or 0


@bp.get("/demo/mail")
@public
def demo_mail() -> ResponseReturnValue:
    """In the demo only: the mails that the portal wrote, since there is no mail server."""
    settings = current_app.config["SETTINGS"]
    if settings.mail_mode != "page" or settings.environment == "production":
        abort(404)
    mails = db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(SHOWN)).all()
    return render_template("notices/demo_mail.html", mails=mails)
