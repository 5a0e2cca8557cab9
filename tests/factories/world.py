"""A finished case with everything that has an address: to try every door with every key."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from housing_portal.applications.models import Upload
from housing_portal.certificates.models import Paper
from housing_portal.core.db import db
from housing_portal.notices.models import InboxMessage
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, fill, run_worker, start, step, submitted
from tests.factories.workbench import propose, simulate, start_draft


@dataclass(frozen=True)
class World:
    """References into the tables."""

    ref: str
    draft: str
    upload: str
    paper_code: str
    paper_serial: str
    message: int
    scheme_draft: int
    proposed_draft: int
    simulation: int


def build_world(app: Flask, city: City) -> World:
    """One approved case and one draft of the same applicant; two drafts of a scheme and a simulation."""
    client = as_applicant(app, city)
    ref = submitted(client)
    step(as_staff(app, city.intake), ref, "accept", "accept")
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="approve", opinion="Complete.")
    step(as_staff(app, city.approver), ref, "approve", "approve")
    run_worker(app)
    draft = start(client)
    fill(client, draft)
    manager = as_staff(app, city.manager)
    scheme_draft, proposed_draft = start_draft(manager), start_draft(manager)
    propose(manager, proposed_draft)
    manager.post(f"/workbench/drafts/{scheme_draft}/papers/certificate")
    simulation = simulate(manager, scheme_draft)
    with app.app_context():
        paper = db.session.scalars(select(Paper).where(Paper.kind == "certificate")).one()
        upload = db.session.scalars(select(Upload).order_by(Upload.id)).first()
        message = db.session.scalars(select(InboxMessage.id)).first()
        assert upload is not None
        assert message is not None
        made = (scheme_draft, proposed_draft, simulation)
        return World(ref, draft, upload.ref, paper.code, paper.serial, message, *made)
