"""What people and attackers type: a clear answer, nothing lost, nothing that acts on a page that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from housing_portal.accounts.models import District
from housing_portal.applications.models import Application, DraftPage, Submission
from housing_portal.casework.models import Case
from housing_portal.core.db import db
from tests.client import PortalClient
from tests.factories.answers import good_pages
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, fill, run_worker, send, start, step
from tests.integration.casework.test_two_at_once import at_once

MARKUP = "<script>alert(1)</script>{{7*7}}{% raw %}%(x)s&lt;"
HOSTILE = {
    "a million characters": "x" * 1_000_000,
    "NUL": "a\0b",
    "bidi": "a\u202eb\u2066c",
    "markup": MARKUP,
    "quotes": "\"' autofocus data-x='\">",
    "sql": "'; DROP TABLE application; --",
    "format": "%s %d {0} {x} %(name)s ${7*7} #{7*7}",
    "emoji and rare": "👩‍💻𭎂𠮷\ufffd",
    "digits of other scripts": "²٣१",
}
PAGES = sorted(good_pages())
TEXT_FIELD = re.compile(r'<(?:input|textarea)\b[^>]*\bname="([^"]+)"[^>]*>')
NO_TEXT = re.compile(r'type="(?:hidden|radio|checkbox|submit|file)"|name="search"')


def page_path(ref: str, code: str) -> str:
    """Where a page of the form is."""
    return f"/applications/{ref}/pages/{code}"


def text_of(answer: TestResponse) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def text_fields(client: PortalClient, ref: str, code: str) -> list[str]:
    """Names of the inputs of a page into which anything can be typed."""
    body = client.get(page_path(ref, code)).get_data(as_text=True)
    found = (match for match in TEXT_FIELD.finditer(body) if not NO_TEXT.search(match.group(0)))
    return [match.group(1) for match in found]


def choices(client: PortalClient, ref: str, code: str) -> set[str]:
    """Names of the radios, checkboxes and selects of a page."""
    body = client.get(page_path(ref, code)).get_data(as_text=True)
    tags = re.findall(r"<(?:input|select)\b[^>]*>", body)
    chosen = (tag for tag in tags if tag.startswith("<select") or re.search('type="(?:radio|checkbox)"', tag))
    return {found.group(1) for tag in chosen if (found := re.search(r'\bname="([^"]+)"', tag))}


def save(client: PortalClient, ref: str, code: str, expect: int = 303, **typed: str) -> TestResponse:
    """Send a page with some answers changed; ``version`` is the page_version, 0 at first."""
    version = typed.pop("version", "0")
    return client.post(page_path(ref, code), {"page_version": version, **good_pages()[code], **typed}, expect)


def version_of(answer: TestResponse) -> str:
    """The page_version that a shown page would send."""
    found = re.search(r'name="page_version" value="(\d+)"', answer.get_data(as_text=True))
    assert found is not None
    return found.group(1)


@pytest.fixture
def draft(app: Flask, city: City) -> tuple[PortalClient, str]:
    """An empty draft of the practitioner."""
    client = as_applicant(app, city)
    return client, start(client)


# -- any text in any field ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("code", [code for code in PAGES if code != "declaration"])
def test_whatever_is_typed_is_answered_clearly_and_kept(draft: tuple[PortalClient, str], code: str, kind: str) -> None:
    """In every text field of the page at once: no error page, each value still there, escaped."""
    client, ref = draft
    text, fields = HOSTILE[kind], text_fields(client, ref, code)
    assert len(fields) >= 3
    answer = save(client, ref, code, None, **dict.fromkeys(fields, text))  # type: ignore[arg-type]
    assert answer.status_code in (303, 422)
    shown = client.get(page_path(ref, code)).get_data(as_text=True)
    assert "<script>alert" not in shown
    assert "49%" not in shown
    dates = sum("-year" in name or "-month" in name or "-day" in name for name in fields)
    kept = shown.count(str(escape(text)))
    assert kept >= len(fields) - dates


@pytest.mark.parametrize("code", PAGES)
def test_a_choice_that_is_not_offered_is_no_choice(draft: tuple[PortalClient, str], code: str) -> None:
    client, ref = draft
    for name in choices(client, ref, code):
        answer = save(client, ref, code, None, **{name: MARKUP})
        assert answer.status_code in (303, 409, 422), name
        assert "<script>alert" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 5000, "1.5", "\0"])
def test_a_page_version_that_somebody_edited(draft: tuple[PortalClient, str], version: str) -> None:
    client, ref = draft
    save(client, ref, "bank", version=version)


def test_the_search_for_an_employer_takes_any_text(draft: tuple[PortalClient, str]) -> None:
    client, _ref = draft
    for text in HOSTILE.values():
        asked = dict.fromkeys(("q", "employment_employer_name"), text[:5000])
        answer = client.get("/companies/search", query_string=asked)
        assert "<script>alert" not in answer.get_data(as_text=True)


def test_markup_is_text_wherever_it_is_shown(app: Flask, city: City) -> None:
    """Free texts may hold anything; the applicant, officers, letters and mails see it as it was typed."""
    client = as_applicant(app, city)
    pages = good_pages()
    free = {
        "identity": "identity_address",
        "education": "education_school",
        "employment": "employment_post",
        "lease": "lease_address",
        "bank": "bank_branch",
    }
    for code, field in free.items():
        pages[code][field] = MARKUP
    ref = start(client)
    fill(client, ref, pages)
    seen = [client.get(f"/applications/{ref}/check")]
    send(client, ref)
    run_worker(app)
    intake = as_staff(app, city.intake)
    seen += [client.get(f"/applications/{ref}/{page}") for page in ("status", "handed-in")]
    seen.append(intake.get(f"/staff/cases/{ref}"))
    step(intake, ref, "accept", "accept", note=MARKUP)
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="refuse", opinion=MARKUP)
    step(as_staff(app, city.approver), ref, "refuse", "refuse", reasons="R12", remark=MARKUP)
    run_worker(app)
    seen += [client.get(f"/applications/{ref}/status"), client.get("/inbox")]
    seen.append(as_staff(app, city.auditor).get(f"/staff/cases/{ref}"))
    for answer in seen:
        body = answer.get_data(as_text=True)
        assert "<script>alert" not in body
        assert "49{%" not in body
    assert all(str(escape(MARKUP)) in seen[number].get_data(as_text=True) for number in (0, 2, 3, 4, 6))
    links = re.findall(r'href="(/papers/[^"]+)"', seen[4].get_data(as_text=True))
    letters = [pypdfium2.PdfDocument(client.get(path).data) for path in dict.fromkeys(links)]
    words = "".join(page.get_textpage().get_text_range() for letter in letters for page in letter)
    assert "{{7*7}}" in words


# -- numbers and dates ----------------------------------------------------------------------------

WRONG = [
    ("identity", {"identity_document_number": "110105194912310021"}, "A character is wrong or two are swapped", "填错"),
    ("identity", {"identity_document_number": "110105491231002"}, "old number with 15 digits", "15位"),
    ("identity", {"identity_document_number": "11010520230230002X"}, "must be a date of birth", "出生"),
    ("identity", {"identity_mobile": "12345678901"}, "has 11 digits and starts with 13 to 19", "11位"),
    ("identity", {"identity_email": "lin@"}, "Enter an e-mail address such as", "邮箱"),
    ("identity", {"identity_name": "林小满2"}, "without digits or other signs", "数字"),
    ("education", {"education_graduation_date-month": "2", "education_graduation_date-day": "31"},
     "That month does not have this day", "没有"),
    ("education", {"education_graduation_date-year": "2999"}, "The date cannot be later than today", "今天"),
    ("education", {"education_graduation_date-month": "13"}, "Enter a month from 1 to 12", "12"),
    ("education", {"education_graduation_date-day": ""}, "Enter the day as well", "日"),
    ("employment", {"employment_employer_uscc": "91500112MA5U0A1B7E"},
     "One character of the Unified Social Credit Code is wrong", "统一社会信用代码"),
    ("employment", {"employment_contract_end-year": "2001"}, "The contract cannot end before it starts", "合同"),
    ("employment", {"social_insurance_continuous_months": "590"}, "more months than have passed", "月"),
    ("household", {"household_minor_children": "-1"}, "Enter a whole number, such as 6", "整数"),
    ("household", {"household_minor_children": "13"}, "Enter a number from 0 to 12", "12"),
    ("lease", {"lease_end-year": "2001"}, "The lease cannot end before it starts", "租期"),
    ("lease", {"lease_monthly_rent": "1e6"}, "Enter a number with at most two decimals", "两位小数"),
    ("lease", {"lease_monthly_rent": "0"}, "Enter a number from 1 to", "1"),
    ("bank", {"bank_card_number": "6222021234567890129"}, "A digit is wrong or two are swapped", "填错"),
    ("bank", {"bank_holder": "别人"}, "The account must be in your own name", "本人"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "typed", "english", "chinese"), WRONG)
def test_a_mistake_is_named_at_its_field_and_kept(
    app: Flask, city: City, lang: str, code: str, typed: dict[str, str], english: str, chinese: str
) -> None:
    client = as_applicant(app, city, lang)
    ref = start(client)
    if code == "bank":
        save(client, ref, "identity")
    answer = save(client, ref, code, 422, **typed)
    errors = " ".join(re.findall(r'class="govuk-error-message">(.*?)</p>', answer.get_data(as_text=True), re.S))
    assert {"en": english, "zh": chinese}[lang] in errors
    shown = client.get(page_path(ref, code)).get_data(as_text=True)
    for name, text in typed.items():
        assert re.search(rf'name="{re.escape(name)}"[^>]*value="{re.escape(text)}"', shown) or not text, name


# -- drafts ---------------------------------------------------------------------------------------


def test_leaving_with_a_mistake_and_coming_back(draft: tuple[PortalClient, str]) -> None:
    """"Save and finish later" takes what is there, right or wrong."""
    client, ref = draft
    answer = save(client, ref, "bank", bank_card_number="6222 wrong", later="1")
    assert answer.location.endswith(f"/applications/{ref}")
    shown = client.get(page_path(ref, "bank")).get_data(as_text=True)
    assert 'value="6222 wrong"' in shown
    assert "林小满" in shown
    overview = text_of(client.get(f"/applications/{ref}"))
    assert "In progress" in overview or "Not complete" in overview


def test_two_tabs_on_one_page_the_second_is_told(draft: tuple[PortalClient, str], app: Flask) -> None:
    client, ref = draft
    seen = version_of(client.get(page_path(ref, "bank")))
    save(client, ref, "bank", version=seen, bank_branch="第一个标签页")
    told = save(client, ref, "bank", 409, version=seen, bank_branch="第二个标签页")
    assert "This page was saved in another tab" in text_of(told)
    assert "第一个标签页" in text_of(told)
    assert 'value="第二个标签页"' in told.get_data(as_text=True)
    assert saved(app, "bank")["bank_branch"] == "第一个标签页"
    save(client, ref, "bank", version=version_of(told), bank_branch="第二个标签页")
    assert saved(app, "bank")["bank_branch"] == "第二个标签页"


def test_two_tabs_with_different_mistakes(draft: tuple[PortalClient, str], app: Flask) -> None:
    """Neither value passes, so no answer differs; the second is told nevertheless."""
    client, ref = draft
    save(client, ref, "bank", 422, bank_card_number="111")
    told = save(client, ref, "bank", 409, bank_card_number="222")
    assert "This page was saved in another tab" in text_of(told)
    assert 'value="222"' in told.get_data(as_text=True)
    assert saved(app, "bank")["bank_card_number"] == "111"
    save(client, ref, "bank", 422, version=version_of(told), bank_card_number="222")
    assert saved(app, "bank")["bank_card_number"] == "222"


def saved(app: Flask, code: str) -> dict[str, str]:
    """What is stored of a page, as it was typed."""
    with app.app_context():
        typed: dict[str, str] = db.session.scalars(select(DraftPage).where(DraftPage.page == code)).one().typed
        return typed


def test_two_tabs_on_two_pages_do_not_meet(draft: tuple[PortalClient, str], app: Flask) -> None:
    client, ref = draft
    for code in ("bank", "lease", "identity"):
        client.get(page_path(ref, code))
    for code in ("identity", "lease", "bank"):
        save(client, ref, code)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(DraftPage).where(DraftPage.complete)) == 3


def test_back_and_send_the_same_again(draft: tuple[PortalClient, str]) -> None:
    """The back button shows the old page with its old version: the same answers are no quarrel."""
    client, ref = draft
    save(client, ref, "bank")
    save(client, ref, "bank", version="0")


def test_sent_twice_with_one_key_is_one_application(app: Flask, city: City) -> None:
    """Twelve at once is tested with the cases, on both engines; here the second click comes after the first."""
    client = as_applicant(app, city)
    ref = start(client)
    fill(client, ref)
    for _click in range(3):
        send(client, ref)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1


def test_begun_twelve_times_at_once_is_one_draft(app_on_both: Flask, city_on_both: City) -> None:
    """An impatient person at the start button."""
    app = app_on_both
    client = as_applicant(app, city_on_both)
    token, cookie = client.token(), client.http.get_cookie("portal")
    assert cookie is not None
    with app.app_context():
        district = db.session.scalars(select(District.id).order_by(District.id)).first()

    def begin() -> None:
        browser = app.test_client()
        browser.set_cookie("portal", cookie.value)
        form = {"district": str(district), "csrf_token": token}
        answer = browser.post("/applications/start/rent_by_education", data=form)
        assert answer.status_code == 303, answer.status_code

    at_once([begin] * 12)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Application)) == 1


# -- when something goes wrong --------------------------------------------------------------------

ERRORS = {
    404: {"en": ("Page not found", "Check the address"), "zh": ("找不到该页面", "请核对是否有误")},
    "csrf": {"en": ("This page was open for too long", "offered again"), "zh": ("页面打开时间过长", "供您恢复")},
    413: {"en": ("The file is too large", "send a smaller file"), "zh": ("文件过大", "较小")},
    500: {"en": ("Something went wrong on our side", "Try again in a few"), "zh": ("系统出现故障", "几分钟后再试")},
}


def assert_says(answer: TestResponse, code: int | str, lang: str) -> None:
    """What happened and what to do, in the reader's language only, with a number to quote."""
    words = text_of(answer)
    for part in ERRORS[code][lang]:
        assert part in words
    for part in ERRORS[code]["zh" if lang == "en" else "en"]:
        assert part not in words
    assert re.search(r"[0-9a-f]{16}", words)


