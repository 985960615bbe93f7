"""Shortlists: the best candidates for everybody, and nobody advertised to everyone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.matching import MatchingProblem
from tests.generate import score_problems


@given(score_problems(most=4, demand=1), st.integers(1, 3))
def test_nobody_stands_on_more_lists_than_her_places_allow(problem, k):
    """Lists hold eligible candidates, each once, the best first; nobody is on more lists than k times her places."""
    found = problem.shortlist(k)
    assert set(found.lists) == {r for r, wanted in zip(problem.recipients, problem.demand, strict=True) if wanted}
    for recipient, listed in found.lists.items():
        assert len(listed) == len(set(listed)) <= k
        scores = [problem.points[problem.row[recipient], problem.column[one]] for one in listed]
        assert scores == sorted(scores, reverse=True)
        assert all(problem.is_eligible(recipient, one) for one in listed)
    for provider, count in found.counts.items():
        assert count <= k * problem.capacity[problem.column[provider]]


def test_a_favourite_is_shared_out():
    """A mentor whom all ten want most stands on two lists of two; the others' lists hold the next best."""
    scores = [[9, *range(1, 10)] for _ in range(10)]
    found = MatchingProblem.from_scores(scores).shortlist(2)
    assert found.counts["p0"] == 2
    assert all(len(listed) == 2 for listed in found.lists.values())
    assert MatchingProblem.from_scores(scores).shortlist(2, most=5).counts["p0"] == 5
    assert "<table>" in found._repr_html_()
    assert repr(found) == "<Shortlists: 10 lists, 20 entries>"


def test_shortlists_are_printed_as_a_table():
    """Printed, every recipient stands in a row with her candidates, the best first."""
    found = MatchingProblem.from_scores([[1, 2], [0, 3]], eligible=[[True, True], [False, True]]).shortlist(2)
    assert str(found) == found.to_text()
    lines = [line.split(maxsplit=1) for line in str(found).splitlines()]
    assert lines[0] == ["recipient", "candidates, the best first"]
    assert lines[2:] == [["r0", "p1, p0"], ["r1", "p1"]]


def test_lengths_out_of_range_are_refused():
    """A list of nothing, or a limit of nothing, is refused."""
    problem = MatchingProblem.from_scores([[1]])
    for wrong in ({"k": 0}, {"k": 1000}, {"k": 1, "most": 0}):
        with pytest.raises(InvalidValue, match="must be a whole number"):
            problem.shortlist(**wrong)
