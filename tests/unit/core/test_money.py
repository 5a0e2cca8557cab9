"""Amounts: rounding to the fen, writing, financial characters."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housing_portal.core.money import format_yuan, to_fen, yuan_in_words_zh

amounts = st.decimals(0, Decimal("999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("0.004999", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01")]
)
def test_half_up_to_the_fen(amount: str, rounded: str) -> None:
    assert to_fen(Decimal(amount)) == Decimal(rounded)


def test_float_is_refused() -> None:
    with pytest.raises(TypeError):
        to_fen(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "text"),
    [("750", "¥750"), ("1234.5", "¥1,234.50"), ("0", "¥0"), ("-20", "-¥20"), ("500000", "¥500,000")],
)
def test_format(amount: str, text: str) -> None:
    assert format_yuan(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("750", "柒佰伍拾元整"),
        ("1000", "壹仟元整"),
        ("10", "壹拾元整"),
        ("1680.50", "壹仟陆佰捌拾元伍角整"),
        ("1680.02", "壹仟陆佰捌拾元零贰分"),
        ("1409.56", "壹仟肆佰零玖元伍角陆分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("500000", "伍拾万元整"),
        ("100000001", "壹亿零壹元整"),
        ("0.50", "伍角整"),
        ("0.05", "伍分"),
    ],
)
def test_financial_characters(amount: str, words: str) -> None:
    assert yuan_in_words_zh(Decimal(amount)) == words


@given(amounts)
def test_financial_characters_read_back(amount: Decimal) -> None:
    assert read_words(yuan_in_words_zh(amount)) == amount


def read_words(words: str) -> Decimal:
    """An independent reader of financial characters."""
    total, section, digit, fraction = 0, 0, 0, Decimal(0)
    for character in words:
        if character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
        elif character in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
        elif character in "万亿":
            total += (section + digit) * {"万": 10**4, "亿": 10**8}[character]
            section = digit = 0
        elif character == "元":
            total += section + digit
            section = digit = 0
        elif character in "角分":
            fraction += digit * {"角": Decimal("0.1"), "分": Decimal("0.01")}[character]
            digit = 0
    return total + fraction


@given(amounts)
def test_no_double_zero(amount: Decimal) -> None:
    assert "零零" not in yuan_in_words_zh(amount)


@pytest.mark.parametrize("amount", ["-1", "1000000000000"])
def test_out_of_range(amount: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        yuan_in_words_zh(Decimal(amount))
