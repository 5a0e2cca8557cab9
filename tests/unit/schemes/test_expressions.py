"""Conditions of scheme files: three answers, and nothing that could do harm."""

from contextlib import suppress
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housing_portal.schemes.expressions import Answer, ExpressionError, compile_expression
from housing_portal.schemes.facts import Value, fact_dictionary

MET, NOT_MET, REVIEW = Answer.MET, Answer.NOT_MET, Answer.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("text", "values", "answer"),
    [
        ("identity.age >= 18", {"identity.age": 18}, MET),
        ("identity.age >= 18", {"identity.age": 17}, NOT_MET),
        ("identity.age >= 18", {}, REVIEW),
        ("identity.age >= 18", {"identity.age": None}, REVIEW),
        ("not (identity.age >= 18)", {"identity.age": 17}, MET),
        ("not (identity.age >= 18)", {}, REVIEW),
        ("identity.age in [1, 2]", {"identity.age": 2}, MET),
        ("identity.age not in [1, 2]", {"identity.age": 2}, NOT_MET),
        ('education.level in ["phd"]', {"education.level": "master"}, NOT_MET),
        ("lease.end > lease.start", {"lease.end": date(2026, 1, 2), "lease.start": date(2026, 1, 1)}, MET),
        ("lease.end > lease.start", {"lease.end": date(2026, 1, 2)}, REVIEW),
        ("identity.blacklisted == false", {"identity.blacklisted": False}, MET),
        ("identity.blacklisted != false", {"identity.blacklisted": False}, NOT_MET),
    ],
)
def test_answers(text: str, values: dict[str, object], answer: Answer) -> None:
    assert compile_expression(text).answer(values) is answer  # type: ignore[arg-type]


VALUES = {MET: 1, NOT_MET: 0, REVIEW: None}
ORDER = {NOT_MET: 0, REVIEW: 1, MET: 2}


@pytest.mark.parametrize(("left", "right"), list(product(VALUES, VALUES)))
def test_and_or_are_kleene(left: Answer, right: Answer) -> None:
    values = {"household.minor_children": VALUES[left], "lease.sharers": VALUES[right]}
    both = compile_expression("household.minor_children == 1 and lease.sharers == 1").answer(values)
    either = compile_expression("household.minor_children == 1 or lease.sharers == 1").answer(values)
    assert both is min(left, right, key=ORDER.__getitem__)
    assert either is max(left, right, key=ORDER.__getitem__)


def test_open_facts_are_those_that_could_change_the_answer() -> None:
    expression = compile_expression(
        'employment.contract_type == "open_ended" or employment.contract_months_remaining >= 12'
    )
    assert expression.open_facts({}) == ("employment.contract_type", "employment.contract_months_remaining")
    assert expression.open_facts({"employment.contract_type": "fixed_term"}) == (
        "employment.contract_months_remaining",
    )
    assert expression.open_facts({"employment.contract_type": "open_ended"}) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("identity.name.length > 3", "unknown fact: identity.name.length"),
        ('identity.name.as_upper == "X"', "unknown fact"),
        ("identity.__class__ == 1", "unknown fact: identity"),
        ("identity.age.__class__ == 1", "not allowed"),
        ('__import__("os") == 1', "not allowed"),
        ('identity.name =~ "(a+)+$"', "not allowed"),
        ('identity.name =~~ "a"', "not allowed"),
        ('identity.name == "(a+)+"', "not allowed"),
        ("$any([true]) == true", "not allowed"),
        ("$now > lease.end", "not allowed"),
        ("[x for x in [1]] == [1]", "unknown fact: x"),
        ("identity.age >= 18 ? true : false", "not allowed"),
        ("identity.age ** 9 > 1", "not allowed"),
        ("identity.age / 0 > 1", "not allowed"),
        ("identity.age % 0 > 1", "not allowed"),
        ("identity.age + 1 > 1", "not allowed"),
        ("identity.age >= 99999999999999999999", "not allowed"),
        ("identity.age >= 1e999", "not allowed"),
        ("identity.age >= inf", "unknown fact"),
        ("identity.age >= nan", "unknown fact"),
        ("identity.age == null", "unknown fact"),
        ("identity.age & 1 == 1", "not allowed"),
        ('identity["age"] >= 18', "unknown fact: identity"),
        ("applicant.age >= 18", "unknown fact: applicant.age"),
        ("identity_age >= 18", "unknown fact: identity_age"),
        ('identity.age >= "18"', "data type mismatch"),
        ('identity.age == "18"', "wrong type"),
        ("identity.age == 18.5", "wrong type"),
        ("identity.age == true", "wrong type"),
        ("identity.blacklisted == 1", "wrong type"),
        ("identity.name == identity.age", "wrong type"),
        ('lease.end == "2026-01-01"', "wrong type"),
        ('education.level == "batchelor"', "no choice batchelor"),
        ('education.level in ["phd", 3]', "no choice"),
        ('education.level > "bachelor"', "has no order"),
        ("identity.blacklisted > false", "has no order"),
        ("18 <= identity.age", "left side"),
        ("1 == 1", "must compare a fact"),
        ("true", "must compare a fact"),
        ("identity.age >= 18 and 1 == 1", "must compare a fact"),
        ("identity.blacklisted", "compared with == true"),
        ("not identity.blacklisted", "compared with == true"),
        ("identity.age in []", "list of values"),
        ("identity.age in 3", "data type mismatch"),
        ('"a" in identity.name', "left side"),
        ("(((((identity.age >= 18)))))", "nested deeper"),
        ("identity.age in [[[[[1]]]]]", "nested deeper"),
        ("identity.age in [[1]]", "wrong type"),
        ("(" * 5000, "at most 400 characters"),
        (" and ".join(["lease.area>1"] * 21), "at most 80 words"),
        ("", "not a condition"),
        ("identity.age", "compared with"),
        ("identity.age >=", "not a condition"),
        ("identity.age >= 18 >= 1", "not a condition"),
        ("identity.age >= 18)", "not a condition"),
        ("identity.age >= 18 # comment", "not allowed"),
    ],
)
def test_hostile_or_mistaken_text_is_refused(text: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words.replace("(", r"\(")):
        compile_expression(text)


WORDS = [
    "identity.age",
    "education.level",
    "lease.end",
    "identity.blacklisted",
    "and",
    "or",
    "not",
    "in",
    "true",
]
WORDS += [
    "==",
    ">=",
    "<",
    "(",
    ")",
    "[",
    "]",
    ",",
    "1",
    '"phd"',
    ".",
    "$",
    "=~",
    "**",
    "/",
    "x",
    "null",
    "for",
    "if",
]


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_text_is_refused_or_answers(words: list[str]) -> None:
    text = " ".join(words)
    try:
        expression = compile_expression(text)
    except ExpressionError:
        return
    assert expression.answer({}) is REVIEW
    filled: dict[str, Value | None] = {
        "identity.age": 1,
        "education.level": "phd",
        "lease.end": date(2026, 1, 1),
        "identity.blacklisted": True,
    }
    assert expression.answer(filled) in {MET, NOT_MET}
    assert set(expression.facts) <= set(fact_dictionary())


@given(st.text(max_size=60))
def test_no_text_fails_otherwise(text: str) -> None:
    with suppress(ExpressionError):
        compile_expression(text)


def test_identifiers_of_facts_do_not_collide() -> None:
    keys = list(fact_dictionary())
    assert len({key.replace(".", "_") for key in keys}) == len(keys)
