"""What a scheme pays: computed with ``Decimal``, explained line by line in both languages, and laid out in time.

Amounts are rounded half-up to the fen for each payment. A month that is not full counts 0: months are whole ones.
A year is a year of support, counted from the first paid month.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from housing_portal.core.money import format_yuan, to_fen
from housing_portal.schemes.amounts import Line, Quantity, Reckoning
from housing_portal.schemes.benefit_terms import (
    Benefit,
    Cap,
    DiscountedRent,
    Longer,
    MonthLimit,
    MonthlyBenefit,
    OnceBenefit,
    Phase,
    YearlyBenefit,
)
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.facts import Value
from housing_portal.schemes.months import MONTHS_A_YEAR
from housing_portal.schemes.terms import all_of
from housing_portal.schemes.text import Text

Values = Mapping[str, Value | None]
NOT_COUNTED_YET = Text(zh="待核实，暂不计入", en="to be checked, not counted yet")


class Payment(BaseModel):
    """The same amount ``times`` times, every ``every`` months, first in ``month`` (0: the first paid month)."""

    model_config = ConfigDict(frozen=True)

    month: int
    amount: Decimal  # yuan
    times: int = 1
    every: int = 1
    words: Text | None = None

    def months(self) -> range:
        """The months in which it is paid."""
        return range(self.month, self.month + self.times * self.every, self.every)


class BenefitResult(BaseModel):
    """Amount, duration and payments. They are None while one of ``missing`` (fact keys) is not known."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["monthly", "yearly", "once", "discounted_rent"] = "monthly"
    # Yuan in the first month or year, or once; for a discounted rent, what the tenant pays a month.
    amount: Decimal | None = Field(validation_alias=AliasChoices("amount", "month_amount"))
    months: int | None  # of support; None for what is granted once
    total: Decimal | None  # yuan, when everything is paid to the end; for a discounted rent, what is saved
    schedule: tuple[Payment, ...] = ()
    lines: tuple[Line, ...]
    missing: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether it can be granted as it stands: an amount, and at least one month where months count."""
        return self.amount is not None and self.total is not None and (self.kind == "once" or bool(self.months))


def compute(benefit: Benefit, values: Values, at_start: Values | None = None) -> BenefitResult:
    """The benefit for typed values that hold the derived facts.

    ``values`` are those of the day of application, which decides what somebody is entitled to. ``at_start`` are those
    of the first paid month, where that is known: months are limited by what is left of a lease or contract then.
    """
    reckoning = Reckoning(values, at_start=at_start)
    if isinstance(benefit, OnceBenefit):
        return _once(benefit, reckoning)
    if isinstance(benefit, DiscountedRent):
        return _discounted(benefit, reckoning)
    return _periodic(benefit, reckoning)


# -- once ------------------------------------------------------------------------------------------


def _once(benefit: OnceBenefit, reckoning: Reckoning) -> BenefitResult:
    found = benefit.amount.work_out(reckoning)
    caps = [_cap(cap, reckoning) for cap in benefit.caps if cap.active]
    limits = [cap for cap in caps if cap is not None]
    amount = None
    if found is not None and len(limits) == len(caps):
        amount = to_fen(min([found.value, *limits]))
    payments: list[Payment] = []
    if amount is not None:
        reckoning.lines.append(_line("一次性补贴", "Granted once", amount))
        payments = _tranches(benefit, amount)
    return BenefitResult(
        kind="once",
        amount=amount,
        months=None,
        total=amount,
        schedule=tuple(payments),
        lines=tuple(reckoning.lines),
        missing=tuple(reckoning.missing),
    )


def _tranches(benefit: OnceBenefit, amount: Decimal) -> list[Payment]:
    """The last tranche takes what rounding leaves."""
    payments: list[Payment] = []
    left = amount
    for index, tranche in enumerate(benefit.tranches):
        last = index == len(benefit.tranches) - 1
        part = left if last else to_fen(amount * tranche.share)
        left -= part
        payments.append(Payment(month=tranche.after_months, amount=part, words=tranche.words))
    return payments or [Payment(month=0, amount=amount)]


# -- by the month or year --------------------------------------------------------------------------


def _periodic(benefit: MonthlyBenefit | YearlyBenefit, reckoning: Reckoning) -> BenefitResult:
    yearly = isinstance(benefit, YearlyBenefit)
    amounts = _amounts(benefit, reckoning)
    received = _number(benefit.received, reckoning)
    limits = benefit.limits if isinstance(benefit, MonthlyBenefit) else ()
    periods = _periods(benefit.most, benefit.longer, benefit.received, limits, reckoning, yearly=yearly)
    if benefit.each_time is not None and periods is not None:
        periods = _each_time(benefit.each_time, periods, reckoning, yearly=yearly)
    active = {cap.per: _cap(cap, reckoning) for cap in benefit.caps if cap.active}
    caps: dict[str, Decimal] = {per: value for per, value in active.items() if value is not None}
    schedule: tuple[Payment, ...] = ()
    amount = total = None
    if amounts is not None and periods is not None and not reckoning.missing:
        begun = received or 0
        each = [to_fen(value) for value in amounts[begun : begun + periods]]
        paid = _capped(each, caps, MONTHS_A_YEAR if not yearly else 1)
        amount, total = paid[0] if paid else _first(amounts, begun), to_fen(sum(paid, Decimal(0)))
        periods = len(paid)
        schedule = _runs(paid, MONTHS_A_YEAR if yearly else 1)
        reckoning.lines.append(_period_line(yearly, amount, varies=len(set(paid)) > 1))
        reckoning.lines.append(_line("最多可得总额", "In all, at most", total))
    elif amounts:  # the months are open, the amount is not
        amount = _first(amounts, received or 0)
    return BenefitResult(
        kind="yearly" if yearly else "monthly",
        amount=amount,
        months=None if periods is None else periods * (MONTHS_A_YEAR if yearly else 1),
        total=total,
        schedule=schedule,
        lines=tuple(reckoning.lines),
        missing=tuple(dict.fromkeys(reckoning.missing)),
    )


def _amounts(benefit: MonthlyBenefit | YearlyBenefit, reckoning: Reckoning) -> list[Decimal] | None:
    """The amount of each period from the very first, phase by phase; None when one cannot be worked out."""
    longest = benefit.most + sum(longer.more for longer in benefit.longer)
    amounts: list[Decimal] = []
    whole = True
    for phase in benefit.phases:
        found = _phase(phase, reckoning)
        if isinstance(found, Quantity):
            periods = longest - len(amounts) if phase.periods is None else phase.periods
            amounts += [found.value] * periods
        whole = whole and found is not None
    return amounts if whole else None


def _first(amounts: list[Decimal], begun: int) -> Decimal:
    """The amount of the first period that is still to come, or the last one when all are used up."""
    return to_fen(amounts[min(begun, len(amounts) - 1)]) if amounts else to_fen(Decimal(0))


def _phase(phase: Phase, reckoning: Reckoning) -> Quantity | Literal[False] | None:
    """The amount of a phase; False when it does not apply or is not sure to; None when a fact is missing."""
    answer = all_of(phase.when, reckoning.values)
    if answer is Answer.MET:
        lines = len(reckoning.lines)
        found = phase.amount.work_out(reckoning)
        if found is not None and phase.words is not None:
            reckoning.lines[lines:] = [Line(words=phase.words, value=found.in_words())]
        return found
    if answer is Answer.NEEDS_REVIEW and phase.words is not None:
        reckoning.lines.append(Line(words=phase.words, value=NOT_COUNTED_YET))
    return False


def _capped(each: list[Decimal], caps: Mapping[str, Decimal], year: int) -> list[Decimal]:
    """The payments with what goes above a cap cut off, in the order of time."""
    paid: list[Decimal] = []
    for index, amount in enumerate(each):
        used = {
            "month": Decimal(0),
            "year": sum(paid[index - index % year :], Decimal(0)),
            "scheme": sum(paid, Decimal(0)),
        }
        room = min((cap - used[per] for per, cap in caps.items()), default=amount)
        paid.append(to_fen(max(min(amount, room), Decimal(0))))
    return paid


def _runs(paid: list[Decimal], every: int) -> tuple[Payment, ...]:
    """Equal neighbours as one payment that is repeated."""
    runs: list[Payment] = []
    for index, amount in enumerate(paid):
        if runs and runs[-1].amount == amount:
            runs[-1] = runs[-1].model_copy(update={"times": runs[-1].times + 1})
        else:
            runs.append(Payment(month=index * every, amount=amount, every=every))
    return tuple(run for run in runs if run.amount)


def _period_line(yearly: bool, amount: Decimal, *, varies: bool) -> Line:
    if yearly:
        return _line("每年补贴", "Each year", amount)
    if varies:
        return _line("首月补贴", "In the first month", amount)
    return _line("每月补贴", "Each month", amount)


# -- a lower rent ----------------------------------------------------------------------------------


def _discounted(benefit: DiscountedRent, reckoning: Reckoning) -> BenefitResult:
    market = benefit.market.work_out(reckoning)
    rent = benefit.rent.work_out(reckoning)
    months = _periods(benefit.most, benefit.longer, benefit.received, benefit.limits, reckoning, yearly=False)
    amount = total = None
    if rent is not None:
        amount = to_fen(rent.value)
        reckoning.lines.append(_line("每月应付优惠租金", "Preferential rent to pay each month", amount))
    if market is not None and amount is not None and months is not None:
        saved = max(to_fen(market.value) - amount, Decimal(0))
        total = to_fen(saved * months)
        reckoning.lines.append(_line("每月节省", "Saved each month", saved))
    return BenefitResult(
        kind="discounted_rent",
        amount=amount,
        months=months,
        total=total,
        lines=tuple(reckoning.lines),
        missing=tuple(dict.fromkeys(reckoning.missing)),
    )


# -- duration and caps -----------------------------------------------------------------------------


def _periods(
    most: int,
    longer: tuple[Longer, ...],
    received_fact: str | None,
    limits: tuple[MonthLimit, ...],
    reckoning: Reckoning,
    *,
    yearly: bool,
) -> int | None:
    """Whole months (or years): the longest, and more where a case holds, less those received, within each limit."""
    words = years_in_words if yearly else months_in_words
    lines = [Line(words=Text(zh="最长期限", en="Longest period"), value=words(most))]
    for case in longer:
        if all_of([case.when], reckoning.values) is Answer.MET:
            most += case.more
            lines.append(Line(words=case.words, value=words(case.more)))
    candidates: list[int | None] = [most]
    if received_fact is not None:
        received = _number(received_fact, reckoning)
        candidates = [None if received is None else max(most - received, 0)]
        if received:
            unit = Text(zh="减去已享受年数", en="Less the years already received")
            unit = unit if yearly else Text(zh="减去已享受月数", en="Less the months already received")
            lines.append(Line(words=unit, value=words(received)))
    for limit in limits:
        if limit.when is None or all_of([limit.when], reckoning.values) is not Answer.NOT_MET:
            # A limit whose case is open applies: better promise too little.
            left = _number(limit.fact, reckoning, reckoning.at_start)
            if left is not None:
                lines.append(Line(words=limit.words, value=months_in_words(left)))
            candidates.append(left)
    known = [periods for periods in candidates if periods is not None]
    reckoning.lines += lines
    if len(known) < len(candidates):
        return None
    periods = min(known)
    label = Text(zh="可享受月数（不足一月不计）", en="Months (whole ones only)")
    label = Text(zh="可享受年数", en="Years") if yearly else label
    reckoning.lines.append(Line(words=label, value=words(periods)))
    return periods


def _each_time(granted: int, left: int, reckoning: Reckoning, *, yearly: bool) -> int:
    """What one application grants of what is left."""
    words = years_in_words if yearly else months_in_words
    line = Line(words=Text(zh="每次申请核定", en="Granted for each application"), value=words(granted))
    reckoning.lines.append(line)
    return min(granted, left)


def _number(key: str | None, reckoning: Reckoning, values: Values | None = None) -> int | None:
    if key is None:
        return None
    value = (reckoning.values if values is None else values).get(key)
    if not isinstance(value, int):
        reckoning.lack(key)
        return None
    return value


def _cap(cap: Cap, reckoning: Reckoning) -> Decimal | None:
    found = cap.amount.work_out(reckoning)
    if found is not None:
        reckoning.lines.append(Line(words=cap.words, value=found.in_words()))
    return None if found is None else found.value


# -- words -----------------------------------------------------------------------------------------


def _line(zh: str, en: str, amount: Decimal) -> Line:
    yuan = format_yuan(amount)
    return Line(words=Text(zh=zh, en=en), value=Text(zh=yuan, en=yuan))


def months_in_words(months: int) -> Text:
    """A number of months, as text."""
    return Text(zh=f"{months}个月", en=f"{months} month" if months == 1 else f"{months} months")


def years_in_words(years: int) -> Text:
    """A number of years, as text."""
    return Text(zh=f"{years}年", en=f"{years} year" if years == 1 else f"{years} years")


