"""Numbers that people and companies carry: checked, normalised and masked.

Every ``parse_*`` function takes what a person typed and returns the normalised number (or a small record).
It raises ``IdentifierError`` with a reason code; ``error.words`` says, translated, how to mend the input.

Standards: GB 11643 (resident identity number), GB 32100 (Unified Social Credit Code), ISO/IEC 7812 (Luhn).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

OLDEST_AGE_YEARS = 130


class Reason(StrEnum):
    """Why a number was refused. The code is stable: it is stored and tested."""

    CHARACTERS = "characters"
    LENGTH = "length"
    FIFTEEN_DIGITS = "fifteen_digits"
    BIRTH_DATE = "birth_date"
    CHECK_DIGIT = "check_digit"
    USCC_FORM = "uscc_form"
    USCC_CHECK = "uscc_check"
    PASSPORT = "passport"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    RESIDENCE_PERMIT = "residence_permit"
    TRAVEL_PERMIT_HM = "travel_permit_hm"
    TRAVEL_PERMIT_TW = "travel_permit_tw"
    MOBILE = "mobile"
    BANK_CARD_LENGTH = "bank_card_length"
    BANK_CARD_CHECK = "bank_card_check"
    BANK_ACCOUNT = "bank_account"


REASON_WORDS: dict[Reason, LazyString] = {
    Reason.CHARACTERS: lazy_gettext("Use digits only; the last may be X. Copy the number from the card."),
    Reason.LENGTH: lazy_gettext("The number must have 18 characters. Count them on the card."),
    Reason.FIFTEEN_DIGITS: lazy_gettext(
        "This is an old number with 15 digits. Use the number with 18 characters on your present card."
    ),
    Reason.BIRTH_DATE: lazy_gettext("Characters 7 to 14 must be a date of birth. Check the card."),
    Reason.CHECK_DIGIT: lazy_gettext("A character is wrong or two are swapped. Check the card."),
    Reason.USCC_FORM: lazy_gettext(
        "The Unified Social Credit Code has 18 digits and capital letters, without I, O, S, V and Z. "
        "Copy it from the business licence."
    ),
    Reason.USCC_CHECK: lazy_gettext(
        "One character of the Unified Social Credit Code is wrong or two are swapped. "
        "Compare it with the business licence."
    ),
    Reason.PASSPORT: lazy_gettext("A passport number has 5 to 20 letters and digits. See the photo page."),
    Reason.FOREIGN_PERMANENT_RESIDENT: lazy_gettext(
        "The number has 18 digits and starts with 9, or has 3 letters and 12 digits. Copy it from the card."
    ),
    Reason.RESIDENCE_PERMIT: lazy_gettext(
        "The number has 18 characters and starts with 81, 82 or 83. Copy it from the residence permit."
    ),
    Reason.TRAVEL_PERMIT_HM: lazy_gettext(
        "The number is H or M and then 8 digits (10 on older permits). Copy it from the travel permit."
    ),
    Reason.TRAVEL_PERMIT_TW: lazy_gettext(
        "The number has 8 digits (10 on older permits). Copy it from the travel permit."
    ),
    Reason.MOBILE: lazy_gettext("A mainland mobile number has 11 digits and starts with 13 to 19."),
    Reason.BANK_CARD_LENGTH: lazy_gettext("A bank card number has 16 to 19 digits. Copy it from the card."),
    Reason.BANK_CARD_CHECK: lazy_gettext("A digit is wrong or two are swapped. Check the card."),
    Reason.BANK_ACCOUNT: lazy_gettext(
        "A corporate account number has 9 to 32 digits. Copy it from the account permit."
    ),
}


class IdentifierError(ValueError):
    """A number that cannot be right. ``reason`` is stable, ``words`` are for the person who typed it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def words(self) -> LazyString:
        """The sentence that says how to mend the number, in the reader's language."""
        return REASON_WORDS[self.reason]


def normalise(text: str) -> str:
    """Full-width characters become plain, letters capital; spaces, hyphens and dots go."""
    return re.sub(r"[\s\-‐-―.]", "", unicodedata.normalize("NFKC", text)).upper()


