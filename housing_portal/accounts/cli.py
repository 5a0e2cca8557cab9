"""Accounts of staff, from the command line of the people who run the portal."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup
from sqlalchemy import select

from housing_portal.accounts.models import CITY_ROLES, STAFF_ROLES, District, RoleGrant, User
from housing_portal.accounts.passwords import hash_password
from housing_portal.accounts.service import find_user
from housing_portal.core import audit, clock
from housing_portal.core.db import commit, db, writing

accounts_cli = AppGroup("accounts", help="Accounts of staff.")


@accounts_cli.command("add-staff")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(STAFF_ROLES), required=True)
@click.option("--district", "code", help="Code of the district; none: the whole city (auditors, scheme managers).")
def add_staff(email: str, name: str, role: str, code: str | None) -> None:
    """Open a staff account, or give an existing one a further role. Prints a first password once."""
    with writing():
        user = find_user(email)
        password = None
        if user is None:
            password = secrets.token_urlsafe(15)
            user = User(
                email=email.strip().lower(),
                name=name,
                password_hash=hash_password(password),
                is_staff=True,
                email_confirmed_at=clock.now(),
            )
            db.session.add(user)
            db.session.flush()
        if not user.is_staff:
            raise click.ClickException(f"{email} is an applicant's account; staff need an account of their own")
        district = db.session.scalars(select(District).where(District.code == code)).first() if code else None
        if code and district is None:
            raise click.ClickException(f"there is no district {code}")
        if district is None and role not in CITY_ROLES:
            raise click.ClickException(f"a {role} needs a district")
        db.session.add(RoleGrant(user_id=user.id, role=role, district_id=district.id if district else None))
        audit.record(f"user:{user.id}", "role_granted", None, role=role, district=code or "")
        commit()
    click.echo(f"{email}: {role}" + (f", first password {password}" if password else ""))
