"""Reads of cases, always through the reader's scope: own, or the districts of a role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from housing_portal.accounts.models import User
from housing_portal.applications.lookups import plain
from housing_portal.applications.models import Application, IdentifierHash
from housing_portal.casework import statements
from housing_portal.casework.access import readable_districts
from housing_portal.casework.models import FINAL, Case, CaseEvaluation, CaseEvent, RegisterCheck
from housing_portal.casework.workflow import load_workflow
from housing_portal.core import clock
from housing_portal.core.crypto import keyed_hash
from housing_portal.core.db import db
from housing_portal.core.ids import LENGTH, normalise_reference
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.grants import granted, one_amount_a_month
from housing_portal.schemes.holder import holder_of
from housing_portal.schemes.policy_terms import PaperKind

PAGE_ROWS = 25
SEARCHED = (
    "identity.name",
    "identity.document_number",
    "identity.mobile",
    "bank.card_number",
    "lease.filing_no",
    "company.name",
    "company.uscc",
    "company_bank.account_number",
    "agent.mobile",
    "premises.lease_filing_no",
    "invoice.number",
)


@dataclass(frozen=True)
class QueueFilter:
    """What an officer wants to see. ``view``: todo (waits for my role), mine, open, closed."""

    view: str = "todo"
    status: str = ""
    district_id: int | None = None
    search: str = ""


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, and the key of the next one."""

    rows: list[Case]
    next_key: str | None


def _scoped(user: User) -> Select[Case]:
    districts = readable_districts(user)
    query = select(Case).join(Case.application)
    return query if districts is None else query.where(Case.district_id.in_(districts))


def queue(user: User, wanted: QueueFilter, after: str | None = None) -> QueuePage:
    """Cases of the officer's districts, the most urgent first, paged by key: any page is as fast as the first."""
    query = _filtered(_scoped(user), user, wanted)
    closed = wanted.view == "closed"
    order = (Case.closed_at.desc(), Case.id.desc()) if closed else (Case.due_on, Case.id)
    if after:
        query = query.where(_behind(after, closed))
    query = query.order_by(*order).limit(PAGE_ROWS + 1)
    rows = list(db.session.scalars(query.options(joinedload(Case.application))))
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    if not more:
        return QueuePage(rows, None)
    last = rows[-1]
    key = last.closed_at if closed else last.due_on
    return QueuePage(rows, f"{key.isoformat() if key else ''}~{last.id}")


def _behind(after: str, closed: bool) -> Any:
    key, _, last_id = after.partition("~")
    if closed:
        moment = datetime.fromisoformat(key)
        return or_(Case.closed_at < moment, and_(Case.closed_at == moment, Case.id < int(last_id)))
    day = date.fromisoformat(key)
    return or_(Case.due_on > day, and_(Case.due_on == day, Case.id > int(last_id)))


def _filtered(query: Select[Case], user: User, wanted: QueueFilter) -> Select[Case]:
    if wanted.search:
        return query.where(_matches(wanted.search))
    if wanted.district_id is not None:
        query = query.where(Case.district_id == wanted.district_id)
    if wanted.status:
        return query.where(Case.status == wanted.status)
    if wanted.view == "mine":
        return query.where(Case.assignee_id == user.id, Case.status.not_in(FINAL))
    if wanted.view == "closed":
        return query.where(Case.status.in_(FINAL))
    if wanted.view == "todo":
        waiting = [
            and_(Case.status == status, Case.district_id.in_(user.districts_as(state.actor or "")))
            for status, state in load_workflow("standard").states.items()
            if state.actor in user.roles
        ]
        return query.where(or_(*waiting)) if waiting else query.where(Case.status.not_in(FINAL))
    return query.where(Case.status.not_in(FINAL))


def _matches(search: str) -> Any:
    """A whole reference, or one of the values that can be searched for, whole, by keyed hash."""
    typed = search.strip()
    reference = normalise_reference(typed)
    hashes = [
        and_(IdentifierHash.kind == kind, IdentifierHash.hash == keyed_hash(kind, plain(typed))) for kind in SEARCHED
    ]
    found = select(IdentifierHash.application_id).where(or_(*hashes))
    by_reference = Application.ref == reference if len(reference) == LENGTH else Application.ref == ""
    return or_(by_reference, Case.application_id.in_(found))


def counts(user: User) -> dict[str, int]:
    """Open cases of the officer's districts, by status."""
    districts = readable_districts(user)
    query = select(Case.status, func.count()).where(Case.status.not_in(FINAL)).group_by(Case.status)
    if districts is not None:
        query = query.where(Case.district_id.in_(districts))
    return {row[0]: row[1] for row in db.session.execute(query)}


def overdue_count(user: User) -> int:
    """Open cases whose day has passed."""
    districts = readable_districts(user)
    query = select(func.count()).select_from(Case).where(Case.due_on < clock.today())
    if districts is not None:
        query = query.where(Case.district_id.in_(districts))
    return db.session.scalar(query) or 0


