"""Two scheme managers change a scheme in the browser, and an applicant with an open draft reads what changed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Live, NewPage
from tests.browser.pages import (
    follow,
    heading,
    picture,
    press,
    reload_until,
    scrolls_sideways,
    sign_in,
    sign_in_as_officer,
    speak,
    type_into,
)
from tests.browser.prepared import draft, handed_in


def test_from_a_draft_to_an_applicant_who_confirms_the_change(live: Live, new_page: NewPage) -> None:
    handed_in(live, live.applicant("早先的"))
    begun_by = live.applicant("有草稿的")
    ref = draft(live, begun_by)

    author = new_page("en", DESK)
    sign_in_as_officer(author, live.manager("沈立章"))
    author.goto("/workbench/schemes/rent_by_education")
    author.get_by_role("button", name=re.compile("Start a draft from version")).first.click()
    place = author.url.rstrip("/")

    # an amount, by the form
    author.goto(f"{place}/form/amounts")
    type_into(author.get_by_label("Amount for master", exact=True), "950")
    press(author, "Save")
    expect(author.get_by_text("Saved.")).to_be_visible()
    author.goto(f"{place}/difference")
    expect(author.get_by_text("950")).to_be_visible()

    # a mistake in the text stands beside its line, and what was typed is kept
    author.goto(f"{place}/text")
    text = author.locator("#source").input_value()
    author.locator("#source").fill(text.replace("master: 950", "master: many"))
    press(author, "Save and check")
    expect(author.get_by_text("This must be a number.")).to_be_visible()
    expect(author.locator(".wb-editor__wrong")).to_have_count(1)
    assert "master: many" in author.locator("#source").input_value()
    author.locator("#source").fill(text)
    press(author, "Save and check")
    expect(author.get_by_text("This must be a number.")).to_have_count(0)

    # on past applications, then to a colleague
    author.goto(place)
    press(author, "Try it on past applications")
    reload_until(author, author.get_by_role("heading", name="Answers that change"))
    author.goto(place)
    type_into(author.get_by_label("What changes, and why"), "Masters get more.")
    press(author, "Propose to a colleague")
    expect(author.get_by_role("button", name="Publish as the next version")).to_have_count(0)

    colleague = new_page("en", DESK)
    sign_in_as_officer(colleague, live.manager("顾思衡"))
    colleague.goto(place)
    expect(colleague.get_by_text("Masters get more.")).to_be_visible()
    press(colleague, "Publish as the next version")
    expect(colleague.get_by_text(re.compile(r"Version \d+ is published"))).to_be_visible()

    # the applicant is told in both languages before anything can be sent
    person = new_page("zh", PHONE)
    sign_in(person, begun_by)
    for lang, words in (("en", "The scheme has changed since you began"), ("zh", "您开始填写后政策已调整")):
        speak(person, lang)
        for size in (PHONE, DESK):
            person.set_viewport_size(size)
            person.goto(f"/applications/{ref}/check")
            expect(person.get_by_role("heading", name=words)).to_be_visible()
            assert scrolls_sideways(person) == []
            picture(person, f"scheme-has-changed-{lang}-{size['width']}")
    expect(person.get_by_role("button", name="提交", exact=True)).to_have_count(0)
    expect(person.get_by_text("¥900 → ¥950")).to_be_visible()
    expect(person.get_by_text("生效日期")).to_have_count(0)  # another day in every version: no news for an applicant
    press(person, "我已阅读，继续")
    person.goto(f"/applications/{ref}")
    follow(person, "核对并提交")
    press(person, "提交")
    expect(heading(person)).to_have_text("已提交，等待受理")
