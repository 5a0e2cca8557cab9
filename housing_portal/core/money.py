"""Amounts in yuan as ``Decimal``, rounded half-up to the fen. Floats are refused."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
LARGEST_YUAN = Decimal("999999999999.99")

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def to_fen(amount: Decimal | int) -> Decimal:
    """Round yuan half-up to the fen (two places). Raises ``TypeError`` for a float."""
    if isinstance(amount, float):
        raise TypeError("money is Decimal, not float")
    return Decimal(amount).quantize(FEN, rounding=ROUND_HALF_UP)


def format_yuan(amount: Decimal | int) -> str:
    """¥1,234.50; whole yuan without decimals: ¥1,000. The same in both languages."""
    rounded = to_fen(amount)
    sign = "-" if rounded < 0 else ""
    digits = f"{abs(rounded):,.2f}"
    return f"{sign}¥{digits.removesuffix('.00')}"


def yuan_in_words_zh(amount: Decimal | int) -> str:
    """The amount in financial characters (大写金额): 1680.50 → 壹仟陆佰捌拾元伍角整.

    Raises ``ValueError`` for a negative amount or one of 10^12 yuan and more.
    """
    rounded = to_fen(amount)
    if not 0 <= rounded <= LARGEST_YUAN:
        raise ValueError(f"amount out of range: {rounded}")
    fen_total = int(rounded * 100)
    yuan, jiao, fen = fen_total // 100, fen_total // 10 % 10, fen_total % 10
    if fen_total == 0:
        return "零元整"
    words = _integer_words(yuan) + "元" if yuan else ""
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif fen and yuan:
        words += "零"
    return words + (_DIGITS[fen] + "分" if fen else "整")


def _integer_words(number: int) -> str:
    """Groups of four digits, highest first; a gap between digits is one 零."""
    words = ""
    gap = False
    for group_index in reversed(range(len(_GROUPS))):
        group = number // 10 ** (4 * group_index) % 10_000
        for place in reversed(range(4)):
            digit = group // 10**place % 10
            if digit:
                words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = digit == 0
        if group:
            words += _GROUPS[group_index]
    return words
