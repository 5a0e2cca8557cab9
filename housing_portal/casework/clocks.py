"""Deadlines of cases in working days (DOMAIN §3). They count from the day after the event."""

from __future__ import annotations

from datetime import date

from housing_portal.casework.workflow import Workflow
from housing_portal.core.workdays import add_workdays, count_workdays, shipped_calendar


def due_on(workflow: Workflow, overrides: dict[str, int], status: str, entered: date) -> date | None:
    """The last day for the step, or None in a final state. A scheme may set its own clock for a state."""
    state = workflow.states[status]
    if state.final:
        return None
    days = overrides.get(status, state.clock or 0)
    return add_workdays(shipped_calendar(), entered, days)


def decide_by(workflow: Workflow, submitted: date) -> date:
    """The last day for the decision, corrections not counted."""
    return add_workdays(shipped_calendar(), submitted, workflow.total_clock)


def after_pause(planned: date, paused_from: date, paused_to: date) -> date:
    """The planned day moved by the working days during which the applicant held the file."""
    calendar = shipped_calendar()
    return add_workdays(calendar, planned, count_workdays(calendar, paused_from, paused_to))
