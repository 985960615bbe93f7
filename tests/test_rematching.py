"""Rematching: as little change as the price asks for, among relationships that exist already."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.agreements import Agreement
from devrel.errors import InvalidValue, WrongAnswer
from devrel.kinds import MENTORING
from devrel.lifecycle import Accepted, Activated, Actor, Ended, EndedForConduct, EndReason, Invalidated
from devrel.matching import MatchingProblem, Objective, OptimalMatching, Rematching
from devrel.matching.standing import Standing
from devrel.matching.strategies import strategy_named
from devrel.people import Capacity, Enrollment, Person, Role
from devrel.programs import Program
from devrel.relationships import Relationship, pair
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, acting
from tests.generate import score_problems
from tests.test_matching import allowed

TODAY = START.date()
SYSTEM, ADMIN = Actor.system(), Actor.admin("a")
PROGRAM = Program("Circle", MENTORING, Term(TODAY), Cadence(1, Unit.MONTH), purpose="Grow.")


@st.composite
def with_incumbents(draw: st.DrawFn) -> MatchingProblem:
    """A problem some of whose pairs stand already, as far as they fit together."""
    problem = draw(score_problems(most=3, demand=2))
    pairs = [(r, p) for r in problem.recipients for p in problem.providers]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return problem.with_changes(incumbent=chosen)


def best_value(problem: MatchingProblem, price: int) -> tuple[int, ...]:
    """The best of all answers, the points of kept pairs raised by the price."""
    edges = [(i, j) for i in range(problem.shape[0]) for j in range(problem.shape[1]) if problem.eligible[i, j]]
    most = min(len(edges), sum(problem.demand), sum(problem.capacity))
    answers = (pairs for count in range(most + 1) for pairs in combinations(edges, count) if allowed(problem, pairs))
    return max(priced(problem, pairs, price) for pairs in answers)


def priced(problem: MatchingProblem, pairs, price: int) -> tuple[int, ...]:
    ids = {(problem.recipients[i], problem.providers[j]) for i, j in pairs}
    total = sum(int(problem.points[i, j]) for i, j in pairs) + price * len(ids & problem.incumbent)
    if problem.objective is Objective.COVER:
        return len({i for i, _ in pairs}), len(pairs), total
    return total, len(pairs), len({i for i, _ in pairs})


@given(with_incumbents(), st.sampled_from([0, 1, 5, 1000]))
def test_no_answer_is_better_at_the_price(problem, price):
    """Of all answers none is better, kept pairs counting the price more; and that is proven."""
    matching = Rematching(price).match(problem)
    places = [(problem.row[r], problem.column[p]) for r, p in matching.ids]
    assert priced(problem, places, price) == best_value(problem, price)
    matching.verify(problem)


@given(with_incumbents())
@settings(max_examples=60)
def test_a_higher_price_never_keeps_fewer_pairs(problem):
    """As the price rises, at least as many incumbent pairs stay."""
    kept = [len(set(Rematching(price).match(problem).ids) & problem.incumbent) for price in (0, 1, 3, 10, 1000)]
    assert kept == sorted(kept)


def test_a_pair_is_broken_when_that_gains_more_than_the_price():
    """Two pairs that would gain 2 together by changing partners stay at a price of 1.5 each, and part at 0.9."""
    problem = MatchingProblem.from_scores([[8, 9], [9, 8]], incumbent=[("r0", "p0"), ("r1", "p1")])
    assert Rematching(1.5).match(problem).ids == (("r0", "p0"), ("r1", "p1"))
    changed = Rematching(0.9).match(problem)
    assert changed.ids == (("r0", "p1"), ("r1", "p0"))
    assert changed.provenance.notes == ("0 of 2 incumbent pairs kept, 0 may no longer be matched",)
    assert dict(changed.provenance.parameters) == {"price": 0.9}


def test_the_proof_holds_for_its_price_only():
    """The proof of a rematching does not prove the same pairs at another price."""
    problem = MatchingProblem.from_scores([[8, 9], [9, 8]], incumbent=[("r0", "p0"), ("r1", "p1")])
    kept = Rematching(1.5).match(problem)
    with pytest.raises(WrongAnswer, match="not proven"):
        type(kept)(kept.pairs, kept.unmatched, kept.provenance, OptimalMatching().match(problem).certificate).verify(
            problem
        )


def test_a_price_that_is_none_is_refused():
    """Negative prices and texts are refused, also from a program file; the name and the price choose the strategy."""
    for price in (-1, "high", True, float("nan"), 10**9):
        with pytest.raises(InvalidValue, match="price"):
            strategy_named("rematch", {"price": price})
    assert strategy_named("rematch", {"price": 0.25}).price == 0.25


def relationship(number: int, provider: str, recipient: str, *events, program="Circle", minutes=60) -> Relationship:
    """An active relationship of two people, and what happened to it after."""
    agreement = Agreement.draft(
        MENTORING, TODAY, term=PROGRAM.term, cadence=PROGRAM.cadence, minutes=minutes, purpose="Grow."
    )
    one = Relationship.propose(
        f"rel-{number}", MENTORING, pair(provider, recipient), agreement, actor=SYSTEM, at=START, program=program
    )
    yes = [Accepted(f"{number}-{who.person}", acting(who), START, 1) for who in one.parties]
    begun = one.apply_all([*yes, Activated(f"{number}-go", SYSTEM, START)])
    return begun.apply_all(events)


def later(days: int = 9):
    return START + timedelta(days=days)


PEOPLE = [Person(one) for one in ("m1", "m2", "a", "b", "c")]
ENROLLED = [
    Enrollment("m1", Role.PROVIDER, Capacity(2)),
    Enrollment("m2", Role.PROVIDER, Capacity(1)),
    *(Enrollment(one, Role.RECIPIENT) for one in "abc"),
]


def test_live_pairs_take_their_places():
    """A mentee who has a mentor in the program is served; the mentor has one place fewer; the pair comes once."""
    problem = MatchingProblem.from_program(
        PROGRAM, PEOPLE, ENROLLED, existing_relationships=[relationship(1, "m1", "a")], today=TODAY
    )
    assert dict(zip(problem.recipients, problem.demand, strict=True)) == {"a": 0, "b": 1, "c": 1}
    assert dict(zip(problem.providers, problem.capacity, strict=True)) == {"m1": 1, "m2": 1}
    assert not problem.is_eligible("a", "m1")
    assert {recipient for recipient, _ in OptimalMatching().match(problem).ids} == {"b", "c"}


def test_for_a_rematching_live_pairs_stand():
    """With ``rematch`` the live pairs of the program are incumbent and keep their places to be given anew."""
    known = [relationship(1, "m2", "a"), relationship(2, "m2", "b", program="Another")]
    problem = MatchingProblem.from_program(PROGRAM, PEOPLE, ENROLLED, existing_relationships=known, rematch=True)
    assert problem.incumbent == {("a", "m2")}
    assert not problem.is_eligible("b", "m2")
    assert ("a", "m2") in Rematching(10).match(problem).ids


@pytest.mark.parametrize(
    ("event", "barred"),
    [
        (EndedForConduct("e", ADMIN, later()), True),
        (Ended("e", ADMIN, later(), EndReason.NOT_A_FIT), True),
        (Ended("e", ADMIN, later(), EndReason.CHANGED_GOALS), False),
    ],
)
def test_pairs_that_ended_badly_are_barred(event, barred):
    """A pair ended for conduct or for want of fit is not matched again in any program; after another end it may be."""
    for program in ("Circle", "Another"):
        known = [relationship(1, "m1", "a", event, program=program)]
        problem = MatchingProblem.from_program(PROGRAM, PEOPLE, ENROLLED, existing_relationships=known)
        assert problem.is_eligible("a", "m1") is not barred
        if barred:
            assert problem.forbidden_by("a", "m1") == ("a pair that was not barred",)
            assert "may not be matched" in str(OptimalMatching().match(problem).why_not("a", "m1"))


def test_whose_partner_left_comes_first():
    """With one place for three, the mentee whose mentor left gets it, whatever the seed; once served, not again."""
    left = relationship(1, "m1", "b", Ended("e", SYSTEM, later(), EndReason.LEFT))
    enrolled = [Enrollment("m2", Role.PROVIDER), *ENROLLED[2:]]
    standing = Standing.of([left], "Circle")
    if not standing.first:  # which ends put people first is the lifecycle's to say
        left = relationship(1, "m1", "b", EndedForConduct("e", ADMIN, later()))
    for seed in range(8):
        program = Program("Circle", MENTORING, Term(TODAY), purpose="Grow.", seed=seed)
        problem = MatchingProblem.from_program(program, PEOPLE, enrolled, existing_relationships=[left])
        assert OptimalMatching().match(problem).ids == (("b", "m2"),)
    again = Standing.of([left, relationship(2, "m2", "b")], "Circle")
    assert again.first == frozenset()


def test_proposals_that_fell_away_put_people_first():
    """A proposal invalidated by the system leaves its recipient first in line."""
    agreement = Agreement.draft(MENTORING, TODAY, term=PROGRAM.term, purpose="Grow.")
    one = Relationship.propose(
        "rel", MENTORING, pair("m1", "c"), agreement, actor=SYSTEM, at=START, program="Circle"
    ).apply(Invalidated("gone", SYSTEM, later()))
    assert Standing.of([one], "Circle").first == {"c"}
    assert Standing.of([one], "Another").first == frozenset()


def test_hours_are_counted_over_all_programs():
    """The minutes a month of live relationships of any program add up by provider."""
    known = [relationship(1, "m1", "a"), relationship(2, "m1", "b", program="Another", minutes=30)]
    monthly = PROGRAM.cadence.times_a_month
    assert Standing.of(known, "Circle").minutes == {"m1": pytest.approx(90 * monthly)}
    with pytest.raises(InvalidValue, match="'rel-1' is there twice"):
        Standing.of([known[0], known[0]], "Circle")
