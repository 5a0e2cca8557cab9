"""A draft that was begun under an older version of its scheme: what changed, and going on under the present one."""

from __future__ import annotations

from dataclasses import dataclass

from housing_portal.applications.models import Application, DraftPage
from housing_portal.core import audit, clock
from housing_portal.core.db import db
from housing_portal.schemes import queries as schemes
from housing_portal.schemes.differences import differences
from housing_portal.schemes.models import SchemeVersion


class Unconfirmed(Exception):
    """The scheme has changed since the draft was begun, and the person has not confirmed it yet."""


class VersionPassed(Exception):
    """The version that was confirmed is no longer the present one: the person must see the new differences."""


@dataclass(frozen=True)
class NewerVersion:
    """The version in force, and what differs from the one that the draft was begun under, in words."""

    version: SchemeVersion
    changes: tuple[str, ...]


def newer_version(application: Application, language: str) -> NewerVersion | None:
    """For a draft (never handed in) that is not bound to the version in force; None when nothing must be confirmed.

    A scheme that is withdrawn or over has no version in force: what was begun goes on as it was.
    """
    if application.state != "draft":
        return None
    bound, present = application.scheme_version, schemes.current_version(application.scheme_code)
    if present is None or present.id == bound.id or present.number < bound.number:
        return None
    found = differences(bound.definition(), present.definition())
    told = [one.in_words(language) for one in found if one.concerns_applicants and one.visible(language)]
    return NewerVersion(present, tuple(told))


def require_present_version(application: Application) -> None:
    """Nothing is sent under rules that the person has not read. Raises Unconfirmed."""
    if newer_version(application, "en") is not None:
        raise Unconfirmed(application.ref)


def confirm(application: Application, version_number: int) -> None:
    """Go on under the version in force. Every answer and file whose question still exists is kept where it is asked.

    Raises VersionPassed when another version came into force since the person read the differences.
    """
    newer = newer_version(application, "en")
    if newer is None:
        return
    if newer.version.number != version_number:
        raise VersionPassed
    before = application.scheme_version.number
    _move_answers(application, newer.version)
    application.scheme_version, application.saved_at = newer.version, clock.now()
    audit.record(
        f"application:{application.id}", "version_confirmed", application.user_id, before=before, after=version_number
    )


def _move_answers(application: Application, version: SchemeVersion) -> None:
    """An answer whose question moved to another page goes with it; what is not asked any more is let go."""
    definition = version.definition()
    answers = {fact: value for page in application.pages for fact, value in page.answers.items()}
    saved = {page.page: page for page in application.pages}
    for page in definition.pages:
        kept = {entry.fact: answers[entry.fact] for entry in page.facts if entry.fact in answers}
        row = saved.pop(page.code, None)
        if row is not None:
            row.answers = kept
        elif kept:
            moment = clock.now()
            row = DraftPage(page=page.code, typed={}, answers=kept, complete=False, saved_at=moment)
            application.pages.append(row)
    for row in saved.values():
        application.pages.remove(row)
    slots = {document.slot for document in definition.documents}
    for upload in application.uploads:
        if upload.slot not in slots and upload.removed_at is None:
            upload.removed_at = clock.now()
    db.session.flush()
