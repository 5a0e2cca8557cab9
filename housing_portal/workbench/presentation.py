"""The workbench in words, rows and drawn figures, for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from housing_portal.accounts.models import District
from housing_portal.core.i18n import language
from housing_portal.core.money import format_yuan
from housing_portal.schemes.differences import Difference, marked
from housing_portal.schemes.models import SchemeVersion, SchemeWithdrawal
from housing_portal.schemes.terms_in_words import key_in_words
from housing_portal.workbench.simulation import Tally

YEAR = timedelta(days=365)
# The drawing of costs, in pixels.
CHART_HEIGHT = 200
MOST_TICKS = 6
LAST_LABEL = 85  # hundredths of the width; words further right would leave the drawing


def kind_word(kind: str) -> str:
    """What an application would get."""
    return {"gains": _("Gains"), "loses": _("Loses"), "same": _("Same amount")}[kind]


def answer_word(answer: str) -> str:
    """What the rules say."""
    return {"met": _("Met"), "not_met": _("Not met"), "needs_review": _("To be checked")}[answer]


def move_words(move: str) -> str:
    """ "met>not_met" as words."""
    before, _arrow, after = move.partition(">")
    return f"{answer_word(before)} → {answer_word(after)}"


def month_word(month: str) -> str:
    """ "2026-04" as people write it."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月" if language() == "zh" else f"{date(int(year), int(number), 1):%b %Y}"


def section_word(section: str) -> str:
    """A page of the form."""
    return {
        "basics": _("Dates and general texts"),
        "amounts": _("Amounts"),
        "conditions": _("Conditions"),
        "documents": _("Documents"),
        "questions": _("Pages and pre-check"),
        "letters": _("Letters and reasons"),
    }[section]


def paper_word(kind: str) -> str:
    """A paper that can be previewed."""
    words = {"receipt": _("Receipt"), "certificate": _("Certificate"), "refusal": _("Result notice, refused")}
    return words.get(kind) or key_in_words(kind).in_(language())


# -- the time line ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A stretch of time, in hundredths of the drawing's width."""

    start: str
    width: str


@dataclass(frozen=True)
class VersionLine:
    """One version on the time line. ``valid`` is its own period, ``in_force`` the days on which it is the one."""

    version: SchemeVersion
    valid: Bar
    in_force: tuple[Bar, ...]
    periods: tuple[tuple[date, date | None], ...]  # the same days, for the table
    withdrawal: SchemeWithdrawal | None
    state: str  # in_force, future, past, never


@dataclass(frozen=True)
class TimeLine:
    """All versions of a scheme. ``ticks``: position and label."""

    lines: tuple[VersionLine, ...]
    ticks: tuple[tuple[str, str], ...]
    today: str


def time_line(
    versions: Sequence[SchemeVersion], withdrawals: Mapping[int, SchemeWithdrawal], today: date
) -> TimeLine:
    """The versions of one scheme, the newest first, drawn from the first day to the last (or a year from today)."""
    first = min([today - timedelta(days=30), *(version.valid_from for version in versions)])
    last = max([today + YEAR, *(version.valid_to for version in versions if version.valid_to)])
    scale = _Scale(first, last + timedelta(days=1))
    periods = _periods(versions, withdrawals)
    lines = tuple(
        VersionLine(
            version,
            scale.bar(version.valid_from, version.valid_to),
            tuple(scale.bar(start, end) for start, end in periods[version.id]),
            tuple(periods[version.id]),
            withdrawals.get(version.id),
            _state(periods[version.id], today),
        )
        for version in versions
    )
    return TimeLine(lines, scale.years(), scale.at(today))


