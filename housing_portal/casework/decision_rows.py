"""Decisions in words, before they are taken: what they do, what they go against, what the applicant will read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from housing_portal.casework import clocks, decisions, statements
from housing_portal.casework.models import Case
from housing_portal.casework.presentation import item_label, reason_lines
from housing_portal.casework.service import CorrectionAsked
from housing_portal.casework.steps import workflow_of
from housing_portal.core import clock
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.policy_terms import PaperKind
from housing_portal.schemes.presentation import LineRow, TraceRow, benefit_lines, trace_rows
from housing_portal.schemes.rules import Evaluation, Row


@dataclass(frozen=True)
class ProposalRow:
    """A decision against a rule, as the second person reads it."""

    approves: bool
    reasons: tuple[str, ...]
    remark: str
    note: str
    against: list[TraceRow]
    who: str
    when: datetime


@dataclass(frozen=True)
class LinkRow:
    """Something that must be done first, and where."""

    label: str
    href: str


@dataclass(frozen=True)
class Effects:
    """What a step will do. ``read``: the applicant's letter, line by line. ``open_rules``: nobody checked these yet."""

    lines: tuple[LineRow, ...]
    read_title: str
    read: tuple[str, ...]
    internal_note: str
    against: list[TraceRow]
    open_rules: list[TraceRow]


def proposal(case: Case, evaluation: Evaluation, lang: str) -> ProposalRow | None:
    """The proposal that waits, with the rules that it goes against as they stand now."""
    found = decisions.proposal_of(case)
    if found is None:
        return None
    definition = case.application.scheme_version.definition()
    return ProposalRow(
        approves=found.approves,
        reasons=tuple(reason_lines(definition, found.reasons, lang)),
        remark=found.remark,
        note=found.note,
        against=trace_rows([row for row in evaluation.rows if row.rule in found.rules], lang),
        who=found.event.actor.name if found.event.actor else "",
        when=found.event.at,
    )


def missing_for_amount(case: Case, benefit: BenefitResult, lang: str) -> list[LinkRow]:
    """The facts without which the amount is not known, each with the page on which it is stated."""
    statable = statements.verifiable(case.application.scheme_version.definition())
    rows = []
    for key in benefit.missing:
        href = url_for("verification.page", ref=case.application.ref)
        if key in statable:
            href = url_for("verification.fact", ref=case.application.ref, fact=key)
        rows.append(LinkRow(fact_dictionary()[key].label.in_(lang), href))
    return rows


def of_approval(case: Case, note: str, lang: str) -> Effects:
    """Amount, months and first month. Raises CaseProblem when the approval cannot be taken."""
    against = decisions.check_approval(case, note)
    evaluation = statements.current_evaluation(case)
    first_month = decisions.first_paid_month()
    words = case.application.scheme_version.definition().papers[PaperKind.CERTIFICATE]
    start = LineRow(key=_("First month"), value=format_date(first_month, "MMMM yyyy" if lang == "en" else "yyyy年M月"))
    return Effects(
        lines=(start, *benefit_lines(decisions.benefit_from(case, first_month), lang)),
        read_title=words.title.in_(lang),
        read=(words.body.in_(lang),),
        internal_note=note,
        against=trace_rows(against, lang),
        open_rules=_open(evaluation, lang),
    )


def of_refusal(case: Case, reasons: Sequence[str], remark: str, lang: str) -> Effects:
    """The reasons with their clauses. Raises CaseProblem when the refusal cannot be taken."""
    against = decisions.check_refusal(case, reasons, remark)
    definition = case.application.scheme_version.definition()
    words = definition.papers[PaperKind.REFUSAL]
    remedies = _("The letter also names both remedies: reconsideration within 60 days, or a lawsuit within 6 months.")
    read = [words.body.in_(lang), *reason_lines(definition, reasons, lang), remark.strip(), remedies]
    return Effects(
        lines=(),
        read_title=words.title.in_(lang),
        read=tuple(line for line in read if line),
        internal_note="",
        against=trace_rows(against, lang),
        open_rules=[],
    )


def of_correction(case: Case, items: Iterable[CorrectionAsked], lang: str) -> Effects:
    """Everything that is asked, and until when."""
    definition = case.application.scheme_version.definition()
    due = clocks.due_on(workflow_of(case), definition.clocks, "CORRECTION", clock.today())
    words = definition.papers[PaperKind.CORRECTION]
    until = LineRow(key=_("The applicant has time until"), value=format_date(due, "long"))
    asked = [f"{item_label(definition, {'kind': i.kind, 'key': i.key}, lang)}: {i.message}" for i in items]
    return Effects(
        lines=(until, LineRow(key=_("Asked"), value=_("Once. A second correction is not possible."))),
        read_title=words.title.in_(lang),
        read=(words.body.in_(lang), *asked),
        internal_note="",
        against=[],
        open_rules=[],
    )


def _open(evaluation: Evaluation, lang: str) -> list[TraceRow]:
    rows: list[Row] = [row for row in evaluation.rows if row.answer == "needs_review"]
    return trace_rows(rows, lang)
