"""Invented people who act for companies, each with the answers to every question that their schemes ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scripts.test_data import numbers

MAIL = "demo.example"
BUILDINGS = ("云江软件园A座，软件大道1号", "星河科创中心，星河路66号", "滨江云谷3号楼，滨江路200号")
CONTRACTORS = ("云江筑景装饰工程有限公司", "北岭宏图建筑装饰有限公司")
# The same invoice in two applications: officers must see it.
USED_TWICE = "24502000000088001234"


@dataclass(frozen=True)
class Agent:
    """Who acts, for which company of the register, and with which stories."""

    name: str
    email: str
    company: int
    stories: tuple[tuple[str, str, int], ...]  # scheme, kind of story, working days ago
    language: str = "zh"
    post: str = "行政主管"
    staff: int = 42
    area: str = "600"
    price: str = "55"
    invoice: str = ""
    headquarters: bool = False


AGENTS = (
    Agent(
        "秦岚",
        "hr",
        0,
        (("office_fitout", "review", 7), ("office_rent_flat", "draft_nearly_done", 2)),
        invoice=USED_TWICE,
    ),
    Agent(
        "Grace O'Neill",
        "company",
        3,
        (("office_rent_flat", "approved", 30),),
        language="en",
        post="Head of HR",
        area="420",
    ),
    Agent("白若溪", "ruoxi.bai", 1, (("office_fitout", "intake", 3),), invoice=USED_TWICE, area="1280.5", staff=160),
    Agent("霍启明", "qiming.huo", 2, (("state_owned_premises", "decision_assessed", 9),), area="380"),
    Agent("连城", "cheng.lian", 4, (("office_purchase", "approved", 41),), area="2600", staff=310, headquarters=True),
    Agent("戚若水", "ruoshui.qi", 5, (("office_rent_progressive", "intake", 4),), area="1500", price="62"),
)


def agents(companies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everybody who acts for a company, the accounts of the demo first."""
    return [_agent(number, agent, companies[agent.company]) for number, agent in enumerate(AGENTS)]


def _agent(number: int, agent: Agent, company: dict[str, Any]) -> dict[str, Any]:
    email = f"{agent.email}@{MAIL}"
    return {
        "email": email,
        "name": agent.name,
        "language": agent.language,
        # the first ones are in the district whose officers a visitor can be
        "district": "500901" if number < 4 else company["district"] if company["district"] < "500904" else "500902",
        "stories": [{"kind": kind, "workdays_ago": ago, "scheme": scheme} for scheme, kind, ago in agent.stories],
        "answers": _company(number, agent, company)
        | _premises(number, agent)
        | _fitout(number, agent)
        | {
            "agent.name": agent.name,
            "agent.post": agent.post,
            "agent.mobile": numbers.mobile(800 + number),
            "agent.email": email,
            "company_bank.holder": company["name"],
            "company_bank.account_number": f"6299{number:02d}00012345678",
            "company_bank.bank_name": "云江银行",
            "company_bank.branch": "软件园支行",
            "company.credit_clear": True,
            "declaration.company_authorises_checks": True,
            "declaration.true_and_complete": True,
            "declaration.reports_changes": True,
        },
    }


def _company(number: int, agent: Agent, company: dict[str, Any]) -> dict[str, Any]:
    revenue = 6_000_000 + 2_500_000 * number
    return {
        "company.name": company["name"],
        "company.uscc": company["uscc"],
        "company.founded_on": "2019-04-18",
        "company.industry": "i65",
        "company.legal_representative": "周望舒",
        "company.paid_in_capital": "10000000",
        "company.registered_address": BUILDINGS[number % len(BUILDINGS)],
        "company.operating_address": BUILDINGS[number % len(BUILDINGS)],
        "company.tax_authority": "云江市税务局第一税务分局",
        "company.all_in_district": True,
        "company.moved_in_on": {"days": -150},
        "company.origin": "other_city",
        "company.affiliates": [
            {
                "affiliate.name": "云江启航创业投资有限公司",
                "affiliate.uscc": numbers.uscc("91", "500901", 880 + number),
                "affiliate.relation": "parent",
            }
        ],
        "company.years": [
            {
                "fiscal.year": 2025 - back,
                "fiscal.revenue": str(revenue - back * 900_000),
                "fiscal.software_revenue": str(int((revenue - back * 900_000) * 0.78)),
                "fiscal.tax_paid": str(220_000 + 30_000 * number),
            }
            for back in (0, 1)
        ],
        "company.headcounts": [
            {"headcount.month": {"months": -back}, "headcount.people": agent.staff + back} for back in (1, 2, 3)
        ],
        "company.statistics_filed": True,
    }


