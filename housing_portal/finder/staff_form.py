"""The form for HR: numbers of people and averages, never a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, IntegerField
from wtforms.validators import Optional

from housing_portal.core.forms import PortalForm, number_range
from housing_portal.core.money import to_fen
from housing_portal.finder.staff_estimate import LEVELS, TIERS, Staff
from housing_portal.schemes.inputs import plain_digits

MOST_STAFF = 20_000
MOST_YUAN = 10**11


class _Whole(IntegerField):
    """A number of people, typed as people do: 2,000, ２０００."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """WTForms calls this."""
        self.data = None
        if valuelist and (text := plain_digits(valuelist[0])):
            if not re.fullmatch(r"[0-9]{1,12}", text):
                raise ValueError(_("Enter a whole number, such as 6"))
            self.data = int(text)


class _Amount(DecimalField):
    """An amount in yuan, typed as people do: 250,000 or 250000.50."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """WTForms calls this."""
        self.data = None
        if valuelist and (text := plain_digits(valuelist[0])):
            if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", text):
                raise ValueError(_("Enter a number with at most two decimals, such as 1500.50"))
            self.data = Decimal(text)


def _people(label: Any) -> IntegerField:
    return _Whole(label, validators=[Optional(), number_range(0, MOST_STAFF)])


def _yuan(label: Any) -> DecimalField:
    return _Amount(label, places=None, validators=[Optional(), number_range(0, MOST_YUAN)])


class StaffForm(PortalForm):
    """How many of the staff are what."""

    phd = _people(_l("With a doctorate"))
    master = _people(_l("With a master's degree"))
    bachelor = _people(_l("With a bachelor's degree"))
    associate = _people(_l("Other staff"))
    tier_b = _people(_l("Talent tier B"))
    tier_c = _people(_l("Talent tier C"))
    tier_d = _people(_l("Talent tier D"))
    tier_e = _people(_l("Talent tier E"))
    graduates = _people(_l("Graduated within the last 24 months"))
    renting = _people(_l("Rent a home in Yunjiang"))
    rent_share = _yuan(_l("Their average share of the rent, yuan a month"))
    owning = _people(_l("Own a home in Yunjiang (they or their spouse)"))
    revenue = _yuan(_l("Main-business revenue of the company last year, yuan"))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Nobody is counted who is not among the staff."""
        if not super().validate(extra_validators):
            return False
        people = sum(self[level].data or 0 for level in LEVELS)
        tiers = sum(self[f"tier_{tier}"].data or 0 for tier in TIERS if tier != "none")
        living = (self.renting.data or 0) + (self.owning.data or 0)
        words = _("That makes more people than the %(count)s staff stated above", count=people)
        for field, count in ((self.tier_b, tiers), (self.graduates, self.graduates.data or 0), (self.renting, living)):
            if count > people:
                self.add_error(field.name, words)
        return not any(field.errors for field in self)

    def staff(self, *, employer_fits: bool) -> Staff:
        """The numbers of a valid form."""
        return Staff(
            levels={level: self[level].data or 0 for level in LEVELS},
            tiers={tier: self[f"tier_{tier}"].data or 0 for tier in TIERS if tier != "none"},
            renting=self.renting.data or 0,
            owning=self.owning.data or 0,
            graduates=self.graduates.data or 0,
            rent_share=None if self.rent_share.data is None else to_fen(self.rent_share.data),
            employer_revenue=None if self.revenue.data is None else to_fen(self.revenue.data),
            employer_fits=employer_fits,
        )
