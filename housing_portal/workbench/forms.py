"""Forms of the workbench."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from housing_portal.core.forms import DatePartsField, PortalForm, required
from housing_portal.core.i18n import language
from housing_portal.schemes.yaml_source import LONGEST
from housing_portal.workbench.editing import NUMBER, Field

LONG_TEXT = 60  # characters; from here on a text has several lines


class NewSchemeForm(PortalForm):
    """A new scheme, copied from a version."""

    code = StringField(
        _l("Code of the new scheme"),
        validators=[
            required(_l("Enter a code")),
            Regexp(
                r"^[a-z][a-z0-9_]{2,39}$",
                message=_l("Use 3 to 40 small letters, digits and underscores, such as rent_by_tier"),
            ),
        ],
        description=_l("Small letters, digits and underscores. It never changes."),
        render_kw={"spellcheck": "false"},
    )


class SourceForm(PortalForm):
    """The whole text."""

    source = TextAreaField(
        _l("Text of the scheme (YAML)"),
        validators=[
            required(_l("The text is empty")),
            Length(max=LONGEST, message=_l("The text is too long. At most 400,000 characters are read.")),
        ],
    )
    seen_version = HiddenField()


class ProposeForm(PortalForm):
    """Hand the draft to a second person."""

    note = TextAreaField(
        _l("What changes, and why"),
        validators=[required(_l("Write what changes and why")), Length(max=2000)],
        description=_l("Your colleague reads this before publishing. It stays with the version."),
    )


class PublishForm(PortalForm):
    """Put a version in force."""

    valid_from = DatePartsField(
        _l("First day"),
        validators=[required(_l("Enter the first day"))],
        description=_l("Applications that are begun from this day on follow the new version."),
    )
    replaces = BooleanField(_l("I have read the difference"))
    newest = HiddenField()  # the version that was the newest when the page was shown

    @property
    def replaced(self) -> int | None:
        """The number of the version whose difference was read."""
        number = self.newest.data or ""
        return int(number) if self.replaces.data and number.isascii() and number.isdigit() and len(number) < 7 else None


class SendBackForm(PortalForm):
    """Give a draft back."""

    reason = TextAreaField(
        _l("What must be mended"), validators=[required(_l("Write what must be mended")), Length(max=2000)]
    )


class WithdrawForm(PortalForm):
    """End new applications."""

    from_day = DatePartsField(
        _l("From which day"),
        validators=[required(_l("Enter the day"))],
        description=_l("From this day on nobody can begin an application."),
    )
    reason = TextAreaField(_l("Reason"), validators=[required(_l("Write the reason")), Length(max=2000)])


class FieldsForm(PortalForm):
    """Base of the form of one section; the fields are made by ``build_fields_form``."""

    seen_version = HiddenField()

    def values(self, fields: Sequence[Field]) -> dict[str, str | date | None]:
        """What was typed, by the name of the field of the text."""
        return {field.name: self[f"f{index}"].data for index, field in enumerate(fields)}


def build_fields_form(fields: Sequence[Field], formdata: Any, version: int) -> FieldsForm:
    """A form with one input for each field; ``formdata`` is None to show what is stored."""
    attributes = {f"f{index}": _input(field) for index, field in enumerate(fields)}
    form_class: type[FieldsForm] = type("Fields", (FieldsForm,), attributes)
    stored = {f"f{index}": _shown(field) for index, field in enumerate(fields)}
    return form_class(formdata=formdata, data={**stored, "seen_version": str(version)})


def _shown(field: Field) -> Any:
    if field.kind != "date":
        return field.value
    try:
        return date.fromisoformat(field.value) if field.value else None
    except ValueError:  # a moment of a day: the text editor mends it
        return None


def _input(field: Field) -> Any:
    label = field.label.in_(language())
    presence: list[Any] = [Optional()] if field.optional else [required(_l("This must be there."))]
    if field.kind == "date":
        return DatePartsField(label, validators=[] if field.name == "valid_to" else presence)
    if field.kind == "number":
        words = _l("Enter a number, such as 950 or 0.6")
        return StringField(
            label,
            validators=[*presence, Regexp(f"^{NUMBER.pattern}$", message=words)],
            render_kw={"inputmode": "decimal"},
        )
    names = {"zh": _l("Chinese"), "en": _l("English")}
    label = f"{label} ({names[field.kind]})" if field.kind in names else label
    keywords = {"lang": "zh-Hans" if field.kind == "zh" else "en"} if field.kind in names else {}
    kind = TextAreaField if len(field.value) > LONG_TEXT or field.kind in names else StringField
    return kind(label, validators=[*presence, Length(max=4000)], render_kw=keywords)
