"""Commands on papers: issue one, revoke one. Nothing here commits; the job or the command line does."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from housing_portal.casework.queries import CaseForPaper
from housing_portal.certificates import serials
from housing_portal.certificates.context import Stamp, build
from housing_portal.certificates.events import PaperIssued
from housing_portal.certificates.models import CERTIFICATE, REFUSAL, Paper
from housing_portal.certificates.render import render
from housing_portal.certificates.rules import NEW_DECISION, REVOCATION_REASONS, granted_period
from housing_portal.core import audit, clock, storage
from housing_portal.core.crypto import canonical_json, sha256_hex
from housing_portal.core.db import db
from housing_portal.core.ids import new_reference
from housing_portal.core.outbox import publish
from housing_portal.core.web import absolute_url

DECISION_PAPERS = (CERTIFICATE, REFUSAL)


class CannotRevoke(Exception):
    """There is no valid paper with that serial number, or no such reason."""


def issue(kind: str, edition: int, case: CaseForPaper) -> Paper:
    """Number, render and store a paper; one that exists for this occasion already is returned as it is.

    A paper of a decision supersedes the paper of an earlier decision in the same case.
    Raises PaperTooLong, and what core.pdf.render raises; the job is then tried again and stays visible.
    """
    occasion = {"case_id": case.case_id, "kind": kind, "edition": edition}
    existing = db.session.scalars(select(Paper).filter_by(**occasion)).one_or_none()
    if existing is not None:
        return existing
    issued_at = clock.now()
    year = clock.local(issued_at).year
    serial, code = serials.draw(case.district_id, case.district_code, kind, year), new_reference()
    stamp = Stamp(
        serial=serial,
        code=code,
        verify_url=absolute_url("certificates.verify_code", serial=serial, code=code),
        issued_at=issued_at,
        sample=current_app.config["SETTINGS"].sample,
    )
    context = build(kind, case, stamp)
    valid_from, valid_to = _validity(kind, case, clock.local(issued_at).date())
    paper = Paper(
        **occasion,
        application_id=case.application_id,
        user_id=case.user_id,
        district_id=case.district_id,
        serial=serial,
        code=code,
        context=context,
        content_hash=sha256_hex(canonical_json(context)),
        file_sha256=storage.put(render(kind, context)),
        issued_at=issued_at,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    if kind in DECISION_PAPERS:
        _supersede_earlier(case.case_id)
    db.session.add(paper)
    db.session.flush()
    _record(paper, "paper.issued", None)
    publish(PaperIssued(paper_id=paper.id, case_id=paper.case_id, kind=kind, user_id=paper.user_id))
    return paper


def _validity(kind: str, case: CaseForPaper, today: date) -> tuple[date | None, date | None]:
    """A certificate covers the granted months, or runs from its issue; other papers have no period."""
    if kind != CERTIFICATE:
        return None, None
    first, last = granted_period(case.first_month, case.months)
    return first or today, last


def _supersede_earlier(case_id: int) -> None:
    earlier = db.session.scalars(
        select(Paper).where(Paper.case_id == case_id, Paper.kind.in_(DECISION_PAPERS), Paper.state == "valid")
    ).all()
    for paper in earlier:
        paper.state, paper.reason, paper.changed_at = "superseded", NEW_DECISION, clock.now()
        _record(paper, "paper.superseded", None, reason=NEW_DECISION)


def revoke(serial: str, reason: str, actor_id: int | None) -> None:
    """Withdraw a valid paper, for one of ``rules.REVOCATION_REASONS``. Raises CannotRevoke."""
    if reason not in REVOCATION_REASONS:
        raise CannotRevoke(f"unknown reason: {reason}")
    changed = db.session.execute(
        update(Paper)
        .where(Paper.serial == serials.normalise(serial), Paper.state == "valid")
        .values(state="revoked", reason=reason, changed_at=clock.now())
        .returning(Paper.id)
    ).scalar_one_or_none()
    if changed is None:
        raise CannotRevoke(f"no valid paper has the serial number {serial}")
    _record(db.session.get_one(Paper, changed), "paper.revoked", actor_id, reason=reason)


def _record(paper: Paper, action: str, actor_id: int | None, **data: Any) -> None:
    audit.record(f"case:{paper.case_id}", action, actor_id, serial=paper.serial, kind=paper.kind, **data)
