"""How one fact follows from others, and the shapes that many derivations share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from housing_portal.schemes.facts import Value
from housing_portal.schemes.months import months_begun, months_until_end_of, whole_months

Values = Mapping[str, Value | None]
Compute = Callable[[Values, date], Value | None]


@dataclass(frozen=True)
class Derivation:
    """One derived fact: ``compute`` gives None while its inputs do not say it."""

    fact: str
    inputs: tuple[str, ...]
    compute: Compute


def months_since(key: str) -> Compute:
    """Whole months from the day that a fact holds."""

    def months(values: Values, on: date) -> Value | None:
        start = values.get(key)
        return whole_months(start, on) if isinstance(start, date) else None

    return months


def months_within(key: str) -> Compute:
    """Months from the day that a fact holds, with the one begun: at most 24 until the same day two years on."""

    def months(values: Values, on: date) -> Value | None:
        start = values.get(key)
        return months_begun(start, on) if isinstance(start, date) else None

    return months


def months_left(key: str) -> Compute:
    """Whole months to the end of the day that a fact holds."""

    def months(values: Values, on: date) -> Value | None:
        last_day = values.get(key)
        return months_until_end_of(on, last_day) if isinstance(last_day, date) else None

    return months


def same(one: str, other: str) -> Compute:
    """Whether two facts hold the same; open while one is missing."""

    def compare(values: Values, _on: date) -> Value | None:
        first, second = values.get(one), values.get(other)
        return None if first is None or second is None else first == second

    return compare
