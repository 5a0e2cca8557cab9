"""What officers write in the demo, in the languages of the people who read it."""

from __future__ import annotations

from housing_portal.casework.service import CorrectionAsked

NOTES = (
    "材料齐全，已核对原件照片。",
    "社保记录与劳动合同单位一致。",
    "租赁备案信息已在系统中查到。",
)
OPINIONS_FOR = (
    "身份、学历、社保和租赁材料相互一致，租赁已备案，家庭在本市无住房。建议批准。",
    "合同剩余期限、社保月数符合要求；本人分摊的租金按合同核对无误。建议批准。",
    "学历证书编号已核验，用人单位在名录内。建议批准。",
)
OPINION_AGAINST = "经核查，有条款规定的条件不符合，见规则核对结果。建议不予批准。"
# Yuan a month, and where the reviewer saw it.
ASSESSED_RENT = ("26600", "区国有资产管理公司2026年评估报告第12页，380平方米，每平方米每月70元。")
REASON_AGAINST_A_RULE = (
    "单位今年更名并更换社保账户，更名前14个月由同一单位连续缴费，"
    "已核对缴费明细和工商变更记录。拟予批准。"
)
REMARK = {
    "zh": "核查结果与您填写的内容一致，但不符合上列条款。情况变化后可以重新申请。",
    "en": "The checks agree with what you stated, but the clauses above are not met. You can apply again later.",
}
# What is asked to be mended: always the filing and the proof of payment.
CORRECTION = {
    "zh": [
        CorrectionAsked("fact", "lease.filing_no", "请填写租赁登记备案号，备案证明上方可以找到。"),
        CorrectionAsked("document", "rent_payment", "收据看不清，请重新扫描，三个月的都要提供。"),
    ],
    "en": [
        CorrectionAsked("fact", "lease.filing_no", "Please enter the filing number; it is at the top of the proof."),
        CorrectionAsked("document", "rent_payment", "The receipt cannot be read. Please scan all three months again."),
    ],
}
FILED_SINCE = "YJZL2026900{number:03d}"
