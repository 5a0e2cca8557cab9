"""A decided case of the city's practitioner, as rows, and as papers see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from housing_portal.accounts.models import District, User
from housing_portal.applications.models import Application
from housing_portal.casework.models import Case
from housing_portal.casework.queries import CaseForPaper
from housing_portal.certificates import handlers, service
from housing_portal.certificates.models import Paper
from housing_portal.core import clock
from housing_portal.core.db import commit, db, writing
from housing_portal.core.ids import new_reference
from housing_portal.schemes.models import SchemeVersion
from tests.factories.city import City
from tests.factories.papers import ORDINARY

Issue = Callable[..., Paper]


def make_case(city: City, owner: str = "", district: int = 0) -> CaseForPaper:
    """Rows of a decided case, and its record for papers."""
    user = db.session.scalars(select(User).where(User.email == (owner or city.applicant))).one()
    place = db.session.scalars(select(District).where(District.code == city.districts[district])).one()
    version = db.session.scalars(select(SchemeVersion)).first()
    assert version is not None
    application = Application(
        ref=new_reference(),
        user_id=user.id,
        scheme_code=version.scheme_code,
        scheme_version_id=version.id,
        district_id=place.id,
        state="submitted",
    )
    db.session.add(application)
    db.session.flush()
    case = Case(
        application_id=application.id,
        workflow="standard",
        status="APPROVED",
        district_id=place.id,
        holder_name=ORDINARY.holder_name,
        submitted_at=clock.now(),
        entered_at=clock.now(),
        decide_by=clock.today(),
        closed_at=clock.now(),
    )
    db.session.add(case)
    db.session.flush()
    return replace(
        ORDINARY,
        case_id=case.id,
        application_id=application.id,
        reference=application.ref,
        user_id=user.id,
        district_id=place.id,
        district_code=place.code,
    )


@pytest.fixture
def case(app: Flask, city: City) -> CaseForPaper:
    """A decided case of the practitioner in the first district."""
    with app.app_context(), writing():
        made = make_case(city)
        commit()
    return made


@pytest.fixture
def seen_by_papers(monkeypatch: pytest.MonkeyPatch) -> Callable[[CaseForPaper], None]:
    """What the handlers are told of the case."""

    def set_to(case: CaseForPaper) -> None:
        monkeypatch.setattr(handlers, "case_for_paper", lambda case_id: replace(case, case_id=case_id))

    return set_to


@pytest.fixture
def issue(app: Flask, case: CaseForPaper) -> Issue:
    """Issue a paper of the case, with changes to it, and commit."""

    def make(kind: str, edition: int = 1, **changes: Any) -> Paper:
        with app.app_context(), writing():
            paper = service.issue(kind, edition, replace(case, **changes))
            commit()
            db.session.refresh(paper)
            db.session.expunge(paper)
        return paper

    return make
