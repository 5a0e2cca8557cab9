"""The scheme managers' ways through the workbench, by the pages that they use."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from flask import Flask
from sqlalchemy import select

from housing_portal.core.db import db
from housing_portal.workbench.models import SchemeDraft
from tests.client import PortalClient
from tests.factories.journey import SCHEME, run_worker


def start_draft(client: PortalClient, number: int = 1, code: str = SCHEME) -> int:
    """Begin a draft from a version; returns its number."""
    location = client.post(f"/workbench/schemes/{code}/versions/{number}/drafts").location
    return int(location.rpartition("/")[2])


def source_of(app: Flask, draft: int) -> str:
    """The text as it is stored."""
    with app.app_context():
        return db.session.scalars(select(SchemeDraft.source).where(SchemeDraft.id == draft)).one()


def version_of_draft(app: Flask, draft: int) -> int:
    """The counter that a page opened now would carry."""
    with app.app_context():
        return db.session.scalars(select(SchemeDraft.version).where(SchemeDraft.id == draft)).one()


def write(client: PortalClient, draft: int, change: Callable[[str], str], expect: int = 303) -> None:
    """Change the text in the editor and save."""
    text = change(source_of(client.app, draft))
    form = {"source": text, "seen_version": version_of_draft(client.app, draft)}
    client.post(f"/workbench/drafts/{draft}/text", form, expect)


def set_field(client: PortalClient, draft: int, section: str, words: str, value: str, expect: int = 303) -> str:
    """Type ``value`` into the field whose label contains ``words``; the others stay. Returns the answer's text."""
    page = client.get(f"/workbench/drafts/{draft}/form/{section}").get_data(as_text=True)
    form = inputs(page)
    label = next(found for found in re.findall(r'<label[^>]*for="(f\d+)"[^>]*>([^<]*)', page) if words in found[1])
    form[label[0]] = value
    return client.post(f"/workbench/drafts/{draft}/form/{section}", form, expect).get_data(as_text=True)


def inputs(page: str) -> dict[str, str]:
    """What a browser would send of the fields of the page."""
    main = page[page.index("<main") : page.index("</main>")]
    form = {
        name: unescape(value)
        for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', main)
        if name != "csrf_token"
    }
    form |= {
        name: unescape(value)
        for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', main, re.S)
    }
    return form


def simulate(client: PortalClient, draft: int) -> int:
    """Try the draft on past applications, to the end; returns the number of the simulation."""
    location = client.post(f"/workbench/drafts/{draft}/simulations").location
    run_worker(client.app)
    return int(location.rpartition("/")[2])


def propose(client: PortalClient, draft: int, note: str = "Masters get more.") -> None:
    """Hand the draft to a second person."""
    client.post(f"/workbench/drafts/{draft}/propose", {"propose-note": note})
