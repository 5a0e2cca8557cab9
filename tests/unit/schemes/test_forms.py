"""Forms built from facts: fields, conditions, mistakes, and the way back to stored answers."""

from collections.abc import Iterator, Mapping

import pytest
import time_machine
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField

from housing_portal.core.forms import DatePartsField
from housing_portal.schemes.facts import Canonical
from housing_portal.schemes.forms import (
    FactsForm,
    answers_from_form,
    build_page_form,
    build_precheck_form,
    raw_from_form,
)
from housing_portal.schemes.language import SchemeDefinition

IDENTITY = {
    "identity_name": "王小华",
    "identity_document_type": "resident_id",
    "identity_document_number": "11010519950815002 0",
    "identity_household_registration": "in_city",
    "identity_address": "云江市江北区一号",
    "identity_mobile": "139 1234 5678",
    "identity_email": "wang@Example.com",
}
HOUSEHOLD = {
    "household_marital_status": "single",
    "household_minor_children": "0",
    "household_homes_in_city": "0",
    "household_public_rental_tenancy": "no",
    "household_receives_other_support": "no",
    "household_support_months_received": "0",
}


def day(name: str, year: int, month: int, of_month: int) -> dict[str, str]:
    """A date as its three inputs send it."""
    return {f"{name}-year": str(year), f"{name}-month": str(month), f"{name}-day": str(of_month)}


EMPLOYMENT = {
    "employment_employer_name": "云江示例软件有限公司",
    "employment_employer_uscc": "91500112MA5U0A1B7D",
    "employment_post": "工程师",
    "employment_contract_type": "fixed_term",
    "social_insurance_place": "in_city",
    "social_insurance_payer_uscc": "91500112MA5U0A1B7D",
    "social_insurance_continuous_months": "13",
    **day("employment_contract_start", 2025, 1, 15),
    **day("employment_contract_end", 2028, 1, 14),
    **day("social_insurance_first_month", 2025, 2, 1),
}


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-03-02T02:00:00Z"), app.test_request_context("/?lang=en"):
        yield


def submitted(
    definition: SchemeDefinition,
    page: str,
    typed: Mapping[str, str],
    answers: Mapping[str, Canonical] | None = None,
) -> FactsForm:
    """The form of a page, as posted."""
    return build_page_form(definition, definition.page(page), answers or {}, "en", formdata=MultiDict(typed))


def mistakes(form: FactsForm) -> dict[str, str]:
    """The first sentence at each field after validation."""
    form.validate()
    return {field.name: field.errors[0] for field in form if field.errors}


def test_a_good_page_gives_canonical_answers(definition: SchemeDefinition) -> None:
    form = submitted(definition, "identity", IDENTITY)
    assert mistakes(form) == {}
    assert answers_from_form(form) == {
        "identity.name": "王小华",
        "identity.document_type": "resident_id",
        "identity.document_number": "110105199508150020",
        "identity.document_valid_to": None,
        "identity.birth_date": None,
        "identity.sex": None,
        "identity.nationality": None,
        "identity.household_registration": "in_city",
        "identity.address": "云江市江北区一号",
        "identity.mobile": "13912345678",
        "identity.email": "wang@example.com",
    }


def test_an_empty_page_asks_for_what_is_required_and_nothing_else(definition: SchemeDefinition) -> None:
    assert mistakes(submitted(definition, "identity", {})) == {
        "identity_name": "Fill in this answer",
        "identity_document_type": "Choose an answer",
        "identity_document_number": "Fill in this answer",
        "identity_address": "Fill in this answer",
        "identity_mobile": "Fill in this answer",
        "identity_email": "Fill in this answer",
    }


