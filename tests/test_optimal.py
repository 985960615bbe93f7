"""The optimal matching against independent solvers, and its certificate against everything that is changed in it."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, vstack

from devrel.errors import InfeasibleProblem, WrongAnswer
from devrel.matching import MatchingProblem, Objective, OptimalMatching
from devrel.matching.strategies.optimal import best


def random_problem(seed: int, *, demand: int = 1, minimum: bool = False, most: int = 25) -> MatchingProblem:
    """A problem of up to 25 by 25 people with forbidden pairs and many equal scores."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(2, most, size=2)
    capacity = rng.integers(0, 4, columns)
    least = np.minimum(capacity, rng.integers(0, 2, columns) * (rng.random(columns) < 0.3)) if minimum else 0
    return MatchingProblem.from_scores(
        rng.integers(0, rng.choice([3, 1000]), (rows, columns)),
        eligible=rng.random((rows, columns)) < rng.choice([0.15, 0.5, 1.0]),
        capacity=capacity.tolist(),
        minimum=np.broadcast_to(least, (columns,)).tolist(),
        demand=rng.integers(0 if demand > 1 else 1, demand + 1, rows).tolist(),
        objective=str(rng.choice(["cover", "score"])),
        seed=seed,
    )


def by_milp(problem: MatchingProblem) -> tuple[int, ...] | None:
    """What the best answer is worth, by HiGHS, one aim after the other; None where there is no answer."""
    rows, columns = np.nonzero(problem.eligible)
    edges, people = len(rows), len(problem.recipients)
    size = edges + people
    at = np.arange(edges)
    of_recipient = coo_array((np.ones(edges), (rows, at)), shape=(people, size))
    of_provider = coo_array((np.ones(edges), (columns, at)), shape=(len(problem.providers), size))
    served = coo_array(
        (
            np.concatenate([np.ones(edges), -np.ones(people)]),
            (np.concatenate([rows, np.arange(people)]), np.concatenate([at, edges + np.arange(people)])),
        ),
        shape=(people, size),
    )
    limits = [
        LinearConstraint(of_recipient, 0, problem.demand),
        LinearConstraint(of_provider, problem.minimum, problem.capacity),
        LinearConstraint(served, 0, np.inf),
    ]
    total = np.concatenate([problem.points[rows, columns], np.zeros(people)])
    pairs = np.concatenate([np.ones(edges), np.zeros(people)])
    first = np.concatenate([np.zeros(edges), np.ones(people)])
    reached = []
    for aim in [first, pairs, total] if problem.objective is Objective.COVER else [total, pairs, first]:
        result = milp(-aim, constraints=limits, integrality=np.ones(size), bounds=Bounds(0, 1))
        if result.status == 2:
            return None
        assert result.success
        reached.append(round(-result.fun))
        limits.append(LinearConstraint(vstack([coo_array(aim[None, :])]), reached[-1], np.inf))
    return tuple(reached)


def worth(problem: MatchingProblem, pairs) -> tuple[int, ...]:
    total = sum(int(problem.points[problem.row[r], problem.column[p]]) for r, p in pairs)
    if problem.objective is Objective.COVER:
        return len({r for r, _ in pairs}), len(pairs), total
    return total, len(pairs), len({r for r, _ in pairs})


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize(("demand", "minimum"), [(1, False), (1, True), (3, False), (3, True)])
def test_nothing_is_better_by_an_independent_solver(seed, demand, minimum):
    """HiGHS, asked for one aim of the objective after the other, finds the same worth, or no answer either."""
    problem = random_problem(seed, demand=demand, minimum=minimum)
    expected = by_milp(problem)
    if expected is None:
        with pytest.raises(InfeasibleProblem):
            OptimalMatching().match(problem)
        return
    assert worth(problem, OptimalMatching().match(problem).ids) == expected


