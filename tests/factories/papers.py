"""Cases as papers see them: ordinary, with the longest values, with rare characters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from housing_portal.casework.queries import CaseForPaper
from housing_portal.certificates.context import Stamp
from housing_portal.certificates.serials import LETTERS

ORDINARY = CaseForPaper(
    case_id=1,
    application_id=1,
    reference="7KQ2M9XT4BWD3HN5VRCA8FJ6PE",
    user_id=1,
    language="zh",
    district_id=1,
    district_code="500101",
    district_name={"zh": "云江市星河区", "en": "Xinghe District, Yunjiang"},
    office={
        "zh": "星河区经济和信息化委员会",
        "en": "Xinghe District Commission of Economy and Information Technology",
    },
    holder_name="王小华",
    id_type="resident_id",
    id_number="500101199003071234",
    scheme_code="rent_by_education",
    scheme_title={"zh": "软件人才租房补贴", "en": "Rent subsidy for software practitioners, by education"},
    certificate_title={"zh": "租房补贴资格证书", "en": "Certificate of eligibility for rent subsidy"},
    legal_basis={
        "zh": "《云江市软件和信息服务业人才住房支持办法（示例）》第六条、第九条",
        "en": "Yunjiang Measures for Housing Support to Software Talent (sample), articles 6 and 9",
    },
    fair_competition_review_no=None,
    submitted_at=datetime(2026, 11, 2, 1, 4, tzinfo=UTC),
    submission_number=1,
    submission_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    document_names=[
        "身份证.pdf",
        "学位证书.pdf",
        "劳动合同.pdf",
        "租赁合同 lease-2026.pdf",
        "家庭住房查询结果.pdf",
    ],
    next_actor={"zh": "星河区受理窗口", "en": "Intake office of Xinghe District"},
    next_due=date(2026, 11, 9),
    decided_at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    outcome="approved",
    amount_month=Decimal("900"),
    months=36,
    first_month=date(2026, 12, 1),
    benefit_lines=[],
    reasons=[
        {
            "code": "P0.social_insurance_months",
            "clause": {"zh": "第六条第（三）项", "en": "Article 6 (3)"},
            "text": {
                "zh": "在本单位连续缴纳社会保险满6个月；登记记录为4个月。",
                "en": "Social insurance at this employer for 6 months without a break; found: 4 months.",
            },
        },
        {
            "code": "P0.no_home",
            "clause": {"zh": "第六条第（五）项", "en": "Article 6 (5)"},
            "text": {
                "zh": "申请人、配偶及未成年子女在本市无住房；查询结果显示配偶名下有1套住房。",
                "en": "No home in the city of the applicant, spouse or minor children; the spouse has one.",
            },
        },
    ],
    remark="您在社会保险满6个月后可以重新申请。\nYou may apply again after 6 months of insurance.",
)
LONG = replace(
    ORDINARY,
    holder_name="Maximiliana-Alexandrina Featherstonehaugh-Cholmondeley de Sá",
    id_type="passport",
    id_number="X12345678",
    office={
        "zh": "云江市两江星河软件产业园区管理委员会人才服务与住房保障局",
        "en": "Bureau of Talent Services and Housing, Administrative Committee of the Xinghe Software Park",
    },
    scheme_title={
        "zh": "软件和信息技术服务业高层次人才按用人单位主营业务收入分档租房补贴",
        "en": "Rent subsidy for senior talent in software and IT services, by main-business revenue",
    },
    legal_basis={
        "zh": "《云江市软件和信息服务业人才住房支持办法（示例）》第六条第（一）至（七）项、第九条第二款、"
        "第十四条；《星河区实施细则（示例）》第三条、第八条第（二）项",
        "en": "Yunjiang Measures for Housing Support to Software Talent (sample), article 6 (1) to (7), "
        "article 9 (2), article 14; Xinghe District Implementation Rules (sample), article 3, article 8 (2)",
    },
    fair_competition_review_no="YJ-FCR-2026-00017",
    amount_month=Decimal("57500.50"),
)
COMPANY = replace(
    LONG,
    holder_name="云江市星河启智远华腾新联合创新软件技术与人工智能信息服务（集团）"
    "股份有限公司两江新区星河软件园第一研发中心分公司北区一部",
    id_type="uscc",
    id_number="91500112MA5U0A1B7D",
)
ONCE = replace(
    ORDINARY,
    holder_name="阿依古丽·买买提",
    scheme_title={"zh": "安家补贴", "en": "Settlement grant"},
    certificate_title={"zh": "安家补贴资格证书", "en": "Certificate of eligibility for a settlement grant"},
    amount_month=None,
    months=None,
    first_month=None,
    benefit_lines=[
        {
            "zh": "一次性补贴¥104,000：现付50%，就业满12个月后付50%",
            "en": "One-off grant of ¥104,000: 50% now, 50% after 12 months in employment",
        },
    ],
)
RARE = replace(ORDINARY, holder_name="犇赟珺𠮷")
UNCOVERED = replace(ORDINARY, holder_name="王𭎂")
MANY_REASONS = replace(LONG, outcome="refused", reasons=ORDINARY.reasons * 6)
MANY_DOCUMENTS = replace(COMPANY, document_names=[f"发票 invoice-{number:03d}.pdf" for number in range(60)])
CODE = "S79NXJ54THVDB2QPCECY5NB698"


def stamp(kind: str, *, sample: bool = True) -> Stamp:
    """What issuing a paper of that kind would add."""
    serial = f"YJ-500101-2026-{LETTERS[kind]}-000123"
    return Stamp(
        serial=serial,
        code=CODE,
        verify_url=f"https://portal.example/verify/{serial}/{CODE}",
        issued_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
        sample=sample,
    )
