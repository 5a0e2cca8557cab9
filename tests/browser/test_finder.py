"""A visitor on a phone finds what fits, and carries the answers away in a link."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Live, NewPage
from tests.browser.pages import answer, follow, heading, press
from tests.browser.test_accessibility import complaints

FIRST = {
    "identity_age": "28",
    "education_level": "master",
    "education_tier": "none",
    "identity_blacklisted": "no",
    "employment_contract_type": "open_ended",
    "social_insurance_continuous_months": "13",
    "social_insurance_payer_is_employer": "yes",
    "household_homes_in_city": "0",
    "household_public_rental_tenancy": "no",
    "household_receives_other_support": "no",
    "household_support_months_received": "0",
}
MORE = {
    "settlement_first_time_in_district": "yes",
    "settlement_similar_grants_received": "0",
    "education_graduation_date-year": "2019",
    "education_graduation_date-month": "6",
    "education_graduation_date-day": "30",
}


def test_from_questions_to_a_link_that_another_browser_opens(live: Live, new_page: NewPage) -> None:
    phone = new_page("zh", permissions=["clipboard-read", "clipboard-write"])
    phone.goto("/")
    follow(phone, "查看可享受的政策")
    follow(phone, "个人")
    answer(phone, FIRST)
    expect(phone.locator("[name='employment_contract_end-year']")).to_be_hidden()  # open-ended: it has no end
    press(phone, "查看我可享受的政策")
    expect(heading(phone)).to_have_text("8项政策中，您可能符合6项")
    assert complaints(phone, "zh", "first-result") == []

    answer(phone, MORE)
    press(phone, "更新结果")
    expect(heading(phone)).to_have_text("8项政策中，您可能符合5项")
    expect(phone.locator(".portal-best")).to_contain_text("安家补贴")
    expect(phone.locator(".portal-best")).to_contain_text("¥20,000")
    assert complaints(phone, "zh", "second-result") == []

    press(phone, "复制含答案的链接")
    expect(phone.get_by_role("button", name="链接已复制")).to_be_visible()
    link = phone.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{live.url}/find/practitioner#a=")
    assert "csrf" not in link

    open_the_link(new_page("zh"), link)


def open_the_link(page: Page, link: str) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(link)
    expect(page.locator("[name=identity_age]")).to_have_value("28")
    expect(page.locator("[name=education_level][value=master]")).to_be_checked()
    expect(page.locator("[name='education_graduation_date-year']")).to_be_visible()  # its fold is open
    expect(page.locator("[name='education_graduation_date-year']")).to_have_value("2019")
    expect(page).to_have_url(re.compile(r"/find/practitioner$"))  # no answers in the address or the history
    assert not [request.url for request in asked if "28" in request.url.partition("/find")[2] or "%3D" in request.url]
    press(page, "查看我可享受的政策")
    expect(heading(page)).to_have_text("8项政策中，您可能符合5项")


def test_without_javascript_everything_works_but_the_link(new_page: NewPage) -> None:
    page = new_page("en", java_script_enabled=False)
    page.goto("/find/practitioner")
    for name, text in FIRST.items():
        field = page.locator(f'[name="{name}"]')
        if field.first.get_attribute("type") == "radio":
            page.locator(f'[name="{name}"][value="{text}"]').check()
        elif field.evaluate("input => input.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
    press(page, "Show what I can get")
    expect(heading(page)).to_have_text("6 of 8 kinds of support may be open to you")
    expect(page.locator("[data-share]")).to_be_hidden()
    press(page, "Change my answers")
    expect(page.locator("[name=identity_age]")).to_have_value("28")


def test_hr_on_a_phone(new_page: NewPage) -> None:
    page = new_page("zh")
    page.goto("/find/staff")
    answer(page, {"master": "4", "bachelor": "6", "renting": "5", "rent_share": "750"})
    press(page, "查看估算")
    expect(heading(page)).to_have_text("员工和企业政策估算")
    expect(page.locator("tr").filter(has_text="租房补贴（按学历）")).to_contain_text("¥39,600")
    assert complaints(page, "zh", "staff-result") == []
