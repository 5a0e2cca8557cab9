"""The finder: which questions to ask first, and what all schemes of an audience say to the answers.

It is pure: definitions and answers go in, findings come out. ``presentation`` puts them into words.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from housing_portal.finder.combinations import Candidate, Clash, Combination, best_combination, clashes, clashes_of
from housing_portal.schemes.derived import questions_for, with_derived
from housing_portal.schemes.expressions import Answer, compile_expression
from housing_portal.schemes.facts import FactType, Value, fact_dictionary, typed_facts
from housing_portal.schemes.form_terms import PageFact
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.policy_terms import Rule
from housing_portal.schemes.rules import Row, evaluate_values
from housing_portal.schemes.terms import open_facts_of
from housing_portal.schemes.text import Text

MOST_FIRST = 12  # questions of the first page
MOST_NEXT = 6  # questions under a result
# Not a fact about anybody but a decision that is made when one applies; the finder does not ask for it.
CONSENTS = frozenset(
    {
        "declaration.authorises_checks",
        "declaration.company_authorises_checks",
        "household.spouse_authorises_checks",
    }
)


class Standing(StrEnum):
    """How a scheme stands to the answers. Checks by the office and consent are still to come in every case."""

    FITS = "fits"  # nothing that the visitor could still answer is open
    MAYBE = "maybe"
    NOT_NOW = "not_now"


@dataclass(frozen=True)
class Section:
    """Questions that stand together under one title."""

    title: Text
    questions: tuple[str, ...]


def _only(sections: Sequence[Section], keys: Container[str]) -> tuple[Section, ...]:
    cut = (Section(section.title, tuple(key for key in section.questions if key in keys)) for section in sections)
    return tuple(section for section in cut if section.questions)


@dataclass(frozen=True)
class Interview:
    """All questions of an audience, those of the first page, and how the schemes are answered by them."""

    definitions: tuple[SchemeDefinition, ...]
    sections: tuple[Section, ...]
    first: frozenset[str]

    @property
    def questions(self) -> tuple[str, ...]:
        """Keys of all questions, in the order in which people are asked."""
        return tuple(key for section in self.sections for key in section.questions)

    def case_of(self, key: str) -> PageFact | None:
        """In which case a question is asked: that of most schemes; None when one of them asks it always."""
        entries = [
            entry
            for definition in self.definitions
            for page in definition.pages
            for entry in page.facts
            if entry.fact == key
        ]
        if not entries or any(entry.when is None for entry in entries):
            return None
        most = Counter(entry.when for entry in entries).most_common(1)[0][0]
        return next(entry for entry in entries if entry.when == most)

    def only(self, keys: frozenset[str]) -> tuple[Section, ...]:
        """The sections with only these questions; empty sections are left out."""
        return _only(self.sections, keys)


@dataclass(frozen=True)
class Finding:
    """What one scheme says. Keys are those of facts."""

    candidate: Candidate
    standing: Standing
    not_met: tuple[Row, ...]
    unknown: tuple[str, ...]  # questions without an answer that its rules or its amount still need
    office: tuple[str, ...]  # facts that only the office can know
    case_by_case: tuple[Row, ...]
    clashes: tuple[Clash, ...]

    @property
    def definition(self) -> SchemeDefinition:
        """The scheme."""
        return self.candidate.definition


@dataclass(frozen=True)
class Findings:
    """What all schemes say, the combination that pays most, and what to ask next."""

    of: tuple[Finding, ...]
    combination: Combination
    next_questions: frozenset[str]

    def standing(self, standing: Standing) -> tuple[Finding, ...]:
        """The schemes that stand so, what is worth most first."""
        found = [finding for finding in self.of if finding.standing is standing]
        return tuple(sorted(found, key=lambda finding: -(finding.candidate.worth or 0)))

    @property
    def open(self) -> int:
        """How many schemes may be granted."""
        return sum(finding.standing is not Standing.NOT_NOW for finding in self.of)


# -- which questions -----------------------------------------------------------------------------


def interview(definitions: Sequence[SchemeDefinition]) -> Interview:
    """The questions of the pre-checks of all schemes, each once, in sections; consents are left out."""
    asked = _sections(definitions)
    offered = {key for section in asked for key in section.questions}
    counted = Counter(key for definition in definitions for key in _needed(definition, offered))
    sections = _only(asked, counted)
    order = [key for section in sections for key in section.questions]
    ranked = sorted(counted, key=lambda key: (-counted[key], order.index(key)))
    return Interview(tuple(definitions), sections, frozenset(ranked[:MOST_FIRST]))


def _sections(definitions: Sequence[SchemeDefinition]) -> tuple[Section, ...]:
    """A question stands where most schemes put it; sections stand where the schemes have them."""
    homes: dict[str, Counter[str]] = {}
    titles: dict[str, Text] = {}
    places: dict[str, list[int]] = {}
    for definition in definitions:
        for place, group in enumerate(definition.precheck):
            titles.setdefault(group.title.en, group.title)
            places.setdefault(group.title.en, []).append(place)
            for key in group.facts:
                if key not in CONSENTS and fact_dictionary()[key].type is not FactType.LIST:
                    homes.setdefault(key, Counter())[group.title.en] += 1
    home_of = {key: counter.most_common(1)[0][0] for key, counter in homes.items()}
    ordered = sorted(places, key=lambda title: (min(places[title]), -len(places[title])))
    sections = (
        Section(titles[title], tuple(key for key, home in home_of.items() if home == title)) for title in ordered
    )
    return tuple(section for section in sections if section.questions)


def _needed(definition: SchemeDefinition, offered: set[str]) -> set[str]:
    """The questions that decide on a scheme or its amount."""
    facts = [key for rule in _decided(definition) for key in compile_expression(rule.test).facts]
    return {question for fact in [*facts, *definition.benefit.facts()] for question in questions_for(fact, offered)}


def _decided(definition: SchemeDefinition) -> Iterator[Rule]:
    """The rules that facts decide: all but those on consent."""
    return (rule for rule in definition.rules if not _on_consent(rule))


def _on_consent(rule: Rule) -> bool:
    return not CONSENTS.isdisjoint(compile_expression(rule.test).facts)


# -- what the schemes say ------------------------------------------------------------------------


def find(asked: Interview, answers: Mapping[str, object], on: date) -> Findings:
    """What all schemes say to ``answers`` (canonical or typed) on the day ``on``."""
    values = with_derived(typed_facts(answers), on)
    offered = set(asked.questions)
    candidates = [Candidate(definition, evaluate_values(definition, values, on)) for definition in asked.definitions]
    found = clashes(asked.definitions)
    findings = tuple(_finding(candidate, values, offered, found) for candidate in candidates)
    return Findings(
        of=findings,
        combination=best_combination(candidates, found),
        next_questions=_next(asked, findings),
    )


def _finding(
    candidate: Candidate, values: Mapping[str, Value | None], offered: set[str], found: Sequence[Clash]
) -> Finding:
    definition, rows = candidate.definition, candidate.evaluation.rows
    rules = {rule.id: rule for rule in _decided(definition)}
    open_rows = [row for row in rows if row.answer is Answer.NEEDS_REVIEW and row.rule in rules]
    lacking: list[str] = []
    case_by_case: list[Row] = []
    for row in open_rows:
        missing = open_facts_of([rules[row.rule].test], values)
        lacking += missing
        if not missing:
            case_by_case.append(row)
    of_rules, office = _sorted_out(lacking, values, offered)
    of_amount, office_of_amount = _sorted_out(candidate.evaluation.benefit.missing, values, offered)
    not_met = candidate.evaluation.rows_with(Answer.NOT_MET)
    standing = Standing.NOT_NOW if not_met else Standing.MAYBE if of_rules else Standing.FITS
    return Finding(
        candidate=candidate,
        standing=standing,
        not_met=not_met,
        unknown=tuple(dict.fromkeys([*of_rules, *of_amount])),
        office=tuple(dict.fromkeys([*office, *office_of_amount])),
        case_by_case=tuple(case_by_case),
        clashes=clashes_of(definition.code, found),
    )


def _sorted_out(
    facts: Sequence[str], values: Mapping[str, Value | None], offered: set[str]
) -> tuple[list[str], list[str]]:
    """Missing facts as the questions that the visitor left open, and as facts that only the office can know."""
    questions: list[str] = []
    office: list[str] = []
    for fact in facts:
        found = questions_for(fact, offered)
        questions += [key for key in found if values.get(key) is None]
        if not found:
            office.append(fact)
    return questions, office


def _next(asked: Interview, findings: Sequence[Finding]) -> frozenset[str]:
    """The questions that could change most: a scheme that lacks one answer is settled by it, so it weighs more."""
    weight: dict[str, Fraction] = {}
    for finding in findings:
        if finding.standing is not Standing.NOT_NOW:
            for key in finding.unknown:
                weight[key] = weight.get(key, Fraction(0)) + Fraction(1, len(finding.unknown))
    order = {key: index for index, key in enumerate(asked.questions)}
    return frozenset(sorted(weight, key=lambda key: (-weight[key], order[key]))[:MOST_NEXT])
