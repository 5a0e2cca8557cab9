"""The blueprint that all pages of the workbench share, and how they find a draft."""

from __future__ import annotations

from flask import Blueprint, abort

from housing_portal.core.access import staff
from housing_portal.workbench import queries
from housing_portal.workbench.access import MANAGER, READERS
from housing_portal.workbench.models import SchemeDraft

bp = Blueprint("workbench", __name__, url_prefix="/workbench", template_folder="templates")
reader = staff(*READERS)
manager = staff(MANAGER)


def draft_or_404(draft_id: int, *, for_change: bool = False) -> SchemeDraft:
    """The draft of an address."""
    draft = queries.draft(draft_id, for_change=for_change)
    if draft is None:
        abort(404)
    return draft
