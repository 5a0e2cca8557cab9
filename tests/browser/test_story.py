"""One rent subsidy from the first visit to a certificate that a landlord checks, and one refusal.

The practitioner reads Chinese on a phone; the officers read English on a desk.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pypdfium2
import zxingcpp
from playwright.sync_api import Page, expect

from housing_portal.core import clock
from tests.browser.conftest import DESK, Live, NewPage
from tests.browser.pages import (
    answer,
    download,
    follow,
    hand_over,
    hand_over_everything,
    heading,
    mail_to,
    picture,
    press,
    reference_in,
    reload_until,
    see_picture,
    sign_in,
    sign_in_as_officer,
    type_into,
)
from tests.browser.prepared import handed_in, reviewed
from tests.factories.answers import good_pages
from tests.factories.city import PASSWORD
from tests.factories.files import pdf

NAME = "林小满"
EMAIL = "lin.xiaoman@example.com"
ID_NUMBER = "110105199003120045"  # nobody else in the browser tests: a person is granted this support once
CARD = good_pages()["bank"]["bank_card_number"]


def test_one_rent_subsidy(live: Live, new_page: NewPage) -> None:
    intake = live.staff("秦受理", "intake_officer", "reviewer")
    reviewer = live.staff("苏初审", "reviewer")
    approver = live.staff("唐审批", "approver")

    phone = new_page("zh")
    read_the_scheme_and_check(phone)
    open_an_account(phone)
    ref = apply(phone)
    receipt = see_the_receipt_and_what_comes_next(phone)
    assert "回执" in receipt

    desk = new_page("en", DESK)
    sign_in_as_officer(desk, intake)
    examine(desk, ref)
    ask_for_a_correction(desk)
    correct(phone)
    accept(desk, ref)
    cannot_review(desk)
    review(new_page("en", DESK), reviewer, ref)
    approve(new_page("en", DESK), approver, ref)

    serial, code, address = receive_the_certificate(phone, ref)
    anybody_verifies(new_page("zh", DESK), serial, code, address)


def read_the_scheme_and_check(page: Page) -> None:
    page.goto("/")
    picture(page, "story-home")
    follow(page, "全部8项个人政策")
    follow(page, "租房补贴（按学历）")
    expect(page.get_by_text("博士每月1000元、硕士每月900元、本科每月600元")).to_be_visible()
    picture(page, "story-scheme")
    follow(page, "查看是否符合条件")

    answers = {
        "identity_age": "31",
        "education_level": "master",
        "identity_blacklisted": "no",
        "employment_contract_type": "fixed_term",
        **day("employment_contract_end", 900),
        "social_insurance_continuous_months": "4",
        "social_insurance_payer_is_employer": "yes",
        "household_marital_status": "single",
        "household_homes_in_city": "0",
        "household_public_rental_tenancy": "no",
        "household_receives_other_support": "no",
        "household_support_months_received": "0",
        "lease_monthly_rent": "1500",
        "lease_sharers": "2",
        **day("lease_start", -60),
        **day("lease_end", 660),
        "lease_filed": "yes",
        "lease_landlord_is_relative": "no",
        "lease_landlord_is_employer": "no",
        "declaration_authorises_checks": "yes",
    }
    answer(page, answers)
    press(page, "查看结果")
    expect(heading(page)).to_have_text("您目前看来不符合条件")
    expect(page.get_by_text("连续缴费满6个月后可以申请。")).to_be_visible()
    picture(page, "story-precheck-not-met")

    press(page, "修改回答")  # nothing typed before is lost
    expect(page.locator("[name=lease_monthly_rent]")).to_have_value("1500")
    answer(page, {"social_insurance_continuous_months": "15"})
    press(page, "查看结果")
    expect(heading(page)).to_have_text("您可能符合条件，还有事项待确认")  # the employer is for the office to check
    expect(page.get_by_text(re.compile(r"¥750\b")).first).to_be_visible()
    picture(page, "story-precheck-fits")
    follow(page, "申请")
    expect(heading(page)).to_have_text("登录")


def day(name: str, away: int) -> dict[str, str]:
    """Year, month and day of a date so many days away."""
    found = clock.today() + timedelta(days=away)
    return {f"{name}-year": str(found.year), f"{name}-month": str(found.month), f"{name}-day": str(found.day)}


def open_an_account(page: Page) -> None:
    follow(page, "注册账号")
    type_into(page.get_by_label("姓名"), NAME)
    type_into(page.get_by_label("电子邮箱"), EMAIL)
    type_into(page.get_by_label("密码", exact=True), PASSWORD)
    press(page, "注册")
    expect(heading(page)).to_have_text("请查收邮件")
    picture(page, "story-check-mail")
    mail = mail_to(page, EMAIL, "确认您的电子邮箱")
    picture(page, "story-demo-mail")
    mail.get_by_role("link").click()
    press(page, "这是我的邮箱")
    expect(page.get_by_text("邮箱已确认。请登录开始使用。")).to_be_visible()
    sign_in(page, EMAIL)
    expect(heading(page)).to_have_text("我的申请")
    picture(page, "story-no-applications")


def apply(page: Page) -> str:
    """Page by page, with one mistake and one break. Returns the reference."""
    pages = good_pages()
    page.goto("/schemes/rent_by_education")
    follow(page, "申请")
    picture(page, "story-start")
    page.locator("#district").select_option(label="临江区")
    press(page, "开始")
    ref = reference_in(page)
    follow(page, "继续填写：身份信息")

    answer(page, pages["identity"] | {"identity_document_number": ID_NUMBER[:-1] + "1"})
    press(page, "保存并继续")
    expect(page.get_by_role("heading", name="请检查以下内容")).to_be_visible()
    picture(page, "story-mistake")
    wrong = page.locator("#identity_document_number")
    expect(wrong).to_have_value(ID_NUMBER[:-1] + "1")
    page.locator("[data-error-summary] a").first.click()
    expect(wrong).to_be_focused()
    type_into(wrong, ID_NUMBER)
    press(page, "保存并继续")

    for code, title in (("education", "学历信息"), ("employment", "就业与社保")):
        expect(heading(page)).to_have_text(title)
        answer(page, pages[code])
        press(page, "保存并继续")

    expect(heading(page)).to_have_text("家庭与住房")
    answer(page, {"household_marital_status": "single"})
    press(page, "保存，稍后继续")
    expect(page.get_by_text("已保存。您可以随时继续。")).to_be_visible()
    picture(page, "story-overview")
    page.goto("/")
    page.goto("/applications/")  # another day
    follow(page, "租房补贴（按学历）")
    follow(page, "继续填写：家庭与住房")
    expect(page.locator("[name=household_marital_status][value=single]")).to_be_checked()
    for code in ("household", "lease", "bank"):
        answer(page, pages[code])
        press(page, "保存并继续")

    expect(heading(page)).to_have_text("申请材料")
    hand_over_everything(page)
    picture(page, "story-documents")
    follow(page, "继续")
    answer(page, pages["declaration"])
    picture(page, "story-declaration")
    press(page, "保存并继续")

    expect(heading(page)).to_have_text("核对填写内容")
    picture(page, "story-check")
    page.get_by_role("link", name="修改 岗位").click()
    answer(page, {"employment_post": "软件架构师"})
    press(page, "保存并继续")
    expect(heading(page)).to_have_text("核对填写内容")
    expect(page.get_by_text("软件架构师")).to_be_visible()
    press(page, "提交")
    expect(heading(page)).to_have_text("已提交，等待受理")
    return ref


def see_the_receipt_and_what_comes_next(page: Page) -> str:
    """Reference, next actor and day; returns the text of the receipt."""
    link = page.get_by_role("link", name="回执")
    reload_until(page, link)
    expect(page.locator("main code, main .portal-code").first).to_contain_text(reference_in(page)[:5])
    following = page.locator(".portal-timeline__event--future")
    expect(following).to_contain_text("受理窗口")
    expect(following).to_contain_text(re.compile(r"20\d\d年\d+月\d+日前"))
    picture(page, "story-status")
    return text_of(download(page, link))


def text_of(paper: bytes) -> str:
    """Everything that can be selected in a PDF."""
    document = pypdfium2.PdfDocument(paper)
    return "\n".join(sheet.get_textpage().get_text_range() for sheet in document)


def examine(page: Page, ref: str) -> None:
    picture(page, "story-queue")
    page.get_by_role("searchbox").fill(ref)  # others of the same name may be waiting
    press(page, "Find")
    page.get_by_role("row", name=re.compile(NAME)).get_by_role("link", name=NAME).click()
    expect(heading(page)).to_contain_text(NAME)
    text = page.content()
    assert ID_NUMBER not in text
    assert CARD not in text
    assert ID_NUMBER[-2:] in page.get_by_role("main").inner_text()
    see_picture(page.locator(".portal-viewer__page:visible").first)
    page.get_by_role("tab", name="Bank card").click()
    see_picture(page.locator(".portal-viewer__page:visible").first)
    trace = page.locator("section", has=page.get_by_role("heading", name="What the rules say"))
    expect(trace.get_by_text("To be checked")).to_be_visible()  # what needs a look comes first
    trace.get_by_text("15 rules are met").click()
    expect(trace.get_by_text("Article 5(3)").first).to_be_visible()
    support = page.locator("section", has=page.get_by_role("heading", name="Support if you approve today"))
    expect(support.get_by_text("¥750").first).to_be_visible()
    picture(page, "story-case")


def ask_for_a_correction(page: Page) -> None:
    form = page.locator("form", has=page.get_by_role("heading", name="Ask for a correction"))
    asked = (("Lease", "Area", "面积与合同不一致，请核对。"), ("Documents", "Bank card", "照片不清晰，请重新上传。"))
    for group, label, words in asked:
        form.locator("summary", has_text=group).click()
        item = form.locator(".portal-correct").filter(has=page.get_by_label(label, exact=True))
        item.get_by_role("checkbox").check()
        type_into(item.get_by_role("textbox"), words)
    picture(page, "story-ask-correction")
    press(page, "Check before you ask")
    expect(heading(page)).to_have_text("Check before you ask")
    expect(page.get_by_text("面积与合同不一致，请核对。")).to_be_visible()
    picture(page, "story-check-correction")
    press(page, "Ask for the correction")
    expect(page.get_by_text("The applicant is asked for a correction.")).to_be_visible()
    expect(page.get_by_text("The applicant has the file")).to_be_visible()


def correct(page: Page) -> None:
    page.goto("/inbox")
    reload_until(page, page.get_by_role("heading", name="请补正您的申请"))
    picture(page, "story-inbox")
    page.get_by_role("button", name="打开 请补正您的申请").click()
    expect(page.get_by_text("面积与合同不一致，请核对。").first).to_be_visible()
    picture(page, "story-correction")
    follow(page, "现在补正")
    assert page.get_by_role("link", name="身份信息").count() == 0  # only what must be mended is open
    follow(page, "租赁信息")
    answer(page, {"lease_area": "48"})
    press(page, "保存并继续")
    expect(heading(page)).to_have_text("申请材料")
    hand_over(page, "bank_card", "银行卡清晰.pdf", "application/pdf", pdf(2))
    follow(page, "核对填写内容")
    press(page, "提交")
    expect(heading(page)).to_have_text("已提交，等待受理")


def accept(page: Page, ref: str) -> None:
    page.goto(f"/staff/cases/{ref}")
    changes = page.get_by_role("table", name="What the correction changed")
    expect(changes.get_by_role("row").filter(has_text="45").filter(has_text="48")).to_be_visible()
    expect(changes.get_by_role("row").filter(has_text="银行卡清晰")).to_be_visible()
    picture(page, "story-difference")
    press(page, "Accept the application")
    expect(page.get_by_text("Accepted. The reviewer is next.")).to_be_visible()


def cannot_review(page: Page) -> None:
    expect(page.get_by_text("You acted on this case at an earlier stage.")).to_be_visible()
    assert page.get_by_role("button", name="File the opinion").count() == 0


def review(page: Page, officer: str, ref: str) -> None:
    sign_in_as_officer(page, officer)
    page.goto(f"/staff/cases/{ref}")
    page.get_by_label("Approve", exact=True).check()
    type_into(page.get_by_label("Opinion", exact=True), "All papers agree.")
    press(page, "File the opinion")
    expect(page.get_by_text("Your opinion is on file. The approver is next.")).to_be_visible()


def approve(page: Page, officer: str, ref: str) -> None:
    sign_in_as_officer(page, officer)
    page.goto(f"/staff/cases/{ref}")
    expect(page.get_by_text("All papers agree.", exact=True)).to_be_visible()
    press(page, "Check before you approve")
    expect(heading(page)).to_have_text("Check before you approve")
    picture(page, "story-check-approval")
    press(page, "Approve")
    expect(page.get_by_text("Approved. The certificate is being made.")).to_be_visible()
    reload_until(page, page.get_by_role("link", name="Eligibility certificate"))
    picture(page, "story-approved-officer")


def receive_the_certificate(page: Page, ref: str) -> tuple[str, str, str]:
    """Told on the page and by mail; returns serial, code and the address of the QR code."""
    page.goto("/inbox")
    reload_until(page, page.get_by_role("heading", name="您的申请已获批准"))
    mail_to(page, EMAIL, "您的申请已获批准")
    page.goto(f"/applications/{ref}/status")
    assert "All papers agree" not in page.content()  # an opinion is for colleagues
    link = page.get_by_role("link", name="资格证书")
    reload_until(page, link)
    picture(page, "story-approved")
    paper = download(page, link)
    text = text_of(paper)
    assert NAME in text
    assert "¥750" in text
    serial = re.search(r"YJ-\d{6}-\d{4}-C-\d{6}", text)
    assert serial
    sheet = pypdfium2.PdfDocument(paper)[0].render(scale=3).to_pil()
    (mark,) = zxingcpp.read_barcodes(sheet)
    assert mark.text.startswith(page.url.partition("/applications")[0] + "/verify/")
    return serial.group(), mark.text.rpartition("/")[2], mark.text


def anybody_verifies(page: Page, serial: str, code: str, address: str) -> None:
    page.goto(address)
    genuine(page, serial)
    picture(page, "story-verified")
    page.goto("/verify")
    type_into(page.get_by_label("编号", exact=True), serial.lower())
    type_into(page.get_by_label("核验码"), code.lower())
    press(page, "核验")
    genuine(page, serial)
    other = "7" if code[-1] != "7" else "8"
    page.goto(f"/verify/{serial}/{code[:-1]}{other}")
    expect(heading(page)).to_have_text("没有这份文书")
    page.goto("/verify")
    type_into(page.get_by_label("编号", exact=True), serial)
    type_into(page.get_by_label("核验码"), code[:-1] + other)
    press(page, "核验")
    expect(page.get_by_text("没有编号和核验码都相符的文书。")).to_be_visible()


def genuine(page: Page, serial: str) -> None:
    expect(heading(page)).to_have_text(serial)
    # Support begins with the month after the decision, so today the paper is genuine and about to begin.
    expect(page.get_by_text(re.compile("真实有效|真实，但尚未生效")).first).to_be_visible()
    text = page.content()
    assert NAME not in text
    assert NAME[0] in page.get_by_role("main").inner_text()
    assert ID_NUMBER not in text
    assert ID_NUMBER[-4:] not in text.replace(serial, "")


def test_a_refusal_names_its_clauses_and_both_remedies(live: Live, new_page: NewPage) -> None:
    email = live.applicant("韩不符")
    ref = handed_in(live, email)
    reviewed(live, ref)
    desk = new_page("en", DESK)
    sign_in_as_officer(desk, live.staff("何审批", "approver"))
    desk.goto(f"/staff/cases/{ref}")
    press(desk, "Check before you refuse")
    expect(desk.get_by_text("Choose at least one reason.").first).to_be_visible()
    desk.get_by_label(re.compile("Article 7")).check()
    desk.get_by_label(re.compile("Article 11")).check()
    type_into(desk.get_by_label("Explanation for the applicant"), "查询结果显示配偶名下有一套住房。")
    picture(desk, "story-refuse")
    press(desk, "Check before you refuse")
    expect(heading(desk)).to_have_text("Check before you refuse")
    follow(desk, "Go back and change")
    expect(desk.get_by_label("Explanation for the applicant")).to_have_value("查询结果显示配偶名下有一套住房。")
    press(desk, "Check before you refuse")
    press(desk, "Propose to refuse")
    expect(desk.get_by_text("It takes effect when another approver confirms it.")).to_be_visible()

    # The rules find both conditions met, so a second person has to sign.
    second = new_page("en", DESK)
    sign_in_as_officer(second, live.staff("唐审批", "approver"))
    second.goto(f"/staff/cases/{ref}")
    expect(second.get_by_role("heading", name="Proposed: refusal against the rules")).to_be_visible()
    picture(second, "story-confirm")
    press(second, "Confirm the refusal")
    expect(second.get_by_text("Confirmed. The decision is taken, and its paper is being made.")).to_be_visible()

    phone = new_page("zh")
    sign_in(phone, email)
    phone.goto(f"/applications/{ref}/status")
    letter = phone.get_by_role("link", name="审核结果通知书")
    reload_until(phone, letter)
    picture(phone, "story-refused")
    text = re.sub(r"\s+", "", text_of(download(phone, letter)))
    for words in (
        "第七条",
        "第十一条",
        "查询结果显示配偶名下有一套住房。",
        "60日内",
        "行政复议",
        "6个月内",
        "行政诉讼",
    ):
        assert words in text, words
