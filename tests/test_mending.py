"""Mending an answer after pairs joined: as good as a new one, from wherever it begins."""

from __future__ import annotations

import builtins
import sys
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devrel.matching import MatchingProblem, OptimalMatching, Rematching
from devrel.matching.certificate import FAR
from devrel.matching.pricing import Left
from devrel.matching.sparse import rounds, scan
from devrel.matching.sparse.asking import best_pairs, laid_out
from devrel.matching.sparse.edges import Edges
from devrel.matching.sparse.flow import best_of
from devrel.matching.sparse.rounds import best_at_scale
from devrel.matching.sparse.scan import score_block
from devrel.matching.worth import PERSON, Objective, Worth
from tests.test_sparse import problems, worth_of

mending: Any = pytest.importorskip("devrel.matching.sparse.mending")
ENOUGH = 10**9


def some_edges(problem: MatchingProblem, keeping: int, rng: np.random.Generator) -> Edges:
    """Return some of a problem's eligible pairs; everybody wants one partner, and nobody has a minimum."""
    plain = problem.with_changes(demand=[1] * problem.shape[0], minimum=[0] * problem.shape[1], locked=())
    inside = problem.eligible & (rng.random(problem.shape) < rng.choice([0.3, 0.7, 1.0]))
    rows, columns = np.nonzero(inside)
    return Edges.of(Left.counted(plain, keeping), rows, columns, problem.points[rows, columns])


def worth(edges: Edges, chosen: np.ndarray) -> int:
    return int(edges.gains[chosen].sum() + edges.left.first[edges.rows[chosen]].sum())


@given(problems(12), st.integers(0, 20), st.integers(0, 2**32))
@settings(max_examples=300)
def test_as_good_as_a_new_answer(problem, keeping, seed):
    """From any pairs and any prices of seats, the best answer is found, and there are prices that prove it."""
    rng = np.random.default_rng(seed)
    edges = some_edges(problem, keeping if problem.incumbent else 0, rng)
    begun = rng.random(len(edges)) < rng.choice([0.0, 0.3, 1.0])
    high = int(rng.choice([1, 100, 10**6]))
    chosen = mending.mended(edges, begun, rng.integers(-high, high, problem.shape[1]), ENOUGH)
    loads = np.bincount(edges.rows[chosen], minlength=1), np.bincount(edges.columns[chosen])
    assert loads[0].max() <= 1
    assert (loads[1] <= edges.left.capacity[: len(loads[1])]).all()
    assert worth(edges, chosen) == worth(edges, best_of(edges))
    edges.prices(chosen, edges.book(chosen))


@given(problems(12), st.integers(0, 2**32))
@settings(max_examples=100)
def test_an_answer_that_is_the_best_stays(problem, seed):
    """Begun from the best answer and the prices that prove it, nothing is moved, and hardly a pair looked at."""
    edges = some_edges(problem, 0, np.random.default_rng(seed))
    chosen = best_of(edges)
    prices = edges.prices(chosen, edges.book(chosen)).providers
    assert (mending.mended(edges, chosen, prices, 0) == chosen).all()


def test_it_gives_up():
    """Where more has to be looked at than is worth while there is no answer, and a solver finds one."""
    problem = MatchingProblem.from_scores([[3, 1], [3, 2]])
    edges = Edges.of(Left.counted(problem), *map(np.array, ([0, 0, 1, 1], [0, 1, 0, 1], [3, 1, 3, 2])))
    nobody, free = np.zeros(4, dtype=np.bool_), np.zeros(2, dtype=np.int64)
    assert mending.mended(edges, nobody, free, 1) is None
    assert mending.mended(edges, nobody, free, 100).tolist() == [True, False, False, True]


@contextmanager
def mended_again(few: bool):
    """Look at few pairs in each round, and mend whatever the size; tell of how many rounds mended the answer."""
    counts = []
    mended = mending.mended

    def counted(*given_: Any) -> Any:
        found = mended(*given_)
        counts.append(found is not None)
        return found

    limits: dict[str, Any] = {
        "CANDIDATES": 1,
        "_OF_PROVIDERS": 1,
        "_ADDED": 1,
        "_ADDED_AGAIN": 1,
        "_MARGINS": (),
        "_NEAR_START": 0.0,
    }
    with (
        patch.multiple(rounds, **limits) if few else nullcontext(),
        patch.object(scan, "_COMPILED_FROM", 0),
        patch.object(mending, "mended", counted),
    ):
        yield counts


def of_last_week(problem: MatchingProblem, rng: np.random.Generator) -> tuple[MatchingProblem, dict[str, int]]:
    """Return a problem as it is after a matching, some of whose pairs still hold, and what seats were worth in it."""
    matching = OptimalMatching().match(problem)
    kept = [pair for pair in matching.ids if rng.random() < 0.8]
    scores = rng.integers(0, 100, problem.shape)
    changed = np.where(rng.random(problem.shape) < 0.2, scores, problem.points)
    capacity = [most - (rng.random() < 0.2) for most in problem.capacity]
    later = MatchingProblem.from_scores(changed, capacity=capacity, incumbent=kept, seed=problem.seed)
    return later, matching.seat_prices


