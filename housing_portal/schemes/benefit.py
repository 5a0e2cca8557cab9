"""What a scheme pays: computed with ``Decimal`` and explained line by line in both languages."""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from housing_portal.core.money import format_yuan, to_fen
from housing_portal.schemes.expressions import Answer, compile_expression
from housing_portal.schemes.facts import Fact, Value, display, fact_dictionary
from housing_portal.schemes.language import MonthlyBenefit
from housing_portal.schemes.text import Text


class Line(BaseModel):
    """One step of the computation: what it is, and its value."""

    model_config = ConfigDict(frozen=True)

    words: Text
    value: Text


class BenefitResult(BaseModel):
    """Amount and months. They are None while one of ``missing`` (fact keys) is not known."""

    model_config = ConfigDict(frozen=True)

    month_amount: Decimal | None  # yuan a month
    months: int | None
    total: Decimal | None  # yuan, when everything is paid to the end
    lines: tuple[Line, ...]
    missing: tuple[str, ...]


def shown(fact: Fact, value: Value | None) -> Text:
    """A value in both languages, sensitive ones masked; a missing one is a dash."""
    if value is None or value == "":
        return Text(zh="—", en="—")
    return Text(
        zh=display(fact, value, "zh", masked=True),
        en=display(fact, value, "en", masked=True),
    )


def compute(benefit: MonthlyBenefit, values: Mapping[str, Value | None]) -> BenefitResult:
    """The benefit for typed values that hold the derived facts.

    The monthly amount is the smaller of the scheme's amount and the share of the rent, half-up to the fen;
    months are whole months, at most ``max_months`` less those received, and within each limit.
    """
    needed = [benefit.by, benefit.at_most, benefit.received]
    limits = [limit for limit in benefit.limits if _applies(limit.when, values)]
    missing = tuple(key for key in [*needed, *(limit.fact for limit in limits)] if values.get(key) is None)
    amount, amount_lines = _month_amount(benefit, values)
    months, month_lines = _months(benefit, values)
    lines = [*amount_lines, *month_lines]
    total = None
    if amount is not None and months is not None:
        total = to_fen(amount * months)
        lines.append(Line(words=Text(zh="最多可得总额", en="In all, at most"), value=_yuan(total)))
    return BenefitResult(month_amount=amount, months=months, total=total, lines=tuple(lines), missing=missing)


def _applies(when: str | None, values: Mapping[str, Value | None]) -> bool:
    """A limit whose case is open applies: better to promise too little."""
    return when is None or compile_expression(when).answer(values) is not Answer.NOT_MET


def _month_amount(benefit: MonthlyBenefit, values: Mapping[str, Value | None]) -> tuple[Decimal | None, list[Line]]:
    by, at_most = fact_dictionary()[benefit.by], fact_dictionary()[benefit.at_most]
    choice, ceiling = values.get(benefit.by), values.get(benefit.at_most)
    lines: list[Line] = []
    table = None
    if choice is not None:
        table = benefit.amounts.get(str(choice), Decimal(0))
        level = shown(by, choice)
        words = Text(zh=f"标准：{by.label.zh}为{level.zh}", en=f"Standard amount for {by.label.en}: {level.en}")
        lines.append(Line(words=words, value=_yuan(table)))
    if ceiling is not None:
        lines.append(
            Line(
                words=Text(zh=f"上限：{at_most.label.zh}", en=f"Limit: {at_most.label.en}"),
                value=_yuan(_decimal(ceiling)),
            )
        )
    if table is None or ceiling is None:
        return None, lines
    amount = to_fen(min(table, _decimal(ceiling)))
    lines.append(Line(words=Text(zh="每月补贴（取较低者）", en="Each month (the lower one)"), value=_yuan(amount)))
    return amount, lines


def _months(benefit: MonthlyBenefit, values: Mapping[str, Value | None]) -> tuple[int | None, list[Line]]:
    received = values.get(benefit.received)
    lines = [Line(words=Text(zh="最长期限", en="Longest period"), value=months_in_words(benefit.max_months))]
    candidates: list[int | None] = []
    if isinstance(received, int):
        lines.append(
            Line(
                words=Text(zh="减去已享受月数", en="Less the months already received"),
                value=months_in_words(received),
            )
        )
        candidates.append(max(benefit.max_months - received, 0))
    else:
        candidates.append(None)
    for limit in benefit.limits:
        if _applies(limit.when, values):
            left = values.get(limit.fact)
            if isinstance(left, int):
                lines.append(Line(words=limit.words, value=months_in_words(left)))
            candidates.append(left if isinstance(left, int) else None)
    known = [months for months in candidates if months is not None]
    if len(known) < len(candidates):
        return None, lines
    months = min(known)
    lines.append(
        Line(
            words=Text(zh="可享受月数（不足一月不计）", en="Months (whole ones only)"),
            value=months_in_words(months),
        )
    )
    return months, lines


def _decimal(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _yuan(amount: Decimal) -> Text:
    return Text(zh=format_yuan(amount), en=format_yuan(amount))


def months_in_words(months: int) -> Text:
    """A number of months, as text."""
    return Text(zh=f"{months}个月", en=f"{months} month" if months == 1 else f"{months} months")
