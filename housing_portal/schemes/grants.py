"""What is granted, in words: the same sentences on the pre-check, the case, the letter and the certificate."""

from collections.abc import Iterator
from decimal import Decimal

from housing_portal.core.money import format_yuan
from housing_portal.schemes.benefit import BenefitResult, Payment, months_in_words, years_in_words
from housing_portal.schemes.months import MONTHS_A_YEAR
from housing_portal.schemes.text import Text

MOST_RUNS = 4  # more changes of the amount than this are told as a total


def granted(benefit: BenefitResult) -> tuple[Text, ...]:
    """Sentences, the amount first; empty while the amount is not known."""
    if benefit.amount is None:
        return ()
    makers = {"once": _once, "discounted_rent": _rent, "yearly": _yearly, "monthly": _monthly}
    return tuple(makers[benefit.kind](benefit, benefit.amount))


def one_amount_a_month(benefit: BenefitResult) -> Decimal | None:
    """Yuan a month, when it is the same in every month; else None."""
    if benefit.kind != "monthly" or len(benefit.schedule) > 1:
        return None
    return benefit.amount


def _monthly(benefit: BenefitResult, amount: Decimal) -> Iterator[Text]:
    if len(benefit.schedule) <= 1:
        yield _a_month(amount, benefit.months)
    elif len(benefit.schedule) <= MOST_RUNS:
        yield from (_run(payment) for payment in benefit.schedule)
    else:
        months = months_in_words(benefit.months or 0)
        yield Text(
            zh=f"首月{format_yuan(amount)}，共{months.zh}，各月金额按年度上限计算",
            en=f"{format_yuan(amount)} in the first month, {months.en} in all, within the yearly limit",
        )
    if benefit.total is not None and (benefit.months or 0) > 1:
        yield _in_all(benefit.total)


def _a_month(amount: Decimal, months: int | None) -> Text:
    yuan = format_yuan(amount)
    if months is None:
        return Text(zh=f"每月{yuan}", en=f"{yuan} a month")
    words = months_in_words(months)
    return Text(zh=f"每月{yuan}，共{words.zh}", en=f"{yuan} a month for {words.en}")


def _run(payment: Payment) -> Text:
    first, last, yuan = payment.month + 1, payment.months()[-1] + 1, format_yuan(payment.amount)
    if first == last:
        return Text(zh=f"第{first}个月{yuan}", en=f"{yuan} in month {first}")
    return Text(zh=f"第{first}至{last}个月，每月{yuan}", en=f"{yuan} a month in months {first} to {last}")


def _yearly(benefit: BenefitResult, amount: Decimal) -> Iterator[Text]:
    yuan = format_yuan(amount)
    if benefit.months is None:
        yield Text(zh=f"每年{yuan}", en=f"{yuan} a year")
        return
    years = years_in_words(benefit.months // MONTHS_A_YEAR)
    yield Text(zh=f"每年{yuan}，共{years.zh}", en=f"{yuan} a year for {years.en}")
    if benefit.total is not None and benefit.months > MONTHS_A_YEAR:
        yield _in_all(benefit.total)


def _once(benefit: BenefitResult, amount: Decimal) -> Iterator[Text]:
    yuan = format_yuan(amount)
    yield Text(zh=f"一次性{yuan}", en=f"{yuan} once")
    if len(benefit.schedule) > 1:
        for payment in benefit.schedule:
            part = format_yuan(payment.amount)
            when = payment.words or _after(payment.month)
            yield Text(zh=f"{when.zh}：{part}", en=f"{when.en}: {part}")


def _after(months: int) -> Text:
    if months == 0:
        return Text(zh="批准后", en="After approval")
    words = months_in_words(months)
    return Text(zh=f"批准后满{words.zh}", en=f"{words.en} after approval")


def _rent(benefit: BenefitResult, amount: Decimal) -> Iterator[Text]:
    yuan = format_yuan(amount)
    if benefit.months is None:
        yield Text(zh=f"优惠租金每月{yuan}", en=f"Preferential rent of {yuan} a month")
        return
    words = months_in_words(benefit.months)
    yield Text(
        zh=f"优惠租金每月{yuan}，最长{words.zh}", en=f"Preferential rent of {yuan} a month, for {words.en} at most"
    )
    if benefit.total:
        saved = format_yuan(benefit.total)
        yield Text(zh=f"期内合计节省{saved}", en=f"It saves {saved} over that time")


def _in_all(total: Decimal) -> Text:
    return Text(zh=f"合计最多{format_yuan(total)}", en=f"{format_yuan(total)} in all at most")
