"""Files by their content: the name is the SHA-256, so nothing is overwritten and nothing doubles.

A file is written under a temporary name, flushed to the disk, renamed, and its folder flushed too,
before the answer that promises it. Content is encrypted at rest like the personal columns.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from flask import current_app

from housing_portal.core.crypto import sha256_hex, vault


class FileMissing(Exception):
    """A recorded file is not in the store."""


def _path(sha256: str) -> Path:
    root: Path = current_app.config["SETTINGS"].storage_dir
    return root / sha256[:2] / sha256[2:4] / sha256


def put(data: bytes) -> str:
    """Keep the bytes; returns their SHA-256. Durable when it returns."""
    digest = sha256_hex(data)
    path = _path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(vault().seal(data))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest


def get(sha256: str) -> bytes:
    """The bytes. Raises FileMissing."""
    try:
        return vault().open(_path(sha256).read_bytes())
    except FileNotFoundError as error:
        raise FileMissing(sha256) from error
