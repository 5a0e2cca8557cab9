"""Invented people, each with the answers of every page."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from pypinyin import lazy_pinyin

from scripts.test_data import numbers
from scripts.test_data.stories import STORIES

SEED = 20260901
MAIL = "demo.example"


@dataclass(frozen=True)
class Person:
    """What makes one person different from the next. ``email`` is made from the name when it is empty."""

    name: str
    female: bool
    born: str
    document: str = "resident_id"
    number: str = ""
    nationality: str = ""
    email: str = ""
    language: str = "zh"
    level: str = "bachelor"
    married: bool = False
    children: int = 0
    studied: str = "mainland"
    mistakes: tuple[tuple[str, Any], ...] = ()


HOME_OWNER = (
    ("household.homes_in_city", 1),
    (
        "household.homes",
        [
            {
                "home.address": "云江市云麓区麓山路20号2幢501室",
                "home.owner": "applicant",
                "home.area": "89",
                "home.registered": True,
            }
        ],
    ),
)
OTHER_SUPPORT = (
    ("household.receives_other_support", True),
    ("household.other_support_details", "毕业生租房补贴，云江市人社局"),
)
SHORT_INSURANCE = (("social_insurance.continuous_months", 4), ("social_insurance.first_month", {"months": -4}))
NOT_FILED = (("lease.filing_no", None),)

PEOPLE = (
    Person("林小满", True, "1995-05-21", email="practitioner", level="master"),
    Person("顾清和", False, "1999-11-02", email="newcomer"),
    Person("王小华", False, "1990-03-07", email="approved", level="phd", married=True, children=1),
    Person("赵晚晴", True, "1993-08-15", email="refused", mistakes=HOME_OWNER),
    Person("周子墨", False, "1996-01-30", email="correction", level="master", mistakes=NOT_FILED),
    Person("Anna-Sofia Müller", True, "1991-07-12", "passport", "C01X00T47", "Germany", "foreign", "en", "master",
           studied="abroad"),
    Person("Rajesh Kumar Iyer", False, "1989-12-01", "passport", "Z0000417", "India", language="en", level="phd",
           married=True, studied="abroad"),
    Person("Søren Åkesson", False, "1987-02-18", "passport", "NO0000028", "挪威", level="master", studied="abroad"),
    Person("Maximiliana-Alexandrina Featherstonehaugh-Cholmondeley de Sá", True, "1994-04-09",
           "foreign_permanent_resident", "GBR990094040901", "英国", email="maximiliana", level="phd", studied="abroad"),
    Person("佐藤美咲", True, "1992-10-25", "foreign_permanent_resident", "", "日本", level="master"),
    Person("陈嘉慧", True, "1994-06-14", "residence_permit", "hong_kong", level="master", studied="hmt"),
    Person("何志豪", False, "1992-09-03", "residence_permit", "macau", studied="hmt"),
    Person("林佳颖", True, "1995-12-19", "residence_permit", "taiwan", level="master", studied="hmt"),
    Person("黄俊杰", False, "1990-05-05", "travel_permit_hm", "H00000017", level="bachelor", studied="hmt"),
    Person("卢慧敏", True, "1997-03-28", "travel_permit_hm", "M00000042", studied="hmt"),
    Person("吴宗翰", False, "1993-01-11", "travel_permit_tw", "00000318", level="phd", studied="hmt"),
    Person("阿依古丽·买买提", True, "1996-08-08", level="master"),
    Person("迪力木拉提·艾合买提", False, "1994-02-17", married=True, children=2),
    Person("扎西多吉", False, "1995-09-09"),
    Person("娜仁托娅", True, "1998-04-22", level="master"),
    Person("宋喆", False, "1992-12-12", level="master"),
    Person("田堃", False, "1991-06-30", married=True),
    Person("苏珺", True, "1997-07-07"),
    Person("郑镕", False, "1990-10-01", level="phd"),
    Person("许昇", False, "1995-03-16"),
    Person("范犇", False, "1989-05-29", married=True, children=1),
    Person("彭赟", False, "1993-11-23", level="master"),
    Person("梁頔", True, "1996-02-04"),
    Person("蒋玥彧", True, "1998-09-27", level="master"),
    Person("沈翀", False, "1994-07-18"),
    Person("王𭎂", True, "1997-01-25"),
    Person("欧阳明远", False, "1988-08-28", level="phd", married=True, children=2),
    Person("司徒静怡", True, "1995-10-10", level="master", mistakes=OTHER_SUPPORT),
    Person("刘思源", True, "1999-02-13"),
    Person("张三", False, "1998-12-24"),
    Person("李娜", True, "1992-04-17", married=True),
    Person("杨帆", False, "1996-06-06", level="master", mistakes=SHORT_INSURANCE),
    Person("徐静", True, "1994-09-19"),
    Person("孙浩然", False, "1997-11-30", level="master"),
    Person("马晓东", False, "1990-01-08", married=True, children=1),
    Person("朱雨桐", True, "1998-05-14"),
    Person("胡一诺", True, "1999-08-01", level="bachelor"),
    Person("罗成", False, "1993-03-03", level="master"),
    Person("高远", False, "1991-12-20", mistakes=HOME_OWNER),
    Person("谢雨晴", True, "1996-10-18", level="master"),
)  # fmt: skip

ROADS = ("滨江路", "书院路", "软件大道", "银杏街", "青石巷", "望川大道", "云桥路", "稻香路")
POSTS = ("后端工程师", "前端工程师", "测试工程师", "算法研究员", "数据分析师", "产品经理", "嵌入式工程师", "运维工程师")
LANDLORDS = ("周建国", "钱桂芳", "冯志强", "褚秀兰", "卫国平", "韩冬梅")
BANKS = (("云江银行", "临江支行"), ("云江农村商业银行", "软件园支行"), ("星河商业银行", "云江分行营业部"))
SCHOOLS = {
    "mainland": ("云江大学", "云江理工学院", "西岚师范大学", "北岭交通大学"),
    "hmt": ("维港大学", "濠江大学", "玉山大学"),
    "abroad": ("University of Lindenau", "Fjordheim Institute of Technology", "Northgate University"),
}
DEGREES = {"phd": "doctor", "master": "master", "bachelor": "bachelor"}
AGE_AT_DEGREE = {"phd": 28, "master": 25, "bachelor": 22}
MOST_DISTRICTS = ("500901", "500902", "500903", "500901", "500902", "500901")


def practitioners(companies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everybody, the accounts of the demo first."""
    chance = random.Random(SEED)
    return [_practitioner(number, person, companies, chance) for number, person in enumerate(PEOPLE)]


