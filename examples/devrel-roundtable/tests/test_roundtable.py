"""What is particular to round tables."""

from __future__ import annotations

from datetime import date

from devrel_roundtable import ROUNDTABLE, RoundByRound

from devrel.matching import MatchingProblem, OptimalMatching
from devrel.programs import Program
from devrel.terms import Term
from devrel.validation import check

START = date(2026, 3, 2)


def test_guests_are_spread_over_the_hosts() -> None:
    """Where everybody likes one host best, the others have guests too; the optimal matching gives them none."""
    problem = MatchingProblem.from_scores([[9, 1], [9, 1], [9, 1], [9, 1]], capacity=4)
    loads = [len(strategy.match(problem).partners("p1")) for strategy in (RoundByRound(), OptimalMatching())]
    assert loads[0] > loads[1] == 0


def test_a_long_round_is_found() -> None:
    """A program whose rounds take an hour is warned; one of half an hour is not."""
    term = Term.single_session(START)
    long, short = (Program("Rounds", ROUNDTABLE, term, minutes=minutes) for minutes in (60, 30))
    assert "X101" in check(long, today=START).codes
    assert "X101" not in check(short, today=START).codes
