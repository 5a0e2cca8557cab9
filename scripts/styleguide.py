"""Show every macro of the shell with realistic content, without database or sign-in (development only).

``python scripts/styleguide.py`` serves ``/``, ``/form`` (with mistakes), ``/home``, ``/case`` and
``/error/<code>``; ``?lang=zh`` or ``?lang=en`` chooses the language. ``--shots FOLDER`` saves each page at
1280 and 390 px, light and dark, and reports what axe finds.
"""

import argparse
import logging
import sys
import tempfile
import threading
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, Response, flash, render_template, request
from flask_babel import Babel, get_locale
from flask_wtf.csrf import CSRFProtect
from werkzeug.serving import make_server
from wtforms import (
    BooleanField,
    DecimalField,
    EmailField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, Optional

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from housing_portal.core.forms import CheckboxesField, DatePartsField, PortalForm, number_range, required  # noqa: E402

PACKAGE = ROOT / "housing_portal"


def chinese() -> bool:
    """Whether the page is asked in Chinese."""
    locale = get_locale()
    return locale is not None and locale.language == "zh"


def say(english: str, hanzi: str) -> str:
    """Sample content in the reader's language; interface texts go through gettext instead."""
    return hanzi if chinese() else english


@dataclass
class Person:
    """Whoever is signed in."""

    name: str = "Ouyang Zhetian"
    is_authenticated: bool = True
    is_staff: bool = False


@dataclass
class Item:
    """An entry of the main menu."""

    url: str
    label: str
    current: bool = False


def compile_translations(folder: Path) -> None:
    """Compile translations/zh/*.yaml so that the guide speaks Chinese."""
    catalog = Catalog(locale="zh_Hans_CN")
    for path in sorted((PACKAGE / "translations" / "zh").glob("*.yaml")):
        for english, hanzi in yaml.safe_load(path.read_text("utf-8")).items():
            catalog.add(english, hanzi, flags=["python-format"] if "%(" in english else [])
    target = folder / "zh_Hans_CN" / "LC_MESSAGES"
    target.mkdir(parents=True, exist_ok=True)
    with (target / "messages.mo").open("wb") as stream:
        write_mo(stream, catalog)


def sample_form() -> type[PortalForm]:
    """A form with one field of each kind, in the reader's language."""

    class SampleForm(PortalForm):
        name = StringField(
            say("Full name", "姓名"),
            [required()],
            description=say(
                "As on your identity document, with every character", "与身份证件一致，生僻字请完整填写"
            ),
        )
        email = EmailField(say("E-mail address", "电子邮箱"), [required(), Email()])
        password = PasswordField(
            say("Password", "密码"), description=say("At least 15 characters", "至少15个字符")
        )
        born = DatePartsField(say("Date of birth", "出生日期"), [required()])
        education = RadioField(
            say("Highest degree", "最高学位"),
            [required()],
            choices=[
                SelectChoice("bachelor", say("Bachelor", "学士")),
                SelectChoice("master", say("Master", "硕士")),
                SelectChoice("phd", say("Doctor", "博士")),
            ],
        )
        benefits = CheckboxesField(
            say("Aid that you receive already", "正在享受的支持"),
            [Optional()],
            choices=[
                SelectChoice("rent", say("Rent subsidy of another district", "其他区县的租房补贴")),
                SelectChoice("flat", say("A talent apartment at a preferential rent", "优惠租金的人才公寓")),
                SelectChoice("none", say("None of these", "以上均无")),
            ],
        )
        district = SelectField(
            say("District", "区县"),
            [required()],
            choices=[SelectChoice("a", say("Qinglan", "青岚区")), SelectChoice("b", say("Hebin", "河滨区"))],
        )
        rent = DecimalField(say("Rent that you pay", "您承担的租金"), [required()])
        area = DecimalField(say("Area", "建筑面积"), [Optional()])
        months = IntegerField(say("Months of social insurance", "社保连续缴纳月数"), [number_range(0, 600)])
        reason = TextAreaField(say("Anything that we should know", "需要说明的情况"), [Optional()])
        document = FileField(say("Labour contract", "劳动合同"), description="PDF, JPG, PNG · 10 MB")
        consent = BooleanField(
            say(
                "I have read the privacy notice and agree that these data are checked",
                "我已阅读个人信息告知书，同意核验上述信息",
            ),
            [required()],
        )

    return SampleForm


class UploadForm(PortalForm):
    """The form inside a document card."""

    extra = FileField("File")


def content() -> dict[str, object]:
    """Long, short and missing content for every macro."""
    employer = say(
        "Yunjiang Qinglan Intelligent Manufacturing Software and Information Technology Services Co., Ltd.",
        "云江青岚智造工业软件与信息技术服务（集团）股份有限公司第三研发分公司",
    )
    return {
        "steps": [
            {"title": say("Identity", "身份"), "href": "#"},
            {"title": say("Employment", "就业"), "href": "#"},
            say("Household", "家庭与住房"),
            say("Lease", "租赁"),
            say("Documents", "材料"),
            say("Check and send", "核对并提交"),
        ],
        "tasks": [
            {"title": say("Identity", "身份信息"), "href": "#", "status": "completed"},
            {
                "title": say("Household and homes", "家庭与住房情况"),
                "href": "#",
                "status": "incomplete",
                "hint": say(
                    "Your spouse and minor children are asked for as well", "还需填写配偶与未成年子女"
                ),
            },
            {"title": say("Documents", "上传材料"), "href": "#", "status": "not_started"},
            {"title": say("Check and send", "核对并提交"), "status": "cannot_start"},
        ],
        "statuses": [
            ("draft", say("Draft", "草稿")),
            ("review", say("First review", "初审中")),
            ("correction", say("Answer needed", "待补正")),
            ("approved", say("Approved", "已批准")),
            ("refused", say("Refused", "不予批准")),
            ("unknown", say("Filed", "已归档")),
        ],
        "answers": [
            {
                "key": say("Employer", "用人单位"),
                "value": employer,
                "href": "#",
                "note": say("From the business register, 2 March 2026", "来自工商登记，2026年3月2日"),
            },
            {
                "key": say("Start of the contract", "合同起始日"),
                "value": say("1 July 2024", "2024年7月1日"),
                "href": "#",
            },
            {"key": say("Talent tier", "人才分类"), "value": "", "href": "#"},
            {"key": say("Rent", "租金"), "value": "¥1,850.00"},
        ],
        "rules": [
            {
                "answer": "met",
                "words": say(
                    "You work full time on a contract that runs for 12 months or more",
                    "全日制用工，劳动合同剩余期限不少于12个月",
                ),
                "clause": say("Article 5 (2)", "第五条第（二）项"),
                "left": say("19 months", "19个月"),
                "right": say("at least 12 months", "不少于12个月"),
            },
            {
                "answer": "not_met",
                "words": say("Nobody in your household owns a home in the city", "家庭成员在本市无自有住房"),
                "clause": say("Article 5 (4)", "第五条第（四）项"),
                "left": "1",
                "right": "0",
                "advice": say(
                    "If the home was sold, add the record of the transfer: the check counts from that day.",
                    "如住房已出售，请上传产权转移登记证明，自登记之日起按无房核定。",
                ),
            },
            {
                "answer": "needs_review",
                "words": say(
                    "Your employer earns most of its revenue from software",
                    "用人单位软件业务收入占比不低于50%",
                ),
                "advice": say(
                    "The office checks this. You need not do anything.", "由受理部门核实，您无需操作。"
                ),
            },
        ],
        "amount": Decimal("1850"),
        "events": [
            {
                "title": say("Application sent", "提交申请"),
                "when": say("2 March 2026, 10:24", "2026年3月2日 10:24"),
                "who": say("You", "本人"),
            },
            {
                "title": say("Corrections asked for", "要求补正"),
                "when": say("4 March 2026", "2026年3月4日"),
                "who": say("Intake, Qinglan district", "青岚区受理窗口"),
                "tone": "action",
                "body": say(
                    "The lease has no filing number.\nThe second page of the contract cannot be read.",
                    "租赁合同缺少登记备案号。\n劳动合同第二页无法辨认。",
                ),
            },
            {
                "title": say("Accepted", "受理"),
                "when": say("6 March 2026", "2026年3月6日"),
                "who": say("Intake, Qinglan district", "青岚区受理窗口"),
                "tone": "success",
            },
            {
                "title": say("First review", "初审"),
                "when": say("11 March 2026", "2026年3月11日"),
                "who": say("Reviewer, Software Park sub-district", "软件园街道初审人员"),
                "future": True,
                "body": say("You need not do anything.", "您无需操作。"),
            },
        ],
        "headers": [
            say("Reference", "编号"),
            say("Applicant", "申请人"),
            say("Scheme", "政策"),
            {"text": say("Amount", "金额"), "numeric": True},
            say("Due", "到期"),
            say("Status", "状态"),
        ],
        "rows": [
            [
                {"text": f"YJ-2026-K7QF-{number}", "href": "#"},
                name,
                {
                    "text": say("Rent subsidy by education", "学历租房补贴"),
                    "note": employer if number == 1 else "",
                },
                amount,
                due,
                {"text": words, "status": status},
            ]
            for number, (name, amount, due, status, words) in enumerate(
                [
                    (
                        say("Ouyang Zhetian", "欧阳喆堃"),
                        "¥900.00",
                        "2026-03-12",
                        "review",
                        say("First review", "初审中"),
                    ),
                    (
                        say("Muhammad Abdulrahman al-Bukhari", "买买提·阿卜杜热合曼·布哈里"),
                        "¥1,234,567.00",
                        "2026-03-13",
                        "correction",
                        say("Answer needed", "待补正"),
                    ),
                    (say("Li Na", "李娜"), "", "", "draft", say("Draft", "草稿")),
                ],
                1,
            )
        ],
        "long_file": say(
            "2024-07-01_labour-contract_final_signed_and_stamped_version-3_scan.pdf",
            "2024年7月1日_劳动合同_最终签字盖章版_第三版_扫描件（含补充协议与岗位变更）.pdf",
        ),
        "documents": [
            {
                "id": "contract",
                "title": say("Labour contract", "劳动合同"),
                "note": "contract.pdf",
                "href": "#",
                "pages": ["/page.svg", "/page.svg"],
            },
            {
                "id": "degree",
                "title": say("Degree certificate", "学位证书"),
                "note": "degree.pdf",
                "href": "#",
                "pages": ["/page.svg", "/page.svg"],
            },
            {"id": "lease", "title": say("Lease", "租赁合同"), "note": "lease.pdf", "href": "#"},
        ],
    }


def schemes() -> list[dict[str, str]]:
    """Open schemes for the start page."""
    return [
        {
            "title": say("Rent subsidy by education", "学历租房补贴"),
            "summary": say(
                "Monthly help with rent for software practitioners who rent on the market.",
                "面向在市场租房的软件从业人员，按月补贴租金。",
            ),
            "url": "#",
            "code": "rent_by_education",
            "kind": "rent",
            "amount": say("¥600 to ¥1,000 a month, up to 36 months", "每月600至1,000元，最长36个月"),
        },
        {
            "title": say("Talent apartment", "人才公寓"),
            "summary": say("A furnished flat at 60 % of the market rent.", "拎包入住，租金为市场价的60%。"),
            "url": "#",
            "code": "talent_apartment",
            "kind": "housing",
        },
        {
            "title": say("Office fit-out subsidy", "办公装修补贴"),
            "summary": say(
                "Part of the audited cost of fitting out an office that your company uses itself, paid in two tranches after acceptance.",
                "对企业自用办公用房经审计的装修费用给予部分补贴，验收后分两期拨付。",
            ),
            "url": "#",
            "code": "office_fitout",
            "kind": "furnishing",
            "amount": say("Up to ¥2,000,000", "最高200万元"),
        },
    ]


def create_app(translations: Path) -> Flask:
    """The guide as a small application with the endpoints that the shell links to."""
    app = Flask(__name__, root_path=str(PACKAGE), static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY="guide",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(translations),
    )
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: "en" if request.args.get("lang") == "en" else "zh_Hans_CN")
    signed_in = ("/home", "/error")

    @app.context_processor
    def shell() -> dict[str, object]:
        guest = request.path.startswith(signed_in)
        return {
            "current_user": Person(
                name=say("Ouyang Zhetian", "欧阳喆堃"),
                is_authenticated=not guest,
                is_staff=request.path == "/case",
            ),
            "locale": str(get_locale()),
            "csp_nonce": "guide",
            "nav_items": [
                Item("#", say("Schemes", "政策目录"), guest),
                Item("#", say("My cases", "我的申请"), not guest),
                Item("#", say("My documents", "材料库")),
                Item("#", say("Verify a letter", "文书核验")),
            ],
            "account_items": [
                Item("#", say("My account", "我的账号")),
                Item("#", say("Sign-ins and security", "登录与安全")),
            ],
            "unread_count": 3,
            "say": say,
        }

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self' 'nonce-guide'; style-src 'self'; img-src 'self'; "
            "form-action 'self'; base-uri 'none'"
        )
        return response

    @app.get("/")
    def guide() -> str:
        flash(say("Your draft was saved.", "草稿已保存。"), "success")
        form = sample_form()(
            data={"born": date(1994, 7, 3), "education": "phd", "name": say("Ouyang Zhetian", "欧阳喆堃")}
        )
        return render_template("styleguide.html", form=form, upload=UploadForm(), **content())

    @app.route("/form", methods=["GET", "POST"])
    def mistakes() -> str:
        form = sample_form()(
            data={"email": "someone@"} if request.method == "GET" else None,
            meta={"csrf": False},
        )
        form.validate()
        form.add_error(
            "email", say("Enter an address such as name@example.cn", "请填写有效邮箱，例如 name@example.cn")
        )
        return render_template("styleguide.html", form=form, upload=UploadForm(), **content())

    @app.get("/case")
    def case() -> str:
        return render_template("styleguide_case.html", **content())

    @app.get("/error/<code>")
    def error(code: str) -> str:
        number: int | str = int(code) if code.isdigit() else code
        return render_template("errors/error.html", code=number, error_id="7f3a-91c2-04be", reason=None)

    @app.get("/home")
    def home() -> str:
        return render_template("home.html", schemes=schemes())

    @app.get("/page.svg")
    def page() -> Response:
        lines = "".join(
            f'<rect x="60" y="{90 + 26 * row}" width="{300 + row * 37 % 170}" height="9" fill="#ccd2da"/>'
            for row in range(24)
        )
        return Response(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842">{lines}</svg>',
            mimetype="image/svg+xml",
        )

    endpoints = (
        "core.home core.set_language accounts.sign_in accounts.sign_out accounts.register "
        "notices.inbox schemes.catalogue certificates.verify"
    )
    for endpoint in endpoints.split():
        app.add_url_rule(f"/go/{endpoint}", endpoint, lambda: "", methods=["GET", "POST"])
    app.add_url_rule("/go/precheck/<code>", "schemes.precheck_start", lambda code: code)
    return app


