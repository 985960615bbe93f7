"""Programs: their design, who takes part, what they propose, and a generated sample. Names are loaded on first use."""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.programs.design import Program
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
    from devrel.programs.proposals import propose
    from devrel.programs.sample import SAMPLE_PROGRAM, sample_people

__all__ = [
    "SAMPLE_PROGRAM",
    "AttributeSpec",
    "AttributeType",
    "Condition",
    "Intake",
    "LeftOut",
    "Program",
    "Register",
    "TableSpec",
    "Words",
    "propose",
    "sample_people",
]

_ROOMS = {
    "design": ("Program",),
    "intake": ("AttributeSpec", "AttributeType", "Condition", "Intake", "LeftOut", "Register", "TableSpec", "Words"),
    "proposals": ("propose",),
    "sample": ("SAMPLE_PROGRAM", "sample_people"),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
