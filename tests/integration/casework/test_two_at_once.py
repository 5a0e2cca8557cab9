"""Two people at the same moment: one effect, and the other is told. On SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from housing_portal.applications.models import Submission
from housing_portal.casework.models import Case, CaseEvent
from housing_portal.core import outbox
from housing_portal.core.db import db
from housing_portal.core.outbox import Job, OutboxEvent
from tests.factories.city import City
from tests.factories.journey import as_applicant, as_staff, fill, start, step, submitted, version_of


def at_once(actions: list[Callable[[], None]]) -> None:
    """Run all in threads that start together; raises what any of them raised."""
    gate = threading.Barrier(len(actions))
    errors: list[BaseException] = []

    def run(action: Callable[[], None]) -> None:
        gate.wait()
        try:
            action()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_two_approvers_decide_one_case_once(app_on_both: Flask, city_on_both: City) -> None:
    app, city = app_on_both, city_on_both
    ref = submitted(as_applicant(app, city))
    step(as_staff(app, city.intake), ref, "accept", "accept")
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="approve", opinion="Complete.")
    approver, other = as_staff(app, city.approver), as_staff(app, city.second_approver)
    tokens = {client: client.token() for client in (approver, other)}
    version = version_of(app, ref)

    def approve() -> None:
        data = {"approve-version": version, "csrf_token": tokens[approver]}
        assert approver.http.post(f"/staff/cases/{ref}/approve", data=data).status_code in (303, 409)

    def refuse() -> None:
        said = {"refuse-reasons": "R12", "refuse-remark": "The papers did not come."}
        data = said | {"refuse-version": version, "csrf_token": tokens[other]}
        assert other.http.post(f"/staff/cases/{ref}/refuse", data=data).status_code in (303, 409)

    at_once([approve, refuse])

    with app.app_context():
        decisions = db.session.scalars(select(CaseEvent).where(CaseEvent.action.in_(("approve", "refuse")))).all()
        assert len(decisions) == 1
        orders = db.session.scalars(select(OutboxEvent).where(OutboxEvent.name == "casework.case_decided")).all()
        assert len(orders) == 1
        winner = decisions[0].action
    loser = other if winner == "approve" else approver
    page = loser.get(f"/staff/cases/{ref}").get_data(as_text=True)
    assert "was first" in page
    assert ("唐审批" if winner == "approve" else "何审批") in page


def test_twelve_times_sent_at_once_makes_one_application(app_on_both: Flask, city_on_both: City) -> None:
    app = app_on_both
    client = as_applicant(app, city_on_both)
    ref = start(client)
    fill(client, ref)
    token = client.token()
    cookie = client.http.get_cookie("portal")
    assert cookie is not None

    def send() -> None:
        browser = app.test_client()
        browser.set_cookie("portal", cookie.value)
        answer = browser.post(f"/applications/{ref}/submit", data={"csrf_token": token, "key": "k" * 32})
        assert answer.status_code == 303
        assert answer.location.endswith("/status")

    at_once([send] * 12)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1


def test_several_workers_do_each_job_once(app_on_both: Flask, city_on_both: City) -> None:
    app, city = app_on_both, city_on_both
    submitted(as_applicant(app, city))

    def work() -> None:
        with app.app_context():
            outbox.drain()

    at_once([work] * 4)
    with app.app_context():
        assert {state for (state,) in db.session.execute(select(Job.state))} == {"done"}
        assert set(db.session.scalars(select(Job.attempts))) == {1}
