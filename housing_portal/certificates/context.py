"""What a paper says, as plain data: text in both languages, no row, no markup.

Pure: the same case gives the same content. Values that would not fit on the one page of a certificate are
named here, before anything is numbered or drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from housing_portal.casework.queries import CaseForPaper
from housing_portal.certificates.models import CERTIFICATE, RECEIPT, REFUSAL
from housing_portal.certificates.rules import granted_period
from housing_portal.core.clock import local
from housing_portal.core.identifiers import mask_document_number
from housing_portal.core.ids import grouped
from housing_portal.core.money import to_fen, yuan_in_words_zh
from housing_portal.core.pdf import missing_glyphs

Text = dict[str, str]  # {"zh": …, "en": …}

MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ID_LABELS: dict[str, Text] = {
    "resident_id": {"zh": "公民身份号码", "en": "Resident identity number"},
    "residence_permit": {"zh": "港澳台居民居住证号码", "en": "Residence permit number"},
    "travel_permit_hm": {"zh": "港澳居民来往内地通行证号码", "en": "Mainland travel permit number"},
    "travel_permit_tw": {"zh": "台湾居民来往大陆通行证号码", "en": "Mainland travel permit number"},
    "passport": {"zh": "护照号码", "en": "Passport number"},
    "foreign_permanent_resident": {"zh": "外国人永久居留身份证号码", "en": "Permanent resident card number"},
    "uscc": {"zh": "统一社会信用代码", "en": "Unified Social Credit Code"},
}
_QUOTES = str.maketrans("‘’“”", "''\"\"")
# What the page of a certificate holds, in half-width characters (a Han character counts two).
CERTIFICATE_LIMITS: dict[str, dict[str, int]] = {
    "title": {"zh": 32, "en": 56},
    "office": {"zh": 72, "en": 104},
    "district": {"zh": 60, "en": 60},
    "scheme": {"zh": 76, "en": 86},
    "legal_basis": {"zh": 152, "en": 250},
    "benefit": {"zh": 170, "en": 190},
}
LONGEST_NAME = 120
LONGEST_NUMBER = 60


class PaperTooLong(ValueError):
    """A value does not fit on the page; the message names it, its length and the limit."""


@dataclass(frozen=True)
class Stamp:
    """What the act of issuing adds to the case."""

    serial: str
    code: str
    verify_url: str
    issued_at: datetime
    sample: bool


def width(text: str) -> int:
    """Half-width characters that a text takes: a Han character or full-width sign counts two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def day(value: date) -> Text:
    """2026年3月1日 and 1 March 2026."""
    return {
        "zh": f"{value.year}年{value.month}月{value.day}日",
        "en": f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}",
    }


def moment(value: datetime) -> Text:
    """The city's date and time, to the minute."""
    here = local(value)
    clock = f"{here:%H:%M}"
    written = day(here.date())
    return {"zh": f"{written['zh']} {clock}（北京时间）", "en": f"{written['en']}, {clock} (Beijing time)"}


def build(kind: str, case: CaseForPaper, stamp: Stamp) -> dict[str, Any]:
    """The content of a paper. Raises PaperTooLong for a certificate that would not fit on its page."""
    makers: dict[str, Callable[[CaseForPaper], dict[str, Any]]] = {
        CERTIFICATE: _certificate,
        REFUSAL: _refusal,
        RECEIPT: _receipt,
    }
    return plain_quotes(_common(case, stamp) | makers[kind](case))


def plain_quotes(value: Any, english: bool = False) -> Any:
    """English texts with straight quotes: a Chinese typeface sets curly ones a full character wide."""
    if isinstance(value, dict):
        return {key: plain_quotes(part, english or key == "en") for key, part in value.items()}
    if isinstance(value, list):
        return [plain_quotes(part, english) for part in value]
    return value.translate(_QUOTES) if english and isinstance(value, str) else value


def _common(case: CaseForPaper, stamp: Stamp) -> dict[str, Any]:
    return {
        "serial": stamp.serial,
        "code": stamp.code,
        "code_grouped": grouped(stamp.code),
        "verify_url": stamp.verify_url,
        "issued": day(local(stamp.issued_at).date()),
        "sample": stamp.sample,
        "reference": grouped(case.reference),
        "office": case.office,
        "district": case.district_name,
        "scheme_code": case.scheme_code,
        "scheme": case.scheme_title,
        "legal_basis": case.legal_basis,
        "holder": _holder(case),
        "submitted": moment(case.submitted_at),
    }


def _holder(case: CaseForPaper) -> dict[str, Any]:
    """The person or company. A company's code is public; a person's number is masked."""
    company = case.id_type == "uscc"
    return {
        "name": case.holder_name,
        "unprintable": [f"U+{ord(character):04X}" for character in missing_glyphs(case.holder_name)],
        "id_label": ID_LABELS.get(case.id_type, {"zh": "证件号码", "en": "Document number"}),
        "id_number": case.id_number if company else mask_document_number(case.id_number),
        "company": company,
    }


def _certificate(case: CaseForPaper) -> dict[str, Any]:
    _check_fits(case)
    valid_from, valid_to = granted_period(case.first_month, case.months)
    return {
        "title": case.certificate_title,
        "fair_competition_review_no": case.fair_competition_review_no,
        "amount": _amount(case),
        "period": _period(valid_from, valid_to, case.months),
        "benefit_lines": case.benefit_lines,
        "decided": day(local(case.decided_at).date()) if case.decided_at else None,
    }


def _check_fits(case: CaseForPaper) -> None:
    _check_width("holder_name", case.holder_name, LONGEST_NAME)
    _check_width("fair_competition_review_no", case.fair_competition_review_no or "", LONGEST_NUMBER)
    for language in ("zh", "en"):
        texts = {
            "office": case.office[language],
            "district": case.district_name[language],
            "scheme": case.scheme_title[language],
            "title": case.certificate_title[language],
            "legal_basis": case.legal_basis[language],
        }
        if case.amount_month is None:
            texts["benefit"] = "".join(line[language] for line in case.benefit_lines)
        for field, text in texts.items():
            _check_width(f"{field}.{language}", text, CERTIFICATE_LIMITS[field][language])


def _check_width(field: str, text: str, limit: int) -> None:
    if width(text) > limit:
        raise PaperTooLong(f"{field} takes {width(text)} columns, {limit} fit")


def _amount(case: CaseForPaper) -> dict[str, str] | None:
    """Yuan a month, always to the fen, and in words; None when the benefit is not paid by the month."""
    if case.amount_month is None:
        return None
    return {
        "figures": f"{to_fen(case.amount_month):,.2f}",
        "words": yuan_in_words_zh(case.amount_month),
    }


def _period(valid_from: date | None, valid_to: date | None, months: int | None) -> dict[str, Any] | None:
    if valid_from is None or valid_to is None:
        return None
    return {"from": day(valid_from), "to": day(valid_to), "months": months}


def _refusal(case: CaseForPaper) -> dict[str, Any]:
    return {
        "decided": day(local(case.decided_at).date()) if case.decided_at else None,
        "reasons": case.reasons,
        "remark": case.remark,
    }


def _receipt(case: CaseForPaper) -> dict[str, Any]:
    return {
        "submission_number": case.submission_number,
        "submission_sha256": case.submission_sha256,
        "documents": case.document_names,
        "next_actor": case.next_actor,
        "next_due": day(case.next_due) if case.next_due else None,
    }
