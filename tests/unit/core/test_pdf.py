"""The layout engine's door: nothing but data and our fonts passes."""

import contextlib
import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from housing_portal.core import pdf

CANARY = "canary-7f3a"


class Listener:
    """A server that answers everything and counts who came."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(CANARY)
    return path


def render(html: str = "<p>x</p>", css: str = "", **options: object) -> bytes:
    return pdf.render(html, css, title="标题 & <title>", language="zh-Hans", **options)  # type: ignore[arg-type]


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


HTML_CANARIES = [
    '<img src="{url}">',
    '<img src="{url}#x" alt="a">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<style>@import "{url}";</style>',
    "<style>@import url({url});</style>",
    '<style>p{{background:url("{url}")}}</style><p>x</p>',
    '<p style="background-image:url({url})">x</p>',
    "<style>p::before{{content:url({url})}}</style><p>x</p>",
    '<ul style="list-style-image:url({url})"><li>x</li></ul>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
]
CSS_CANARIES = [
    '@import "{url}";',
    "@import url({url}) print;",
    "@page{{background:url({url})}}",
    "p{{background:url({url})}}",
    "p::before{{content:url({url})}}",
    "p{{border-image-source:url({url})}}",
    "@font-face{{font-family:x;src:url({url})}}",
    "@color-profile --x{{src:url({url})}}",
]


@pytest.mark.parametrize("html", HTML_CANARIES)
def test_html_reaches_no_file(html: str, secret: Path) -> None:
    with pytest.raises(pdf.ForbiddenResource):
        render(html.format(url=secret.as_uri()))


@pytest.mark.parametrize("html", HTML_CANARIES)
def test_html_reaches_no_network(html: str, listener: Listener) -> None:
    with pytest.raises(pdf.ForbiddenResource):
        render(html.format(url=f"http://127.0.0.1:{listener.port}/x"))
    assert listener.visits == 0


@pytest.mark.parametrize("css", CSS_CANARIES)
def test_css_reaches_no_file(css: str, secret: Path) -> None:
    with pytest.raises(pdf.ForbiddenResource):
        render(css=css.format(url=secret.as_uri()))


@pytest.mark.parametrize("css", CSS_CANARIES)
def test_css_reaches_no_network(css: str, listener: Listener) -> None:
    with pytest.raises(pdf.ForbiddenResource):
        render(css=css.format(url=f"http://127.0.0.1:{listener.port}/x"))
    assert listener.visits == 0


@pytest.mark.parametrize(
    "address",
    [
        "x.png",
        "/etc/passwd",
        "//127.0.0.1/x",
        "FILE:///etc/passwd",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/",
        "jar:file:///etc/passwd",
        "portal-font:../../../config.py",
        "portal-font:PortalSans-Regular.ttf",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(pdf.ForbiddenResource):
        render(f'<img src="{address}">')


def test_a_style_inside_a_picture_reaches_no_network(listener: Listener) -> None:
    """The engine ignores such an import today; should it learn to follow it, it meets our fetcher."""
    url = f"http://127.0.0.1:{listener.port}/x"
    render(f'<svg xmlns="http://www.w3.org/2000/svg"><style>@import "{url}";</style><rect width="9"/></svg>')
    assert listener.visits == 0


def test_a_system_font_is_not_read_by_its_file() -> None:
    """local() gives the engine a file: address when the system has that font; our fetcher has no files."""
    css = '@font-face{font-family:x;src:local("DejaVu Sans")}p{font-family:x,"Portal Sans"}'
    with contextlib.suppress(pdf.ForbiddenResource):
        assert fonts_of(render(css=css)) == {"Portal-Sans"}


def test_xml_entities_in_a_picture_stay_unread(secret: Path) -> None:
    svg = (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">&x;</text></svg>'
    )
    encoded = "".join(f"%{byte:02x}" for byte in svg.encode())
    data = render(f'<p>before</p><img src="data:image/svg+xml,{encoded}">')
    assert CANARY not in text_of(data)
    assert "before" in text_of(data)


def test_a_picture_inside_a_picture_is_refused(secret: Path) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{secret.as_uri()}" width="9"/></svg>'
    encoded = "".join(f"%{byte:02x}" for byte in svg.encode())
    with pytest.raises(pdf.ForbiddenResource):
        render(f'<img src="data:image/svg+xml,{encoded}">')


def test_nothing_is_attached(secret: Path) -> None:
    data = render(f'<a rel="attachment" href="data:text/plain,{CANARY}">x</a>')
    with opened_pdf(data) as opened:
        assert not opened.attachments


def opened_pdf(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def fonts_of(data: bytes) -> set[str]:
    with opened_pdf(data) as opened:
        fonts = [obj for obj in opened.objects if isinstance(obj, pikepdf.Dictionary) and "/FontFile2" in obj]
        return {str(font.FontName).split("+")[-1] for font in fonts}


def test_presentational_hints_are_off() -> None:
    """CVE-2026-49452 came through them; a background attribute must mean nothing."""
    assert text_of(render('<table background="file:///etc/passwd"><tr><td>x</td></tr></table>')).strip() == "x"


def test_tagged_titled_and_in_chinese() -> None:
    with opened_pdf(render("<h1>一</h1><p>二</p>")) as opened:
        assert opened.Root.MarkInfo.Marked is True or str(opened.Root.MarkInfo.Marked) == "true"
        assert str(opened.Root.Lang) == "zh-Hans"
        assert str(opened.docinfo.Title) == "标题 & <title>"
        assert "StructTreeRoot" in str(opened.Root.keys())
        assert b"pdfuaid" in opened.Root.Metadata.read_bytes()


def test_a_second_page_is_refused_when_one_is_allowed() -> None:
    page = '<p style="break-after:page">x</p>'
    assert render(page + "<p>y</p>", pages=2)
    with pytest.raises(pdf.TooManyPages):
        render(page + "<p>y</p>", pages=1)


def test_missing_glyphs() -> None:
    assert pdf.missing_glyphs("犇赟珺𠮷喆堃 José·Ⅷ\n") == ""
    assert pdf.missing_glyphs("王𭎂𭎂明") == "𭎂"
    assert pdf.missing_glyphs("王𠮷", "serif-regular") == "𠮷"


def test_not_ready_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "harfbuzz_subset", None)
    with pytest.raises(pdf.NotReady, match="apt install --no-install-recommends libpangoft2"):
        pdf.check_ready()
    with pytest.raises(pdf.NotReady):
        render()
