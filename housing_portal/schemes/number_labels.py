"""What a number in the calculation of a benefit means, in words: for a form on which nobody sees the file.

"Amount" and "number" say nothing by themselves; what stands around them does: the fact that they are multiplied
with, the band of an area, the phase, the cap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.text import Text

DEEPEST = 3  # parts of a calculation that are named in one label
_PARTS: Mapping[str, Text] = {
    "least_of": Text(zh="上限", en="upper limit"),
    "sum": Text(zh="加数", en="number that is added"),
    "taken": Text(zh="扣除数", en="number that is taken off"),
    "less": Text(zh="扣除前的数", en="number that something is taken off"),
    "quotient": Text(zh="除式中的数", en="part of a division"),
}


def number_label(path: Sequence[str], data: Any) -> Text | None:
    """Words for the number at ``path`` (keys, and places in lists) of the data of a file.

    None where the key's own words are enough.
    """
    if path[0] != "benefit":
        return None
    if "steps" in path and path[path.index("steps") - 1] == "bands":
        return _of_band(path, data)
    if path[-1] == "periods" and len(path) > 2:
        number = int(path[-2]) + 1
        return Text(zh=f"第{number}阶段的期数（月或年）", en=f"phase {number}: months or years")
    if path[-1] not in ("yuan", "number") and not path[-1].isdigit():
        return None
    node = path if path[-1].isdigit() else path[:-1]
    yuan = path[-1] == "yuan"
    if len(node) > 1 and node[-2] == "product":
        return _factor(node, yuan, _at(path, data), data)
    role = next((step for step in reversed(node) if not step.isdigit()), "")
    if "caps" in node:
        role = "least_of"
    words = _PARTS.get(role)
    if yuan:
        words = words or Text(zh="金额", en="amount")
        return Text(zh=f"{words.zh}（元）", en=f"{words.en} in yuan")
    return words


def _of_band(path: Sequence[str], data: Any) -> Text:
    place = path.index("steps")
    index = int(path[place + 1])
    bands = _at(path[:place], data)
    steps, unit = bands["steps"], _unit(bands.get("of"))
    if "rate" not in path:
        return Text(zh=f"第{index + 1}段上限{_in(unit.zh, 'zh')}", en=f"band {index + 1}: up to{_in(unit.en, 'en')}")
    lower = _plain(steps[index - 1].get("to")) if index else ""
    upper = _plain(steps[index].get("to"))
    if lower and upper:
        return Text(zh=f"{lower}至{upper}{unit.zh}部分的比例", en=f"share from {lower} to {upper} {unit.en}".strip())
    if lower:
        return Text(zh=f"超过{lower}{unit.zh}部分的比例", en=f"share above {lower} {unit.en}".strip())
    return Text(zh=f"{upper}{unit.zh}以内部分的比例", en=f"share up to {upper} {unit.en}".strip())


def _in(unit: str, language: str) -> str:
    if not unit:
        return ""
    return f"（{unit}）" if language == "zh" else f" ({unit})"


def _unit(node: Any) -> Text:
    key = node.get("fact") if isinstance(node, Mapping) else node
    fact = fact_dictionary().get(str(key))
    return fact.unit if fact is not None and fact.unit is not None else Text(zh="", en="")


def _plain(value: Any) -> str:
    number = value.get("number", value.get("yuan")) if isinstance(value, Mapping) else value
    return f"{number:,}" if isinstance(number, int | float) else str(number or "")


def _factor(node: Sequence[str], yuan: bool, value: Any, data: Any) -> Text:
    others = [part for place, part in enumerate(_at(node[:-1], data)) if place != int(node[-1])]
    words = [_words(part) for part in others]
    zh, en = " × ".join(part.zh for part in words), " × ".join(part.en for part in words)
    if yuan:
        return Text(zh=f"金额（元），乘以：{zh}", en=f"yuan, times: {en}")
    if isinstance(value, int | float) and value <= 1:
        return Text(zh=f"占“{zh}”的比例", en=f"share of: {en}")
    return Text(zh=f"倍数，乘以：{zh}", en=f"number, times: {en}")


def _words(node: Any, depth: int = 0) -> Text:
    """A part of a calculation: its own words, its fact, its number, or what it is made of."""
    if not isinstance(node, Mapping):
        fact = fact_dictionary().get(str(node))
        return fact.label if fact else Text(zh=_plain(node) or "—", en=_plain(node) or "—")
    words = node.get("words")
    if isinstance(words, Mapping) and {"zh", "en"} <= set(words):
        return Text(zh=str(words["zh"]), en=str(words["en"]))
    if "fact" in node:
        return _words(node["fact"])
    for key, between in (("product", " × "), ("sum", " + ")):
        if isinstance(node.get(key), list) and depth < DEEPEST:
            parts = [_words(part, depth + 1) for part in node[key]]
            return Text(zh=between.join(part.zh for part in parts), en=between.join(part.en for part in parts))
    if isinstance(node.get("least_of"), list) and depth < DEEPEST:
        parts = [_words(part, depth + 1) for part in node["least_of"]]
        zh, en = "、".join(part.zh for part in parts), ", ".join(part.en for part in parts)
        return Text(zh=f"较低者（{zh}）", en=f"the lowest of ({en})")
    return Text(zh=_plain(node) or "—", en=_plain(node) or "—") if {"yuan", "number"} & set(node) else Text(
        zh="计算结果", en="the result"
    )


def _at(path: Sequence[str], data: Any) -> Any:
    for step in path:
        data = data[int(step)] if isinstance(data, list) else next(v for k, v in data.items() if str(k) == step)
    return data
