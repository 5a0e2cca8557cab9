"""The trace: what was compared, what is missing, what would mend it."""

from datetime import date
from decimal import Decimal

import pytest

from housing_portal.schemes.benefit import compute
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.facts import Value
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.presentation import benefit_lines, trace_rows
from housing_portal.schemes.rules import Evaluation, Row, evaluate

DAY = date(2026, 3, 2)


def row(evaluation: Evaluation, rule: str) -> Row:
    """The row of one rule."""
    return {row.rule: row for row in evaluation.rows}[rule]


def test_nothing_known_needs_review(definition: SchemeDefinition) -> None:
    evaluation = evaluate(definition, {}, DAY)
    assert evaluation.outcome is Answer.NEEDS_REVIEW
    assert {row.answer for row in evaluation.rows} == {Answer.NEEDS_REVIEW}
    assert (evaluation.benefit.amount, evaluation.benefit.months, evaluation.benefit.total) == (None,) * 3
    assert "lease.rent_share" in evaluation.benefit.missing


def test_left_and_right_side_are_readable(definition: SchemeDefinition) -> None:
    evaluation = evaluate(definition, {"identity.age": 17, "education.level": "associate"}, DAY)
    assert trace_rows([row(evaluation, "adult")], "en") == [
        {
            "answer": "not_met",
            "words": "The applicant is 18 or older",
            "clause": "Article 5(1)",
            "left": "17 years",
            "right": "at least 18 years",
            "advice": "You can apply once you are 18.",
        }
    ]
    education = trace_rows([row(evaluation, "education")], "zh")[0]
    assert (education["left"], education["right"]) == ("大学专科", "属于大学本科、硕士研究生、博士研究生")


def test_several_comparisons_name_their_facts(definition: SchemeDefinition) -> None:
    facts = {"lease.start": "2026-01-01", "lease.end": "2026-03-20"}
    told = trace_rows([row(evaluate(definition, facts, DAY), "lease_running")], "en")[0]
    assert told["left"] == "The lease runs on the day of application: Yes; Lease months remaining: 0 months"
    assert told["right"] is None  # the words of the rule say it better than "Yes; at least 1 month"


def test_a_yes_or_no_is_required_in_the_words_of_the_rule(definition: SchemeDefinition) -> None:
    told = trace_rows([row(evaluate(definition, {"lease.filed": False}, DAY), "lease_filed")], "en")[0]
    assert (told["words"], told["left"], told["right"]) == ("The lease is filed", "No", None)
    unanswered = trace_rows([row(evaluate(definition, {}, DAY), "adult")], "en")[0]
    assert unanswered["left"] is None


def test_advice_for_what_is_missing(definition: SchemeDefinition) -> None:
    evaluation = evaluate(
        definition, {"declaration.authorises_checks": True, "household.marital_status": "married"}, DAY
    )
    to_state = row(evaluation, "consent").advice
    to_check = row(evaluation, "employer_basic").advice
    assert to_state is not None
    assert to_check is not None
    assert to_state.en == "Please state: Spouse agrees to the housing check."
    assert to_check.en == "The office checks this: Employer meets the basic conditions."
    assert row(evaluate(definition, {"identity.age": 18}, DAY), "adult").advice is None


def test_sensitive_values_are_masked_in_the_trace(definition: SchemeDefinition) -> None:
    facts = {"identity.document_type": "resident_id", "identity.document_number": "11010519491231002X"}
    stored = evaluate(definition, facts, DAY).model_dump_json()
    assert "11010519491231002X" not in stored


def test_an_unknown_or_mistyped_fact_is_an_error(definition: SchemeDefinition) -> None:
    with pytest.raises(ValueError, match=r"identity\.shoe_size"):
        evaluate(definition, {"identity.shoe_size": 42}, DAY)
    with pytest.raises(ValueError, match=r"identity\.age"):
        evaluate(definition, {"identity.age": "30"}, DAY)


def test_the_benefit_explains_itself(definition: SchemeDefinition) -> None:
    values: dict[str, Value | None] = {
        "education.level": "master",
        "lease.rent_share": Decimal("750.00"),
        "household.support_months_received": 3,
        "lease.months_remaining": 20,
        "employment.contract_type": "fixed_term",
        "employment.contract_months_remaining": 40,
    }
    result = compute(definition.benefit, values)
    assert [(line["key"], line["value"]) for line in benefit_lines(result, "en")] == [
        ("Standard for Highest education: Master", "¥900"),
        ("Limit: your share of the monthly rent", "¥750"),
        ("Longest period", "36 months"),
        ("Less the months already received", "3 months"),
        ("Lease months remaining", "20 months"),
        ("Contract months remaining", "40 months"),
        ("Months (whole ones only)", "20 months"),
        ("Each month", "¥750"),
        ("In all, at most", "¥15,000"),
    ]
    assert result.missing == ()


def test_a_limit_whose_case_is_open_keeps_the_months_open(definition: SchemeDefinition) -> None:
    values = {"household.support_months_received": 0, "lease.months_remaining": 20}
    result = compute(definition.benefit, values)
    assert result.months is None
    assert "employment.contract_months_remaining" in result.missing


def test_verified_values_decide_over_declared_and_over_computed_ones(definition: SchemeDefinition) -> None:
    declared = {"lease.monthly_rent": "3000", "lease.sharers": 3, "education.level": "master"}
    assert evaluate(definition, declared, DAY).benefit.amount == 900  # a third of the rent is more than the table
    verified = {"lease.rent_share": "500"}  # derived: as such it would be computed again
    assert evaluate(definition, declared, DAY, verified=verified).benefit.amount == 500
    assert evaluate(definition, declared, DAY, verified={"lease.sharers": 5}).benefit.amount == 600
    with pytest.raises(ValueError, match="shoe_size"):
        evaluate(definition, declared, DAY, verified={"identity.shoe_size": 42})
