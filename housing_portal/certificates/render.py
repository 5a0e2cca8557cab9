"""A paper's content to a PDF. The templates are ours and see plain data only; every value is escaped."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from housing_portal.certificates.art import certificate_background, star_image
from housing_portal.certificates.context import width
from housing_portal.certificates.models import CERTIFICATE, RECEIPT, REFUSAL
from housing_portal.core import pdf
from housing_portal.core.qr import png_data_url

FOLDER = Path(__file__).resolve().parent / "papers"
TITLES = {
    CERTIFICATE: {"zh": "资格证书", "en": "Certificate of Eligibility"},
    REFUSAL: {"zh": "审核结果通知书", "en": "Notice of Result"},
    RECEIPT: {"zh": "回执", "en": "Receipt"},
}
SHEETS = {
    CERTIFICATE: ("common", "certificate"),
    REFUSAL: ("common", "letter", "refusal"),
    RECEIPT: ("common", "letter", "receipt"),
}
PAGES = {CERTIFICATE: 1, REFUSAL: None, RECEIPT: None}
# Largest width of a name in half-width characters → the size of its letters on the certificate.
NAME_SIZES = {12: "xl", 20: "l", 34: "m", 60: "s", 120: "xs"}
# The same of the title, which leaves room for the mark of a sample.
TITLE_SIZES = {16: "l", 20: "m", 32: "s"}

_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RUN = re.compile(r"[0-9A-Za-z¥%][0-9A-Za-z¥%.,:/+\-]*")


def spaced(text: str) -> Markup:
    """Escape, and set Latin words and digits off from the Han characters around them by a hair.

    The room is a margin, not a character: copied text stays as it was written.
    """
    pieces, last = [], 0
    for run in _RUN.finditer(text):
        sides = [
            side
            for side, neighbour in (
                ("l", text[run.start() - 1 : run.start()]),
                ("r", text[run.end() : run.end() + 1]),
            )
            if _HAN.match(neighbour)
        ]
        if sides:
            pieces += [escape(text[last : run.start()])]
            pieces += [Markup('<span class="gap-{}">{}</span>').format("".join(sides), run.group())]
            last = run.end()
    return Markup("").join([*pieces, escape(text[last:])])


def name_size(name: str) -> str:
    """The size class at which a name fits on the certificate; two lines for the longest."""
    return next((size for limit, size in NAME_SIZES.items() if width(name) <= limit), "xs")


def title_size(title: str) -> str:
    """The size class at which a Chinese title stays on one line of the certificate."""
    return next((size for limit, size in TITLE_SIZES.items() if width(title) <= limit), "s")


def name_face(name: str) -> str:
    """The serif when it has every character of the name; else the sans, which has more of them."""
    return "sans" if pdf.missing_glyphs(name, "serif-regular") else "serif"


@lru_cache(maxsize=1)
def _templates() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"spaced": spaced, "name_face": name_face}
    environment.filters |= {"name_size": name_size, "title_size": title_size}
    return environment


@lru_cache(maxsize=len(TITLES))
def _css(kind: str) -> str:
    parts = [(FOLDER / f"{name}.css").read_text("utf-8") for name in SHEETS[kind]]
    parts.append(f".star{{background-image:url({star_image()})}}")
    if kind == CERTIFICATE:
        parts.append(f"@page{{background-image:url({certificate_background()})}}")
    return "".join(parts)


def render(kind: str, content: dict[str, Any]) -> bytes:
    """The PDF of a paper's content. Raises core.pdf.TooManyPages when a certificate needs a second page.

    A certificate is set generously; one with long texts is set again, closer, before it is given up.
    """
    try:
        return _lay_out(kind, content, dense=False)
    except pdf.TooManyPages:
        return _lay_out(kind, content, dense=True)


def _lay_out(kind: str, content: dict[str, Any], *, dense: bool) -> bytes:
    title = content.get("title") or TITLES[kind]  # a certificate bears that of its scheme
    qr = png_data_url(content["verify_url"])
    template = _templates().get_template(f"{kind}.html")
    return pdf.render(
        template.render(**(content | {"title": title}), qr=qr, dense=dense),
        _css(kind),
        title=f"{title['zh']} {title['en']} {content['serial']}",
        language="zh-Hans",
        pages=PAGES[kind],
    )
