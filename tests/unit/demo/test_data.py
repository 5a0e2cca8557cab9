"""The invented people, companies and documents: valid on every day, varied enough, and small."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask, g

from housing_portal.core import identifiers
from housing_portal.core.pdf import missing_glyphs
from housing_portal.demo.data import DOCUMENTS, FILE_OF_SLOT, FIT_OUT, FOLDER, REGISTERS, applicants, rows, typed_page
from housing_portal.demo.plan import STORIES, plan
from housing_portal.schemes.forms import answers_from_form, build_page_form
from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.service import catalogue_files
from housing_portal.verification import csv_file
from housing_portal.verification.ports import KINDS

SCHEMES = {path.stem: load_scheme(path) for path in catalogue_files()}


def test_districts_and_companies() -> None:
    codes = [district["code"] for district in rows("districts")]
    assert codes == [str(500901 + number) for number in range(12)]
    companies = rows("companies")
    assert {company["district"] for company in companies} == set(codes)
    assert all(identifiers.parse_uscc(company["uscc"]) == company["uscc"] for company in companies)
    assert sum(company["uscc"][0].isalpha() for company in companies) >= 3
    assert max(len(company["name"]) for company in companies) == 60
    assert any("·" in company["name"] for company in companies)


def test_people_are_as_varied_as_a_city() -> None:
    people = [person for person in applicants() if "identity.name" in person.answers]
    types = {person.answers["identity.document_type"] for person in people}
    assert types == set(identifiers.DOCUMENT_TYPES)
    permits = [p for p in people if p.answers["identity.document_type"] == "residence_permit"]
    assert {p.answers["identity.document_number"][:2] for p in permits} == {"81", "82", "83"}
    names = "".join(person.name for person in people)
    assert set("喆堃珺镕昇犇赟頔玥彧翀𭎂·") <= set(names)
    assert missing_glyphs(names) == "𭎂"
    assert len({person.email for person in people}) == len(people)
    numbers = [person.answers["identity.document_number"] for person in people]
    assert len(set(numbers)) == len(numbers)
    assert sum(person.language == "en" for person in people) == 2


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 11, 24), date(2028, 2, 29)])
def test_everybodys_answers_pass_every_form(app: Flask, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """On any day of an application, since their dates count from it."""
    monkeypatch.setattr("housing_portal.core.clock.today", lambda: day)
    for person in applicants():
        codes = {story.scheme for story in person.stories} or {"rent_by_education"}
        for scheme in [SCHEMES[code] for code in sorted(codes)]:
            known: dict[str, object] = {}
            for page in scheme.pages:
                with app.test_request_context("/"):
                    g.csrf_valid = True
                    form = build_page_form(scheme, page, known, "zh", formdata=typed_page(person.answers, page, day))
                    assert form.validate(), (person.email, page.code, form.errors)
                    known |= answers_from_form(form)


def test_documents_are_small_and_there_for_every_slot() -> None:
    told = {story.scheme for person in applicants() for story in person.stories}
    slots = {document.slot for code in told for document in SCHEMES[code].documents}
    assert set(FILE_OF_SLOT) <= slots
    files = list(DOCUMENTS.iterdir())
    assert {file.name for file in files} == {*FILE_OF_SLOT.values(), FIT_OUT}
    assert all(file.stat().st_size < 150_000 for file in files)
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 3_000_000


def test_the_plan_is_in_the_order_of_time_and_ends_before_the_day() -> None:
    day = date(2026, 11, 24)
    steps = plan(applicants(), day)
    assert steps == sorted(steps, key=lambda step: step.at) == plan(applicants(), day)
    assert steps[-1].at.date() < day
    told = {story.kind for person in applicants() for story in person.stories}
    assert told == set(STORIES)


@pytest.mark.parametrize("path", sorted(REGISTERS.glob("*.csv")), ids=lambda path: path.stem)
def test_the_extracts_of_the_registers_can_be_imported(path: Path) -> None:
    """As an operator would import them: the examples that docs/operate.md names."""
    assert len(csv_file.read(path, KINDS[path.stem.partition("-")[0]])) >= 25
