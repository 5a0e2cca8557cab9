"""The catalogue against cases worked by hand (tests/data/golden). Change a case only with a lawyer's word."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from housing_portal.schemes.benefit import Payment
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.language import load_scheme
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.rules import Evaluation, evaluate
from housing_portal.schemes.service import catalogue_files

GOLDEN = Path(__file__).parents[2] / "data" / "golden"
FILES = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.yaml"))]
CASES = [(content, case) for content in FILES for case in content["cases"]]


@pytest.mark.parametrize(("content", "case"), CASES, ids=[case["case"] for _, case in CASES])
def test_case(content: dict[str, Any], case: dict[str, Any]) -> None:
    definition = load_scheme(CATALOGUE / f"{content['scheme']}.yaml")
    evaluation = evaluate(definition, content["base"] | case.get("change", {}), content["day"])
    expected = {"not_met": [], "needs_review": []} | case["expect"]
    assert told(evaluation, *({"kind", "schedule"} & set(expected))) == expected
    assert Evaluation.model_validate_json(evaluation.model_dump_json()) == evaluation


def told(evaluation: Evaluation, *more: str) -> dict[str, Any]:
    """What the golden file says of an evaluation; ``more`` may be kind and schedule."""
    benefit = evaluation.benefit
    further = {"kind": benefit.kind, "schedule": [payment_told(payment) for payment in benefit.schedule]}
    return {
        "outcome": evaluation.outcome.value,
        "not_met": [row.rule for row in evaluation.rows_with(Answer.NOT_MET)],
        "needs_review": [row.rule for row in evaluation.rows_with(Answer.NEEDS_REVIEW)],
        "amount": None if benefit.amount is None else str(benefit.amount),
        "months": benefit.months,
        "total": None if benefit.total is None else str(benefit.total),
    } | {key: further[key] for key in more}


def payment_told(payment: Payment) -> dict[str, Any]:
    """Month and amount; how often and how far apart only where it is more than once and not monthly."""
    told: dict[str, Any] = {"month": payment.month, "amount": str(payment.amount)}
    told |= {"times": payment.times} if payment.times > 1 else {}
    return told | ({"every": payment.every} if payment.every > 1 else {})


def test_every_scheme_has_cases() -> None:
    counted = {content["scheme"]: len(content["cases"]) for content in FILES}
    for path in catalogue_files():
        assert counted.get(path.stem, 0) >= 12, path.name
