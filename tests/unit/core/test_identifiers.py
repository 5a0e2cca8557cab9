"""Numbers of people and companies: vectors from the standards, then properties."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housing_portal.core import identifiers as ids
from housing_portal.core.identifiers import IdentifierError, Reason

TODAY = date(2026, 3, 2)

digits_17 = st.builds(
    lambda region, born, serial: f"{region:06d}{born:%Y%m%d}{serial:03d}",
    st.integers(110000, 999999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),  # the sample number of GB 11643
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５ 19491231 002X", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
    ],
)
def test_resident_id_is_normalised(text: str, number: str) -> None:
    day = date(1990, 1, 1)
    assert ids.parse_resident_id(text, day).number == number


def test_resident_id_gives_birth_and_sex() -> None:
    person = ids.parse_resident_id("11010519491231002X", TODAY)
    assert (person.birth_date, person.sex, person.region_known) == (date(1949, 12, 31), "female", True)


def number_with_check(first_17: str) -> str:
    return first_17 + ids.resident_id_check_character(first_17)


def test_unusual_region_is_a_hint_only() -> None:
    # 500190 makes python-stdnum raise a KeyError; 99 has never been given out
    assert ids.parse_resident_id(number_with_check("50019019900101001"), TODAY).region_known
    assert not ids.parse_resident_id(number_with_check("99019019900101001"), TODAY).region_known


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("110105491231002", Reason.FIFTEEN_DIGITS),
        ("11010519491231002", Reason.LENGTH),
        ("", Reason.LENGTH),
        ("1101051949123100XX", Reason.CHARACTERS),
        ("11010519491231002A", Reason.CHARACTERS),
        ("110105194912310021", Reason.CHECK_DIGIT),
        ("110105194913310021", Reason.BIRTH_DATE),
        (number_with_check("11010520260303002"), Reason.BIRTH_DATE),  # born tomorrow
        (number_with_check("11010518900101002"), Reason.BIRTH_DATE),  # 136 years old
    ],
)
def test_resident_id_refused(text: str, reason: Reason) -> None:
    with pytest.raises(IdentifierError) as caught:
        ids.parse_resident_id(text, TODAY)
    assert caught.value.reason is reason


@given(digits_17)
def test_every_well_formed_number_is_accepted(first_17: str) -> None:
    assert ids.parse_resident_id(number_with_check(first_17), TODAY).number[:17] == first_17


@given(digits_17, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(first_17: str, place: int, shift: int) -> None:
    number = number_with_check(first_17)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(IdentifierError):
        ids.parse_resident_id(wrong, TODAY)


@given(st.text(max_size=40))
def test_no_text_makes_a_parser_fail_otherwise(text: str) -> None:
    for document_type in ids.DOCUMENT_TYPES:
        with suppress(IdentifierError):
            ids.parse_document(document_type, text, TODAY)


def test_residence_permit_has_its_own_regions() -> None:
    permit = number_with_check("81000019900101001")
    assert ids.parse_residence_permit(permit, TODAY).number == permit
    with pytest.raises(IdentifierError) as caught:
        ids.parse_residence_permit("11010519491231002X", TODAY)
    assert caught.value.reason is Reason.RESIDENCE_PERMIT


def test_foreign_permanent_resident_old_and_new() -> None:
    new = number_with_check("91112419800101001")
    assert ids.parse_foreign_permanent_resident(new, TODAY) == new
    assert ids.parse_foreign_permanent_resident("usa 110099 010112", TODAY) == "USA110099010112"
    for wrong in ("11010519491231002X", "US1100990101123", "91234"):
        with pytest.raises(IdentifierError) as caught:
            ids.parse_foreign_permanent_resident(wrong, TODAY)
        assert caught.value.reason is Reason.FOREIGN_PERMANENT_RESIDENT


@pytest.mark.parametrize(
    ("document_type", "good", "bad", "reason"),
    [
        ("passport", "e12345678", "E12", Reason.PASSPORT),
        ("travel_permit_hm", "H12345678", "K12345678", Reason.TRAVEL_PERMIT_HM),
        ("travel_permit_hm", "M1234567801", "M123456780", Reason.TRAVEL_PERMIT_HM),
        ("travel_permit_tw", "12345678", "123456789", Reason.TRAVEL_PERMIT_TW),
    ],
)
def test_other_documents(document_type: str, good: str, bad: str, reason: Reason) -> None:
    assert ids.parse_document(document_type, good, TODAY) == good.upper()
    with pytest.raises(IdentifierError) as caught:
        ids.parse_document(document_type, bad, TODAY)
    assert caught.value.reason is reason


def test_uscc_sample_and_letter_leading_code() -> None:
    assert ids.parse_uscc("91500112ma5u0a1b7d") == "91500112MA5U0A1B7D"
    letter_leading = "N2500112MA5U0A1B7"
    assert ids.parse_uscc(letter_leading + ids.uscc_check_character(letter_leading))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("91500112MA5U0A1B7", Reason.USCC_FORM),
        ("91500112MA5U0A1B7O", Reason.USCC_FORM),  # the letter O is not in use
        ("91500112MA5U0A1B7C", Reason.USCC_CHECK),
        ("91500121MA5U0A1B7D", Reason.USCC_CHECK),  # two digits swapped
    ],
)
def test_uscc_refused(text: str, reason: Reason) -> None:
    with pytest.raises(IdentifierError) as caught:
        ids.parse_uscc(text)
    assert caught.value.reason is reason


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_uscc_round_trip(first_17: str) -> None:
    assert ids.parse_uscc(first_17 + ids.uscc_check_character(first_17))[:17] == first_17


@pytest.mark.parametrize("text", ["139 1234 5678", "+86 13912345678", "8613912345678", "139-1234-5678"])
def test_mobile(text: str) -> None:
    assert ids.parse_mobile(text) == "13912345678"


@pytest.mark.parametrize("text", ["12912345678", "1391234567", "139123456789", "+852 51234567", ""])
def test_mobile_refused(text: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        ids.parse_mobile(text)
    assert caught.value.reason is Reason.MOBILE


def test_bank_card() -> None:
    assert ids.parse_bank_card("6222 0212 3456 7890 128") == "6222021234567890128"
    with pytest.raises(IdentifierError) as caught:
        ids.parse_bank_card("6222021234567890129")
    assert caught.value.reason is Reason.BANK_CARD_CHECK
    with pytest.raises(IdentifierError) as caught:
        ids.parse_bank_card("622202123456789")
    assert caught.value.reason is Reason.BANK_CARD_LENGTH


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("王小华", "王*华"),
        ("欧阳小华", "欧**华"),
        ("阿依古丽·买买提", "阿*·买*"),
        ("Anna Smith", "A* S*"),
        ("Li", "L*"),
        ("", ""),
    ],
)
def test_mask_name(name: str, masked: str) -> None:
    assert ids.mask_name(name) == masked


def test_masks_of_numbers() -> None:
    assert ids.mask_document_number("11010519491231002X") == "110*************2X"
    assert ids.mask_document_number("E1234567") == "******67"
    assert ids.mask_bank_card("6222021234567890128") == "*" * 15 + "0128"
    assert ids.mask_mobile("13912345678") == "139****5678"
    assert ids.mask_bank_card("123") == "***"


def test_every_reason_has_words() -> None:
    assert set(ids.REASON_WORDS) == set(Reason)


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 ‧ 买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽·买买提·艾力", "阿依古丽·买买提·艾力"),
        ("J. R. Smith", "J. R. Smith"),
        ("王小华", "王小华"),
    ],
)
def test_one_kind_of_dot_in_a_name(typed: str, tidy: str) -> None:
    assert ids.tidy_name(typed) == tidy
