"""What people do on the portal's pages, in their own words. Each helper leaves the person on the next page."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pyotp
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.factories.answers import NEEDED_SLOTS
from tests.factories.city import PASSWORD, TOTP_SECRET
from tests.factories.files import jpeg, pdf

PICTURES = os.environ.get("TEST_PICTURES")  # a folder: keep a picture of each page that a test looks at
REFERENCE = re.compile(r"/applications/([0-9A-Z]{26})")


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like now, if somebody asked for pictures."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def heading(page: Page) -> Locator:
    """The one heading that says where the person is."""
    return page.get_by_role("heading", level=1)


def press(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name, exact=True).click()


def link(page: Page, name: str) -> Locator:
    """The link of that name; some links look like buttons, and call themselves so."""
    button = page.get_by_role("button", name=name, exact=True).and_(page.locator("a"))
    return page.get_by_role("main").get_by_role("link", name=name, exact=True).or_(button)


def follow(page: Page, name: str) -> None:
    """Follow the link of that name."""
    link(page, name).first.click()


def type_into(field: Locator, text: str) -> None:
    """Key by key, as a hand does, over what stands there."""
    field.click()
    field.press("ControlOrMeta+a")
    field.press("Delete")
    field.press_sequentially(text)


def answer(page: Page, answers: Mapping[str, str]) -> None:
    """Fill the fields of a page by the names of their inputs."""
    for name, text in answers.items():
        field = page.locator(f'[name="{name}"]')
        kind = field.first.get_attribute("type")
        if kind == "radio":
            page.locator(f'[name="{name}"][value="{text}"]').check()
        elif kind == "checkbox":
            field.check()
        elif field.evaluate("input => input.tagName") == "SELECT":
            field.select_option(text)
        else:
            type_into(field, text)


def reload_until(page: Page, there: Locator, seconds: float = 30) -> None:
    """Look again until the worker has done its part."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            there.first.wait_for(timeout=500)
            return
        except TimeoutError:
            assert time.monotonic() < deadline, f"it never came: {there}"
            page.reload()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Address and password, from the sign-in page; works in both languages."""
    if not page.url.endswith("/sign-in") and "/sign-in?" not in page.url:
        page.goto("/sign-in")
    type_into(page.locator("#email"), email)
    type_into(page.locator("#password"), password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: not url.rstrip("/").endswith("/sign-in"))


def sign_in_as_officer(page: Page, email: str) -> None:
    """Address and password, then the one-time code on a page of its own."""
    sign_in(page, email)
    expect(heading(page)).to_have_text(re.compile("One-time code|一次性验证码"))
    type_into(page.locator("#code"), pyotp.TOTP(TOTP_SECRET).now())
    page.locator("main form button[type=submit]").click()
    expect(heading(page)).to_have_text(re.compile("Work queue|待办案件|Workbench|政策工作台"))


def speak(page: Page, lang: str) -> None:
    """Choose the language by the button in the header, if it is not chosen yet."""
    if not page.url.startswith("http"):
        page.goto("/")
    button = page.locator(f".portal-language button[value={lang}]")
    if button.count():
        button.click()
        button.wait_for(state="detached")


def mail_to(page: Page, email: str, subject: str) -> Locator:
    """The newest mail to this address with this subject, on the demonstration's page of mails."""
    page.goto("/demo/mail")
    found = page.locator("article").filter(has_text=email).filter(has=page.get_by_role("heading", name=subject))
    reload_until(page, found)
    return found.first


def hand_over(page: Page, slot: str, name: str, kind: str, data: bytes, *, refused: bool = False) -> None:
    """Choose a file for one document and press the button under it."""
    section = page.locator(f"#slot-{slot}")
    section.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    section.locator(".portal-file__form button").click()
    if refused:
        expect(section.locator(".govuk-error-message")).to_be_visible()
        return
    expect(section.get_by_role("link", name=name, exact=True)).to_be_visible()
    see_picture(section.locator("img").last)


def hand_over_everything(page: Page) -> None:
    """A photo of the identity card; scans of everything else."""
    for slot in NEEDED_SLOTS:
        if slot == "identity_document":
            hand_over(page, slot, "身份证照片.jpg", "image/jpeg", jpeg())
        else:
            hand_over(page, slot, f"{slot}.pdf", "application/pdf", pdf())


def see_picture(image: Locator) -> None:
    """A picture that was really drawn, not the sign of a broken one."""
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("img => img.naturalWidth") > 100


def reference_in(page: Page) -> str:
    """The reference of the application that is open."""
    found = REFERENCE.search(page.url)
    assert found, page.url
    return found.group(1)


def download(page: Page, source: Locator) -> bytes:
    """Follow a link that hands over a file."""
    with page.expect_download() as waiting:
        source.click()
    return Path(waiting.value.path()).read_bytes()


TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((part) => part.getBoundingClientRect().right > width + 1)
    .slice(-3)
    .map((part) => part.outerHTML.slice(0, 120));
}"""


def scrolls_sideways(page: Page) -> list[str]:
    """What makes the page wider than its window; nothing when it fits."""
    return list(page.evaluate(TOO_WIDE))
