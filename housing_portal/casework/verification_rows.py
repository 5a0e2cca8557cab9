"""Verified facts in words: declared and verified side by side, findings, and what the rules said before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from housing_portal.casework import statements
from housing_portal.casework.models import Case, CaseEvaluation, RegisterCheck, VerifiedFact
from housing_portal.core.i18n import day_and_time
from housing_portal.schemes.facts import Canonical, Origin, display, fact_dictionary
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.presentation import TraceRow, benefit_lines, trace_rows
from housing_portal.schemes.rules import Evaluation
from housing_portal.verification.adapters import subject_of
from housing_portal.verification.ports import KINDS, Gap, Outcome


@dataclass(frozen=True)
class FactRow:
    """One fact. ``state``: open (nobody vouches for it), agrees, differs, known (nothing was declared), earlier (said
    of an earlier answer)."""

    fact: str
    label: str
    declared: str
    verified: str
    source: str
    note: str
    state: str
    was_declared: bool


@dataclass(frozen=True)
class FactGroup:
    """The facts of one page of the application, or those that only registers know."""

    title: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True)
class FindingRow:
    """What a register answered about one fact. ``state``: agrees, differs, known, not_found, partly."""

    register: str
    label: str
    declared: str
    says: str
    as_of: str
    state: str
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class ChangedRule:
    """A rule whose answer an evaluation changed."""

    before: TraceRow
    after: TraceRow


@dataclass(frozen=True)
class ChangedLine:
    """A line of the benefit that an evaluation changed; empty where it was not there."""

    words: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One evaluation after the first: why it was made, and what became another."""

    cause: str
    when: str
    rules: tuple[ChangedRule, ...]
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True)
class Summary:
    """For the case page: of how many facts how many are verified, and which differ."""

    needed: int
    verified: int
    differing: tuple[FactRow, ...]


def source_words(source: str, lang: str) -> str:
    """Who said it: an officer, or the name of a register."""
    return KINDS[source].words.in_(lang) if source in KINDS else _("Officer")


def shown(fact: str, value: Canonical, lang: str) -> str:
    """A canonical value for a reader who has not unmasked anything."""
    return display(fact_dictionary()[fact], value, lang, masked=True)


def fact_rows(case: Case, held: Mapping[str, VerifiedFact], lang: str) -> dict[str, FactRow]:
    """A row for each fact that can be verified, in the order of the pages."""
    definition = case.application.scheme_version.definition()
    declared = statements.declared_values(case)
    effective = declared | {fact: statement.value for fact, statement in held.items()}
    rows = {}
    for key in statements.verifiable(definition):
        statement, answer = held.get(key), declared.get(key)
        rows[key] = FactRow(
            fact=key,
            label=fact_dictionary()[key].label.in_(lang),
            declared=shown(key, answer, lang),
            verified=shown(key, statement.value, lang) if statement else "",
            source=_source(statement, lang) if statement else "",
            note=statement.note if statement else "",
            state=_state(key, statement, answer, effective),
            was_declared=answer not in (None, ""),
        )
    return rows


def _source(statement: VerifiedFact, lang: str) -> str:
    words = source_words(statement.source, lang)
    if statement.as_of is not None:
        return _("%(register)s, as of %(day)s", register=words, day=format_date(statement.as_of, "medium"))
    return f"{words} {statement.by.name}, {day_and_time(statement.at)}"


def _state(
    key: str, statement: VerifiedFact | None, answer: Canonical, effective: Mapping[str, Any]
) -> str:
    if statement is None:
        return "open"
    another = statement.subject is not None and statement.subject != subject_of(
        KINDS[statement.source], key, effective
    )
    if another or statements.differs(key, statement.declared, answer):
        return "earlier"
    if answer in (None, ""):
        return "known"
    return "differs" if statements.differs(key, statement.value, answer) else "agrees"


def fact_groups(
    definition: SchemeDefinition, rows: Mapping[str, FactRow], wanted: Iterable[str], lang: str
) -> list[FactGroup]:
    """The wanted facts page by page; unanswered ones only when somebody vouches for them."""
    keys = set(wanted)
    pages = [(page.title, [entry.fact for entry in page.facts]) for page in definition.pages]
    asked = {key for _title, facts in pages for key in facts}
    groups = []
    for title, facts in pages:
        found = [rows[key] for key in facts if key in keys and (rows[key].was_declared or rows[key].verified)]
        if found:
            groups.append(FactGroup(title.in_(lang), tuple(found)))
    unasked = [row for key, row in rows.items() if key in keys and key not in asked]
    followed = tuple(row for row in unasked if fact_dictionary()[row.fact].source is Origin.DERIVED)
    only_office = tuple(row for row in unasked if row not in followed)
    if followed:
        groups.append(FactGroup(_("Worked out from the answers"), followed))
    if only_office:
        groups.insert(0, FactGroup(_("Known only to the office"), only_office))
    return groups


