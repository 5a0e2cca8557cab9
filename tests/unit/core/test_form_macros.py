"""The form macros: every input has a label, keeps its value, and is where the error summary says it is."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale
from werkzeug.datastructures import MultiDict
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
from wtforms.validators import Optional

import housing_portal
from housing_portal.core.forms import CheckboxesField, DatePartsField, PortalForm, required

CHOICES = [SelectChoice("one", "First"), SelectChoice("two", "Second")]
IMPORT = '{% from "macros/forms.html" import field, error_summary, hidden_fields, submit %}'


class FullForm(PortalForm):
    name = StringField("Name", [required()], description="As on your document")
    email = EmailField("E-mail", [required()])
    secret = PasswordField("Password", [required()])
    remark = TextAreaField("Remark", [Optional()])
    kind = SelectField("Kind", [required()], choices=CHOICES)
    degree = RadioField("Degree", [required()], choices=CHOICES)
    aids = CheckboxesField("Aid", [required()], choices=CHOICES)
    consent = BooleanField("I agree", [required()])
    born = DatePartsField("Born", [required()])
    rent = DecimalField("Rent", [required()])
    months = IntegerField("Months", [required()])
    paper = FileField("Paper", [required()])


@pytest.fixture(autouse=True)
def app() -> Iterator[None]:
    root = Path(str(housing_portal.__path__[0]))
    app = Flask("guide", template_folder=str(root / "templates"))
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    Babel(app)
    with app.test_request_context(), force_locale("en"):
        yield


def draw(form: PortalForm, call: str, **context: Any) -> str:
    return render_template_string(IMPORT + "{{ " + call + " }}", form=form, **context)


def draw_all(form: PortalForm) -> str:
    fields = "{% for item in form if item.name != 'csrf_token' %}{{ field(item) }}{% endfor %}"
    return render_template_string(IMPORT + "{{ error_summary(form) }}" + fields, form=form)


def test_every_input_has_a_label_and_every_reference_a_target() -> None:
    form = FullForm(MultiDict())
    assert not form.validate()
    page = draw_all(form)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    inputs = re.findall(r'<(?:input|select|textarea)\b[^>]*\bid="([^"]+)"', page)
    assert set(inputs) == set(re.findall(r'<label\b[^>]*\bfor="([^"]+)"', page))
    for reference in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(reference.split()) <= set(ids)
    targets = re.findall(r'href="#([^"]+)"', page)
    assert len(targets) == len(form.errors)
    assert set(targets) <= set(inputs)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("name", 'value="&lt;b&gt;Li"'),
        ("email", 'type="email"'),
        ("remark", ">\n<b>".replace("<b>", "&lt;b&gt;")),
        ("kind", '<option value="two" selected>'),
        ("degree", 'value="two" checked'),
        ("aids", 'value="one" checked'),
        ("consent", 'value="y" checked'),
        ("rent", 'inputmode="decimal"'),
        ("months", 'inputmode="numeric"'),
    ],
)
def test_values_are_kept_and_escaped(name: str, expected: str) -> None:
    data = {
        "name": "<b>Li",
        "remark": "<b>",
        "kind": "two",
        "degree": "two",
        "aids": ["one"],
        "consent": True,
    }
    assert expected in draw(FullForm(data=data), f"field(form.{name})")


def test_a_password_is_never_sent_back() -> None:
    page = draw(FullForm(MultiDict({"secret": "very secret"})), "field(form.secret)")
    assert "very secret" not in page
    assert 'autocomplete="current-password"' in page


def test_a_date_follows_the_language_and_marks_the_wrong_part() -> None:
    form = FullForm(MultiDict({"born-year": "2026", "born-month": "13", "born-day": "1"}))
    form.validate()
    page = draw(form, "error_summary(form)")
    assert 'href="#born-month"' in page
    with force_locale("zh_Hans_CN"):
        parts = re.findall(
            r'name="born-(\w+)"', draw(FullForm(data={"born": date(1994, 7, 3)}), "field(form.born)")
        )
    assert parts == ["year", "month", "day"]


def test_the_caller_overrides_what_the_field_says() -> None:
    page = draw(
        FullForm(),
        "field(form.name, label='Full name', hint='', width=20, suffix='m²', autocomplete='name')",
    )
    assert "Full name" in page
    assert "As on your document" not in page
    assert "govuk-input--width-20" in page
    assert 'autocomplete="name"' in page
    assert "(optional)" in draw(FullForm(), "field(form.remark)")
    assert "(optional)" not in draw(FullForm(), "field(form.remark, required=true)")


def test_the_summary_takes_a_plain_list_and_is_absent_without_errors() -> None:
    assert 'href="#file-lease"' in draw(
        FullForm(), "error_summary(items)", items=[("file-lease", "Not a PDF")]
    )
    assert draw(FullForm(), "error_summary([])").strip() == ""
    assert draw(FullForm(), "error_summary(form)").strip() == ""


def test_a_form_level_error_is_shown_without_a_link() -> None:
    form = FullForm()
    form.add_error(None, "Somebody else was first")
    assert "<li>Somebody else was first</li>" in draw(form, "error_summary(form)")
