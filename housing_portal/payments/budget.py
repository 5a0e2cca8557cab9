"""Quota: places and yuan of a budget line, reserved on acceptance, committed on approval, given back otherwise.

Every change locks the line first, then changes it by one UPDATE that the limit allows or not; the CHECKs of the table
say the same once more. The caller commits.
"""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select, update

from housing_portal.accounts.models import District, User
from housing_portal.casework.models import Case
from housing_portal.casework.steps import CaseProblem
from housing_portal.core import audit, clock
from housing_portal.core.db import db
from housing_portal.payments.models import COMMITTED, RELEASED, RESERVED, WAITING, BudgetClaim, BudgetLine, YuanInFen

PLACES = 1  # that a case takes


class LimitRefused(Exception):
    """The limit of a line cannot be what was asked; says why."""


def line_for(scheme_code: str, district_id: int, year: int) -> BudgetLine | None:
    """The line that a case draws on: the district's own, else that of the whole city. None: nothing is limited."""
    lines = db.session.scalars(
        select(BudgetLine).where(
            BudgetLine.scheme_code == scheme_code,
            BudgetLine.year == year,
            or_(BudgetLine.district_id == district_id, BudgetLine.district_id.is_(None)),
        )
    ).all()
    return min(lines, key=lambda line: line.district_id is None, default=None)


