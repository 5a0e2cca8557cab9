"""Compile housing_portal/translations/zh/*.yaml ("English": "中文") into the catalogue that Babel reads.

One file a room keeps translators' work readable; run by bin/demo and bin/test.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

PACKAGE = Path(__file__).resolve().parent.parent / "housing_portal"
FOLDER = PACKAGE / "translations"
COUNTED = re.compile(r'ngettext\(\s*"([^"]+)",\s*"([^"]+)"')


def load() -> dict[str, str]:
    """All translations; raises ValueError when two rooms translate one sentence differently."""
    merged: dict[str, str] = {}
    for path in sorted((FOLDER / "zh").glob("*.yaml")):
        for english, chinese in (yaml.safe_load(path.read_text("utf-8")) or {}).items():
            if merged.setdefault(english, chinese) != chinese:
                raise ValueError(f"{path.name}: “{english}” is translated twice: {merged[english]} / {chinese}")
    return merged


def counted() -> set[tuple[str, str]]:
    """Sentences with a number, singular and plural, as the code asks for them. Chinese has one form for both."""
    sources = [path for kind in ("*.py", "*.html") for path in PACKAGE.rglob(kind)]
    return {pair for path in sources for pair in COUNTED.findall(path.read_text("utf-8"))}


def main() -> None:
    """Write the .mo file."""
    catalogue = Catalog(locale="zh_Hans_CN", domain="messages")
    translated = load()
    for english, chinese in translated.items():
        flags = ["python-format"] if "%(" in english else []
        catalogue.add(english, chinese, flags=flags)
    for one, many in counted():
        if one in translated:
            catalogue.delete(one)
            catalogue.add((one, many), (translated[one],), flags=["python-format"])
    target = FOLDER / "zh_Hans_CN" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        write_mo(stream, catalogue)


if __name__ == "__main__":
    main()