@given(st.integers(0, 10**6), st.sampled_from([1, 3]), st.booleans(), st.data())
@settings(max_examples=60)
def test_a_changed_certificate_is_refused(seed, demand, minimum, data):
    """A proof in which one price, or what keeping is worth, is another number proves nothing any more."""
    problem = random_problem(seed, demand=demand, minimum=minimum, most=8)
    try:
        matching = OptimalMatching().match(problem)
    except InfeasibleProblem:
        return
    proof = matching.certificate
    assert {one.name for one in fields(type(proof))} == {"recipients", "providers", "keeping"}
    side = data.draw(st.sampled_from(["recipients", "providers", "keeping"]))
    change = data.draw(st.integers(1, 10**6) | st.integers(-(10**6), -1))
    if side == "keeping":
        wrong = evolve(proof, keeping=change)
    else:
        prices = getattr(proof, side).copy()
        prices[data.draw(st.integers(0, len(prices) - 1))] += change
        wrong = evolve(proof, **{side: prices})
    with pytest.raises(WrongAnswer, match="not proven"):
        evolve(matching, certificate=wrong).verify(problem)


@given(st.integers(0, 10**6))
@settings(max_examples=30)
def test_a_worse_answer_is_not_proven_by_the_prices_of_the_best(seed):
    """Leaving out one pair of the best answer, or adding none, breaks the proof."""
    problem = random_problem(seed, most=8)
    matching = OptimalMatching().match(problem)
    for i in range(len(matching.pairs)):
        pairs = [*matching.ids[:i], *matching.ids[i + 1 :]]
        assert matching.certificate.flaws(problem, pairs)


@given(st.integers(0, 10**6), st.sampled_from([1, 3]))
@settings(max_examples=40)
def test_priority_decides_who_is_served_and_not_how_many(seed, demand):
    """People who come first are served first; as many are served as without priority."""
    problem = random_problem(seed, demand=demand, most=8)
    if problem.objective is Objective.SCORE:
        return
    rng = np.random.default_rng(seed)
    ahead = rng.integers(0, 2, len(problem.recipients))
    solution = best(problem.with_changes(priority=ahead.tolist()))
    plain = best(problem)
    assert worth(problem, solution.pairs)[:2] == worth(problem, plain.pairs)[:2]
    first = {problem.recipients[i] for i in np.flatnonzero(ahead)}
    assert len(first & {r for r, _ in solution.pairs}) >= len(first & {r for r, _ in plain.pairs})


def test_minimum_loads_that_cannot_be_reached_have_a_witness():
    """The refusal names the providers who need more together than they can get, and from whom."""
    problem = MatchingProblem.from_scores(
        np.ones((3, 3)), eligible=[[1, 1, 0], [0, 0, 1], [0, 0, 1]], minimum=[1, 1, 1], capacity=2
    )
    with pytest.raises(InfeasibleProblem, match=r"'p0', 'p1' are to have at least 2 mentees together, and at most 1"):
        OptimalMatching().match(problem)
    with pytest.raises(InfeasibleProblem, match="'p0' is to have at least 3 and takes at most 2"):
        OptimalMatching().match(MatchingProblem.from_scores(np.ones((3, 1)), minimum=3, capacity=2))


def test_a_minimum_load_outweighs_every_score():
    """Minimum loads are kept even where every other answer scores more."""
    problem = MatchingProblem.from_scores([[9, 0], [9, 0]], capacity=2, minimum=[0, 1], seed=1)
    matching = OptimalMatching().match(problem)
    assert sorted(provider for _, provider in matching.ids) == ["p0", "p1"]


@pytest.mark.parametrize("seed", range(40))
def test_both_solvers_give_the_same_answer(seed, monkeypatch):
    """With SciPy alone the pairs are those that the solver of the extra finds: the lottery decides ties, not it."""
    pytest.importorskip("lap")
    problem = random_problem(seed, minimum=seed % 2 == 0)

    def answer() -> object:
        try:
            matching = OptimalMatching().match(problem)
        except InfeasibleProblem as error:
            return str(error)
        assert matching.certificate is not None
        assert matching.certificate.flaws(problem, matching.ids) == []
        return matching.ids

    fast = answer()
    monkeypatch.setitem(sys.modules, "lap", None)
    assert answer() == fast
