"""Take the pictures of the README from a running demonstration.

    bin/demo &  python scripts/take_pictures.py [http://127.0.0.1:8000]
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "a lantern over the quiet river"  # of the demonstration


def open_page(browser: Browser, locale: str) -> Page:
    """A desk's window in a language."""
    return browser.new_context(viewport={"width": 1280, "height": 860}, locale=locale).new_page()


def sign_in_as_officer(page: Page, base: str, address: str) -> None:
    """Password, then the code that the demonstration shows."""
    page.goto(f"{base}/demo/codes")
    row = page.get_by_role("row", name=re.compile(rf"(^|\s){re.escape(address)}"))
    code = re.findall(r"\b\d{6}\b", row.first.inner_text())[-1]
    page.goto(f"{base}/sign-in")
    page.fill("#email", address)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("#code", code)
    page.click("main button[type=submit]")


def main(base: str) -> None:
    """Write start.png and case.png."""
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = open_page(browser, "en-GB")
        page.goto(base)
        page.screenshot(path=FOLDER / "start.png")
        page = open_page(browser, "zh-CN")
        sign_in_as_officer(page, base, "reviewer@demo.example")
        page.locator("tbody a").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / "case.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
