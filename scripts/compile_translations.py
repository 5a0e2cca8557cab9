"""Compile housing_portal/translations/zh/*.yaml ("English": "中文") into the catalogue that Babel reads.

A text that counts has both English forms in one key, "%(num)s page | %(num)s pages"; Chinese has one form.

One file a room keeps translators' work readable; run by bin/demo and bin/test.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

FOLDER = Path(__file__).resolve().parent.parent / "housing_portal" / "translations"


def load() -> dict[str, str]:
    """All translations; raises ValueError when two rooms translate one sentence differently."""
    merged: dict[str, str] = {}
    for path in sorted((FOLDER / "zh").glob("*.yaml")):
        for english, chinese in (yaml.safe_load(path.read_text("utf-8")) or {}).items():
            if merged.setdefault(english, chinese) != chinese:
                raise ValueError(f"{path.name}: “{english}” is translated twice: {merged[english]} / {chinese}")
    return merged


def main() -> None:
    """Write the .mo file."""
    catalogue = Catalog(locale="zh_Hans_CN", domain="messages")
    for english, chinese in load().items():
        one, bar, many = english.partition(" | ")
        flags = ["python-format"] if "%(" in english else []
        catalogue.add((one, many) if bar else one, (chinese,) if bar else chinese, flags=flags)
    target = FOLDER / "zh_Hans_CN" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        write_mo(stream, catalogue)


if __name__ == "__main__":
    main()
