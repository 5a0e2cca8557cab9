"""Who holds an application and its papers: the person, or the company that a person applies for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from housing_portal.schemes.language import SchemeDefinition


@dataclass(frozen=True)
class Holder:
    """Name and number as stated. ``id_type`` is a type of document, or ``uscc`` for a company."""

    name: str
    id_type: str
    id_number: str


def holder_of(definition: SchemeDefinition, values: Mapping[str, Any]) -> Holder:
    """The holder by the answers of an application. Raises ``KeyError`` while they are not complete."""
    if definition.audience == "company":
        return Holder(values["company.name"], "uscc", values["company.uscc"])
    return Holder(values["identity.name"], values["identity.document_type"], values["identity.document_number"])
