"""No number of a form is called only "Amount" or "Number"."""

from __future__ import annotations

from pathlib import Path

import pytest

from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.source import to_yaml
from housing_portal.workbench.editing import fields

ALONE = {"Amount", "Number", "Rate", "Value", "金额", "数值", "比例"}
SCHEMES = sorted(CATALOGUE.glob("[a-z]*.yaml"))


def labels(path: Path) -> dict[str, tuple[str, str]]:
    found = fields(to_yaml(load_scheme(path)), "amounts")
    return {field.name: (field.label.en, field.label.zh) for field in found if field.kind == "number"}


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_every_number_says_what_it_is(path: Path) -> None:
    told = labels(path)
    assert [name for name, words in told.items() if ALONE.intersection(words)] == []


def test_the_words_come_from_what_stands_around_the_number() -> None:
    flat = labels(CATALOGUE / "office_rent_flat.yaml")
    assert flat["benefit.phases.0.periods"][0] == "Phase 1: months or years"
    assert flat["benefit.caps.0.amount.yuan"] == ("Upper limit in yuan", "上限（元）")
    bands = labels(CATALOGUE / "office_rent_progressive.yaml")
    rates = [words[0] for name, words in bands.items() if name.endswith(".rate")]
    assert rates[0].endswith("share up to 1,000 m²")
    assert rates[1].endswith("share from 1,000 to 5,000 m²")
    ends = [words[0] for name, words in bands.items() if ".steps.0.to" in name]
    assert ends[0].endswith(": band 1: up to (m²)")
    owned = labels(CATALOGUE / "state_owned_premises.yaml")
    assert owned["benefit.rent.product.0.number"][0] == "Preferential rent: share of: Assessed rent a month"
