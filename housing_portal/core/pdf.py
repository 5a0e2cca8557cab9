"""HTML to PDF: the only door to the layout engine, and a narrow one.

Whatever a document asks for, the engine reaches neither the file system nor the network: its fetcher has
no way to open anything. It knows ``data:`` addresses and the portal's own fonts, by a fixed list of names.
An address outside of that stops the rendering, because a page that asks for one is a mistake or an attack.
WeasyPrint's own fetcher would follow ``file:`` and ``http:`` (CVE-2025-68616, GHSA-jf6q-chmf-3h3v), and a
style sheet built without a fetcher keeps doing so; therefore the document *and* every style sheet get ours.

Fonts are read once per process and style sheets parsed once; laying a page out takes about 100 ms.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.request import DataHandler, Request

from fontTools.ttLib import TTFont

try:
    import weasyprint
    from weasyprint.text.ffi import harfbuzz_subset
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse
except OSError:  # Pango is not installed: pages are served all the same, papers wait
    harfbuzz_subset = None

FONT_FOLDER = Path(__file__).resolve().parent.parent / "static" / "fonts" / "pdf"
FONT_SCHEME = "portal-font:"
# Address after the scheme → file, family, weight. Portal Sans Regular has every Han character there is here.
FONTS = {
    "sans-regular": ("PortalSans-Regular.ttf", "Portal Sans", 400),
    "sans-bold": ("PortalSans-Bold.ttf", "Portal Sans", 700),
    "serif-regular": ("PortalSerif-Regular.ttf", "Portal Serif", 400),
    "serif-bold": ("PortalSerif-Bold.ttf", "Portal Serif", 700),
}
FONT_FACES = "".join(
    f'@font-face{{font-family:"{family}";font-weight:{weight};src:url({FONT_SCHEME}{key})}}'
    for key, (_file, family, weight) in FONTS.items()
)
APT_LINE = "apt install --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"
# Relative addresses are resolved against this, so that they reach the fetcher and are refused loudly.
BASE = "document:"
# ISO 14289-1 (PDF/UA-1): tagged, with language and a title that the reader shows.
VARIANT = "pdf/ua-1"


class NotReady(RuntimeError):
    """The system lacks a library without which papers take a minute each or cannot be made."""


class ForbiddenResource(ValueError):
    """The document asked for something that is neither in it nor one of our fonts."""


class TooManyPages(ValueError):
    """The content does not fit on the pages that the paper has."""


class _Fetcher:
    """Answers ``data:`` and the fonts of the list; for anything else there is nothing here that could."""

    _fail_on_errors = True  # the engine asks: a failed fetch ends the rendering

    def __init__(self) -> None:
        self.refused: list[str] = []  # inside a picture the engine swallows every failure, so they are noted

    def __call__(self, url: str) -> Any:
        scheme, _, rest = url.partition(":")
        if f"{scheme}:" == FONT_SCHEME and rest in FONTS:
            return URLFetcherResponse(url, font_path(rest).read_bytes(), {"Content-Type": "font/ttf"})
        if scheme.lower() == "data":
            answer = DataHandler().data_open(Request(url))  # noqa: S310 - decodes the address, opens nothing
            return URLFetcherResponse(url, answer.read(), answer.headers)
        self.refused.append(url[:200])
        raise ForbiddenResource(self.refused[-1])


class _Press:
    """What a process keeps between documents: the fonts and the parsed style sheets."""

    def __init__(self) -> None:
        self.fonts = FontConfiguration()
        self.faces = self.sheet(FONT_FACES)
        self.room_sheet = lru_cache(maxsize=16)(self.sheet)

    def sheet(self, css: str) -> Any:
        """Parse a style sheet, with our fetcher: ``@import`` is refused like any other address."""
        return weasyprint.CSS(string=css, base_url=BASE, font_config=self.fonts, url_fetcher=_Fetcher())


@lru_cache(maxsize=1)
def _press() -> _Press:
    return _Press()


_one_at_a_time = Lock()  # Pango's font map belongs to one thread at a time


def render(html: str, css: str, *, title: str, language: str, pages: int | None = None) -> bytes:
    """Lay out ``html`` (the content of the body, escaped already) as a tagged PDF/UA-1 document.

    ``language`` is a BCP 47 tag; Chinese needs ``zh-Hans``, or glyphs come out in their Japanese form.
    ``pages`` is how many pages the paper may have; None lets it flow.
    Raises ForbiddenResource, TooManyPages, and NotReady on a system without the libraries.
    """
    check_ready()
    source = (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body>{html}</body></html>"
    )
    fetcher = _Fetcher()
    with _one_at_a_time:
        try:
            press = _press()
            document = weasyprint.HTML(string=source, base_url=BASE, url_fetcher=fetcher).render(
                font_config=press.fonts,
                stylesheets=[press.faces, press.room_sheet(css)],
                presentational_hints=False,
                pdf_variant=VARIANT,
            )
            if pages is not None and len(document.pages) > pages:
                raise TooManyPages(f"{len(document.pages)} pages, {pages} are allowed")
            pdf: bytes = document.write_pdf(pdf_variant=VARIANT)
        except FatalURLFetchingError as error:
            raise ForbiddenResource(str(error)) from error
    if fetcher.refused:
        raise ForbiddenResource(fetcher.refused[0])
    return pdf


def check_ready() -> None:
    """Raises NotReady, with the line that mends it, when a system library is missing.

    Without libharfbuzz-subset the engine falls back to a way that is fifty times slower (13 s a page).
    """
    if harfbuzz_subset is None:
        raise NotReady(f"papers cannot be made on this system: {APT_LINE}")


def font_path(key: str) -> Path:
    """The file of one of ``FONTS``."""
    return FONT_FOLDER / FONTS[key][0]


@lru_cache(maxsize=len(FONTS))
def _covered(key: str) -> frozenset[int]:
    with TTFont(font_path(key), lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def missing_glyphs(text: str, font: str = "sans-regular") -> str:
    """The characters of ``text`` that the font would print as a box, each once, in order.

    White space and line breaks need no glyph. ``font`` is a key of ``FONTS``.
    """
    covered = _covered(font)
    return "".join(dict.fromkeys(c for c in text if ord(c) not in covered and not c.isspace()))
