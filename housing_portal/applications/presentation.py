"""Drafts in words: what to check, what to mend, what we know already. Plain rows for the templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from housing_portal.applications.models import Application, DraftPage
from housing_portal.applications.progress import DOCUMENTS, Progress, draft_values
from housing_portal.registry.queries import known_facts
from housing_portal.schemes.facts import display, fact_dictionary
from housing_portal.schemes.form_terms import Page
from housing_portal.schemes.rows_in_words import table_of


def offered_values(application: Application, page: Page) -> dict[str, tuple[Any, datetime]]:
    """What the person gave in an earlier application for the facts of this page, with its day."""
    known = known_facts(application.user_id)
    return {entry.fact: known[entry.fact] for entry in page.facts if entry.fact in known}


def account_values(application: Application) -> dict[str, Any]:
    """What the account itself says: name and e-mail, for the first application of a person or an agent."""
    user = application.user
    named = dict.fromkeys(("identity.name", "agent.name"), user.name)
    return named | dict.fromkeys(("identity.email", "agent.email"), user.email)


def correction_messages(application: Application, lang: str, page: Page | None = None) -> list[dict[str, str]]:
    """What the office asks to mend: kind, key, label, message; only those of one page if given."""
    facts = {entry.fact for entry in page.facts} if page else None
    titles = {d.slot: d.title.in_(lang) for d in application.scheme_version.definition().documents}
    rows = []
    for item in application.correction or []:
        if facts is not None and item["key"] not in facts:
            continue
        label = fact_dictionary()[item["key"]].label.in_(lang) if item["kind"] == "fact" else titles[item["key"]]
        rows.append({**item, "label": label})
    return rows


def differing_answers(page: Page, saved: DraftPage, given: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """Where another tab's saved page says something else than this one."""
    dictionary = fact_dictionary()
    return [
        {"label": dictionary[entry.fact].label.in_(lang), "saved": _shown(entry.fact, saved.answers, lang)}
        for entry in page.facts
        if saved.answers.get(entry.fact) != given.get(entry.fact)
    ]


def _shown(key: str, values: Mapping[str, Any], lang: str) -> str:
    return display(fact_dictionary()[key], values.get(key), lang) or _("Not given")


def answer_cards(application: Application, progress: Progress, lang: str) -> list[dict[str, Any]]:
    """The pages with every answer and a link to change it, for "check your answers"."""
    values = draft_values(application)
    dictionary = fact_dictionary()
    cards = []
    for state in progress.pages:
        code = state.page.code
        if code == DOCUMENTS:
            href = url_for("applications.documents", ref=application.ref)
            rows: list[dict[str, Any]] = [
                {
                    "key": document.document.title.in_(lang),
                    "value": "\n".join(upload.name for upload in document.uploads),
                    "href": f"{href}#slot-{document.document.slot}" if state.open else None,
                }
                for document in progress.documents
                if document.asked or document.uploads
            ]
        else:
            href = url_for("applications.page", ref=application.ref, code=code) + "?return=1"
            rows = [
                {
                    "key": dictionary[entry.fact].label.in_(lang),
                    "value": display(dictionary[entry.fact], values.get(entry.fact), lang),
                    "table": table_of(dictionary[entry.fact], values.get(entry.fact), lang),
                    "href": f"{href}#{entry.fact.replace('.', '-')}" if state.open else None,
                }
                for entry in state.page.facts
                if values.get(entry.fact) not in (None, "")
            ]
        cards.append({"title": state.page.title.in_(lang), "status": state.status, "rows": rows, "href": href})
    return cards
