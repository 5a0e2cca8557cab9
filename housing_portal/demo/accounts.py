"""The accounts of the demo: who they are, and how to sign in as them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyotp
from sqlalchemy import select

from housing_portal.accounts.models import District, RoleGrant, User
from housing_portal.accounts.passwords import hash_password
from housing_portal.accounts.service import TOTP_STEP_SECONDS, find_user
from housing_portal.core import clock
from housing_portal.core.db import db
from housing_portal.demo.data import Applicant

PASSWORD = "a lantern over the quiet river"  # noqa: S105 - printed for every visitor of the demo
MAIL = "@demo.example"
# The applicants that a visitor is told of.
SHOWN = ("practitioner", "newcomer", "approved", "refused", "correction", "foreign", "hr", "company")
# mailbox, name, role, district; None: the whole city
STAFF: tuple[tuple[str, str, str, str | None], ...] = (
    ("intake", "秦守一", "intake_officer", "500901"),
    ("reviewer", "苏明理", "reviewer", "500901"),
    ("approver", "唐慎行", "approver", "500901"),
    ("approver2", "何敬之", "approver", "500901"),
    ("beiling-intake", "方知远", "intake_officer", "500902"),
    ("beiling-reviewer", "石敏", "reviewer", "500902"),
    ("beiling-approver", "江牧云", "approver", "500902"),
    ("beiling-approver2", "杜若衡", "approver", "500902"),
    ("xinghe-intake", "白露", "intake_officer", "500903"),
    ("xinghe-reviewer", "严正", "reviewer", "500903"),
    ("xinghe-approver", "安然", "approver", "500903"),
    ("xinghe-approver2", "顾维新", "approver", "500903"),
    ("auditor", "陆清", "auditor", None),
    ("schemes", "沈立章", "scheme_manager", None),
    ("schemes2", "顾思衡", "scheme_manager", None),
)


@dataclass(frozen=True)
class Account:
    """One way to sign in. ``district`` is empty for the whole city; applicants have no secret and no code."""

    address: str
    password: str
    name: str
    role: str
    district: str
    totp_secret: str
    code: str


def add_staff() -> None:
    """Open the staff accounts that are not there yet."""
    hashed = hash_password(PASSWORD)
    for mailbox, name, role, code in STAFF:
        if find_user(mailbox + MAIL) is not None:
            continue
        user = _add(mailbox + MAIL, name, "zh", hashed, is_staff=True)
        user.totp_secret, user.totp_confirmed_at = pyotp.random_base32(), clock.now()
        district = db.session.scalars(select(District).where(District.code == code)).one() if code else None
        db.session.add(RoleGrant(user_id=user.id, role=role, district_id=district.id if district else None))
    db.session.flush()


def add_applicants(people: Sequence[Applicant]) -> None:
    """Open the applicants' accounts that are not there yet."""
    hashed = hash_password(PASSWORD)
    for person in people:
        if find_user(person.email) is None:
            _add(person.email, person.name, person.language, hashed)


def _add(email: str, name: str, language: str, hashed: str, *, is_staff: bool = False) -> User:
    user = User(
        email=email,
        name=name,
        language=language,
        password_hash=hashed,
        is_staff=is_staff,
        email_confirmed_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def accounts() -> list[Account]:
    """The accounts to show, applicants first; the codes are those of this moment."""
    addresses = [mailbox + MAIL for mailbox in (*SHOWN, *(mailbox for mailbox, *_rest in STAFF))]
    found = {user.email: user for user in db.session.scalars(select(User).where(User.email.in_(addresses)))}
    return [_account(found[address]) for address in addresses if address in found]


def _account(user: User) -> Account:
    grant = user.grants[0] if user.grants else None
    return Account(
        address=user.email,
        password=PASSWORD,
        name=user.name,
        role=grant.role if grant else "applicant",
        district=grant.district.code if grant and grant.district else "",
        totp_secret=user.totp_secret or "",
        code=usable_code(user),
    )


def usable_code(user: User) -> str:
    """The present one-time code, or the next one when that was used: a code works once."""
    if not user.totp_secret:
        return ""
    present = int(clock.now().timestamp()) // TOTP_STEP_SECONDS
    unused = max(present, (user.totp_last_step or 0) + 1)
    return pyotp.TOTP(user.totp_secret).generate_otp(unused)
