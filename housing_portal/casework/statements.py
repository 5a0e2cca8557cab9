"""Facts that an officer or a register vouches for, and what the rules say with them. The caller commits.

The applicant's answers are never changed. The last statement on a fact takes the place of the declared value
wherever rules are evaluated and benefits computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from housing_portal.accounts.models import User
from housing_portal.casework.models import Case, CaseEvaluation, RegisterCheck, VerifiedFact
from housing_portal.casework.steps import (
    CaseProblem,
    expect_version,
    latest_submission,
    officers_action,
    take_part,
    touch,
)
from housing_portal.core import audit, clock
from housing_portal.core.db import db
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.derived import DERIVATIONS, with_derived
from housing_portal.schemes.facts import Canonical, Origin, canonical, fact_dictionary, typed, typed_facts
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.rules import Evaluation, benefit_for, evaluate
from housing_portal.verification.adapters import registers
from housing_portal.verification.ports import KINDS, Finding, Outcome

OFFICER = "officer"  # as the source of a statement
CONSENTS = ("declaration.authorises_checks", "declaration.company_authorises_checks")


def verifiable(definition: SchemeDefinition) -> tuple[str, ...]:
    """The facts that can be vouched for.

    Those asked on the pages, those that only the office knows, and those that follow from the answers but that a
    register answers itself. What follows from the day of application (months left) is none of them.
    """
    asked = [fact.key for fact in definition.asked()]
    answered = {fact for kind in KINDS.values() for fact in kind.facts}
    derived = {derivation.fact for derivation in DERIVATIONS}
    known_by_others = [
        key
        for key in _reached(definition)
        if fact_dictionary()[key].source is Origin.REGISTER or key in answered & derived
    ]
    return tuple(dict.fromkeys([*asked, *known_by_others]))


def needed(definition: SchemeDefinition) -> frozenset[str]:
    """Those of them on which a rule or the benefit depends, be it through a fact that is derived."""
    return frozenset(_reached(definition)).intersection(verifiable(definition))


def _reached(definition: SchemeDefinition) -> tuple[str, ...]:
    """What the rules and the benefit read, and what those facts follow from."""
    inputs = {derivation.fact: derivation.inputs for derivation in DERIVATIONS}
    reached: dict[str, None] = {}
    edge = list(definition.facts_needed())[::-1]
    while edge:
        key = edge.pop()
        if key not in reached:
            reached[key] = None
            edge.extend(inputs.get(key, ()))
    return tuple(reached)


def last_statements(case: Case) -> dict[str, VerifiedFact]:
    """Fact key → the statement that holds."""
    query = select(VerifiedFact).where(VerifiedFact.case_id == case.id).order_by(VerifiedFact.id)
    return {statement.fact: statement for statement in db.session.scalars(query)}


def verified_values(case: Case) -> dict[str, Any]:
    """Canonical values by fact key of what somebody vouches for."""
    return {fact: statement.value for fact, statement in last_statements(case).items()}


def declared_values(case: Case) -> dict[str, Any]:
    """Canonical values by fact key as the applicant declared them, with what follows from them and can be verified."""
    submission = latest_submission(case)
    answers = submission.values()
    computed = with_derived(typed_facts(answers), clock.local(submission.submitted_at).date())
    followed = [key for key in verifiable(case.application.scheme_version.definition()) if key not in answers]
    return answers | {key: canonical(computed[key]) for key in followed if computed.get(key) is not None}


def effective_values(case: Case) -> dict[str, Any]:
    """Canonical values by fact key: as declared, and over that as verified."""
    return latest_submission(case).values() | verified_values(case)


def evaluation_on(case: Case, day: date) -> Evaluation:
    """What the rules say on that day of the declared answers, and of the verified facts over them."""
    definition = case.application.scheme_version.definition()
    return evaluate(definition, latest_submission(case).values(), day, verified=verified_values(case))


def benefit_from(case: Case, applied_on: date, start: date) -> BenefitResult:
    """What an application of that day brings if support begins on ``start``, by the same facts."""
    definition = case.application.scheme_version.definition()
    given, verified = latest_submission(case).values(), verified_values(case)
    return benefit_for(definition, given, applied_on, start, verified=verified)


def current_evaluation(case: Case) -> Evaluation:
    """What the rules say now: of the verified facts if there are any, else of what was handed in."""
    submission = latest_submission(case)
    last = db.session.scalars(
        select(CaseEvaluation)
        .where(CaseEvaluation.case_id == case.id, CaseEvaluation.submission_number == submission.number)
        .order_by(CaseEvaluation.id.desc())
        .limit(1)
    ).first()
    return Evaluation.model_validate(last.evaluation if last else submission.evaluation)


def differs(fact: str, one: Canonical, other: Canonical) -> bool:
    """Whether two canonical values are two different values of the fact."""
    known = fact_dictionary()[fact]
    return typed(known, one) != typed(known, other)


def state(officer: User, case: Case, version: int, fact: str, value: Canonical, note: str) -> None:
    """An officer vouches for a value, having seen what ``note`` says; the rules are evaluated at once.

    Raises CaseProblem, CaseChanged and AccessRefused.
    """
    _begin(officer, case, version)
    if fact not in verifiable(case.application.scheme_version.definition()):
        raise CaseProblem(_("This scheme does not use this fact."))
    if value in (None, ""):
        raise CaseProblem(_("State the value that you found."))
    declared = declared_values(case).get(fact)
    agrees = not differs(fact, declared, value)
    if not agrees and not note.strip():
        raise CaseProblem(_("The value is not what the applicant declared. Write what you saw and where."))
    held = last_statements(case).get(fact)
    if held is not None and differs(fact, held.value, value) and not note.strip():
        raise CaseProblem(_("The value is not what was verified before. Write what you saw and where."))
    _add(case, officer, fact, value, source=OFFICER, note=note.strip())
    audit.record(f"case:{case.id}", "fact_verified", officer.id, fact=fact, agrees=agrees)
    _evaluate_again(case, "statement")


def agree(officer: User, case: Case, version: int, fact: str) -> None:
    """An officer vouches for what the applicant declared."""
    state(officer, case, version, fact, declared_values(case).get(fact), "")


def look_up(officer: User, case: Case, version: int) -> RegisterCheck:
    """Ask every register that answers by itself. What is found counts at once; what they do not know is kept too.

    Raises CaseProblem, CaseChanged and AccessRefused.
    """
    _begin(officer, case, version)
    answers = latest_submission(case).values()
    if any(answers.get(consent) is False for consent in CONSENTS):
        raise CaseProblem(_("The applicant has not agreed to the checks, so no register may be asked."))
    automatic = [register for register in registers() if register.automatic]
    if not automatic:
        raise CaseProblem(_("No register answers by itself here. Look there, and state what you saw."))
    values, today = effective_values(case), clock.today()
    wanted = verifiable(case.application.scheme_version.definition())
    findings = [f for register in automatic for f in register.look_up(values, today) if f.fact in wanted]
    check = RegisterCheck(case_id=case.id, findings=[_stored(f) for f in findings], by=officer, at=clock.now())
    db.session.add(check)
    said = _news(case, findings)
    for finding in said:
        _add(
            case,
            officer,
            finding.fact,
            finding.value,
            source=finding.register,
            note="",
            as_of=finding.as_of,
            subject=finding.subject,
        )
    audit.record(
        f"case:{case.id}",
        "registers_checked",
        officer.id,
        **{outcome.value: [f.fact for f in findings if f.outcome is outcome] for outcome in Outcome},
    )
    if said:
        _evaluate_again(case, "registers")
    return check


def after_correction(case: Case) -> None:
    """The answers are others now: what was verified still holds, and the rules are evaluated again."""
    if last_statements(case):
        _evaluate_again(case, "correction")


def _begin(officer: User, case: Case, version: int) -> None:
    action = officers_action(case)
    expect_version(case, version)
    take_part(officer, case, action)


def _news(case: Case, findings: Iterable[Finding]) -> list[Finding]:
    """What a register had not said before: asked again, it does not override what an officer stated since."""
    query = select(VerifiedFact).where(VerifiedFact.case_id == case.id).order_by(VerifiedFact.id)
    said = {(s.source, s.fact): (s.value, s.as_of, s.subject) for s in db.session.scalars(query)}
    return [
        f
        for f in findings
        if f.outcome is Outcome.FOUND and said.get((f.register, f.fact)) != (f.value, f.as_of, f.subject)
    ]


def _stored(finding: Finding) -> dict[str, Any]:
    plain = asdict(finding)
    return plain | {"as_of": finding.as_of.isoformat() if finding.as_of else None, "gaps": list(finding.gaps)}


def _add(case: Case, officer: User, fact: str, value: Canonical, **more: Any) -> None:
    declared = declared_values(case).get(fact)
    db.session.add(
        VerifiedFact(case_id=case.id, fact=fact, value=value, declared=declared, by=officer, at=clock.now(), **more)
    )


def _evaluate_again(case: Case, cause: str) -> None:
    """Keep what the rules say now, for the day of the application: only the facts differ from before."""
    db.session.flush()
    submission = latest_submission(case)
    held = last_statements(case)
    evaluation = evaluation_on(case, clock.local(submission.submitted_at).date())
    db.session.add(
        CaseEvaluation(
            case_id=case.id,
            submission_number=submission.number,
            statements_up_to=max(statement.id for statement in held.values()),
            cause=cause,
            evaluation=evaluation.model_dump(mode="json"),
            at=clock.now(),
        )
    )
    touch(case)
    db.session.flush()