def _practitioner(
    number: int, person: Person, companies: list[dict[str, Any]], chance: random.Random
) -> dict[str, Any]:
    email = f"{person.email or _mailbox(person.name)}@{MAIL}"
    district = "500901" if number < 6 else MOST_DISTRICTS[number % len(MOST_DISTRICTS)]
    road, house = chance.choice(ROADS), chance.randint(1, 188)
    answers = (
        _identity(number, person, email, f"云江市{road}{house}号")
        | _education(number, person, chance)
        | _employment(number, companies, chance)
        | _household(number, person)
        | _lease(number, person, f"云江市{road}{house}号{chance.randint(1, 9)}幢{chance.randint(2, 28)}02室", chance)
        | _other_schemes(number, person)
        | {
            "bank.holder": person.name,
            "bank.card_number": numbers.bank_card(1000 + number * 37, 19 if number % 3 else 16),
            "bank.bank_name": BANKS[number % len(BANKS)][0],
            "bank.branch": BANKS[number % len(BANKS)][1],
            "identity.blacklisted": False,
            "declaration.authorises_checks": True,
            "declaration.true_and_complete": True,
            "declaration.reports_changes": True,
        }
    )
    answers.update(person.mistakes)
    kept = {fact: value for fact, value in answers.items() if value is not None}
    return {
        "email": email,
        "name": person.name,
        "language": person.language,
        "district": district,
        "stories": [_story(*story) for story in STORIES[person.name]],
        "answers": kept,
    }


def _story(kind: str, ago: int, scheme: str = "rent_by_education") -> dict[str, Any]:
    return {"kind": kind, "workdays_ago": ago, "scheme": scheme}


def _mailbox(name: str) -> str:
    plain = "".join(lazy_pinyin(name.replace("𭎂", "lian"))) if not name.isascii() else name
    plain = plain.lower().replace("·", ".").replace("å", "a").replace("ø", "o")
    return ".".join(plain.split())


def _identity(number: int, person: Person, email: str, address: str) -> dict[str, Any]:
    born = date.fromisoformat(person.born)
    dated = person.document in ("resident_id", "residence_permit")
    in_city = number % 4 == 0
    if person.document == "resident_id":
        region = numbers.CITY[number % 5] if in_city else numbers.ELSEWHERE[number % 7]
        document = numbers.resident_id(region, born, person.female, number)
    elif person.document == "residence_permit":
        document = numbers.resident_id(numbers.PERMITS[person.number], born, person.female, number)
    else:
        document = person.number or numbers.foreign_permanent_resident(born, person.female, number)
    return {
        "identity.name": person.name,
        "identity.document_type": person.document,
        "identity.document_number": document,
        "identity.document_valid_to": {"days": 900 + number * 11},
        "identity.birth_date": None if dated else person.born,
        "identity.sex": None if dated else ("female" if person.female else "male"),
        "identity.nationality": person.nationality or None,
        "identity.household_registration": ("in_city" if in_city else "elsewhere")
        if person.document == "resident_id"
        else None,
        "identity.address": address,
        "identity.mobile": numbers.mobile(100 + number * 7),
        "identity.email": email,
    }


