"""The two baselines: what the greedy and the random matching promise, and what they do not."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from devrel.errors import InfeasibleProblem, UnsupportedProblem
from devrel.matching import GreedyMatching, MatchingProblem, Objective, OptimalMatching, RandomMatching
from devrel.matching.strategies import strategy_named
from tests.generate import people_problems, score_problems

BOTH = [GreedyMatching(), RandomMatching()]
NAMES = ["greedy", "random"]


def build(drawn) -> MatchingProblem:
    listed, enrolled, arguments = drawn
    return MatchingProblem.from_people(listed, enrolled, **arguments)


@st.composite
def locked_problems(draw: st.DrawFn) -> MatchingProblem:
    """Problems with capacities and demands, now and then with a locked pair."""
    problem = draw(score_problems() | people_problems().map(build))
    pairs = [
        (problem.recipients[i], problem.providers[j])
        for i, j in np.argwhere(problem.eligible)
        if problem.demand[i] and problem.capacity[j]
    ]
    return problem.with_changes(locked=draw(st.lists(st.sampled_from(pairs), max_size=1)) if pairs else [])


def by_definition(problem: MatchingProblem) -> list[int]:
    """The points of the pairs that greed takes, one after the other, by looking at all pairs each time."""
    demand, capacity = list(problem.demand), list(problem.capacity)
    free = {(int(i), int(j)) for i, j in np.argwhere(problem.eligible)}
    taken: list[int] = []
    while True:
        open_ = [(i, j) for i, j in free if demand[i] and capacity[j]]
        if not open_:
            return taken
        i, j = max(open_, key=lambda pair: problem.points[pair])
        taken.append(int(problem.points[i, j]))
        demand[i], capacity[j] = demand[i] - 1, capacity[j] - 1
        free.remove((i, j))


@given(st.permutations(range(12)), st.data())
def test_greedy_takes_the_best_pair_that_is_left(scores, data):
    """Where no two pairs score the same, its pairs are those of the definition, capacities and demands included."""
    problem = MatchingProblem.from_scores(
        np.array(scores).reshape(3, 4),
        eligible=np.array(data.draw(st.lists(st.booleans(), min_size=12, max_size=12))).reshape(3, 4),
        demand=data.draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)),
        capacity=data.draw(st.lists(st.integers(0, 3), min_size=4, max_size=4)),
    )
    found = [pair.points for pair in GreedyMatching().match(problem).pairs]
    assert sorted(found, reverse=True) == by_definition(problem)


@given(locked_problems())
def test_greedy_reaches_half_of_the_best_total(problem):
    """Its total is at least half of what is best around the locked pairs, and half as many pairs as can be."""
    best = OptimalMatching().match(problem.with_changes(objective=Objective.SCORE))
    greedy = GreedyMatching().match(problem)
    assert 2 * greedy.total_points >= best.total_points
    most = OptimalMatching().match(problem.with_changes(objective=Objective.COVER))
    assert 2 * len(greedy.pairs) >= len(most.pairs)


def test_half_is_all_that_greed_promises():
    """There are problems in which its total comes as close to half of the best as one likes."""
    problem = MatchingProblem.from_scores([[1001, 1000], [1000, 0]])
    assert GreedyMatching().match(problem).total_points == 1001
    assert OptimalMatching().match(problem).total_points == 2000


def test_greed_may_serve_fewer_than_can_be_served():
    """It takes the great pair and leaves somebody alone whom the optimal matching serves."""
    problem = MatchingProblem.from_scores([[9, 1], [3, 0]], eligible=[[True, True], [True, False]])
    assert len(GreedyMatching().match(problem).pairs) == 1
    assert len(OptimalMatching().match(problem).pairs) == 2


@pytest.mark.parametrize("strategy", BOTH, ids=NAMES)
@given(problem=locked_problems())
def test_no_pair_can_be_added(strategy, problem):
    """Neither leaves two people who may be matched and both have a place open."""
    matching = strategy.match(problem)
    served = Counter(recipient for recipient, _ in matching.ids)
    loads = Counter(provider for _, provider in matching.ids)
    assert problem.locked <= set(matching.ids)
    for i, j in np.argwhere(problem.eligible):
        recipient, provider = problem.recipients[i], problem.providers[j]
        if (recipient, provider) not in matching.ids:
            assert served[recipient] == problem.demand[i] or loads[provider] == problem.capacity[j]


@pytest.mark.parametrize("strategy", BOTH, ids=NAMES)
@given(drawn=people_problems(), draw=st.randoms(use_true_random=False))
def test_the_order_of_the_input_means_nothing(strategy, drawn, draw):
    """People, enrolments and rules in another order give the same answer."""
    first = strategy.match(build(drawn))
    listed, enrolled, arguments = drawn
    for part in (listed, enrolled, arguments["constraints"]):
        draw.shuffle(part)
    assert strategy.match(build((listed, enrolled, arguments))) == first


@pytest.mark.parametrize("strategy", BOTH, ids=NAMES)
def test_the_lottery_is_even(strategy):
    """Over many seeds, five who are alike get the two places equally often (chi-square at one in a thousand)."""
    wins: Counter[str] = Counter()
    for seed in range(500):
        wins.update(
            recipient for recipient, _ in strategy.match(MatchingProblem.from_scores(np.ones((5, 2)), seed=seed)).ids
        )
    assert sum(wins.values()) == 1000
    assert chisquare([wins[f"r{i}"] for i in range(5)]).pvalue > 0.001


def test_scores_have_no_say_in_a_random_matching():
    """Other scores, the same pairs; and every provider is drawn equally often by one recipient."""
    scores = np.arange(12).reshape(3, 4)
    first, other = (MatchingProblem.from_scores(points, seed=5) for points in (scores, scores[::-1]))
    assert RandomMatching().match(first).ids == RandomMatching().match(other).ids
    drawn = Counter(
        RandomMatching().match(MatchingProblem.from_scores(scores[:1], seed=s)).ids[0][1] for s in range(500)
    )
    assert chisquare([drawn[f"p{j}"] for j in range(4)]).pvalue > 0.001


def test_those_who_want_several_take_one_in_each_round():
    """Nobody gets a second partner while somebody who could have had the place has none."""
    for seed in range(40):
        problem = MatchingProblem.from_scores(np.ones((3, 3)), demand=3, seed=seed)
        assert len({recipient for recipient, _ in RandomMatching().match(problem).ids}) == 3


@pytest.mark.parametrize("strategy", BOTH, ids=NAMES)
def test_minimum_loads_are_refused_by_name(strategy):
    """A problem with minimum loads is refused, and so are locks that cannot stand; the empty problem is answered."""
    with pytest.raises(UnsupportedProblem, match="providers who take a minimum"):
        strategy.match(MatchingProblem.from_scores([[1]], minimum=1))
    with pytest.raises(InfeasibleProblem, match="may not be matched"):
        strategy.match(MatchingProblem.from_scores([[1]], eligible=[[False]], locked=[("r0", "p0")]))
    assert strategy.match(MatchingProblem.from_scores(np.zeros((0, 3)))).pairs == ()
    assert strategy_named(strategy.name, {}).parameters() == {}
