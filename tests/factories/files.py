"""Small real files."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image


def pdf(pages: int = 1, text: str = "") -> bytes:
    """A valid PDF with blank pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    if text:
        document.docinfo["/Title"] = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, colour: str = "beige") -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()
