"""A company applies: rows of invoices, a decision, a letter in its name, and what officers see of doubles."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from housing_portal.certificates.models import Paper
from housing_portal.core import clock
from housing_portal.core.db import db
from housing_portal.demo.data import typed_page
from tests.client import PortalClient
from tests.factories.city import PASSWORD, City
from tests.factories.companies import agent_answers, company_submitted, scheme
from tests.factories.journey import as_applicant, as_staff, run_worker, send, start, step, version_of


def text(client: PortalClient, path: str, expect: int = 200) -> str:
    """A page as text."""
    return client.get(path, expect).get_data(as_text=True)


def cost_page(**change: object) -> dict[str, str]:
    """The page with the invoices as a browser sends it."""
    page = scheme("office_fitout").page("cost")
    return {"page_version": "0", **typed_page(agent_answers(), page, clock.today()).to_dict(), **change}  # type: ignore[dict-item]


def test_a_company_applies_for_its_fit_out_and_gets_a_certificate(app: Flask, city: City) -> None:
    agent = as_applicant(app, city)
    ref = company_submitted(agent, "office_fitout")
    step(as_staff(app, city.intake), ref, "accept", "accept")
    case = text(as_staff(app, city.reviewer), f"/staff/cases/{ref}")
    assert "云江星河软件有限公司" in case
    assert "24502000000088001234" in case  # each invoice can be read
    step(as_staff(app, city.reviewer), ref, "opinion", "opinion", recommendation="approve", opinion="Visited, in use.")
    step(as_staff(app, city.approver), ref, "approve", "approve")
    run_worker(app)
    status = text(agent, f"/applications/{ref}/status")
    assert "¥120,000 once" in status  # 200 x 600 m2; half of the eligible 284,400 is more
    assert "After acceptance: ¥60,000" in status
    assert "After 12 months in use: ¥60,000" in status
    with app.app_context():
        paper = db.session.scalars(select(Paper).where(Paper.kind == "certificate")).one()
        address = f"/verify/{paper.serial}/{paper.code}"
    shown = text(PortalClient(app, "en"), address)
    assert "云江星河软件有限公司" in shown
    assert "¥120,000 once" in shown


def test_rows_are_added_and_removed_and_nothing_typed_is_lost(app: Flask, city: City) -> None:
    agent = as_applicant(app, city)
    ref = start(agent, scheme="office_fitout")
    address = f"/applications/{ref}/pages/cost"
    sent = cost_page(add_row="fitout_invoices", fitout_audited_cost="not a number")
    assert agent.post(address, sent).location.endswith("/pages/cost#fitout_invoices-2")
    page = text(agent, address)
    assert 'name="fitout_invoices-2-invoice_number"' in page
    assert 'value="not a number"' in page  # a mistake elsewhere waits, as it was typed

    sent = cost_page(remove_row="fitout_invoices-0", page_version="1")
    assert agent.post(address, sent).location.endswith("/pages/cost#fitout_invoices")
    page = text(agent, address)
    assert "24502000000088001234" not in page
    assert "245020000000660" in page  # the second invoice is still there


def test_the_same_invoice_twice_is_told_at_once(app: Flask, city: City) -> None:
    agent = as_applicant(app, city)
    ref = start(agent, scheme="office_fitout")
    address = f"/applications/{ref}/pages/cost"
    twice = {"fitout_invoices-1-invoice_number": "24502000000088001234"}
    page = agent.post(address, cost_page(**twice), 422).get_data(as_text=True)
    assert "The same invoice number is there twice. Enter each invoice once" in page
    blank = {name: "" for name in cost_page() if name.startswith("fitout_invoices-")}
    page = agent.post(f"/applications/{ref}/pages/cost", cost_page(**blank, page_version="1"), 422).get_data(
        as_text=True
    )
    assert "Fill in at least one row" in page
    half = {"fitout_invoices-1-invoice_amount": ""}
    page = agent.post(f"/applications/{ref}/pages/cost", cost_page(**half, page_version="2"), 422).get_data(
        as_text=True
    )
    assert 'href="#fitout_invoices-1-invoice_amount"' in page


def test_an_invoice_and_premises_used_by_another_company_are_flagged(app: Flask, city: City) -> None:
    company_submitted(as_applicant(app, city), "office_fitout")
    other = PortalClient(app, "en").sign_in(city.other_applicant, PASSWORD)
    answers = agent_answers("ruoxi.bai@demo.example")  # another company with the same first invoice
    answers |= {key: agent_answers()[key] for key in ("premises.building", "premises.unit")}
    answers["premises.unit"] = answers["premises.unit"].replace("6层", " ６ 层")  # written in another way
    ref = company_submitted(other, "office_fitout", answers, "d" * 32)
    page = text(as_staff(app, city.intake), f"/staff/cases/{ref}")
    flag = page.split("Found in other applications too")[-1].split("</ul>")[0]
    assert "Invoice number 24502000000088001234" in flag
    assert "the premises" in flag
    assert "６ 层" in flag  # as this company wrote it
    assert "Office fit-out subsidy" in flag


def test_officers_find_a_company_by_its_code_and_an_invoice_by_its_number(app: Flask, city: City) -> None:
    ref = company_submitted(as_applicant(app, city), "office_fitout")
    intake = as_staff(app, city.intake)
    for typed in (agent_answers()["company.uscc"], "24502000000088001234", "云江星河软件有限公司"):
        assert ref in text(intake, f"/staff/cases?search={typed}")
    assert ref not in text(intake, "/staff/cases?search=24502000000088001235")


def test_a_correction_of_invoices_is_told_row_by_row(app: Flask, city: City) -> None:
    agent, intake = as_applicant(app, city), as_staff(app, city.intake)
    ref = company_submitted(agent, "office_fitout")
    asked = {
        "correction-version": version_of(app, ref),
        "correction-items": ["fact:fitout.invoices"],
        "message-fact:fitout.invoices": "The second invoice is for other premises.",
    }
    intake.post(f"/staff/cases/{ref}/ask-correction", asked)
    mended = cost_page(page_version="1", **{"fitout_invoices-1-invoice_amount": "60500"})
    agent.post(f"/applications/{ref}/pages/cost", mended)
    send(agent, ref, "second-key-that-is-long-enough")
    table = text(intake, f"/staff/cases/{ref}").split("What the correction changed</h2>")[1].split("</table>")[0]
    assert table.count("row changed") == 1
    assert "¥60,000" in table.split("<del>")[1].split("</del>")[0]
    assert "¥60,500" in table.split("<ins>")[1].split("</ins>")[0]
    assert "¥252,000" not in table  # the other invoice is as it was
