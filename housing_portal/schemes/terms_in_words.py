"""Keys and conditions of a scheme file as words: for people who compare versions and never read the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from housing_portal.schemes.facts import Fact, fact_dictionary
from housing_portal.schemes.text import Text

# What a key means, as part of "Rule … : wording".
KEYS: dict[str, Text] = {
    "title": Text(zh="名称", en="title"),
    "summary": Text(zh="简介", en="summary"),
    "offers": Text(zh="支持内容", en="what it offers"),
    "takes": Text(zh="办理时间", en="how long it takes"),
    "legal_basis": Text(zh="依据", en="legal basis"),
    "number": Text(zh="文号", en="number"),
    "fair_competition_review_no": Text(zh="公平竞争审查编号", en="fair competition review number"),
    "responsible_office": Text(zh="责任单位", en="responsible office"),
    "valid_from": Text(zh="生效日期", en="first day"),
    "valid_to": Text(zh="截止日期", en="last day"),
    "audience": Text(zh="对象", en="audience"),
    "kind": Text(zh="类别", en="kind"),
    "scope": Text(zh="范围", en="scope"),
    "sample": Text(zh="示例标记", en="sample mark"),
    "workflow": Text(zh="办理流程", en="procedure"),
    "clocks": Text(zh="办理时限（工作日）", en="working days of a step"),
    "quota": Text(zh="名额", en="quota"),
    "places": Text(zh="名额数", en="places"),
    "per": Text(zh="计算范围", en="counted per"),
    "order": Text(zh="轮候顺序", en="order of the waiting list"),
    "windows": Text(zh="受理时段", en="window of application"),
    "opens": Text(zh="开始", en="opens"),
    "closes": Text(zh="结束", en="closes"),
    "districts": Text(zh="适用区县", en="district"),
    "budget_line": Text(zh="预算科目", en="budget line"),
    "precheck": Text(zh="资格预检", en="pre-check"),
    "pages": Text(zh="申请页面", en="page"),
    "facts": Text(zh="问题", en="question"),
    "purpose": Text(zh="收集目的", en="why it is asked"),
    "required": Text(zh="必填", en="required"),
    "hint": Text(zh="提示", en="hint"),
    "help": Text(zh="说明", en="help"),
    "documents": Text(zh="申请材料", en="document"),
    "least": Text(zh="最少份数", en="least files"),
    "most": Text(zh="最多份数", en="most files"),
    "accept": Text(zh="文件格式", en="file types"),
    "issued_within_days": Text(zh="开具后有效天数", en="days since it was issued"),
    "when": Text(zh="适用情形", en="in which case"),
    "rules": Text(zh="条件", en="rule"),
    "clause": Text(zh="条款", en="clause"),
    "words": Text(zh="表述", en="wording"),
    "mend": Text(zh="补救办法", en="how to mend it"),
    "test": Text(zh="判断标准", en="condition"),
    "reason": Text(zh="理由代码", en="code of the reason"),
    "reasons": Text(zh="不予批准理由", en="reason of refusal"),
    "benefit": Text(zh="补贴标准", en="benefit"),
    "amount": Text(zh="金额", en="amount"),
    "table": Text(zh="标准表", en="table"),
    "values": Text(zh="数值", en="value"),
    "yuan": Text(zh="金额", en="amount"),
    "rate": Text(zh="比例", en="rate"),
    "by": Text(zh="依据项", en="depends on"),
    "phases": Text(zh="阶段", en="phase"),
    "periods": Text(zh="期数", en="months or years"),
    "longer": Text(zh="延长", en="extension"),
    "more": Text(zh="延长期数", en="more months or years"),
    "caps": Text(zh="封顶", en="cap"),
    "active": Text(zh="启用", en="switched on"),
    "market": Text(zh="市场租金", en="market rent"),
    "rent": Text(zh="优惠租金", en="preferential rent"),
    "unit": Text(zh="单位", en="unit"),
    "after_months": Text(zh="批准后月数", en="months after approval"),
    "every_months": Text(zh="间隔月数", en="every so many months"),
    "within_months": Text(zh="期限（月）", en="within so many months"),
    "case_by_case": Text(zh="一事一议情形", en="case by case"),
    "schemes": Text(zh="政策", en="scheme"),
    "effect": Text(zh="处理方式", en="effect"),
    "once": Text(zh="仅一次", en="only once"),
    "received": Text(zh="已享受月数", en="months already received"),
    "limits": Text(zh="期限限制", en="limit of the period"),
    "exclusions": Text(zh="不可同时享受", en="exclusion"),
    "group": Text(zh="组别", en="group"),
    "tranches": Text(zh="分期", en="tranche"),
    "share": Text(zh="份额", en="share"),
    "reverification": Text(zh="复核", en="reverification"),
    "clawback": Text(zh="追缴", en="recovery"),
    "papers": Text(zh="文书", en="paper"),
    "body": Text(zh="正文", en="text"),
    "acceptance": Text(zh="受理通知书", en="acceptance notice"),
    "not_accepted": Text(zh="不予受理决定书", en="decision of non-acceptance"),
    "correction": Text(zh="补正通知书", en="correction notice"),
    "approval": Text(zh="审核结果通知书（批准）", en="result notice, approved"),
    "refusal": Text(zh="审核结果通知书（不予批准）", en="result notice, refused"),
    "certificate": Text(zh="资格证书", en="certificate"),
}
# The same key means something else under a benefit.
_OF_BENEFIT: dict[str, Text] = {
    "most": Text(zh="最长期限", en="longest period"),
    "number": Text(zh="数值", en="number"),
    "to": Text(zh="上至", en="up to"),
}
_WORDS: dict[str, Text] = {
    "==": Text(zh="为", en="is"),
    "!=": Text(zh="不为", en="is not"),
    ">=": Text(zh="不少于", en="at least"),
    "<=": Text(zh="不超过", en="at most"),
    ">": Text(zh="大于", en="more than"),
    "<": Text(zh="小于", en="less than"),
    "in": Text(zh="属于", en="one of"),
    "and": Text(zh="，且", en="and"),
    "or": Text(zh="，或", en="or"),
    "not": Text(zh="并非", en="not"),
    "true": Text(zh="是", en="yes"),
    "false": Text(zh="否", en="no"),
    "(": Text(zh="（", en="("),
    ")": Text(zh="）", en=")"),
    ",": Text(zh="、", en=","),
}
_TOKEN = re.compile(r'"[^"]*"|[a-z_][a-z0-9_.]*|[0-9.]+|[<>=!]=|[<>(),]')


def key_in_words(key: str, section: str = "") -> Text:
    """What a key of the file is called, under a top key; an unknown one keeps its name."""
    if section == "benefit" and key in _OF_BENEFIT:
        return _OF_BENEFIT[key]
    return KEYS.get(key) or Text(zh=key, en=key.replace("_", " "))


def condition_in_words(condition: str) -> Text:
    """A condition as a sentence: ``education.level in ["master"]`` is "Education level one of Master"."""
    fact: Fact | None = None
    zh: list[str] = []
    en: list[str] = []
    for token in _TOKEN.findall(condition):
        found = fact_dictionary().get(token)
        if found is not None:
            fact, words = found, found.label
        elif token in _WORDS:
            words = _WORDS[token]
        else:
            words = _value(fact, token.strip('"'))
        zh.append(words.zh)
        en.append(words.en)
    return Text(zh="".join(zh).removeprefix("，") or "—", en=_joined(en) or "—")


def _value(fact: Fact | None, value: str) -> Text:
    if fact is not None and value in fact.choices:
        return fact.choices[value]
    if fact is not None and fact.unit is not None:
        return Text(zh=value + fact.unit.zh, en=f"{value} {fact.unit.en}")
    return Text(zh=value or "—", en=value or "—")


def _joined(words: Sequence[str]) -> str:
    sentence = " ".join(word for word in words if word)
    return sentence.replace("( ", "(").replace(" )", ")").replace(" ,", ",")