# --- GB 11643 -------------------------------------------------------------------------------------

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
# First two digits in use: provinces, then 81/82/83 (residence permits) and 91 (foreign permanent residents).
_REGIONS = frozenset(
    [
        *(*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)),
        *(71, 81, 82, 83, 91),
    ]
)


@dataclass(frozen=True)
class PersonNumber:
    """An 18-character number after GB 11643 and what follows from it."""

    number: str
    birth_date: date
    sex: str  # "male" or "female"
    region_known: bool  # False is a hint for an officer, never a refusal: regions are split and renamed


def resident_id_check_character(first_17: str) -> str:
    """The 18th character for 17 digits (GB 11643, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def parse_resident_id(text: str, today: date) -> PersonNumber:
    """Check a resident identity number by its date and check character, never by its region.

    Raises ``IdentifierError``; a number with 15 digits (withdrawn since 2013) has a reason of its own.
    """
    number = normalise(text)
    if re.fullmatch(r"[0-9]{15}", number):
        raise IdentifierError(Reason.FIFTEEN_DIGITS)
    if not re.fullmatch(r"[0-9X]*", number) or "X" in number[:-1]:
        raise IdentifierError(Reason.CHARACTERS)
    if len(number) != 18:
        raise IdentifierError(Reason.LENGTH)
    birth_date = _birth_date(number[6:14], today)
    if number[17] != resident_id_check_character(number[:17]):
        raise IdentifierError(Reason.CHECK_DIGIT)
    return PersonNumber(
        number=number,
        birth_date=birth_date,
        sex="male" if int(number[16]) % 2 else "female",
        region_known=int(number[:2]) in _REGIONS,
    )


def _birth_date(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdentifierError(Reason.BIRTH_DATE) from None
    if born > today or today.year - born.year > OLDEST_AGE_YEARS:
        raise IdentifierError(Reason.BIRTH_DATE)
    return born


def parse_residence_permit(text: str, today: date) -> PersonNumber:
    """Residence permit of a Hong Kong, Macau or Taiwan resident: GB 11643 with region 81, 82 or 83."""
    number = normalise(text)
    if number[:2] not in {"81", "82", "83"}:
        raise IdentifierError(Reason.RESIDENCE_PERMIT)
    return parse_resident_id(number, today)


def parse_foreign_permanent_resident(text: str, today: date) -> str:
    """Foreign permanent resident: 18 digits from 9 on (after GB 11643), or 3 letters and 12 digits."""
    number = normalise(text)
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return number
    if len(number) != 18 or not number.startswith("9"):
        raise IdentifierError(Reason.FOREIGN_PERMANENT_RESIDENT)
    return parse_resident_id(number, today).number


# --- other documents of a person ------------------------------------------------------------------


def parse_passport(text: str) -> str:
    """A passport number of any country: 5 to 20 letters and digits."""
    return _matching(text, r"[A-Z0-9]{5,20}", Reason.PASSPORT)


def parse_travel_permit_hm(text: str) -> str:
    """Mainland travel permit of a Hong Kong or Macau resident: H or M and 8 or 10 digits."""
    return _matching(text, r"[HM](?:[0-9]{8}|[0-9]{10})", Reason.TRAVEL_PERMIT_HM)


def parse_travel_permit_tw(text: str) -> str:
    """Mainland travel permit of a Taiwan resident: 8 or 10 digits."""
    return _matching(text, r"[0-9]{8}|[0-9]{10}", Reason.TRAVEL_PERMIT_TW)


def parse_mobile(text: str) -> str:
    """A mainland mobile number, ``1[3-9]`` and 9 digits; a leading +86 is taken off."""
    number = normalise(text)
    if len(number) > 11:
        number = re.sub(r"^(?:\+|00)?86", "", number)
    return _matching(number, r"1[3-9][0-9]{9}", Reason.MOBILE)


def _matching(text: str, pattern: str, reason: Reason) -> str:
    number = normalise(text)
    if not re.fullmatch(pattern, number):
        raise IdentifierError(reason)
    return number


DOCUMENT_TYPES = (
    "resident_id",
    "residence_permit",
    "travel_permit_hm",
    "travel_permit_tw",
    "passport",
    "foreign_permanent_resident",
)
# Documents whose number holds the date of birth and the sex.
DATED_DOCUMENT_TYPES = frozenset({"resident_id", "residence_permit"})


def parse_document(document_type: str, text: str, today: date) -> str:
    """Check the number of one of ``DOCUMENT_TYPES`` and normalise it. Another type is a ``KeyError``."""
    if document_type == "resident_id":
        return parse_resident_id(text, today).number
    if document_type == "residence_permit":
        return parse_residence_permit(text, today).number
    if document_type == "foreign_permanent_resident":
        return parse_foreign_permanent_resident(text, today)
    return {
        "passport": parse_passport,
        "travel_permit_hm": parse_travel_permit_hm,
        "travel_permit_tw": parse_travel_permit_tw,
    }[document_type](text)


# --- GB 32100 -------------------------------------------------------------------------------------

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc_check_character(first_17: str) -> str:
    """The 18th character of a Unified Social Credit Code (GB 32100, MOD 31)."""
    total = sum(
        _USCC_ALPHABET.index(character) * weight for character, weight in zip(first_17, _USCC_WEIGHTS, strict=True)
    )
    return _USCC_ALPHABET[-total % 31]


def parse_uscc(text: str) -> str:
    """A Unified Social Credit Code; codes that start with a letter (N2…) are as good as any other."""
    code = _matching(text, f"[{_USCC_ALPHABET}]{{18}}", Reason.USCC_FORM)
    if code[17] != uscc_check_character(code[:17]):
        raise IdentifierError(Reason.USCC_CHECK)
    return code


# --- bank cards -----------------------------------------------------------------------------------


def luhn_ok(digits: str) -> bool:
    """True when the last digit is the Luhn check digit of the others."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def parse_bank_card(text: str) -> str:
    """A personal bank card: 16 to 19 digits with a Luhn check digit. (Corporate accounts have none.)"""
    digits = _matching(text, r"[0-9]{16,19}", Reason.BANK_CARD_LENGTH)
    if not luhn_ok(digits):
        raise IdentifierError(Reason.BANK_CARD_CHECK)
    return digits


