"""Facts that follow from other facts, on a given day.

What was verified decides. Else what can be computed wins over what was given; what cannot be computed stays as
given: the pre-check asks for an age, not for an identity number.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import date

from housing_portal.schemes.derivation import Values
from housing_portal.schemes.derivations_company import COMPANY_DERIVATIONS
from housing_portal.schemes.derivations_practitioner import PRACTITIONER_DERIVATIONS
from housing_portal.schemes.facts import Value

DERIVATIONS = PRACTITIONER_DERIVATIONS + COMPANY_DERIVATIONS
_INPUTS = {derivation.fact: derivation.inputs for derivation in DERIVATIONS}


def with_derived(values: Values, on: date, verified: Mapping[str, Value] | None = None) -> dict[str, Value | None]:
    """``values`` (typed) and the facts that follow from them on the day ``on``.

    ``verified`` (typed) takes the place of what was given and of what is computed; other facts follow from it.
    """
    decided = verified or {}
    known = {**values, **decided}
    for derivation in DERIVATIONS:
        if derivation.fact in decided:
            continue
        computed = derivation.compute(known, on)
        if computed is not None:
            known[derivation.fact] = computed
    return known


def knowable(asked: Iterable[str]) -> frozenset[str]:
    """The facts that are known once those of ``asked`` are: themselves and what follows from them."""
    known = set(asked)
    for derivation in DERIVATIONS:
        if known.issuperset(derivation.inputs):
            known.add(derivation.fact)
    return frozenset(known)


def questions_for(fact: str, offered: Container[str]) -> tuple[str, ...]:
    """The questions that make a fact known: itself, or those that it follows from."""
    if fact in offered:
        return (fact,)
    return tuple(question for entry in _INPUTS.get(fact, ()) for question in questions_for(entry, offered))
