"""What casework asks of rooms above it. They are given to it when the house is wired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from flask import Flask, current_app

from housing_portal.casework.models import Case, CaseEvent


class AwardBook(Protocol):
    """Keeps what is granted, and what may still be granted, in the transaction of the step itself."""

    def objections(self, case: Case, decision: Mapping[str, Any]) -> list[str]:
        """Why this approval could not be taken now, in sentences for the officer; ``decision`` is its event's data."""

    def after_step(self, case: Case, event: CaseEvent) -> None:
        """Write what follows from a step. Raises CaseProblem when it must not be taken; nothing of it is kept then."""


def keep_awards_in(app: Flask, book: AwardBook) -> None:
    """Give the application its book of awards. Without one, nothing is granted and nothing is limited."""
    app.extensions["award_book"] = book


def award_book() -> AwardBook | None:
    """The application's book of awards."""
    found: AwardBook | None = current_app.extensions.get("award_book")
    return found
