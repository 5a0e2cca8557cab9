"""Pages of accounts."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from housing_portal.accounts import service, sessions
from housing_portal.accounts.forms import CodeForm, ForgottenForm, NewPasswordForm, RegisterForm, SignInForm
from housing_portal.accounts.models import User
from housing_portal.accounts.sessions import current_person
from housing_portal.core import clock, throttle
from housing_portal.core.access import public, signed_in
from housing_portal.core.crypto import vault
from housing_portal.core.db import commit, db
from housing_portal.core.i18n import language
from housing_portal.core.qr import svg_data_url
from housing_portal.core.web import safe_next

bp = Blueprint("accounts", __name__, template_folder="templates")
QUARTER = timedelta(minutes=15)
PENDING = "second_factor_for"  # in the signed cookie between password and code; sealed
PENDING_SECONDS = 600
PENDING_SECRET = "totp_secret"  # noqa: S105 - a key's name


def _address() -> str:
    return request.remote_addr or "unknown"


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Open an account; the same answer whether or not the address has one."""
    form = RegisterForm()
    if request.method == "POST":
        throttle.count("register", _address(), 20, QUARTER)
        if form.validate():
            service.register(form.email.data, form.name.data, form.password.data, language())
            commit()
            session["registered_email"] = form.email.data
            return redirect(url_for("accounts.check_mail"), 303)
        commit()
        return render_template("accounts/register.html", form=form), 422
    return render_template("accounts/register.html", form=form)


@bp.get("/register/sent")
@public
def check_mail() -> ResponseReturnValue:
    """Tell the person to look for our mail."""
    return render_template("accounts/check_mail.html", email=session.get("registered_email"))


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """The mailed link; a button confirms, because mail scanners open links too."""
    found = service.valid_token(token, "confirm")
    if found is None:
        return render_template("accounts/link_expired.html"), 410
    if request.method == "POST":
        service.confirm_email(found)
        commit()
        flash(_("Your e-mail address is confirmed. Sign in to start."), "success")
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/confirm.html", email=found.user.email)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Address and password; staff go on to their one-time code."""
    form = SignInForm()
    if request.method == "GET":
        return render_template("accounts/sign_in.html", form=form, next=safe_next(request.args.get("next")))
    target = safe_next(request.form.get("next"))
    throttle.count("sign_in_address", _address(), 100, QUARTER)
    if form.validate():
        # Counted by account *and* address: nobody can lock somebody else out.
        throttle.count("sign_in", f"{form.email.data.lower()}|{_address()}", 10, QUARTER)
        user = service.authenticate(form.email.data, form.password.data)
        if user is not None:
            if user.has_second_factor:
                session[PENDING] = _seal_pending(user)
                commit()
                return redirect(url_for("accounts.second_factor", next=target), 303)
            return _welcome(user, target)
        form.add_error("email", _("E-mail address or password is not right, or the address is not confirmed yet."))
    commit()
    return render_template("accounts/sign_in.html", form=form, next=target), 422


def _welcome(user: User, target: str | None) -> ResponseReturnValue:
    sessions.begin_session(user)
    session.setdefault("lang", user.language)
    commit()
    return redirect(target or url_for("accounts.start"), 303)


def _seal_pending(user: User) -> str:
    """Who gave the right password, when, and which one it was: good for ten minutes and for that password only."""
    said = [user.id, int(clock.now().timestamp()), user.password_hash[-12:]]
    return vault().seal(json.dumps(said).encode()).hex()


def _pending_user() -> User | None:
    sealed = session.get(PENDING)
    if not sealed:
        return None
    user_id, given_at, password = json.loads(vault().open(bytes.fromhex(sealed)))
    user = db.session.get(User, user_id)
    late = clock.now().timestamp() > given_at + PENDING_SECONDS
    return None if late or user is None or user.password_hash[-12:] != password else user


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def second_factor() -> ResponseReturnValue:
    """The one-time code of staff."""
    user = _pending_user()
    if user is None:
        return redirect(url_for("accounts.sign_in"), 303)
    form = CodeForm()
    target = safe_next(request.values.get("next"))
    if request.method == "POST":
        throttle.count("totp", str(user.id), 10, QUARTER)
        if form.validate():
            if service.check_totp(user, form.code.data):
                return _welcome(user, target)
            form.add_error("code", _("This code is not right or was used already. Wait for the next one and type it."))
        commit()
        return render_template("accounts/second_factor.html", form=form, next=target), 422
    return render_template("accounts/second_factor.html", form=form, next=target)


@bp.route("/account/second-factor", methods=["GET", "POST"])
@signed_in
def set_up_second_factor() -> ResponseReturnValue:
    """Staff pair an authenticator app; required before anything else."""
    if current_person().has_second_factor:
        return redirect(url_for("accounts.start"), 303)
    form = CodeForm()
    if request.method == "GET" or PENDING_SECRET not in session:
        session.setdefault(PENDING_SECRET, vault().seal(service.new_totp_secret().encode()).hex())
    secret = vault().open(bytes.fromhex(session[PENDING_SECRET])).decode()
    status = 200
    if request.method == "POST" and form.validate():
        if service.confirm_totp(current_person(), secret, form.code.data):
            user = db.session.get_one(User, current_person().id)
            return _welcome(user, None)
        words = _("This code does not match. Check that the phone's clock is right and type the next one.")
        form.add_error("code", words)
    if request.method == "POST":
        status = 422
    qr = svg_data_url(service.totp_uri(current_person(), secret))
    return render_template("accounts/set_up_second_factor.html", form=form, secret=secret, qr=qr), status


@bp.get("/start")
@signed_in
def start() -> ResponseReturnValue:
    """Where a person begins after signing in."""
    person = current_person()
    if not person.is_staff:
        return redirect(url_for("casework.index"), 303)
    return redirect(url_for("workbench.index" if person.roles == {"scheme_manager"} else "staff.queue"), 303)


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    sessions.end_session(current_person())
    commit()
    flash(_("You are signed out."), "success")
    return redirect(url_for("schemes.home"), 303)


@bp.route("/password/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link; the same answer whether or not there is such an account."""
    form = ForgottenForm()
    if request.method == "POST":
        throttle.count("forgotten", _address(), 20, QUARTER)
        if form.validate():
            throttle.count("forgotten_account", form.email.data.lower(), 5, QUARTER)
            service.ask_reset(form.email.data)
            commit()
            return render_template("accounts/reset_sent.html", email=form.email.data)
        commit()
        return render_template("accounts/forgotten.html", form=form), 422
    return render_template("accounts/forgotten.html", form=form)


@bp.route("/password/new/<token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password; every session ends."""
    found = service.valid_token(token, "reset")
    if found is None:
        return render_template("accounts/link_expired.html"), 410
    form = NewPasswordForm(staff=found.user.is_staff)
    if request.method == "POST":
        if form.validate():
            service.reset_password(found, form.password.data)
            commit()
            flash(_("Your new password is set. Sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"), 303)
        return render_template("accounts/new_password.html", form=form), 422
    return render_template("accounts/new_password.html", form=form)
