"""The certificate of every scheme holds its title and what the first hand-worked case is granted, on one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import yaml

from housing_portal.certificates.context import build
from housing_portal.certificates.models import CERTIFICATE
from housing_portal.certificates.render import render
from housing_portal.schemes.grants import granted, one_amount_a_month
from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.policy_terms import PaperKind
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.rules import evaluate
from tests.factories.papers import ORDINARY, stamp

GOLDEN = sorted((Path(__file__).parents[2] / "data" / "golden").glob("*.yaml"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_certificate_of_a_scheme_is_one_page(path: Path) -> None:
    content = yaml.safe_load(path.read_text("utf-8"))
    definition = load_scheme(CATALOGUE / f"{content['scheme']}.yaml")
    benefit = evaluate(definition, content["base"], content["day"]).benefit
    title = definition.papers[PaperKind.CERTIFICATE].title.model_dump()
    case = replace(
        ORDINARY,
        scheme_title=definition.title.model_dump(),
        certificate_title=title,
        legal_basis=definition.legal_basis.title.model_dump(),
        fair_competition_review_no=definition.fair_competition_review_no,
        amount_month=one_amount_a_month(benefit),
        months=benefit.months,
        first_month=ORDINARY.first_month if benefit.months else None,
        benefit_lines=[words.model_dump() for words in granted(benefit)],
    )
    document = pypdfium2.PdfDocument(render(CERTIFICATE, build(CERTIFICATE, case, stamp(CERTIFICATE))))
    assert len(document) == 1
    assert title["zh"] in "".join(document[0].get_textpage().get_text_range().split())
