"""Which schemes cannot be had together, in the words of the measures, and which combination of them pays most.

Money that is paid and rent that is saved both count, each as the total over the whole time, and are told apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.policy_terms import Exclusion
from housing_portal.schemes.rules import Evaluation
from housing_portal.schemes.text import Text

Effect = Literal["excluded", "topped_up", "deducted"]
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Clash:
    """What ``scheme`` says of having ``other`` too (codes): it is excluded, or pays less because of the other."""

    scheme: str
    other: str
    effect: Effect
    clause: Text
    words: Text


@dataclass(frozen=True)
class Candidate:
    """A scheme and what it says of one person or company."""

    definition: SchemeDefinition
    evaluation: Evaluation

    @property
    def code(self) -> str:
        """The code of the scheme."""
        return self.definition.code

    @property
    def worth(self) -> Decimal | None:
        """Yuan over the whole time, paid or saved; None while it cannot be worked out."""
        return self.evaluation.benefit.total

    @property
    def open(self) -> bool:
        """Whether it may be granted: no rule is known to be not met."""
        return self.evaluation.outcome is not Answer.NOT_MET


@dataclass(frozen=True)
class Part:
    """A member of a combination: what it is worth alone, and what is left of that beside the others (yuan)."""

    code: str
    alone: Decimal
    counts: Decimal
    is_rent: bool  # saved as a lower rent, not paid


@dataclass(frozen=True)
class LeftOut:
    """A scheme that is not in the combination, and what keeps it out."""

    code: str
    alone: Decimal
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class Combination:
    """The parts that together are worth most, what was left out, and what could not be counted yet."""

    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]
    uncounted: tuple[str, ...]  # may be granted, but the amount is not known

    @property
    def paid(self) -> Decimal:
        """Yuan that are paid."""
        return sum((part.counts for part in self.parts if not part.is_rent), NOTHING)

    @property
    def saved(self) -> Decimal:
        """Yuan of rent that are saved."""
        return sum((part.counts for part in self.parts if part.is_rent), NOTHING)

    @property
    def worth(self) -> Decimal:
        """Both together."""
        return self.paid + self.saved


def clashes(definitions: Sequence[SchemeDefinition]) -> tuple[Clash, ...]:
    """What each scheme says of each other one of ``definitions``, in their order."""
    return tuple(_clashes(definitions))


def _clashes(definitions: Sequence[SchemeDefinition]) -> Iterator[Clash]:
    for scheme in definitions:
        for other in definitions:
            if other.code == scheme.code:
                continue
            for exclusion in scheme.exclusions:
                if _concerns(exclusion, other):
                    yield Clash(scheme.code, other.code, exclusion.effect, exclusion.clause, exclusion.words)


def _concerns(exclusion: Exclusion, other: SchemeDefinition) -> bool:
    """Whether it names the other scheme, or both are in one group."""
    same_group = exclusion.group is not None and any(exclusion.group == one.group for one in other.exclusions)
    return same_group or other.code in exclusion.schemes


def clashes_of(code: str, found: Sequence[Clash]) -> tuple[Clash, ...]:
    """Those in which the scheme takes part, its own words first; each pair once, the strictest word for it."""
    mine = [clash for clash in found if clash.scheme == code]
    theirs = [clash for clash in found if clash.other == code]
    best: dict[str, Clash] = {}
    for clash in [*mine, *theirs]:
        partner = clash.other if clash.scheme == code else clash.scheme
        if partner not in best or (best[partner].effect != "excluded" and clash.effect == "excluded"):
            best[partner] = clash
    return tuple(best.values())


def best_combination(candidates: Sequence[Candidate], found: Sequence[Clash]) -> Combination:
    """The compatible set that is worth most. Ties go to the smaller set, then to the order of ``candidates``.

    A scheme with a rule that is not met never takes part; one that is still open does, as if it were granted.
    """
    possible = [candidate for candidate in candidates if candidate.open]
    counted = [candidate for candidate in possible if candidate.worth]
    worth = {candidate.code: candidate.worth or NOTHING for candidate in counted}
    less = _reductions(worth, found)
    excluded = {frozenset((clash.scheme, clash.other)) for clash in found if clash.effect == "excluded"}
    sets = _compatible_sets(list(worth), excluded)
    best = max(sets, key=lambda codes: (sum(_counts(codes, worth, less).values()), -len(codes)))
    counts = _counts(best, worth, less)
    by_code = {candidate.code: candidate for candidate in counted}
    return Combination(
        parts=tuple(
            Part(code, worth[code], counts[code], by_code[code].evaluation.benefit.kind == "discounted_rent")
            for code in best
        ),
        left_out=tuple(
            LeftOut(
                code,
                worth[code],
                tuple(clash for clash in clashes_of(code, found) if {clash.scheme, clash.other} - {code} <= set(best)),
            )
            for code in worth
            if code not in best
        ),
        uncounted=tuple(candidate.code for candidate in possible if candidate.worth is None),
    )


def _reductions(worth: dict[str, Decimal], found: Sequence[Clash]) -> dict[str, set[str]]:
    """Scheme → the schemes whose amount is taken off its own. Where each names the other, the smaller one yields."""
    less: dict[str, set[str]] = {code: set() for code in worth}
    partial = {(clash.scheme, clash.other) for clash in found if clash.effect != "excluded"}
    order = list(worth)
    for scheme, other in partial:
        if scheme not in worth or other not in worth:
            continue
        rank = {code: (-worth[code], order.index(code)) for code in (scheme, other)}
        if (other, scheme) not in partial or rank[scheme] > rank[other]:
            less[scheme].add(other)
    return less


def _compatible_sets(codes: list[str], excluded: set[frozenset[str]]) -> Iterator[tuple[str, ...]]:
    """Every set without two that exclude each other, the empty one first."""
    if not codes:
        yield ()
        return
    *rest, last = codes
    for chosen in _compatible_sets(rest, excluded):
        yield chosen
        if all(frozenset((last, one)) not in excluded for one in chosen):
            yield (*chosen, last)


def _counts(codes: tuple[str, ...], worth: dict[str, Decimal], less: dict[str, set[str]]) -> dict[str, Decimal]:
    """What each of the set is worth beside the others: what the others give is taken off where a scheme says so."""
    return {
        code: max(worth[code] - sum((worth[other] for other in less[code] if other in codes), NOTHING), NOTHING)
        for code in codes
    }
