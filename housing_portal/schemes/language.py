"""The scheme language: what one file of the catalogue may say.

``load_scheme`` reads a file, checks it against the dictionary of facts and against itself, and tells each
error with file, line and key. The definition is plain data: it goes to the database as JSON and comes back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from housing_portal.schemes.derived import knowable
from housing_portal.schemes.expressions import ExpressionError, compile_expression
from housing_portal.schemes.facts import NUMBER_TYPES, Fact, Origin, fact_dictionary
from housing_portal.schemes.text import Text
from housing_portal.schemes.yaml_source import SourceError, read_source


def _known_fact(key: str) -> str:
    if key not in fact_dictionary():
        raise ValueError(f"unknown fact: {key}")
    return key


def _usable_condition(text: str) -> str:
    try:
        compile_expression(text)
    except ExpressionError as error:
        raise ValueError(str(error)) from error
    return text


def _number(key: str) -> str:
    if fact_dictionary()[key].type not in NUMBER_TYPES:
        raise ValueError(f"{key} is not a number")
    return key


FactKey = Annotated[str, AfterValidator(_known_fact)]
NumberFact = Annotated[FactKey, AfterValidator(_number)]
Condition = Annotated[str, AfterValidator(_usable_condition)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Workdays = Annotated[int, Field(ge=1, le=250)]


class Part(BaseModel):
    """Base of all parts of a definition: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class Rule(Part):
    """A condition of the measure: the clause it stands for, its words, and what would mend it."""

    id: Code
    clause: Text
    words: Text
    mend: Text
    test: Condition
    reason: Code  # of refusal, when it is not met


class Reason(Part):
    """A coded reason of refusal, with the clause that it rests on."""

    code: Code
    clause: Text
    words: Text


class MonthLimit(Part):
    """Months are paid at most for as long as a fact says, in the case of ``when``."""

    fact: NumberFact
    words: Text
    when: Condition | None = None


class MonthlyBenefit(Part):
    """Money a month: an amount by a fact, at most the share of the rent, for a number of months."""

    kind: Literal["monthly"]
    clause: Text
    by: FactKey
    amounts: dict[str, Annotated[Decimal, Field(gt=0, decimal_places=2)]]  # yuan a month for each choice
    at_most: NumberFact  # yuan a month
    max_months: Annotated[int, Field(ge=1, le=120)]
    received: NumberFact  # months already received in the exclusion group
    limits: tuple[MonthLimit, ...] = ()
    exclusion_group: Code

    @model_validator(mode="after")
    def _amounts_fit(self) -> "MonthlyBenefit":
        unknown = set(self.amounts) - set(fact_dictionary()[self.by].choices)
        if unknown:
            raise ValueError(f"{self.by} has no choice {', '.join(sorted(unknown))}")
        return self


class Exclusion(Part):
    """Support that cannot be had at the same time (从高不重复)."""

    group: Code
    clause: Text
    words: Text


class PaperKind(StrEnum):
    """The papers whose words belong to the scheme."""

    ACCEPTANCE = "acceptance"
    NOT_ACCEPTED = "not_accepted"
    CORRECTION = "correction"
    APPROVAL = "approval"
    REFUSAL = "refusal"
    CERTIFICATE = "certificate"


class PaperText(Part):
    """Title and opening words of a paper."""

    title: Text
    body: Text


class PrecheckGroup(Part):
    """Questions of the public pre-check that stand together. A derived fact may be asked directly."""

    title: Text
    facts: tuple[FactKey, ...]


class LegalBasis(Part):
    """The measure that the clauses refer to."""

    title: Text
    number: str | None = None


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
    takes: Text  # how long it takes, for the applicant
    workflow: Code
    clocks: dict[Code, Workdays] = {}  # working days of a state, where they differ from the workflow's
    precheck: tuple[PrecheckGroup, ...]
    pages: tuple[Page, ...]
    documents: tuple[Document, ...]
    rules: tuple[Rule, ...]
    benefit: MonthlyBenefit
    exclusions: tuple[Exclusion, ...] = ()
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
        if self.benefit.exclusion_group not in {exclusion.group for exclusion in self.exclusions}:
            yield f"benefit: no exclusion {self.benefit.exclusion_group}"
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
        conditions += [limit.when for limit in self.benefit.limits if limit.when]
        keys = [key for condition in conditions for key in compile_expression(condition).facts]
        keys += [self.benefit.by, self.benefit.at_most, self.benefit.received]
        keys += [limit.fact for limit in self.benefit.limits]
        return tuple(dict.fromkeys(keys))

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
    try:
        definition = SchemeDefinition.model_validate(source.data)
    except ValidationError as error:
        raise source.refuse(error) from error
    if definition.code != path.stem:
        raise SourceError(source.error(("code",), f"must be {path.stem}, like the name of the file"))
    return definition
