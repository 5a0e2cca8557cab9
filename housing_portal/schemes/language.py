"""The scheme language: what one file of the catalogue may say.

``load_scheme`` reads a file, ``read_scheme`` a text; both check it against the dictionary of facts and against
itself, and tell each error with file, line and key. The definition is plain data: it goes to the database as JSON and
comes back. The terms are in ``form_terms``, ``policy_terms``, ``benefit_terms`` and ``amounts``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError, model_validator

from housing_portal.schemes.benefit_terms import Benefit
from housing_portal.schemes.derived import knowable
from housing_portal.schemes.expressions import compile_expression
from housing_portal.schemes.facts import Fact, Origin, fact_dictionary
from housing_portal.schemes.form_terms import Document, Page, PrecheckGroup
from housing_portal.schemes.fragments import unfold
from housing_portal.schemes.policy_terms import (
    Clawback,
    Exclusion,
    LegalBasis,
    PaperKind,
    PaperText,
    Quota,
    Reason,
    Reverification,
    Rule,
    Window,
)
from housing_portal.schemes.reachability import unreachable
from housing_portal.schemes.terms import Code, Part, Workdays
from housing_portal.schemes.text import Text
from housing_portal.schemes.yaml_source import Source, SourceError, read_source, read_text


class SchemeDefinition(Part):
    """One scheme, complete. Amounts and clauses are data of the file, never of the code."""

    code: Code
    audience: Literal["practitioner", "company"]
    kind: Literal["housing", "rent", "furnishing"]
    scope: Literal["city", "district"]
    sample: bool  # True: the pages say that this is not a published policy
    title: Text
    summary: Text
    offers: Text
    legal_basis: LegalBasis
    fair_competition_review_no: str
    responsible_office: Text
    valid_from: date
    valid_to: date | None = None
    windows: tuple[Window, ...] = ()  # when applications are taken, if not always
    districts: tuple[str, ...] = ()  # codes, where not every district takes part
    budget_line: str | None = None
    takes: Text  # how long it takes, for the applicant
    workflow: Code
    clocks: dict[Code, Workdays] = {}  # working days of a state, where they differ from the workflow's
    precheck: tuple[PrecheckGroup, ...]
    pages: tuple[Page, ...]
    documents: tuple[Document, ...]
    rules: tuple[Rule, ...]
    benefit: Benefit
    exclusions: tuple[Exclusion, ...] = ()
    quota: Quota | None = None
    reverification: tuple[Reverification, ...] = ()
    clawback: tuple[Clawback, ...] = ()
    reasons: tuple[Reason, ...]
    papers: dict[PaperKind, PaperText]

    @model_validator(mode="after")
    def _hangs_together(self) -> "SchemeDefinition":
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            yield "valid_to is before valid_from"
        yield from _repeated("page", (page.code for page in self.pages))
        yield from _repeated("document", (document.slot for document in self.documents))
        yield from _repeated("rule", (rule.id for rule in self.rules))
        yield from _repeated("reason", (reason.code for reason in self.reasons))
        yield from _repeated("fact", (entry.fact for page in self.pages for entry in page.facts))
        codes = {reason.code for reason in self.reasons}
        yield from (f"rule {rule.id}: no reason {rule.reason}" for rule in self.rules if rule.reason not in codes)
        missing = set(PaperKind) - set(self.papers)
        yield from (f"papers: {kind} is missing" for kind in sorted(missing))
        yield from (f"exclusions: {self.code} excludes itself" for one in self.exclusions if self.code in one.schemes)
        yield from self._unreachable_facts()

    def _unreachable_facts(self) -> Iterator[str]:
        """A fact that a rule needs, that nobody asks and that no register gives, could never be known."""
        declared = [key for key in self.facts_needed() if fact_dictionary()[key].source is not Origin.REGISTER]
        in_precheck = knowable(key for group in self.precheck for key in group.facts)
        on_pages = knowable(fact.key for fact in self.asked())
        yield from (f"precheck: {key} is needed and not asked" for key in declared if key not in in_precheck)
        yield from (f"pages: {key} is needed and not asked" for key in declared if key not in on_pages)
        seen: set[str] = set()
        for page in self.pages:
            seen.update(entry.fact for entry in page.facts)
            conditions = (entry.when for entry in page.facts if entry.when)
            used = (key for condition in conditions for key in compile_expression(condition).facts)
            yield from (
                f"page {page.code}: a condition reads {key}, which is asked later or never"
                for key in used
                if key not in knowable(seen)
            )

    def facts_needed(self) -> tuple[str, ...]:
        """Keys of the facts that the rules and the benefit read, each once."""
        conditions = [rule.test for rule in self.rules]
        conditions += [rule.case_by_case for rule in self.rules if rule.case_by_case]
        keys = [key for condition in conditions for key in compile_expression(condition).facts]
        return tuple(dict.fromkeys([*keys, *self.benefit.facts()]))

    def takes_applications_on(self, day: date) -> bool:
        """Whether an application may be begun on the day: within the validity and within a window, if it has any."""
        if day < self.valid_from or (self.valid_to is not None and day > self.valid_to):
            return False
        return not self.windows or any(window.opens <= day <= window.closes for window in self.windows)

    def page(self, code: str) -> Page:
        """The page with this code. Raises ``KeyError``."""
        return {page.code: page for page in self.pages}[code]

    def asked(self) -> tuple[Fact, ...]:
        """All facts that the pages ask, in order."""
        return tuple(fact_dictionary()[entry.fact] for page in self.pages for entry in page.facts)


def _repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {name} is there twice" for name, count in Counter(names).items() if count > 1)


def load_scheme(path: Path) -> SchemeDefinition:
    """Read one file of the catalogue. Raises ``SourceError`` with file, line and key of each mistake."""
    source = read_source(path)
    definition = _checked(source)
    if definition.code != path.stem:
        raise SourceError(source.error(("code",), f"must be {path.stem}, like the name of the file"))
    return definition


def read_scheme(name: str, text: str) -> SchemeDefinition:
    """Read a scheme from a text; ``name`` stands in its errors. Raises ``SourceError`` like ``load_scheme``."""
    return _checked(read_text(name, text))


def _checked(source: Source) -> SchemeDefinition:
    fact_dictionary()  # a mistake in it is told once, not at every fact of the scheme
    unfolded = unfold(source)
    try:
        definition = SchemeDefinition.model_validate(unfolded.data)
    except ValidationError as error:
        raise unfolded.refuse(error) from error
    # Not in the model: versions stored before a check was thought of must stay readable.
    mistakes = [
        unfolded.error(("rules", index, "test"), words)
        for index, rule in enumerate(definition.rules)
        if (words := unreachable(rule.test))
    ]
    if mistakes:
        raise SourceError("\n".join(mistakes))
    return definition
