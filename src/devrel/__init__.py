"""devrel models development relationships at work: mentoring, coaching, advising, sponsoring.

Public names are loaded on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.agreements import Acceptance, Agreement, Confidentiality
    from devrel.errors import DevrelError
    from devrel.goals import CheckIn, Goal, KeyResult
    from devrel.kinds import (
        ADVISING,
        CAREER_COACHING,
        COACHING,
        MENTORING,
        SPONSORING,
        Control,
        Focus,
        GoalForm,
        RelationshipKind,
        Side,
        Strategy,
        Timeline,
        Titles,
        comparison,
        kind_named,
    )
    from devrel.lifecycle import Actor, Stage
    from devrel.people import Capacity, Enrollment, Organization, Party, Person, Role
    from devrel.relationships import Relationship
    from devrel.sessions import Agenda, Session
    from devrel.terms import Cadence, Term, Unit, Weekday

__all__ = [
    "ADVISING",
    "CAREER_COACHING",
    "COACHING",
    "MENTORING",
    "SPONSORING",
    "Acceptance",
    "Actor",
    "Agenda",
    "Agreement",
    "Cadence",
    "Capacity",
    "CheckIn",
    "Confidentiality",
    "Control",
    "DevrelError",
    "Enrollment",
    "Focus",
    "Goal",
    "GoalForm",
    "KeyResult",
    "Organization",
    "Party",
    "Person",
    "Relationship",
    "RelationshipKind",
    "Role",
    "Session",
    "Side",
    "Stage",
    "Strategy",
    "Term",
    "Timeline",
    "Titles",
    "Unit",
    "Weekday",
    "comparison",
    "kind_named",
]

_ROOMS = {
    "agreements": ("Acceptance", "Agreement", "Confidentiality"),
    "errors": ("DevrelError",),
    "goals": ("CheckIn", "Goal", "KeyResult"),
    "kinds": (
        "ADVISING",
        "CAREER_COACHING",
        "COACHING",
        "Control",
        "Focus",
        "GoalForm",
        "MENTORING",
        "RelationshipKind",
        "SPONSORING",
        "Side",
        "Strategy",
        "Timeline",
        "Titles",
        "comparison",
        "kind_named",
    ),
    "lifecycle": ("Actor", "Stage"),
    "people": ("Capacity", "Enrollment", "Organization", "Party", "Person", "Role"),
    "relationships": ("Relationship",),
    "sessions": ("Agenda", "Session"),
    "terms": ("Cadence", "Term", "Unit", "Weekday"),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
