"""Handing files over in the browser: a sentence when one is not taken, and nothing lost of what was there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from housing_portal.applications.models import Upload
from housing_portal.applications.service import display_name
from housing_portal.core import uploads
from housing_portal.core.db import db
from tests.client import PortalClient
from tests.factories import hostile_files as made
from tests.factories.city import City
from tests.factories.files import jpeg, pdf
from tests.factories.journey import as_applicant, start, upload

SENTENCES: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "a program": (
        lambda: b"MZ\x90\0" + bytes(2000),
        {"en": "This is not a PDF, JPEG, PNG or HEIC file", "zh": "不是"},
    ),
    "a locked PDF": (
        lambda: made.encrypted("secret", "owner"),
        {"en": "The PDF is protected by a password", "zh": "密码"},
    ),
    "half a photo": (lambda: made.picture("JPEG")[:200], {"en": "The file is damaged", "zh": "损坏"}),
    "nothing": (lambda: b"", {"en": "The file is empty", "zh": "空"}),
    "a bomb": (made.pdf_bomb, {"en": "unpacks to far more than it should", "zh": "解"}),
    "too many pixels": (
        lambda: made.png_of(20_000, 20_000),
        {"en": "more than 64 megapixels", "zh": "像素"},
    ),
    "too many pages": (lambda: made.pdf_with(pages=101), {"en": "more than 100 pages", "zh": "100"}),
    "eleven megabytes": (
        lambda: pdf() + b"%" * 11_000_000,
        {"en": "The file is larger than 10 MB", "zh": "10"},
    ),
}


def text_of(page: str) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def held(app: Flask, slot: str = "lease") -> list[Upload]:
    """The files of a document that were not removed."""
    with app.app_context():
        rows = db.session.scalars(select(Upload).where(Upload.slot == slot, Upload.removed_at.is_(None))).all()
        db.session.expunge_all()
        return list(rows)


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_file_that_is_not_taken_gets_a_sentence_and_the_others_stay(
    app: Flask, city: City, kind: str, lang: str
) -> None:
    make, sentences = SENTENCES[kind]
    client = as_applicant(app, city, lang)
    ref = start(client)
    upload(client, ref, "lease", pdf(), "第一份.pdf")
    page = upload(client, ref, "lease", make(), "第二份.pdf", expect=422).get_data(as_text=True)
    assert sentences[lang] in text_of(page)
    assert {"en": "Error: ", "zh": "错误"}[lang] in page.split("<title>")[1].split("</title>")[0]
    assert "第一份.pdf" in page
    assert [row.name for row in held(app)] == ["第一份.pdf"]
    upload(client, ref, "lease", jpeg(), "again.jpg")
    assert [row.name for row in held(app)] == ["第一份.pdf", "again.jpg"]


def test_no_file_chosen(app: Flask, city: City, lang: str) -> None:
    client = as_applicant(app, city, lang)
    ref = start(client)
    page = client.post(f"/applications/{ref}/documents/lease", {}, 422).get_data(as_text=True)
    assert {"en": "Choose a file first.", "zh": "请先选择文件"}[lang] in page


@pytest.mark.parametrize("what", ["open_script", "attachment", "form", "rich_media"])
def test_the_person_is_told_what_was_taken_out_of_a_pdf(app: Flask, city: City, what: str) -> None:
    client = as_applicant(app, city)
    ref = start(client)
    upload(client, ref, "lease", made.pdf_with(getattr(made, what)))
    page = client.get(f"/applications/{ref}/documents").get_data(as_text=True)
    assert "The PDF held scripts or attachments; we took them out and kept the pages." in page


def test_an_ordinary_pdf_is_added_without_a_word(app: Flask, city: City) -> None:
    client = as_applicant(app, city)
    ref = start(client)
    upload(client, ref, "lease")
    assert "we took them out" not in client.get(f"/applications/{ref}/documents").get_data(as_text=True)


@pytest.mark.parametrize("name", ["photo.jpg", "photo.pdf", "photo.heic", "photo"])
def test_a_phone_picture_becomes_a_jpeg_whatever_it_is_called(app: Flask, city: City, name: str) -> None:
    """A HEIC by content; nothing of the phone is left in what the officer gets."""
    client = as_applicant(app, city)
    ref = start(client)
    upload(client, ref, "identity_document", made.heic(), name)
    row = held(app, "identity_document")[0]
    assert (row.name, row.media_type) == ("photo.jpg", "image/jpeg")
    got = client.get(f"/applications/{ref}/documents/{row.ref}/file").data
    assert got.startswith(b"\xff\xd8")
    assert b"Exif" not in got


NAMES = {
    "../../etc/passwd": "passwd.pdf",
    "..\\..\\windows\\win.ini": "win.pdf",
    "C:\\Users\\li\\租赁 合同.PDF": "租赁 合同.pdf",
    "con.pdf": "con.pdf",
    "a\u202efdp.exe": "afdp.pdf",
    "run.exe": "run.pdf",
    "<script>alert(1)</script>.pdf": "script.pdf",
    "{{7*7}}.pdf": "{{77}}.pdf",
    "'; DROP TABLE upload;--.pdf": "'; DROP TABLE upload;--.pdf",
    ".pdf": "document.pdf",
    "...": "document.pdf",
    "长" * 300 + ".pdf": "长" * 80 + ".pdf",
    "阿依古丽·买买提 王𭎂.pdf": "阿依古丽·买买提 王𭎂.pdf",
    "page\r\nSet-Cookie: a=b.pdf": "pageSet-Cookie a=b.pdf",
    "nul\0byte.pdf": "nulbyte.pdf",
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_only_a_name(app: Flask, city: City, name: str) -> None:
    """No path, nothing hidden; shown escaped, sent back as an attachment under that name."""
    assert display_name(name, "application/pdf") == NAMES[name]
    client = as_applicant(app, city)
    ref = start(client)
    upload(client, ref, "lease", pdf(), name.replace("\r\n", "").replace("\0", ""))
    row = held(app)[0]
    page = client.get(f"/applications/{ref}/documents").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "49.pdf" not in page
    answer = client.get(f"/applications/{ref}/documents/{row.ref}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "\n" not in answer.headers["Content-Disposition"]


def test_downloads_are_sealed_off(app: Flask, city: City) -> None:
    """An attachment that no browser opens inside the portal, and that nothing can sniff into something else."""
    client = as_applicant(app, city)
    ref = start(client)
    upload(client, ref, "lease", made.pdf_with(made.open_script) + made.HTML)
    upload(client, ref, "bank_card", made.picture("JPEG") + made.HTML, "card.jpg")
    for slot in ("lease", "bank_card"):
        row = held(app, slot)[0]
        answer = client.get(f"/applications/{ref}/documents/{row.ref}/file")
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.mimetype == row.media_type
        assert made.CANARY not in answer.data
        shown = client.get(f"/applications/{ref}/documents/{row.ref}/pages/1")
        assert shown.mimetype == "image/jpeg"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        client.get(f"/applications/{ref}/documents/{row.ref}/pages/2", 404)


def test_what_is_stored_is_encrypted_and_never_the_original(app: Flask, city: City) -> None:
    client = as_applicant(app, city)
    ref = start(client)
    upload(client, ref, "lease", made.pdf_with(made.attachment))
    stored = [path for path in app.config["SETTINGS"].storage_dir.rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert stored[0].name == held(app)[0].sha256
    assert b"%PDF" not in stored[0].read_bytes()


def test_a_refused_file_leaves_nothing_behind(app: Flask, city: City) -> None:
    client = as_applicant(app, city)
    ref = start(client)
    upload(client, ref, "lease", made.HTML, "a.pdf", expect=422)
    assert [path for path in app.config["SETTINGS"].storage_dir.rglob("*") if path.is_file()] == []


def test_a_checker_that_hangs_is_given_up(app: Flask, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is told within seconds; the portal goes on."""
    monkeypatch.setattr(uploads, "SECONDS", 0.01)
    client = as_applicant(app, city)
    ref = start(client)
    page = upload(client, ref, "lease", expect=422).get_data(as_text=True)
    assert "took too long to read" in page


