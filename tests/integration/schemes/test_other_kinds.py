"""A grant that is paid once, and a home at a lower rent: from the answers to the certificate, in both languages."""

from __future__ import annotations

import html
import re

import pypdfium2
import pytest
from flask import Flask

from tests.client import PortalClient
from tests.factories.answers import APARTMENT_SLOTS, SETTLEMENT_SLOTS, apartment_pages, settlement_pages
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, fill, run_worker, send, start, step


def approved(app: Flask, city: City, scheme: str) -> str:
    """An application for the scheme, walked through every desk; returns its reference."""
    client = as_applicant(app, city)
    ref = start(client, scheme=scheme)
    if scheme == "settlement_grant":
        fill(client, ref, settlement_pages(), SETTLEMENT_SLOTS)
    else:
        fill(client, ref, apartment_pages(), APARTMENT_SLOTS)
    send(client, ref)
    step(as_staff(app, city.intake), ref, "accept", "accept")
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="approve", opinion="Papers agree.")
    step(as_staff(app, city.approver), ref, "approve", "approve")
    run_worker(app)
    return ref


def words_of(client: PortalClient, path: str) -> str:
    """A page as it is read: without marks, spaces joined."""
    page = re.sub(r"<[^>]+>", " ", client.get(path).get_data(as_text=True))
    return " ".join(html.unescape(page).split())


def certificate_of(client: PortalClient, ref: str) -> str:
    """The text of the certificate that the status page leads to."""
    page = client.get(f"/applications/{ref}/status").get_data(as_text=True)
    paper = client.get("/papers/" + page.split('href="/papers/')[1].split('"')[0])
    document = pypdfium2.PdfDocument(paper.data)
    assert len(document) == 1
    return document[0].get_textpage().get_text_range()


def squeezed(text: str) -> str:
    """Without spaces: a PDF breaks lines where it likes."""
    return "".join(text.split())


STATUS = {
    ("settlement_grant", "en"): [
        "Settlement grant",
        "Your support is approved",
        "¥104,000 once",
        "After approval: ¥52,000",
        "After 12 more months in employment: ¥52,000",
    ],
    ("settlement_grant", "zh"): ["安家补贴", "一次性¥104,000", "批准后：¥52,000", "继续就业满12个月后：¥52,000"],
    ("talent_apartment", "en"): [
        "Talent apartment",
        "Your support is approved",
        "Preferential rent of ¥1,920 a month, for 36 months at most",
        "It saves ¥38,880 over that time",
    ],
    ("talent_apartment", "zh"): ["人才公寓", "优惠租金每月¥1,920，最长36个月", "期内合计节省¥38,880"],
}
CERTIFICATE = {
    "settlement_grant": ["林小满", "安家补贴资格证书", "Settlement grant", "一次性¥104,000", "¥104,000 once"],
    "talent_apartment": ["林小满", "人才公寓资格证书", "Talent apartment", "优惠租金每月¥1,920", "¥1,920 a month"],
}


@pytest.mark.parametrize("scheme", ["settlement_grant", "talent_apartment"])
def test_from_answers_to_a_certificate(app: Flask, city: City, scheme: str) -> None:
    ref = approved(app, city, scheme)
    for lang in ("en", "zh"):
        page = words_of(as_applicant(app, city, lang), f"/applications/{ref}/status")
        assert [words for words in STATUS[scheme, lang] if words not in page] == []
    text = squeezed(certificate_of(as_applicant(app, city), ref))
    assert [words for words in CERTIFICATE[scheme] if squeezed(words) not in text] == []


def test_an_officer_reads_how_the_amount_came_about(app: Flask, city: City) -> None:
    client = as_applicant(app, city)
    ref = start(client, scheme="talent_apartment")
    fill(client, ref, apartment_pages(), APARTMENT_SLOTS)
    send(client, ref)
    for lang, lines in {
        "en": ["Market rent a month ¥3,000", "Category of the standard area: Master 60 m²", "64 m²", "¥1,920"],
        "zh": ["市场月租金 ¥3,000", "标准：面积标准类别为硕士 60平方米", "64平方米", "¥1,920"],
    }.items():
        staff = as_staff(app, city.intake)
        staff.post("/language", {"lang": lang, "next": "/"}, expect=None)
        page = words_of(staff, f"/staff/cases/{ref}")
        assert [words for words in lines if words not in page] == []
