"""What every form promises: clean text, bounded length, and dates that keep what was typed."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from housing_portal.core.forms import MAX_LENGTH, CheckboxesField, DatePartsField, PortalForm, required


class SampleForm(PortalForm):
    name = StringField("Name", [required()])
    nick = StringField("Nick", [Length(max=3)])
    remark = TextAreaField("Remark", [Optional()], filters=[lambda text: text and text.upper()])
    password = PasswordField("Password")
    likes = CheckboxesField("Likes", choices=["a", "b"])
    born = DatePartsField("Born", [Optional()])


@pytest.fixture(autouse=True)
def app() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    Babel(app)
    with app.test_request_context(), force_locale("en"):
        yield


def filled(**values: str) -> SampleForm:
    return SampleForm(MultiDict({"name": "Li Na", **values}))


def born(**values: str) -> DatePartsField:
    form = SampleForm(MultiDict({"name": "Li Na", **{f"born-{part}": text for part, text in values.items()}}))
    form.validate()
    return form.born


def test_text_is_stripped_and_line_breaks_are_one_kind() -> None:
    form = filled(name="  欧阳喆堃\u3000", remark=" one\r\ntwo\rthree ")
    assert form.validate()
    assert form.name.data == "欧阳喆堃"
    assert form.remark.data == "ONE\nTWO\nTHREE"


def test_a_password_keeps_its_spaces() -> None:
    assert filled(password=" a secret ").password.data == " a secret "


def test_blank_text_does_not_satisfy_required() -> None:
    form = filled(name="   ")
    assert not form.validate()
    assert list(form.name.errors) == ["Fill this in"]


@pytest.mark.parametrize(
    "hidden", ["\0", "\x1b", "\x7f", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c"]
)
@pytest.mark.parametrize("field", ["name", "remark", "password"])
def test_hidden_characters_are_refused(field: str, hidden: str) -> None:
    form = filled(**{field: f"张{hidden}三"})
    assert not form.validate()
    assert "hidden control characters" in form[field].errors[0]


def test_tabs_line_breaks_and_rare_characters_pass() -> None:
    assert filled(name="阿依古丽·买买提 𭎂", remark="a\tb\nc").validate()


@pytest.mark.parametrize(("length", "valid"), [(MAX_LENGTH, True), (MAX_LENGTH + 1, False)])
def test_text_without_a_limit_gets_one(length: int, valid: bool) -> None:
    assert filled(remark="x" * length).validate() is valid


def test_an_own_limit_stays() -> None:
    form = filled(nick="abcd")
    assert not form.validate()
    assert "3 characters" in form.nick.errors[0]


def test_errors_of_a_command_are_shown_like_others() -> None:
    form = filled()
    assert form.validate()
    form.add_error("name", "Taken")
    form.add_error(None, "Closed")
    assert list(form.name.errors) == ["Taken"]
    assert form.form_errors == ["Closed"]


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [("2026", "3", "5"), (" 2026 ", "03", "05"), ("２０２６", "３", "５")],
)
def test_a_date_in_parts(year: str, month: str, day: str) -> None:
    assert born(year=year, month=month, day=day).data == date(2026, 3, 5)


@pytest.mark.parametrize(
    "text", ["2026-03-05", "2026-3-5", "2026/03/05", "2026.3.5", "2026年3月5日", "２０２６-０３-０５"]
)
def test_a_date_in_one_text(text: str) -> None:
    form = filled(born=text)
    assert form.validate()
    assert form.born.data == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("typed", "wrong", "words"),
    [
        (("2026", "", "5"), ("month",), "Enter the month as well"),
        (("2026", "", ""), ("month", "day"), "Enter a full date"),
        (("2026", "March", "5"), ("month",), "in digits"),
        (("26", "3", "5"), ("year",), "four digits"),
        (("2026", "13", "5"), ("month",), "from 1 to 12"),
        (("2026", "2", "30"), ("day",), "does not have this day"),
        (("2026", "3", "-5"), ("day",), "in digits"),
        (("2026", "3", "0"), ("day",), "does not have this day"),
    ],
)
def test_a_mistaken_date_says_why_and_keeps_what_was_typed(
    typed: tuple[str, str, str], wrong: tuple[str, ...], words: str
) -> None:
    field = born(**dict(zip(("year", "month", "day"), typed, strict=True)))
    assert field.data is None
    assert field.wrong_parts == wrong
    assert words in field.errors[0]
    assert tuple(field.parts.values()) == typed


def test_a_text_that_is_no_date_stays_to_be_corrected() -> None:
    form = filled(born="next week")
    assert not form.validate()
    assert form.born.parts["year"] == "next week"


def test_an_empty_date_may_be_optional_or_required() -> None:
    assert not born(year="", month="", day="").errors

    class StrictForm(PortalForm):
        born = DatePartsField("Born", [required("Enter your date of birth")])

    form = StrictForm(MultiDict({"born-year": "", "born-month": "", "born-day": ""}))
    assert not form.validate()
    assert form.born.errors == ["Enter your date of birth"]


def test_a_stored_date_is_shown_and_an_emptied_one_is_emptied() -> None:
    shown = SampleForm(data={"born": date(1994, 7, 3)})
    assert shown.born.parts == {"year": "1994", "month": "7", "day": "3"}
    assert shown.born._value() == "1994-07-03"
    emptied = SampleForm(
        MultiDict({"name": "Li Na", "born-year": "", "born-month": "", "born-day": ""}),
        data={"born": date(1994, 7, 3)},
    )
    assert emptied.validate()
    assert emptied.born.data is None


def test_the_order_of_parts_follows_the_language() -> None:
    form = SampleForm()
    assert form.born.order == ("day", "month", "year")
    with force_locale("zh_Hans_CN"):
        assert form.born.order == ("year", "month", "day")