def shoot(address: str, folder: Path, only: str) -> int:
    """Save pictures of all pages and print what axe, the console and the layout complain about."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    pages = {"guide": "/", "form": "/form", "case": "/case", "home": "/home", "error": "/error/404"}
    complaints = 0
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        for scheme in ("light", "dark"):
            for width in (1280, 390):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
                for language in ("zh", "en"):
                    for name, path in pages.items():
                        label = f"{name}-{language}-{width}-{scheme}"
                        if only not in label:
                            continue
                        page = context.new_page()
                        found: list[str] = []
                        page.on(
                            "console", lambda message, found=found: found.append(f"console: {message.text}")
                        )
                        page.on("pageerror", lambda error, found=found: found.append(f"script: {error}"))
                        page.goto(f"{address}{path}?lang={language}")
                        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                            found.append("the page is wider than the window")
                        page.screenshot(path=folder / f"{label}.png", full_page=True)
                        for violation in Axe().run(page).response["violations"]:
                            targets = [node["target"] for node in violation["nodes"]][:4]
                            found.append(f"axe: {violation['id']}: {violation['help']}: {targets}")
                        for text in found:
                            print(f"{label}: {text}")
                        complaints += len(found)
                        page.close()
                context.close()
        browser.close()
    return complaints


def main() -> None:
    """Serve the guide, or take pictures of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5077)
    parser.add_argument("--shots", type=Path, help="folder for the pictures")
    parser.add_argument("--only", default="", help="part of a picture's name, such as home-zh")
    arguments = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        compile_translations(Path(folder))
        server = make_server("127.0.0.1", arguments.port, create_app(Path(folder)), threaded=True)
        if arguments.shots is None:
            print(f"http://127.0.0.1:{arguments.port}/?lang=zh")
            server.serve_forever()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        complaints = shoot(f"http://127.0.0.1:{arguments.port}", arguments.shots, arguments.only)
        server.shutdown()
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
