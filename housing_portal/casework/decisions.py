"""The decision. Against a rule it takes a reason and a second person: one approver proposes, another confirms.

The caller commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from housing_portal.accounts.models import User
from housing_portal.casework import statements
from housing_portal.casework.events import CaseDecided
from housing_portal.casework.models import Case, CaseEvent
from housing_portal.casework.ports import award_book
from housing_portal.casework.steps import CaseProblem, noted, officer_step
from housing_portal.core import clock, outbox
from housing_portal.core.i18n import language
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.rules import Evaluation, Row


@dataclass(frozen=True)
class Proposal:
    """A decision against a rule that waits for a second person."""

    approves: bool
    reasons: tuple[str, ...]
    remark: str
    note: str
    rules: tuple[str, ...]  # ids of the rules that it goes against
    event: CaseEvent


def first_paid_month() -> date:
    """Support begins with the month after the decision; a partial month counts nothing (DOMAIN §4, rounding)."""
    today = clock.today()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def benefit_from(case: Case, first_month: date) -> BenefitResult:
    """Amount and months if support began on that day: what is left of lease and contract shrinks while a case waits.

    What somebody is entitled to does not: it is that of the day on which they applied.
    """
    return statements.benefit_from(case, clock.local(case.submitted_at).date(), first_month)


def rules_against_approval(evaluation: Evaluation) -> tuple[Row, ...]:
    """The rules that an approval would go against: those not met."""
    return evaluation.rows_with(Answer.NOT_MET)


def rules_against_refusal(evaluation: Evaluation, reasons: Sequence[str]) -> tuple[Row, ...]:
    """The rules that a refusal would go against: all those of a chosen reason, when every one of them is met."""
    against: list[Row] = []
    for reason in dict.fromkeys(reasons):
        rows = [row for row in evaluation.rows if row.reason == reason]
        if rows and all(row.answer is Answer.MET for row in rows):
            against += rows
    return tuple(against)


def approve(officer: User, case: Case, version: int, note: str | None) -> None:
    """Decide for the applicant, with the benefit that the rules computed; against a rule, only propose it."""
    granted = _granted(case)
    against = check_approval(case, note)
    if not against:
        officer_step(officer, case, version, "approve", internal=noted(note), data=granted)
        outbox.publish(CaseDecided(case_id=case.id, outcome="approved"))
        return
    internal = noted(note) | {"rules": [row.rule for row in against]}
    officer_step(officer, case, version, "propose_approval", internal=internal)


def check_approval(case: Case, note: str | None) -> tuple[Row, ...]:
    """The rules that the approval goes against. Raises CaseProblem when it cannot be taken or lacks its reason."""
    decision, book = _granted(case), award_book()
    objections = book.objections(case, decision) if book is not None else []
    if objections:
        raise CaseProblem(" ".join(objections))
    against = rules_against_approval(statements.current_evaluation(case))
    if against and not (note or "").strip():
        raise CaseProblem(_("A rule is not met. Write why you approve nevertheless."))
    return against


def _granted(case: Case) -> dict[str, Any]:
    """What an approval grants, for the event. Raises CaseProblem when it cannot be computed."""
    first_month = first_paid_month()
    benefit = benefit_from(case, first_month)
    if benefit.missing:
        labels = [fact_dictionary()[key].label.in_(language()) for key in benefit.missing]
        raise CaseProblem(_("The amount is not known yet. Missing: %(facts)s.", facts=_(", ").join(labels)))
    if not benefit.known:
        raise CaseProblem(_("No month of support is left, so there is nothing to approve."))
    return {"benefit": benefit.model_dump(mode="json"), "first_month": first_month.isoformat()}


def refuse(officer: User, case: Case, version: int, reasons: Sequence[str], remark: str, note: str | None) -> None:
    """Decide against, with coded reasons of the scheme, each cited with its clause; against the rules, only propose it.

    ``remark`` is for the applicant; it is the reason when the rules say otherwise.
    """
    against = check_refusal(case, reasons, remark)
    data = {"reasons": list(dict.fromkeys(reasons)), "remark": remark.strip()}
    if not against:
        officer_step(officer, case, version, "refuse", internal=noted(note), data=data)
        outbox.publish(CaseDecided(case_id=case.id, outcome="refused"))
        return
    internal = noted(note) | data | {"rules": [row.rule for row in against]}
    officer_step(officer, case, version, "propose_refusal", internal=internal)


def check_refusal(case: Case, reasons: Sequence[str], remark: str) -> tuple[Row, ...]:
    """The rules that the refusal goes against. Raises CaseProblem without a reason of the scheme, or an explanation."""
    known = {reason.code for reason in case.application.scheme_version.definition().reasons}
    if not reasons or not set(reasons) <= known:
        raise CaseProblem(_("Choose at least one reason; the letter cites its clause."))
    against = rules_against_refusal(statements.current_evaluation(case), reasons)
    if against and not remark.strip():
        raise CaseProblem(_("The rules find this condition met. Explain to the applicant what you found instead."))
    return against


def proposal_of(case: Case) -> Proposal | None:
    """The proposal that waits for a second person, if one does."""
    event = case.events[-1]
    if case.status != "CONFIRMATION":
        return None
    said = event.internal
    return Proposal(
        approves=event.action == "propose_approval",
        reasons=tuple(said.get("reasons", ())),
        remark=said.get("remark", ""),
        note=said.get("note", ""),
        rules=tuple(said["rules"]),
        event=event,
    )


def confirm(officer: User, case: Case, version: int, note: str | None) -> None:
    """The second person agrees: the decision is taken as proposed, with the benefit as it is today."""
    proposal = _waiting(case)
    if proposal.approves:
        officer_step(officer, case, version, "confirm_approval", internal=noted(note), data=_granted(case))
        outbox.publish(CaseDecided(case_id=case.id, outcome="approved"))
        return
    data = {"reasons": list(proposal.reasons), "remark": proposal.remark}
    officer_step(officer, case, version, "confirm_refusal", internal=noted(note), data=data)
    outbox.publish(CaseDecided(case_id=case.id, outcome="refused"))


def send_back(officer: User, case: Case, version: int, reason: str) -> None:
    """The second person does not agree: the case waits for the decision again."""
    _waiting(case)
    if not reason.strip():
        raise CaseProblem(_("Write why you do not confirm it."))
    officer_step(officer, case, version, "send_back", internal=noted(reason))


def _waiting(case: Case) -> Proposal:
    proposal = proposal_of(case)
    if proposal is None:
        raise CaseProblem(_("This step is not possible in the case's present state."))
    return proposal