def staff_case(user: User, ref: str, *, for_change: bool = False) -> Case | None:
    """The case, if it is in one of the officer's districts; any other is simply not found."""
    query = _scoped(user).where(Application.ref == ref)
    if for_change:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    else:
        query = query.options(selectinload(Case.events).joinedload(CaseEvent.actor))
    return db.session.scalars(query).first()


def own_case(user_id: int, ref: str, *, for_change: bool = False) -> Case | None:
    """The applicant's own case."""
    query = select(Case).join(Case.application).where(Application.ref == ref, Application.user_id == user_id)
    if for_change:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def register_checks(case: Case) -> list[RegisterCheck]:
    """Every look into the registers, the latest last."""
    query = select(RegisterCheck).where(RegisterCheck.case_id == case.id).order_by(RegisterCheck.id)
    return list(db.session.scalars(query))


def evaluations(case: Case) -> list[CaseEvaluation]:
    """Every evaluation after the one of the submission, the latest last."""
    query = select(CaseEvaluation).where(CaseEvaluation.case_id == case.id).order_by(CaseEvaluation.id)
    return list(db.session.scalars(query))


def statuses_of(user_id: int) -> dict[int, Case]:
    """Application id → case, for a person's list."""
    rows = db.session.scalars(select(Case).join(Case.application).where(Application.user_id == user_id))
    return {case.application_id: case for case in rows}


@dataclass(frozen=True)
class CaseForPaper:
    """Everything that a paper may say of a case: plain values, texts in both languages."""

    case_id: int
    application_id: int
    reference: str
    user_id: int
    language: str
    district_id: int
    district_code: str
    district_name: dict[str, str]
    office: dict[str, str]
    holder_name: str
    id_type: str
    id_number: str
    scheme_code: str
    scheme_title: dict[str, str]
    certificate_title: dict[str, str]
    legal_basis: dict[str, str]
    fair_competition_review_no: str | None
    submitted_at: datetime
    submission_number: int
    submission_sha256: str
    document_names: list[str]
    next_actor: dict[str, str]
    next_due: date | None
    decided_at: datetime | None
    outcome: str | None
    amount_month: Decimal | None  # yuan
    months: int | None
    first_month: date | None
    benefit_lines: list[dict[str, str]]
    reasons: list[dict[str, Any]]
    remark: str | None


ACTOR_WORDS = {
    "applicant": {"zh": "申请人", "en": "Applicant"},
    "intake_officer": {"zh": "受理窗口", "en": "Intake office"},
    "reviewer": {"zh": "初审人员", "en": "Reviewer"},
    "approver": {"zh": "审批人员", "en": "Approver"},
    "system": {"zh": "系统", "en": "System"},
}


def case_for_paper(case_id: int) -> CaseForPaper:
    """The committed state of a case, for letters and certificates."""
    case = db.session.get_one(Case, case_id)
    application, submission = case.application, case.application.submissions[-1]
    definition = application.scheme_version.definition()
    values = statements.effective_values(case)
    decision = next((event for event in case.events if event.to_status in ("APPROVED", "REFUSED")), None)
    benefit = (
        BenefitResult.model_validate(decision.data["benefit"]) if decision and "benefit" in decision.data else None
    )
    holder = holder_of(definition, values)
    actor = load_workflow(case.workflow).states[case.status].actor
    titles = {document.slot: document.title for document in definition.documents}
    reasons = {reason.code: reason for reason in definition.reasons}
    return CaseForPaper(
        case_id=case.id,
        application_id=application.id,
        reference=application.ref,
        user_id=application.user_id,
        language=application.user.language,
        district_id=case.district_id,
        district_code=case.district.code,
        district_name={"zh": case.district.name_zh, "en": case.district.name_en},
        office=definition.responsible_office.model_dump(),
        holder_name=holder.name,
        id_type=holder.id_type,
        id_number=holder.id_number,
        scheme_code=definition.code,
        scheme_title=definition.title.model_dump(),
        certificate_title=definition.papers[PaperKind.CERTIFICATE].title.model_dump(),
        legal_basis=definition.legal_basis.title.model_dump(),
        fair_competition_review_no=definition.fair_competition_review_no,
        submitted_at=submission.submitted_at,
        submission_number=submission.number,
        submission_sha256=submission.sha256,
        document_names=[f"{titles[d['slot']].zh} {titles[d['slot']].en}" for d in submission.documents],
        next_actor=ACTOR_WORDS[actor] if actor else {"zh": "", "en": ""},
        next_due=case.due_on,
        decided_at=decision.at if decision else None,
        outcome=decision.to_status.lower() if decision else None,
        amount_month=one_amount_a_month(benefit) if benefit else None,
        months=benefit.months if benefit else None,
        first_month=date.fromisoformat(decision.data["first_month"]) if decision and benefit else None,
        benefit_lines=[words.model_dump() for words in granted(benefit)] if benefit else [],
        reasons=[
            {
                "code": code,
                "clause": reasons[code].clause.model_dump(),
                "text": reasons[code].words.model_dump(),
            }
            for code in (decision.data.get("reasons", []) if decision else [])
        ],
        remark=decision.data.get("remark") if decision else None,
    )
