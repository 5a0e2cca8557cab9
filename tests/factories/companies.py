"""A company's way through the portal: an agent of the demo data types the answers page by page."""

from __future__ import annotations

from typing import Any

from housing_portal.core import clock
from housing_portal.demo.data import applicants, typed_page
from housing_portal.schemes.language import SchemeDefinition, load_scheme
from housing_portal.schemes.queries import CATALOGUE
from tests.client import PortalClient
from tests.factories.files import jpeg, pdf
from tests.factories.journey import send, start, upload


def scheme(code: str) -> SchemeDefinition:
    """One scheme of the catalogue."""
    return load_scheme(CATALOGUE / f"{code}.yaml")


def agent_answers(email: str = "hr@demo.example", **change: Any) -> dict[str, Any]:
    """Everything that an agent of the demo would answer, by fact; ``change`` with __ for the dot."""
    answers = next(person.answers for person in applicants() if person.email == email)
    return {**answers, **{key.replace("__", "."): value for key, value in change.items()}}


def fill_company(client: PortalClient, ref: str, code: str, answers: dict[str, Any]) -> None:
    """Fill every page of the scheme and hand over every document that may be asked."""
    definition = scheme(code)
    for page in definition.pages:
        if page.facts:
            typed = typed_page(answers, page, clock.today())
            client.post(f"/applications/{ref}/pages/{page.code}", {"page_version": "0", **typed.to_dict()})
    for document in definition.documents:
        picture = "pdf" not in document.accept
        for _file in range(max(document.least, 1)):
            if picture:
                upload(client, ref, document.slot, jpeg(), "photo.jpg")
            else:
                upload(client, ref, document.slot, pdf())


def company_submitted(
    client: PortalClient, code: str, answers: dict[str, Any] | None = None, key: str = "c" * 32
) -> str:
    """A whole application of a company, handed in; returns its reference."""
    ref = start(client, scheme=code)
    fill_company(client, ref, code, answers or agent_answers())
    send(client, ref, key)
    return ref
