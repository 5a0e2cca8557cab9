"""The adapters: an officer who looks in person, and records imported from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from housing_portal.core.crypto import keyed_hash
from housing_portal.core.db import db
from housing_portal.core.identifiers import normalise
from housing_portal.schemes.facts import Canonical
from housing_portal.verification.models import RegisterRecord
from housing_portal.verification.ports import (
    COMPANY_NUMBERS,
    KINDS,
    PERSON_NUMBERS,
    Answers,
    Finding,
    Gap,
    Kind,
    Outcome,
    Register,
)


def subject_hash(column: str, number: str) -> str:
    """The keyed hash under which a register's records of this person or company lie."""
    return keyed_hash(f"register:{column}", normalise(number))


def subject_of(kind: Kind, fact: str, values: Mapping[str, Any]) -> str:
    """Keyed hashes of everybody about whom the register would be asked for ``fact``, joined by dots.

    Empty when nobody is named.
    """
    answers = kind.about(fact)
    return ".".join(subject_hash(answers.column, number) for number in _subjects(answers, values)[0])


@dataclass(frozen=True)
class ManualRegister:
    """Nothing can be asked by program: the officer looks there and states what they saw."""

    kind: Kind
    automatic: bool = False

    def look_up(self, _values: Mapping[str, Any], _on: date) -> Sequence[Finding]:
        """No findings, ever."""
        return ()


@dataclass(frozen=True)
class FileRegister:
    """Answers from the records that ``flask verification import`` took in."""

    kind: Kind
    automatic: bool = True

    def look_up(self, values: Mapping[str, Any], on: date) -> Sequence[Finding]:
        """See :class:`ports.Register`. Records of an extract later than ``on`` are left out."""
        return [finding for answers in self.kind.answers for finding in self._about(answers, values, on)]

    def _about(self, answers: Answers, values: Mapping[str, Any], on: date) -> Sequence[Finding]:
        numbers, gaps = _subjects(answers, values)
        if not numbers:
            return ()
        hashes = [subject_hash(answers.column, number) for number in numbers]
        found = {
            record.subject: record
            for record in db.session.scalars(
                select(RegisterRecord).where(
                    RegisterRecord.register == self.kind.name,
                    RegisterRecord.subject.in_(hashes),
                    RegisterRecord.as_of <= on,
                )
            )
        }
        records = [found.get(each) for each in hashes]
        subject = ".".join(hashes)
        if not found:
            return [Finding(self.kind.name, fact, Outcome.NOT_FOUND, None, None, subject) for fact in answers.facts]
        # An extract need not hold every fact of its register: what it leaves out is no finding.
        held = [fact for fact in answers.facts if any(fact in record.facts for record in found.values())]
        return [self._finding(fact, records, gaps, subject) for fact in held]

    def _finding(
        self, fact: str, records: Sequence[RegisterRecord | None], gaps: tuple[Gap, ...], subject: str
    ) -> Finding:
        known = [record for record in records if record is not None and fact in record.facts]
        if len(known) < len(records):
            gaps = (Gap.SPOUSE_NOT_FOUND, *gaps)
        return Finding(
            register=self.kind.name,
            fact=fact,
            outcome=Outcome.PARTLY if gaps else Outcome.FOUND,
            value=_together([record.facts[fact] for record in known]),
            as_of=min(record.as_of for record in known),
            subject=subject,
            gaps=gaps,
        )


def _subjects(answers: Answers, values: Mapping[str, Any]) -> tuple[list[str], tuple[Gap, ...]]:
    """The numbers to ask about, and what the answer will not cover."""
    keys = COMPANY_NUMBERS if answers.subject == "company" else PERSON_NUMBERS
    numbers = [str(values[key]) for key in keys if values.get(key)][:1]
    if answers.subject != "household" or not numbers:
        return numbers, ()
    gaps: list[Gap] = []
    spouse = values.get("household.spouse_document_number")
    if values.get("household.marital_status") == "married":
        if spouse and values.get("household.spouse_authorises_checks") is True:
            numbers.append(str(spouse))
        else:
            gaps.append(Gap.SPOUSE_HAS_NOT_AGREED)
    if values.get("household.minor_children"):
        gaps.append(Gap.CHILDREN_HAVE_NO_NUMBER)
    return numbers, tuple(gaps)


def _together(values: Sequence[Canonical]) -> Canonical:
    """What holds for a household: homes add up, and what one member has, the household has."""
    if len(values) == 1:
        return values[0]
    if all(isinstance(value, bool) for value in values):
        return any(values)
    return sum(value for value in values if isinstance(value, int))


def registers() -> list[Register]:
    """Every register with the adapter that the settings choose."""
    modes = current_app.config["SETTINGS"].register_modes()
    return [FileRegister(kind) if modes[name] == "file" else ManualRegister(kind) for name, kind in KINDS.items()]
