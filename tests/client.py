"""A test client that asks of every answer what must hold for all pages (DESIGN: contract tests)."""

from __future__ import annotations

import re
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from housing_portal.core.db import db

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PortalClient:
    """Sends forms with their CSRF token; fails when a GET writes, a session is left dirty, or a page breaks a rule."""

    def __init__(self, app: Flask, lang: str = "en") -> None:
        self.app = app
        self.http: FlaskClient = app.test_client()
        self.lang = lang
        with app.app_context():
            self.engine = db.engine
        with self.http.session_transaction() as session:
            session["lang"] = lang

    def get(self, path: str, expect: int | None = 200, **more: Any) -> TestResponse:
        """Fetch a page; a GET never writes."""
        written: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
                written.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            answer = self.http.get(path, **more)
        finally:
            event.remove(self.engine, "before_cursor_execute", note)
        assert not written, f"GET {path} writes: {written[0]}"
        return self._checked(path, answer, expect)

    def post(
        self, path: str, data: dict[str, Any] | None = None, expect: int | None = 303, **more: Any
    ) -> TestResponse:
        """Send a form with the token of the session."""
        answer = self.http.post(path, data={"csrf_token": self.token(), **(data or {})}, **more)
        return self._checked(path, answer, expect)

    def token(self) -> str:
        """A CSRF token of this browser's session."""
        found = TOKEN.search(self.http.get("/sign-in").get_data(as_text=True))
        assert found, "the sign-in page has no CSRF token"
        return found.group(1)

    def _checked(self, path: str, answer: TestResponse, expect: int | None) -> TestResponse:
        body = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        assert expect is None or answer.status_code == expect, (
            f"{path}: {answer.status_code}, {expect} expected\n{_text(body)}"
        )
        if "<html" in body and not 300 <= answer.status_code < 400:
            assert_house_rules(path, body)
            assert "'nonce-" in answer.headers["Content-Security-Policy"], path
        return answer

    def sign_in(self, email: str, password: str, totp_secret: str | None = None) -> PortalClient:
        """Sign in as a person would, with the one-time code of staff."""
        answer = self.post("/sign-in", {"email": email, "password": password})
        if totp_secret:
            assert answer.location.endswith("/sign-in/code"), answer.location
            self.post("/sign-in/code", {"code": pyotp.TOTP(totp_secret).now()})
        return self


def _text(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))[:600]


def assert_house_rules(path: str, body: str) -> None:
    """Every page: one h1, a title, a language, no inline script or style, every field labelled."""
    assert len(re.findall(r"<h1[ >]", body)) == 1, f"{path}: not exactly one h1"
    title = re.search(r"<title>(.*?)</title>", body, re.S)
    assert title is not None, f"{path}: no title"
    assert len(title.group(1).strip()) > 3, f"{path}: an empty title"
    assert re.search(r'<html lang="(zh-Hans|en)"', body), f"{path}: no language"
    assert not re.search(r"<script(?![^>]*\bsrc=)", body), f"{path}: inline script"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", body), f"{path}: inline style or handler"
    labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', body))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", body):
        if re.search(r'type="(hidden|submit)"', tag):
            continue
        identity = re.search(r'\bid="([^"]+)"', tag)
        assert identity and identity.group(1) in labelled or "aria-label" in tag, f"{path}: no label: {tag}"
