"""Texts of a draft that may still tell an old number. Pure.

A number that the draft changed, and a text that it did not change and in which the old number stands: the public page
would promise what the rules no longer give. It is a hint: the number may mean something else there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from housing_portal.schemes.language import SchemeDefinition

Steps = tuple[str | int, ...]
MOST_TOLD = 20
SMALLEST = 2  # 0 and 1 stand in too many texts


@dataclass(frozen=True)
class StaleText:
    """A text, and the number in it that was changed elsewhere."""

    text: str
    old: str
    new: str


def stale_texts(base: SchemeDefinition, draft: SchemeDefinition, language: str) -> tuple[StaleText, ...]:
    """What a scheme manager should read again before publishing, in ``zh`` or ``en``."""
    before, after = dict(_leaves(base.model_dump(mode="json"))), dict(_leaves(draft.model_dump(mode="json")))
    changed = {
        (_plain(old), _plain(new))
        for steps, old in before.items()
        if (new := after.get(steps)) is not None and _is_number(old) and _is_number(new) and old != new
    }
    texts = [
        text
        for steps, text in after.items()
        if steps[-1] == language and isinstance(text, str) and before.get(steps) == text
    ]
    found = [
        StaleText(text, old, new)
        for old, new in sorted(changed)
        if Decimal(old) >= SMALLEST
        for text in dict.fromkeys(texts)
        if re.search(_written(old), text)
    ]
    return tuple(found[:MOST_TOLD])


def _leaves(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*steps, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _leaves(part, (*steps, index))
    else:
        yield steps, value


def _is_number(value: Any) -> bool:
    """Numbers of the JSON form: amounts are texts there, and a rule's test is not."""
    if isinstance(value, bool) or value is None:
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _plain(value: Any) -> str:
    number = Decimal(str(value))
    return str(number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize())


def _written(number: str) -> str:
    """The number as texts write it, 1000 or 1,000, and not as a part of another one."""
    whole, _point, rest = number.partition(".")
    ways = {number, f"{int(whole):,}" + (f".{rest}" if rest else "")}
    return r"(?<![\d.,])(?:" + "|".join(re.escape(way) for way in sorted(ways)) + r")(?![\d]|[.,]\d)"
