"""Matches residents and hospitals with devrel."""

from __future__ import annotations

from stopwatch import Pairs, Problem, serve

from devrel.matching import MatchingProblem, StableMatching


def match(problem: Problem) -> Pairs:
    """Return the stable pairs that are best for the residents."""
    task = MatchingProblem.from_preferences(problem["residents"], problem["hospitals"])
    return list(StableMatching().match(task).ids)


if __name__ == "__main__":
    serve(match)
