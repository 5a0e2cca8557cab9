"""The power fails: real processes are killed in the middle of their work, and nothing is lost or doubled."""

from __future__ import annotations

import http.client
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from housing_portal.applications.models import Application, Submission
from housing_portal.casework.models import Case
from housing_portal.certificates.models import CERTIFICATE, RECEIPT, Paper, SerialCounter
from housing_portal.core import clock, outbox, storage
from housing_portal.core.db import allow_writing, commit, db, writing
from housing_portal.core.outbox import Job
from housing_portal.notices.models import InboxMessage, Mail
from tests.client import TOKEN, PortalClient
from tests.factories.awards import resident_number
from tests.factories.city import PASSWORD, build_city, person
from tests.factories.drafts import ready_draft
from tests.factories.journey import as_staff, run_worker, send, step
from tests.live import LivePortal, wait_until

LONG = pytest.mark.long


@pytest.fixture
def portal(tmp_path: Path, engine_url: str) -> Iterator[tuple[LivePortal, Flask]]:
    """A portal whose processes may be killed, with a small city."""
    portal = LivePortal(tmp_path, engine_url)
    app = portal.app()
    with app.app_context(), writing():
        db.drop_all()
        db.create_all()
        commit()
    build_city(app)
    yield portal, app
    portal.stop()
    with app.app_context():
        db.engine.dispose()


def approve_a_case(app: Flask, number: int) -> None:
    """A decided case of a new person: the only thing that is due is its certificate."""
    client, ref = drafted(app, f"person{number}@example.com", number)
    send(client, ref)
    officers = ("intake@example.com", "reviewer@example.com", "approver@example.com")
    intake, reviewer, approver = (as_staff(app, email) for email in officers)
    step(intake, ref, "accept", "accept")
    step(reviewer, ref, "opinion", "opinion", recommendation="approve", opinion="Complete.")
    run_worker(app)
    step(approver, ref, "approve", "approve")


def drafted(app: Flask, email: str, nth: int) -> tuple[PortalClient, str]:
    """A person of their own with a draft that can be sent."""
    with app.app_context(), writing():
        person(email, "林小满", staff=False)
        ref = ready_draft(app, email, identity__document_number=resident_number(nth)).ref
        commit()
    return PortalClient(app).sign_in(email, PASSWORD), ref


@contextmanager
def looking(app: Flask) -> Iterator[None]:
    """To read without a lock: a look that waited for the worker's lock would always come when it is done."""
    with app.app_context():
        allow_writing(False)  # the requests of the test's own client may have left it on
        yield


def is_at_work(app: Flask) -> bool:
    """Whether a worker holds a job now."""
    with looking(app):
        return bool(db.session.scalar(select(func.count()).select_from(Job).where(Job.state == "running")))


def leases_run_out(app: Flask) -> int:
    """The two minutes pass; returns how many jobs were held by nobody."""
    with app.app_context(), writing():
        past = clock.now() - timedelta(seconds=1)
        held = db.session.execute(update(Job).where(Job.state == "running").values(lease_until=past))
        count = int(held.rowcount)  # type: ignore[attr-defined]
        commit()
        return count


def all_done(app: Flask) -> bool:
    """Whether nothing is left to do."""
    with looking(app):
        return not db.session.scalar(select(func.count()).select_from(Job).where(Job.state != "done"))


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=LONG)])
def test_a_worker_killed_in_the_middle_leaves_one_certificate_and_one_mail(
    kills: int, portal: tuple[LivePortal, Flask]
) -> None:
    live, app = portal
    found_working = 0
    for kill in range(kills):
        approve_a_case(app, kill)
        worker = live.start_worker()
        wait_until(lambda: is_at_work(app) or all_done(app), "the worker begins")
        time.sleep(0.02 + 0.38 * kill / kills)  # not a wait for anything: the moment at which the power fails
        live.kill(worker)
        found_working += leases_run_out(app)
    assert found_working >= kills // 3, "most kills came between two jobs: too little was tried"

    live.start_worker()
    wait_until(lambda: all_done(app), "the next worker finishes everything")
    everything_is_there_once(app, kills)
    do_it_all_again(app)
    wait_until(lambda: all_done(app), "everything is done once more")
    everything_is_there_once(app, kills)


def do_it_all_again(app: Flask) -> None:
    """All jobs fall due once more, as if no "done" had ever reached the disk: a handler must notice its own work."""
    with app.app_context(), writing():
        db.session.execute(update(Job).values(state="waiting", run_after=clock.now(), done_at=None))
        commit()


