"""Matching without an array of all pairs: as good as with one, and proven, whatever the problem and the machine."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.errors import InfeasibleProblem, InvalidValue
from devrel.matching import Bound, MatchingProblem, Objective, OptimalMatching, Worth
from devrel.matching.certificate import Book
from devrel.matching.pricing import Open
from devrel.matching.sparse import flow, rounds
from devrel.matching.sparse.proving import own_worth
from devrel.matching.sparse.rounds import best_at_scale
from devrel.matching.sparse.settings import Settings
from devrel.matching.strategies.optimal import _best_in_arrays
from devrel.matching.worth import LARGEST


@st.composite
def problems(draw: st.DrawFn, most: int = 8) -> MatchingProblem:
    """Draw a small problem of plain scores, with everything that may be asked of it."""
    rows, columns = draw(st.integers(0, most)), draw(st.integers(0, most))
    values = st.integers(0, draw(st.sampled_from([0, 1, 3, 50])))
    scores = draw(st.lists(st.lists(values, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    share = draw(st.sampled_from([0, 2, 5]))
    allowed = [[share == 0 or draw(st.integers(0, 5)) < share for _ in range(columns)] for _ in range(rows)]
    several = draw(st.booleans())
    demand = draw(st.lists(st.integers(1, 3 if several else 1), min_size=rows, max_size=rows))
    capacity = draw(st.lists(st.integers(1, 4), min_size=columns, max_size=columns))
    problem = MatchingProblem.from_scores(
        np.array(scores, dtype=np.int64).reshape(rows, columns),
        eligible=np.array(allowed, dtype=bool).reshape(rows, columns),
        demand=demand,
        capacity=capacity,
        objective=draw(st.sampled_from(["cover", "score"])),
        seed=draw(st.integers(0, 3)),
    )
    yes: st.SearchStrategy[bool] = st.booleans()
    pairs = [(problem.recipients[i], problem.providers[j]) for i, j in np.argwhere(problem.eligible).tolist()]
    changes: dict[str, object] = {}
    if draw(yes):
        changes["priority"] = draw(st.lists(st.integers(0, 2), min_size=rows, max_size=rows))
    if bool(pairs) and draw(yes):
        changes["incumbent"] = draw(st.sets(st.sampled_from(pairs), max_size=4))
    if bool(pairs) and draw(yes):
        changes["locked"] = {draw(st.sampled_from(pairs))}
    if draw(yes):
        changes["minimum"] = _reachable(problem.with_changes(**changes))
    return problem.with_changes(**changes)


def _reachable(problem: MatchingProblem) -> list[int]:
    """Return minimum loads that the best answer keeps, so that some answer keeps them."""
    pairs = OptimalMatching().match(problem).ids
    loads = [sum(p == provider for _, p in pairs) for provider in problem.providers]
    return [load if number % 2 else min(load, 1) for number, load in enumerate(loads)]


def worth_of(problem: MatchingProblem, pairs: Sequence[tuple[str, str]], keeping: int = 0) -> int:
    """Return what an answer is worth for the objective, as one whole number."""
    return own_worth(Book.of(problem, pairs, keeping))


def test_minimum_loads_are_reached_though_a_share_of_the_pairs_was_looked_at_first():
    """Where a share of the pairs cannot fill the minimum loads, all are looked at before anything is refused."""
    rng = np.random.default_rng(5)
    allowed = rng.random((80, 60)) < 0.05
    allowed[np.arange(60), np.arange(60)] = True
    made = MatchingProblem.from_scores(rng.integers(0, 9, (80, 60)), eligible=allowed, minimum=[1] * 60)
    with patch.multiple(rounds, _ENOUGH_PAIRS=300):
        assert len(OptimalMatching(memory_limit=0).match(made).pairs) == 60


def test_a_minimum_that_a_locked_pair_stands_in_the_way_of_is_refused():
    """With arrays of all pairs and without, it is the problem that cannot be kept, not the answer that is wrong."""
    made = MatchingProblem.from_scores([[5, 4]]).with_changes(locked=[("r0", "p1")], minimum=[1, 0])
    for limit in (0, 2**30):
        with pytest.raises(InfeasibleProblem):
            OptimalMatching(memory_limit=limit).match(made)


few = patch.multiple(rounds, CANDIDATES=1, _OF_PROVIDERS=1, _ADDED=1, _MARGINS=())
"""Looks at so few pairs that several rounds are needed even for small problems."""


@given(problems(), st.integers(0, 20))
@settings(max_examples=300)
def test_as_good_as_with_arrays(problem: MatchingProblem, keeping: int) -> None:
    """The answer is worth as much as the one of the dense solver, and its prices prove it over all pairs."""
    keeping = keeping if problem.incumbent else 0
    dense = _best_in_arrays(Open.of(problem, keeping), hours=False)
    with few:
        found = best_at_scale(problem, keeping)
    assert worth_of(problem, found.pairs, keeping) == worth_of(problem, dense.pairs, keeping)
    assert found.proof.flaws(problem, found.pairs) == []
    with patch("devrel.matching.problem.LARGE_PAIRS", -1):
        assert found.proof.flaws(problem, found.pairs) == []
        assert dense.certificate is not None
        assert dense.certificate.flaws(problem, dense.pairs) == []


def test_a_gap_gives_up_nobody_on_a_chain():
    """Where serving one more moves everybody to a worse partner, a gap does not stop before it is done."""
    most = 40
    scores, eligible = np.zeros((most + 1, most + 1), dtype=np.int64), np.zeros((most + 1, most + 1), dtype=bool)
    eligible[0, 0] = True
    for one in range(1, most + 1):
        scores[one, one - 1] = 100
        eligible[one, one - 1] = eligible[one, one] = True
    problem = MatchingProblem.from_scores(scores, eligible=eligible)
    with few:
        found = best_at_scale(problem, settings=Settings(gap=0.5))
    assert len(found.pairs) == most + 1


@pytest.mark.parametrize("price", [-(2**63), 2**63 - 1, 2**62])
def test_a_forged_bound_is_refused(price: int) -> None:
    """Prices so large that sums with them wrap around prove nothing."""
    problem = MatchingProblem.from_scores([[3, 1], [2, 2]])
    forged = Bound(np.full(2, price, dtype=np.int64), 0)
    assert forged.flaws(problem, [])


@pytest.mark.parametrize("large", [{"demand": (2, *[1] * 99_999)}, {"priority": (1,) * 500 + (0,) * 99_500}])
def test_large_problems_can_be_solved_whoever_comes_first_or_wants_several(large: dict[str, tuple[int, ...]]) -> None:
    """The numbers that stand for the objective stay exact for a hundred thousand recipients."""
    wanted = large.get("demand", (1,) * 100_000)
    worth = Worth.of(
        Objective.COVER, demand=wanted, capacity=[3] * 33_000, greatest=1_000_000, priority=large.get("priority", ())
    )
    assert worth.greatest < LARGEST
    assert worth.solvable


def test_a_matching_can_be_copied_whatever_it_was_made_with():
    """Executors and callbacks stay behind where a matching is pickled; what decided the answer goes with it."""
    problem = MatchingProblem.from_scores([[3, 1], [2, 2]])
    with ThreadPoolExecutor(1) as threads:
        made = OptimalMatching(memory_limit=0, gap=0.25, executor=threads, progress=lambda _: None).match(problem)
    copied = pickle.loads(pickle.dumps(made))
    assert copied.ids == made.ids
    assert copied.strategy.parameters() == {"gap": 0.25, "memory_limit": 0}


def test_a_class_derived_from_it_need_not_make_settings():
    """A strategy that derives from the optimal one, and is made in its own way, is solved as usual."""

    class Own(OptimalMatching):
        name = "own"

        def __init__(self) -> None:
            self.mine = True

    assert Own().match(MatchingProblem.from_scores([[3]])).total_score == 3


def test_hours_that_differ_are_refused_above_the_memory():
    """Hours that differ need arrays of all pairs: a problem that is too large for them is told so."""
    problem = MatchingProblem.from_scores([[3, 1], [2, 2]]).with_changes(minutes=(60, 90), budget=(100, 100))
    with pytest.raises(InvalidValue, match="too low for hours that differ"):
        OptimalMatching(memory_limit=0).match(problem)


def test_without_ortools_one_provider_for_all_takes_little_memory():
    """Many recipients of one provider are not multiplied by her seats."""
    many = 6_000
    problem = MatchingProblem.from_scores(np.arange(many)[:, None], capacity=many)
    with patch.object(flow, "_ortools", lambda: None):
        assert len(best_at_scale(problem).pairs) == many
