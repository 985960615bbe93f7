"""The kinds of development relationship and their facets.

A kind is a value, never a class. Its facets are the rows of the comparison table (utah-ucan) and drive behaviour:
the titles appear in every message, the focus says what a goal must look like, the control who owns goals and
agenda, the timeline which terms fit, the strategy what a session's agenda is made of.
"""

from __future__ import annotations

from devrel.kinds.brought import kind_named
from devrel.kinds.catalog import (
    ADVISING,
    BASE_KINDS,
    CAREER_COACHING,
    COACHING,
    EXECUTIVE_COACHING,
    FLASH_MENTORING,
    GROUP_COACHING,
    GROUP_MENTORING,
    KINDS,
    MANAGER_COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    PEER_COACHING,
    REVERSE_MENTORING,
    SPONSORING,
    SUCCESSION,
    TEAM_COACHING,
)
from devrel.kinds.comparison import Comparison, comparison
from devrel.kinds.facets import (
    Clause,
    Composition,
    Control,
    Focus,
    GoalForm,
    Horizon,
    Measure,
    Mode,
    School,
    Side,
    Strategy,
    Timeline,
    Titles,
    Verdict,
)
from devrel.kinds.items import PERSONAL, Item, ViewerRole
from devrel.kinds.kind import KindRegistry, RelationshipKind

__all__ = [
    "ADVISING",
    "BASE_KINDS",
    "CAREER_COACHING",
    "COACHING",
    "EXECUTIVE_COACHING",
    "FLASH_MENTORING",
    "GROUP_COACHING",
    "GROUP_MENTORING",
    "KINDS",
    "MANAGER_COACHING",
    "MENTORING",
    "MUTUAL_MENTORING",
    "PEER_COACHING",
    "PERSONAL",
    "REVERSE_MENTORING",
    "SPONSORING",
    "SUCCESSION",
    "TEAM_COACHING",
    "Clause",
    "Comparison",
    "Composition",
    "Control",
    "Focus",
    "GoalForm",
    "Horizon",
    "Item",
    "KindRegistry",
    "Measure",
    "Mode",
    "RelationshipKind",
    "School",
    "Side",
    "Strategy",
    "Timeline",
    "Titles",
    "Verdict",
    "ViewerRole",
    "comparison",
    "kind_named",
]
