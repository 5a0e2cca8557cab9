"""What a paper is worth today. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

# Why a paper is no longer valid. Coded, because the reason is shown to whoever holds the paper.
NEW_DECISION = "new_decision"
REVOCATION_REASONS: dict[str, LazyString] = {
    "issued_in_error": _l("It was issued in error."),
    "conditions_ended": _l("The holder no longer meets the conditions."),
    "false_statements": _l("It rested on statements that were not true."),
    "set_aside": _l("The decision was set aside on reconsideration or by a court."),
    "at_own_request": _l("The holder gave it up."),
}
CHANGE_REASONS: dict[str, LazyString] = {
    NEW_DECISION: _l("A later decision in the same case replaces it."),
    **REVOCATION_REASONS,
}


@dataclass(frozen=True)
class Standing:
    """``code``: valid, not_yet_valid, expired, superseded or revoked; ``since``: the first day of it."""

    code: str
    since: date | None = None


def standing(
    state: str, changed_on: date | None, valid_from: date | None, valid_to: date | None, today: date
) -> Standing:
    """What holds on ``today``; the last day of the period is still valid."""
    if state != "valid":
        return Standing(state, changed_on)
    if valid_from is not None and today < valid_from:
        return Standing("not_yet_valid", valid_from)
    if valid_to is not None and today > valid_to:
        return Standing("expired", valid_to + timedelta(days=1))
    return Standing("valid", valid_from)


def granted_period(first_month: date | None, months: int | None) -> tuple[date | None, date | None]:
    """First and last day of ``months`` whole calendar months; (None, None) when nothing runs by the month."""
    if first_month is None or months is None or months < 1:
        return None, None
    first = first_month.replace(day=1)
    index = first.year * 12 + first.month - 1 + months
    return first, date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
