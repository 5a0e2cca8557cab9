"""The base of every form: strips text, refuses hidden characters, and asks dates in three parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectMultipleField, StringField, ValidationError
from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

MAX_LENGTH = 2_000  # characters, for a text field that sets no limit of its own
# NUL and its kin break databases and papers; bidi controls make a text read differently from what it is.
HIDDEN_CHARACTERS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
ISO_LIKE = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")
EARLIEST_YEAR = 1900
PARTS = ("year", "month", "day")


def tidy(value: Any) -> Any:
    """Strip a text and give it one kind of line break; anything else passes unchanged."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def no_hidden_characters(_form: BaseForm, field: Field) -> None:
    """Refuse control and bidi characters, which arrive by pasting and are seen by nobody."""
    if isinstance(field.data, str) and HIDDEN_CHARACTERS.search(field.data):
        raise ValidationError(
            gettext("This text contains hidden control characters. Type it in instead of pasting it.")
        )


def required(message: Any = None) -> InputRequired:
    """An ``InputRequired`` in plain words; name the thing in ``message`` where the label is long."""
    return InputRequired(message or lazy_gettext("Fill this in"))


def number_range(least: int | None = None, most: int | None = None) -> NumberRange:
    """A ``NumberRange`` with plain sentences; WTForms' Chinese text for a minimum says "greater than"."""
    if least is None:
        message = lazy_gettext("Enter a number that is at most %(most)s", most=most)
    elif most is None:
        message = lazy_gettext("Enter a number that is at least %(least)s", least=least)
    else:
        message = lazy_gettext("Enter a number from %(least)s to %(most)s", least=least, most=most)
    return NumberRange(min=least, max=most, message=message)


class PortalForm(FlaskForm):
    """A form whose text fields are stripped, bounded and free of hidden characters. CSRF is on."""

    class Meta(FlaskForm.Meta):
        """Adds the rules of this module to each text field as it is bound."""

        def bind_field(self, form: BaseForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Bind one field of the form; WTForms calls this."""
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, StringField):
                field.validators = _text_validators(field.validators)
                if not isinstance(field, PasswordField):  # a space may be part of a password
                    field.filters = [tidy, *field.filters]
            return field

    def add_error(self, field: str | None, message: str) -> None:
        """Show ``message`` at ``field``, or at the top of the form when ``field`` is None.

        For what only a command can find out, after :meth:`validate` has passed.
        """
        if field is None:
            self.form_errors.append(message)
        else:
            self[field].errors = [*self[field].errors, message]


def _text_validators(given: Sequence[Any]) -> tuple[Any, ...]:
    # InputRequired looks at what was typed before stripping, so blanks would pass it.
    kept = [DataRequired(check.message) if type(check) is InputRequired else check for check in given]
    if not any(isinstance(check, Length) and check.max >= 0 for check in kept):
        kept.append(
            Length(max=MAX_LENGTH, message=lazy_gettext("Use at most %(most)s characters", most=MAX_LENGTH))
        )
    return (no_hidden_characters, *kept)


class CheckboxesField(SelectMultipleField):
    """Several answers out of a list, as checkboxes."""

    widget: Any = ListWidget(prefix_label=False)
    option_widget: Any = CheckboxInput()


class DatePartsField(Field):
    """A date asked as year, month and day; ``data`` is a ``date`` or None.

    Reads ``name-year``, ``name-month`` and ``name-day``, or one ISO-like text in ``name``. What was typed
    stays in ``parts``, so a mistake is shown as it was made; ``wrong_parts`` names the inputs to mark.
    """

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.data: date | None = None
        self.parts: dict[str, str] = dict.fromkeys(PARTS, "")
        self.wrong_parts: tuple[str, ...] = ()
        self._submitted: Any = None

    @property
    def order(self) -> tuple[str, ...]:
        """The parts in the order of the reader's language: year first in Chinese, day first in English."""
        locale = get_locale()
        return PARTS if locale is not None and locale.language == "zh" else PARTS[::-1]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Keep the submitted form, because this field has three names in it."""
        self._submitted = formdata
        super().process(formdata, data, extra_filters)

    def process_data(self, value: date | None) -> None:
        """Show a stored date."""
        self.data = value
        if value is not None:
            self.parts = {"year": str(value.year), "month": str(value.month), "day": str(value.day)}

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; raises ``ValueError`` with a sentence for the person."""
        if any(f"{self.name}-{part}" in self._submitted for part in PARTS):
            typed = {part: self._submitted.get(f"{self.name}-{part}", "") for part in PARTS}
        elif valuelist:
            typed = _split(valuelist[0])
        else:
            return
        self.parts = {part: unicodedata.normalize("NFKC", text).strip() for part, text in typed.items()}
        self.data = None
        self.raw_data = ["-".join(self.parts.values())] if any(self.parts.values()) else []
        if self.raw_data:
            self.data = self._read()

    def _read(self) -> date:
        missing = tuple(part for part in PARTS if not self.parts[part])
        if missing:
            raise self._mistake(missing, _missing_words(missing))
        malformed = tuple(part for part in PARTS if not re.fullmatch(r"[0-9]{1,4}", self.parts[part]))
        if malformed:
            raise self._mistake(malformed, gettext("Enter the date in digits"))
        year, month, day = (int(self.parts[part]) for part in PARTS)
        if year < EARLIEST_YEAR:
            raise self._mistake(("year",), gettext("Enter the year with four digits"))
        if not 1 <= month <= 12:
            raise self._mistake(("month",), gettext("Enter a month from 1 to 12"))
        try:
            return date(year, month, day)
        except ValueError:
            raise self._mistake(("day",), gettext("That month does not have this day")) from None

    def _mistake(self, parts: tuple[str, ...], words: str) -> ValueError:
        self.wrong_parts = parts
        return ValueError(words)

    def _value(self) -> str:
        return self.data.isoformat() if self.data else ""


def _split(text: str) -> dict[str, str]:
    """Split ``2026-03-15`` or ``2026年3月15日``; a text that is no date stays whole, as a year to correct."""
    found = ISO_LIKE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return dict(zip(PARTS, found.groups() if found else (text, "", ""), strict=True))


def _missing_words(missing: tuple[str, ...]) -> str:
    if len(missing) > 1:
        return gettext("Enter a full date: year, month and day")
    return {
        "year": gettext("Enter the year as well"),
        "month": gettext("Enter the month as well"),
        "day": gettext("Enter the day as well"),
    }[missing[0]]
