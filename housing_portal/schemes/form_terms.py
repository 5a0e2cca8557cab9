"""What the file of a scheme asks for: pages with facts, documents, and the questions of the pre-check."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from housing_portal.schemes.facts import Origin, fact_dictionary
from housing_portal.schemes.terms import Code, Condition, FactKey, Part
from housing_portal.schemes.text import Text


class PageFact(Part):
    """A fact asked on a page. ``when`` says in which case; ``hint`` says the same to the reader."""

    fact: FactKey
    required: bool = True
    when: Condition | None = None
    hint: Text | None = None

    @model_validator(mode="after")
    def _hint_with_when(self) -> "PageFact":
        if (self.when is None) != (self.hint is None):
            raise ValueError(f"{self.fact}: when and hint go together")
        if fact_dictionary()[self.fact].source is not Origin.DECLARED:
            raise ValueError(f"{self.fact} is not asked: it is {fact_dictionary()[self.fact].source}")
        return self


def _spelled_out(entry: Any) -> Any:
    """``identity.name`` is short for ``{fact: identity.name}``."""
    return {"fact": entry} if isinstance(entry, str) else entry


class Page(Part):
    """One page of the application. ``purpose`` tells why its data are needed (PIPL art. 17)."""

    code: Code
    title: Text
    purpose: Text
    facts: tuple[Annotated[PageFact, BeforeValidator(_spelled_out)], ...] = ()


class Document(Part):
    """A paper to upload: how many files, of which types, how old at most, and in which case."""

    slot: Code
    title: Text
    help: Text | None = None
    least: Annotated[int, Field(ge=0, le=20)] = 1  # files
    most: Annotated[int, Field(ge=1, le=20)] = 1  # files
    accept: tuple[Literal["pdf", "jpg", "png"], ...] = ("pdf", "jpg", "png")
    issued_within_days: Annotated[int, Field(ge=1)] | None = None  # calendar days before the application
    when: Condition | None = None
    hint: Text | None = None  # the case in words

    @model_validator(mode="after")
    def _consistent(self) -> "Document":
        if self.least > self.most:
            raise ValueError("least is more than most")
        if (self.when is None) != (self.hint is None):
            raise ValueError("when and hint go together")
        return self


class PrecheckGroup(Part):
    """Questions of the public pre-check that stand together. A derived fact may be asked directly."""

    title: Text
    facts: tuple[FactKey, ...]
