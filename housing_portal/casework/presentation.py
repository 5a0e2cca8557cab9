"""Cases in words: timelines, answers, differences. Plain rows for the templates; no database here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from housing_portal.applications.lookups import PREMISES, FoundElsewhere
from housing_portal.applications.models import Application, Submission
from housing_portal.casework.models import Case, CaseEvent, VerifiedFact
from housing_portal.casework.queries import ACTOR_WORDS
from housing_portal.casework.workflow import Workflow, load_workflow
from housing_portal.core import clock
from housing_portal.core.i18n import day_and_time
from housing_portal.core.ids import grouped
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.facts import display, fact_dictionary
from housing_portal.schemes.grants import granted
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.rows_in_words import RowsTable, row_changes, table_of

TONES = {"APPROVED": "success", "REFUSED": "danger", "LAPSED": "danger", "CORRECTION": "action"}


def granted_words(approval: CaseEvent, lang: str) -> list[str]:
    """What an approval grants, sentence by sentence."""
    return [words.in_(lang) for words in granted(BenefitResult.model_validate(approval.data["benefit"]))]


def elsewhere_rows(
    found: Iterable[FoundElsewhere], lang: str, readable: frozenset[int] | None
) -> list[dict[str, str | None]]:
    """Other applications that share something, with what they share.

    ``readable``: ids of the districts whose cases the reader may open (None: all); elsewhere a reference is cut short.
    """
    dictionary = fact_dictionary()
    rows = []
    for one in found:
        names = [
            " ".join(
                [
                    _("the premises") if kind == PREMISES else dictionary[kind].label.in_(lang),
                    *([one.values[kind]] if kind in one.values else []),
                ]
            )
            for kind in one.kinds
        ]
        other = one.application
        may_open = other.state != "draft" and (readable is None or other.district_id in readable)
        rows.append(
            {
                "shared": ("、" if lang == "zh" else ", ").join(names),
                "scheme": other.scheme_version.definition().title.in_(lang),
                "district": other.district.name(lang),
                "day": format_date(other.created_at, "short"),
                "reference": grouped(other.ref) if may_open else f"{other.ref[:5]}…",
                "href": url_for("staff.case", ref=other.ref) if may_open else None,
            }
        )
    return rows


@dataclass(frozen=True)
class TimelineRow:
    """One entry of a timeline, past or (``future``) next."""

    title: str
    when: str
    who: str
    body: str = ""
    future: bool = False
    tone: str = ""


@dataclass(frozen=True)
class AnswerRow:
    """One answer as an officer reads it."""

    key: str
    value: str
    fact: str
    note: str = ""  # what an officer or a register says of it
    table: RowsTable | None = None  # the rows, when the answer is a list


@dataclass(frozen=True)
class AnswerGroup:
    """The answers of one page."""

    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class Difference:
    """What a correction changed in one fact, document or row of a list; ``kind`` says it of a row: added, removed or
    changed."""

    label: str
    before: str
    after: str
    kind: str = ""


def own_row(application: Application, case: Case | None, lang: str) -> dict[str, Any]:
    """One line of a person's list: title, status, what comes next."""
    row: dict[str, Any] = {
        "application": application,
        "title": application.scheme_version.definition().title.in_(lang),
        "district": application.district.name(lang),
    }
    if case is None:
        href = url_for("applications.overview", ref=application.ref)
        return row | {"href": href, "status": "draft", "status_text": _("Draft"), "next": _("Not sent yet.")}
    workflow = load_workflow(case.workflow)
    shown = workflow.seen_by_applicant(case.status)
    state = workflow.states[shown]
    following = ""
    if state.actor is not None and case.due_on is not None:
        following = _("Next: %(who)s, %(when)s", who=ACTOR_WORDS[state.actor][lang], when=_when_due(case, state.actor))
    return row | {
        "href": url_for("casework.status", ref=application.ref),
        "status": shown.lower(),
        "status_text": state.name.in_language(lang),
        "next": following,
    }


def _when_due(case: Case, actor: str) -> str:
    """By when, for the applicant; an office that is late is told to be late."""
    if case.due_on is None:
        return ""
    if actor == "applicant" or case.due_on >= clock.today():
        return _("by %(day)s", day=format_date(case.due_on, "long"))
    if case.decide_by >= clock.today():
        latest = format_date(case.decide_by, "long")
        return _("later than planned; the decision comes by %(day)s at the latest", day=latest)
    return _("later than planned")


def found_otherwise(statements: Iterable[VerifiedFact], lang: str) -> list[Difference]:
    """What the office found to be other than stated: why an amount is not what was expected."""
    dictionary = fact_dictionary()
    return [
        Difference(
            dictionary[one.fact].label.in_(lang),
            display(dictionary[one.fact], one.declared, lang, masked=True),
            display(dictionary[one.fact], one.value, lang, masked=True),
        )
        for one in statements
        if one.declared is not None and one.declared != one.value
    ]


