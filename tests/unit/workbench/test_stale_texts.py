"""A text that still tells the number that a draft changed."""

from housing_portal.schemes.language import SchemeDefinition, load_scheme, read_scheme
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.workbench.stale_texts import stale_texts

BASE = load_scheme(CATALOGUE / "rent_by_education.yaml")
TEXT = (CATALOGUE / "rent_by_education.yaml").read_text("utf-8")


def draft(*changes: tuple[str, str]) -> SchemeDefinition:
    """The scheme after changing its text."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_scheme("draft", text)


def test_the_public_text_with_the_old_amount_is_named() -> None:
    found = stale_texts(BASE, draft(("phd: 1000", "phd: 1100")), "en")
    assert [(one.old, one.new) for one in found] == [("1000", "1100")]
    assert found[0].text.startswith("¥1,000 a month for a doctorate")
    assert stale_texts(BASE, draft(("phd: 1000", "phd: 1100")), "zh")[0].text.startswith("博士每月1000元")


def test_a_text_that_follows_is_not_named() -> None:
    both = draft(("phd: 1000", "phd: 1100"), ("博士每月1000元", "博士每月1100元"), ("¥1,000 a month", "¥1,100 a month"))
    assert stale_texts(BASE, both, "en") == ()
    assert stale_texts(BASE, BASE, "en") == ()
