"""What the file of a scheme says of its benefit: by the month, by the year, once, or a lower rent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from housing_portal.schemes.amounts import Amount
from housing_portal.schemes.terms import Condition, Conditions, NumberFact, Part, Share, facts_of
from housing_portal.schemes.text import Text

Periods = Annotated[int, Field(ge=1, le=240)]


class Phase(Part):
    """A stretch with its own amount. Without ``periods`` it takes all that is left."""

    amount: Amount  # a month or a year, as the benefit says
    periods: Periods | None = None
    when: Conditions = ()  # the phase counts only where all of these are met
    words: Text | None = None


class Longer(Part):
    """More months or years in a case."""

    when: Condition
    more: Periods
    words: Text


class MonthLimit(Part):
    """Months are paid at most for as long as a fact says, in the case of ``when``."""

    fact: NumberFact
    words: Text
    when: Condition | None = None


class Cap(Part):
    """At most this much: in a month, in each year of support, or over the whole scheme.

    ``active`` false keeps an optional cap in the file that the city has not switched on.
    """

    per: Literal["month", "year", "scheme"]
    amount: Amount
    words: Text
    active: bool = True


class Tranche(Part):
    """A part of what is paid once: its share, how many months after the decision, and what must hold then."""

    share: Share
    after_months: Annotated[int, Field(ge=0, le=120)] = 0
    words: Text


class _Benefit(Part):
    clause: Text

    def facts(self) -> Iterator[str]:
        """Keys of the facts that the benefit reads."""
        raise NotImplementedError


class _Periodic(_Benefit):
    """Money for a number of months or years."""

    phases: Annotated[tuple[Phase, ...], Field(min_length=1, max_length=8)]
    most: Periods  # months or years
    received: NumberFact | None = None  # months or years already received, counted across the exclusion group
    each_time: Periods | None = None  # months or years that one application grants, where that is not all of them
    longer: tuple[Longer, ...] = ()
    caps: tuple[Cap, ...] = ()

    @model_validator(mode="after")
    def _only_the_last_is_open(self) -> "_Periodic":
        if any(phase.periods is None for phase in self.phases[:-1]):
            raise ValueError("only the last phase may be without periods")
        return self

    def facts(self) -> Iterator[str]:
        """Those of the phases, the caps that are active, and the duration."""
        for phase in self.phases:
            yield from phase.amount.facts()
            yield from facts_of(phase.when)
        for cap in self.caps:
            if cap.active:
                yield from cap.amount.facts()
        if self.received is not None:
            yield self.received
        yield from facts_of(longer.when for longer in self.longer)


def _limits_facts(limits: tuple[MonthLimit, ...]) -> Iterator[str]:
    yield from (limit.fact for limit in limits)
    yield from facts_of(limit.when for limit in limits if limit.when)


class MonthlyBenefit(_Periodic):
    """Money a month."""

    kind: Literal["monthly"]
    limits: tuple[MonthLimit, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _first_form(cls, data: Any) -> Any:
        """Versions published before the tree of amounts keep their text; it is read as what it meant."""
        if not isinstance(data, dict) or "amounts" not in data:
            return data
        rest = {key: data[key] for key in ("kind", "clause", "received", "limits") if key in data}
        table = {"table": {"by": data["by"], "values": data["amounts"]}}
        phase = {"amount": {"least_of": [table, {"fact": data["at_most"]}]}}
        return rest | {"phases": [phase], "most": data["max_months"]}

    def facts(self) -> Iterator[str]:
        """Also those of the limits."""
        yield from super().facts()
        yield from _limits_facts(self.limits)


class YearlyBenefit(_Periodic):
    """Money a year."""

    kind: Literal["yearly"]


class OnceBenefit(_Benefit):
    """Money that is granted once and may be paid in tranches."""

    kind: Literal["once"]
    amount: Amount
    caps: tuple[Cap, ...] = ()
    tranches: tuple[Tranche, ...] = ()

    @model_validator(mode="after")
    def _tranches_make_a_whole(self) -> "OnceBenefit":
        if self.tranches and abs(sum((tranche.share for tranche in self.tranches), Decimal(-1))) > Decimal("0.001"):
            raise ValueError("the shares of the tranches make 1")
        if any(cap.per != "scheme" for cap in self.caps):
            raise ValueError("what is granted once is capped per scheme")
        return self

    def facts(self) -> Iterator[str]:
        """Those of the amount and of the active caps."""
        yield from self.amount.facts()
        for cap in self.caps:
            if cap.active:
                yield from cap.amount.facts()


class DiscountedRent(_Benefit):
    """A home or premises at a lower rent: what is paid, what the market asks, and for how long."""

    kind: Literal["discounted_rent"]
    rent: Amount  # yuan a month, paid by the tenant
    market: Amount  # yuan a month
    most: Periods  # months
    received: NumberFact | None = None
    longer: tuple[Longer, ...] = ()
    limits: tuple[MonthLimit, ...] = ()

    def facts(self) -> Iterator[str]:
        """Those of both rents and of the duration."""
        yield from self.rent.facts()
        yield from self.market.facts()
        if self.received is not None:
            yield self.received
        yield from facts_of(longer.when for longer in self.longer)
        yield from _limits_facts(self.limits)


def _kind(value: Any) -> str | None:
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)


Benefit = Annotated[
    Annotated[MonthlyBenefit, Tag("monthly")]
    | Annotated[YearlyBenefit, Tag("yearly")]
    | Annotated[OnceBenefit, Tag("once")]
    | Annotated[DiscountedRent, Tag("discounted_rent")],
    Discriminator(
        _kind,
        custom_error_type="benefit",
        custom_error_message="kind is one of monthly, yearly, once, discounted_rent",
    ),
]
