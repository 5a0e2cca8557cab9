"""What holds for every request: who may call, what headers leave, what an error says."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from housing_portal.config import Settings
from housing_portal.core import db as database
from housing_portal.core.access import Access, AccessRefused, declared_access, public
from housing_portal.core.i18n import LOCALES
from housing_portal.core.throttle import TooMany

log = structlog.get_logger()
bp = Blueprint("core", __name__)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A million characters typed into a field must reach the field's own message, not a bare 413.
LARGEST_FORM_BYTES = 12 * 1024 * 1024


def init_web(app: Flask) -> None:
    """Install the guards, headers and error pages."""
    settings: Settings = app.config["SETTINGS"]
    hosts = [settings.host]
    if settings.environment != "production":
        hosts += ["localhost", "127.0.0.1"]
    app.config.update(
        TRUSTED_HOSTS=hosts,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1024 * 1024 + LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session that it is bound to
        SESSION_COOKIE_NAME="__Host-portal" if settings.secure else "portal",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.before_request(_begin)  # before the token is checked, so that its error page has a number and a nonce too
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    CSRFProtect(app)
    app.before_request(_check_access)
    app.after_request(_add_headers)
    app.context_processor(_shell)
    app.register_blueprint(bp)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(AccessRefused, _refused)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(Exception, _internal_error)


def _begin() -> None:
    database.allow_writing(request.method not in SAFE_METHODS)
    g.request_id = secrets.token_hex(8)
    g.csp_nonce = secrets.token_urlsafe(16)


def _check_access() -> ResponseReturnValue | None:
    """Nobody by default: a view that declares no audience is closed."""
    if request.endpoint is None or request.endpoint.endswith("static"):
        return None
    declared = declared_access(current_app.view_functions.get(request.endpoint))
    if declared is None:
        raise AccessRefused(_("This page is not open to anyone."))
    if declared.audience == "public":
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", next=request.full_path if request.method == "GET" else None))
    _check_signed_in(declared)
    if current_user.is_staff and not current_user.has_second_factor and request.blueprint != "accounts":
        return redirect(url_for("accounts.set_up_second_factor"))
    return None


def _check_signed_in(declared: Access) -> None:
    if declared.audience == "applicant" and current_user.is_staff:
        raise AccessRefused(_("This page is for applicants. You are signed in as staff."))
    if declared.audience == "staff" and not (current_user.is_staff and current_user.roles & declared.roles):
        raise AccessRefused(_("Your account does not have the role that this page needs."))


def _add_headers(response: Response) -> Response:
    nonce = g.get("csp_nonce", "")
    # The document viewer shows our own re-encoded files in a frame and sets its own, stricter policy.
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["SETTINGS"].secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint is not None and not request.endpoint.endswith("static"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _shell() -> dict[str, Any]:
    return {
        "csp_nonce": g.get("csp_nonce", ""),
        "locale": str(get_locale()),
        "settings": current_app.config["SETTINGS"],
    }


def safe_next(target: str | None) -> str | None:
    """``target`` when it is a path of this portal, else None: no way out to another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 0x20 or character == "\\" for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def absolute_path(endpoint: str, **values: Any) -> str:
    """The path of a page, also outside of a request."""
    path: str = current_app.url_map.bind("portal").build(endpoint, values)
    return path


def absolute_url(endpoint: str, **values: Any) -> str:
    """A link for mails and papers: from the configured base address, never from the request's host."""
    return str(current_app.config["SETTINGS"].base_url).rstrip("/") + absolute_path(endpoint, **values)


# -- error pages ----------------------------------------------------------------------------------


def error_page(code: int | str, status: int, reason: str | None = None) -> Response:
    """One shape for all: what happened, what it means for me, what to do now. ``code`` picks the words."""
    page = render_template("errors/error.html", code=code, reason=reason, error_id=g.get("request_id"))
    return current_app.make_response((page, status))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:  # a redirect of the router, such as to an address with a final slash
        return error.response
    if isinstance(error, SecurityError):  # a foreign host name: no address of ours could be written into a page
        return current_app.response_class("Unknown host name. 无法识别的域名。", 400, mimetype="text/plain")
    code = error.code or 500
    return _internal_error(error) if code >= 500 else error_page(code, code)


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    return error_page("csrf", 400)


def _refused(error: AccessRefused) -> ResponseReturnValue:
    return error_page(403, 403, error.reason)


def _too_many(error: TooMany) -> ResponseReturnValue:
    database.commit()  # the try counts even though it was turned away
    response = error_page(429, 429, _("Try again in %(minutes)s minutes.", minutes=error.minutes))
    response.headers["Retry-After"] = str(error.minutes * 60)
    return response


def _internal_error(error: Exception) -> ResponseReturnValue:
    database.db.session.rollback()
    log.exception("internal_error", error_id=g.get("request_id"), endpoint=request.endpoint)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return error_page(500, 500)


# -- pages of the shell ---------------------------------------------------------------------------


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 once the portal serves and its database answers."""
    database.db.session.execute(text("SELECT 1"))
    return {"status": "ok"}


@bp.post("/language")
@public
def set_language() -> ResponseReturnValue:
    """Remember the reader's language and go back to where they were."""
    chosen = request.form.get("lang", "")
    if chosen in LOCALES:
        session["lang"] = chosen
        if current_user.is_authenticated:  # mails and messages follow
            current_user.language = chosen
            database.commit()
    return redirect(safe_next(request.form.get("next")) or url_for("schemes.home"), 303)


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Letters and accounts are nobody's search results."""
    lines = ["User-agent: *", "Disallow: /verify", "Disallow: /staff", "Disallow: /applications", ""]
    return Response("\n".join(lines), mimetype="text/plain")
