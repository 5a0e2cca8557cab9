"""Awards and budgets in sentences, for officers and applicants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from housing_portal.casework.models import Case
from housing_portal.core.i18n import language
from housing_portal.core.ids import grouped
from housing_portal.payments.awards import Conflict
from housing_portal.payments.exclusion import month_code
from housing_portal.payments.models import ONCE
from housing_portal.schemes.months import add_months


def month_in_words(month: str) -> str:
    """2026-03 → March 2026."""
    return str(format_date(_first_day(month), "MMMM yyyy" if language() == "en" else "yyyy年M月"))


def months_in_words(months: Sequence[str]) -> str:
    """Sorted months as stretches: “March 2026 to May 2026, July 2026 (4 months)”."""
    stretches: list[list[str]] = []
    for month in months:
        if stretches and month_code(add_months(_first_day(stretches[-1][-1]), 1)) == month:
            stretches[-1].append(month)
        else:
            stretches.append([month])
    said = [
        month_in_words(one[0])
        if len(one) == 1
        else _("%(first)s to %(last)s", first=month_in_words(one[0]), last=month_in_words(one[-1]))
        for one in stretches
    ]
    count = ngettext("%(num)s month", "%(num)s months", len(months))
    return _("%(stretches)s (%(count)s)", stretches=_(", ").join(said), count=count)


def conflict_sentence(case: Case, conflict: Conflict) -> str:
    """Which support, which months, whose. The other case is named only where it is of the same district."""
    award = conflict.award
    scheme = award.scheme_version.definition().title.in_(language())
    who = _(", ").join(whose_in_words(whose) for whose in conflict.whose)
    if ONCE not in conflict.months:
        said = _(
            "Double benefit: “%(scheme)s” is granted already for %(months)s (%(who)s).",
            scheme=scheme,
            months=months_in_words(conflict.months),
            who=who,
        )
    else:
        said = _(
            "Double benefit: “%(scheme)s” can be had only once, and it was granted (%(who)s).", scheme=scheme, who=who
        )
    if award.district_id == case.district_id:
        said += _(" Application %(reference)s.", reference=grouped(award.case.application.ref))
    return said


def whose_in_words(whose: str) -> str:
    """Who has the months, seen from the present case."""
    return {
        "person": _("the applicant"),
        "spouse": _("the spouse"),
        "company": _("the company"),
        "affiliate": _("an affiliated company"),
        "premises": _("the same premises"),
    }[whose]


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
