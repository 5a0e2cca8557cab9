"""Reads of applications, always through the person that they belong to."""

from __future__ import annotations

from sqlalchemy import select

from housing_portal.applications.models import Application, Upload
from housing_portal.core.db import db


def own_applications(user_id: int) -> list[Application]:
    """All of a person's applications, the last touched first."""
    return list(
        db.session.scalars(
            select(Application).where(Application.user_id == user_id).order_by(Application.saved_at.desc())
        )
    )


def own_application(user_id: int, ref: str, *, for_change: bool = False) -> Application | None:
    """The person's application of that reference; anybody else's is simply not found."""
    query = select(Application).where(Application.ref == ref, Application.user_id == user_id)
    if for_change:
        query = query.with_for_update(of=Application).execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def own_upload(application: Application, ref: str) -> Upload | None:
    """A file of this application that was not removed, or that was handed in."""
    return db.session.scalars(select(Upload).where(Upload.ref == ref, Upload.application_id == application.id)).first()
