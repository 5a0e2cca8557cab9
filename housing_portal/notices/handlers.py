"""What notices hears: each event becomes a message and a mail, once."""

from __future__ import annotations

from typing import Any

from flask_babel import format_date

from housing_portal.accounts.models import User
from housing_portal.casework.models import Case
from housing_portal.core.db import db
from housing_portal.core.i18n import speaking
from housing_portal.notices import service, texts

Payload = dict[str, Any]


def on_confirmation_asked(payload: Payload, event_id: int) -> None:
    """accounts.confirmation_asked"""
    user = db.session.get_one(User, payload["user_id"])
    service.tell(user, event_id, texts.confirm_address(user.name, payload["token"]), inbox=False)


def on_already_registered(payload: Payload, event_id: int) -> None:
    """accounts.already_registered"""
    user = db.session.get_one(User, payload["user_id"])
    service.tell(user, event_id, texts.already_registered(user.name), inbox=False)


def on_reset_asked(payload: Payload, event_id: int) -> None:
    """accounts.reset_asked"""
    user = db.session.get_one(User, payload["user_id"])
    service.tell(user, event_id, texts.new_password(user.name, payload["token"]), inbox=False)


def on_case_submitted(payload: Payload, event_id: int) -> None:
    """casework.case_submitted"""
    action = "submit" if payload["submission_number"] == 1 else "answer_correction"
    _tell_of_case(payload["case_id"], event_id, action)


def on_case_moved(payload: Payload, event_id: int) -> None:
    """casework.case_moved"""
    _tell_of_case(payload["case_id"], event_id, payload["action"])


def on_paper_issued(payload: Payload, event_id: int) -> None:
    """certificates.paper_issued: the decision is told when its letter is there to be read."""
    outcome = {"certificate": "approved", "refusal": "refused"}.get(payload["kind"])
    if outcome is not None:
        _tell_of_case(payload["case_id"], event_id, outcome)


def on_mail_written(payload: Payload, event_id: int) -> None:
    """notices.mail_written"""
    service.send_mail(payload["mail_id"])


def _tell_of_case(case_id: int, event_id: int, action: str) -> None:
    case = db.session.get_one(Case, case_id)
    user = case.application.user
    with speaking(user.language):
        due = format_date(case.due_on, "long") if case.due_on else ""
    text = texts.case_step(case.holder_name, case.application.ref, action, due)
    if text is not None:
        service.tell(user, event_id, text)
