"""What the style guide shows: content as long, as short and as missing as people make it."""

from decimal import Decimal

from flask_babel import get_locale
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

from housing_portal.core.forms import CheckboxesField, DatePartsField, PortalForm, number_range, required


def chinese() -> bool:
    """Whether the page is asked in Chinese."""
    locale = get_locale()
    return locale is not None and locale.language == "zh"


def say(english: str, hanzi: str) -> str:
    """Sample content in the reader's language; interface texts go through gettext instead."""
    return hanzi if chinese() else english


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
