"""Awards: an approval writes one, with its benefit months and its payments; withdrawing it frees exactly its months.

The caller commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import joinedload

from housing_portal.accounts.models import User
from housing_portal.casework import statements
from housing_portal.casework.models import Case
from housing_portal.casework.steps import CaseProblem
from housing_portal.core import audit, clock
from housing_portal.core.db import db
from housing_portal.core.ids import new_reference, normalise_reference
from housing_portal.payments import budget
from housing_portal.payments.exclusion import Taken, month_code, months_of, taken
from housing_portal.payments.models import ACTIVE, WITHDRAWN, Award, AwardPayment, BenefitMonth
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.months import add_months

AT_ONCE = 500  # rows of one INSERT


class AwardUnknown(Exception):
    """There is no award with this reference."""


@dataclass(frozen=True)
class Granted:
    """What a decision grants: the benefit, and the first month of support (its first day)."""

    benefit: BenefitResult
    first_month: date

    @classmethod
    def of(cls, decision: Mapping[str, Any]) -> Granted:
        """From the data of the decision's event."""
        benefit = BenefitResult.model_validate(decision["benefit"])
        return cls(benefit, date.fromisoformat(decision["first_month"]))

    def payments(self) -> list[tuple[date, Decimal, dict[str, str] | None]]:
        """Month (its first day), yuan, and the words of a tranche, in the order of time."""
        plan = [
            (add_months(self.first_month, month), payment.amount, payment.words.model_dump() if payment.words else None)
            for payment in self.benefit.schedule
            for month in payment.months()
            if payment.amount > 0
        ]
        return sorted(plan, key=lambda one: one[0])

    def yuan_in(self, year: int) -> Decimal:
        """What is paid in the calendar year."""
        return sum((amount for month, amount, _words in self.payments() if month.year == year), Decimal(0))


@dataclass(frozen=True)
class Conflict:
    """Another award that has some of the same months; ``whose``: who has them, seen from the present case."""

    award: Award
    whose: tuple[str, ...]
    months: tuple[str, ...]


def award_of(case_id: int) -> Award | None:
    """The award of a case, withdrawn or not."""
    query = select(Award).where(Award.case_id == case_id).options(joinedload(Award.withdrawn_by))
    return db.session.scalars(query).first()


def conflicts(case: Case, granted: Granted) -> list[Conflict]:
    """The awards that a grant would double, the oldest first."""
    return _conflicts(_taken(case, granted), 0)


def grant(case: Case, granted: Granted) -> Award:
    """Write the award. Raises DoubleBenefit; then the caller's transaction must not be kept."""
    version = case.application.scheme_version
    award = Award(
        ref=new_reference(),
        case_id=case.id,
        scheme_version_id=version.id,
        scheme_code=version.scheme_code,
        district_id=case.district_id,
        kind=granted.benefit.kind,
        first_month=month_code(granted.first_month),
        months=granted.benefit.months,
        total=granted.benefit.total or Decimal(0),
        state=ACTIVE,
        granted_at=clock.now(),
    )
    award.payments = [
        AwardPayment(number=number, month=month_code(month), amount=amount, words=words)
        for number, (month, amount, words) in enumerate(granted.payments(), start=1)
    ]
    db.session.add(award)
    db.session.flush()
    rows = _taken(case, granted)
    if _write(rows, award.id) < len(rows):
        raise DoubleBenefit(_conflicts(rows, award.id))
    audit.record(f"award:{award.ref}", "granted", case.events[-1].actor_id, case=case.id, months=granted.benefit.months)
    return award


class DoubleBenefit(Exception):
    """Some of the months are taken; ``conflicts`` says by what. It is empty when that was withdrawn this moment."""

    def __init__(self, found: Sequence[Conflict]) -> None:
        super().__init__("double benefit")
        self.conflicts = tuple(found)


def withdraw(actor: User | None, reference: str, reason: str) -> bool:
    """Take an award back: its benefit months and its place in the budget are free again, no others.

    ``actor`` None is an operator at the command line. False: it was withdrawn before, and nothing changes.
    Raises AwardUnknown, and CaseProblem without a reason.
    """
    award = db.session.scalars(
        select(Award)
        .where(Award.ref == normalise_reference(reference))
        .with_for_update(of=Award)
        .execution_options(populate_existing=True)
    ).first()
    if award is None:
        raise AwardUnknown(reference)
    if award.state == WITHDRAWN:
        return False
    if not reason.strip():
        raise CaseProblem(_("Say why the award is withdrawn."))
    db.session.execute(delete(BenefitMonth).where(BenefitMonth.award_id == award.id))
    award.state, award.withdrawn_at, award.withdrawn_by = WITHDRAWN, clock.now(), actor
    award.reason = reason.strip()
    db.session.flush()
    budget.release(award.case_id)
    audit.record(f"award:{award.ref}", "withdrawn", actor.id if actor else None, case=award.case_id)
    return True


def _taken(case: Case, granted: Granted) -> list[Taken]:
    definition = case.application.scheme_version.definition()
    return taken(definition, statements.effective_values(case), months_of(granted.benefit, granted.first_month))


def _write(rows: Sequence[Taken], award_id: int) -> int:
    """How many rows the unique key let in. Whoever writes the same row at this moment is waited for."""
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    written = 0
    for start in range(0, len(rows), AT_ONCE):
        values = [vars(row) | {"award_id": award_id} for row in rows[start : start + AT_ONCE]]
        statement = insert(BenefitMonth).values(values).on_conflict_do_nothing().returning(BenefitMonth.id)
        written += len(db.session.execute(statement).all())
    return written


def _conflicts(rows: Iterable[Taken], own_award: int) -> list[Conflict]:
    mine = {(row.claimant, row.exclusion, row.month): row.whose for row in rows}
    query = (
        select(BenefitMonth.claimant, BenefitMonth.exclusion, BenefitMonth.month, BenefitMonth.award_id)
        .where(
            BenefitMonth.claimant.in_({claimant for claimant, _exclusion, _month in mine}),
            BenefitMonth.exclusion.in_({exclusion for _claimant, exclusion, _month in mine}),
            BenefitMonth.award_id != own_award,
        )
        .order_by(BenefitMonth.award_id, BenefitMonth.month)
    )
    met: dict[int, list[tuple[str, str]]] = {}
    for claimant, exclusion, month, award_id in db.session.execute(query):
        if (claimant, exclusion, month) in mine:
            met.setdefault(award_id, []).append((mine[claimant, exclusion, month], month))
    if not met:
        return []
    found = select(Award).where(Award.id.in_(met)).order_by(Award.id).options(joinedload(Award.scheme_version))
    return [
        Conflict(
            award,
            tuple(dict.fromkeys(whose for whose, _month in met[award.id])),
            tuple(sorted({month for _whose, month in met[award.id]})),
        )
        for award in db.session.scalars(found)
    ]