def timeline(case: Case, lang: str, *, for_staff: bool) -> list[TimelineRow]:
    """What happened, and who must act next by when. Applicants see roles, never names or internal notes."""
    workflow = load_workflow(case.workflow)
    told = [event for event in case.events if for_staff or not workflow.actions[event.action].internal]
    rows = [_past(event, workflow, lang, for_staff, case) for event in told]
    state = workflow.states[case.status]
    if state.actor is not None and case.due_on is not None:
        rows.append(
            TimelineRow(
                title=state.public.in_language(lang),
                when=format_date(case.due_on, "long") if for_staff else _when_due(case, state.actor),
                who=ACTOR_WORDS[state.actor][lang],
                future=True,
            )
        )
    return rows


def _past(event: CaseEvent, workflow: Workflow, lang: str, for_staff: bool, case: Case) -> TimelineRow:
    who = ACTOR_WORDS[event.role][lang]
    if for_staff and event.actor is not None:
        who = f"{event.actor.name} · {who}"
    return TimelineRow(
        title=workflow.actions[event.action].words.in_language(lang),
        when=day_and_time(event.at),
        who=who,
        body="\n".join(_body(event, case, lang, for_staff)),
        tone=TONES.get(event.to_status, ""),
    )


def _body(event: CaseEvent, case: Case, lang: str, for_staff: bool) -> list[str]:
    definition = case.application.scheme_version.definition()
    lines = [f"{item_label(definition, item, lang)}: {item['message']}" for item in event.data.get("items", [])]
    said = event.data | (event.internal if for_staff else {})  # a refusal that is only proposed is internal
    lines += reason_lines(definition, said.get("reasons", []), lang)
    if said.get("remark"):
        lines.append(said["remark"])
    if for_staff and event.internal:
        recommendation = event.internal.get("recommendation")
        if recommendation:
            lines.append(_("Recommends approval") if recommendation == "approve" else _("Recommends refusal"))
        if event.internal.get("note"):
            lines.append(event.internal["note"])
    return lines


def reason_lines(definition: SchemeDefinition, codes: Iterable[str], lang: str) -> list[str]:
    """Coded reasons of refusal in words, each with its clause."""
    reasons = {reason.code: reason for reason in definition.reasons}
    return [f"{reasons[code].words.in_(lang)} ({reasons[code].clause.in_(lang)})" for code in codes]


def item_label(definition: SchemeDefinition, item: Mapping[str, str], lang: str) -> str:
    """The words for a fact or document of a correction."""
    if item["kind"] == "fact":
        return fact_dictionary()[item["key"]].label.in_(lang)
    titles = {document.slot: document.title.in_(lang) for document in definition.documents}
    return titles.get(item["key"], item["key"])


def answer_groups(
    definition: SchemeDefinition,
    values: Mapping[str, Any],
    lang: str,
    *,
    masked: bool,
    notes: Mapping[str, str] | None = None,
) -> list[AnswerGroup]:
    """Everything that was answered, page by page; sensitive values masked unless the reader unmasked them.

    ``notes`` say by fact what was verified.
    """
    dictionary = fact_dictionary()
    groups = []
    for page in definition.pages:
        rows = tuple(
            AnswerRow(
                key=fact.label.in_(lang),
                value=display(fact, values[fact.key], lang, masked=masked),
                fact=fact.key,
                note=(notes or {}).get(fact.key, ""),
                table=table_of(fact, values[fact.key], lang, masked=masked),
            )
            for fact in (dictionary[entry.fact] for entry in page.facts)
            if values.get(fact.key) not in (None, "")
        )
        if rows:
            groups.append(AnswerGroup(page.title.in_(lang), rows))
    return groups


def differences(definition: SchemeDefinition, before: Submission, after: Submission, lang: str) -> list[Difference]:
    """Field by field, row by row and document by document, what the later submission changed."""
    old, new = before.values(), after.values()
    rows = []
    for fact in definition.asked():
        was, now = old.get(fact.key), new.get(fact.key)
        if was != now and fact.columns:
            label = fact.label.in_(lang)
            changes = row_changes(fact, was, now, lang)
            rows += [Difference(label, one.before or "", one.after or "", one.kind) for one in changes]
        elif was != now:
            rows.append(
                Difference(
                    fact.label.in_(lang),
                    display(fact, was, lang, masked=True),
                    display(fact, now, lang, masked=True),
                )
            )
    for document in definition.documents:
        names = [[d for d in s.documents if d["slot"] == document.slot] for s in (before, after)]
        if [d["sha256"] for d in names[0]] != [d["sha256"] for d in names[1]]:
            shown = [", ".join(d["name"] for d in files) for files in names]
            rows.append(Difference(document.title.in_(lang), *shown))
    return rows
