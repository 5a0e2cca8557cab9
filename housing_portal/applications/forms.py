"""Forms around the draft; the questions themselves are built from the scheme's facts."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, Form, SelectChoice, SelectField
from wtforms.validators import InputRequired, ValidationError

from housing_portal.accounts.models import District
from housing_portal.core.forms import PortalForm
from housing_portal.core.uploads import REASONS

WHERE = {
    "home": _l("Where the home that you rent is. Its office handles your application."),
    "employer": _l("Where your employer is. Its office handles your application."),
    "premises": _l("Where your premises are. Its office handles the application."),
}


class StartForm(PortalForm):
    """In which district to apply."""

    district = SelectField(
        _l("District"),
        coerce=lambda value: int(value) if value not in (None, "") else None,
        validators=[InputRequired(_l("Choose a district."))],
    )

    def __init__(self, districts: list[District], lang: str, *, where: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.district.description = WHERE[where]
        self.district.choices = [
            SelectChoice("", str(_l("Choose a district"))),
            *(SelectChoice(str(district.id), district.name(lang)) for district in districts),
        ]


def small_enough(_form: Form, field: Field) -> None:
    """At most 10 MB, measured, not as the browser says."""
    stream = field.data.stream
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    if size > current_app.config["SETTINGS"].max_upload_bytes:
        raise ValidationError(str(REASONS["too_large"]))


class UploadForm(PortalForm):
    """One file."""

    file = FileField(
        _l("File"),
        validators=[FileRequired(_l("Choose a file first.")), small_enough],
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/*"},
    )


class DeleteForm(PortalForm):
    """Only the CSRF token: a question answered with yes."""