def parse_bank_account(text: str) -> str:
    """A corporate account: 9 to 32 digits; banks give them no common check digit."""
    return _matching(text, r"[0-9]{9,32}", Reason.BANK_ACCOUNT)


# --- names ----------------------------------------------------------------------------------------

_DOTS = re.compile(r"(?<=[^\W\d_a-zA-Z])\s*[·•‧・･．.∙⋅]\s*(?=[^\W\d_a-zA-Z])")


def tidy_name(name: str) -> str:
    """One kind of dot between the parts of a name (阿依古丽·买买提), however it was typed; initials keep theirs."""
    return _DOTS.sub("·", name.strip())


# --- masks ----------------------------------------------------------------------------------------


def mask_name(name: str) -> str:
    """王小华 → 王*华, 张三 → 张*, 阿依古丽·买买提 → 阿*·买*, Anna Smith → A* S*."""
    parts = re.split(r"([·•・\s]+)", name.strip())
    if len(parts) > 1:
        return "".join(part if index % 2 else _first_and_star(part) for index, part in enumerate(parts))
    only = parts[0]
    if only.isascii() or len(only) <= 2:
        return _first_and_star(only)
    return only[0] + "*" * (len(only) - 2) + only[-1]


def _first_and_star(part: str) -> str:
    return part[:1] + "*" if part else ""


def mask_document_number(number: str) -> str:
    """Keeps the first 3 and the last 2 characters of a long number, the last 2 of a short one."""
    return _mask(number, 3 if len(number) >= 12 else 0, 2)


def mask_bank_card(number: str) -> str:
    """Keeps the last 4 digits."""
    return _mask(number, 0, 4)


def mask_mobile(number: str) -> str:
    """13912345678 → 139****5678."""
    return _mask(number, 3, 4)


def _mask(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
