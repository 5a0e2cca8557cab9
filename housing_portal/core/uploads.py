"""The trusted half of uploads: hands the bytes to ``filecheck`` and puts its answer into words."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

CHECKER = Path(__file__).with_name("filecheck.py")
SECONDS = 15

REASONS: dict[str, LazyString] = {
    "empty": _l("The file is empty. Choose it again, or scan the document once more."),
    "type": _l("This is not a PDF, JPEG, PNG or HEIC file, whatever its name says. Save or scan it as one of these."),
    "encrypted": _l(
        "The PDF is protected by a password, so nobody here can read it. Save a copy without the password."
    ),
    "damaged": _l("The file is damaged and cannot be opened. Save or scan it again."),
    "too_many_pages": _l("The PDF has more than 100 pages. Keep only the pages that are asked for."),
    "too_many_pixels": _l(
        "The picture has more than 64 megapixels. Take it again with a normal setting of the camera."
    ),
    "too_large_inside": _l("The file unpacks to far more than it should. Save or scan it again."),
    "too_long": _l("The file took too long to read. Save or scan it again, with fewer pages."),
    "too_large": _l("The file is larger than 10 MB. Scan it with a lower resolution, or split it."),
    "pdf_only": _l("This document is needed as the PDF that the office or website issued, not as a picture."),
    "picture_only": _l("This document is needed as a picture: JPEG, PNG or HEIC."),
    "page": _l("There is no such page."),
}


class FileRefused(Exception):
    """The file is not taken. ``sentence`` says why and how to mend it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return str(REASONS.get(self.reason, REASONS["damaged"]))


@dataclass(frozen=True)
class CleanFile:
    """A document that was parsed and written anew."""

    data: bytes
    media_type: str
    pages: int
    removed: tuple[str, ...]


def clean(data: bytes) -> CleanFile:
    """The safe form of an upload. Raises FileRefused."""
    about, safe = _ask(data, "clean")
    return CleanFile(safe, str(about["media_type"]), int(about["pages"]), tuple(about["removed"]))


def page_picture(data: bytes, number: int) -> bytes:
    """Page ``number`` (from 1) of a cleaned file as JPEG. Raises FileRefused."""
    return _ask(data, "page", str(number))[1]


def _ask(data: bytes, *arguments: str) -> tuple[dict[str, Any], bytes]:
    try:
        done = subprocess.run(  # noqa: S603 - our own program, fixed arguments
            [sys.executable, "-I", str(CHECKER), *arguments],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("too_long") from error
    head, _, safe = done.stdout.partition(b"\n")
    if done.returncode < 0:
        raise FileRefused("too_long" if -done.returncode in (9, 24) else "too_large_inside")
    if done.returncode != 0 or not head:
        raise FileRefused("damaged")
    about = json.loads(head)
    if not about["ok"]:
        raise FileRefused(about["reason"])
    return about, safe
