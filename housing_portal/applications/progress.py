"""How far an application has come: which pages and documents are done, asked, and open for changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from housing_portal.applications.models import Application, Upload
from housing_portal.core import clock
from housing_portal.schemes.derived import with_derived
from housing_portal.schemes.expressions import Answer, compile_expression
from housing_portal.schemes.facts import Value, typed_facts
from housing_portal.schemes.form_terms import Document, Page
from housing_portal.schemes.language import SchemeDefinition

DOCUMENTS = "documents"  # the page whose questions are files


@dataclass(frozen=True)
class DocumentState:
    """A document of the scheme, with what was handed over for it. One that is asked may still be optional."""

    document: Document
    uploads: tuple[Upload, ...]
    asked: bool

    @property
    def complete(self) -> bool:
        """Enough files, or none needed."""
        return not self.asked or len(self.uploads) >= self.document.least


@dataclass(frozen=True)
class PageState:
    """A page and how far it is: not_started, in_progress or complete; ``open`` when it may be changed now."""

    page: Page
    status: str
    open: bool


@dataclass(frozen=True)
class Progress:
    """The whole task list."""

    pages: tuple[PageState, ...]
    documents: tuple[DocumentState, ...]

    @property
    def complete(self) -> bool:
        """Nothing required is missing."""
        return all(state.status == "complete" for state in self.pages)

    def missing(self) -> list[PageState]:
        """Pages that keep the application from being handed in."""
        return [state for state in self.pages if state.status != "complete"]

    def page(self, code: str) -> PageState | None:
        """The state of one page."""
        return next((state for state in self.pages if state.page.code == code), None)

    def next_open(self, after: str) -> PageState | None:
        """The page to go on with."""
        codes = [state.page.code for state in self.pages]
        later = self.pages[codes.index(after) + 1 :]
        return next((state for state in later if state.open), None)


def draft_values(application: Application) -> dict[str, Any]:
    """Fact → canonical value over all pages, as saved."""
    return {fact: value for page in application.pages for fact, value in page.answers.items()}


def current_uploads(application: Application) -> list[Upload]:
    """Files that were not removed."""
    return [upload for upload in application.uploads if upload.removed_at is None]


def progress_of(application: Application) -> Progress:
    """Where the application stands, by its own scheme version."""
    definition = application.scheme_version.definition()
    values = with_derived(typed_facts(draft_values(application)), clock.today())
    documents = _documents(definition, values, current_uploads(application))
    saved = {page.page: page for page in application.pages}
    opened = _opened_pages(application, definition)
    states = []
    for page in definition.pages:
        row = saved.get(page.code)
        if page.code == DOCUMENTS:
            status = _documents_status(documents)
        elif row is None:
            status = "not_started"
        else:
            done = row.complete and not missing_facts(page, values)
            status = "complete" if done else "in_progress"
        states.append(PageState(page, status, opened is None or page.code in opened))
    return Progress(tuple(states), documents)


def holds(condition: str, values: Mapping[str, Value | None]) -> bool:
    """Whether a page's or document's condition is met by the typed values, as far as they are known."""
    return compile_expression(condition).answer(values) is Answer.MET


def missing_facts(page: Page, values: Mapping[str, Value | None]) -> list[str]:
    """Required facts of a page without a value; answers on other pages may have made them required."""
    return [
        entry.fact
        for entry in page.facts
        if entry.required and (entry.when is None or holds(entry.when, values)) and values.get(entry.fact) in (None, "")
    ]


def _documents(
    definition: SchemeDefinition, values: Mapping[str, Value | None], uploads: list[Upload]
) -> tuple[DocumentState, ...]:
    return tuple(
        DocumentState(
            document,
            tuple(upload for upload in uploads if upload.slot == document.slot),
            document.when is None or holds(document.when, values),
        )
        for document in definition.documents
    )


def _documents_status(documents: tuple[DocumentState, ...]) -> str:
    if all(state.complete for state in documents):
        return "complete"
    return "in_progress" if any(state.uploads for state in documents) else "not_started"


def _opened_pages(application: Application, definition: SchemeDefinition) -> set[str] | None:
    """None: all pages are open (a draft). Submitted: none. Correcting: those that hold what must be mended."""
    if application.state == "draft":
        return None
    if application.correction is None:
        return set()
    named = {item["key"] for item in application.correction if item["kind"] == "fact"}
    opened = {page.code for page in definition.pages if named & {entry.fact for entry in page.facts}}
    if any(item["kind"] == "document" for item in application.correction):
        opened.add(DOCUMENTS)
    return opened
