"""Who may do what on the workbench: managers work, auditors read, publishing takes a second person of the city."""

from __future__ import annotations

from flask_babel import gettext as _

from housing_portal.accounts.models import User
from housing_portal.core.access import Allowed, Refused
from housing_portal.workbench.models import EDITING, PROPOSED, SchemeDraft

MANAGER = "scheme_manager"
READERS = (MANAGER, "auditor")


def districts_of(person: User) -> list[int] | None:
    """Districts whose submissions the person may count and see; None for the whole city."""
    if person.city_wide_as(*READERS):
        return None
    return sorted(person.districts_as(MANAGER))


def may_edit(person: User, draft: SchemeDraft) -> Allowed | Refused:
    """The author, while it is being edited: otherwise the second person could publish words of their own."""
    if draft.author_id != person.id:
        return Refused(_("Only its author changes a draft. You can publish it or send it back."))
    if draft.state != EDITING:
        return Refused(_("The draft cannot be changed now."))
    return Allowed()


def may_decide(person: User, draft: SchemeDraft) -> Allowed | Refused:
    """Publish or send back: a manager of the whole city who is not the author."""
    if draft.author_id == person.id:
        return Refused(_("A second person publishes: you cannot decide on your own draft."))
    if not person.city_wide_as(MANAGER):
        return Refused(_("Publishing is for managers of the whole city."))
    if draft.state != PROPOSED:
        return Refused(_("The draft is not proposed."))
    return Allowed()


def may_withdraw(person: User) -> Allowed | Refused:
    """Ending a scheme concerns the whole city."""
    if not person.city_wide_as(MANAGER):
        return Refused(_("Withdrawing is for managers of the whole city."))
    return Allowed()
