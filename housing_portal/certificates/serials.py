"""Serial numbers: readable, without gaps and without doubles.

``YJ-500101-2026-C-000123``: city, district, year of issue, kind, running number in that district, year and
kind. Drawn in the transaction that stores the paper: rolled back with it, so no number is ever missing.
"""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from housing_portal.certificates.models import CERTIFICATE, RECEIPT, REFUSAL, SerialCounter
from housing_portal.core.db import db

CITY = "YJ"
LETTERS = {CERTIFICATE: "C", REFUSAL: "N", RECEIPT: "R"}  # N: notice of result
_TYPED = re.compile(rf"{CITY}([0-9A-Z]{{6}})([0-9]{{4}})([{''.join(LETTERS.values())}])([0-9]{{6,9}})")


def draw(district_id: int, district_code: str, kind: str, year: int) -> str:
    """The next serial number. One statement adds and reads, so two workers never draw the same."""
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    number = db.session.execute(
        insert(SerialCounter)
        .values(district_id=district_id, year=year, kind=kind, last=1)
        .on_conflict_do_update(index_elements=["district_id", "year", "kind"], set_={"last": SerialCounter.last + 1})
        .returning(SerialCounter.last)
    ).scalar_one()
    return f"{CITY}-{district_code}-{year}-{LETTERS[kind]}-{number:06d}"


def normalise(typed: str) -> str:
    """A serial as it is stored, from what was typed: any case, width, spaces and dashes."""
    compact = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed).upper())
    found = _TYPED.fullmatch(compact)
    return "-".join((CITY, *found.groups())) if found else compact
