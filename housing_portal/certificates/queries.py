"""Reads of certificates: for the verification page, for downloads, for other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from housing_portal.certificates.models import Paper
from housing_portal.certificates.rules import Standing, standing
from housing_portal.core import clock
from housing_portal.core.db import db
from housing_portal.core.identifiers import mask_name


@dataclass(frozen=True)
class PaperRow:
    """A paper in a list. ``url_for("certificates.download", code=row.code)`` is the owner's link to the file.

    ``certificates.staff_download`` is the officer's; ``verify_code``, with serial and code, everybody's page.
    """

    id: int
    kind: str
    edition: int
    serial: str
    code: str
    state: str
    issued_at: datetime
    valid_from: date | None
    valid_to: date | None


def papers_of_case(case_id: int) -> list[PaperRow]:
    """Every paper of a case, the newest first. The caller has loaded the case in the actor's scope."""
    columns = [getattr(Paper, name) for name in PaperRow.__dataclass_fields__]
    rows = db.session.execute(
        select(*columns).where(Paper.case_id == case_id).order_by(Paper.issued_at.desc(), Paper.id.desc())
    )
    return [PaperRow(*row) for row in rows]


@dataclass(frozen=True)
class PublicPaper:
    """What anybody who holds the paper may see of the record. A person's name is masked, a company's is public."""

    kind: str
    serial: str
    code: str
    holder: str
    company: bool
    content: dict[str, Any]
    content_hash: str
    issued_on: date
    valid_from: date | None
    valid_to: date | None
    standing: Standing
    reason: str | None


# Of the recorded content, what the public page shows: no reasons, no documents, no number of the person.
PUBLIC_CONTENT = (
    "scheme",
    "district",
    "office",
    "legal_basis",
    "amount",
    "period",
    "benefit_lines",
    "sample",
)


def public_paper(serial: str, code: str) -> PublicPaper | None:
    """The recorded paper, when serial *and* code are right; one look-up, so both mistakes answer alike."""
    paper = db.session.scalars(select(Paper).where(Paper.serial == serial, Paper.code == code)).one_or_none()
    if paper is None:
        return None
    holder = paper.context["holder"]
    changed_on = clock.local(paper.changed_at).date() if paper.changed_at else None
    return PublicPaper(
        kind=paper.kind,
        serial=paper.serial,
        code=paper.code,
        holder=holder["name"] if holder["company"] else mask_name(holder["name"]),
        company=holder["company"],
        content={key: paper.context.get(key) for key in PUBLIC_CONTENT},
        content_hash=paper.content_hash,
        issued_on=clock.local(paper.issued_at).date(),
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        standing=standing(paper.state, changed_on, paper.valid_from, paper.valid_to, clock.today()),
        reason=paper.reason,
    )


@dataclass(frozen=True)
class PaperFile:
    """Where a paper's file is, and the name that it is downloaded under."""

    paper_id: int
    file_sha256: str
    name: str


def paper_file(code: str, scope: ColumnElement[bool]) -> PaperFile | None:
    """The file of a paper, looked up *within* what the person may see; None for anything else."""
    row = db.session.execute(
        select(Paper.id, Paper.file_sha256, Paper.serial).where(Paper.code == code, scope)
    ).one_or_none()
    return None if row is None else PaperFile(row.id, row.file_sha256, f"{row.serial}.pdf")
