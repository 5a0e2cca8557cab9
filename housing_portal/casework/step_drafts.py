"""A step that was typed and is being checked before it is taken. Kept until then, so that nothing is typed twice.

The caller commits.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from housing_portal.accounts.models import User
from housing_portal.casework.models import Case, StepDraft
from housing_portal.core import clock
from housing_portal.core.db import db

CSRF = "csrf_token"  # belongs to the session, not to what was typed


def keep(officer: User, case: Case, step: str, form: MultiDict[str, str]) -> None:
    """Remember what the officer typed for the step, instead of what they typed before."""
    held = _held(officer, case).get(step)
    typed = {name: form.getlist(name) for name in form if name != CSRF}
    if held is None:
        held = StepDraft(case_id=case.id, officer_id=officer.id, step=step)
        db.session.add(held)
    held.typed, held.at = typed, clock.now()


def typed(officer: User, case: Case) -> Mapping[str, MultiDict[str, str]]:
    """Step → what the officer typed for it and did not confirm yet, as a browser sends it."""
    return {step: MultiDict(draft.typed) for step, draft in _held(officer, case).items()}


def _held(officer: User, case: Case) -> dict[str, StepDraft]:
    query = select(StepDraft).where(StepDraft.case_id == case.id, StepDraft.officer_id == officer.id)
    return {draft.step: draft for draft in db.session.scalars(query)}
