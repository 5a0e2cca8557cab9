"""QR codes, as vector for pages and as 1-bit PNG for papers."""

from __future__ import annotations

import segno


def svg_data_url(content: str) -> str:
    """An image source for a page: dark modules on white, with the quiet zone, also in dark mode."""
    code = segno.make(content, error="m", micro=False)
    url: str = code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    return url
