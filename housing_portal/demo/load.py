"""Loads the demo data once. A run that was interrupted goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from flask import current_app, g
from sqlalchemy import select

from housing_portal.accounts.models import District
from housing_portal.core import audit, clock, outbox
from housing_portal.core.audit import AuditEntry
from housing_portal.core.crypto import sha256_hex
from housing_portal.core.db import commit, db, writing
from housing_portal.demo import accounts, actors, budgets
from housing_portal.demo.data import REGISTERS, applicants, rows
from housing_portal.demo.plan import Step, plan
from housing_portal.registry.models import Company
from housing_portal.registry.service import add_company
from housing_portal.schemes.service import sync_catalogue
from housing_portal.verification import csv_file
from housing_portal.verification.ports import KINDS
from housing_portal.verification.service import take_in

SUBJECT = "demo"  # of the audit chain that remembers how far the loading has come
CITY_OPENED = timedelta(days=240)  # before the day of loading: officers had their roles then
EXTRACTED = timedelta(days=20)  # before the day of loading: so old is what the registers say

Progress = Callable[[int, int], None]


def load(progress: Progress) -> None:
    """Fill the city and play every story. Raises demo.data.DataMissing and demo.actors.CannotGoOn."""
    today, done = _how_far()
    db.session.rollback()  # end the read: a transaction that began by reading may not go on to write on SQLite
    people = {person.email: person for person in applicants()}
    steps = plan(applicants(), today)
    if done == len(steps):
        return
    if done < 0:
        _import_registers()
        _open_city(today)
        done = 0
    last_acceptance = budgets.last_acceptance(steps, people)
    for number, step in enumerate(steps[done:], start=done + 1):
        with _request_at(step.at, people[step.email].language):
            if step == last_acceptance:
                budgets.use_up()
            actors.take(step, people[step.email])
            audit.record(SUBJECT, "step", None, number=number)
            commit()
        with clock.at(_after(step)), current_app.app_context():
            outbox.drain()
        progress(number, len(steps))


def _after(step: Step) -> datetime:
    """The worker's turn: papers and mails follow within a minute."""
    return step.at + timedelta(seconds=40)


def _how_far() -> tuple[date, int]:
    """The day from which the stories are told, and the number of steps taken; -1 before the first run."""
    last = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == SUBJECT).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    if last is None:
        return clock.today(), -1
    first = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == SUBJECT, AuditEntry.seq == 1)).one()
    return date.fromisoformat(first.data["today"]), last.data.get("number", 0)


def _import_registers() -> None:
    """What the registers say of the invented people, as operators import it. Done again, it changes nothing."""
    with _request_at(clock.now() - EXTRACTED, "zh"):
        for path in sorted(REGISTERS.glob("*.csv")):
            kind = KINDS[path.stem.partition("-")[0]]  # social_insurance-companies.csv
            take_in(kind, csv_file.read(path, kind), clock.today(), sha256_hex(path.read_bytes()))
        commit()


def _open_city(today: date) -> None:
    """Districts, companies, the catalogue and all accounts."""
    with _request_at(clock.now() - CITY_OPENED, "zh"):
        for row in rows("districts"):
            if db.session.scalars(select(District).where(District.code == row["code"])).first() is None:
                db.session.add(District(code=row["code"], name_zh=row["zh"], name_en=row["en"]))
        db.session.flush()
        ids = {district.code: district.id for district in db.session.scalars(select(District))}
        for row in rows("companies"):
            if db.session.scalars(select(Company).where(Company.uscc == row["uscc"])).first() is None:
                add_company(row["uscc"], row["name"], row["name_en"], ids[row["district"]])
        sync_catalogue()
        budgets.open_lines(today)
        accounts.add_staff()
        accounts.add_applicants(applicants())
        audit.record(SUBJECT, "started", None, today=today.isoformat())
        commit()


@contextmanager
def _request_at(moment: datetime, language: str) -> Iterator[None]:
    """A request of that moment, which may write: the forms need one. It has no session, so no CSRF token either."""
    with (
        clock.at(moment),
        current_app.test_request_context("/", headers={"Accept-Language": language}),
        writing(),
    ):
        g.csrf_valid = True  # Flask-WTF's word for: checked before
        yield
