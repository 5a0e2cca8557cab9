"""Commands on accounts: register, confirm, sign in, second factor, new password.

Nothing here tells a stranger whether an address has an account: the answer on the page is the same,
and only the owner of the address is told more, by mail.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

import pyotp
from sqlalchemy import select, update

from housing_portal.accounts.events import AlreadyRegistered, ConfirmationAsked, ResetAsked
from housing_portal.accounts.models import EmailToken, User
from housing_portal.accounts.passwords import hash_password, verify_password
from housing_portal.accounts.sessions import end_all_sessions
from housing_portal.core import audit, clock, outbox
from housing_portal.core.crypto import sha256_hex
from housing_portal.core.db import db

TOKEN_LIFE = {"confirm": timedelta(days=3), "reset": timedelta(hours=1)}
TOTP_STEP_SECONDS = 30


def find_user(email: str) -> User | None:
    """The account of an address, however it is capitalised."""
    return db.session.scalars(select(User).where(User.email == email.strip().lower())).first()


def register(email: str, name: str, password: str, language: str) -> None:
    """Open an applicant's account and ask for the address to be confirmed; an existing one is only told."""
    hashed = hash_password(password)  # first, so that known and unknown addresses cost the same
    known = find_user(email)
    if known is not None:
        if known.is_active:
            outbox.publish(AlreadyRegistered(user_id=known.id))
        else:
            outbox.publish(ConfirmationAsked(user_id=known.id, token=_issue_token(known, "confirm")))
        return
    user = User(email=email.strip().lower(), name=name, password_hash=hashed, language=language)
    db.session.add(user)
    db.session.flush()
    audit.record(f"user:{user.id}", "registered", user.id)
    outbox.publish(ConfirmationAsked(user_id=user.id, token=_issue_token(user, "confirm")))


def _issue_token(user: User, purpose: str) -> str:
    token = secrets.token_urlsafe(32)
    db.session.add(
        EmailToken(
            token_hash=sha256_hex(token.encode()),
            user_id=user.id,
            purpose=purpose,
            expires_at=clock.now() + TOKEN_LIFE[purpose],
        )
    )
    return token


def valid_token(token: str, purpose: str) -> EmailToken | None:
    """The unused, unexpired token of a mailed link."""
    return db.session.scalars(
        select(EmailToken).where(
            EmailToken.token_hash == sha256_hex(token.encode()),
            EmailToken.purpose == purpose,
            EmailToken.used_at.is_(None),
            EmailToken.expires_at > clock.now(),
        )
    ).first()


def confirm_email(found: EmailToken) -> User:
    """The address is the person's: the account can sign in."""
    found.used_at = clock.now()
    if found.user.email_confirmed_at is None:
        found.user.email_confirmed_at = clock.now()
        audit.record(f"user:{found.user_id}", "email_confirmed", found.user_id)
    return found.user


def authenticate(email: str, password: str) -> User | None:
    """The person, when address and password are right and the address is confirmed; else None."""
    user = find_user(email)
    right = verify_password(user.password_hash if user else None, password)
    return user if user is not None and right and user.is_active else None


def ask_reset(email: str) -> None:
    """Mail a link for a new password, if there is such an account."""
    user = find_user(email)
    if user is not None and user.is_active:
        outbox.publish(ResetAsked(user_id=user.id, token=_issue_token(user, "reset")))


def reset_password(found: EmailToken, password: str) -> None:
    """Set the new password and end every session."""
    found.user.password_hash = hash_password(password)
    db.session.execute(
        update(EmailToken)
        .where(EmailToken.user_id == found.user_id, EmailToken.purpose == "reset", EmailToken.used_at.is_(None))
        .values(used_at=clock.now())
    )
    end_all_sessions(found.user)
    audit.record(f"user:{found.user_id}", "password_reset", found.user_id)


def new_totp_secret() -> str:
    """A secret for an authenticator app."""
    return pyotp.random_base32()


def totp_uri(user: User, secret: str) -> str:
    """What the authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Starhome 星居")


def confirm_totp(user: User, secret: str, code: str) -> bool:
    """Keep the secret once a code made from it was typed."""
    step = _matching_step(secret, code)
    if step is None:
        return False
    user.totp_secret, user.totp_confirmed_at, user.totp_last_step = secret, clock.now(), step
    end_all_sessions(user)
    audit.record(f"user:{user.id}", "second_factor_set", user.id)
    return True


def check_totp(user: User, code: str) -> bool:
    """Whether the one-time code is right and was not used before (RFC 6238 §5.2)."""
    step = _matching_step(user.totp_secret or "", code)
    if step is None or (user.totp_last_step is not None and step <= user.totp_last_step):
        return False
    user.totp_last_step = step
    return True


def _matching_step(secret: str, code: str) -> int | None:
    if not secret:
        return None
    totp = pyotp.TOTP(secret)
    typed = "".join(code.split())
    present = int(clock.now().timestamp()) // TOTP_STEP_SECONDS
    for step in (present, present - 1, present + 1):  # a phone's clock may be half a minute off
        if secrets.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return None
