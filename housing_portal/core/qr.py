"""QR codes, as vector for pages and as 1-bit PNG for papers."""

from __future__ import annotations

import io
from base64 import b64encode

import segno


def svg_data_url(content: str) -> str:
    """An image source for a page: dark modules on white, with the quiet zone, also in dark mode."""
    code = segno.make(content, error="m", micro=False)
    url: str = code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    return url


def png_data_url(content: str) -> str:
    """An image source for a paper: 1-bit PNG with the quiet zone; a PDF takes it faster than a vector."""
    stream = io.BytesIO()
    segno.make(content, error="m", micro=False).save(stream, kind="png", scale=8, border=4)
    return "data:image/png;base64," + b64encode(stream.getvalue()).decode()
