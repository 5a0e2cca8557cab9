"""Two versions in plain words, and a definition as a file and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from housing_portal.schemes.differences import Difference, differences, marked
from housing_portal.schemes.language import SchemeDefinition, load_scheme, read_scheme
from housing_portal.schemes.service import catalogue_files
from housing_portal.schemes.source import to_yaml
from housing_portal.schemes.terms_in_words import condition_in_words

FILES = {path.stem: path for path in catalogue_files()}


def _scheme() -> SchemeDefinition:
    return load_scheme(FILES["rent_by_education"])


def _changed(change: Callable[[str], str]) -> tuple[Difference, ...]:
    before = _scheme()
    text = to_yaml(before)
    assert change(text) != text, "the change changes nothing"
    return differences(before, read_scheme("changed", change(text)))


def _replace(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize("code", sorted(FILES))
def test_every_scheme_written_as_a_file_reads_back_the_same(code: str) -> None:
    definition = load_scheme(FILES[code])
    assert read_scheme("again", to_yaml(definition)) == definition
    assert differences(definition, definition) == ()


@pytest.mark.parametrize(
    ("old", "new", "english", "chinese"),
    [
        (
            "master: 900",
            "master: 950",
            "Benefit: amount for master: ¥900 → ¥950",
            "补贴标准：硕士研究生的标准：¥900 → ¥950",
        ),
        ("most: 36", "most: 24", "Benefit: longest period: 36 → 24", "补贴标准：最长期限：36 → 24"),
        (
            "valid_to: 2027-12-31",
            "valid_to: 2028-06-30",
            "Last day: 31 December 2027 → 30 June 2028",
            "截止日期：2027年12月31日 → 2028年6月30日",
        ),
        (
            "continuous_months >= 6",
            "continuous_months >= 12",
            'Rule: "The employer has paid social insurance for 6 months without a gap": condition: '
            "Months paid by this employer without a gap at least 6 months → "
            "Months paid by this employer without a gap at least 12 months",
            "条件：“由现单位连续缴纳社会保险满6个月”：判断标准："
            "本单位连续缴费月数不少于6个月 → 本单位连续缴费月数不少于12个月",
        ),
    ],
)
def test_a_change_is_told_in_both_languages(old: str, new: str, english: str, chinese: str) -> None:
    (difference,) = _changed(_replace(old, new))
    assert difference.in_words("en") == english
    assert difference.in_words("zh") == chinese


def test_a_rule_that_is_added_or_taken_away_is_told_whole() -> None:
    before = _scheme()
    fewer = before.model_copy(update={"rules": before.rules[1:]})
    (removed,) = differences(before, fewer)
    (added,) = differences(fewer, before)
    assert removed.kind == "removed"
    assert added.in_words("en").startswith('Rule: "The applicant is 18 or older" (added): The applicant is 18 or older')
    assert "年满18周岁" in removed.in_words("zh")


def test_a_rule_that_only_moved_did_not_change() -> None:
    before = _scheme()
    moved = before.model_copy(update={"rules": (*before.rules[1:], before.rules[0])})
    (difference,) = differences(before, moved)
    assert difference.in_words("en") == "Rule: as before → in another order"


def test_a_new_wording_in_one_language_is_seen_by_its_readers_only() -> None:
    (difference,) = _changed(_replace("在云江市租房居住的，按月补贴租金。", "在云江市租房居住的，按月给予租金补贴。"))
    assert difference.wording
    assert difference.visible("zh")
    assert not difference.visible("en")


def test_the_changed_words_are_marked() -> None:
    before, after = marked("年满18周岁", "须年满20周岁")
    assert [text for text, changed in before if changed] == ["18"]
    assert [text for text, changed in after if changed] == ["须", "20"]
    before, after = marked("The applicant is 18 or older", "The applicant is 20 or older")
    assert [text for text, changed in after if changed] == ["20"]


def test_a_condition_becomes_a_sentence() -> None:
    words = condition_in_words('education.level in ["master", "phd"] and not (identity.age >= 45)')
    assert words.en == "Highest education one of Master, Doctorate and not (Age at least 45 years)"
    assert words.zh == "最高学历属于硕士研究生、博士研究生，且并非（年龄不少于45周岁）"


def test_what_applicants_never_meet_is_left_out_of_their_list() -> None:
    (difference,) = _changed(_replace("fair_competition_review_no: YJ", "fair_competition_review_no: XJ"))
    assert not difference.concerns_applicants