def test_with_a_passport_birth_sex_and_nationality_are_asked(definition: SchemeDefinition) -> None:
    typed = IDENTITY | {"identity_document_type": "passport", "identity_document_number": "e1234567"}
    form = submitted(definition, "identity", typed)
    assert mistakes(form) == {
        "identity_birth_date": "Enter a date",
        "identity_sex": "Choose an answer",
        "identity_nationality": "Fill in this answer",
    }
    assert answers_from_form(form)["identity.document_number"] == "E1234567"
    assert answers_from_form(form)["identity.household_registration"] is None


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("identity_name", "王小华3", "Enter the name as on the document, without digits or other signs"),
        ("identity_name", "···", "Enter the name as on the document, without digits or other signs"),
        (
            "identity_document_number",
            "110105199508150021",
            "A character is wrong or two are swapped. Check the card.",
        ),
        ("identity_document_type", "library_card", "Choose one of the answers"),
        ("identity_mobile", "12345", "A mainland mobile number has 11 digits and starts with 13 to 19."),
        ("identity_email", "wang@", "Enter an e-mail address such as name@example.com"),
        ("identity_address", "一" * 201, "Use at most 200 characters"),
        ("identity_household_registration", "abroad", "Choose one of the answers"),
    ],
)
def test_mistakes_say_how_to_mend_them(definition: SchemeDefinition, field: str, text: str, words: str) -> None:
    assert mistakes(submitted(definition, "identity", IDENTITY | {field: text}))[field] == words


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "Anna-Maria O'Neill", "𭎂𬱖", "欧阳 娜娜"])
def test_names_of_all_kinds(definition: SchemeDefinition, name: str) -> None:
    assert "identity_name" not in mistakes(submitted(definition, "identity", IDENTITY | {"identity_name": name}))


def test_spouse_is_asked_only_when_married(definition: SchemeDefinition) -> None:
    assert mistakes(submitted(definition, "household", HOUSEHOLD)) == {}
    married = HOUSEHOLD | {"household_marital_status": "married"}
    assert set(mistakes(submitted(definition, "household", married))) == {
        "household_spouse_name",
        "household_spouse_document_type",
        "household_spouse_document_number",
        "household_spouse_authorises_checks",
    }


def test_what_does_not_apply_is_neither_wrong_nor_kept(definition: SchemeDefinition) -> None:
    form = submitted(definition, "household", HOUSEHOLD | {"household_spouse_document_number": "not a number"})
    assert mistakes(form) == {}
    assert answers_from_form(form)["household.spouse_document_number"] is None


def test_homes_need_details(definition: SchemeDefinition) -> None:
    assert mistakes(submitted(definition, "household", HOUSEHOLD | {"household_homes_in_city": "1"})) == {
        "household_homes": "Fill in at least one row"
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [("1500", "1500"), ("１，５００．５０ 元", "1500.50"), ("¥1,500.5", "1500.5")],
)
def test_amounts_are_read_as_meant(definition: SchemeDefinition, text: str, value: str) -> None:
    form = submitted(definition, "lease", {"lease_monthly_rent": text})
    assert "lease_monthly_rent" not in mistakes(form)
    assert answers_from_form(form)["lease.monthly_rent"] == value


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("lease_monthly_rent", "15.001", "Enter a number with at most two decimals, such as 1500.50"),
        ("lease_monthly_rent", "-5", "Enter a number with at most two decimals, such as 1500.50"),
        ("lease_monthly_rent", "1e5", "Enter a number with at most two decimals, such as 1500.50"),
        ("lease_monthly_rent", "0", "Enter a number from 1 to 1000000"),
        ("lease_sharers", "two", "Enter a whole number, such as 6"),
        ("lease_sharers", "0", "Enter a number from 1 to 20"),
        ("lease_sharers", "1.5", "Enter a whole number, such as 6"),
    ],
)
def test_numbers(definition: SchemeDefinition, field: str, text: str, words: str) -> None:
    assert mistakes(submitted(definition, "lease", {field: text}))[field] == words


