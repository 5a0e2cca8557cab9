"""Server-side sessions: a row that can be ended, whatever cookie a thief has copied."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Flask, current_app, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import select, update

from housing_portal.accounts.models import AuthSession, User
from housing_portal.core import clock
from housing_portal.core.crypto import sha256_hex
from housing_portal.core.db import db

KEPT_AT_SIGN_IN = ("lang",)


def init_sessions(app: Flask) -> None:
    """Attach Flask-Login, loading people through their session row."""
    manager = LoginManager(app)
    manager.session_protection = None  # the row is the protection; an address that changes on a train is no attack
    manager.user_loader(_load)


def _load(token: str) -> User | None:
    row = db.session.scalars(
        select(AuthSession).where(
            AuthSession.token_hash == sha256_hex(token.encode()),
            AuthSession.ended_at.is_(None),
            AuthSession.expires_at > clock.now(),
        )
    ).first()
    if row is None or not row.user.is_active:
        return None
    row.user.session_token = token
    return row.user


def current_person() -> User:
    """Who is signed in, as a plain row; only for views that need a session."""
    person: User = current_user._get_current_object()
    return person


def begin_session(user: User) -> None:
    """Sign in: a new row, a new token and an empty cookie session, so that nothing planted before survives."""
    kept = {key: session[key] for key in KEPT_AT_SIGN_IN if key in session}
    session.clear()
    session.update(kept)
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    hours = current_app.config["SETTINGS"].session_hours
    db.session.add(
        AuthSession(
            token_hash=sha256_hex(token.encode()),
            user_id=user.id,
            created_at=moment,
            expires_at=moment + timedelta(hours=hours),
            agent=(request.user_agent.string or "")[:200],
        )
    )
    user.session_token = token
    login_user(user)


def end_session(user: User) -> None:
    """Sign out this browser."""
    _end(AuthSession.token_hash == sha256_hex(user.session_token.encode()))
    logout_user()
    session.clear()


def end_all_sessions(user: User) -> None:
    """Sign out everywhere: after a change of password, role or second factor."""
    _end(AuthSession.user_id == user.id)


def _end(which: object) -> None:
    db.session.execute(
        update(AuthSession).where(which, AuthSession.ended_at.is_(None)).values(ended_at=clock.now())  # type: ignore[arg-type]
    )
