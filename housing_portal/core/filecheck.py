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
import resource
import sys
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
MOST_PIXELS = 64_000_000  # a phone of today takes 50 megapixels
LONGEST_SIDE = 3000  # pixels kept; A4 at 250 dpi
MOST_PAGES = 100
PREVIEW_WIDTH = 1100
ACTIVE_MARKS = {
    b"/JavaScript": "script",
    b"/JS": "script",
    b"/EmbeddedFile": "attachment",
    b"/Launch": "action",
    b"/XFA": "action",
    b"/RichMedia": "action",
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
    """Scripts, attachments, actions, forms with code and multimedia removed; pages stay as they are."""
    import pikepdf
    from pikepdf import sanitize

    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Refuse("encrypted") from error
    except Exception as error:
        raise Refuse("damaged") from error
    if pdf.is_encrypted:
        raise Refuse("encrypted")
    pages = len(pdf.pages)
    if pages == 0:
        raise Refuse("damaged")
    if pages > MOST_PAGES:
        raise Refuse("too_many_pages")
    active = _active_parts(pdf)
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
    for key in ("/OpenAction", "/AA", "/AcroForm"):
        if key in pdf.Root:
            del pdf.Root[key]
    out = io.BytesIO()
    pdf.save(out)
    return {"media_type": "application/pdf", "pages": pages, "removed": sorted(active)}, out.getvalue()


def _active_parts(pdf: Any) -> set[str]:
    import pikepdf

    found: set[str] = set()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            item = item.stream_dict
        if not isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            continue
        written = item.unparse()
        found |= {word for mark, word in ACTIVE_MARKS.items() if mark in written}
    return found


def clean_image(data: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    """Decoded and encoded again: turned upright, without EXIF, place, comments or anything appended."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit below, before a pixel is decoded
    if kind == "heic":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)  # type: ignore[attr-defined]
    try:
        picture: Any = Image.open(
            io.BytesIO(data), formats=["JPEG", "PNG", "HEIF"] if kind == "heic" else [kind.upper()]
        )
        if picture.width * picture.height > MOST_PIXELS:
            raise Refuse("too_many_pixels")
        if kind == "jpeg":
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise Refuse("damaged") from error
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "P"):
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, optimize=True)
    return {"media_type": "image/jpeg", "pages": 1, "removed": []}, out.getvalue()


def page_picture(data: bytes, number: int) -> tuple[dict[str, Any], bytes]:
    """One page of a cleaned file as JPEG, for the viewer; ``number`` counts from 1."""
    if kind_of(data) != "pdf":
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
