"""Count what a version would change for past submissions. Pure: no database, no clock.

Both versions are evaluated for the same facts on the day of the submission. What is not met costs nothing;
what is met or still to be checked counts in full, because it may be approved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from housing_portal.core.money import to_fen
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.rules import evaluate
from housing_portal.workbench.models import GAINS, LOSES, SAME

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Verdict:
    """What one version says of one submission: the answer, and what would be paid in each month (yuan)."""

    answer: Answer
    payments: tuple[tuple[str, Decimal], ...]  # ("2026-04", yuan)
    total: Decimal  # yuan over the whole period
    known: bool  # False: the amount cannot be computed yet; it counts nothing


@dataclass(frozen=True)
class Change:
    """One submission under both versions."""

    before: Verdict
    after: Verdict

    @property
    def kind(self) -> str:
        """gains, loses or same, by what is paid in all."""
        if self.after.total == self.before.total:
            return SAME
        return GAINS if self.after.total > self.before.total else LOSES

    @property
    def anything(self) -> bool:
        """Whether anything differs for the person."""
        return self.kind != SAME or self.before.answer is not self.after.answer


def compare(base: SchemeDefinition, draft: SchemeDefinition, facts: Mapping[str, object], on: date) -> Change:
    """Both versions for the same facts on the same day. Raises ``ValueError`` for facts that are not known any more."""
    return Change(_verdict(base, facts, on), _verdict(draft, facts, on))


def _verdict(definition: SchemeDefinition, facts: Mapping[str, object], on: date) -> Verdict:
    evaluation = evaluate(definition, facts, on)
    benefit = evaluation.benefit
    if evaluation.outcome is Answer.NOT_MET or benefit.total is None:
        return Verdict(evaluation.outcome, (), NOTHING, benefit.total is not None)
    return Verdict(evaluation.outcome, tuple(_payments(benefit, benefit.total, on)), benefit.total, known=True)


def _payments(benefit: BenefitResult, total: Decimal, on: date) -> Iterator[tuple[str, Decimal]]:
    """Month by month, from the month after the submission on. A lower rent costs each month what it saves."""
    if benefit.kind == "discounted_rent":
        months = benefit.months or 0
        yield from ((_month(on, offset), to_fen(total / months)) for offset in range(months))
        return
    for payment in benefit.schedule:
        yield from ((_month(on, offset), payment.amount) for offset in payment.months())


def _month(on: date, offset: int) -> str:
    """The month ``offset`` months after the first paid one, which is the month after the submission."""
    index = on.year * 12 + on.month + offset
    return f"{index // 12}-{index % 12 + 1:02}"


@dataclass
class Tally:
    """Sums over submissions. It grows with months and districts, never with the number of submissions."""

    counted: int = 0
    failed: int = 0  # submissions that could not be evaluated
    unknown: int = 0  # the amount is open under one of the versions
    kinds: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)  # "met>not_met" → submissions, only where it changes
    months: dict[str, list[Decimal]] = field(default_factory=dict)  # "2026-04" → yuan before, after
    districts: dict[str, list[Decimal]] = field(default_factory=dict)  # id → yuan before, after

    def add(self, change: Change, district: int) -> None:
        """Take in one submission."""
        self.counted += 1
        self.unknown += not (change.before.known and change.after.known)
        self.kinds[change.kind] = self.kinds.get(change.kind, 0) + 1
        if change.before.answer is not change.after.answer:
            move = f"{change.before.answer}>{change.after.answer}"
            self.answers[move] = self.answers.get(move, 0) + 1
        for side, verdict in enumerate((change.before, change.after)):
            for month, amount in verdict.payments:
                self.months.setdefault(month, [NOTHING, NOTHING])[side] += amount
            self.districts.setdefault(str(district), [NOTHING, NOTHING])[side] += verdict.total

    def merge(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.counted += other.counted
        self.failed += other.failed
        self.unknown += other.unknown
        for mine, more in ((self.kinds, other.kinds), (self.answers, other.answers)):
            for key, count in more.items():
                mine[key] = mine.get(key, 0) + count
        for sums, added in ((self.months, other.months), (self.districts, other.districts)):
            for key, (before, after) in added.items():
                held = sums.setdefault(key, [NOTHING, NOTHING])
                held[0] += before
                held[1] += after

    def total(self) -> tuple[Decimal, Decimal]:
        """Yuan before and after."""
        return (
            sum((before for before, _after in self.districts.values()), NOTHING),
            sum((after for _before, after in self.districts.values()), NOTHING),
        )

    def to_json(self) -> dict[str, Any]:
        """As it is stored; yuan as text."""
        sums = {"months": self.months, "districts": self.districts}
        return {
            "counted": self.counted,
            "failed": self.failed,
            "unknown": self.unknown,
            "kinds": self.kinds,
            "answers": self.answers,
            **{name: {key: [str(yuan) for yuan in pair] for key, pair in kept.items()} for name, kept in sums.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Tally:
        """The tally that ``to_json`` stored."""
        return cls(
            counted=stored["counted"],
            failed=stored["failed"],
            unknown=stored["unknown"],
            kinds=dict(stored["kinds"]),
            answers=dict(stored["answers"]),
            months=_decimals(stored["months"]),
            districts=_decimals(stored["districts"]),
        )


def _decimals(stored: Mapping[str, list[str]]) -> dict[str, list[Decimal]]:
    return {key: [Decimal(yuan) for yuan in pair] for key, pair in stored.items()}
