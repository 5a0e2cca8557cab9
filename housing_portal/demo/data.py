"""What tests/data holds, as plain records, and how a person's answers are typed into the forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from werkzeug.datastructures import MultiDict

from housing_portal.config import ROOT
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.facts_form import field_name
from housing_portal.schemes.form_terms import Page
from housing_portal.schemes.months import add_months

FOLDER = ROOT / "tests" / "data"
DOCUMENTS = FOLDER / "documents"
REGISTERS = FOLDER / "registers"
# The file that each document of an application is shown with.
FILE_OF_SLOT = {
    "identity_document": "identity-card-photo.jpg",
    "degree": "degree-certificate.pdf",
    "degree_recognition": "degree-recognition.pdf",
    "labour_contract": "labour-contract.pdf",
    "social_insurance_record": "social-insurance-record.pdf",
    "household_housing_check": "household-housing-check.pdf",
    "marriage_certificate": "marriage-certificate-scan.jpg",
    "spouse_document": "identity-card.heic",
    "family_authorisation": "family-authorisation.pdf",
    "children_document": "birth-certificate-scan.jpg",
    "bank_card": "bank-card-photo.jpg",
    "lease": "lease.pdf",
    "lease_filing": "lease-filing.pdf",
    "rent_payment": "rent-payment-scan.png",
    "tier_certificate": "degree-recognition.pdf",
    "title_or_skill": "degree-certificate.pdf",
    "licence": "business-licence.pdf",
    "audited_accounts": "audited-accounts.pdf",
    "insured_headcount_record": "insured-headcount.pdf",
    "authorisation_letter": "authorisation-letter.pdf",
    "account_permit": "account-permit.pdf",
    "lease_contract": "office-lease.pdf",
    "lease_filing_proof": "lease-filing.pdf",
    "rent_invoice_copies": "rent-payment-scan.png",
    "rent_payment_vouchers": "rent-payment-scan.png",
    "photos": "office-photo.jpg",
    "space_plan": "office-lease.pdf",
    "purchase_contract": "office-lease.pdf",
    "title_certificate": "office-lease.pdf",
    "purchase_invoices": "rent-payment-scan.png",
    "deed_tax": "office-lease.pdf",
    "headquarters_recognition": "business-licence.pdf",
}
FIT_OUT = "fit-out-papers.pdf"  # for every document of a fit-out


class DataMissing(Exception):
    """A file of tests/data is not there."""


@dataclass(frozen=True)
class Story:
    """One application of a person: how far it gets, and how many working days ago it began."""

    kind: str
    workdays_ago: int
    scheme: str = "rent_by_education"


@dataclass(frozen=True)
class Applicant:
    """A person with the answers to every question. Dates may be counted from the day of the application."""

    email: str
    name: str
    language: str
    district: str
    stories: tuple[Story, ...]
    answers: Mapping[str, Any]


@cache
def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one file. Raises DataMissing."""
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise DataMissing(f"{path} is missing: the demo data come with the tests")
    content: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return content


@cache
def applicants() -> tuple[Applicant, ...]:
    """Everybody, people and those who act for companies, in the order of the files. Raises DataMissing."""
    return tuple(
        Applicant(**(row | {"stories": tuple(Story(**story) for story in row["stories"])}))
        for row in (*rows("practitioners"), *rows("agents"))
    )


def document(slot: str) -> Path:
    """The file to hand over for a document."""
    return DOCUMENTS / FILE_OF_SLOT.get(slot, FIT_OUT)


def typed_page(answers: Mapping[str, Any], page: Page, day: date) -> MultiDict[str, str]:
    """The answers to one page as a browser sends them, on the day of the application."""
    typed: MultiDict[str, str] = MultiDict()
    for entry in page.facts:
        if entry.fact in answers:
            typed.update(_typed(entry.fact, answers[entry.fact], day))
    return typed


def _typed(key: str, value: Any, day: date, place: str = "") -> dict[str, str]:
    """``place`` stands before the names of the fields of a row."""
    fact, name = fact_dictionary()[key], place + field_name(key)
    if fact.columns:
        return {
            field: text
            for index, row in enumerate(value)
            for column, cell in row.items()
            for field, text in _typed(column, cell, day, f"{name}-{index}-").items()
        }
    if isinstance(value, bool):
        return {name: ("y" if fact.must_be_yes else "yes" if value else "no")}
    if fact.type == "date":
        moment = _on(value, day)
        return {f"{name}-year": str(moment.year), f"{name}-month": str(moment.month), f"{name}-day": str(moment.day)}
    return {name: str(value)}


def _on(value: Any, day: date) -> date:
    """A day of its own, or one so many days or months from the application."""
    if isinstance(value, Mapping):
        return add_months(day, value["months"]) if "months" in value else day + timedelta(days=value["days"])
    return date.fromisoformat(value)
