"""The example of docs/scheme-language.md, put together from its pieces, is a scheme that loads and computes."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from housing_portal.schemes.language import read_scheme
from housing_portal.schemes.rules import benefit_for

PAGE = Path(__file__).parents[3] / "docs" / "scheme-language.md"
REST = """
offers: {zh: "…", en: "…"}
takes: {zh: "…", en: "…"}
legal_basis: {title: {zh: "…", en: "…"}}
responsible_office: {zh: "…", en: "…"}
"""


def test_the_worked_example_is_a_scheme() -> None:
    section = PAGE.read_text("utf-8").split("## From an empty file")[1].split("\n## ")[0]
    pieces = [textwrap.dedent(piece) for piece in re.findall(r"   ```yaml\n(.*?)   ```", section, re.DOTALL)]
    scheme = read_scheme("settling_in.yaml", "".join(pieces) + REST)
    facts = {"education.level": "master", "settlement.similar_grants_received": "5000"}
    found = benefit_for(scheme, facts, scheme.valid_from, scheme.valid_from)
    assert [str(payment.amount) for payment in found.schedule] == ["7500.00", "7500.00"]
