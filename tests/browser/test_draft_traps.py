"""What people do to a draft: go back, open it twice, press twice, switch scripts off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from housing_portal.applications.models import Application, Submission
from housing_portal.core.db import db
from tests.browser.conftest import DESK, Live, NewPage
from tests.browser.pages import (
    answer,
    follow,
    hand_over,
    hand_over_everything,
    heading,
    press,
    reference_in,
    sign_in,
    type_into,
)
from tests.browser.prepared import draft
from tests.factories.answers import good_pages

PAGES = good_pages()


def test_going_back_shows_what_was_saved_and_saving_again_is_fine(live: Live, new_page: NewPage) -> None:
    email = live.applicant("返回")
    ref = draft(live, email)
    page = new_page("zh")
    sign_in(page, email)
    page.goto(f"/applications/{ref}/pages/bank")
    answer(page, {"bank_branch": "滨江支行"})
    press(page, "保存并继续")
    expect(heading(page)).to_have_text("申请材料")
    page.go_back()
    expect(heading(page)).to_have_text("收款账户")
    expect(page.locator("[name=bank_branch]")).to_have_value("滨江支行")
    answer(page, {"bank_branch": "临江支行"})
    press(page, "保存并继续")
    expect(heading(page)).to_have_text("申请材料")
    page.goto(f"/applications/{ref}/pages/bank")
    expect(page.locator("[name=bank_branch]")).to_have_value("临江支行")


def test_a_second_tab_is_told_and_loses_nothing(live: Live, new_page: NewPage) -> None:
    email = live.applicant("两个窗口")
    ref = draft(live, email)
    first = new_page("zh")
    sign_in(first, email)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"/applications/{ref}/pages/bank")
    answer(first, {"bank_branch": "第一支行"})
    press(first, "保存并继续")
    expect(heading(first)).to_have_text("申请材料")

    answer(second, {"bank_branch": "第二支行"})
    press(second, "保存并继续")
    expect(second.get_by_text("此页已在另一个窗口保存")).to_be_visible()
    expect(second.get_by_text("第一支行")).to_be_visible()
    expect(second.locator("[name=bank_branch]")).to_have_value("第二支行")
    press(second, "保存并继续")
    expect(heading(second)).to_have_text("申请材料")
    first.goto(f"/applications/{ref}/pages/bank")
    expect(first.locator("[name=bank_branch]")).to_have_value("第二支行")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_sending_twice_makes_one_application(scripts: bool, live: Live, new_page: NewPage) -> None:
    email = live.applicant("双击")
    ref = draft(live, email)
    page = new_page("zh", java_script_enabled=scripts)
    sign_in(page, email)
    page.goto(f"/applications/{ref}/check")
    page.get_by_role("button", name="提交", exact=True).dblclick()
    expect(heading(page)).to_have_text("已提交，等待受理")
    assert reference_in(page) == ref
    with live.app.app_context():
        query = select(func.count()).select_from(Submission).join(Submission.application)
        assert db.session.scalar(query.where(Application.ref == ref)) == 1


def test_without_scripts_the_whole_draft_and_every_upload_work(live: Live, new_page: NewPage) -> None:
    email = live.applicant("无脚本")
    page = new_page("zh", DESK, java_script_enabled=False)
    sign_in(page, email)
    page.goto("/applications/start/rent_by_education")
    page.locator("#district").select_option(label="临江区")
    press(page, "开始")
    follow(page, "继续填写：身份信息")
    answer(page, PAGES["identity"] | {"identity_mobile": "12"})
    press(page, "保存并继续")
    expect(page.get_by_role("heading", name="请检查以下内容")).to_be_visible()
    expect(page.locator("#identity_mobile")).to_have_value("12")
    type_into(page.locator("#identity_mobile"), PAGES["identity"]["identity_mobile"])
    press(page, "保存并继续")
    for code in ("education", "employment", "household", "lease", "bank"):
        answer(page, PAGES[code])
        press(page, "保存并继续")
    expect(heading(page)).to_have_text("申请材料")
    hand_over(page, "lease", "不是文件.pdf", "application/pdf", b"no pdf at all", refused=True)
    hand_over_everything(page)
    follow(page, "继续")
    answer(page, PAGES["declaration"])
    press(page, "保存并继续")
    expect(heading(page)).to_have_text("核对填写内容")
    press(page, "提交")
    expect(heading(page)).to_have_text("已提交，等待受理")


def test_what_was_sent_while_signed_out_comes_back(live: Live, new_page: NewPage) -> None:
    email = live.applicant("退出")
    ref = draft(live, email)
    page = new_page("zh", refusals=True)
    sign_in(page, email)
    page.goto(f"/applications/{ref}/pages/bank")
    answer(page, {"bank_branch": "快下班支行"})
    page.context.clear_cookies()
    press(page, "保存并继续")
    expect(heading(page)).to_have_text("页面打开时间过长")
    sign_in(page, email)
    page.goto(f"/applications/{ref}/pages/bank")
    expect(page.locator("[name=bank_branch]")).not_to_have_value("快下班支行")
    press(page, "恢复内容")
    expect(page.locator("[name=bank_branch]")).to_have_value("快下班支行")
    press(page, "保存并继续")
    expect(heading(page)).to_have_text("申请材料")


def test_questions_that_do_not_apply_stay_out_of_sight(live: Live, new_page: NewPage) -> None:
    email = live.applicant("护照")
    ref = draft(live, email)
    page = new_page("zh")
    sign_in(page, email)
    page.goto(f"/applications/{ref}/pages/identity")
    expect(page.get_by_text("国籍")).to_be_hidden()
    page.locator("[name=identity_document_type]").select_option("passport")
    expect(page.get_by_text("国籍")).to_be_visible()
