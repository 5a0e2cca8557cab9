"""Feeding the registers, and asking them: who is meant, what adds up, what stays open."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from housing_portal.core import clock
from housing_portal.core.audit import AuditEntry
from housing_portal.core.db import db
from housing_portal.verification.adapters import registers
from housing_portal.verification.models import RegisterRecord
from housing_portal.verification.ports import Finding, Gap, Outcome
from tests.conftest import settings_for
from tests.factories.city import USCC
from tests.factories.registers import APPLICANT, SPOUSE, csv, imported

HOMES = "household.homes_in_city"
HEADER = f"document_number,{HOMES}"
SINGLE = {"identity.document_number": APPLICANT, "household.marital_status": "single"}
MARRIED = {
    "identity.document_number": APPLICANT,
    "household.marital_status": "married",
    "household.spouse_document_number": SPOUSE,
    "household.spouse_authorises_checks": True,
}


def asked(app: Flask, values: dict[str, Any], on: date | None = None) -> dict[str, Finding]:
    """What the housing register says, by fact."""
    with app.app_context():
        housing = next(register for register in registers() if register.kind.name == "housing")
        return {finding.fact: finding for finding in housing.look_up(values, on or clock.today())}


def test_an_import_counts_and_the_same_file_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    path = csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},0", f"{SPOUSE},1")
    assert imported(app, "housing", path).output == (
        "housing: 2 new, 0 changed, 0 as before, 0 known from a later extract\n"
    )
    assert "0 new, 0 changed, 2 as before" in imported(app, "housing", path).output
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "register:housing")).one()
        assert (entry.data["added"], len(entry.data["file"])) == (2, 64)


def test_no_number_lies_in_the_table_in_clear(app: Flask, tmp_path: Path) -> None:
    imported(app, "housing", csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},7"))
    with app.app_context(), db.engine.connect() as connection:
        row = str(connection.exec_driver_sql("SELECT * FROM register_record").one())
    assert APPLICANT not in row
    assert HOMES not in row


def test_a_later_extract_wins_in_whatever_order_they_come(app: Flask, tmp_path: Path) -> None:
    today = clock.today()
    older, newer = (today - timedelta(days=60)).isoformat(), (today - timedelta(days=3)).isoformat()
    imported(app, "housing", csv(tmp_path, "new.csv", HEADER, f"{APPLICANT},1"), "--as-of", newer)
    late = imported(app, "housing", csv(tmp_path, "old.csv", HEADER, f"{APPLICANT},0"), "--as-of", older)
    assert "1 known from a later extract" in late.output
    found = asked(app, SINGLE)[HOMES]
    assert (found.outcome, found.value, found.as_of) == (Outcome.FOUND, 1, today - timedelta(days=3))
    assert asked(app, SINGLE, today - timedelta(days=10))[HOMES].outcome is Outcome.NOT_FOUND


def test_one_wrong_row_stores_nothing_and_check_never_does(app: Flask, tmp_path: Path) -> None:
    wrong = imported(app, "housing", csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},0", f"{SPOUSE},many"))
    assert wrong.exit_code == 1
    assert f"homes.csv:3: {HOMES}: a whole number" in wrong.output
    checked = imported(app, "housing", csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},0"), "--check")
    assert (checked.exit_code, checked.output) == (0, "homes.csv: 1 rows, in order; nothing was stored\n")
    with app.app_context():
        assert db.session.scalars(select(RegisterRecord)).all() == []


def test_an_extract_of_a_later_day_than_today_is_refused(app: Flask, tmp_path: Path) -> None:
    result = imported(app, "housing", csv(tmp_path, "x.csv", HEADER, f"{APPLICANT},0"), "--as-of", "2999-01-01")
    assert result.exit_code == 1
    assert "later day than today" in result.output


def test_social_insurance_knows_persons_and_companies_each_by_their_number(app: Flask, tmp_path: Path) -> None:
    persons = csv(tmp_path, "p.csv", "document_number,social_insurance.continuous_months", f"{APPLICANT},15")
    companies = csv(tmp_path, "c.csv", "uscc,company.insured_headcount", f"{USCC},17")
    assert imported(app, "social_insurance", persons).exit_code == 0
    assert imported(app, "social_insurance", companies).exit_code == 0
    with app.app_context():
        register = next(register for register in registers() if register.kind.name == "social_insurance")
        of_company = register.look_up({"company.uscc": USCC}, clock.today())
        of_person = register.look_up({"identity.document_number": APPLICANT}, clock.today())
    assert [(finding.fact, finding.value) for finding in of_company] == [("company.insured_headcount", 17)]
    assert [finding.fact for finding in of_person] == ["social_insurance.continuous_months"]
    mixed = imported(app, "social_insurance", csv(tmp_path, "m.csv", "uscc,social_insurance.first_month", f"{USCC},x"))
    assert "by uscc it answers company.insured_headcount" in mixed.output


def test_homes_of_a_household_add_up(app: Flask, tmp_path: Path) -> None:
    imported(app, "housing", csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},1", f"{SPOUSE},2"))
    assert asked(app, SINGLE)[HOMES].value == 1
    found = asked(app, MARRIED)[HOMES]
    assert (found.outcome, found.value, found.gaps) == (Outcome.FOUND, 3, ())


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"household.spouse_document_number": "G7654321"}, Gap.SPOUSE_NOT_FOUND),
        ({"household.spouse_authorises_checks": False}, Gap.SPOUSE_HAS_NOT_AGREED),
        ({"household.minor_children": 1}, Gap.CHILDREN_HAVE_NO_NUMBER),
    ],
)
def test_a_household_that_is_not_wholly_covered_is_found_in_part(
    app: Flask, tmp_path: Path, change: dict[str, Any], gap: Gap
) -> None:
    imported(app, "housing", csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},0", f"{SPOUSE},0"))
    found = asked(app, MARRIED | change)[HOMES]
    assert (found.outcome, found.value, found.gaps) == (Outcome.PARTLY, 0, (gap,))


def test_what_an_extract_leaves_out_is_no_finding_and_a_stranger_is_not_found(app: Flask, tmp_path: Path) -> None:
    imported(app, "housing", csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},0"))
    assert set(asked(app, SINGLE)) == {HOMES}
    stranger = asked(app, SINGLE | {"identity.document_number": "G7654321"})
    assert {finding.outcome for finding in stranger.values()} == {Outcome.NOT_FOUND}
    assert asked(app, {}) == {}


def test_a_manual_register_is_not_asked(tmp_path: Path, app: Flask) -> None:
    imported(app, "housing", csv(tmp_path, "homes.csv", HEADER, f"{APPLICANT},0"))
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    app.config["SETTINGS"] = settings_for(tmp_path, url, register_housing="manual")
    with app.app_context():
        assert [register.kind.name for register in registers() if not register.automatic] == ["housing"]
    assert asked(app, SINGLE) == {}
