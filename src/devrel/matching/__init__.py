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
    from devrel.matching.problem import MatchingProblem, Objective, ProblemSpec
    from devrel.matching.result import Band, Cause, Matching, Pair, Provenance, Reason, Unmatched
    from devrel.matching.roster import Block
    from devrel.matching.rules import Candidate
    from devrel.matching.strategies.optimal import OptimalMatching
    from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution
    from devrel.matching.table import Part

__all__ = [
    "AboveInLevel",
    "Alike",
    "Band",
    "BelowInLevel",
    "Block",
    "Candidate",
    "Cause",
    "Claim",
    "Constraint",
    "Criterion",
    "Different",
    "Differs",
    "Feature",
    "Gap",
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
    "Reason",
    "Same",
    "Shared",
    "Solution",
    "Unmatched",
    "UpperLevelOrExternal",
    "Weight",
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
    "problem": ("MatchingProblem", "Objective", "ProblemSpec"),
    "result": ("Band", "Cause", "Matching", "Pair", "Provenance", "Reason", "Unmatched"),
    "roster": ("Block",),
    "rules": ("Candidate",),
    "strategies.optimal": ("OptimalMatching",),
    "strategy": ("Claim", "Feature", "MatchingStrategy", "Solution"),
    "table": ("Part",),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