def test_dates(definition: SchemeDefinition) -> None:
    assert mistakes(submitted(definition, "employment", EMPLOYMENT)) == {}
    tomorrow = EMPLOYMENT | day("employment_contract_start", 2026, 3, 3)
    form = submitted(definition, "employment", tomorrow)
    assert mistakes(form) == {"employment_contract_start": "The date cannot be later than today"}
    assert answers_from_form(form)["employment.contract_start"] is None
    no_such_day = EMPLOYMENT | day("employment_contract_end", 2028, 2, 30)
    form = submitted(definition, "employment", no_such_day)
    assert mistakes(form) == {"employment_contract_end": "That month does not have this day"}
    assert raw_from_form(form)["employment_contract_end-day"] == "30"


def test_answers_are_checked_against_each_other(definition: SchemeDefinition) -> None:
    early_end = EMPLOYMENT | {"employment_contract_end-year": "2024"}
    assert mistakes(submitted(definition, "employment", early_end)) == {
        "employment_contract_end": "The contract cannot end before it starts. Check both dates"
    }
    months = EMPLOYMENT | {"social_insurance_continuous_months": "15"}
    words = mistakes(submitted(definition, "employment", months))["social_insurance_continuous_months"]
    assert words == "That is more months than have passed since the first payment. Check both answers"
    months["social_insurance_continuous_months"] = "14"
    assert mistakes(submitted(definition, "employment", months)) == {}
    bank = {
        "bank_holder": "张三",
        "bank_card_number": "6222021234567890128",
        "bank_bank_name": "示例银行",
        "bank_branch": "江北支行",
    }
    assert mistakes(submitted(definition, "bank", bank, {"identity.name": "王小华"})) == {
        "bank_holder": "The account must be in your own name, as on your document"
    }
    assert mistakes(submitted(definition, "bank", bank, {"identity.name": "张三"})) == {}


def test_an_open_ended_contract_has_no_end(definition: SchemeDefinition) -> None:
    form = submitted(definition, "employment", EMPLOYMENT | {"employment_contract_type": "open_ended"})
    assert mistakes(form) == {}
    assert answers_from_form(form)["employment.contract_end"] is None


def test_declarations_are_boxes_that_must_be_ticked(definition: SchemeDefinition) -> None:
    typed = {
        "identity_blacklisted": "no",
        "declaration_authorises_checks": "yes",
        "declaration_reports_changes": "y",
    }
    form = submitted(definition, "declaration", typed)
    assert isinstance(form["declaration_true_and_complete"], BooleanField)
    assert mistakes(form) == {"declaration_true_and_complete": "Tick this box to go on"}
    form = submitted(definition, "declaration", typed | {"declaration_true_and_complete": "y"})
    assert mistakes(form) == {}
    assert answers_from_form(form)["declaration.true_and_complete"] is True
    assert answers_from_form(form)["identity.blacklisted"] is False


def test_fields_by_type(definition: SchemeDefinition) -> None:
    form = build_page_form(definition, definition.page("identity"), {}, "zh")
    assert isinstance(form["identity_sex"], RadioField)
    assert isinstance(form["identity_document_type"], SelectField)
    assert isinstance(form["identity_birth_date"], DatePartsField)
    assert form["identity_name"].label.text == "姓名"
    assert form["identity_nationality"].description == "持护照或外国人永久居留身份证的填写"
    lease = build_page_form(definition, definition.page("lease"), {}, "en")
    assert lease["lease_monthly_rent"].label.text == "Monthly rent (yuan)"


def test_a_stored_page_is_shown_again(definition: SchemeDefinition) -> None:
    stored: dict[str, Canonical] = {
        "lease.monthly_rent": "1500.00",
        "lease.sharers": 2,
        "lease.end": "2027-06-30",
        "lease.landlord_is_relative": False,
    }
    form = build_page_form(definition, definition.page("lease"), stored, "en")
    assert form["lease_monthly_rent"].data == "1500.00"
    assert form["lease_sharers"].data == "2"
    assert form["lease_end"].parts == {"year": "2027", "month": "6", "day": "30"}
    assert form["lease_landlord_is_relative"].data == "no"


