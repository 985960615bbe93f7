"""Matching: problems, rules, strategies and verified results. Names are loaded on first use."""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.matching.bottlenecks import Bottlenecks, LiftedRule, MoreSeats
    from devrel.matching.certificate import Certificate, Prices
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
    from devrel.matching.difference import Difference
    from devrel.matching.figures import Audit, GroupFigures
    from devrel.matching.preferences import Preferences, Unlisted
    from devrel.matching.problem import MatchingProblem, ProblemSpec
    from devrel.matching.questions import Explanation, WhyNot
    from devrel.matching.rates import Rate
    from devrel.matching.result import Band, Cause, Edit, Matching, Pair, Provenance, Reason, Unmatched
    from devrel.matching.roster import Block
    from devrel.matching.rules import Candidate
    from devrel.matching.sensitivity import Sensitivity, WeightChange
    from devrel.matching.shortage import Shortage
    from devrel.matching.shortlists import Shortlists
    from devrel.matching.stability import NoBlockingPair
    from devrel.matching.strategies.optimal import OptimalMatching
    from devrel.matching.strategies.rematching import Rematching
    from devrel.matching.strategies.stable import StableMatching
    from devrel.matching.strategy import Feature, MatchingStrategy, Solution
    from devrel.matching.table import Part
    from devrel.matching.worth import Objective, Worth

__all__ = [
    "AboveInLevel",
    "Alike",
    "Audit",
    "Band",
    "BelowInLevel",
    "Block",
    "Bottlenecks",
    "Candidate",
    "Cause",
    "Certificate",
    "Constraint",
    "Criterion",
    "Difference",
    "Different",
    "Differs",
    "Edit",
    "Explanation",
    "Feature",
    "Gap",
    "GroupFigures",
    "LiftedRule",
    "Matching",
    "MatchingProblem",
    "MatchingStrategy",
    "MoreSeats",
    "Near",
    "NoBlockingPair",
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
    "Preferences",
    "Prices",
    "ProblemSpec",
    "Provenance",
    "Rate",
    "Reason",
    "Rematching",
    "Same",
    "Sensitivity",
    "Shared",
    "Shortage",
    "Shortlists",
    "Solution",
    "StableMatching",
    "Unlisted",
    "Unmatched",
    "UpperLevelOrExternal",
    "Weight",
    "WeightChange",
    "WhyNot",
    "Worth",
]

_ROOMS = {
    "bottlenecks": (
        "Bottlenecks",
        "LiftedRule",
        "MoreSeats",
    ),
    "certificate": (
        "Certificate",
        "Prices",
    ),
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
    "criteria": (
        "Criterion",
        "Differs",
        "Near",
        "Offered",
        "Same",
        "Shared",
        "Weight",
    ),
    "difference": ("Difference",),
    "figures": (
        "Audit",
        "GroupFigures",
    ),
    "preferences": (
        "Preferences",
        "Unlisted",
    ),
    "problem": (
        "MatchingProblem",
        "ProblemSpec",
    ),
    "questions": (
        "Explanation",
        "WhyNot",
    ),
    "rates": ("Rate",),
    "result": (
        "Band",
        "Cause",
        "Edit",
        "Matching",
        "Pair",
        "Provenance",
        "Reason",
        "Unmatched",
    ),
    "roster": ("Block",),
    "rules": ("Candidate",),
    "sensitivity": (
        "Sensitivity",
        "WeightChange",
    ),
    "shortage": ("Shortage",),
    "shortlists": ("Shortlists",),
    "stability": ("NoBlockingPair",),
    "strategies.optimal": ("OptimalMatching",),
    "strategies.rematching": ("Rematching",),
    "strategies.stable": ("StableMatching",),
    "strategy": (
        "Feature",
        "MatchingStrategy",
        "Solution",
    ),
    "table": ("Part",),
    "worth": (
        "Objective",
        "Worth",
    ),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