def test_an_unknown_page(app: Flask, city: City, lang: str) -> None:
    client = as_applicant(app, city, lang)
    ref = start(client)
    for path in ("/nowhere", f"/applications/{ref}/pages/nowhere", "/applications/" + "A" * 26):
        assert_says(client.get(path, 404), 404, lang)


def test_an_expired_form(app: Flask, city: City, lang: str) -> None:
    """Also one that was sent from a session that has ended."""
    client = as_applicant(app, city, lang)
    ref = start(client)
    answer = client.http.post(page_path(ref, "bank"), data=good_pages()["bank"])
    assert answer.status_code == 400
    assert_says(answer, "csrf", lang)
    wrong = client.http.post(page_path(ref, "bank"), data={**good_pages()["bank"], "csrf_token": "x" * 60})
    assert wrong.status_code == 400
    assert "bank_card_number" not in client.get(f"/applications/{ref}").get_data(as_text=True)


def test_a_request_that_is_too_large(app: Flask, city: City, lang: str) -> None:
    client = as_applicant(app, city, lang)
    ref = start(client)
    body = b"csrf_token=x&bank_branch=" + b"x" * 26_000_000
    answer = client.http.post(page_path(ref, "bank"), data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert_says(answer, 413, lang)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A view that fails with a person's number in the message."""
    secret = "number 11010519491231002X"

    def fail(_application: Application) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("housing_portal.applications.views.progress_of", fail)
    return secret


def test_an_internal_error_is_logged_under_the_number_that_the_person_sees(
    app: Flask, city: City, lang: str, broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = as_applicant(app, city, lang)
    ref = start(client)
    answer = client.get(f"/applications/{ref}", 500)
    assert_says(answer, 500, lang)
    body = answer.get_data(as_text=True)
    assert broken not in body
    assert "Traceback" not in body
    number = re.search(r"[0-9a-f]{16}", text_of(answer))
    assert number is not None
    lines = [line for line in capsys.readouterr().out.splitlines() if "internal_error" in line]
    assert number.group(0) in lines[-1]
    assert '"endpoint": "applications.overview"' in lines[-1]
