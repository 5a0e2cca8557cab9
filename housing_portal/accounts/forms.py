"""Forms of the account pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, Form, PasswordField, StringField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from housing_portal.accounts.rules import LONGEST, SHORTEST, SHORTEST_WITH_SECOND_FACTOR, is_guessable
from housing_portal.core.forms import PortalForm

EMAIL_RULES = [
    InputRequired(_l("Enter your e-mail address.")),
    Length(max=254, message=_l("The e-mail address is too long. It may have at most 254 characters.")),
    Email(_l("Enter an e-mail address like name@example.com.")),
]


class StrongPassword:
    """Long enough and not guessable; any characters."""

    def __init__(self, shortest: int) -> None:
        self.shortest = shortest

    def __call__(self, form: Form, field: Field) -> None:
        typed = field.data or ""
        if len(typed) < self.shortest:
            raise ValidationError(
                _l("The password is too short. Use at least %(count)s characters; a short sentence works well.")
                % {"count": self.shortest}
            )
        if len(typed) > LONGEST:
            raise ValidationError(
                _l("The password is too long. Use at most %(count)s characters.") % {"count": LONGEST}
            )
        own = [str(other.data) for other in form if other.name in ("email", "name") and other.data]
        if is_guessable(typed, *own):
            raise ValidationError(_l("This password is easy to guess. Choose one that nobody else would think of."))


class RegisterForm(PortalForm):
    """Open an account."""

    name = StringField(
        _l("Your name"),
        description=_l("As on your identity document."),
        validators=[InputRequired(_l("Enter your name.")), Length(max=100)],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _l("E-mail address"),
        description=_l("We send a link to confirm it, and news about your applications."),
        validators=EMAIL_RULES,
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("At least 15 characters. A short sentence is easy to remember and hard to guess."),
        validators=[InputRequired(_l("Enter a password.")), StrongPassword(SHORTEST)],
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(PortalForm):
    """Address and password."""

    email = EmailField(_l("E-mail address"), validators=EMAIL_RULES, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(PortalForm):
    """A one-time code of an authenticator app."""

    code = StringField(
        _l("Code"),
        description=_l("The 6 digits that your authenticator app shows now."),
        validators=[InputRequired(_l("Enter the 6 digits.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"},
    )


class ForgottenForm(PortalForm):
    """Ask for a link to choose a new password."""

    email = EmailField(_l("E-mail address"), validators=EMAIL_RULES, render_kw={"autocomplete": "username"})


class NewPasswordForm(PortalForm):
    """Choose a new password."""

    password = PasswordField(_l("New password"), render_kw={"autocomplete": "new-password"})

    def __init__(self, *args: Any, staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shortest = SHORTEST_WITH_SECOND_FACTOR if staff else SHORTEST
        self.password.validators = (InputRequired(_l("Enter a password.")), StrongPassword(shortest))
        self.password.description = _l("At least %(count)s characters.", count=shortest)
