"""The steps that an officer checks on a page of its own before they are taken, and their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from housing_portal.casework.forms import ApproveForm, CorrectionForm, RefuseForm
from housing_portal.casework.service import CorrectionAsked
from housing_portal.casework.steps import CaseProblem
from housing_portal.schemes.language import SchemeDefinition

CheckedForm = ApproveForm | RefuseForm | CorrectionForm
CHECKED_STEPS = ("approve", "refuse", "ask_correction")


def step_form(step: str, definition: SchemeDefinition, lang: str, **kwargs: Any) -> CheckedForm:
    """The form of a step of CHECKED_STEPS; ``kwargs`` go to the form."""
    if step == "approve":
        return ApproveForm(prefix="approve", **kwargs)
    if step == "refuse":
        return RefuseForm(definition, lang, prefix="refuse", **kwargs)
    return CorrectionForm(definition, lang, prefix="correction", **kwargs)


def asked_items(form: CorrectionForm, typed: Mapping[str, str]) -> list[CorrectionAsked]:
    """What is ticked, each with its message. Raises CaseProblem when one has none, or nothing is ticked."""
    asked = [
        CorrectionAsked(kind, key, typed.get(f"message-{kind}:{key}", "").strip()[:500])
        for kind, _colon, key in (item.partition(":") for item in form.items.data or [])
    ]
    if not asked:
        raise CaseProblem(_("Say at least one thing that must be mended."))
    if any(not item.message for item in asked):
        raise CaseProblem(_("Say for each ticked item what the applicant must mend."))
    return asked
