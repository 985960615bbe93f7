"""Matching without an array of all pairs: as good as with one, and proven, whatever the problem and the machine."""

from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.matching import MatchingProblem, OptimalMatching
from devrel.matching.certificate import Book
from devrel.matching.pricing import Open
from devrel.matching.sparse import rounds
from devrel.matching.sparse.proving import own_worth
from devrel.matching.sparse.rounds import best_at_scale
from devrel.matching.strategies.optimal import _best_in_arrays


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