def claim_of(case_id: int) -> BudgetClaim | None:
    """What the case draws, if a line applies to it."""
    query = select(BudgetClaim).where(BudgetClaim.case_id == case_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def number_in_the_row(claim: BudgetClaim) -> int:
    """1 for the one whose turn is next."""
    before = or_(BudgetClaim.since < claim.since, and_(BudgetClaim.since == claim.since, BudgetClaim.id < claim.id))
    query = select(func.count()).where(BudgetClaim.line_id == claim.line_id, BudgetClaim.state == WAITING, before)
    return (db.session.scalar(query) or 0) + 1


def reserve(case: Case, year: int, yuan: Decimal) -> None:
    """Take a place and so much of the year's money, or a place in the row where there is none left."""
    line = _line_of(case, year)
    if line is None:
        return
    _lock(line.id)
    moment = clock.now()
    state = RESERVED if not _somebody_waits(line.id) and _take(line.id, yuan) else WAITING
    db.session.add(
        BudgetClaim(
            case_id=case.id, line_id=line.id, state=state, places=PLACES, yuan=yuan, since=moment, changed_at=moment
        )
    )
    db.session.flush()


def why_not(case: Case, year: int) -> str | None:
    """Why the case cannot be approved now for want of budget, as far as can be said without taking it."""
    claim, line = claim_of(case.id), _line_of(case, year)
    if claim is not None and claim.state == WAITING and line is not None and line.id == claim.line_id:
        return _waits(claim)
    return None


def commit_place(case: Case, year: int, yuan: Decimal) -> None:
    """Approval: what was reserved becomes what is granted. ``year`` is that in which support begins.

    Support that begins in another year than was thought on acceptance moves to that year's line, if it has room.
    Raises CaseProblem while the case waits, and when the line has not enough.
    """
    claim, line = claim_of(case.id), _line_of(case, year)
    _lock(*([claim.line_id] if claim is not None else []), *([line.id] if line is not None else []))
    claim = claim_of(case.id)  # as it is now that nobody else can change it
    if claim is not None and line is not None and claim.line_id == line.id:
        if claim.state == WAITING:
            raise CaseProblem(_waits(claim))
    else:
        if claim is not None:
            _give_back(claim)
        if line is None:
            return
        if _somebody_waits(line.id) or not _take(line.id, yuan):
            raise CaseProblem(_no_room(year))
        claim = _moved(case, claim, line, yuan)
    if not _change(
        claim.line_id,
        _has_yuan(yuan - claim.yuan),
        reserved_places=BudgetLine.reserved_places - claim.places,
        reserved_yuan=BudgetLine.reserved_yuan - claim.yuan,
        committed_places=BudgetLine.committed_places + claim.places,
        committed_yuan=BudgetLine.committed_yuan + yuan,
    ):
        raise CaseProblem(_no_room(year))
    less = yuan < claim.yuan
    claim.state, claim.yuan, claim.changed_at = COMMITTED, yuan, clock.now()
    db.session.flush()
    if less:
        _let_in(claim.line_id)


def release(case_id: int) -> None:
    """Give back what the case draws, whatever its state; the next in the row comes in. Done again, nothing happens."""
    claim = claim_of(case_id)
    if claim is None:
        return
    _lock(claim.line_id)
    claim = claim_of(case_id)
    if claim is not None:
        _give_back(claim)


def set_limit(
    actor: User | None, scheme_code: str, district: District | None, year: int, places: int | None, yuan: Decimal | None
) -> BudgetLine:
    """Open a line, or change its limits; None limits nothing. Raises LimitRefused below what is used."""
    if places is None and yuan is None:
        raise LimitRefused(_("A budget line limits places or yuan."))
    if (places is not None and places < 0) or (yuan is not None and yuan < 0):
        raise LimitRefused(_("A limit is 0 or more."))
    area = BudgetLine.district_id.is_(None) if district is None else BudgetLine.district_id == district.id
    line = db.session.scalars(
        select(BudgetLine).where(BudgetLine.scheme_code == scheme_code, BudgetLine.year == year, area)
    ).first()
    if line is None:
        line = BudgetLine(scheme_code=scheme_code, district=district, year=year, places=places, yuan=yuan)
        db.session.add(line)
        db.session.flush()
    else:
        _lock(line.id)
        used_places = BudgetLine.reserved_places + BudgetLine.committed_places
        used_yuan = BudgetLine.reserved_yuan + BudgetLine.committed_yuan
        fits = [used_places <= places] if places is not None else []
        fits += [used_yuan <= _fen(yuan)] if yuan is not None else []
        if not _change(line.id, and_(*fits), places=places, yuan=yuan):
            raise LimitRefused(_("More than this is reserved or committed already."))
        _let_in(line.id)
    limits = {"places": places, "yuan": None if yuan is None else str(yuan)}
    audit.record(f"budget:{line.id}", "limit_set", actor.id if actor else None, **limits)
    return line


def _line_of(case: Case, year: int) -> BudgetLine | None:
    return line_for(case.application.scheme_version.scheme_code, case.district_id, year)


def _lock(*line_ids: int) -> None:
    """Nobody else changes these lines, or what is drawn from them, until the commit."""
    query = select(BudgetLine.id).where(BudgetLine.id.in_(line_ids)).order_by(BudgetLine.id)
    db.session.execute(query.with_for_update()).all()


def _somebody_waits(line_id: int) -> bool:
    query = select(BudgetClaim.id).where(BudgetClaim.line_id == line_id, BudgetClaim.state == WAITING).limit(1)
    return db.session.scalar(query) is not None


def _fen(yuan: Decimal) -> BindParameter[Decimal]:
    """An amount beside a sum of columns, which has lost the type that turns yuan into fen."""
    return bindparam(None, yuan, YuanInFen(), unique=True)


def _has_yuan(more: Decimal) -> ColumnElement[bool]:
    used = BudgetLine.reserved_yuan + BudgetLine.committed_yuan
    return or_(BudgetLine.yuan.is_(None), used + _fen(more) <= BudgetLine.yuan)


def _take(line_id: int, yuan: Decimal) -> bool:
    used = BudgetLine.reserved_places + BudgetLine.committed_places
    return _change(
        line_id,
        and_(or_(BudgetLine.places.is_(None), used + PLACES <= BudgetLine.places), _has_yuan(yuan)),
        reserved_places=BudgetLine.reserved_places + PLACES,
        reserved_yuan=BudgetLine.reserved_yuan + yuan,
    )


def _change(line_id: int, condition: ColumnElement[bool], **values: object) -> bool:
    """The one UPDATE; whether the line allowed it."""
    changed = db.session.execute(
        update(BudgetLine)
        .where(BudgetLine.id == line_id, condition)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined]


def _moved(case: Case, claim: BudgetClaim | None, line: BudgetLine, yuan: Decimal) -> BudgetClaim:
    """The claim of a case on the line, reserved."""
    moment = clock.now()
    if claim is None:
        claim = BudgetClaim(case_id=case.id, places=PLACES)
        db.session.add(claim)
    claim.line_id, claim.state, claim.yuan, claim.since, claim.changed_at = line.id, RESERVED, yuan, moment, moment
    db.session.flush()
    return claim


def _give_back(claim: BudgetClaim) -> None:
    before = claim.state
    if before == RELEASED:
        return
    claim.state, claim.changed_at = RELEASED, clock.now()
    db.session.flush()
    if before == RESERVED:
        _change(
            claim.line_id,
            BudgetLine.id == claim.line_id,
            reserved_places=BudgetLine.reserved_places - claim.places,
            reserved_yuan=BudgetLine.reserved_yuan - claim.yuan,
        )
    elif before == COMMITTED:
        _change(
            claim.line_id,
            BudgetLine.id == claim.line_id,
            committed_places=BudgetLine.committed_places - claim.places,
            committed_yuan=BudgetLine.committed_yuan - claim.yuan,
        )
    _let_in(claim.line_id)


def _let_in(line_id: int) -> None:
    """Whoever is next in the row and fits, strictly in its order: a small claim does not pass a large one."""
    query = select(BudgetClaim).where(BudgetClaim.line_id == line_id, BudgetClaim.state == WAITING)
    query = query.order_by(BudgetClaim.since, BudgetClaim.id).execution_options(populate_existing=True)
    for claim in db.session.scalars(query).all():
        if not _take(line_id, claim.yuan):
            break
        claim.state, claim.changed_at = RESERVED, clock.now()
    db.session.flush()


def _waits(claim: BudgetClaim) -> str:
    return _(
        "The budget is used up, and this case waits for a place: number %(number)s in the row.",
        number=number_in_the_row(claim),
    )


def _no_room(year: int) -> str:
    return _("The budget of %(year)s has not enough left for this approval.", year=year)
