"""A draft tried on past applications: who gains, who loses, what it costs; shared, stopped, and never twice."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from housing_portal.applications import service as applications
from housing_portal.applications.models import Application
from housing_portal.core import outbox
from housing_portal.core.db import commit, db, writing
from housing_portal.core.outbox import Job
from housing_portal.workbench import running
from housing_portal.workbench.models import Simulation, SimulationChange, SimulationChunk
from housing_portal.workbench.queries import result_of
from housing_portal.workbench.simulation import Tally
from tests.factories.city import City
from tests.factories.drafts import ready_draft
from tests.factories.journey import as_staff, run_worker
from tests.factories.workbench import simulate, start_draft, write

LEVELS = ("phd", "master", "bachelor")


def submissions(app: Flask, city: City, count: int, *, district: int = 1) -> list[str]:
    """``count`` applications that were handed in, of one education after the other; rent 1,500 for two people."""
    refs = []
    with app.app_context(), writing():
        for number in range(count):
            application = ready_draft(app, city.applicant)
            application.district_id = district
            for page in application.pages:
                if page.page == "education":
                    page.answers = page.answers | {"education.level": LEVELS[number % 3]}
            applications.freeze(application, f"{district}-{number}")
            refs.append(application.ref)
        commit()
    run_worker(app)
    return refs


def _tally(app: Flask, simulation: int) -> Tally:
    with app.app_context():
        found = result_of(db.session.get_one(Simulation, simulation))
        assert found is not None
        return found


def test_who_gains_who_loses_and_what_it_costs(app: Flask, city: City) -> None:
    submissions(app, city, 6)
    submissions(app, city, 3, district=2)
    manager = as_staff(app, city.manager)
    draft = start_draft(manager)
    # The share of the rent is 750: more for bachelors is felt up to there, less for masters below it.
    write(manager, draft, lambda text: text.replace("master: 900", "master: 700").replace("r: 600", "r: 900"))
    tally = _tally(app, simulate(manager, draft))
    assert tally.counted == 9
    assert tally.kinds == {"same": 3, "loses": 3, "gains": 3}
    assert tally.answers == {}
    before, after = tally.total()
    months = len(tally.months)
    assert before == months * 3 * Decimal(750 + 750 + 600)
    assert after == months * 3 * Decimal(750 + 700 + 750)
    assert {key: pair[0] for key, pair in tally.districts.items()} == {"1": before * 2 / 3, "2": before / 3}
    assert set(map(tuple, tally.months.values())) == {(Decimal(6300), Decimal(6600))}


def test_answers_that_change_and_the_list_without_names(app: Flask, city: City) -> None:
    refs = submissions(app, city, 3)
    manager = as_staff(app, city.manager)
    draft = start_draft(manager)
    write(manager, draft, lambda text: text.replace('["bachelor", "master", "phd"]', '["master", "phd"]'))
    simulation = simulate(manager, draft)
    assert _tally(app, simulation).answers == {"needs_review>not_met": 1}
    page = manager.get(f"/workbench/simulations/{simulation}").get_data(as_text=True)
    assert "To be checked → Not met" in page
    listed = manager.get(f"/workbench/simulations/{simulation}/applications?kind=loses").get_data(as_text=True)
    assert refs[2][:5] in listed
    assert refs[0][:5] not in listed
    assert "林" not in listed.replace("临江", "")
    file = manager.get(f"/workbench/simulations/{simulation}/file")
    with zipfile.ZipFile(io.BytesIO(file.data)) as book:
        text = book.read("xl/worksheets/sheet4.xml").decode()
    assert refs[2][:5] in text


def test_an_honest_empty_result(app: Flask, city: City) -> None:
    manager = as_staff(app, city.manager)
    simulation = simulate(manager, start_draft(manager))
    assert "No past applications" in manager.get(f"/workbench/simulations/{simulation}").get_data(as_text=True)


def test_a_district_sees_its_own_submissions_only(app: Flask, city: City) -> None:
    submissions(app, city, 3)
    submissions(app, city, 1, district=2)
    manager, of_district = as_staff(app, city.manager), as_staff(app, city.district_manager)
    own = simulate(of_district, start_draft(of_district))
    assert _tally(app, own).counted == 1
    whole = simulate(manager, start_draft(manager))
    of_district.get(f"/workbench/simulations/{whole}", 404)
    of_district.get(f"/workbench/simulations/{whole}/applications", 404)
    assert "Only the districts of" in manager.get(f"/workbench/simulations/{own}").get_data(as_text=True)


def test_progress_is_shown_and_a_stopped_simulation_stays_stopped(
    app: Flask, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    submissions(app, city, 5)
    manager = as_staff(app, city.manager)
    draft = start_draft(manager)
    location = manager.post(f"/workbench/drafts/{draft}/simulations").location
    _run_jobs(app, 2)
    page = manager.get(location).get_data(as_text=True)
    assert "2 of 5 applications are counted." in page
    assert 'http-equiv="refresh"' in page
    manager.post(f"{location}/cancel")
    run_worker(app)
    page = manager.get(location).get_data(as_text=True)
    assert "The simulation was stopped" in page
    assert 'http-equiv="refresh"' not in page
    with app.app_context():
        counted = select(func.count()).where(SimulationChunk.tally.is_not(None))
        assert db.session.scalar(counted) == 1


def _run_jobs(app: Flask, count: int) -> None:
    with app.app_context():
        assert outbox.drain(count) == count


def test_a_chunk_that_is_run_again_counts_once(
    app_on_both: Flask, city_on_both: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    submissions(app_on_both, city_on_both, 5)
    manager = as_staff(app_on_both, city_on_both.manager)
    draft = start_draft(manager)
    write(manager, draft, lambda text: text.replace("bachelor: 600", "bachelor: 700"))
    simulation = simulate(manager, draft)
    first = _tally(app_on_both, simulation)
    with app_on_both.app_context(), writing():
        for job in db.session.scalars(select(Job).where(Job.handler.contains("on_chunk_ready"))):
            job.state = "waiting"  # as if the worker had died after its effect and before "done"
        db.session.get_one(Simulation, simulation).state = "running"
        commit()
    run_worker(app_on_both)
    with app_on_both.app_context():
        assert db.session.scalar(select(func.count()).select_from(SimulationChange)) == 1
        assert db.session.scalar(select(func.count()).select_from(Application)) == 5
    assert first.counted == 5
    assert first.kinds == {"same": 4, "gains": 1}


def test_the_papers_of_a_draft_are_drawn_by_the_worker_and_marked(app: Flask, city: City) -> None:
    manager = as_staff(app, city.manager)
    draft = start_draft(manager)
    path = f"/workbench/drafts/{draft}/papers/certificate"
    manager.post(path)
    assert 'http-equiv="refresh"' in manager.get(path).get_data(as_text=True)
    manager.get(f"{path}/file", 404)
    run_worker(app)
    assert "Download the PDF" in manager.get(path).get_data(as_text=True)
    assert manager.get(f"{path}/file").data.startswith(b"%PDF-")
    write(manager, draft, lambda text: text.replace("master: 900", "master: 950"))
    assert "Make the paper" in manager.get(path).get_data(as_text=True), "of the new text there is none yet"


def test_a_chunk_that_can_never_be_counted_ends_the_simulation(
    app: Flask, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    submissions(app, city, 2)
    manager = as_staff(app, city.manager)
    draft = start_draft(manager)

    def breaks(*_args: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(running, "compare", breaks)
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 1)
    simulation = simulate(manager, draft)
    page = manager.get(f"/workbench/simulations/{simulation}").get_data(as_text=True)
    assert "The simulation could not be finished" in page
    assert "http-equiv" not in page  # nothing to wait for
    assert "failed" in manager.get(f"/workbench/drafts/{draft}").get_data(as_text=True)
    with app.app_context():
        assert db.session.get_one(Simulation, simulation).finished_at is not None
    monkeypatch.undo()
    assert _tally(app, simulate(manager, draft)).counted == 2
