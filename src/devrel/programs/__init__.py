"""Programs: their design and policies, who takes part, whether it can work, what they propose. Loaded on first use."""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.programs.design import Program
    from devrel.programs.feasibility import Feasibility, RuleCost, SideFeasibility
    from devrel.programs.intake import (
        AttributeSpec,
        AttributeType,
        Condition,
        Intake,
        LeftOut,
        Register,
        TableSpec,
        Words,
    )
    from devrel.programs.policies import (
        Aim,
        Budget,
        CapacityPolicy,
        Channel,
        CheckPolicy,
        ComparedWith,
        Decider,
        FocusArea,
        FocusSort,
        ManagerAct,
        Measurement,
        Metric,
        OngoingSupport,
        Participation,
        Preparation,
        Process,
        Reach,
        Rematching,
        Scope,
        Setter,
        SupportForm,
        VisibilityPolicy,
        Window,
    )
    from devrel.programs.proposals import propose
    from devrel.programs.sample import SAMPLE_PROGRAM, sample_people

__all__ = [
    "SAMPLE_PROGRAM",
    "Aim",
    "AttributeSpec",
    "AttributeType",
    "Budget",
    "CapacityPolicy",
    "Channel",
    "CheckPolicy",
    "ComparedWith",
    "Condition",
    "Decider",
    "Feasibility",
    "FocusArea",
    "FocusSort",
    "Intake",
    "LeftOut",
    "ManagerAct",
    "Measurement",
    "Metric",
    "OngoingSupport",
    "Participation",
    "Preparation",
    "Process",
    "Program",
    "Reach",
    "Register",
    "Rematching",
    "RuleCost",
    "Scope",
    "Setter",
    "SideFeasibility",
    "SupportForm",
    "TableSpec",
    "VisibilityPolicy",
    "Window",
    "Words",
    "propose",
    "sample_people",
]

_ROOMS = {
    "design": ("Program",),
    "feasibility": (
        "Feasibility",
        "RuleCost",
        "SideFeasibility",
    ),
    "intake": (
        "AttributeSpec",
        "AttributeType",
        "Condition",
        "Intake",
        "LeftOut",
        "Register",
        "TableSpec",
        "Words",
    ),
    "policies": (
        "Aim",
        "Budget",
        "CapacityPolicy",
        "Channel",
        "CheckPolicy",
        "ComparedWith",
        "Decider",
        "FocusArea",
        "FocusSort",
        "ManagerAct",
        "Measurement",
        "Metric",
        "OngoingSupport",
        "Participation",
        "Preparation",
        "Process",
        "Reach",
        "Rematching",
        "Scope",
        "Setter",
        "SupportForm",
        "VisibilityPolicy",
        "Window",
    ),
    "proposals": ("propose",),
    "sample": (
        "SAMPLE_PROGRAM",
        "sample_people",
    ),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
