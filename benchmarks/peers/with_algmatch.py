"""Matches residents and hospitals with algmatch, as its README shows: one dictionary, ``HR``.

It wants whole numbers as ids. They are made before the clock starts, so that the peer is not charged for them.
"""

from __future__ import annotations

from algmatch import HR
from stopwatch import Pairs, Problem, serve


def match(problem: Problem) -> Pairs:
    """Return the stable pairs that are best for the residents."""
    answer = HR(dictionary=problem["numbered"], optimised_side="residents").get_stable_matching()
    return list(answer["resident_sided"].items())


def number(problem: Problem) -> Problem:
    """Add the problem in the peer's own form."""
    residents = {int(one[1:]): _numbers(listed) for one, listed in problem["residents"].items()}
    hospitals = {
        int(one[1:]): {"capacity": 1, "preferences": _numbers(listed)} for one, listed in problem["hospitals"].items()
    }
    return {**problem, "numbered": {"residents": residents, "hospitals": hospitals}}


def _numbers(listed: list[str]) -> list[int]:
    return [int(one[1:]) for one in listed]


if __name__ == "__main__":
    serve(match, number)
