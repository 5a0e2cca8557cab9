"""The untrusted half of uploads: run as a program of its own, never imported by the portal.

    python -I filecheck.py clean  < file    → one JSON line, then the safe bytes
    python -I filecheck.py page 3 < file    → one JSON line, then page 3 as JPEG

It reads what a stranger sent, so it starts with no environment, no network use and hard limits on memory,
time and open files. Every detector of file types accepts a fake; only parsing, and writing anew what was
parsed, makes a file safe. Exit status is 0 also for a refused file: the JSON says why.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zlib
from collections.abc import Iterator
from typing import Any

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 10
MOST_PIXELS = 64_000_000  # a phone of today takes 50 megapixels
LONGEST_SIDE = 3000  # pixels kept; A4 at 250 dpi
MOST_PAGES = 100
PREVIEW_WIDTH = 1100
ORIENTATION = 0x0112  # the EXIF tag
STRIP_PIXELS = 4_000_000  # of a picture that are worked on at a time
MOST_STREAM_BYTES = 256 * 1024 * 1024  # one part of a PDF, unpacked; A4 in colour at 600 dpi is 104 MB
MOST_PDF_BYTES = 1024 * 1024 * 1024  # all of them
ACTIVE_MARKS = {
    "script": re.compile(rb"/(JavaScript|JS)\b"),
    "attachment": re.compile(rb"/EmbeddedFile\b"),
    "action": re.compile(
        rb"/(Launch|SubmitForm|ImportData|GoToR|GoToE|XFA|RichMedia|Rendition|Movie|Sound)\b"
    ),
}
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"heim", b"heis"}


class Refuse(Exception):
    """The file is not taken; the argument is the reason's code (see core.uploads.REASONS)."""


def kind_of(data: bytes) -> str:
    """pdf, jpeg, png or heic, by content. Raises Refuse."""
    if not data:
        raise Refuse("empty")
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "heic"
    raise Refuse("type")


def clean(data: bytes) -> tuple[dict[str, Any], bytes]:
    """What the file is, and the same document written anew without anything active."""
    kind = kind_of(data)
    return clean_pdf(data) if kind == "pdf" else clean_image(data, kind)


def clean_pdf(data: bytes) -> tuple[dict[str, Any], bytes]:
    """What can be seen stays: pages, and filled-in forms and stamps become part of them. All that acts goes."""
    from pikepdf import sanitize

    pdf = _open_pdf(data)
    pages = len(pdf.pages)
    if pages == 0:
        raise Refuse("damaged")
    if pages > MOST_PAGES:
        raise Refuse("too_many_pages")
    _refuse_bombs(pdf)
    active = _active_parts(pdf)
    _burn_in(pdf)
    for remove in (
        sanitize.remove_javascript,
        sanitize.remove_attachments,
        sanitize.remove_external_access,
        sanitize.remove_multimedia,
        sanitize.remove_private_app_data,
        sanitize.remove_thumbnails,
        sanitize.remove_search_index,
        sanitize.remove_web_capture,
        sanitize.remove_collection,
    ):
        remove(pdf)
    for holder in (pdf.Root, *(page.obj for page in pdf.pages)):
        for key in ("/OpenAction", "/AA", "/AcroForm", "/Names", "/AF", "/Annots"):
            if key in holder:
                del holder[key]
    out = io.BytesIO()
    pdf.save(out)
    return {"media_type": "application/pdf", "pages": pages, "removed": sorted(active)}, out.getvalue()


def _open_pdf(data: bytes) -> Any:
    """The parsed file. A wrong table is mended, a file that was cut off is not: its last pages would be missing.

    A file that only its owner's password protects from changes can be read by anybody and is taken.
    """
    import pikepdf

    try:
        return pikepdf.open(io.BytesIO(data), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise Refuse("encrypted") from error
    except pikepdf.PdfError as error:
        if b"%%EOF" not in data[-1024:]:
            raise Refuse("damaged") from error
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Refuse("encrypted") from error


def _refuse_bombs(pdf: Any) -> None:
    """Unpack every stream without keeping it; a preview or a reader would have to keep it."""
    import pikepdf

    left = MOST_PDF_BYTES
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        for key in ("/F", "/FFilter", "/FDecodeParms"):  # content in a file of the reader's machine
            if key in item:
                del item[key]
        filters: Any = item.get("/Filter", [])
        names = [str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters])]
        if "/LZWDecode" in names or names[:1] in (["/ASCIIHexDecode"], ["/ASCII85Decode"], ["/RunLengthDecode"]):
            left -= _size_in_memory(item)
        else:
            packings = next((n for n, name in enumerate(names) if name != "/FlateDecode"), len(names))
            left -= _unpacked_size(item.read_raw_bytes(), packings)
        if left < 0:
            raise Refuse("too_large_inside")


