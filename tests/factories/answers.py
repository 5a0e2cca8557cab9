"""Answers that pass, page by page, as a browser sends them. Change one to make a case of your own."""

from __future__ import annotations

from datetime import date, timedelta

from housing_portal.core import clock
from tests.factories.city import USCC


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-year": str(day.year), f"{name}-month": str(day.month), f"{name}-day": str(day.day)}


def good_pages() -> dict[str, dict[str, str]]:
    """A master of 31 who rents a filed flat: every rule is met but what only the office can check."""
    today = clock.today()
    return {
        "identity": {
            "identity_name": "林小满",
            "identity_document_type": "resident_id",
            "identity_document_number": "11010519491231002X",
            "identity_household_registration": "elsewhere",
            "identity_address": "云江市临江区滨江路8号",
            "identity_mobile": "13800138000",
            "identity_email": "lin@example.com",
        },
        "education": {
            "education_level": "master",
            "education_degree": "master",
            "education_school": "云江大学",
            "education_country": "mainland",
            "education_full_time": "yes",
            **_day("education_graduation_date", date(2019, 6, 30)),
            "education_certificate_number": "106111201905123456",
        },
        "employment": {
            "employment_employer_name": "云江星河软件有限公司",
            "employment_employer_uscc": USCC,
            "employment_post": "后端工程师",
            "employment_contract_type": "fixed_term",
            **_day("employment_contract_start", today - timedelta(days=500)),
            **_day("employment_contract_end", today + timedelta(days=900)),
            "social_insurance_place": "in_city",
            "social_insurance_payer_uscc": USCC,
            **_day("social_insurance_first_month", (today - timedelta(days=480)).replace(day=1)),
            "social_insurance_continuous_months": "15",
        },
        "household": {
            "household_marital_status": "single",
            "household_minor_children": "0",
            "household_homes_in_city": "0",
            "household_public_rental_tenancy": "no",
            "household_receives_other_support": "no",
            "household_support_months_received": "0",
        },
        "lease": {
            "lease_address": "云江市临江区滨江路8号3幢1202室",
            "lease_area": "45",
            "lease_landlord_kind": "person",
            "lease_landlord_name": "周房东",
            "lease_landlord_id_number": "440308199001010017",
            "lease_landlord_is_relative": "no",
            "lease_monthly_rent": "1500",
            "lease_sharers": "2",
            **_day("lease_start", today - timedelta(days=60)),
            **_day("lease_end", today + timedelta(days=660)),
            "lease_filing_no": "YJZL2026000123",
        },
        "bank": {
            "bank_holder": "林小满",
            "bank_card_number": "6222021234567890128",
            "bank_bank_name": "云江银行",
            "bank_branch": "临江支行",
        },
        "declaration": {
            "identity_blacklisted": "no",
            "declaration_authorises_checks": "yes",
            "declaration_true_and_complete": "y",
            "declaration_reports_changes": "y",
        },
    }


NEEDED_SLOTS = (
    "identity_document",
    "degree",
    "labour_contract",
    "social_insurance_record",
    "household_housing_check",
    "bank_card",
    "lease",
    "rent_payment",
    "lease_filing",
)

_PERSON_SLOTS = ("identity_document", "degree", "labour_contract", "social_insurance_record", "household_housing_check")
SETTLEMENT_SLOTS = (*_PERSON_SLOTS, "bank_card")
APARTMENT_SLOTS = _PERSON_SLOTS


def settlement_pages() -> dict[str, dict[str, str]]:
    """A doctor of 30 who graduated a year ago and has a first job in the district: 80,000 x 1.3 = 104,000."""
    good, today = good_pages(), clock.today()
    pages = {code: good[code] for code in ("identity", "education", "employment", "household", "bank", "declaration")}
    pages["identity"] |= {"identity_document_number": "110105199508150020"}
    pages["education"] |= {"education_level": "phd", "education_degree": "doctor"}
    pages["education"] |= _day("education_graduation_date", today - timedelta(days=365))
    pages["settlement"] = {
        "settlement_first_time_in_district": "yes",
        "settlement_similar_grants_received": "0",
    }
    return pages


def apartment_pages() -> dict[str, dict[str, str]]:
    """A master without a tier who asks for 100 m² at ¥30: 30 x (0.6 x 90 + 10) = 1,920 a month instead of 3,000."""
    good = good_pages()
    pages = {code: good[code] for code in ("identity", "education", "employment", "household", "declaration")}
    pages["education"] |= {
        "education_professional_title": "none",
        "education_skill_level": "none",
        "education_tier": "none",
    }
    pages["apartment"] = {
        "apartment_building": "滨江人才公寓",
        "apartment_unit_number": "5-1203",
        "apartment_area": "100",
        "apartment_market_rent": "30",
    }
    return pages