@given(st.integers(0, 2**32), st.booleans(), st.sampled_from([0.0, 0.1]))
@settings(max_examples=60)
def test_beginning_from_what_was_changes_nothing(seed, few, price):
    """From the prices of before, from wrong ones or from none: the same worth, the same pairs but for ties."""
    rng = np.random.default_rng(seed)
    problem = MatchingProblem.from_scores(rng.integers(0, 100, (40, 15)), capacity=rng.integers(1, 4, 15).tolist())
    later, prices = of_last_week(problem, rng)
    start = prices if rng.random() < 0.7 else {one: int(rng.integers(-FAR + 1, FAR)) for one in prices}
    with mended_again(few) as counts:
        again = Rematching(price, start=start, memory_limit=0).match(evolve(later))
    keeping = Rematching(price)._keeping(later)
    plain = best_at_scale(evolve(later), keeping)
    assert worth_of(later, again.ids, keeping) == worth_of(later, plain.pairs, keeping)
    assert not few or counts


def test_earlier_prices_spare_the_solver():
    """When little has changed the answer is mended, and no solver is asked."""
    rng = np.random.default_rng(7)
    problem = MatchingProblem.from_scores(rng.integers(0, 1000, (60, 30)), capacity=[2] * 30)
    matching = OptimalMatching().match(problem)
    later = problem.with_changes(incumbent=matching.ids[1:])
    refuse = patch.object(rounds, "best_of", side_effect=AssertionError("a solver was asked"))
    with mended_again(few=False) as counts, refuse:
        Rematching(0.1, start=matching, memory_limit=0).match(later)
    assert all(counts)


@given(st.sampled_from(Objective), st.integers(1, 50), st.integers(1, 50), st.integers(-5, 5), st.integers(-500, 500))
def test_prices_mean_the_same_among_others(objective, few, many, people, points):
    """Persons and points of a price that is told are persons and points of it in a problem of another size."""
    one, other = (
        Worth.of(objective, demand=[1] * size, capacity=[1] * size, greatest=500 * size) for size in (few, many)
    )
    people = people if objective is Objective.COVER else 0
    assume(not one.step or -(one.step - 1 - one.most) <= points <= one.most)
    price = np.array([people * one.step + points * one.scale])
    assert one.told(price).tolist() == [people * PERSON + points]
    assert other.own(one.told(price)).tolist() == [people * other.step + points * other.scale]


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_blocks_can_be_asked_at_prices_that_were_told(seed):
    """Told prices of seats, given to ``best_pairs``, are those of the certificate: nobody gains more than her own."""
    rng = np.random.default_rng(seed)
    problem = MatchingProblem.from_scores(rng.integers(0, 100, (30, 10)), capacity=rng.integers(1, 4, 10).tolist())
    matching = OptimalMatching().match(problem)
    question, plan = best_pairs(problem, 1, matching.seat_prices), laid_out(problem)
    proof: Any = matching.certificate
    assert question.prices.tolist() == proof.providers[plan.columns].tolist()
    found = score_block(plan, question, 0, 30)
    gains = problem.worth().gains(found.points) - proof.providers[found.columns]
    assert (gains <= proof.recipients[found.rows]).all()


@pytest.mark.parametrize("first", [65536, 10**6, 2**31 - 1])
def test_prices_of_those_who_come_first_are_taken(first):
    """However much somebody comes first, what ``seat_prices`` tells is taken as a beginning."""
    problem = MatchingProblem.from_scores([[3], [5], [4]]).with_changes(priority=[first, 0, first])
    matching = OptimalMatching().match(problem)
    assert 0 < matching.seat_prices["p0"] < FAR
    assert Rematching(0.1, start=matching, memory_limit=0).match(problem).ids == matching.ids


def test_where_nothing_may_be_written_numpy_does(monkeypatch):
    """Numba that finds no folder for what it compiled is as good as none."""
    monkeypatch.setattr(scan, "_COMPILED_FROM", 0)
    for name in ("compiled", "mending"):
        monkeypatch.delitem(sys.modules, f"devrel.matching.sparse.{name}", raising=False)

    def refuse(name: str, *_: Any) -> Any:
        if name.startswith("devrel.matching.sparse.") and name.endswith(("compiled", "mending")):
            raise RuntimeError("cannot cache function: no locator available")
        return usual(name, *_)

    usual = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert scan.mending((10, 10)) is None
    problem = MatchingProblem.from_scores([[3, 1], [2, 5]])
    assert scan._kernel(laid_out(problem), None) is None


def test_without_numba_a_solver_is_asked(monkeypatch):
    """Where nothing can be compiled there is nothing to mend with."""
    monkeypatch.setattr(scan, "_COMPILED_FROM", 0)
    assert scan.mending((10, 10)) is mending.mended
    monkeypatch.setitem(sys.modules, "devrel.matching.sparse.mending", None)
    assert scan.mending((10, 10)) is None
