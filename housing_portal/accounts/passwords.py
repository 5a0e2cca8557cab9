"""Hashing of passwords: argon2id, with as many hashes at once as there are cores."""

from __future__ import annotations

import os
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from housing_portal.accounts.rules import normalise

# 19 MiB, two passes: OWASP's figure. It costs 21 ms; the library's default stalls both cores of a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_cores = threading.BoundedSemaphore(os.cpu_count() or 1)


def hash_password(password: str) -> str:
    """The hash to keep."""
    with _cores:
        return _hasher.hash(normalise(password))


_SPARE = hash_password("nobody's password, so that an unknown address costs the same time")


def verify_password(kept: str | None, password: str) -> bool:
    """Whether it is the password; takes the same time when there is no account."""
    with _cores:
        try:
            return _hasher.verify(kept or _SPARE, normalise(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False
