"""What a person typed, read as the value of a fact. Each mistake is a sentence that says how to mend it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from housing_portal.core import identifiers
from housing_portal.schemes.facts import NUMBER_TYPES, Fact, FactType, Value


class InputError(ValueError):
    """The text cannot be a value of the fact; the message is for the person who typed it."""


def read_input(fact: Fact, text: str, *, document_type: str | None, today: date) -> Value:
    """The typed value of a text that is not empty. ``document_type`` matters for identity numbers only.

    Raises ``InputError``.
    """
    text = text.strip()
    if fact.type in NUMBER_TYPES:
        return _number(fact, text)
    if fact.type is FactType.EMAIL:
        return _email(text)
    if fact.type is FactType.NAME:
        return _name(text)
    if fact.type is FactType.BOOLEAN:
        if text not in ("yes", "no"):
            raise InputError(_("Choose one of the answers"))
        return text == "yes"
    try:
        if fact.type is FactType.ID_NUMBER:
            return identifiers.parse_document(document_type or "resident_id", text, today)
        if fact.type is FactType.USCC:
            return identifiers.parse_uscc(text)
        if fact.type is FactType.BANK_CARD:
            return identifiers.parse_bank_card(text)
        if fact.type is FactType.BANK_ACCOUNT:
            return identifiers.parse_bank_account(text)
        if fact.type is FactType.MOBILE:
            return identifiers.parse_mobile(text)
    except identifiers.IdentifierError as error:
        raise InputError(str(error.words)) from error
    if fact.choices and text not in fact.choices:
        raise InputError(_("Choose one of the answers"))
    if len(text) > fact.max_length:
        raise InputError(_("Use at most %(most)s characters", most=fact.max_length))
    return text


def plain_digits(text: str) -> str:
    """A number as it was meant, without full-width digits, separators and a trailing 元."""
    return re.sub(r"[\s,，¥]|元$", "", unicodedata.normalize("NFKC", text))


def _number(fact: Fact, text: str) -> Value:
    digits = plain_digits(text)
    if fact.type is FactType.INTEGER:
        if not re.fullmatch(r"[0-9]{1,9}", digits):
            raise InputError(_("Enter a whole number, such as 6"))
    elif not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", digits):
        raise InputError(_("Enter a number with at most two decimals, such as 1500.50"))
    number = Decimal(digits)
    if fact.least is not None and fact.most is not None and not fact.least <= number <= fact.most:
        raise InputError(_("Enter a number from %(least)s to %(most)s", least=fact.least, most=fact.most))
    return int(number) if fact.type is FactType.INTEGER else number


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InputError(_("Enter an e-mail address such as name@example.com")) from error


def _name(text: str) -> str:
    """Letters of any script, with the marks that stand in names: · . ' - and spaces."""
    if not all(unicodedata.category(character)[0] in "LM" or character in "·•‧・･．.∙⋅'’- " for character in text):
        raise InputError(_("Enter the name as on the document, without digits or other signs"))
    if not any(unicodedata.category(character)[0] == "L" for character in text):
        raise InputError(_("Enter the name as on the document, without digits or other signs"))
    return identifiers.tidy_name(text)


def check_date(fact: Fact, day: date, today: date) -> date:
    """The same date. Raises ``InputError`` when the fact cannot lie in the future and does."""
    if fact.not_after_today and day > today:
        raise InputError(_("The date cannot be later than today"))
    return day
