"""Editing: by form, as text, with mistakes beside their lines; nothing that was typed is lost; hostile texts."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from tests.factories.city import City
from tests.factories.journey import as_staff
from tests.factories.workbench import inputs, set_field, source_of, start_draft, version_of_draft, write


def test_the_form_changes_only_what_was_changed(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    write(author, draft, lambda text: "# A note of the author.\n" + text)
    before = source_of(app, draft).splitlines()
    set_field(author, draft, "amounts", "mount for master", "950")
    set_field(author, draft, "conditions", "without a gap at least 6", "12")
    set_field(author, draft, "letters", "Text (English)", 'He said: "yes" <b>&amp; {{ 7 * 7 }}</b>')
    after = source_of(app, draft).splitlines()
    assert after[0] == "# A note of the author."
    assert len(after) == len(before)
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [line.strip() for line in changed if "950" in line] != []
    assert "test: social_insurance.continuous_months >= 12" in [line.strip() for line in changed]
    assert len(changed) == 3
    page = author.get(f"/workbench/drafts/{draft}/preview").get_data(as_text=True)
    assert "&lt;b&gt;&amp;amp; {{ 7 * 7 }}&lt;/b&gt;" in page, "marks of HTML and of templates are shown as text"


def test_a_wrong_number_stays_in_the_page(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    before = source_of(app, draft)
    page = set_field(author, draft, "amounts", "mount for master", "nine hundred", expect=422)
    assert "Enter a number, such as 950 or 0.6" in page
    assert "nine hundred" in page
    assert source_of(app, draft) == before


def test_a_date_may_be_emptied(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    page = author.get(f"/workbench/drafts/{draft}/form/basics").get_data(as_text=True)
    form = inputs(page)
    (name,) = {key.rpartition("-")[0] for key, value in form.items() if key.endswith("-year") and value == "2027"}
    form |= {f"{name}-year": "", f"{name}-month": "", f"{name}-day": ""}
    author.post(f"/workbench/drafts/{draft}/form/basics", form)
    assert "\nvalid_to: null\n" in source_of(app, draft)
    assert "No mistakes" in author.get(f"/workbench/drafts/{draft}").get_data(as_text=True)


def test_every_section_of_the_form_saved_unchanged_changes_nothing(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    before = source_of(app, draft)
    for section in ("basics", "amounts", "conditions", "documents", "questions", "letters"):
        page = author.get(f"/workbench/drafts/{draft}/form/{section}").get_data(as_text=True)
        author.post(f"/workbench/drafts/{draft}/form/{section}", inputs(page))
        assert source_of(app, draft) == before, section


def test_two_tabs_do_not_overwrite_each_other(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    seen = version_of_draft(app, draft)
    mine = source_of(app, draft).replace("master: 900", "master: 901")
    write(author, draft, lambda text: text.replace("master: 900", "master: 902"))
    answer = author.post(f"/workbench/drafts/{draft}/text", {"source": mine, "seen_version": seen}, 409)
    page = answer.get_data(as_text=True)
    assert "saved in another tab" in page
    assert "master: 901" in page, "what was typed is still there"
    assert "master: 902" in source_of(app, draft)
    author.post(f"/workbench/drafts/{draft}/text", inputs(page))
    assert "master: 901" in source_of(app, draft)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("master: 900", "master: many", "This must be a number."),
        ("audience: practitioner", "audience: people", "Write one of these:"),
        ("master: 900", "magister: 900", "(education.level) has no choice magister."),
        ("test: identity.age >= 18", "test: identity.aged >= 18", "There is no fact identity.aged."),
        ("audience: practitioner", "audience: practitioner\naudience: company", "This key is there twice."),
        ("kind: rent\n", "kind: rent\nkinds: [rent]\n", "This key is not known."),
        ("workflow: standard\n", "", "This must be there."),
        ("code: rent_by_education", "code: something_else", "The code stays rent_by_education"),
    ],
)
def test_a_mistake_stands_beside_its_line_and_the_text_is_kept(
    app: Flask, city: City, old: str, new: str, words: str
) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    write(author, draft, lambda text: text.replace(old, new))
    assert (new or "workflow") in source_of(app, draft) or not new
    page = author.get(f"/workbench/drafts/{draft}/text").get_data(as_text=True)
    assert words in page
    assert 'class="wb-editor__wrong"' in page
    answer = author.post(f"/workbench/drafts/{draft}/propose", {"propose-note": "x"}, 422)
    assert "Mend them first" in answer.get_data(as_text=True)
    for step in ("difference", "preview", "preview/check"):
        assert author.get(f"/workbench/drafts/{draft}/{step}", None).status_code == 303


HOSTILE = {
    "billion laughs": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)),
    "deep nesting": "code: " + "[" * 100_000,
    "a tag that builds objects": "code: !!python/object/apply:os.system ['touch /tmp/never']\n",
    "a number of 100,000 digits": "code: " + "9" * 100_000 + "\n",
    "a day that is none": "valid_from: 2026-13-45\n",
    "an alias inside itself": "code: &a [*a]\n",
    "a key that is a list": "? [a, b]\n: c\n",
    "infinity": "benefit: {most: .inf}\n",
    "nothing": "# nothing\n",
    "a bell": 'code: "\\a"\n',
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_text_is_kept_and_does_no_harm(app: Flask, city: City, name: str) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    started = time.monotonic()
    write(author, draft, lambda _text: HOSTILE[name])
    page = author.get(f"/workbench/drafts/{draft}/text").get_data(as_text=True)
    assert "The text has mistakes" in page
    author.get(f"/workbench/drafts/{draft}")
    assert author.get(f"/workbench/drafts/{draft}/form/amounts", None).status_code in (200, 303)
    assert time.monotonic() - started < 20


def test_ten_megabytes_are_refused_before_they_are_read(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    before = source_of(app, draft)
    form = {"source": "x" * 10 * 1024 * 1024, "seen_version": version_of_draft(app, draft)}
    answer = author.post(f"/workbench/drafts/{draft}/text", form, 422)
    assert "At most 400,000 characters are read." in answer.get_data(as_text=True)
    assert source_of(app, draft) == before


def test_two_versions_are_compared_in_words(app: Flask, city: City, lang: str) -> None:
    author = as_staff(app, city.manager, lang)
    draft = start_draft(author)
    write(author, draft, lambda text: text.replace("master: 900", "master: 950").replace("18周岁", "20周岁"))
    page = author.get(f"/workbench/drafts/{draft}/difference").get_data(as_text=True)
    assert "<del>900</del>" in page
    assert "<ins>950</ins>" in page
    assert "<del>18</del>" in page
    assert ("硕士研究生的标准" if lang == "zh" else "mount for master") in page
