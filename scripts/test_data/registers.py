"""Extracts of the registers that know the invented people: most agree with what is declared, a few do not."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

# Who declared something else than the register says.
INSURED_FOR_LESS = {"胡一诺": 4}  # months
SPOUSE_OWNS = {"李娜": 1}  # homes
WITHOUT_BASIC_CONDITIONS = ("51", "Y1")  # first characters of the codes of associations and service centres
NOT_KNOWN = 11  # every so manieth person is in no register

Row = Sequence[Any]


def write_all(folder: Path, people: Sequence[dict[str, Any]], companies: Sequence[dict[str, Any]]) -> None:
    """One CSV file for each register."""
    folder.mkdir(exist_ok=True)
    known = [person for number, person in enumerate(people, start=1) if number % NOT_KNOWN]
    _write(
        folder / "business_register.csv",
        ("uscc", "employment.employer_meets_basic_conditions"),
        ((company["uscc"], _word(company["uscc"][:2] not in WITHOUT_BASIC_CONDITIONS)) for company in companies),
    )
    _write(
        folder / "social_insurance.csv",
        ("document_number", "social_insurance.continuous_months", "social_insurance.payer_uscc"),
        (_insured(person) for person in known),
    )
    _write(
        folder / "degrees.csv",
        ("document_number", "education.level", "education.degree", "education.full_time", "education.graduation_date"),
        (_graduate(person["answers"]) for person in known if person["answers"]["education.country"] == "mainland"),
    )
    _write(
        folder / "housing.csv",
        ("document_number", "household.homes_in_city", "household.public_rental_tenancy"),
        (row for person in known for row in _owners(person)),
    )


def _insured(person: dict[str, Any]) -> Row:
    answers = person["answers"]
    months = INSURED_FOR_LESS.get(person["name"], answers["social_insurance.continuous_months"])
    return answers["identity.document_number"], months, answers["social_insurance.payer_uscc"]


def _graduate(answers: dict[str, Any]) -> Row:
    return (
        answers["identity.document_number"],
        answers["education.level"],
        answers["education.degree"],
        _word(answers["education.full_time"]),
        answers["education.graduation_date"],
    )


def _owners(person: dict[str, Any]) -> Iterable[Row]:
    answers = person["answers"]
    rental = _word(answers["household.public_rental_tenancy"])
    yield answers["identity.document_number"], answers["household.homes_in_city"], rental
    if "household.spouse_document_number" in answers:
        yield answers["household.spouse_document_number"], SPOUSE_OWNS.get(person["name"], 0), "no"


def _word(yes: bool) -> str:
    return "yes" if yes else "no"


def _write(path: Path, header: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
