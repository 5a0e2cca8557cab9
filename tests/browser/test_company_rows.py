"""An agent of a company fills a list of invoices: with and without scripts, by mouse and by the Enter key."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, Live, NewPage
from tests.browser.pages import answer, heading, press, sign_in, type_into
from tests.client import PortalClient
from tests.factories.city import PASSWORD
from tests.factories.companies import agent_answers, fill_company
from tests.factories.journey import start

ROW = "fitout_invoices-{}-invoice_{}"
SECOND = "24502000000066000002"


def invoices(page: Page) -> list[str]:
    """The numbers that stand in the rows."""
    return [field.input_value() for field in page.locator('[name^="fitout_invoices-"][name$="-invoice_number"]').all()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_rows_come_and_go_and_enter_saves(scripts: bool, live: Live, new_page: NewPage) -> None:
    email = live.applicant("秦岚")
    client = PortalClient(live.app).sign_in(email, PASSWORD)
    ref = start(client, scheme="office_fitout")
    fill_company(client, ref, "office_fitout", agent_answers())
    page = new_page("zh", DESK, java_script_enabled=scripts)
    sign_in(page, email)
    page.goto(f"/applications/{ref}/pages/cost")
    first = invoices(page)[0]

    page.locator('button[name="add_row"][value="fitout_invoices"]').click()
    expect(page.locator(f'[name="{ROW.format(2, "number")}"]')).to_be_visible()
    answer(
        page,
        {
            ROW.format(2, "number"): "24502000000099009901",
            ROW.format(2, "seller"): "云江筑景装饰工程有限公司",
            ROW.format(2, "issued_on-year"): "2026",
            ROW.format(2, "issued_on-month"): "3",
            ROW.format(2, "issued_on-day"): "2",
            ROW.format(2, "amount"): "1000",
        },
    )
    page.locator('button[name="remove_row"][value="fitout_invoices-1"]').click()
    expect(page.locator(f'[name="{ROW.format(1, "number")}"][value="{SECOND}"]')).to_have_count(0)
    expect(page.locator('[name^="fitout_invoices-"][name$="-invoice_number"]')).to_have_count(2)  # the page is there
    assert invoices(page) == [first, "24502000000099009901"]

    # Enter in a field of a row saves and goes on; it presses none of the buttons that stand before it.
    field = page.locator('[name^="fitout_invoices-"][name$="-invoice_amount"]').last
    type_into(field, "60000")
    field.press("Enter")
    expect(heading(page)).not_to_have_text("费用、发票和支付")
    page.goto(f"/applications/{ref}/pages/cost")
    assert invoices(page) == [first, "24502000000099009901"]
    expect(page.locator('[name^="fitout_invoices-"][name$="-invoice_amount"]').last).to_have_value("60000.00")
    page.goto(f"/applications/{ref}/check")
    table = page.locator(".portal-summary-rows", has_text="装修发票").first
    expect(table.get_by_text("24502000000099009901")).to_be_visible()
    press_next = page.get_by_role("button", name="提交", exact=True)
    expect(press_next).to_be_visible()
    press(page, "提交")
    expect(heading(page)).to_have_text("已提交，等待受理")
