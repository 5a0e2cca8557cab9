"""A small application around the schemes room: its own pages, the shared shell, an empty database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect

import housing_portal
from housing_portal.core.db import db, writing
from housing_portal.core.i18n import init_i18n
from housing_portal.finder.staff_views import bp as finder
from housing_portal.schemes.cli import schemes_cli
from housing_portal.schemes.language import SchemeDefinition, load_scheme
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.service import sync_catalogue
from housing_portal.schemes.views import bp

# Pages of other rooms that the shell and the templates link to.
ELSEWHERE = {
    "core.set_language": "/language",
    "accounts.sign_in": "/sign-in",
    "accounts.register": "/register",
    "applications.start": "/start/<code>",
    "certificates.verify": "/verify",
}


@pytest.fixture
def definition() -> SchemeDefinition:
    """The first scheme of the catalogue."""
    return load_scheme(CATALOGUE / "rent_by_education.yaml")


@pytest.fixture
def app() -> Iterator[Flask]:
    """The application, inside its context, without a request."""
    app = Flask("portal_under_test", root_path=str(Path(housing_portal.__file__).parent))
    app.config.update(SECRET_KEY="test", SQLALCHEMY_DATABASE_URI="sqlite://", WTF_CSRF_ENABLED=False)
    init_i18n(app)
    CSRFProtect(app)  # type: ignore[no-untyped-call]
    db.init_app(app)
    app.register_blueprint(bp)
    app.register_blueprint(finder)
    app.cli.add_command(schemes_cli)
    for endpoint, rule in ELSEWHERE.items():
        app.add_url_rule(rule, endpoint, view_func=lambda **_values: "", methods=["GET", "POST"])
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without an account, with the catalogue taken in."""
    with writing():
        sync_catalogue()
        db.session.commit()
    return app.test_client()
