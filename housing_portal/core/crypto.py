"""Encryption of personal columns (AES-256-GCM, key ring) and keyed hashes for looking equal values up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12


class UnknownKey(Exception):
    """A value was encrypted with a key that is no longer in the ring."""


class Vault:
    """Encrypts with the first key of the ring, decrypts with any."""

    def __init__(self, ring: dict[str, bytes], look_up_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in ring.items()}
        self._current = next(iter(ring))
        self._look_up_key = look_up_key

    def seal(self, plain: bytes) -> bytes:
        """``key id NUL nonce ciphertext``; the key id is authenticated too."""
        key_id = self._current.encode()
        nonce = os.urandom(NONCE_BYTES)
        return key_id + b"\0" + nonce + self._ciphers[self._current].encrypt(nonce, plain, key_id)

    def open(self, sealed: bytes) -> bytes:
        """The plain bytes. Raises UnknownKey, or InvalidTag when the value was altered."""
        key_id, _, rest = sealed.partition(b"\0")
        cipher = self._ciphers.get(key_id.decode())
        if cipher is None:
            raise UnknownKey(key_id.decode())
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], key_id)

    def keyed_hash(self, kind: str, value: str) -> str:
        """Equal values of one kind give equal hashes; without the key nobody can try numbers out."""
        message = f"{kind}\0{value.strip().upper()}".encode()
        return base64.urlsafe_b64encode(hmac.digest(self._look_up_key, message, hashlib.sha256)).decode().rstrip("=")


def vault() -> Vault:
    """The application's key ring."""
    held: Vault = current_app.extensions["vault"]
    return held


def keyed_hash(kind: str, value: str) -> str:
    """See :meth:`Vault.keyed_hash`."""
    return vault().keyed_hash(kind, value)


class EncryptedText(TypeDecorator[str]):
    """A text column that only the portal can read."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault().seal(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else vault().open(bytes(value)).decode()


class EncryptedJSON(TypeDecorator[Any]):
    """A JSON column that only the portal can read. Assign a new value to change it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return vault().seal(json.dumps(value, ensure_ascii=False, sort_keys=True).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(vault().open(bytes(value)))


def canonical_json(value: Any) -> bytes:
    """One byte sequence for one value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()
