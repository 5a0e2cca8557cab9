"""Forms of the verification page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from housing_portal.core.forms import PortalForm


class VerifyForm(PortalForm):
    """The two numbers that are printed beside the QR code."""

    serial = StringField(
        _l("Serial number"),
        description=_l("For example YJ-500101-2026-C-000123."),
        validators=[
            InputRequired(_l("Enter the serial number.")),
            Length(max=60, message=_l("This is longer than any serial number. Check what you typed.")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )
    code = StringField(
        _l("Verification code"),
        description=_l("26 letters and digits. You may leave out the hyphens."),
        validators=[
            InputRequired(_l("Enter the verification code.")),
            Length(max=80, message=_l("This is longer than any verification code. Check what you typed.")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )
