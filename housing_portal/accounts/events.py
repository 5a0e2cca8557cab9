"""What happens to accounts and must reach the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from housing_portal.core.outbox import Event


@dataclass(frozen=True)
class ConfirmationAsked(Event):
    """A new account waits for its e-mail address to be confirmed."""

    name: ClassVar[str] = "accounts.confirmation_asked"
    user_id: int
    token: str


@dataclass(frozen=True)
class AlreadyRegistered(Event):
    """Somebody tried to register an address that has an account; only its owner is told."""

    name: ClassVar[str] = "accounts.already_registered"
    user_id: int


@dataclass(frozen=True)
class ResetAsked(Event):
    """A new password was asked for."""

    name: ClassVar[str] = "accounts.reset_asked"
    user_id: int
    token: str
