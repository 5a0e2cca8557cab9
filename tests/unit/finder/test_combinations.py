"""Which schemes go together, and which set of them pays most: examples worked by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from housing_portal.finder.combinations import Candidate, Combination, best_combination, clashes, clashes_of
from housing_portal.schemes.benefit import BenefitResult
from housing_portal.schemes.expressions import Answer
from housing_portal.schemes.language import SchemeDefinition, load_scheme
from housing_portal.schemes.policy_terms import Exclusion
from housing_portal.schemes.queries import CATALOGUE
from housing_portal.schemes.rules import Evaluation
from housing_portal.schemes.text import Text

BASE = load_scheme(CATALOGUE / "rent_by_education.yaml")


def exclusion(words: str = "Not both", **more: Any) -> Exclusion:
    return Exclusion(clause=Text(zh="第一条", en="Article 1"), words=Text(zh=words, en=words), **more)


def scheme(
    code: str,
    total: int | None,
    *exclusions: Exclusion,
    outcome: Answer = Answer.MET,
    kind: str = "once",
) -> Candidate:
    """A scheme of this code that pays or saves ``total`` yuan in all."""
    definition = BASE.model_copy(update={"code": code, "exclusions": exclusions})
    worth = None if total is None else Decimal(total)
    benefit = BenefitResult(kind=kind, amount=worth, months=None, total=worth, lines=(), missing=())  # type: ignore[arg-type]
    return Candidate(
        definition, Evaluation(scheme=code, on=date(2026, 3, 2), rows=(), outcome=outcome, benefit=benefit)
    )


def best(*candidates: Candidate) -> Combination:
    return best_combination(candidates, clashes([candidate.definition for candidate in candidates]))


def counted(found: Combination) -> dict[str, int]:
    return {part.code: int(part.counts) for part in found.parts}


def catalogue() -> list[SchemeDefinition]:
    return [load_scheme(path) for path in sorted(CATALOGUE.glob("[!_]*.yaml"))]


def test_without_exclusions_everything_adds_up() -> None:
    found = best(scheme("rent", 27_000), scheme("settling", 20_000))
    assert counted(found) == {"rent": 27_000, "settling": 20_000}
    assert (found.paid, found.saved, found.left_out) == (47_000, 0, ())


def test_of_a_group_the_highest_is_taken_and_the_others_say_why_not() -> None:
    group = exclusion("One at a time", group="rents")
    found = best(scheme("a", 27_000, group), scheme("b", 30_000, group), scheme("c", 10_000))
    assert counted(found) == {"b": 30_000, "c": 10_000}
    (out,) = found.left_out
    assert (out.code, out.alone) == ("a", 27_000)
    assert [(clash.other, clash.words.en, clash.clause.en) for clash in out.clashes] == [
        ("b", "One at a time", "Article 1")
    ]


def test_two_small_ones_beat_a_large_one_that_excludes_both() -> None:
    large = scheme("large", 50_000, exclusion(schemes=("a", "b")))
    assert counted(best(large, scheme("a", 30_000), scheme("b", 25_000))) == {"a": 30_000, "b": 25_000}
    assert counted(best(large, scheme("a", 30_000), scheme("b", 15_000))) == {"large": 50_000}


def test_it_is_enough_that_one_side_names_the_other() -> None:
    naming, named = scheme("naming", 5_000, exclusion(schemes=("named",))), scheme("named", 9_000)
    for order in ((naming, named), (named, naming)):
        assert counted(best(*order)) == {"named": 9_000}


def test_a_top_up_pays_only_the_difference() -> None:
    city = scheme("city", 50_000)
    district = scheme("district", 80_000, exclusion(schemes=("city",), effect="topped_up"))
    found = best(city, district)
    assert found.worth == 80_000  # 50,000 + (80,000 - 50,000): no more than the district's alone
    assert counted(found) == {"district": 80_000}  # so one application is enough


def test_a_deduction_leaves_the_rest_beside_a_third() -> None:
    # buying 100,000 less the rent's 40,000; the rent goes with furniture of 30,000, which buying excludes not
    buying = scheme("buying", 100_000, exclusion(schemes=("rent",), effect="deducted"))
    found = best(buying, scheme("rent", 40_000), scheme("furniture", 30_000))
    assert found.worth == 130_000


def test_within_a_group_that_tops_up_the_smaller_one_yields() -> None:
    group = exclusion(group="grants", effect="topped_up")
    found = best(scheme("a", 20_000, group), scheme("b", 80_000, group))
    assert counted(found) == {"b": 80_000}
    assert [out.code for out in found.left_out] == ["a"]


def test_the_strictest_word_counts_between_two_schemes() -> None:
    """Home purchase deducts the tier's rent, but that rent excludes home purchase."""
    found = clashes(catalogue())
    said = {
        (clash.scheme, clash.other): clash.effect for clash in found if "home_purchase" in (clash.scheme, clash.other)
    }
    assert said == {("home_purchase", "rent_by_tier"): "deducted", ("rent_by_tier", "home_purchase"): "excluded"}
    assert [clash.effect for clash in clashes_of("home_purchase", found)] == ["excluded"]
    assert "home_purchase" in {clash.other for clash in clashes_of("rent_by_tier", found)}


def test_what_can_be_had_once_stands_in_nobodys_way() -> None:
    once = exclusion("Once in a lifetime", once="lifetime")
    assert counted(best(scheme("a", 1_000, once), scheme("b", 2_000, once))) == {"a": 1_000, "b": 2_000}


def test_what_is_not_met_never_takes_part_and_what_is_open_does() -> None:
    found = best(scheme("refused", 90_000, outcome=Answer.NOT_MET), scheme("open", 20_000, outcome=Answer.NEEDS_REVIEW))
    assert counted(found) == {"open": 20_000}
    assert found.left_out == ()


def test_an_unknown_amount_is_named_and_not_guessed() -> None:
    group = exclusion(group="rents")
    found = best(scheme("known", 27_000, group), scheme("unknown", None, group))
    assert (counted(found), found.uncounted) == ({"known": 27_000}, ("unknown",))


def test_rent_that_is_saved_is_told_apart_from_money() -> None:
    group = exclusion(group="rents")
    found = best(scheme("flat", 38_880, group, kind="discounted_rent"), scheme("rent", 27_000, group), scheme("x", 500))
    assert (found.paid, found.saved, found.worth) == (500, 38_880, 39_380)


def test_nothing_to_combine() -> None:
    found = best()
    assert (found.parts, found.left_out, found.uncounted, found.worth) == ((), (), (), 0)


def test_companies_can_have_one_kind_of_premises_and_the_fit_out() -> None:
    of_company = [definition for definition in catalogue() if definition.audience == "company"]
    found = clashes(of_company)
    premises = {"office_purchase", "office_rent_flat", "office_rent_progressive", "state_owned_premises"}
    for code in premises:
        assert {clash.other for clash in clashes_of(code, found) if clash.scheme == code} == premises - {code}
    assert clashes_of("office_fitout", found) == ()
