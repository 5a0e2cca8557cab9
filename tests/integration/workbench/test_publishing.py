"""From a draft to a version in force: two people, and a version that never changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from housing_portal.accounts.models import User
from housing_portal.core import audit, clock
from housing_portal.core.audit import AuditEntry
from housing_portal.core.db import commit, db, writing
from housing_portal.schemes import queries
from housing_portal.schemes.models import SchemePublication
from housing_portal.schemes.service import sync_catalogue
from housing_portal.workbench.models import SchemeDraft
from tests.factories.city import City
from tests.factories.journey import SCHEME, as_applicant, as_staff, submitted
from tests.factories.workbench import propose, set_field, start_draft, write


def _today() -> dict[str, str]:
    return {"publish-valid_from": clock.today().isoformat()}


def _published(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    set_field(author, draft, "amounts", "mount for master", "950")
    propose(author, draft)
    as_staff(app, city.second_manager).post(f"/workbench/drafts/{draft}/publish", _today())


def test_a_second_person_publishes_what_was_proposed(app: Flask, city: City) -> None:
    _published(app, city)
    with app.app_context():
        version = queries.current_version(SCHEME)
        assert version is not None
        assert version.number == 2
        assert "950" in version.definition().benefit.model_dump_json()
        publication = db.session.scalars(select(SchemePublication)).one()
        assert publication.drafted_by.email == city.manager
        assert publication.published_by.email == city.second_manager
        actions = db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == f"scheme:{SCHEME}").order_by(AuditEntry.seq)
        ).all()
        assert actions == ["draft.started", "draft.proposed", "scheme.published", "draft.published"]
        assert list(audit.verify()) == []
    page = as_staff(app, city.auditor).get(f"/workbench/schemes/{SCHEME}").get_data(as_text=True)
    assert "沈立章" in page
    assert "顾思衡" in page
    assert "Masters get more." in page


def test_the_author_cannot_publish_not_even_in_the_database(app: Flask, city: City) -> None:
    author = as_staff(app, city.manager)
    draft = start_draft(author)
    propose(author, draft)
    answer = author.post(f"/workbench/drafts/{draft}/publish", _today(), 403)
    assert "A second person publishes" in answer.get_data(as_text=True)
    with app.app_context(), writing():
        me = db.session.scalars(select(User.id).where(User.email == city.manager)).one()
        row = db.session.get_one(SchemeDraft, draft)
        row.state, row.published_by_id, row.published_version_id = "published", me, row.base_version_id
        with pytest.raises(IntegrityError, match="two_people"):
            db.session.flush()
        db.session.rollback()
        db.session.add(SchemePublication(version_id=1, drafted_by_id=me, published_by_id=me, note="alone"))
        with pytest.raises(IntegrityError, match="two_people"):
            db.session.flush()
        db.session.rollback()


def test_nobody_else_edits_and_a_district_does_not_publish(app: Flask, city: City) -> None:
    author, colleague = as_staff(app, city.manager), as_staff(app, city.second_manager)
    draft = start_draft(author)
    write(colleague, draft, lambda source: source + "# mine\n", expect=403)
    propose(author, draft)
    as_staff(app, city.district_manager).post(f"/workbench/drafts/{draft}/publish", _today(), 403)
    write(author, draft, lambda source: source + "# too late\n", expect=403)


def test_a_draft_is_sent_back_with_a_reason_and_proposed_again(app: Flask, city: City) -> None:
    author, colleague = as_staff(app, city.manager), as_staff(app, city.second_manager)
    draft = start_draft(author)
    propose(author, draft)
    colleague.post(f"/workbench/drafts/{draft}/send-back", {"back-reason": "The budget is missing."})
    page = author.get(f"/workbench/drafts/{draft}").get_data(as_text=True)
    assert "The budget is missing." in page
    propose(author, draft, "With the budget.")
    assert "The budget is missing." not in colleague.get(f"/workbench/drafts/{draft}").get_data(as_text=True)
    colleague.post(f"/workbench/drafts/{draft}/publish", _today())


def test_a_version_begins_today_or_later(app: Flask, city: City) -> None:
    author, colleague = as_staff(app, city.manager), as_staff(app, city.second_manager)
    draft = start_draft(author)
    propose(author, draft)
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    page = colleague.post(f"/workbench/drafts/{draft}/publish", {"publish-valid_from": yesterday}, 422)
    assert "A version begins today or later." in page.get_data(as_text=True)
    later = clock.today() + timedelta(days=30)
    colleague.post(f"/workbench/drafts/{draft}/publish", {"publish-valid_from": later.isoformat()})
    with app.app_context():
        now, then = queries.current_version(SCHEME), queries.current_version(SCHEME, later)
        assert now is not None
        assert then is not None
        assert (now.number, then.number) == (1, 2)


def test_a_published_version_never_changes(app: Flask, city: City) -> None:
    _published(app, city)
    with app.app_context(), writing():
        version = queries.version_of(SCHEME, 2)
        assert version is not None
        version.definition_json = "{}"
        with pytest.raises(RuntimeError, match="cannot be changed"):
            db.session.flush()


def test_the_catalogue_does_not_come_back_over_the_workbench(app: Flask, city: City) -> None:
    _published(app, city)
    with app.app_context(), writing():
        assert [version for version in sync_catalogue() if version.scheme_code == SCHEME] == []
        commit()
        version = queries.current_version(SCHEME)
        assert version is not None
        assert version.number == 2


def test_withdrawing_ends_new_applications_only(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = practitioner.post(f"/applications/start/{SCHEME}", {"district": "1"}).location.rpartition("/")[2]
    _published(app, city)
    manager = as_staff(app, city.second_manager)
    manager.post(
        f"/workbench/schemes/{SCHEME}/versions/2/withdraw",
        {"from_day": clock.today().isoformat(), "reason": "The budget of the year is spent."},
    )
    with app.app_context():
        assert queries.current_version(SCHEME) is None, "an earlier version does not come back"
    practitioner.get(f"/schemes/{SCHEME}", 404)
    practitioner.get(f"/applications/start/{SCHEME}", 404)
    page = practitioner.get(f"/applications/{ref}").get_data(as_text=True)
    assert "The scheme has changed" not in page, "what was begun goes on as it was"
    page = manager.get(f"/workbench/schemes/{SCHEME}").get_data(as_text=True)
    assert "The budget of the year is spent." in page


def test_a_new_scheme_is_copied_under_a_new_code(app: Flask, city: City) -> None:
    author, colleague = as_staff(app, city.manager), as_staff(app, city.second_manager)
    taken = author.post(f"/workbench/schemes/{SCHEME}/copies", {"code": SCHEME}, None)
    assert taken.status_code in (303, 422)
    author.post(f"/workbench/schemes/{SCHEME}/copies", {"code": "Rent By Tier"}, 422)
    draft = int(
        author.post(f"/workbench/schemes/{SCHEME}/copies", {"code": "rent_by_skill"}).location.rpartition("/")[2]
    )
    write(author, draft, lambda source: source.replace("按学历）", "按技能）").replace("by education", "by skill"))
    propose(author, draft)
    colleague.post(f"/workbench/drafts/{draft}/publish", _today())
    assert "Rent subsidy by skill" in author.get("/schemes").get_data(as_text=True)


def test_a_version_published_meanwhile_is_read_and_confirmed_before_it_is_replaced(app: Flask, city: City) -> None:
    author, colleague = as_staff(app, city.manager), as_staff(app, city.second_manager)
    first, second = start_draft(author), start_draft(author)
    write(author, first, lambda source: source.replace("master: 900", "master: 950"))
    write(author, second, lambda source: source.replace("bachelor: 600", "bachelor: 650"))
    propose(author, first)
    propose(author, second)
    colleague.post(f"/workbench/drafts/{first}/publish", _today())
    page = colleague.get(f"/workbench/drafts/{second}").get_data(as_text=True)
    told = page.split("Version 2 is newer than the one")[-1].split("</section>")[0]
    assert "amount for master: ¥950 → ¥900" in told  # what nobody meant to undo
    whole = colleague.get(f"/workbench/drafts/{second}/difference?against=newest").get_data(as_text=True)
    assert "amount for master" in whole.lower()
    assert "Compare with version 1, from which it was begun" in whole

    refused = colleague.post(f"/workbench/drafts/{second}/publish", _today(), 422).get_data(as_text=True)
    assert "Read the difference, then confirm it" in refused
    stale = _today() | {"publish-newest": "1", "publish-replaces": "y"}  # read another difference than this one
    colleague.post(f"/workbench/drafts/{second}/publish", stale, 422)
    confirmed = _today() | {"publish-newest": "2", "publish-replaces": "y"}
    colleague.post(f"/workbench/drafts/{second}/publish", confirmed)
    with app.app_context():
        version = queries.current_version(SCHEME)
        assert version is not None
        assert version.number == 3


def test_the_author_takes_the_newest_version_as_the_base(app: Flask, city: City) -> None:
    author, colleague = as_staff(app, city.manager), as_staff(app, city.second_manager)
    first, second = start_draft(author), start_draft(author)
    write(author, first, lambda source: source.replace("master: 900", "master: 950"))
    propose(author, first)
    colleague.post(f"/workbench/drafts/{first}/publish", _today())
    write(author, second, lambda s: s.replace("master: 900", "master: 950").replace("bachelor: 600", "bachelor: 650"))
    author.post(f"/workbench/drafts/{second}/rebase")
    page = author.get(f"/workbench/drafts/{second}").get_data(as_text=True)
    assert "Draft from version 2" in page
    assert "is newer than the one" not in page
    assert "amount for bachelor: ¥600 → ¥650" in page
    assert "¥950" not in page.split("What it changes")[1].split("Simulation</h2>")[0]
    propose(author, second)
    colleague.post(f"/workbench/drafts/{second}/publish", _today())


def test_a_case_keeps_the_version_that_it_was_begun_under(app: Flask, city: City) -> None:
    practitioner = as_applicant(app, city)
    ref = submitted(practitioner)
    _published(app, city)
    assert practitioner.get(f"/applications/{ref}/status").status_code == 200
    assert "¥750" in as_staff(app, city.intake).get(f"/staff/cases/{ref}").get_data(as_text=True)
