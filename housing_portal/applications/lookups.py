"""Numbers and places by which the same person, company, invoice or premises is found in another application.

Only keyed hashes are kept. That something is found elsewhere is a hint for an officer, never a refusal by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from housing_portal.applications.models import Application, IdentifierHash
from housing_portal.core.crypto import keyed_hash
from housing_portal.core.db import db
from housing_portal.core.identifiers import tidy_name

FACTS = (
    "identity.name",
    "identity.document_number",
    "identity.mobile",
    "household.spouse_document_number",
    "lease.landlord_id_number",
    "lease.landlord_uscc",
    "lease.filing_no",
    "bank.card_number",
    "company.name",
    "company.uscc",
    "company_bank.account_number",
    "agent.mobile",
    "premises.lease_filing_no",
    "fitout.acceptance_number",
)
COLUMNS = {"fitout.invoices": "invoice.number", "premises.rent_invoices": "invoice.number"}
PREMISES = "premises.place"  # building and unit together
HOME = "lease.address"
# Not flagged: one name, one landlord and one agent serve many people in good order.
FLAGGED = (
    "identity.document_number",
    "identity.mobile",
    "household.spouse_document_number",
    "lease.filing_no",
    HOME,
    "bank.card_number",
    "company_bank.account_number",
    "premises.lease_filing_no",
    PREMISES,
    "fitout.acceptance_number",
    "invoice.number",
)
MOST_FOUND = 60  # rows


@dataclass(frozen=True)
class FoundElsewhere:
    """Another application that shares something: ``kinds`` are fact keys, or ``premises.place``.

    ``values`` says for what may be used once only (an invoice, premises) which one it is.
    """

    application: Application
    kinds: tuple[str, ...]
    values: Mapping[str, str]


def index(application: Application, values: Mapping[str, Any]) -> None:
    """Keep the hashes of what was handed in now, and no others."""
    wanted = {(kind, keyed_hash(kind, plain(value))) for kind, value in _looked_up(values)}
    rows = db.session.scalars(select(IdentifierHash).where(IdentifierHash.application_id == application.id)).all()
    for row in rows:
        if (row.kind, row.hash) not in wanted:
            db.session.delete(row)
    for kind, digest in sorted(wanted - {(row.kind, row.hash) for row in rows}):
        db.session.add(IdentifierHash(application_id=application.id, kind=kind, hash=digest))


def _looked_up(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for fact in (*FACTS, HOME):
        if values.get(fact) not in (None, ""):
            yield fact, str(values[fact])
    for fact, column in COLUMNS.items():
        yield from ((column, str(row[column])) for row in values.get(fact) or () if row.get(column))
    building, unit = values.get("premises.building"), values.get("premises.unit")
    if building and unit:
        yield PREMISES, f"{building}|{unit}"


def plain(text: str) -> str:
    """The form in which two spellings of one thing are equal: no spaces, capitals or full-width characters."""
    return "".join(unicodedata.normalize("NFKC", tidy_name(text)).split()).casefold()


def found_elsewhere(application: Application) -> list[FoundElsewhere]:
    """Other applications that share something that should be used once, the oldest first.

    What one and the same person or company repeats in a later application is no news, but for an invoice, premises
    and a lease, which count once whoever uses them, and for the person: the other application itself is the news.
    """
    mine, other = aliased(IdentifierHash), aliased(IdentifierHash)
    rows = db.session.execute(
        select(other.application_id, other.kind, other.hash)
        .join(mine, (mine.kind == other.kind) & (mine.hash == other.hash))
        .where(
            mine.application_id == application.id,
            other.application_id != application.id,
            other.kind.in_((*FLAGGED, "company.uscc")),
        )
        .order_by(other.application_id, other.kind)
        .limit(MOST_FOUND)
    ).all()
    shared = _shown_values(application)
    kinds: dict[int, list[str]] = {}
    values: dict[int, dict[str, str]] = {}
    for application_id, kind, digest in rows:
        if kind not in kinds.setdefault(application_id, []):
            kinds[application_id].append(kind)
        if (kind, digest) in shared:
            said = values.setdefault(application_id, {})
            said[kind] = f"{said[kind]}, {shared[kind, digest]}" if kind in said else shared[kind, digest]
    found = db.session.scalars(select(Application).where(Application.id.in_(kinds)).order_by(Application.id)).all()
    told = [FoundElsewhere(one, _worth_telling(kinds[one.id]), values.get(one.id, {})) for one in found]
    return [one for one in told if one.kinds]


def _shown_values(application: Application) -> dict[tuple[str, str], str]:
    """(kind, hash) → what was handed in, for what is no secret of a person: an invoice, premises, an acceptance."""
    values = application.submissions[-1].values() if application.submissions else {}
    return {
        (kind, keyed_hash(kind, plain(value))): value.replace("|", " ")
        for kind, value in _looked_up(values)
        if kind in ONE_USE_ONLY
    }


ONE_USE_ONLY = ("invoice.number", PREMISES, "fitout.acceptance_number")
HOLDERS = ("identity.document_number", "company.uscc")


def _worth_telling(kinds: list[str]) -> tuple[str, ...]:
    if not set(HOLDERS) & set(kinds):
        return tuple(kinds)
    return tuple(kind for kind in kinds if kind in (*ONE_USE_ONLY, "identity.document_number"))
