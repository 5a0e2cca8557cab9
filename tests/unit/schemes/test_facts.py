"""The dictionary of facts and its three forms of a value."""

from datetime import date
from decimal import Decimal

import pytest

from housing_portal.schemes.derived import DERIVATIONS
from housing_portal.schemes.facts import (
    FactType,
    Origin,
    Sensitivity,
    canonical,
    display,
    fact_dictionary,
    typed,
    typed_facts,
)

FACTS = fact_dictionary()


@pytest.mark.parametrize(
    ("key", "given", "value"),
    [
        ("identity.name", "王小华", "王小华"),
        ("education.level", "phd", "phd"),
        ("lease.end", "2026-12-31", date(2026, 12, 31)),
        ("lease.sharers", 2, 2),
        ("lease.area", "45.50", Decimal("45.50")),
        ("lease.monthly_rent", "1500", Decimal("1500.00")),
        ("lease.monthly_rent", "1500.005", Decimal("1500.01")),
        ("identity.blacklisted", False, False),
        ("identity.name", None, None),
    ],
)
def test_canonical_and_typed(key: str, given: object, value: object) -> None:
    known = typed(FACTS[key], given)
    assert known == value
    assert type(known) is type(value)
    assert typed(FACTS[key], canonical(known)) == value


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("education.level", "batchelor"),
        ("lease.end", "31.12.2026"),
        ("lease.end", 20261231),
        ("lease.sharers", "2"),
        ("lease.sharers", True),
        ("lease.monthly_rent", 1500.5),
        ("lease.monthly_rent", "NaN"),
        ("lease.monthly_rent", "Infinity"),
        ("lease.monthly_rent", "a lot"),
        ("identity.blacklisted", "no"),
        ("identity.blacklisted", 0),
        ("identity.name", 3),
    ],
)
def test_wrong_values_name_the_fact(key: str, given: object) -> None:
    with pytest.raises(ValueError, match=key):
        typed(FACTS[key], given)


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValueError, match=r"identity\.shoe_size"):
        typed_facts({"identity.shoe_size": 42})


@pytest.mark.parametrize(
    ("key", "value", "zh", "en"),
    [
        ("lease.end", "2026-03-02", "2026年3月2日", "2 March 2026"),
        ("lease.monthly_rent", "1500.5", "¥1,500.50", "¥1,500.50"),
        ("lease.sharers", 1, "1人", "1 tenant"),
        ("social_insurance.continuous_months", 12, "12个月", "12 months"),
        ("identity.blacklisted", True, "是", "Yes"),
        ("education.level", "master", "硕士研究生", "Master"),
        ("identity.name", None, "", ""),
    ],
)
def test_display(key: str, value: object, zh: str, en: str) -> None:
    assert (display(FACTS[key], value, "zh"), display(FACTS[key], value, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("key", "value", "masked"),
    [
        ("identity.document_number", "11010519491231002X", "110*************2X"),
        ("bank.card_number", "6222021234567890128", "***************0128"),
        ("identity.mobile", "13912345678", "139****5678"),
        ("household.spouse_name", "张三", "张*"),
        ("identity.name", "王小华", "王小华"),
    ],
)
def test_display_masked(key: str, value: str, masked: str) -> None:
    assert display(FACTS[key], value, "zh", masked=True) == masked
    assert display(FACTS[key], value, "zh") == value


def test_every_derived_fact_is_computed_and_every_input_is_known() -> None:
    computed = {derivation.fact for derivation in DERIVATIONS}
    assert {key for key, fact in FACTS.items() if fact.source is Origin.DERIVED} <= computed
    for derivation in DERIVATIONS:
        assert {derivation.fact, *derivation.inputs} <= set(FACTS)


def test_identity_bank_and_spouse_are_sensitive() -> None:
    for fact in FACTS.values():
        if fact.type in {FactType.ID_NUMBER, FactType.BANK_CARD, FactType.MOBILE}:
            assert fact.sensitivity is Sensitivity.SENSITIVE, fact.key
        if fact.document_type_fact is not None:
            assert FACTS[fact.document_type_fact].type is FactType.CHOICE


def test_a_list_is_shown_row_by_row_and_masked_cell_by_cell() -> None:
    homes = [{"home.address": "江北区一号", "home.area": "89"}, {"home.address": "江北区二号", "home.owner": "joint"}]
    fact = FACTS["household.homes"]
    assert display(fact, homes, "zh") == "1. 江北区一号，建筑面积：89平方米\n2. 江北区二号，共有"
    assert display(fact, homes, "en", masked=True) == "1. ***, Floor area 89 m²\n2. ***, Several together"
    assert canonical(typed(fact, homes)) == [
        {"home.address": "江北区一号", "home.owner": None, "home.area": "89", "home.registered": None},
        {"home.address": "江北区二号", "home.owner": "joint", "home.area": None, "home.registered": None},
    ]
    with pytest.raises(ValueError, match=r"household\.homes"):
        typed(fact, [{"identity.name": "王小华"}])
