"""The words of messages and mails. Short sentences: what happened, what it means, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _


@dataclass(frozen=True)
class Words:
    """A text in one language."""

    greeting: str
    subject: str
    body: str
    closing: str


@dataclass(frozen=True)
class Text:
    """A text that can be made in any language, and the page that it leads to."""

    name: str
    subject: Callable[[], str]
    body: Callable[[], str]
    endpoint: str
    values: dict[str, Any]

    def in_words(self) -> Words:
        """The text in the language that is spoken now (core.i18n.speaking)."""
        return Words(
            greeting=_("Hello %(name)s,", name=self.name),
            subject=self.subject(),
            body=self.body(),
            closing=_("Starhome, Yunjiang Housing Support"),
        )


def confirm_address(name: str, token: str) -> Text:
    """To a new account."""
    return Text(
        name,
        lambda: _("Confirm your e-mail address"),
        lambda: _("You opened an account with Starhome. Open the link and press the button to confirm your address. "
                  "The link works for 3 days. If this was not you, do nothing."),
        "accounts.confirm",
        {"token": token},
    )  # fmt: skip


def already_registered(name: str) -> Text:
    """To the owner of an address that somebody tried to register."""
    return Text(
        name,
        lambda: _("You already have an account"),
        lambda: _("Somebody, perhaps you, tried to open an account with this address. You already have one: sign in. "
                  "If you forgot the password, choose a new one there."),
        "accounts.sign_in",
        {},
    )  # fmt: skip


def new_password(name: str, token: str) -> Text:
    """To somebody who forgot the password."""
    return Text(
        name,
        lambda: _("Choose a new password"),
        lambda: _("Open the link to choose a new password. It works for one hour. If this was not you, do nothing."),
        "accounts.new_password",
        {"token": token},
    )


def case_step(name: str, reference: str, action: str, due: str, endpoint: str = "casework.status") -> Text | None:
    """After a step of the case; None when the step is no news for the applicant. ``due``: a day in words."""
    subject, body = {
        "submit": (
            lambda: _("We received your application"),
            lambda: _("Your application has arrived. The intake office answers by %(due)s. Your receipt is on the page of your application.", due=due),
        ),
        "answer_correction": (
            lambda: _("We received your correction"),
            lambda: _("Your correction has arrived. The intake office answers by %(due)s.", due=due),
        ),
        "accept": (
            lambda: _("Your application is accepted"),
            lambda: _("Your application is complete and accepted. The first review is done by %(due)s. You do not need to do anything now.", due=due),
        ),
        "accept_by_clock": (
            lambda: _("Your application is accepted"),
            lambda: _("The intake period ran out, so your application counts as accepted from the day of receipt. The first review is done by %(due)s.", due=due),
        ),
        "ask_correction": (
            lambda: _("Please correct your application"),
            lambda: _("Something in your application must be corrected. Do it by %(due)s, or the procedure ends. The page tells you what to mend.", due=due),
        ),
        "extend_correction": (
            lambda: _("You have more time"),
            lambda: _("You can hand in your correction until %(due)s.", due=due),
        ),
        "lapse": (
            lambda: _("Your application has ended"),
            lambda: _("Your correction did not arrive in time, so the procedure has ended. You can apply again at any time."),
        ),
        "withdraw": (
            lambda: _("Your application is withdrawn"),
            lambda: _("You took your application back. You can apply again at any time."),
        ),
        "approved": (
            lambda: _("Your application is approved"),
            lambda: _("Your support is approved. The certificate is on the page of your application."),
        ),
        "refused": (
            lambda: _("Your application is refused"),
            lambda: _("Your application is refused. The letter with the reasons, and what you can do against it, is on the page of your application."),
        ),
    }.get(action, (None, None))  # fmt: skip
    if subject is None or body is None:
        return None
    return Text(name, subject, body, endpoint, {"ref": reference})
