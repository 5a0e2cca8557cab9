"""What the file of a scheme says of the policy: rules, reasons, exclusions, quota, and what happens afterwards."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from housing_portal.schemes.terms import Code, Condition, Part, Yuan
from housing_portal.schemes.text import Text

Months = Annotated[int, Field(ge=1, le=240)]
Claimant = Literal["person", "spouse", "household", "company", "affiliates", "premises"]


class Rule(Part):
    """A condition of the measure: the clause it stands for, its words, and what would mend it.

    Where ``case_by_case`` holds, the rule is not answered by a machine: an officer decides (一事一议).
    """

    id: Code
    clause: Text
    words: Text
    mend: Text
    test: Condition
    reason: Code  # of refusal, when it is not met
    case_by_case: Condition | None = None


class Reason(Part):
    """A coded reason of refusal, with the clause that it rests on."""

    code: Code
    clause: Text
    words: Text


class Exclusion(Part):
    """Support that cannot be had at the same time: within a group of schemes, or with the schemes named.

    ``by`` says for whom: two awards that share one of these are one too many. ``effect`` says what follows: the second
    is excluded, topped up to the difference (补差), or what was received is deducted.
    """

    group: Code | None = None
    schemes: tuple[Code, ...] = ()
    by: tuple[Claimant, ...] = ("person", "spouse")
    effect: Literal["excluded", "topped_up", "deducted"] = "excluded"
    once: Literal["premises", "household", "lifetime"] | None = None  # not only at the same time
    clause: Text
    words: Text

    @model_validator(mode="after")
    def _names_something(self) -> "Exclusion":
        if self.group is None and not self.schemes and self.once is None:
            raise ValueError("an exclusion names a group, schemes, or what is had only once")
        return self


class Quota(Part):
    """How much there is: places or money, per year or as a whole. ``order`` is that of the waiting list."""

    places: Annotated[int, Field(ge=1)] | None = None
    yuan: Yuan | None = None
    per: Literal["year", "scheme", "building"] = "year"
    order: Text | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> "Quota":
        if self.places is None and self.yuan is None:
            raise ValueError("a quota limits places or yuan")
        return self


class Reverification(Part):
    """What is checked again while support runs, how often, and by whom."""

    every_months: Months
    by: Literal["applicant", "employer", "officer", "two_officers", "register"]
    clause: Text
    words: Text


class Clawback(Part):
    """What is paid back: all of it, or the part for the time that is missing, within so many months."""

    within_months: Months
    share: Literal["all", "pro_rata"]
    clause: Text
    words: Text


class Window(Part):
    """A stretch in which applications are taken, both days included."""

    opens: date
    closes: date

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.closes < self.opens:
            raise ValueError("closes is before opens")
        return self


class LegalBasis(Part):
    """The measure that the clauses refer to."""

    title: Text
    number: str | None = None


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


