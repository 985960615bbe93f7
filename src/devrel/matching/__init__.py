"""Matching: problems, rules, strategies and verified results. Names are loaded on first use."""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.matching.block import Block, Overlap
    from devrel.matching.bottlenecks import Bottlenecks, LiftedRule, MoreSeats
    from devrel.matching.certificate import Bound, Certificate, Prices
    from devrel.matching.circumstances import (
        CommonHours,
        InCommon,
        NotAMisfit,
        NotExcluded,
        NotTogetherBefore,
        Present,
        Trained,
    )
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
    from devrel.matching.groups import Balance, CircleBound, Group
    from devrel.matching.leximin import WorstOff
    from devrel.matching.pairs import Band, Pair
    from devrel.matching.preferences import Preferences, Unlisted
    from devrel.matching.problem import MatchingProblem, ProblemSpec
    from devrel.matching.provenance import Edit, Provenance
    from devrel.matching.questions import Explanation, WhyNot
    from devrel.matching.rates import Rate
    from devrel.matching.reasons import Cause, Reason, Unmatched
    from devrel.matching.result import Matching
    from devrel.matching.roster import Roster
    from devrel.matching.rules import Candidate
    from devrel.matching.sensitivity import Sensitivity, WeightChange
    from devrel.matching.shortage import Shortage
    from devrel.matching.shortlists import Shortlists
    from devrel.matching.sparse.progress import Phase, Progress
    from devrel.matching.stability import NoBlockingPair
    from devrel.matching.standing import Standing
    from devrel.matching.strategies.egalitarian import EgalitarianMatching
    from devrel.matching.strategies.greedy import GreedyMatching
    from devrel.matching.strategies.optimal import OptimalMatching
    from devrel.matching.strategies.peers import PeerMatching
    from devrel.matching.strategies.random import RandomMatching
    from devrel.matching.strategies.rematching import Rematching
    from devrel.matching.strategies.stable import StableMatching
    from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution
    from devrel.matching.table import Part
    from devrel.matching.talks import Fit, Talk
    from devrel.matching.wishes import Chemistry, FirstInLine, HopesMet, HoursTogether, Preferred, Waiting
    from devrel.matching.working_hours import WorkingHours
    from devrel.matching.worth import Objective, Worth

__all__ = [
    "AboveInLevel",
    "Alike",
    "Audit",
    "Balance",
    "Band",
    "BelowInLevel",
    "Block",
    "Bottlenecks",
    "Bound",
    "Candidate",
    "Cause",
    "Certificate",
    "Chemistry",
    "CircleBound",
    "Claim",
    "CommonHours",
    "Constraint",
    "Criterion",
    "Difference",
    "Different",
    "Differs",
    "Edit",
    "EgalitarianMatching",
    "Explanation",
    "Feature",
    "FirstInLine",
    "Fit",
    "Gap",
    "GreedyMatching",
    "Group",
    "GroupFigures",
    "HopesMet",
    "HoursTogether",
    "InCommon",
    "LiftedRule",
    "Matching",
    "MatchingProblem",
    "MatchingStrategy",
    "MoreSeats",
    "Near",
    "NoBlockingPair",
    "NotAMisfit",
    "NotExcluded",
    "NotInReportingLine",
    "NotOwnManager",
    "NotSameManager",
    "NotSelf",
    "NotTogetherBefore",
    "Objective",
    "Offered",
    "OptimalMatching",
    "Overlap",
    "OwnManager",
    "Pair",
    "Part",
    "PeerMatching",
    "Phase",
    "Preferences",
    "Preferred",
    "Present",
    "Prices",
    "ProblemSpec",
    "Progress",
    "Provenance",
    "RandomMatching",
    "Rate",
    "Reason",
    "Rematching",
    "Roster",
    "Same",
    "Sensitivity",
    "Shared",
    "Shortage",
    "Shortlists",
    "Solution",
    "StableMatching",
    "Standing",
    "Talk",
    "Trained",
    "Unlisted",
    "Unmatched",
    "UpperLevelOrExternal",
    "Waiting",
    "Weight",
    "WeightChange",
    "WhyNot",
    "WorkingHours",
    "WorstOff",
    "Worth",
]

_ROOMS = {
    "block": ("Block", "Overlap"),
    "bottlenecks": (
        "Bottlenecks",
        "LiftedRule",
        "MoreSeats",
    ),
    "certificate": (
        "Bound",
        "Certificate",
        "Prices",
    ),
    "circumstances": (
        "CommonHours",
        "InCommon",
        "NotAMisfit",
        "NotExcluded",
        "NotTogetherBefore",
        "Present",
        "Trained",
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
    "groups": (
        "Balance",
        "CircleBound",
        "Group",
    ),
    "leximin": ("WorstOff",),
    "pairs": ("Band", "Pair"),
    "preferences": (
        "Preferences",
        "Unlisted",
    ),
    "problem": (
        "MatchingProblem",
        "ProblemSpec",
    ),
    "provenance": ("Edit", "Provenance"),
    "questions": (
        "Explanation",
        "WhyNot",
    ),
    "rates": ("Rate",),
    "reasons": ("Cause", "Reason", "Unmatched"),
    "result": ("Matching",),
    "roster": ("Roster",),
    "rules": ("Candidate",),
    "sensitivity": (
        "Sensitivity",
        "WeightChange",
    ),
    "shortage": ("Shortage",),
    "shortlists": ("Shortlists",),
    "sparse.progress": ("Phase", "Progress"),
    "stability": ("NoBlockingPair",),
    "standing": ("Standing",),
    "strategies.egalitarian": ("EgalitarianMatching",),
    "strategies.greedy": ("GreedyMatching",),
    "strategies.optimal": ("OptimalMatching",),
    "strategies.peers": ("PeerMatching",),
    "strategies.random": ("RandomMatching",),
    "strategies.rematching": ("Rematching",),
    "strategies.stable": ("StableMatching",),
    "strategy": (
        "Claim",
        "Feature",
        "MatchingStrategy",
        "Solution",
    ),
    "table": ("Part",),
    "talks": (
        "Fit",
        "Talk",
    ),
    "wishes": (
        "Chemistry",
        "FirstInLine",
        "HopesMet",
        "HoursTogether",
        "Preferred",
        "Waiting",
    ),
    "working_hours": ("WorkingHours",),
    "worth": (
        "Objective",
        "Worth",
    ),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
