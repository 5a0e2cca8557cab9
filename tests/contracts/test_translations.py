"""Every text of the portal is there in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir

from scripts.compile_translations import load

ROOT = Path(__file__).resolve().parents[2] / "housing_portal"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\((\w+)\)s")


def used() -> set[str]:
    """Every English text in code and templates."""
    texts: set[str] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS):
        texts.add(" | ".join(message) if isinstance(message, tuple) else message)
    return {text for text in texts if text}


def test_every_text_has_a_chinese_form() -> None:
    missing = sorted(used() - set(load()))
    assert missing == []


def test_no_translation_is_left_over() -> None:
    unused = sorted(set(load()) - used())
    assert unused == []


def test_both_forms_have_the_same_places() -> None:
    different = [
        english for english, chinese in load().items() if set(PLACE.findall(english)) != set(PLACE.findall(chinese))
    ]
    assert different == []
