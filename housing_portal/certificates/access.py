"""Who may see which papers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from housing_portal.accounts.models import User
from housing_portal.certificates.models import Paper

STAFF_ROLES = ("intake_officer", "reviewer", "approver", "auditor")


def own_papers(user: User) -> ColumnElement[bool]:
    """The condition under which a paper is the applicant's own."""
    return Paper.user_id == user.id


def district_papers(user: User) -> ColumnElement[bool]:
    """The condition under which a member of staff may open a paper: their districts, or the whole city."""
    if any(grant.role in STAFF_ROLES and grant.district_id is None for grant in user.valid_grants()):
        return true()
    return Paper.district_id.in_(user.districts_as(*STAFF_ROLES))
