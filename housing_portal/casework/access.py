"""Who may do what with a case. Pure functions: allowed, or refused with a sentence for the person."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from housing_portal.accounts.models import User
from housing_portal.casework.models import Case
from housing_portal.casework.workflow import Action
from housing_portal.core.access import Allowed, Refused

CASE_ROLES = ("intake_officer", "reviewer", "approver")


def readable_districts(user: User) -> frozenset[int] | None:
    """Districts whose cases the person may read; None means the whole city (auditors)."""
    if any(grant.role == "auditor" and grant.district_id is None for grant in user.valid_grants()):
        return None
    return user.districts_as(*CASE_ROLES, "auditor")


def may_act(user: User, case: Case, action: Action, stage_of: Mapping[int, str]) -> Allowed | Refused:
    """Whether this officer may do this now. ``stage_of``: actor id → the stage at which they acted before."""
    if case.application.user_id == user.id:
        return Refused(_("This is your own application. A colleague must handle it."))
    if case.district_id not in user.districts_as(action.role):
        return Refused(_("You do not have the role for this step in this district."))
    before = stage_of.get(user.id)
    if before is not None and before != action.stage:
        return Refused(
            _(
                "You acted on this case at an earlier stage. Another person must take this step."
            )
        )
    return Allowed()
