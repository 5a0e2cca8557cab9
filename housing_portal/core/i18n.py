"""Chinese and English: which one this reader gets, and how stored two-language texts are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from flask import Flask, has_request_context, request, session
from flask_babel import Babel, force_locale, format_date, format_datetime, get_locale

from housing_portal.core.money import format_yuan

LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
DEFAULT = "zh"


def language() -> str:
    """``zh`` or ``en`` for the present reader."""
    chosen = get_locale()
    return "en" if chosen is not None and chosen.language == "en" else "zh"


def day_and_time(moment: datetime) -> str:
    """The day and the minute, in the city's time and the reader's language."""
    return str(format_datetime(moment, "yyyy年M月d日 HH:mm" if language() == "zh" else "d MMM yyyy, HH:mm"))


def _select_locale() -> str:
    if not has_request_context():
        return LOCALES[DEFAULT]
    chosen = request.args.get("lang") or session.get("lang")
    if chosen not in LOCALES:
        chosen = request.accept_languages.best_match(["zh", "zh-CN", "en"], DEFAULT).partition("-")[0]
    return LOCALES[chosen]


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Texts inside are made in ``lang``, whoever asks: for mails and papers."""
    with force_locale(LOCALES[lang]):
        yield


def init_i18n(app: Flask) -> None:
    """Attach Flask-Babel; dates are shown in the city's time zone."""
    app.config.update(BABEL_DEFAULT_LOCALE=LOCALES[DEFAULT], BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    Babel(app, locale_selector=_select_locale)
    app.jinja_env.filters.update(
        yuan=format_yuan,
        day=lambda value: format_date(value, "long"),
        shortday=lambda value: format_date(value, "medium"),
        datetime=day_and_time,
        isoday=lambda text: format_date(date.fromisoformat(text), "long"),
    )
