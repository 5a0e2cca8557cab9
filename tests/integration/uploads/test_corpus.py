"""What becomes of every kind of file: refused with a reason, or written anew so that nothing of it acts any more."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from housing_portal.core import filecheck, uploads
from housing_portal.core.uploads import FileRefused
from tests.factories import hostile_files as made
from tests.factories.hostile_files import CANARY, annotation_with, pdf_with, picture, png_of

SLOWEST_SECONDS = 10
MOST_MEGABYTES = 400
ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|EF|Filespec|XFA|AcroForm|Widget|RichMedia|AA|OpenAction"
    rb"|SubmitForm|ImportData|GoToR|GoToE|URI|Movie|Sound|Rendition|Collection|AF|PieceInfo|Annots)\b|passwd"
)


@dataclass(frozen=True)
class Sent:
    """A file of the corpus. ``becomes``: pdf, jpeg, or the reason of its refusal. ``told``: what was taken out."""

    name: str
    make: Callable[[], bytes]
    becomes: str
    told: tuple[str, ...] = ()


def _cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def _uri() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://evil.example/" + CANARY.decode()))


def _elsewhere(kind: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name("/" + kind), F=pikepdf.String(CANARY.decode()), D=[0, pikepdf.Name.Fit])


CORPUS = (
    # Not a document at all, whatever the name says.
    Sent("empty", lambda: b"", "empty"),
    Sent("one byte", lambda: b"%", "type"),
    Sent("blanks", lambda: b" " * 2000, "type"),
    Sent("windows program", lambda: b"MZ\x90\0" + bytes(2000), "type"),
    Sent("linux program", lambda: b"\x7fELF" + bytes(2000), "type"),
    Sent("shell script", lambda: b"#!/bin/sh\nrm -rf /\n", "type"),
    Sent("php", lambda: b"<?php system($_GET['c']); ?>", "type"),
    Sent("html", lambda: made.HTML, "type"),
    Sent("svg", lambda: made.SVG, "type"),
    Sent("svg with a byte order mark", lambda: b"\xef\xbb\xbf" + made.SVG, "type"),
    Sent("zip or docx", made.zip_archive, "type"),
    Sent("gif", lambda: picture("GIF", "P"), "type"),
    Sent("bmp", lambda: picture("BMP"), "type"),
    Sent("tiff", lambda: picture("TIFF"), "type"),
    Sent("webp", lambda: picture("WEBP"), "type"),
    Sent("mp4", lambda: b"\0\0\0\x18ftypisom" + bytes(500), "type"),
    Sent("avif", lambda: b"\0\0\0\x18ftypavif" + bytes(500), "type"),
    Sent("html before a pdf", lambda: made.HTML + pdf_with(), "type"),
    # Only looks like one.
    Sent("fake pdf", lambda: b"%PDF-1.7<script>alert(1)</script>", "damaged"),
    Sent("pdf head and noise", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged"),
    Sent("jpeg head only", lambda: picture("JPEG")[:20], "damaged"),
    Sent("png head only", lambda: b"\x89PNG\r\n\x1a\n", "damaged"),
    Sent("heic head only", lambda: b"\0\0\0\x18ftypheic" + bytes(500), "damaged"),
    Sent("jpeg head before html", lambda: b"\xff\xd8\xff\xe0" + made.HTML, "damaged"),
    # Cut off on the way.
    Sent("half a pdf", lambda: _cut(pdf_with(pages=5), 0.5), "damaged"),
    Sent("most of a pdf", lambda: _cut(pdf_with(pages=5), 0.95), "damaged"),
    Sent("half a linearised pdf", lambda: _cut(pdf_with(pages=5, linearize=True), 0.6), "damaged"),
    Sent("half a jpeg", lambda: _cut(picture("JPEG", size=(300, 300)), 0.6), "damaged"),
    Sent("half a png", lambda: _cut(picture("PNG", size=(300, 300)), 0.6), "damaged"),
    Sent("half a heic", lambda: _cut(made.heic(), 0.5), "damaged"),
    Sent("png with a flipped bit", made.png_with_a_wrong_checksum, "damaged"),
    # Bombs and traps for parsers.
    Sent("400 megapixels", lambda: png_of(20_000, 20_000), "too_many_pixels"),
    Sent("jpeg that lies about its size", made.jpeg_that_lies_about_its_size, "too_many_pixels"),
    Sent("png text of 200 MB", made.png_text_bomb, "damaged"),
    Sent("pdf of 4 GB", made.pdf_bomb, "too_large_inside"),
    Sent("pdf of 4 GB packed twice", lambda: made.pdf_bomb(rounds=2), "too_large_inside"),
    Sent("pdf of 1 GB in hexadecimal", made.pdf_bomb_behind_ascii, "too_large_inside"),
    Sent("pdf of many large parts", made.pdf_of_many_large_parts, "too_large_inside"),
    Sent("pages within themselves", made.pdf_page_tree_loop, "damaged"),
    Sent("brackets 200,000 deep", made.pdf_deep_arrays, "pdf"),
    Sent("pdf without pages", made.pdf_without_pages, "damaged"),
    Sent("101 pages", lambda: pdf_with(pages=101), "too_many_pages"),
    # Protected.
    Sent("pdf with a password", lambda: made.encrypted("secret", "owner"), "encrypted"),
    Sent("pdf that may only not be changed", lambda: made.encrypted("", "owner"), "pdf"),
    # PDFs that act.
    Sent("script on opening", lambda: pdf_with(made.open_script), "pdf", ("script",)),
    Sent("named script", lambda: pdf_with(made.named_script), "pdf", ("script",)),
    Sent("script of a page", lambda: pdf_with(made.page_script), "pdf", ("script",)),
    Sent("script behind a link", lambda: pdf_with(annotation_with(made.script())), "pdf", ("script",)),
    Sent("launch", lambda: pdf_with(annotation_with(made.launch())), "pdf", ("action",)),
    Sent("chain of actions", lambda: pdf_with(annotation_with(made.chained())), "pdf", ("action", "script")),
    Sent("script in a later revision", made.updated_with_script, "pdf", ("script",)),
    Sent("form", lambda: pdf_with(made.form), "pdf", ("action", "script")),
    Sent("xml form", lambda: pdf_with(made.xfa_form), "pdf", ("action", "script")),
    Sent("attachment", lambda: pdf_with(made.attachment), "pdf", ("attachment",)),
    Sent("attachment in a note", lambda: pdf_with(made.attached_note), "pdf", ("attachment",)),
    Sent("associated file", lambda: pdf_with(made.associated_file), "pdf", ("attachment",)),
    Sent("portfolio", lambda: pdf_with(made.portfolio), "pdf", ("attachment",)),
    Sent("rich media", lambda: pdf_with(made.rich_media), "pdf", ("action", "attachment")),
    Sent("film", lambda: pdf_with(made.rendition), "pdf", ("action", "script")),
    Sent("link to another file", lambda: pdf_with(annotation_with(_elsewhere("GoToR"))), "pdf", ("action",)),
    Sent("import of data", lambda: pdf_with(annotation_with(_elsewhere("ImportData"))), "pdf", ("action",)),
    Sent("web link", lambda: pdf_with(annotation_with(_uri())), "pdf"),
    Sent("content in a local file", lambda: pdf_with(made.external_stream), "pdf"),
    Sent("data of a drawing program", lambda: pdf_with(made.private_data), "pdf"),
    # Two files in one.
    Sent("pdf and html", lambda: pdf_with() + made.HTML, "pdf"),
    Sent("pdf and zip", lambda: pdf_with() + made.zip_archive(), "pdf"),
    Sent("jpeg and zip", lambda: picture("JPEG") + made.zip_archive(), "jpeg"),
    Sent("jpeg and html", lambda: picture("JPEG") + made.HTML, "jpeg"),
    Sent("jpeg with a comment and a place", made.jpeg_with_place, "jpeg"),
    Sent("png and zip", lambda: picture("PNG") + made.zip_archive(), "jpeg"),
    Sent("png with texts", made.png_with_text, "jpeg"),
    Sent("heic and html", lambda: made.heic() + made.HTML, "jpeg"),
    # Unusual but honest.
    Sent("pdf with a wrong table", made.pdf_with_a_wrong_table, "pdf"),
    Sent("100 pages", lambda: pdf_with(pages=100), "pdf"),
    Sent("64 megapixels", lambda: png_of(8000, 8000, colour=6), "jpeg"),
    Sent("a strip", lambda: png_of(64_000, 900), "jpeg"),
    Sent("one row", lambda: png_of(60_000, 1), "jpeg"),
    Sent("cmyk", lambda: picture("JPEG", "CMYK"), "jpeg"),
    Sent("progressive", lambda: picture("JPEG", progressive=True), "jpeg"),
    Sent("transparent", lambda: picture("PNG", "RGBA"), "jpeg"),
    Sent("palette", lambda: picture("PNG", "P"), "jpeg"),
    Sent("black and white", lambda: picture("PNG", "1"), "jpeg"),
    Sent("animated", lambda: picture("PNG", save_all=True), "jpeg"),
    Sent("heic", made.heic, "jpeg"),
)


def test_the_corpus_has_fifty_files() -> None:
    assert len(CORPUS) >= 50
    assert len({sent.name for sent in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("sent", CORPUS, ids=[sent.name for sent in CORPUS])
def test_every_file_is_refused_with_a_reason_or_made_safe(sent: Sent) -> None:
    data, started = sent.make(), time.monotonic()
    if sent.becomes not in ("pdf", "jpeg"):
        with pytest.raises(FileRefused) as refused:
            uploads.clean(data)
        assert refused.value.reason == sent.becomes
    else:
        safe = uploads.clean(data)
        assert safe.removed == sent.told
        assert CANARY not in safe.data
        (_assert_quiet_pdf if sent.becomes == "pdf" else _assert_bare_jpeg)(safe)
    assert time.monotonic() - started < SLOWEST_SECONDS


def _assert_quiet_pdf(safe: uploads.CleanFile) -> None:
    """Whatever is in any object: no action, no attachment, no script; and every page can be shown."""
    assert safe.media_type == "application/pdf"
    with pikepdf.open(io.BytesIO(safe.data)) as document:
        assert len(document.pages) == safe.pages
        assert not document.is_encrypted
        for item in document.objects:
            dictionary = item.stream_dict if isinstance(item, pikepdf.Stream) else item
            assert not ACTIVE.search(dictionary.unparse(resolved=True))
            if isinstance(item, pikepdf.Stream):
                assert CANARY not in item.read_bytes()
    assert safe.data.rstrip().endswith(b"%%EOF")
    assert uploads.page_picture(safe.data, safe.pages).startswith(b"\xff\xd8")


def _assert_bare_jpeg(safe: uploads.CleanFile) -> None:
    """Pixels and nothing else: no EXIF, no comment, nothing behind the end."""
    assert safe.media_type == "image/jpeg"
    assert safe.data.endswith(b"\xff\xd9")
    shown = Image.open(io.BytesIO(safe.data))
    shown.load()
    assert max(shown.size) <= filecheck.LONGEST_SIDE
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not shown.getexif()


# -- what must stay -------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_and_its_place_is_gone(orientation: int) -> None:
    """However the phone was held: red is on the left, blue on the right."""
    safe = uploads.clean(made.jpeg_with_place(orientation))
    shown = Image.open(io.BytesIO(safe.data))
    assert shown.size == (96, 64)
    red, _green, blue = shown.getpixel((10, 32))  # type: ignore[misc]
    assert red > 200 > 60 > blue
    red, _green, blue = shown.getpixel((86, 32))  # type: ignore[misc]
    assert blue > 200 > 60 > red
    assert b"GPS" not in safe.data
    assert b"Exif" not in safe.data


def test_the_sample_photo_of_a_phone_really_has_a_place_before() -> None:
    raw = (made.DOCUMENTS / "identity-card-photo.jpg").read_bytes()
    before = Image.open(io.BytesIO(raw))
    assert before.getexif().get_ifd(0x8825)
    assert before.getexif()[0x0112] == 6
    after = Image.open(io.BytesIO(uploads.clean(raw).data))
    assert after.size == before.size[::-1]
    assert not after.getexif()


@pytest.mark.parametrize("mode", ["L", "I;16", "1", "P", "RGBA", "LA", "RGB"])
def test_dark_stays_dark_and_light_stays_light(mode: str) -> None:
    """Also 16 bits of grey, which would come out white when only their lower half were kept."""
    image = Image.new("L", (64, 48), 40)
    image.paste(210, (0, 24, 64, 48))
    if mode == "I;16":
        wide = Image.new("I;16", (64, 48), 40 * 257)
        wide.paste(210 * 257, (0, 24, 64, 48))
    else:
        wide = image.convert(mode)
    out = io.BytesIO()
    wide.save(out, "PNG")
    shown = Image.open(io.BytesIO(uploads.clean(out.getvalue()).data)).convert("L")
    top = sum(shown.crop((0, 0, 64, 20)).tobytes()) / (64 * 20)
    bottom = sum(shown.crop((0, 28, 64, 48)).tobytes()) / (64 * 20)
    assert top < 60
    assert bottom > 190


def test_what_is_transparent_becomes_white_paper() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    shown = Image.open(io.BytesIO(uploads.clean(out.getvalue()).data))
    assert shown.getpixel((20, 20)) == (255, 255, 255)


def test_a_filled_in_form_still_shows_what_was_filled_in() -> None:
    """The field is gone, its words are part of the page, also in the picture that an officer sees."""
    safe = uploads.clean(pdf_with(made.form)).data
    assert "Filled in" in pypdfium2.PdfDocument(safe)[0].get_textpage().get_text_range()
    empty, filled = (Image.open(io.BytesIO(uploads.page_picture(data, 1))) for data in (pdf_with(), safe))
    assert ImageChops.difference(empty, filled).getbbox() is not None


def test_the_pages_of_a_pdf_stay_as_they_are() -> None:
    safe = uploads.clean(pdf_with(made.open_script, pages=3)).data
    document = pypdfium2.PdfDocument(safe)
    assert [page.get_textpage().get_text_range() for page in document] == ["Page 1", "Page 2", "Page 3"]


# -- what it costs --------------------------------------------------------------------------------

MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-I", sys.argv[1], "clean"], stdin=sys.stdin, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.parametrize(
    "make",
    [
        lambda: png_of(20_000, 20_000),
        lambda: png_of(8000, 8000, colour=6),
        made.pdf_bomb,
        made.png_text_bomb,
        made.pdf_deep_arrays,
    ],
    ids=["400 megapixels", "64 megapixels", "4 GB pdf", "200 MB text", "deep brackets"],
)
def test_the_checker_needs_little_memory(make: Callable[[], bytes]) -> None:
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(uploads.CHECKER)], input=make(), capture_output=True, check=True
    )
    assert int(measured.stdout) < MOST_MEGABYTES


def test_the_checker_has_no_environment_and_cannot_write(tmp_path: Path) -> None:
    """Whatever a hostile file makes of it: no secret to read, not a byte to the disk."""
    probe = (
        "import os, runpy, sys; check = runpy.run_path(sys.argv[1]); check['_limit']();"
        "print(sorted(os.environ)); sys.stdout.flush(); open('written', 'w').write('x')"
    )
    command = [sys.executable, "-I", "-c", probe, str(uploads.CHECKER)]
    done = subprocess.run(command, capture_output=True, env={}, cwd=tmp_path)
    assert done.stdout.decode().strip() in ("[]", "['LC_CTYPE']")
    assert (tmp_path / "written").read_bytes() == b""
