"""Findings in one language, as the templates of the finder want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from housing_portal.finder.combinations import Clash, Combination
from housing_portal.finder.search import Finding, Findings, Standing
from housing_portal.schemes.benefit import months_in_words, years_in_words
from housing_portal.schemes.benefit_terms import OnceBenefit, YearlyBenefit
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.grants import granted
from housing_portal.schemes.language import SchemeDefinition


@dataclass(frozen=True)
class Together:
    """What cannot be had beside a scheme: the other schemes' titles, and why."""

    titles: tuple[str, ...]
    excluded: bool  # False: it pays less beside them
    words: str
    clause: str


@dataclass(frozen=True)
class Unmet:
    """A rule that is not met, and what would mend it."""

    words: str
    mend: str
    clause: str


@dataclass(frozen=True)
class SchemeRow:
    """One scheme of a result."""

    code: str
    title: str
    kind: str
    audience: str
    standing: str
    amounts: tuple[str, ...]  # sentences; empty while the amount is not known
    offers: str
    duration: str
    not_met: tuple[Unmet, ...]
    unknown: tuple[str, ...]
    office: tuple[str, ...]
    together: tuple[Together, ...]
    once: tuple[str, ...]
    takes_applications: bool
    opens: date | None


@dataclass(frozen=True)
class PartRow:
    """A scheme of the best combination."""

    title: str
    amount: Decimal  # yuan
    is_rent: bool
    open: bool  # questions are left
    reduced_from: Decimal | None


@dataclass(frozen=True)
class LeftOutRow:
    """A scheme that is not in the best combination, what it would be worth alone, and why it is out."""

    title: str
    alone: Decimal
    why: tuple[Together, ...]


@dataclass(frozen=True)
class CombinationRows:
    """The best combination."""

    parts: tuple[PartRow, ...]
    paid: Decimal
    saved: Decimal
    left_out: tuple[LeftOutRow, ...]
    uncounted: tuple[str, ...]


def scheme_rows(findings: Iterable[Finding], titles: dict[str, str], language: str, today: date) -> list[SchemeRow]:
    """Rows in the order given; ``titles`` are those of all schemes by code."""
    return [_scheme_row(finding, titles, language, today) for finding in findings]


def _scheme_row(finding: Finding, titles: dict[str, str], language: str, today: date) -> SchemeRow:
    definition, evaluation = finding.definition, finding.candidate.evaluation
    window = definition.next_window(today)
    case_by_case = [row.words.in_(language) for row in finding.case_by_case]
    return SchemeRow(
        code=definition.code,
        title=titles[definition.code],
        kind=definition.kind,
        audience=definition.audience,
        standing=finding.standing.value,
        amounts=tuple(words.in_(language) for words in granted(evaluation.benefit)),
        offers=definition.offers.in_(language),
        duration=duration(definition, evaluation.benefit.months, language),
        not_met=tuple(
            Unmet(row.words.in_(language), row.advice.in_(language) if row.advice else "", row.clause.in_(language))
            for row in finding.not_met
        ),
        unknown=_labels(finding.unknown, language),
        office=(*_labels(finding.office, language), *case_by_case),
        together=together(definition.code, finding.clashes, titles, language),
        once=tuple(
            one.words.in_(language) for one in definition.exclusions if one.once and not one.group and not one.schemes
        ),
        takes_applications=definition.takes_applications_on(today),
        opens=window.opens if window else None,
    )


def _labels(keys: Iterable[str], language: str) -> tuple[str, ...]:
    return tuple(fact_dictionary()[key].label.in_(language) for key in keys)


def duration(definition: SchemeDefinition, months: int | None, language: str) -> str:
    """For how long: the months that came out, or the longest period of the scheme."""
    benefit = definition.benefit
    if isinstance(benefit, OnceBenefit):
        last = max((tranche.after_months for tranche in benefit.tranches), default=0)
        if not last:
            return _("Paid once")
        words = months_in_words(last).in_(language)
        return _("Granted once, paid in %(count)s parts over %(months)s", count=len(benefit.tranches), months=words)
    yearly = isinstance(benefit, YearlyBenefit)
    if months is not None:
        return (years_in_words(months // 12) if yearly else months_in_words(months)).in_(language)
    longest = (years_in_words if yearly else months_in_words)(benefit.most).in_(language)
    return _("%(period)s at most", period=longest)


def together(code: str, clashes: Sequence[Clash], titles: dict[str, str], language: str) -> tuple[Together, ...]:
    """Clashes of a scheme; those with the same words stand in one row."""
    rows: dict[tuple[str, str, bool], list[str]] = {}
    for clash in clashes:
        partner = clash.other if clash.scheme == code else clash.scheme
        key = (clash.words.in_(language), clash.clause.in_(language), clash.effect == "excluded")
        rows.setdefault(key, []).append(titles[partner])
    return tuple(
        Together(tuple(partners), excluded, words, clause) for (words, clause, excluded), partners in rows.items()
    )


def combination_rows(findings: Findings, titles: dict[str, str], language: str) -> CombinationRows:
    """The best combination with its sum, and why the others are left out."""
    best: Combination = findings.combination
    standing = {finding.definition.code: finding.standing for finding in findings.of}
    return CombinationRows(
        parts=tuple(
            PartRow(
                titles[part.code],
                part.counts,
                part.is_rent,
                standing[part.code] is not Standing.FITS,
                part.alone if part.alone != part.counts else None,
            )
            for part in sorted(best.parts, key=lambda part: -part.counts)
        ),
        paid=best.paid,
        saved=best.saved,
        left_out=tuple(
            LeftOutRow(titles[out.code], out.alone, together(out.code, out.clashes, titles, language))
            for out in best.left_out
        ),
        uncounted=tuple(titles[code] for code in best.uncounted),
    )
