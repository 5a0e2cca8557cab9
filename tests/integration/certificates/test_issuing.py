"""A paper is issued once, whole, and with a number that nobody else has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from housing_portal.accounts.models import District
from housing_portal.casework.events import CaseDecided, CaseSubmitted
from housing_portal.casework.queries import CaseForPaper
from housing_portal.certificates import handlers, serials, service
from housing_portal.certificates.models import CERTIFICATE, RECEIPT, REFUSAL, Paper
from housing_portal.certificates.queries import papers_of_case
from housing_portal.core import audit, outbox, storage
from housing_portal.core.crypto import canonical_json, sha256_hex
from housing_portal.core.db import commit, db, writing
from housing_portal.core.ids import LENGTH
from tests.factories.city import City
from tests.integration.certificates.conftest import Issue

See = Callable[[CaseForPaper], None]


def published(app: Flask, name: str) -> list[dict[str, object]]:
    with app.app_context():
        query = select(outbox.OutboxEvent.payload).where(outbox.OutboxEvent.name == name)
        return list(db.session.scalars(query))


def handle(app: Flask, handler: outbox.Handler, payload: dict[str, object]) -> None:
    with app.app_context(), writing():
        handler(payload, 1)
        commit()


def test_a_decision_becomes_a_stored_certificate(app: Flask, case: CaseForPaper, seen_by_papers: See) -> None:
    seen_by_papers(case)
    handle(app, handlers.issue_decision_paper, {"case_id": case.case_id, "outcome": "approved"})
    with app.app_context():
        paper = db.session.scalars(select(Paper)).one()
        assert (paper.kind, paper.state, paper.serial[:10]) == (CERTIFICATE, "valid", "YJ-500901-")
        assert len(paper.code) == LENGTH
        assert paper.content_hash == sha256_hex(canonical_json(paper.context))
        assert storage.get(paper.file_sha256).startswith(b"%PDF-1.7")
        assert (paper.valid_from, paper.valid_to) == (
            case.first_month,
            case.first_month.replace(2029, 11, 30),
        )
        assert case.id_number not in str(paper.context)
        paper_id = paper.id
    assert published(app, "certificates.paper_issued") == [
        {"paper_id": paper_id, "case_id": case.case_id, "kind": CERTIFICATE, "user_id": case.user_id}
    ]


@pytest.mark.parametrize(
    ("handler", "payload"),
    [
        (handlers.issue_decision_paper, {"outcome": "refused"}),
        (handlers.issue_receipt, {"submission_number": 1}),
    ],
)
def test_a_job_that_runs_again_finds_the_paper(
    app: Flask,
    case: CaseForPaper,
    seen_by_papers: See,
    handler: outbox.Handler,
    payload: dict[str, object],
) -> None:
    seen_by_papers(case)
    for _ in range(3):
        handle(app, handler, {"case_id": case.case_id, **payload})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 1
    assert len(published(app, "certificates.paper_issued")) == 1


def test_each_submission_has_its_receipt(app: Flask, case: CaseForPaper, seen_by_papers: See) -> None:
    for number in (1, 2):
        seen_by_papers(replace(case, submission_number=number))
        handle(app, handlers.issue_receipt, {"case_id": case.case_id, "submission_number": number})
    with app.app_context():
        assert [row.edition for row in papers_of_case(case.case_id)] == [2, 1]


def test_a_late_receipt_is_for_the_later_submission(app: Flask, case: CaseForPaper, seen_by_papers: See) -> None:
    seen_by_papers(replace(case, submission_number=2))
    for number in (1, 2):
        handle(app, handlers.issue_receipt, {"case_id": case.case_id, "submission_number": number})
    with app.app_context():
        assert [row.edition for row in papers_of_case(case.case_id)] == [2]


def test_a_new_decision_supersedes_the_old_paper_and_spares_receipts(issue: Issue, app: Flask) -> None:
    issue(RECEIPT)
    refusal = issue(REFUSAL, outcome="refused")
    issue(CERTIFICATE)
    with app.app_context():
        rows = {row.kind: row.state for row in papers_of_case(refusal.case_id)}
        assert rows == {RECEIPT: "valid", REFUSAL: "superseded", CERTIFICATE: "valid"}
        entries = db.session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.id)).all()
    assert entries == ["paper.issued", "paper.issued", "paper.superseded", "paper.issued"]


def test_the_events_reach_the_handlers_through_the_outbox(app: Flask, case: CaseForPaper, seen_by_papers: See) -> None:
    seen_by_papers(case)
    with app.app_context(), writing():
        outbox.publish(CaseSubmitted(case_id=case.case_id, submission_number=1))
        outbox.publish(CaseDecided(case_id=case.case_id, outcome="approved"))
        commit()
        for job in db.session.scalars(select(outbox.Job).where(outbox.Job.handler.startswith("notices"))):
            job.state = "done"
        commit()
        outbox.drain(2)
        states = set(db.session.scalars(select(outbox.Job.state).where(outbox.Job.handler.startswith("certificates"))))
        assert states == {"done"}
        assert [row.kind for row in papers_of_case(case.case_id)] == [CERTIFICATE, RECEIPT]


def test_a_failed_paper_leaves_nothing_and_no_gap(
    app: Flask, case: CaseForPaper, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert issue(CERTIFICATE).serial.endswith("-C-000001")
    with monkeypatch.context() as broken, app.app_context(), writing():
        broken.setattr(service, "render", lambda kind, context: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            service.issue(CERTIFICATE, 2, case)
        db.session.rollback()
    assert issue(CERTIFICATE, 3).serial.endswith("-C-000002")


def test_numbers_run_by_district_year_and_kind(app_on_both: Flask, city_on_both: City) -> None:
    with app_on_both.app_context(), writing():
        first, second = db.session.scalars(select(District).order_by(District.code)).all()
        drawn = [
            serials.draw(first.id, first.code, CERTIFICATE, 2026),
            serials.draw(first.id, first.code, CERTIFICATE, 2026),
            serials.draw(first.id, first.code, REFUSAL, 2026),
            serials.draw(first.id, first.code, CERTIFICATE, 2027),
            serials.draw(second.id, second.code, RECEIPT, 2026),
        ]
        commit()
    assert drawn == [
        "YJ-500901-2026-C-000001",
        "YJ-500901-2026-C-000002",
        "YJ-500901-2026-N-000001",
        "YJ-500901-2027-C-000001",
        "YJ-500902-2026-R-000001",
    ]


def test_workers_at_once_draw_neither_twice_nor_with_gaps(app_on_both: Flask, city_on_both: City) -> None:
    drawn: list[str] = []
    with app_on_both.app_context():
        district_id = db.session.scalars(select(District.id).order_by(District.code)).first()

    def work(number: int) -> None:
        for turn in range(10):
            with app_on_both.app_context(), writing():
                serial = serials.draw(district_id or 0, "500901", RECEIPT, 2026)
                if (number + turn) % 3 == 0:
                    db.session.rollback()  # this paper failed: its number goes to the next
                else:
                    commit()
                    drawn.append(serial)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == [f"YJ-500901-2026-R-{number:06d}" for number in range(1, len(drawn) + 1)]
