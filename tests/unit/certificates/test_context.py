"""What papers say: both languages, masks, amounts, and nothing that does not fit."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from housing_portal.certificates.context import PaperTooLong, build, day, moment, width
from housing_portal.certificates.models import CERTIFICATE, KINDS, RECEIPT, REFUSAL
from housing_portal.core.crypto import canonical_json
from tests.factories.papers import COMPANY, LONG, ORDINARY, UNCOVERED, stamp


def test_dates_in_both_languages() -> None:
    assert day(date(2026, 3, 1)) == {"zh": "2026年3月1日", "en": "1 March 2026"}


def test_moments_are_the_citys() -> None:
    assert moment(datetime(2026, 12, 31, 16, 4, tzinfo=UTC)) == {
        "zh": "2027年1月1日 00:04（北京时间）",
        "en": "1 January 2027, 00:04 (Beijing time)",
    }


def test_width_counts_han_twice() -> None:
    assert width("王·Li，") == 2 + 1 + 2 + 2


@pytest.mark.parametrize("kind", KINDS)
def test_content_is_plain_data(kind: str) -> None:
    content = build(kind, ORDINARY, stamp(kind))
    assert json.loads(canonical_json(content)) == content


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_a_person_is_never_whole(kind: str) -> None:
    content = build(kind, ORDINARY, stamp(kind))
    assert ORDINARY.id_number not in canonical_json(content).decode()
    assert content["holder"]["id_number"] == "500*************34"


def test_the_code_of_a_company_is_public() -> None:
    assert build(CERTIFICATE, COMPANY, stamp(CERTIFICATE))["holder"]["id_number"] == COMPANY.id_number


def test_amount_in_figures_and_words() -> None:
    assert build(CERTIFICATE, LONG, stamp(CERTIFICATE))["amount"] == {
        "figures": "57,500.50",
        "words": "伍万柒仟伍佰元伍角整",
    }


def test_period_covers_whole_months() -> None:
    period = build(CERTIFICATE, ORDINARY, stamp(CERTIFICATE))["period"]
    assert (period["from"]["en"], period["to"]["en"], period["months"]) == (
        "1 December 2026",
        "30 November 2029",
        36,
    )


def test_a_character_without_glyph_is_named() -> None:
    assert build(CERTIFICATE, UNCOVERED, stamp(CERTIFICATE))["holder"]["unprintable"] == ["U+2D382"]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("holder_name", {"holder_name": "王" * 61}),
        ("scheme.zh", {"scheme_title": {"zh": "补" * 46, "en": "x"}}),
        ("legal_basis.en", {"legal_basis": {"zh": "条", "en": "x" * 271}}),
        ("office.zh", {"office": {"zh": "局" * 56, "en": "x"}}),
        ("district.zh", {"district_name": {"zh": "区" * 31, "en": "x"}}),
        ("benefit.zh", {"benefit_lines": [{"zh": "付" * 80, "en": "x"}] * 2, "amount_month": None}),
        ("fair_competition_review_no", {"fair_competition_review_no": "Y" * 61}),
    ],
)
def test_a_certificate_names_what_does_not_fit(field: str, change: dict[str, object]) -> None:
    with pytest.raises(PaperTooLong, match=f"^{field} takes"):
        build(CERTIFICATE, replace(ORDINARY, **change), stamp(CERTIFICATE))  # type: ignore[arg-type]


def test_letters_may_be_long() -> None:
    long = replace(ORDINARY, holder_name="王" * 100, remark="说明" * 2000)
    assert build(REFUSAL, long, stamp(REFUSAL))["remark"] == "说明" * 2000


def test_english_quotes_are_straight_and_chinese_ones_stay() -> None:
    title = {"zh": "“星居”计划", "en": "The “Starhome” people’s plan"}
    scheme = build(RECEIPT, replace(ORDINARY, scheme_title=title), stamp(RECEIPT))["scheme"]
    assert scheme == {"zh": "“星居”计划", "en": 'The "Starhome" people\'s plan'}


def test_no_monthly_amount_leaves_the_lines() -> None:
    once = replace(ORDINARY, amount_month=None, benefit_lines=[{"zh": "一次性", "en": "once"}])
    content = build(CERTIFICATE, once, stamp(CERTIFICATE))
    assert (content["amount"], content["benefit_lines"]) == (None, [{"zh": "一次性", "en": "once"}])


def test_money_is_rounded_half_up() -> None:
    odd = replace(ORDINARY, amount_month=Decimal("900.005"))
    assert build(CERTIFICATE, odd, stamp(CERTIFICATE))["amount"]["figures"] == "900.01"