@pytest.mark.parametrize("signal", [9, 11, 24, 25])
def test_a_checker_that_is_killed_says_no(
    app: Flask, city: City, signal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a limit or by a crash of a parser: never an error page, never a file that was not checked."""
    killed = subprocess.CompletedProcess(["checker"], -signal, b'{"ok": true, "media_type": "application/pdf"', b"")
    client = as_applicant(app, city)
    ref = start(client)
    monkeypatch.setattr("housing_portal.core.uploads.subprocess.run", lambda *_a, **_k: killed)
    upload(client, ref, "lease", expect=422)
    assert held(app) == []


def test_someone_elses_file_cannot_be_replaced_or_read(app: Flask, city: City) -> None:
    mine, theirs = as_applicant(app, city), PortalClient(app)
    ref = start(mine)
    upload(mine, ref, "lease", pdf(), "mine.pdf")
    theirs.post("/sign-in", {"email": city.other_applicant, "password": "a quiet river at dawn"})
    their_ref = start(theirs)
    row = held(app)[0]
    theirs.get(f"/applications/{their_ref}/documents/{row.ref}/file", 404)
    theirs.post(f"/applications/{their_ref}/documents/{row.ref}/remove", expect=404)
    assert [kept.name for kept in held(app)] == ["mine.pdf"]
