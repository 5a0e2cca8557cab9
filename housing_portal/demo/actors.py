"""Takes the steps of the plan through the real services, each in a request and a commit of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from housing_portal.accounts.models import District, RoleGrant, User
from housing_portal.accounts.service import find_user
from housing_portal.applications import service as applications
from housing_portal.applications.models import Application
from housing_portal.applications.progress import current_uploads, draft_values, progress_of
from housing_portal.casework import decisions, statements
from housing_portal.casework import service as casework
from housing_portal.casework.models import Case
from housing_portal.casework.steps import case_of
from housing_portal.core import clock, uploads
from housing_portal.core.crypto import sha256_hex
from housing_portal.core.db import db
from housing_portal.demo import texts
from housing_portal.demo.data import Applicant, document, typed_page
from housing_portal.demo.plan import Step
from housing_portal.schemes.form_terms import Page
from housing_portal.schemes.forms import answers_from_form, build_page_form, raw_from_form
from housing_portal.schemes.queries import current_version

LEFT_OUT = ("bank_card", "rent_payment", "licence")  # of a draft that is nearly done
OFFICERS = {"INTAKE": "intake_officer", "REVIEW": "reviewer", "DECISION": "approver"}


class CannotGoOn(Exception):
    """The data of a person do not pass the forms any more; says which page and why."""


def take(step: Step, person: Applicant) -> None:
    """Take one step at its moment. Does not commit."""
    application = _application(person, step.nth)
    _ACTIONS[step.action](person, application)


def _application(person: Applicant, nth: int) -> Application:
    """The person's application of that number, begun now if it is not there."""
    user = find_user(person.email)
    if user is None:
        raise CannotGoOn(f"{person.email} has no account")
    begun = db.session.scalars(select(Application).where(Application.user_id == user.id).order_by(Application.id)).all()
    if nth < len(begun):
        return begun[nth]
    scheme = person.stories[nth].scheme
    version = current_version(scheme)
    if version is None:
        raise CannotGoOn(f"{scheme} cannot be applied for on {clock.today()}")
    district = db.session.scalars(select(District).where(District.code == person.district)).one()
    return applications.start(user, version, district)


# -- the applicant --------------------------------------------------------------------------------


def _begin(person: Applicant, application: Application) -> None:
    """One page, and a second one left with a mistake in it."""
    pages = [page for page in application.scheme_version.definition().pages if page.facts]
    _save(person, application, pages[0])
    _save(person, application, pages[1], {"education_graduation_date-day": "31"})


def _fill(person: Applicant, application: Application) -> None:
    for page in application.scheme_version.definition().pages:
        if page.facts:
            _save(person, application, page)
    _hand_over(person, application)


def _fill_most(person: Applicant, application: Application) -> None:
    """All but the last page and two documents."""
    for page in application.scheme_version.definition().pages[:-1]:
        if page.facts:
            _save(person, application, page)
    _hand_over(person, application, LEFT_OUT)


def _save(
    person: Applicant, application: Application, page: Page, instead: dict[str, str] | None = None
) -> None:
    """Type the answers of a page into its form and save it. Raises CannotGoOn when one of them does not pass."""
    typed: MultiDict[str, str] = typed_page(person.answers, page, clock.today())
    typed.update(instead or {})
    definition = application.scheme_version.definition()
    form = build_page_form(definition, page, draft_values(application), person.language, formdata=typed)
    valid = form.validate()
    if not valid and not instead:
        raise CannotGoOn(f"{person.email}, page {page.code}: {form.errors}")
    saved = next((row.version for row in application.pages if row.page == page.code), 0)
    given = applications.PageInput(raw_from_form(form), answers_from_form(form), valid)
    applications.save_page(application, page.code, given, saved)


def _hand_over(person: Applicant, application: Application, left_out: Iterable[str] = ()) -> None:
    """A file for each document that is asked."""
    filed = "lease.filing_no" in person.answers
    for state in progress_of(application).documents:
        slot = state.document.slot
        if (state.asked or (slot == "lease_filing" and filed)) and slot not in left_out:
            for _file in range(max(state.document.least, 1)):
                _upload(application, slot)


def _upload(application: Application, slot: str) -> None:
    safe, original = _clean(slot)
    applications.keep_upload(application, slot, document(slot).name, safe, original)


@cache
def _clean(slot: str) -> tuple[uploads.CleanFile, str]:
    """The safe form of a document: checked once, handed over by many."""
    data = document(slot).read_bytes()
    return uploads.clean(data), sha256_hex(data)