def summary(case: Case, rows: Mapping[str, FactRow]) -> Summary:
    """How far the verification is."""
    definition = case.application.scheme_version.definition()
    wanted = statements.needed(definition)
    relevant = [row for key, row in rows.items() if key in wanted and (row.was_declared or not _asked(definition, key))]
    return Summary(
        needed=len(relevant),
        verified=sum(row.state in ("agrees", "differs", "known") for row in relevant),
        differing=tuple(row for row in rows.values() if row.state in ("differs", "earlier")),
    )


def _asked(definition: SchemeDefinition, key: str) -> bool:
    return any(fact.key == key for fact in definition.asked())


def notes(rows: Mapping[str, FactRow]) -> dict[str, str]:
    """Fact → what is said of the answer, for the list of answers."""
    words = {
        "agrees": lambda row: _("Verified: %(source)s", source=row.source),
        "differs": lambda row: _("Differs. Verified: %(value)s (%(source)s)", value=row.verified, source=row.source),
        "earlier": lambda row: _(
            "Verified for the earlier answer: %(value)s (%(source)s)", value=row.verified, source=row.source
        ),
    }
    return {key: words[row.state](row) for key, row in rows.items() if row.state in words}


def finding_rows(case: Case, check: RegisterCheck | None, lang: str) -> list[FindingRow]:
    """The answers of one look into the registers, beside what is declared now."""
    declared = statements.declared_values(case)
    return [_finding(found, declared, lang) for found in (check.findings if check else [])]


def _finding(found: Mapping[str, Any], declared: Mapping[str, Any], lang: str) -> FindingRow:
    key, answer = found["fact"], declared.get(found["fact"])
    state = found["outcome"]
    if state == Outcome.FOUND:
        state = "differs" if statements.differs(key, found["value"], answer) else "agrees"
        state = "known" if answer in (None, "") else state
    gaps = {
        Gap.SPOUSE_NOT_FOUND: _("The register does not know everybody of the household."),
        Gap.SPOUSE_HAS_NOT_AGREED: _("The spouse has not agreed to the checks and was left out."),
        Gap.CHILDREN_HAVE_NO_NUMBER: _("The children are not covered: the application does not ask their numbers."),
    }
    return FindingRow(
        register=source_words(found["register"], lang),
        label=fact_dictionary()[key].label.in_(lang),
        declared=shown(key, answer, lang),
        says=shown(key, found["value"], lang),
        as_of=format_date(date.fromisoformat(found["as_of"]), "medium") if found["as_of"] else "",
        state=state,
        gaps=tuple(gaps[Gap(gap)] for gap in found["gaps"]),
    )


def changes(case: Case, evaluations: Sequence[CaseEvaluation], lang: str) -> list[Change]:
    """What each evaluation changed, the latest first. The first one is compared with what was handed in."""
    causes = {
        "statement": _("An officer verified a fact"),
        "registers": _("The registers were checked"),
        "correction": _("A correction arrived"),
    }
    before = {s.number: s.evaluation for s in case.application.submissions}
    last = Evaluation.model_validate(before[evaluations[0].submission_number]) if evaluations else None
    if evaluations and evaluations[0].cause == "correction":
        last = Evaluation.model_validate(before[evaluations[0].submission_number - 1])
    found = []
    for kept in evaluations:
        now = Evaluation.model_validate(kept.evaluation)
        if last is not None:
            found.append(Change(causes[kept.cause], day_and_time(kept.at), *_compared(last, now, lang)))
        last = now
    return found[::-1]


def _compared(
    before: Evaluation, after: Evaluation, lang: str
) -> tuple[tuple[ChangedRule, ...], tuple[ChangedLine, ...]]:
    was = {row.rule: row for row in before.rows}
    changed = [row for row in after.rows if row.rule in was and was[row.rule].answer is not row.answer]
    old = trace_rows([was[row.rule] for row in changed], lang)
    new = trace_rows(changed, lang)
    rules = tuple(ChangedRule(one, other) for one, other in zip(old, new, strict=True))
    earlier = {line["key"]: line["value"] for line in benefit_lines(before.benefit, lang)}
    later = {line["key"]: line["value"] for line in benefit_lines(after.benefit, lang)}
    lines = tuple(
        ChangedLine(key, earlier.get(key, ""), later.get(key, ""))
        for key in dict.fromkeys([*earlier, *later])
        if earlier.get(key) != later.get(key)
    )
    return rules, lines
