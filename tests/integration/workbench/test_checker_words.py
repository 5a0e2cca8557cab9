"""The mistakes that scheme managers meet often are told in their language, beside the line."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.source import to_yaml
from housing_portal.workbench.lint import check

CODE = "rent_by_education"
TEXT = to_yaml(load_scheme(CATALOGUE / f"{CODE}.yaml"))


@pytest.mark.parametrize(
    ("good", "wrong", "told"),
    [
        ("identity.age >= 18", "identity.agee >= 18", "没有名为identity.agee的问题。"),
        ("identity.age >= 18", "identity.age >= true", "条件写法有误"),
        ("identity.age >= 18", "identity.age >= 18 and identity.age < 10", "此条件任何人都无法满足。"),
        ("identity.age >= 18", "identity.age = 18", "条件"),
        ("reason: R01", "reason: R99", "引用的理由R99不存在。"),
        ("master: 900", "master: abc", "此处须为数字。"),
        ("master: 900", "mastr: 900", "没有选项mastr。"),
        ("least_of:", "leastof:", "请用下列之一说明金额"),
        ("most: 36", "moost: 36", "没有这一项。"),
    ],
)
def test_frequent_mistakes_are_told_in_chinese(app: Flask, good: str, wrong: str, told: str) -> None:
    assert good in TEXT
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        problems = check(TEXT.replace(good, wrong, 1), CODE).problems
    assert told in " ".join(problem.words for problem in problems)
    assert all("validation" not in problem.words for problem in problems)  # what only follows is left out


def test_a_missing_translation_names_its_language(app: Flask) -> None:
    start = TEXT.index("title: {")
    line = TEXT[start : TEXT.index("\n", start)]
    without = TEXT.replace(line, line[: line.index(', en: "')] + "}", 1)
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        (problem,) = check(without, CODE).problems
    assert (problem.key, problem.words) == ("title.en", "缺少英文。")
    assert problem.excerpt.startswith("title:")
