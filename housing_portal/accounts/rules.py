"""Pure rules about passwords (NIST 800-63B: length and a block list, no composition rules)."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

SHORTEST = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 128
BLOCK_LIST = Path(__file__).parent / "data" / "blocked_passwords.txt"


def normalise(password: str) -> str:
    """The same characters however the keyboard composed them."""
    return unicodedata.normalize("NFKC", password)


@cache
def _blocked() -> frozenset[str]:
    return frozenset(BLOCK_LIST.read_text("utf-8").split())


def _without_repeats(password: str) -> str:
    for size in range(1, len(password) // 2 + 1):
        if len(password) % size == 0 and password == password[:size] * (len(password) // size):
            return password[:size]
    return password


def is_guessable(password: str, *own_words: str) -> bool:
    """Whether it is on the block list, repeats one piece, or is the person's own name or address."""
    plain = normalise(password).lower()
    core = _without_repeats(plain)
    if core in _blocked() or plain in _blocked() or len(core) < 4:
        return True
    run = "".join(chr(ord(plain[0]) + offset) for offset in range(len(plain)) if ord(plain[0]) + offset < 0x110000)
    return plain == run or any(word and plain == word.lower() for word in own_words)