@pytest.mark.parametrize(
    ("page", "typed"), [("identity", IDENTITY), ("household", HOUSEHOLD), ("employment", EMPLOYMENT)]
)
def test_answers_survive_the_way_through_storage(
    definition: SchemeDefinition, page: str, typed: dict[str, str]
) -> None:
    form = submitted(definition, page, typed)
    assert form.validate()
    stored = answers_from_form(form)
    again = build_page_form(definition, definition.page(page), stored, "en")
    reposted = submitted(definition, page, typed_again(again))
    assert reposted.validate()
    assert answers_from_form(reposted) == stored


def typed_again(form: FactsForm) -> dict[str, str]:
    """What a browser sends when the page is handed in unchanged."""
    sent: dict[str, str] = {}
    for name in form.questions:
        field = form[name]
        if isinstance(field, DatePartsField):
            sent |= {f"{name}-{part}": text for part, text in field.parts.items()}
        elif field.data:
            sent[name] = field.data
    return sent


def test_what_was_typed_is_kept_with_its_mistakes(definition: SchemeDefinition) -> None:
    typed = IDENTITY | {"identity_mobile": "12345"}
    form = submitted(definition, "identity", typed)
    assert not form.validate()
    assert answers_from_form(form)["identity.mobile"] is None
    raw = raw_from_form(form)
    again = build_page_form(definition, definition.page("identity"), answers_from_form(form), "en", typed=raw)
    assert again["identity_mobile"].data == "12345"
    assert again["identity_name"].data == "王小华"


def test_what_other_pages_rule_out_is_left_out(definition: SchemeDefinition) -> None:
    text = definition.model_dump(mode="json")
    text["pages"][4]["facts"][0]["when"] = 'household.marital_status == "married"'
    text["pages"][4]["facts"][0]["hint"] = {"zh": "已婚", "en": "If married"}
    changed = SchemeDefinition.model_validate(text)
    single = build_page_form(changed, changed.page("lease"), {"household.marital_status": "single"}, "en")
    married = build_page_form(changed, changed.page("lease"), {"household.marital_status": "married"}, "en")
    assert "lease_address" not in single
    assert "lease_address" in married


def test_fields_that_are_not_asked_are_ignored(definition: SchemeDefinition) -> None:
    form = submitted(
        definition,
        "identity",
        IDENTITY | {"employment_employer_meets_basic_conditions": "yes", "status": "approved"},
    )
    assert form.validate()
    assert all(key.startswith("identity.") for key in answers_from_form(form))


def test_the_precheck_requires_nothing(definition: SchemeDefinition) -> None:
    form = build_precheck_form(definition, "en", MultiDict({"identity_age": "30"}))
    assert form.validate()
    assert answers_from_form(form)["identity.age"] == 30
    assert form["identity_age"].label.text == "How old are you?"
    wrong = build_precheck_form(definition, "en", MultiDict({"identity_age": "old"}))
    assert mistakes(wrong) == {"identity_age": "Enter a whole number, such as 6"}


def test_yes_or_no_takes_nothing_else(definition: SchemeDefinition) -> None:
    form = submitted(definition, "household", HOUSEHOLD | {"household_public_rental_tenancy": "maybe"})
    assert mistakes(form) == {"household_public_rental_tenancy": "Choose one of the answers"}
    assert answers_from_form(form)["household.public_rental_tenancy"] is None


def test_an_area_has_decimals(definition: SchemeDefinition) -> None:
    assert answers_from_form(submitted(definition, "lease", {"lease_area": "45.5"}))["lease.area"] == "45.5"


def test_a_dependent_question_names_the_answers_that_call_for_it(definition: SchemeDefinition) -> None:
    form = build_page_form(definition, definition.page("household"), {}, "en")
    asked_for = {name: question.asked_for for name, question in form.questions.items()}
    assert asked_for["household_spouse_name"] == ("household_marital_status", ("married",))
    assert asked_for["household_other_support_details"] == ("household_receives_other_support", ("yes",))
    assert asked_for["household_homes"] is None  # a number decides
    assert asked_for["household_marital_status"] is None
