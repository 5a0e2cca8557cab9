"""Extracts of the registers that know the invented people: most agree with what is declared, a few do not."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

# Who declared something else than the register says.
INSURED_FOR_LESS = {"胡一诺": 4}  # months
SPOUSE_OWNS = {"李娜": 1}  # homes
INSURED_STAFF_LESS = {"云江星河软件有限公司": 17}  # staff
WITHOUT_BASIC_CONDITIONS = ("51", "Y1")  # first characters of the codes of associations and service centres
NOT_KNOWN = 11  # every so manieth person is in no register

Row = Sequence[Any]


def write_all(
    folder: Path,
    people: Sequence[dict[str, Any]],
    companies: Sequence[dict[str, Any]],
    agents: Sequence[dict[str, Any]],
) -> None:
    """One CSV file for each register, and a second one where it knows persons and companies."""
    folder.mkdir(exist_ok=True)
    declared = {agent["answers"]["company.uscc"]: agent["answers"] for agent in agents}
    known = [person for number, person in enumerate(people, start=1) if number % NOT_KNOWN]
    _write(
        folder / "business_register.csv",
        (
            "uscc",
            "employment.employer_meets_basic_conditions",
            "company.credit_clear",
            "company.all_in_district",
            "company.industry",
        ),
        (_firm(company["uscc"]) for company in companies),
    )
    _write(
        folder / "social_insurance-companies.csv",
        ("uscc", "company.insured_headcount"),
        (_staff(company, declared.get(company["uscc"])) for company in companies),
    )
    _write(
        folder / "tax.csv",
        ("uscc", "company.tax_paid_last_year", "company.software_revenue_percent"),
        (_taxed(company, declared.get(company["uscc"])) for company in companies),
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


def _firm(uscc: str) -> Row:
    return uscc, _word(uscc[:2] not in WITHOUT_BASIC_CONDITIONS), "yes", "yes", "i65"


def _staff(company: dict[str, Any], answers: dict[str, Any] | None) -> Row:
    if answers is None:
        return company["uscc"], 24
    people = min(row["headcount.people"] for row in answers["company.headcounts"])
    return company["uscc"], INSURED_STAFF_LESS.get(company["name"], people)


def _taxed(company: dict[str, Any], answers: dict[str, Any] | None) -> Row:
    if answers is None:
        return company["uscc"], "90000", "82"
    year = answers["company.years"][0]
    return company["uscc"], year["fiscal.tax_paid"], round(
        100 * int(year["fiscal.software_revenue"]) / int(year["fiscal.revenue"]), 2
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