def _premises(number: int, agent: Agent) -> dict[str, Any]:
    rent = str(round(float(agent.price) * float(agent.area), 2))
    return {
        "premises.building": BUILDINGS[number % len(BUILDINGS)],
        "premises.unit": f"{6 + number}层{6 + number}01至{6 + number}12室",
        "premises.area": agent.area,
        "premises.use": "office",
        "premises.owner_name": "云江软件园运营管理有限公司",
        "premises.owner_uscc": numbers.uscc("91", "500901", 770),
        "premises.owner_is_affiliate": False,
        "premises.self_used": True,
        "premises.other_support": "none",
        "premises.state_owned": True,
        "premises.newly_moved_in": True,
        "premises.support_months_received": 0,
        "premises.lease_start": {"days": -140},
        "premises.lease_end": {"months": 43},
        "premises.lease_filing_no": f"YJZL2026C{number:05d}",
        "premises.rent_price": agent.price,
        "premises.rent_free_months": 1,
        "premises.deposit": rent,
        "premises.rent_invoices": [
            _invoice(f"2450200000007700{number:02d}{back:02d}", -30 * back, rent) for back in (1, 2, 3)
        ],
        "premises.rent_vouchers": [_voucher(number, back, rent) for back in (1, 2, 3)],
        "office_purchase.headquarters": agent.headquarters,
        "office_purchase.first": True,
        "office_purchase.owns_other_office": False,
        "office_purchase.area": agent.area,
        "office_purchase.price": str(int(float(agent.area) * 12_000)),
        "office_purchase.contract_on": {"days": -200},
        "office_purchase.title_registered": True,
        "office_purchase.title_number": f"云江不动产权第{number:07d}号",
        "office_purchase.self_used": True,
    }


def _fitout(number: int, agent: Agent) -> dict[str, Any]:
    cost = int(float(agent.area) * 520)
    return {
        "fitout.contractor_name": CONTRACTORS[number % len(CONTRACTORS)],
        "fitout.contractor_uscc": numbers.uscc("91", "500902", 660 + number),
        "fitout.contractor_is_affiliate": False,
        "fitout.contract_number": f"ZX-2026-{number:03d}",
        "fitout.started_on": {"days": -135},
        "fitout.finished_on": {"days": -50},
        "fitout.accepted": True,
        "fitout.acceptance_number": f"云建验〔2026〕{100 + number}号",
        "fitout.fire_filing_number": f"云消备〔2026〕{200 + number}号",
        "fitout.supported_before": False,
        "fitout.landlord_subsidised": False,
        "fitout.contract_cost": str(cost),
        "fitout.audited_cost": str(cost),
        "fitout.furniture_cost": "18000",
        "fitout.equipment_cost": "9600",
        "fitout.vat_deducted": "0",
        "fitout.related_party_premium": "0",
        "fitout.invoices": [
            _invoice(agent.invoice or f"245020000000660{number:02d}001", -45, str(cost - 60_000)),
            _invoice(f"245020000000660{number:02d}002", -40, "60000"),
        ],
        "fitout.vouchers": [
            {"voucher.number": f"YJ{number:03d}001", "voucher.paid_on": {"days": -38}, "voucher.amount": str(cost)}
        ],
    }


def _invoice(number: str, days: int, amount: str) -> dict[str, Any]:
    return {
        "invoice.number": number,
        "invoice.seller": "云江软件园运营管理有限公司" if "77" in number else CONTRACTORS[0],
        "invoice.issued_on": {"days": days},
        "invoice.amount": amount,
    }


def _voucher(number: int, back: int, amount: str) -> dict[str, Any]:
    return {
        "voucher.number": f"R{number:03d}{back:03d}",
        "voucher.paid_on": {"days": -30 * back + 2},
        "voucher.amount": amount,
    }
