"""The book of awards that casework writes into with its steps: quota on acceptance, the award with the decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from housing_portal.casework import decisions
from housing_portal.casework.models import Case, CaseEvent
from housing_portal.casework.steps import CaseProblem
from housing_portal.payments import awards, budget
from housing_portal.payments.awards import Conflict, DoubleBenefit, Granted
from housing_portal.payments.words import conflict_sentence

ACCEPTING = ("accept", "accept_by_clock")


class AwardsAndQuota:
    """See :class:`housing_portal.casework.ports.AwardBook`."""

    def objections(self, case: Case, decision: Mapping[str, Any]) -> list[str]:
        """The awards that it would double, then the budget."""
        granted = Granted.of(decision)
        found = [conflict_sentence(case, one) for one in awards.conflicts(case, granted)]
        waits = budget.why_not(case, granted.first_month.year)
        return found + ([waits] if waits else [])

    def after_step(self, case: Case, event: CaseEvent) -> None:
        """Reserve, grant, or give back."""
        if event.action in ACCEPTING:
            _reserve(case)
        elif event.to_status == "APPROVED":
            _grant(case, Granted.of(event.data))
        elif case.closed_at is not None:
            budget.release(case.id)


def _reserve(case: Case) -> None:
    """What would be granted today; while the amount is not known, a place without money."""
    first_month = decisions.first_paid_month()
    granted = Granted(decisions.benefit_from(case, first_month), first_month)
    budget.reserve(case, first_month.year, granted.yuan_in(first_month.year))


def _grant(case: Case, granted: Granted) -> None:
    try:
        awards.grant(case, granted)
    except DoubleBenefit as problem:
        raise CaseProblem(_refusal(case, problem.conflicts)) from problem
    budget.commit_place(case, granted.first_month.year, granted.yuan_in(granted.first_month.year))


def _refusal(case: Case, found: Iterable[Conflict]) -> str:
    said = " ".join(conflict_sentence(case, one) for one in found)
    return said or _("Another award had some of these months a moment ago. Try again.")