def _education(number: int, person: Person, chance: random.Random) -> dict[str, Any]:
    year = min(int(person.born[:4]) + AGE_AT_DEGREE[person.level], 2024)
    return {
        "education.level": person.level,
        "education.degree": DEGREES[person.level],
        "education.school": chance.choice(SCHOOLS[person.studied]),
        "education.country": person.studied,
        "education.recognition_number": None if person.studied == "mainland" else f"CSCSE{year}{number:06d}",
        "education.full_time": True,
        "education.graduation_date": f"{year}-06-30",
        "education.certificate_number": f"99999{year}{number:09d}",
    }


def _employment(number: int, companies: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    company = companies[number % len(companies)]
    months, open_ended = 8 + number % 30, number % 7 == 3
    return {
        "employment.employer_name": company["name"],
        "employment.employer_uscc": company["uscc"],
        "employment.post": chance.choice(POSTS),
        "employment.contract_type": "open_ended" if open_ended else "fixed_term",
        "employment.contract_start": {"months": -months},
        "employment.contract_end": None if open_ended else {"months": 14 + number % 22},
        "social_insurance.place": "in_city",
        "social_insurance.payer_uscc": company["uscc"],
        "social_insurance.first_month": {"months": -months},
        "social_insurance.continuous_months": months - number % 2,
    }


def _household(number: int, person: Person) -> dict[str, Any]:
    spouse: dict[str, Any] = {}
    if person.married:
        born = date(int(person.born[:4]) + 1, 2, 3)
        spouse = {
            "household.spouse_name": ("陈" if person.female else "许") + "安宁",
            "household.spouse_document_type": "resident_id",
            "household.spouse_document_number": numbers.resident_id("519994", born, not person.female, 300 + number),
            "household.spouse_employer": "云江市第三小学",
            "household.spouse_authorises_checks": True,
        }
    return {
        "household.marital_status": "married" if person.married else ("divorced" if number % 11 == 10 else "single"),
        **spouse,
        "household.minor_children": person.children,
        **_children(number, person),
        "household.homes_in_city": 0,
        "household.public_rental_tenancy": False,
        "household.receives_other_support": False,
        "household.support_months_received": 6 if number % 9 == 8 else 0,
    }


def _other_schemes(number: int, person: Person) -> dict[str, Any]:
    """What the other schemes ask beside the rent subsidy."""
    tier = "b" if person.level == "phd" else "e" if person.level == "master" else "none"
    return {
        "settlement.first_time_in_district": True,
        "settlement.similar_grants_received": "0",
        "education.professional_title": "intermediate" if number % 3 else "none",
        "education.skill_level": "none",
        "education.tier": tier,
        "education.tier_certificate": None if tier == "none" else f"YJRC2026{number:05d}",
        "apartment.building": "临江人才公寓2号楼",
        "apartment.area": ("45", "60", "75", "100")[number % 4],
        "apartment.market_rent": "38",
        "employment.monthly_pay": "14500",
    }


def _children(number: int, person: Person) -> dict[str, Any]:
    rows = [_child(number, person, child) for child in range(person.children)]
    return {"household.children": rows} if rows else {}


def _child(number: int, person: Person, child: int) -> dict[str, Any]:
    born = date(2016 + 3 * child, 6, 1 + number % 28)
    return {
        "child.name": person.name[0] + ("一诺", "子安", "知夏")[child],
        "child.document_type": "resident_id",
        "child.document_number": numbers.resident_id("500901", born, child % 2 == 0, 700 + 10 * number + child),
        "child.birth_date": born.isoformat(),
    }


def _lease(number: int, person: Person, address: str, chance: random.Random) -> dict[str, Any]:
    landlord = number % len(LANDLORDS)  # several people share one, as in a city
    company = number % 8 == 5
    sharers = 1 if person.married else 1 + number % 3
    return {
        "lease.address": address,
        "lease.area": chance.choice(("28", "36.5", "45", "52", "67.8", "89")),
        "lease.landlord_kind": "company" if company else "person",
        "lease.landlord_name": "云江安居租赁有限公司" if company else LANDLORDS[landlord],
        "lease.landlord_id_number": None
        if company
        else numbers.resident_id("500909", date(1962 + landlord, 3, 4), landlord % 2 == 1, 500 + landlord),
        "lease.landlord_uscc": numbers.uscc("91", "500901", 991) if company else None,
        "lease.landlord_is_relative": False,
        "lease.monthly_rent": str(chance.choice((900, 1200, 1500, 1860, 2400, 3200.5))),
        "lease.sharers": sharers,
        "lease.start": {"days": -40 - number},
        "lease.end": {"months": 11 + number % 14},
        "lease.filing_no": f"YJZL2026{number:06d}",
    }
