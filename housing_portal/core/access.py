"""Who may call an endpoint. Each view declares it; a view that declares nothing answers 403.

The declaration is data on the view function, so that one check enforces it and one contract test
can walk the URL map. Finer questions (this case? this district?) belong to each room's access.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Declared audience of an endpoint. ``roles`` are staff roles; empty means none needed."""

    audience: str  # public | guest | applicant | signed_in | staff
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Allowed:
    """The person may do it."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """The person may not; ``reason`` is a translated sentence that is shown to them."""

    reason: str

    def __bool__(self) -> bool:
        return False


class AccessRefused(Exception):
    """Raised by a command whose actor may not do it; answered with 403 and the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def require(decision: Allowed | Refused) -> None:
    """Go on when allowed. Raises AccessRefused with the reason otherwise."""
    if isinstance(decision, Refused):
        raise AccessRefused(decision.reason)


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__access__ = access  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _declare(Access("public"))(view)


def applicant(view: View) -> View:
    """A signed-in applicant (not staff)."""
    return _declare(Access("applicant"))(view)


def signed_in(view: View) -> View:
    """Anybody with a session, applicant or staff."""
    return _declare(Access("signed_in"))(view)


def staff(*roles: str) -> Callable[[View], View]:
    """Staff with at least one of the roles, and a second factor."""
    return _declare(Access("staff", frozenset(roles)))


def declared_access(view: Callable[..., Any] | None) -> Access | None:
    """The declaration of a view, or None."""
    return getattr(view, "__access__", None)
