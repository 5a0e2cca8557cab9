"""Applications that are already some way along, made without a browser: for tests of what comes after."""

from __future__ import annotations

from tests.browser.conftest import Live
from tests.client import PortalClient
from tests.factories.city import PASSWORD
from tests.factories.journey import as_staff, fill, start, step, submitted, version_of


def draft(live: Live, email: str) -> str:
    """A complete draft; returns its reference."""
    client = PortalClient(live.app).sign_in(email, PASSWORD)
    ref = start(client)
    fill(client, ref)
    return ref


def handed_in(live: Live, email: str) -> str:
    """An application that waits for the intake office."""
    return submitted(PortalClient(live.app).sign_in(email, PASSWORD))


def reviewed(live: Live, ref: str) -> None:
    """Accepted and reviewed, by two officers; the approver is next."""
    step(as_staff(live.app, live.staff("秦受理", "intake_officer")), ref, "accept", "accept")
    reviewer = as_staff(live.app, live.staff("苏初审", "reviewer"))
    step(reviewer, ref, "opinion", "opinion", recommendation="refuse", opinion="The spouse owns a home.")


def corrected(live: Live, ref: str) -> None:
    """A correction of one answer and one document is asked for."""
    data: dict[str, object] = {
        "items": ["fact:lease.area", "document:bank_card"],
        "version": version_of(live.app, ref),
    }
    form = {f"correction-{key}": value for key, value in data.items()}
    form |= {"message-fact:lease.area": "与合同不一致。", "message-document:bank_card": "照片不清晰。"}
    officer = as_staff(live.app, live.staff("秦受理", "intake_officer"))
    officer.post(f"/staff/cases/{ref}/ask-correction", form)