def everything_is_there_once(app: Flask, cases: int) -> None:
    with app.app_context():
        for kind in (CERTIFICATE, RECEIPT):
            papers = db.session.scalars(select(Paper).where(Paper.kind == kind).order_by(Paper.serial)).all()
            assert [paper.case_id for paper in papers] == list(dict.fromkeys(paper.case_id for paper in papers))
            assert len(papers) == cases
            assert [int(paper.serial[-6:]) for paper in papers] == list(range(1, cases + 1)), "a gap or a double"
            assert db.session.scalar(select(SerialCounter.last).where(SerialCounter.kind == kind)) == cases
            assert all(storage.get(paper.file_sha256).startswith(b"%PDF") for paper in papers)
        for table in (Mail, InboxMessage):
            doubles = Counter(tuple(row) for row in db.session.execute(select(table.event_id, table.user_id)))
            assert max(doubles.values()) == 1
        users = db.session.scalars(select(Paper.user_id).where(Paper.kind == CERTIFICATE)).all()
        for user in users:
            mails = db.session.scalars(select(Mail).where(Mail.user_id == user)).all()
            subjects = Counter(mail.subject for mail in mails)
            assert set(subjects.values()) == {1}, subjects
            assert {mail.state for mail in mails} == {"sent"}


def test_a_slow_worker_that_lost_its_lease_changes_nothing(portal: tuple[LivePortal, Flask]) -> None:
    """Not dead, only stopped for longer than the lease: its effect is rolled back when it wakes up."""
    _live, app = portal
    approve_a_case(app, 0)
    with app.app_context():
        slow = outbox.claim_next()
        assert slow is not None
    leases_run_out(app)
    run_worker(app)
    with app.app_context():
        assert outbox.run_claimed(slow) is False
        db.session.remove()
    assert all_done(app)
    everything_is_there_once(app, 1)


@pytest.mark.parametrize("people", [12, pytest.param(60, marks=LONG)])
def test_what_the_killed_web_server_acknowledged_is_there(people: int, portal: tuple[LivePortal, Flask]) -> None:
    """Many people press "send" while the web server is killed again and again; each presses until it is confirmed."""
    live, app = portal
    senders = [Sender(live.port, *drafted(app, f"sender{count}@example.com", count)) for count in range(people)]
    web = live.start_web()
    acknowledged: set[str] = set()
    kills = 0
    with ThreadPoolExecutor(4) as pool:
        while len(acknowledged) < people:
            pending = [sender for sender in senders if sender.ref not in acknowledged]
            answers = [pool.submit(sender.send) for sender in pending]
            time.sleep(0.03 + 0.05 * kills)  # the moment at which the power fails
            if kills < 5:
                live.kill(web)
                kills += 1
            acknowledged |= {sender.ref for sender, answer in zip(pending, answers, strict=True) if answer.result()}
            with app.app_context():  # at once: what was promised is on the disk
                query = select(Application.ref).join(Case, Case.application_id == Application.id)
                assert acknowledged <= set(db.session.scalars(query))
            if web.poll() is not None:
                web = live.start_web()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == people
        assert db.session.scalar(select(func.count()).select_from(Case)) == people
        per_case = db.session.scalars(select(func.count()).select_from(Mail).group_by(Mail.user_id)).all()
        assert set(per_case) <= {1}
    run_worker(app)
    with app.app_context():
        numbers = db.session.scalars(select(Paper.serial).where(Paper.kind == RECEIPT).order_by(Paper.serial)).all()
        assert [int(serial[-6:]) for serial in numbers] == list(range(1, people + 1))
        mails = Counter(tuple(row) for row in db.session.execute(select(Mail.user_id, Mail.event_id)))
        assert len(mails) == people
        assert set(mails.values()) == {1}


class Sender:
    """Somebody who presses "send" in a browser, by the bare protocol; the same key each time."""

    def __init__(self, port: int, client: PortalClient, ref: str) -> None:
        self.port, self.ref = port, ref
        found = TOKEN.search(client.get(f"/applications/{ref}/check").get_data(as_text=True))
        assert found
        cookie = client.http.get_cookie("portal")
        assert cookie is not None
        self.headers = {
            "Cookie": f"portal={cookie.value}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{port}/",
        }
        self.body = urlencode({"csrf_token": found.group(1), "key": re.sub(r"\W", "", ref) + "-key"})

    def send(self) -> bool:
        """Whether the portal acknowledged. A broken connection is no answer: they will press again."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", f"/applications/{self.ref}/submit", self.body, self.headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        assert answer.status == 303, answer.status
        assert (answer.getheader("Location") or "").endswith("/status"), answer.getheader("Location")
        return True
