"""What certificates do when a case moves. Jobs call these; the paper and "done" are one commit."""

from __future__ import annotations

from typing import Any

from housing_portal.casework.queries import case_for_paper
from housing_portal.certificates import service
from housing_portal.certificates.models import CERTIFICATE, RECEIPT, REFUSAL

PAPER_OF_OUTCOME = {"approved": CERTIFICATE, "refused": REFUSAL}


def issue_decision_paper(payload: dict[str, Any], event_id: int) -> None:
    """On ``casework.case_decided``: the certificate, or the notice with reasons and remedies."""
    service.issue(PAPER_OF_OUTCOME[payload["outcome"]], 1, case_for_paper(payload["case_id"]))


def issue_receipt(payload: dict[str, Any], event_id: int) -> None:
    """On ``casework.case_submitted``: the receipt for what was handed in.

    When a correction arrives before this job runs, the receipt is for the later submission, and the
    later job finds it there.
    """
    case = case_for_paper(payload["case_id"])
    service.issue(RECEIPT, case.submission_number, case)
