"""The papers as a reader, a scanner and a screen reader meet them."""

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from housing_portal.casework.queries import CaseForPaper
from housing_portal.certificates.context import CERTIFICATE_LIMITS, LONGEST_NAME, LONGEST_NUMBER, build
from housing_portal.certificates.models import CERTIFICATE, KINDS, RECEIPT, REFUSAL
from housing_portal.certificates.render import TITLES, name_face, name_size, render, spaced
from tests.factories.papers import (
    COMPANY,
    LONG,
    MANY_DOCUMENTS,
    MANY_REASONS,
    ONCE,
    ORDINARY,
    RARE,
    UNCOVERED,
    stamp,
)

CERTIFICATES = {"ordinary": ORDINARY, "long": LONG, "company": COMPANY, "once": ONCE, "rare": RARE}
OUR_FONTS = {"Portal-Sans", "Portal-Sans-Bold", "Portal-Serif", "Portal-Serif-Bold"}


def paper(kind: str, case: CaseForPaper, *, sample: bool = True) -> bytes:
    return render(kind, build(kind, case, stamp(kind, sample=sample)))


@cache
def ordinary(kind: str) -> bytes:
    return paper(kind, ORDINARY)


def texts(data: bytes) -> list[str]:
    """The text of each page, without the line breaks that the layout made."""
    with pypdfium2.PdfDocument(data) as document:
        return [re.sub(r"[\r\n]+", "", page.get_textpage().get_text_range()) for page in document]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def tags(data: bytes) -> list[tuple[str, str]]:
    """Every element of the structure tree: its type and its alternative text."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as opened:
        waiting = [opened.Root.StructTreeRoot.K[0]]
        while waiting:
            element = waiting.pop()
            if isinstance(element, pikepdf.Dictionary) and "/S" in element:
                found.append((str(element.S), str(element.get("/Alt", ""))))
                children = element.get("/K", [])
                waiting += list(children) if isinstance(children, pikepdf.Array) else [children]
    return found


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_is_one_page_of_a4(name: str) -> None:
    with pypdfium2.PdfDocument(paper(CERTIFICATE, CERTIFICATES[name])) as document:
        assert len(document) == 1
        width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)


def filler(language: str, limit: int) -> str:
    return "云" * (limit // 2) if language == "zh" else ("Some names " * limit)[:limit].strip()


def at_the_limits(name: str) -> CaseForPaper:
    """Every field as long as it may be, at once."""
    both = {
        field: {language: filler(language, limit) for language, limit in limits.items()}
        for field, limits in CERTIFICATE_LIMITS.items()
    }
    return replace(
        LONG,
        holder_name=name,
        office=both["office"],
        district_name=both["district"],
        scheme_title=both["scheme"],
        certificate_title=both["title"],
        legal_basis=both["legal_basis"],
        fair_competition_review_no="Y" * LONGEST_NUMBER,
        benefit_lines=[both["benefit"]],
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("monthly", [True, False])
def test_whatever_passes_the_limits_fits_on_the_page(language: str, monthly: bool) -> None:
    case = at_the_limits(filler(language, LONGEST_NAME))
    paper(CERTIFICATE, case if monthly else replace(case, amount_month=None))


@pytest.mark.parametrize("kind", KINDS)
def test_fonts_are_ours_and_embedded(kind: str) -> None:
    with pikepdf.open(io.BytesIO(ordinary(kind))) as opened:
        fonts = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
        assert {str(font.FontName).split("+")[-1].lstrip("/") for font in fonts} <= OUR_FONTS
        assert all("/FontFile2" in font for font in fonts)


@pytest.mark.parametrize("kind", KINDS)
def test_tags_language_and_title(kind: str) -> None:
    data = ordinary(kind)
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert str(opened.Root.Lang) == "zh-Hans"
        title = str(opened.docinfo.Title)
        words = ORDINARY.certificate_title if kind == CERTIFICATE else TITLES[kind]
        assert title == f"{words['zh']} {words['en']} {stamp(kind).serial}"
        assert not opened.attachments
    names = [name for name, _ in tags(data)]
    assert names.count("/H1") == 1
    assert {"/Table", "/TR", "/TH", "/TD", "/P"} <= set(names)
    assert [alt for name, alt in tags(data) if name == "/Figure"] == [
        f"核验二维码 QR code for verification: {stamp(kind).verify_url}"
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_qr_code_opens_the_verification_page(kind: str) -> None:
    with pypdfium2.PdfDocument(ordinary(kind)) as document:
        pictures = [page.render(scale=2).to_pil() for page in document]
    read = [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]
    assert read == [stamp(kind).verify_url]


def test_certificate_says_everything_in_both_languages() -> None:
    text = squeezed("".join(texts(ordinary(CERTIFICATE))))
    for expected in (
        "租房补贴资格证书", "Certificate of eligibility for rent subsidy",
        "王小华", "500*************34", "软件人才租房补贴",
        "Rent subsidy for software practitioners, by education", "云江市星河区", "Xinghe District, Yunjiang",
        "¥900.00", "CNY 900.00 a month", "人民币玖佰元整", "2026年12月1日", "2029年11月30日",
        "1 December 2026 – 30 November 2029, 36 months",
        "第六条、第九条", "articles 6 and 9", "YJ-500101-2026-C-000123", "S79NX-J54TH-VDB2Q-PCECY-5NB698",
        "2026年11月24日", "24 November 2026", "印章处", "样本", "SAMPLE",
    ):  # fmt: skip
        assert squeezed(expected) in text, expected


def test_the_sample_mark_is_for_samples() -> None:
    assert "SAMPLE" not in "".join(texts(paper(CERTIFICATE, ORDINARY, sample=False)))


@pytest.mark.parametrize("name", ["犇赟珺𠮷", "阿依古丽·买买提", "José Ñandú Müller", "喆堃昇頔玥彧翀", "李Anna"])
def test_names_come_out_as_they_are(name: str) -> None:
    assert squeezed(name) in squeezed("".join(texts(paper(CERTIFICATE, replace(ORDINARY, holder_name=name)))))


def test_a_character_that_no_font_has_is_explained() -> None:
    assert "U+2D382" in "".join(texts(paper(CERTIFICATE, UNCOVERED)))


def test_refusal_gives_reasons_and_both_remedies() -> None:
    text = squeezed("".join(texts(ordinary(REFUSAL))))
    for expected in (
        "审核结果通知书", "Notice of Result", "王小华：", "不予批准", "Result: not approved", "P0.no_home",
        "第六条第（五）项", "Article 6 (5)", "登记记录为4个月", "found: 4 months", "重新申请",
        "行政复议：60日内", "行政诉讼：6个月内", "within 60 days", "within 6 months",
        "第 1 页，共 2 页", "Page 2 of 2",
    ):  # fmt: skip
        assert squeezed(expected) in text, expected


def test_a_company_is_addressed_as_one() -> None:
    assert "贵单位于" in squeezed("".join(texts(paper(REFUSAL, replace(COMPANY, outcome="refused")))))


def test_many_reasons_flow_and_the_close_is_never_alone() -> None:
    pages = [squeezed(text) for text in texts(paper(REFUSAL, MANY_REASONS))]
    assert len(pages) >= 3
    assert "行政诉讼" in pages[-1]
    assert f"第{len(pages)}页，共{len(pages)}页" in pages[-1]


def test_receipt_says_what_was_handed_in_and_who_is_next() -> None:
    text = squeezed("".join(texts(ordinary(RECEIPT))))
    for expected in (
        "7KQ2M-9XT4B-WD3HN-5VRCA-8FJ6PE", "2026年11月2日 09:04（北京时间）", "租赁合同 lease-2026.pdf",
        "星河区受理窗口将于2026年11月9日前处理", "will act by 9 November 2026", ORDINARY.submission_sha256,
    ):  # fmt: skip
        assert squeezed(expected) in text, expected
    assert "after a correction" not in "".join(texts(ordinary(RECEIPT)))


def test_receipt_of_a_correction_and_of_nothing_attached() -> None:
    again = replace(ORDINARY, submission_number=2, document_names=[], next_due=None)
    text = squeezed("".join(texts(paper(RECEIPT, again))))
    assert "第2次提交（补正后）" in text
    assert "仅申请表，无附件。" in text
    assert "正在处理" in text


def test_sixty_documents_are_all_there() -> None:
    text = squeezed("".join(texts(paper(RECEIPT, MANY_DOCUMENTS))))
    assert all(squeezed(name) in text for name in MANY_DOCUMENTS.document_names)


CANARIES = [
    '<img src="{secret}">',
    "<script>alert(1)</script>",
    '"><style>@import "{secret}";</style>',
    "url({secret})",
    "{{{{ config }}}}",
    "{{% include '{secret}' %}}",
    "{{{{ ''.__class__.__mro__ }}}}",
    "&lt;b&gt;&amp;",
    '<!ENTITY x SYSTEM "{secret}">&x;',
]


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("kind", KINDS)
def test_canaries_are_text(kind: str, canary: str, tmp_path: Path) -> None:
    """Markup, style, addresses and template marks in any field are printed, never obeyed."""
    (tmp_path / "s").write_text("canary-7f3a")
    typed = canary.format(secret=(tmp_path / "s").as_uri())
    both = {"zh": typed, "en": typed}
    fields: dict[str, Any] = {
        "holder_name": typed,
        "id_type": "passport",
        "reasons": [{"code": typed, "clause": both, "text": both}],
        "remark": typed,
        "document_names": [typed],
        "next_actor": both,
        "submission_sha256": typed,
        "scheme_title": both,
        "legal_basis": both,
        "office": both,
        "district_name": both,
        "benefit_lines": [both],
        "fair_competition_review_no": typed,
        "amount_month": None,
    }
    short = {
        key: value
        for key, value in fields.items()
        if kind != CERTIFICATE or key in ("holder_name", "amount_month", "benefit_lines", "legal_basis")
    }
    text = squeezed("".join(texts(paper(kind, replace(ORDINARY, **short)))))
    assert squeezed(typed) in text
    assert "canary-7f3a" not in text


def test_latin_is_set_off_from_han_without_a_character() -> None:
    assert spaced("共36个月") == '共<span class="gap-lr">36</span>个月'
    assert spaced("<b>") == "&lt;b&gt;"
    assert spaced("第A&B条") == '第<span class="gap-l">A</span>&amp;<span class="gap-r">B</span>条'
    assert spaced("plain 12") == "plain 12"


def test_names_have_a_size_and_a_face() -> None:
    assert [name_size("王" * count) for count in (2, 6, 10, 17, 30, 60)] == ["xl", "xl", "l", "m", "s", "xs"]
    assert (name_face("王小华"), name_face("王𠮷")) == ("serif", "sans")
