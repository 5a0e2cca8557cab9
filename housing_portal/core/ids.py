"""Identifiers that cannot be guessed: 130 random bits in Crockford's base32 (no I, L, O, U)."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26


def new_reference() -> str:
    """A fresh 26-character reference; 130 bits of randomness."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise_reference(typed: str) -> str:
    """What a person typed or read aloud, as it is stored: no separators, look-alikes mended."""
    compact = "".join(typed.upper().split()).replace("-", "")
    return compact.translate(str.maketrans("ILO", "110"))


def grouped(reference: str) -> str:
    """The reference in groups of five for reading and typing; the last takes the 26th character too."""
    whole = len(reference) - len(reference) % 5
    groups = [reference[i : i + 5] for i in range(0, whole, 5)]
    groups[-1] += reference[whole:]
    return "-".join(groups)
