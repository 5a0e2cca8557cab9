"""A file is taken whole or not at all, and every mistake says file, line and column, never the value."""

from __future__ import annotations

from pathlib import Path

import pytest

from housing_portal.schemes.facts import fact_dictionary
from housing_portal.verification.csv_file import MOST_SHOWN, Extracted, FileRefused, read
from housing_portal.verification.ports import KINDS
from tests.factories.registers import APPLICANT, csv

DEGREES = "document_number,education.level,education.full_time,education.graduation_date"
USCC_HEADER = "uscc,employment.employer_meets_basic_conditions"


def refused(folder: Path, register: str, *rows: str) -> tuple[str, ...]:
    with pytest.raises(FileRefused) as caught:
        read(csv(folder, "extract.csv", *rows), KINDS[register])
    return caught.value.problems


def test_every_register_answers_facts_of_the_dictionary() -> None:
    assert [key for kind in KINDS.values() for key in kind.facts if key not in fact_dictionary()] == []
    answered = [key for kind in KINDS.values() for key in kind.facts]
    assert len(answered) == len(set(answered))


def test_values_come_typed_and_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    rows = (f" {APPLICANT.lower()} ,master,YES,2019-06-30", "", "G1234567,,no,")
    path = csv(tmp_path, "degrees.csv", "\ufeff" + DEGREES, *rows)
    assert read(path, KINDS["degrees"]) == [
        Extracted(
            "document_number",
            APPLICANT,
            {"education.level": "master", "education.full_time": True, "education.graduation_date": "2019-06-30"},
        ),
        Extracted("document_number", "G1234567", {"education.full_time": False}),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("110105194912310021,master,yes,2019-06-30", "document_number: the check character of this identity number"),
        ("甲1234567,master,yes,2019-06-30", "document_number: not the number of an identity document"),
        (f"{APPLICANT},diploma,yes,2019-06-30", "education.level: one of phd, master"),
        (f"{APPLICANT},master,ja,2019-06-30", "education.full_time: yes or no expected"),
        (f"{APPLICANT},master,yes,2019-06-31", "education.graduation_date: a date such as 2026-03-31 expected"),
        (f"{APPLICANT},master,yes", "3 cells, 4 expected"),
        (f'{APPLICANT},"master,yes,2019-06-30', "unexpected end of data"),
    ],
)
def test_a_wrong_row_is_named_by_line_and_column(tmp_path: Path, row: str, problem: str) -> None:
    found = refused(tmp_path, "degrees", DEGREES, "G1234567,master,yes,2019-06-30", row)
    assert found[0].startswith("extract.csv:3: ")
    assert problem in found[0]
    assert APPLICANT not in found[0]


def test_a_company_needs_a_code_that_is_one(tmp_path: Path) -> None:
    assert refused(tmp_path, "business_register", USCC_HEADER, "91500112MA5U0A1B7E,yes") == (
        "extract.csv:2: uscc: not a Unified Social Credit Code",
    )


def test_numbers_keep_their_bounds(tmp_path: Path) -> None:
    header = "document_number,household.homes_in_city"
    for cell in ("-1", "1.5", "100000"):
        assert "a whole number" in refused(tmp_path, "housing", header, f"{APPLICANT},{cell}")[0]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("uscc,education.level", "the first column must be document_number"),
        ("document_number", "a column of facts is missing"),
        ("document_number,household.homes_in_city", "not a fact of this register"),
        ("document_number,education.level,education.level", "the column is there twice"),
    ],
)
def test_a_wrong_header_is_told_before_the_rows(tmp_path: Path, header: str, problem: str) -> None:
    found = refused(tmp_path, "degrees", header, "rubbish")
    assert all(line.startswith("extract.csv:1: ") for line in found)
    assert problem in found[0]


def test_one_person_twice_and_no_rows_at_all(tmp_path: Path) -> None:
    row = f"{APPLICANT},master,yes,2019-06-30"
    assert "the same number as in line 2" in refused(tmp_path, "degrees", DEGREES, row, row)[0]
    assert refused(tmp_path, "degrees", DEGREES) == ("extract.csv: there are no rows",)


def test_the_wrong_file_is_not_complained_about_without_end(tmp_path: Path) -> None:
    assert len(refused(tmp_path, "degrees", DEGREES, *["x,y,z,w"] * 500)) <= MOST_SHOWN + 4


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes("document_number,education.level\n李,master".encode("gb18030"))
    with pytest.raises(FileRefused, match="CSV UTF-8"):
        read(path, KINDS["degrees"])
