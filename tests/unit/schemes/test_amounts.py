"""Amounts worked out node by node, and what is refused in a file."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from housing_portal.schemes.amounts import Amount, Node, Reckoning
from housing_portal.schemes.facts import Value

AMOUNT: TypeAdapter[Node] = TypeAdapter(Amount)
FACTS: dict[str, Value | None] = {
    "education.level": "master",
    "lease.rent_share": Decimal("750.00"),
    "lease.sharers": 3,
    "premises.area": Decimal("1500"),
    "household.marital_status": "married",
}
WORDS = {"zh": "计补面积", "en": "Area that counts"}


def worked_out(node: Any, **change: Any) -> Decimal | None:
    """The value of a node written as in a file."""
    found = AMOUNT.validate_python(node).work_out(
        Reckoning(FACTS | {k.replace("__", "."): v for k, v in change.items()})
    )
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"yuan": 900}, "900"),
        (1.3, "1.3"),
        ("lease.rent_share", "750.00"),
        ({"fact": "lease.sharers"}, "3"),
        ({"table": {"by": "education.level", "values": {"phd": 1000, "master": 900}}}, "900"),
        ({"table": {"by": "education.level", "values": {"phd": 1000}}}, "0"),
        ({"product": [0.5, "lease.rent_share", 2]}, "750.000"),
        ({"quotient": {"of": {"yuan": 1000}, "by": 8}}, "125"),
        ({"least_of": [{"yuan": 800}, "lease.rent_share"]}, "750.00"),
        ({"sum": [{"yuan": 800}, "lease.rent_share"]}, "1550.00"),
        ({"less": {"of": {"yuan": 800}, "taken": "lease.rent_share"}}, "50.00"),
        ({"less": {"of": {"yuan": 700}, "taken": "lease.rent_share"}}, "0"),
        ({"bands": {"of": "premises.area", "steps": [{"to": 1000, "rate": 0.9}, {"to": 5000, "rate": 0.5}]}}, "1150.0"),
        ({"bands": {"of": "premises.area", "steps": [{"to": 1000, "rate": 0.9}]}}, "900.0"),
        ({"bands": {"of": "premises.area", "steps": [{"to": 1000, "rate": 0}, {"rate": 1}]}}, "500"),
        ({"bands": {"of": "premises.area", "steps": [{"to": 2000, "rate": 0.5}, {"rate": 1}]}}, "750.0"),
        ({"cases": [{"when": "lease.sharers > 2", "amount": {"yuan": 1}}, {"amount": {"yuan": 2}}]}, "1"),
        ({"cases": [{"when": "lease.sharers > 3", "amount": {"yuan": 1}}, {"amount": {"yuan": 2}}]}, "2"),
        ({"cases": [{"when": "lease.sharers > 3", "amount": {"yuan": 1}}]}, "0"),
    ],
)
def test_each_node(node: Any, value: str) -> None:
    assert worked_out(node) == Decimal(value)


def test_what_is_missing_is_named_once_and_leaves_the_amount_open() -> None:
    node = AMOUNT.validate_python(
        {
            "least_of": [
                {"table": {"by": "education.level", "values": {"phd": 1}}},
                "lease.rent_share",
                {"cases": [{"when": "lease.sharers > 3", "amount": "lease.rent_share"}]},
            ]
        }
    )
    reckoning = Reckoning({"education.level": "phd"})
    assert node.work_out(reckoning) is None
    assert reckoning.missing == ["lease.rent_share", "lease.sharers"]
    assert list(node.facts()) == ["education.level", "lease.rent_share", "lease.sharers", "lease.rent_share"]


def test_words_make_a_line_with_the_unit() -> None:
    node = AMOUNT.validate_python(
        {
            "product": [
                {"yuan": 30},
                {
                    "least_of": [
                        "premises.area",
                        {"product": [{"number": 15, "unit": {"zh": "平方米", "en": "m²"}}, 20]},
                    ],
                    "words": WORDS,
                },
            ],
            "words": {"zh": "每月", "en": "Each month"},
        }
    )
    reckoning = Reckoning(FACTS)
    node.work_out(reckoning)
    assert [(line.words.en, line.value.en) for line in reckoning.lines] == [
        ("Area that counts", "300 m²"),
        ("Each month", "¥9,000"),
    ]
    assert reckoning.lines[0].value.zh == "300平方米"


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"yuan": -1}, "greater than or equal to 0"),
        ({"yuan": "1e400"}, "less than or equal to"),
        ({"number": "9" * 40}, "no more than 16 digits|less than or equal to"),
        ({"fact": "lease.address"}, "lease.address is not a number"),
        ({"fact": "home.area"}, "home.area is a column of a list"),
        ({"table": {"by": "education.level", "values": {"doctor": 1}}}, "has no choice doctor"),
        ({"quotient": {"of": 1, "by": 0}}, "greater than 0"),
        ({"product": [1]}, "at least 2 items"),
        ({"bands": {"of": 1, "steps": [{"rate": 1}, {"to": 2, "rate": 1}]}}, "only the last band"),
        ({"cases": [{"when": "lease.sharers >", "amount": 1}]}, "not a condition"),
        ({"yuan": 1, "colour": "red"}, "Extra inputs"),
        ({"eval": "1"}, "an amount is a mapping with one of these keys"),
        ([1, 2], "an amount is a mapping with one of these keys"),
    ],
)
def test_what_is_no_amount_is_refused(node: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        AMOUNT.validate_python(node)


def test_an_amount_survives_json() -> None:
    node = AMOUNT.validate_python(
        {"least_of": [{"bands": {"of": "premises.area", "steps": [{"rate": 0.5}]}}, 7], "words": WORDS}
    )
    assert AMOUNT.validate_json(AMOUNT.dump_json(node)) == node