def _size_in_memory(stream: Any) -> int:
    """For packings that are rare today; the limit on memory stops a bomb. Raises Refuse."""
    import pikepdf

    try:
        return len(stream.read_bytes())
    except pikepdf.PdfError as error:
        if "bad_alloc" in str(error):
            raise Refuse("too_large_inside") from error
        return 0  # broken content is shown as far as it goes, by every reader


def _unpacked_size(raw: bytes, packings: int) -> int:
    """Bytes after undoing zlib ``packings`` times, counted piece by piece. Raises Refuse above the limit."""
    pieces, size = iter([raw]), 0
    for _ in range(packings):
        pieces = _unpacked(pieces)
    for piece in pieces:
        size += len(piece)
        if size > MOST_STREAM_BYTES:
            raise Refuse("too_large_inside")
    return size


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        for piece in pieces:
            rest = piece
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, 1024 * 1024)
                rest = unpacker.unconsumed_tail
    except zlib.error:
        return  # broken, see above


def _active_parts(pdf: Any) -> set[str]:
    """What the person should be told of, by looking at every object, reachable or not."""
    import pikepdf

    found: set[str] = set()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            item = item.stream_dict
        if isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            written = item.unparse(resolved=True)
            found |= {word for word, mark in ACTIVE_MARKS.items() if mark.search(written)}
    return found


def _burn_in(pdf: Any) -> None:
    """Draw what forms and notes show into the pages, so that it stays when they go."""
    form = pdf.Root.get("/AcroForm")
    if form is not None and form.get("/NeedAppearances", False):
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        if all("/AP" in note for note in notes if note.get("/Subtype") == "/Widget"):
            del form["/NeedAppearances"]
        else:
            pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")


def clean_image(data: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    """Decoded and encoded again: turned upright, without EXIF, place, comments or anything appended."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit below, before a pixel is decoded
    if kind == "heic":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)  # type: ignore[attr-defined]
    try:
        picture = Image.open(io.BytesIO(data), formats=["HEIF" if kind == "heic" else kind.upper()])
        if picture.width * picture.height > MOST_PIXELS:
            raise Refuse("too_many_pixels")
        if kind == "jpeg":
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise Refuse("damaged") from error
    orientation = picture.getexif().get(ORIENTATION, 1)
    paper = _on_white_paper(picture)
    del picture  # up to 256 MB
    paper.getexif()[ORIENTATION] = orientation
    ImageOps.exif_transpose(paper, in_place=True)
    paper.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=88, optimize=True, exif=b"")
    return {"media_type": "image/jpeg", "pages": 1, "removed": []}, out.getvalue()


def _on_white_paper(picture: Any) -> Any:
    """The bare pixels in RGB, reduced by a whole number, strip by strip: a second whole copy would not fit."""
    from PIL import Image

    factor = max(1, max(picture.size) // LONGEST_SIDE)
    paper = Image.new("RGB", tuple(-(-side // factor) for side in picture.size), "white")
    height = factor * max(1, STRIP_PIXELS // (picture.width * factor))
    for top in range(0, picture.height, height):
        strip = picture.crop((0, top, picture.width, min(top + height, picture.height)))
        if strip.mode.startswith("I"):  # 16 bits of grey, as some scanners write
            strip = strip.point(lambda shade: shade * (1 / 256)).convert("L")
        strip = strip.convert("RGBA").reduce(factor)
        paper.paste(strip, (0, top // factor), strip)
    return paper


def page_picture(data: bytes, number: int) -> tuple[dict[str, Any], bytes]:
    """One page of a cleaned file as JPEG, for the viewer; ``number`` counts from 1."""
    if kind_of(data) != "pdf":
        if number != 1:
            raise Refuse("page")
        return {"media_type": "image/jpeg"}, data
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if not 1 <= number <= len(document):
        raise Refuse("page")
    page = document[number - 1]
    scale = min(3.0, PREVIEW_WIDTH / max(1.0, page.get_width()))
    if page.get_width() * page.get_height() * scale * scale > MOST_PIXELS:
        raise Refuse("too_many_pixels")
    picture = page.render(scale=scale).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return {"media_type": "image/jpeg"}, out.getvalue()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def main() -> None:
    """Read the file from standard input, answer on standard output."""
    _limit()
    data = sys.stdin.buffer.read()
    try:
        about, safe = page_picture(data, int(sys.argv[2])) if sys.argv[1] == "page" else clean(data)
        answer: dict[str, Any] = {"ok": True, **about}
    except Refuse as refusal:
        answer, safe = {"ok": False, "reason": str(refusal)}, b""
    except MemoryError:
        answer, safe = {"ok": False, "reason": "too_large_inside"}, b""
    except Exception:  # whatever a hostile file provokes in a parser is the file's fault
        answer, safe = {"ok": False, "reason": "damaged"}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + safe)


if __name__ == "__main__":
    main()
