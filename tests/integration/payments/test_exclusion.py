"""Whose months an award takes, as the schemes of the catalogue say: two awards that share a row cannot both be."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from housing_portal.payments.exclusion import Taken, taken
from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.queries import CATALOGUE

HUSBAND, WIFE, STRANGER = "11010519491231002X", "440308199001010017", "500901199505210009"
PERSON = {"identity.document_number": HUSBAND, "household.spouse_document_number": WIFE}
SPOUSE = {"identity.document_number": WIFE, "household.spouse_document_number": HUSBAND}
SINGLE = {"identity.document_number": WIFE}
FIRM, OTHER_FIRM, PARENT = "91500901MA0001001F", "91500902MA0002EF01", "91500901MA0000370D"
PLACE = {"premises.building": "云江软件园A座", "premises.unit": "6层601室"}
COMPANY = {"company.uscc": FIRM} | PLACE
AFFILIATED = {"company.uscc": OTHER_FIRM, "company.affiliates": [{"affiliate.uscc": FIRM}]}
SAME_PARENT = [{"affiliate.uscc": PARENT}]


def rows(code: str, values: dict[str, Any], *months: str) -> set[tuple[str, str, str]]:
    """What the unique key sees of an award."""
    found = taken(load_scheme(CATALOGUE / f"{code}.yaml"), values, months)
    assert found == sorted(found)
    return {(row.claimant, row.exclusion, row.month) for row in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("rent_by_education", PERSON), ("rent_by_education", PERSON)),
        (("rent_by_education", PERSON), ("talent_apartment", PERSON)),  # one group
        (("rent_by_education", PERSON), ("rent_by_tier", SPOUSE)),  # a spouse's number is a person's number
        (("rent_by_education", PERSON), ("graduate_rent", SINGLE)),  # only one of the two says that they are married
        (("rent_by_tier", PERSON), ("home_purchase", SPOUSE)),  # named by each other
        (("settlement_grant", PERSON), ("settlement_grant", PERSON)),  # topped up from elsewhere, not twice
        (("office_rent_flat", COMPANY), ("office_purchase", {"company.uscc": OTHER_FIRM} | PLACE)),
        (("office_rent_flat", COMPANY), ("state_owned_premises", {"company.uscc": FIRM})),
        (("office_rent_flat", COMPANY), ("office_rent_flat", COMPANY | {"premises.unit": "６层 601室"})),
    ],
)
def test_support_that_excludes_each_other_meets_in_the_same_months(app: Flask, one: Any, other: Any) -> None:
    with app.app_context():
        assert rows(*one, "2027-02", "2027-03") & rows(*other, "2027-03")
        assert not rows(*one, "2027-02") & rows(*other, "2027-03")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("returnee_transition", PERSON), ("returnee_transition", {"identity.document_number": HUSBAND})),
        (("home_purchase", PERSON), ("home_purchase", SPOUSE)),
        (("office_fitout", COMPANY), ("office_fitout", {"company.uscc": OTHER_FIRM} | PLACE)),
        (("office_fitout", COMPANY), ("office_fitout", AFFILIATED)),
        (
            ("office_fitout", COMPANY | {"company.affiliates": SAME_PARENT}),
            ("office_fitout", {"company.uscc": OTHER_FIRM, "company.affiliates": SAME_PARENT}),
        ),
    ],
)
def test_what_is_had_once_meets_in_whatever_month(app: Flask, one: Any, other: Any) -> None:
    with app.app_context():
        assert rows(*one, "2027-02") & rows(*other, "2031-09")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("rent_by_education", PERSON), ("rent_by_education", {"identity.document_number": STRANGER})),
        (("rent_by_education", PERSON), ("settlement_grant", PERSON)),  # no exclusion between the two
        (("rent_by_education", PERSON), ("home_purchase", PERSON)),  # only the subsidy by tier is named
        (("settlement_grant", PERSON), ("settlement_grant", SPOUSE)),  # by person
        (("office_fitout", COMPANY), ("office_rent_flat", COMPANY)),
        (("office_rent_flat", COMPANY), ("office_rent_flat", AFFILIATED)),  # affiliates are not named there
    ],
)
def test_support_that_goes_together_does_not_meet(app: Flask, one: Any, other: Any) -> None:
    with app.app_context():
        assert not rows(*one, "2027-03") & rows(*other, "2027-03")


def test_no_number_stands_in_the_table(app: Flask) -> None:
    with app.app_context():
        found = taken(load_scheme(CATALOGUE / "office_fitout.yaml"), COMPANY, ["2027-03"])
        assert {row.whose for row in found} == {"company", "premises"}
        assert all(FIRM not in str(row) and PLACE["premises.unit"] not in str(row) for row in found)
        assert all(isinstance(row, Taken) for row in found)