def _submit(_person: Applicant, application: Application) -> None:
    key = f"demo-{application.ref}-{len(application.submissions)}"
    casework.submit(application.user, application, key)


def _answer_correction(person: Applicant, application: Application) -> None:
    """Mend what was asked, then hand it in again."""
    lease = application.scheme_version.definition().page("lease")
    number = texts.FILED_SINCE.format(number=application.id)
    _save(person, application, lease, {"lease_filing_no": number})
    for upload in current_uploads(application):
        if upload.slot == "rent_payment":
            applications.remove_upload(application, upload)
    safe, original = _clean("lease_filing")  # a PDF instead of the scan: the officer sees the difference
    applications.keep_upload(application, "rent_payment", "rent-payment-3-months.pdf", safe, original)
    _submit(person, application)


def _extend_correction(_person: Applicant, application: Application) -> None:
    casework.extend_correction(application.user, case_of(application))


def _withdraw(_person: Applicant, application: Application) -> None:
    casework.withdraw(application.user, case_of(application))


# -- officers and the system ----------------------------------------------------------------------


def _officer(case: Case) -> User:
    """Somebody with the role that the case waits for, in its district; colleagues take turns."""
    query = (
        select(User)
        .join(User.grants)
        .where(RoleGrant.role == OFFICERS[case.status], RoleGrant.district_id == case.district_id)
        .order_by(User.id)
    )
    colleagues = db.session.scalars(query).unique().all()
    if not colleagues:
        raise CannotGoOn(f"district {case.district.code} has nobody for {case.status}")
    return colleagues[case.id % len(colleagues)]


def _claim(_person: Applicant, application: Application) -> None:
    case = case_of(application)
    casework.claim(_officer(case), case, case.version)


def _accept(_person: Applicant, application: Application) -> None:
    case = case_of(application)
    casework.accept(_officer(case), case, case.version, texts.NOTES[case.id % len(texts.NOTES)])


def _ask_correction(person: Applicant, application: Application) -> None:
    case = case_of(application)
    casework.ask_correction(_officer(case), case, case.version, texts.CORRECTION[person.language])


def _unmet(case: Case) -> list[str]:
    """The reasons that the rules give against."""
    against = decisions.rules_against_approval(statements.current_evaluation(case))
    return list(dict.fromkeys(row.reason for row in against))


def _give_opinion(_person: Applicant, application: Application) -> None:
    case = case_of(application)
    if _unmet(case):
        casework.give_opinion(_officer(case), case, case.version, "refuse", texts.OPINION_AGAINST)
    else:
        opinion = texts.OPINIONS_FOR[case.id % len(texts.OPINIONS_FOR)]
        casework.give_opinion(_officer(case), case, case.version, "approve", opinion)


def _check_registers(_person: Applicant, application: Application) -> None:
    """Look into the registers, and state one thing that was seen in the documents."""
    case = case_of(application)
    officer = _officer(case)
    statements.look_up(officer, case, case.version)
    statements.agree(officer, case, case.version, "lease.monthly_rent")


def _state_assessed_rent(_person: Applicant, application: Application) -> None:
    """What no applicant knows: the rent that the asset manager had assessed."""
    case = case_of(application)
    rent, note = texts.ASSESSED_RENT
    statements.state(_officer(case), case, case.version, "premises.assessed_rent", rent, note)


def _propose(_person: Applicant, application: Application) -> None:
    """Approve although a rule is not met: a second person has to confirm it."""
    case = case_of(application)
    decisions.approve(_officer(case), case, case.version, texts.REASON_AGAINST_A_RULE)


def _approve(_person: Applicant, application: Application) -> None:
    case = case_of(application)
    decisions.approve(_officer(case), case, case.version, None)


def _refuse(person: Applicant, application: Application) -> None:
    case = case_of(application)
    decisions.refuse(_officer(case), case, case.version, _unmet(case), texts.REMARK[person.language], None)


def _run_clocks(_person: Applicant, _application: Application) -> None:
    casework.run_clocks()


_ACTIONS = {
    "begin": _begin,
    "fill": _fill,
    "fill_most": _fill_most,
    "submit": _submit,
    "answer_correction": _answer_correction,
    "extend_correction": _extend_correction,
    "withdraw": _withdraw,
    "claim": _claim,
    "accept": _accept,
    "ask_correction": _ask_correction,
    "give_opinion": _give_opinion,
    "check_registers": _check_registers,
    "state_assessed_rent": _state_assessed_rent,
    "propose": _propose,
    "approve": _approve,
    "refuse": _refuse,
    "run_clocks": _run_clocks,
}
