"""A small city to test in: districts, the catalogue, one person of each role."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from housing_portal.accounts.models import District, RoleGrant, User
from housing_portal.accounts.passwords import hash_password
from housing_portal.core import clock
from housing_portal.core.db import commit, db, writing
from housing_portal.registry.service import add_company
from housing_portal.schemes.service import sync_catalogue

PASSWORD = "a quiet river at dawn"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
USCC = "91500112MA5U0A1B7D"
_HASH = hash_password(PASSWORD)


@dataclass(frozen=True)
class City:
    """Who is there; every password is PASSWORD, every one-time secret TOTP_SECRET."""

    districts: tuple[str, str] = ("500901", "500902")
    applicant: str = "lin@example.com"
    other_applicant: str = "zhao@example.com"
    intake: str = "intake@example.com"
    reviewer: str = "reviewer@example.com"
    approver: str = "approver@example.com"
    second_approver: str = "approver2@example.com"
    all_roles: str = "all@example.com"
    elsewhere: str = "elsewhere@example.com"
    auditor: str = "auditor@example.com"
    manager: str = "schemes@example.com"
    second_manager: str = "schemes2@example.com"
    district_manager: str = "schemes-beiling@example.com"


def build_city(app: Flask) -> City:
    """Fill the tables and commit."""
    city = City()
    with app.app_context(), writing():
        home = District(code=city.districts[0], name_zh="临江区", name_en="Linjiang")
        away = District(code=city.districts[1], name_zh="北岭区", name_en="Beiling")
        db.session.add_all([home, away])
        db.session.flush()
        sync_catalogue()
        add_company(USCC, "云江星河软件有限公司", "Yunjiang Xinghe Software Co., Ltd.", home.id)
        person(city.applicant, "林小满", staff=False)
        person(city.other_applicant, "赵晚晴", staff=False)
        person(city.intake, "秦受理", grants=[("intake_officer", home)])
        person(city.reviewer, "苏初审", grants=[("reviewer", home)])
        person(city.approver, "唐审批", grants=[("approver", home)])
        person(city.second_approver, "何审批", grants=[("approver", home)])
        roles = ("intake_officer", "reviewer", "approver")
        person(city.all_roles, "全能", grants=[(role, home) for role in roles])
        person(city.elsewhere, "外区", grants=[(role, away) for role in roles])
        person(city.auditor, "督察", grants=[("auditor", None)])
        person(city.manager, "沈立章", grants=[("scheme_manager", None)])
        person(city.second_manager, "顾思衡", grants=[("scheme_manager", None)])
        person(city.district_manager, "外区政策", grants=[("scheme_manager", away)])
        commit()
    return city


def person(
    email: str, name: str, *, staff: bool = True, grants: list[tuple[str, District | None]] | None = None
) -> User:
    """An account with a confirmed address; staff have their second factor."""
    user = User(
        email=email,
        name=name,
        password_hash=_HASH,
        is_staff=staff,
        language="en",
        email_confirmed_at=clock.now(),
        totp_secret=TOTP_SECRET if staff else None,
        totp_confirmed_at=clock.now() if staff else None,
    )
    db.session.add(user)
    db.session.flush()
    for role, district in grants or []:
        db.session.add(RoleGrant(user_id=user.id, role=role, district_id=district.id if district else None))
    return user
