"""Who does what when: every story as steps on working days, all of them in the order of time. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from housing_portal.core.clock import LOCAL_ZONE
from housing_portal.core.workdays import add_workdays, is_workday, shipped_calendar
from housing_portal.demo.data import Applicant

# The steps of a story, each with its distance from the one before in working days.
_HANDED_IN = (("fill", 0), ("submit", 1))
_ACCEPTED = (*_HANDED_IN, ("accept", 2))
_ASKED = (*_HANDED_IN, ("ask_correction", 2))
_CORRECTED = (*_ASKED, ("answer_correction", 3))
_VERIFIED = (*_ACCEPTED, ("check_registers", 1))
_REVIEWED = (*_ACCEPTED, ("give_opinion", 2))
STORIES: dict[str, tuple[tuple[str, int], ...]] = {
    "draft_begun": (("begin", 0),),
    "draft_nearly_done": (("fill_most", 0),),
    "intake": _HANDED_IN,
    "intake_claimed": (*_HANDED_IN, ("claim", 1)),
    "intake_overdue": _HANDED_IN,
    "correction": _ASKED,
    "correction_extended": (*_ASKED, ("extend_correction", 6)),
    "corrected": _CORRECTED,
    "review": _ACCEPTED,
    "review_claimed": (*_ACCEPTED, ("claim", 1)),
    "review_overdue": _ACCEPTED,
    "review_verified": _VERIFIED,
    "decision": _REVIEWED,
    "decision_assessed": (*_ACCEPTED, ("state_assessed_rent", 1), ("give_opinion", 1)),
    "decision_claimed": (*_REVIEWED, ("claim", 1)),
    "decision_overdue": _REVIEWED,
    "proposed": (*_VERIFIED, ("give_opinion", 1), ("propose", 2)),
    "approved": (*_REVIEWED, ("approve", 3)),
    "approved_after_correction": (*_CORRECTED, ("accept", 2), ("give_opinion", 3), ("approve", 4)),
    "approved_by_clock": (*_HANDED_IN, ("run_clocks", 6), ("give_opinion", 2), ("approve", 3)),
    "refused": (*_REVIEWED, ("refuse", 4)),
    "withdrawn": (*_HANDED_IN, ("withdraw", 3)),
    "withdrawn_in_review": (*_ACCEPTED, ("withdraw", 2)),
    "lapsed": (*_ASKED, ("run_clocks", 11)),
}
OPENING = time(8, 40)
MINUTES_OPEN = 470


@dataclass(frozen=True)
class Step:
    """Something that somebody does: which person's application, the how manieth of theirs, and what."""

    at: datetime
    email: str
    nth: int
    action: str


def plan(people: Sequence[Applicant], today: date) -> list[Step]:
    """All steps of all stories, seen from ``today``, the earliest first."""
    steps = [
        step
        for number, person in enumerate(people)
        for nth, story in enumerate(person.stories)
        for step in _steps(person.email, nth, STORIES[story.kind], _workdays_before(today, story.workdays_ago), number)
    ]
    return sorted(steps, key=lambda step: step.at)


def _steps(email: str, nth: int, story: tuple[tuple[str, int], ...], begun: date, number: int) -> list[Step]:
    steps, day = [], begun
    for position, (action, gap) in enumerate(story):
        day = add_workdays(shipped_calendar(), day, gap)
        minutes = (number * 97 + nth * 41 + position * 59) % MINUTES_OPEN
        opened = datetime.combine(day, OPENING, LOCAL_ZONE)
        steps.append(Step(opened + timedelta(minutes=minutes), email, nth, action))
    return steps


def _workdays_before(day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= is_workday(shipped_calendar(), day)
    return day
