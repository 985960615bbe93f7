"""The egalitarian matching against all answers there are, and its certificate against everything changed in it."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.stats import chisquare

from devrel.errors import UnsupportedProblem, WrongAnswer
from devrel.matching import EgalitarianMatching, MatchingProblem, OptimalMatching, WorstOff
from devrel.matching.strategies import strategy_named
from tests.generate import score_problems


@st.composite
def problems(draw: st.DrawFn, most: int = 4) -> MatchingProblem:
    """Problems in which nobody wants more than one partner, now and then with a locked pair."""
    problem = draw(score_problems(most=most, demand=1))
    pairs = [
        (problem.recipients[i], problem.providers[j])
        for i, j in np.argwhere(problem.eligible)
        if problem.demand[i] and problem.capacity[j]
    ]
    locked = draw(st.lists(st.sampled_from(pairs), max_size=1)) if pairs else []
    return MatchingProblem.from_scores(
        problem.points,
        eligible=problem.eligible,
        capacity=problem.capacity,
        demand=problem.demand,
        locked=locked,
        seed=problem.seed,
    )


def larger(seed: int) -> MatchingProblem:
    """A problem of up to 20 by 20 people with capacities, forbidden pairs and many equal scores."""
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(2, 21, size=2))
    return MatchingProblem.from_scores(
        rng.integers(0, rng.choice([3, 8, 1000]), shape),
        eligible=rng.random(shape) < rng.choice([0.15, 0.5, 1.0]),
        capacity=rng.integers(0, 4, shape[1]).tolist(),
        demand=rng.integers(0, 2, shape[0]).tolist(),
        seed=seed,
    )


def all_answers(problem: MatchingProblem):
    edges = [(int(i), int(j)) for i, j in np.argwhere(problem.eligible)]
    locked = {(problem.row[r], problem.column[p]) for r, p in problem.locked}
    for count in range(min(len(problem.recipients), len(edges)) + 1):
        for pairs in combinations(edges, count):
            served, loads = Counter(i for i, _ in pairs), Counter(j for _, j in pairs)
            if (
                locked <= set(pairs)
                and all(served[i] <= problem.demand[i] for i in served)
                and all(loads[j] <= problem.capacity[j] for j in loads)
            ):
                yield pairs


def leximin(problem: MatchingProblem, pairs) -> tuple[int, list[int]]:
    return len(pairs), sorted(int(problem.points[i, j]) for i, j in pairs)


def positions(problem: MatchingProblem, pairs) -> list[tuple[int, int]]:
    return [(problem.row[recipient], problem.column[provider]) for recipient, provider in pairs]


@given(problems())
@settings(max_examples=100)
def test_no_answer_is_better_for_the_worst_off(problem):
    """Of all answers that serve the most, it is the leximin one, capacities, gaps and locks included."""
    matching = EgalitarianMatching().match(problem)
    best = max(leximin(problem, pairs) for pairs in all_answers(problem))
    assert leximin(problem, positions(problem, matching.ids)) == best


@given(problems(most=3), st.data())
@settings(max_examples=100)
def test_the_proof_fits_the_best_answers_and_no_others(problem, data):
    """The prices prove every leximin answer, as each may be drawn, and none of the others."""
    matching = EgalitarianMatching().match(problem)
    best = leximin(problem, positions(problem, matching.ids))
    pairs = data.draw(st.sampled_from(list(all_answers(problem))))
    ids = [(problem.recipients[i], problem.providers[j]) for i, j in pairs]
    assert (not matching.certificate.flaws(problem, ids)) == (leximin(problem, pairs) == best)


@pytest.mark.parametrize("seed", range(60))
def test_larger_answers_agree_with_weights_as_large_as_needed(seed):
    """One assignment with a weight for each level, each outweighing all above it, finds the same scores.

    The weights are whole numbers of any length, so that few levels at a time fit; the answers are compared level by
    level.
    """
    problem = larger(seed)
    found = leximin(problem, positions(problem, EgalitarianMatching().match(problem).ids))
    assert found == (len(found[1]), by_weights(problem))


def by_weights(problem: MatchingProblem) -> list[int]:
    """The scores of the leximin answer by plain assignments: the count at each level, those before it kept."""
    seats = np.repeat(np.arange(problem.shape[1]), problem.capacity)
    allowed = (problem.eligible & (np.array(problem.demand)[:, None] > 0))[:, seats]
    points = problem.points[:, seats]
    if not allowed.any():
        return []
    costs = np.array([[0] * len(seats) for _ in points], dtype=object)
    levels = sorted({int(value) for value in points[allowed]})
    step = len(points) + 1
    for number, level in enumerate(reversed(levels)):
        costs[allowed & (points == level)] = step**number
    costs[allowed] -= step ** len(levels) * step
    return _assigned(costs, points, allowed)


def _assigned(costs, points, allowed) -> list[int]:
    """Successive best augmenting paths (Bellman and Ford) over whole numbers of any length."""
    mates: dict[int, int] = {}
    while True:
        path = _best_path(costs, allowed, mates)
        if path is None:
            return sorted(int(points[i, j]) for j, i in mates.items())
        for i, j in path:
            mates[j] = i


def _best_path(costs, allowed, mates):
    rows, columns = allowed.shape
    owner = {i: j for j, i in mates.items()}
    reach = {i: (0, []) for i in range(rows) if i not in owner}
    best = None
    changed = True
    while changed:
        changed = False
        for i, (cost, path) in list(reach.items()):
            for j in range(columns):
                if not allowed[i, j] or owner.get(i) == j:
                    continue
                total = cost + costs[i, j]
                if j not in mates:
                    if best is None or total < best[0]:
                        best = total, [*path, (i, j)]
                        changed = True
                    continue
                after = mates[j]
                back = total - costs[after, j]
                if after not in reach or back < reach[after][0]:
                    reach[after] = back, [*path, (i, j)]
                    changed = True
    return None if best is None or best[0] >= 0 else best[1]


@pytest.mark.parametrize("seed", range(10))
def test_the_worst_pair_is_the_bottleneck(seed):
    """With everybody served, no assignment over the pairs above the worst score serves everybody."""
    rng = np.random.default_rng(seed)
    problem = MatchingProblem.from_scores(rng.integers(0, 10**6, (40, 40)), seed=seed)
    worst = min(pair.points for pair in EgalitarianMatching().match(problem).pairs)
    rows, columns = linear_sum_assignment(problem.points > worst, maximize=True)
    assert (problem.points[rows, columns] > worst).sum() < 40
    rows, columns = linear_sum_assignment(problem.points >= worst, maximize=True)
    assert (problem.points[rows, columns] >= worst).sum() == 40


@given(st.integers(0, 10**6), st.data())
def test_a_changed_certificate_is_refused(seed, data):
    """A proof in which one price is another number, or a stage is missing, proves nothing any more."""
    problem = larger(seed)
    matching = EgalitarianMatching().match(problem)
    proof = matching.certificate
    assert {one.name for one in fields(WorstOff)} == {"recipients", "providers"}
    side = data.draw(st.sampled_from(["recipients", "providers"]))
    prices = getattr(proof, side).copy()
    if data.draw(st.booleans()):
        change = data.draw(st.integers(1, 2**62) | st.integers(-(2**62), -1))
        place = tuple(data.draw(st.integers(0, size - 1)) for size in prices.shape)
        prices[place] += change
    else:
        prices = prices[:-1]
    with pytest.raises(WrongAnswer, match="not proven"):
        evolve(matching, certificate=evolve(proof, **{side: prices})).verify(problem)


def test_prices_that_are_no_whole_numbers_are_refused():
    """A certificate is made of whole numbers, stages by people."""
    with pytest.raises(ValueError, match="must be whole numbers"):
        WorstOff(np.zeros((1, 2)), np.zeros((1, 2), dtype=np.int64))


def test_the_worst_off_come_before_the_total():
    """It gives up a great pair so that nobody has a poor one."""
    problem = MatchingProblem.from_scores([[9, 4], [5, 1]])
    assert [pair.points for pair in EgalitarianMatching().match(problem).pairs] == [4, 5]
    assert OptimalMatching().match(problem).total_points == 10


def test_only_the_order_of_the_scores_counts():
    """Scores that are stretched, however unevenly and however far, give the same pairs."""
    scores = np.random.default_rng(3).integers(0, 50, (12, 12))
    first = EgalitarianMatching().match(MatchingProblem.from_scores(scores, seed=2))
    second = EgalitarianMatching().match(MatchingProblem.from_scores(scores**8 + 7, seed=2))
    assert first.ids == second.ids


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_means_nothing(problem, draw):
    """Rows and columns in another order, with their ids, give the same answer."""
    rows, columns = (draw.sample(range(size), size) for size in problem.shape)
    again = MatchingProblem.from_scores(
        problem.points[np.ix_(rows, columns)],
        recipients=[problem.recipients[i] for i in rows],
        providers=[problem.providers[j] for j in columns],
        eligible=problem.eligible[np.ix_(rows, columns)],
        demand=[problem.demand[i] for i in rows],
        capacity=[problem.capacity[j] for j in columns],
        locked=problem.locked,
        seed=problem.seed,
    )
    assert EgalitarianMatching().match(again) == EgalitarianMatching().match(problem)


def test_the_lottery_is_even():
    """Over many seeds, five who are alike get the two places equally often (chi-square at one in a thousand)."""
    wins: Counter[str] = Counter()
    for seed in range(500):
        matching = EgalitarianMatching().match(MatchingProblem.from_scores(np.ones((5, 2)), seed=seed))
        wins.update(recipient for recipient, _ in matching.ids)
    assert sum(wins.values()) == 1000
    assert chisquare([wins[f"r{i}"] for i in range(5)]).pvalue > 0.001


def test_what_it_does_not_support_is_refused_by_name():
    """Several partners, minimum loads and the objective 'score' are refused; the strategy is found by its name."""
    strategy = strategy_named("egalitarian", {})
    with pytest.raises(UnsupportedProblem, match="recipients who want several"):
        strategy.match(MatchingProblem.from_scores([[1]], demand=2))
    with pytest.raises(UnsupportedProblem, match="providers who take a minimum"):
        strategy.match(MatchingProblem.from_scores([[1]], minimum=1))
    with pytest.raises(UnsupportedProblem, match="the objective 'score'"):
        strategy.match(MatchingProblem.from_scores([[1]], objective="score"))
    wider = MatchingProblem.from_scores([[1]], demand=2)
    proof = strategy.match(MatchingProblem.from_scores([[1]])).certificate
    assert proof.flaws(wider, []) == ["it speaks of recipients who want one partner at most"]
