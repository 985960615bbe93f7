"""Matching: problems, rules, strategies and verified results. Names are loaded on first use."""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.matching.constraints import (
        AboveInLevel,
        Alike,
        BelowInLevel,
        Constraint,
        Different,
        Gap,
        NotInReportingLine,
        NotOwnManager,
        NotSameManager,
        NotSelf,
        OwnManager,
        UpperLevelOrExternal,
    )
    from devrel.matching.criteria import Criterion, Differs, Near, Offered, Same, Shared, Weight
    from devrel.matching.leximin import WorstOff
    from devrel.matching.problem import MatchingProblem, ProblemSpec
    from devrel.matching.result import Band, Cause, Matching, Pair, Provenance, Reason, Unmatched
    from devrel.matching.roster import Block
    from devrel.matching.rules import Candidate
    from devrel.matching.strategies.egalitarian import EgalitarianMatching
    from devrel.matching.strategies.greedy import GreedyMatching
    from devrel.matching.strategies.optimal import OptimalMatching
    from devrel.matching.strategies.random import RandomMatching
    from devrel.matching.strategy import Feature, MatchingStrategy, Solution
    from devrel.matching.table import Part
    from devrel.matching.worth import Objective

__all__ = [
    "AboveInLevel",
    "Alike",
    "Band",
    "BelowInLevel",
    "Block",
    "Candidate",
    "Cause",
    "Constraint",
    "Criterion",
    "Different",
    "Differs",
    "EgalitarianMatching",
    "Feature",
    "Gap",
    "GreedyMatching",
    "Matching",
    "MatchingProblem",
    "MatchingStrategy",
    "Near",
    "NotInReportingLine",
    "NotOwnManager",
    "NotSameManager",
    "NotSelf",
    "Objective",
    "Offered",
    "OptimalMatching",
    "OwnManager",
    "Pair",
    "Part",
    "ProblemSpec",
    "Provenance",
    "RandomMatching",
    "Reason",
    "Same",
    "Shared",
    "Solution",
    "Unmatched",
    "UpperLevelOrExternal",
    "Weight",
    "WorstOff",
]

_ROOMS = {
    "constraints": (
        "AboveInLevel",
        "Alike",
        "BelowInLevel",
        "Constraint",
        "Different",
        "Gap",
        "NotInReportingLine",
        "NotOwnManager",
        "NotSameManager",
        "NotSelf",
        "OwnManager",
        "UpperLevelOrExternal",
    ),
    "criteria": ("Criterion", "Differs", "Near", "Offered", "Same", "Shared", "Weight"),
    "leximin": ("WorstOff",),
    "problem": ("MatchingProblem", "ProblemSpec"),
    "worth": ("Objective", "Worth"),
    "result": ("Band", "Cause", "Matching", "Pair", "Provenance", "Reason", "Unmatched"),
    "roster": ("Block",),
    "rules": ("Candidate",),
    "strategies.egalitarian": ("EgalitarianMatching",),
    "strategies.greedy": ("GreedyMatching",),
    "strategies.optimal": ("OptimalMatching",),
    "strategies.random": ("RandomMatching",),
    "strategy": ("Feature", "MatchingStrategy", "Solution"),
    "table": ("Part",),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
