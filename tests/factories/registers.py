"""Files of the registers as an operator imports them, for the people of the tests."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result
from flask import Flask

from tests.factories.city import USCC

APPLICANT = "11010519491231002X"  # of factories.answers.good_pages
SPOUSE = "440308199001010017"


def csv(folder: Path, name: str, *rows: str) -> Path:
    """A CSV file with these lines."""
    path = folder / name
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def imported(app: Flask, register: str, path: Path, *options: str) -> Result:
    """``flask verification import REGISTER FILE``"""
    return app.test_cli_runner().invoke(args=["verification", "import", register, str(path), *options])


def everything_agrees(app: Flask, folder: Path) -> None:
    """Registers that say what good_pages declares, and that the employer meets the conditions."""
    files = {
        "business_register": ("uscc,employment.employer_meets_basic_conditions", f"{USCC},yes"),
        "social_insurance": (
            "document_number,social_insurance.continuous_months,social_insurance.payer_uscc",
            f"{APPLICANT},15,{USCC}",
        ),
        "degrees": ("document_number,education.level,education.graduation_date", f"{APPLICANT},master,2019-06-30"),
        "housing": ("document_number,household.homes_in_city", f"{APPLICANT},0"),
    }
    for register, rows in files.items():
        assert imported(app, register, csv(folder, f"{register}.csv", *rows)).exit_code == 0
