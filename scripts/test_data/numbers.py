"""Numbers with right check digits that nobody was ever given."""

from __future__ import annotations

from datetime import date

from housing_portal.core.identifiers import luhn_ok, resident_id_check_character, uscc_check_character

CITY = ("500901", "500902", "500903", "500904", "500905")
# Province codes with a county that does not exist.
ELSEWHERE = ("119990", "329991", "339992", "419993", "519994", "619995", "659996")
PERMITS = {"hong_kong": "819990", "macau": "829991", "taiwan": "839992"}


def resident_id(region: str, born: date, female: bool, serial: int) -> str:
    """18 characters after GB 11643; the 17th digit is even for women."""
    sequence = (serial * 2 + (0 if female else 1)) % 1000
    first = f"{region}{born:%Y%m%d}{sequence:03d}"
    return first + resident_id_check_character(first)


def foreign_permanent_resident(born: date, female: bool, serial: int) -> str:
    """18 digits that start with 9."""
    return resident_id("999840", born, female, serial)


def uscc(kind: str, district: str, serial: int) -> str:
    """18 characters after GB 32100. ``kind`` is the first two: 91 a company, N2 a co-operative, …"""
    first = f"{kind}{district}MA{serial:07X}"
    return first + uscc_check_character(first)


def bank_card(serial: int, length: int = 19) -> str:
    """A card with a Luhn check digit; 6299 99 belongs to no bank."""
    first = f"629999{serial:0{length - 7}d}"
    return next(first + digit for digit in "0123456789" if luhn_ok(first + digit))


def mobile(serial: int) -> str:
    """A mainland mobile number."""
    return f"1990000{serial:04d}"