@dataclass(frozen=True)
class _Scale:
    first: date
    end: date  # the day after the last

    def at(self, day: date) -> str:
        return f"{100 * (day - self.first).days / (self.end - self.first).days:.2f}%"

    def bar(self, start: date, last: date | None) -> Bar:
        end = min(last + timedelta(days=1), self.end) if last else self.end
        share = 100 * max((end - start).days, 1) / (self.end - self.first).days
        return Bar(self.at(start), f"{share:.2f}%")

    def years(self) -> tuple[tuple[str, str], ...]:
        years = range(self.first.year + (self.first > date(self.first.year, 1, 1)), self.end.year + 1)
        step = max(1, -(-len(years) // MOST_TICKS))
        return tuple((self.at(date(year, 1, 1)), str(year)) for year in years[::step] if date(year, 1, 1) < self.end)


def _periods(
    versions: Sequence[SchemeVersion], withdrawals: Mapping[int, SchemeWithdrawal]
) -> dict[int, list[tuple[date, date | None]]]:
    """The days on which each version is the one in force: the highest that is valid, unless it is withdrawn."""
    turns = {version.valid_from for version in versions}
    turns |= {version.valid_to + timedelta(days=1) for version in versions if version.valid_to}
    turns |= {row.from_day for row in withdrawals.values()}
    days = sorted(turns)
    found: dict[int, list[tuple[date, date | None]]] = {version.id: [] for version in versions}
    for index, day in enumerate(days):
        valid = [v for v in versions if v.valid_from <= day and (v.valid_to is None or day <= v.valid_to)]
        if not valid:
            continue
        highest = max(valid, key=lambda version: version.number)
        ended = withdrawals.get(highest.id)
        if ended is not None and ended.from_day <= day:
            continue
        end = days[index + 1] - timedelta(days=1) if index + 1 < len(days) else None
        held = found[highest.id]
        if held and held[-1][1] == day - timedelta(days=1):
            held[-1] = (held[-1][0], end)
        else:
            held.append((day, end))
    return found


def _state(periods: Sequence[tuple[date, date | None]], today: date) -> str:
    if any(start <= today and (end is None or today <= end) for start, end in periods):
        return "in_force"
    if any(start > today for start, _end in periods):
        return "future"
    return "past" if periods else "never"


# -- differences -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One language of one side: pieces of text, each with whether it differs. None: not there."""

    lang: str
    before: list[tuple[str, bool]] | None
    after: list[tuple[str, bool]] | None


def difference_groups(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Differences by section, each side in the languages in which it differs."""
    lang = language()
    groups: dict[str, list[dict[str, Any]]] = {}
    for difference in found:
        row = {"what": difference.what.in_(lang), "kind": difference.kind, "sides": _sides(difference, lang)}
        groups.setdefault(difference.section, []).append(row)
    titles = {section: key_in_words(section).in_(lang) for section in groups}
    return [
        {"title": titles[section][:1].upper() + titles[section][1:], "rows": rows} for section, rows in groups.items()
    ]


def _sides(difference: Difference, lang: str) -> list[Side]:
    others = [lang, "en" if lang == "zh" else "zh"] if difference.wording else [lang]
    sides = []
    for shown in others:
        before = difference.before.in_(shown) if difference.before else None
        after = difference.after.in_(shown) if difference.after else None
        if before == after:
            continue
        if before is not None and after is not None:
            sides.append(Side(shown, *marked(before, after)))
        else:
            whole = [[(text, text is not None)] if text is not None else None for text in (before, after)]
            sides.append(Side(shown, *whole))
    return sides


# -- simulations -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChartBar:
    """One month: the two bars beside each other; places in hundredths of the width, heights in pixels."""

    x_before: str
    x_after: str
    width: str
    before: float
    after: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Cost by month, drawn on the server."""

    bars: tuple[ChartBar, ...]
    labels: tuple[tuple[str, str], ...]  # place, words
    height: int
    highest: str
    words: str  # the text alternative


def chart(tally: Tally) -> Chart | None:
    """The drawing of the cost of each month; None when there is nothing to draw."""
    months = sorted(tally.months)
    if not months:
        return None
    highest = max(max(pair) for pair in tally.months.values()) or Decimal(1)
    share = 100 / len(months)
    bars = []
    for index, month in enumerate(months):
        heights = [round(float(CHART_HEIGHT * yuan / highest), 1) for yuan in tally.months[month]]
        left = index * share
        bars.append(
            ChartBar(
                f"{left + share * 0.1:.3f}%",
                f"{left + share * 0.5:.3f}%",
                f"{share * 0.4:.3f}%",
                heights[0],
                heights[1],
                month_word(month),
            )
        )
    step = max(1, -(-len(months) // MOST_TICKS))
    labels = tuple((f"{index * share:.2f}%", month_word(months[index])) for index in range(0, len(months), step))
    labels = tuple((at, words) for at, words in labels if float(at.rstrip("%")) < LAST_LABEL)
    before, after = tally.total()
    words = _(
        "Cost from %(first)s to %(last)s: %(before)s in all before, %(after)s after. The table below has each month.",
        first=month_word(months[0]), last=month_word(months[-1]),
        before=format_yuan(before), after=format_yuan(after),
    )  # fmt: skip
    return Chart(tuple(bars), labels, CHART_HEIGHT, format_yuan(highest), words)


def sum_rows(sums: Mapping[str, list[Decimal]], names: Mapping[str, str]) -> list[list[str]]:
    """Rows of a table: name, before, after, difference."""
    return [
        [names[key], format_yuan(before), format_yuan(after), signed(after - before)]
        for key, (before, after) in sorted(sums.items())
    ]


def signed(yuan: Decimal) -> str:
    """A difference with its sign."""
    return f"+{format_yuan(yuan)}" if yuan > 0 else format_yuan(yuan)


def month_names(tally: Tally) -> dict[str, str]:
    """Month → words."""
    return {month: month_word(month) for month in tally.months}


def district_names(districts: Mapping[str, District]) -> dict[str, str]:
    """Id → name."""
    lang = language()
    return {key: district.name(lang) for key, district in districts.items()}
