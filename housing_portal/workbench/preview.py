"""A letter of a draft for an invented person: the same words and the same layout as the real one, marked SAMPLE."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import structlog

from housing_portal.accounts.models import District
from housing_portal.casework.queries import CaseForPaper
from housing_portal.certificates.context import PaperTooLong, Stamp, build
from housing_portal.certificates.models import KINDS
from housing_portal.certificates.render import render
from housing_portal.core import clock, pdf, storage
from housing_portal.core.db import db
from housing_portal.core.web import absolute_url
from housing_portal.schemes.facts import Fact, FactType, Value, fact_dictionary
from housing_portal.schemes.grants import granted, one_amount_a_month
from housing_portal.schemes.language import SchemeDefinition
from housing_portal.schemes.policy_terms import PaperKind
from housing_portal.schemes.rules import evaluate
from housing_portal.workbench.lint import check
from housing_portal.workbench.models import DONE, FAILED, WAITING, DraftPaper, SchemeDraft
from housing_portal.workbench.service import source_hash

log = structlog.get_logger()

PAPERS = KINDS
REFERENCE = "SAMP1E" + "0" * 20  # in the alphabet of references, and never drawn by chance
SERIAL = "SAMPLE-0000"


def on_paper_preview_asked(payload: dict[str, Any], event_id: int) -> None:
    """Draw the letter. What a definition can do wrong on paper is told on the page, not tried again."""
    paper = db.session.get_one(DraftPaper, payload["paper_id"])
    if paper.state != WAITING:
        return
    draft = db.session.get_one(SchemeDraft, paper.draft_id)
    definition = check(draft.source, draft.scheme_code).definition
    if definition is None or source_hash(draft) != paper.source_hash:
        paper.state, paper.error = FAILED, "changed"
        return
    try:
        data = sample_paper(paper.kind, definition)
    except (PaperTooLong, pdf.TooManyPages) as problem:
        log.info("preview_too_long", paper=paper.id)
        paper.state, paper.error = FAILED, str(problem)
        return
    paper.state, paper.file_sha256 = DONE, storage.put(data)


def sample_paper(kind: str, definition: SchemeDefinition) -> bytes:
    """The PDF of a paper for the sample case. Raises PaperTooLong and core.pdf.TooManyPages."""
    stamp = Stamp(
        serial=SERIAL,
        code=REFERENCE,
        verify_url=absolute_url("certificates.verify"),
        issued_at=clock.now(),
        sample=True,
    )
    return render(kind, build(kind, sample_case(definition), stamp))


def sample_case(definition: SchemeDefinition) -> CaseForPaper:
    """An approved, or refused, case of an invented person under the definition."""
    today = clock.today()
    first_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    benefit = evaluate(definition, sample_facts(definition, today), today).benefit
    company = definition.audience == "company"
    district = db.session.query(District).order_by(District.code).first()
    return CaseForPaper(
        case_id=0,
        application_id=0,
        reference=REFERENCE,
        user_id=0,
        language="zh",
        district_id=0,
        district_code=district.code if district else "",
        district_name={lang: district.name(lang) if district else "—" for lang in ("zh", "en")},
        office=definition.responsible_office.model_dump(),
        holder_name="云江示例软件有限公司" if company else "王小华",
        id_type="uscc" if company else "resident_id",
        id_number="91500112MA5U0A1B7D" if company else "11010519491231002X",
        scheme_code=definition.code,
        scheme_title=definition.title.model_dump(),
        certificate_title=definition.papers[PaperKind.CERTIFICATE].title.model_dump(),
        legal_basis=definition.legal_basis.title.model_dump(),
        fair_competition_review_no=definition.fair_competition_review_no,
        submitted_at=clock.now() - timedelta(days=20),
        submission_number=1,
        submission_sha256="0" * 64,
        document_names=[document.title.zh for document in definition.documents],
        next_actor={"zh": "受理窗口", "en": "Intake office"},
        next_due=today + timedelta(days=7),
        decided_at=clock.now(),
        outcome="approved",
        amount_month=one_amount_a_month(benefit),
        months=benefit.months,
        first_month=first_month,
        benefit_lines=[words.model_dump() for words in granted(benefit)],
        reasons=[
            {"code": reason.code, "clause": reason.clause.model_dump(), "text": reason.words.model_dump()}
            for reason in definition.reasons[:3]
        ],
        remark=None,
    )


def sample_facts(definition: SchemeDefinition, today: date) -> dict[str, Value]:
    """A plausible value for every fact that the benefit may read, so that the letter has an amount."""
    facts: dict[str, Value] = {}
    chosen = set(_table_choices(definition.benefit.model_dump()))
    for key in definition.facts_needed():
        value = _sample_value(fact_dictionary()[key], chosen, today)
        if value is not None:
            facts[key] = value
    return facts


def _sample_value(fact: Fact, chosen: set[str], today: date) -> Value | None:
    if fact.choices:
        return next((choice for choice in fact.choices if choice in chosen), next(iter(fact.choices)))
    if fact.type is FactType.DATE:
        return today + timedelta(days=1200 if fact.key.endswith(("end", "valid_to")) else -400)
    if fact.type is FactType.INTEGER:
        return 0 if "received" in fact.key else 24
    samples: dict[FactType, Value] = {
        FactType.BOOLEAN: True,
        FactType.DECIMAL: Decimal(60),
        FactType.MONEY: Decimal(2000),
    }
    return samples.get(fact.type)


def _table_choices(value: Any) -> Iterator[str]:
    """The choices that the tables of a benefit name."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in {"amounts", "values"} and isinstance(part, dict):
                yield from map(str, part)
            else:
                yield from _table_choices(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _table_choices(part)
