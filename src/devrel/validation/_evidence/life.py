"""What is known of a relationship on a day, and the shape of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from typing import TypeVar

from attrs import field, frozen

from devrel.goals import Goal
from devrel.kinds import Item, RelationshipKind
from devrel.lifecycle import Advocated, CheckedIn, Event, State
from devrel.people import Organization
from devrel.relationships import Relationship, folded, in_order

ENOUGH = 3
"""From how many times on something counts as a habit; it takes as many meetings before their absence, or the absence of
advocacies, says something."""

FOR, SILENT, AGAINST = 1, 0, -1
REPORTS = frozenset({Item.ATTENDANCE, Item.GOALS, Item.TOPICS, Item.ADVOCACY})
"""What tells of progress, and not only that two people meet and when (management-mentors)."""

Judge = Callable[[RelationshipKind], int]
E = TypeVar("E", bound=Event)
M = TypeVar("M", bound=Enum)


class Facet(Enum):
    """What of a kind can be compared with what happened."""

    FOCUS = "focus"
    CONTROL = "control"
    TIMELINE = "timeline"
    SESSIONS = "sessions"
    STRATEGY = "strategy"
    CONFIDENTIALITY = "confidentiality"
    COMPOSITION = "composition"
    PAIRING = "pairing"


@frozen
class Evidence:
    """What happened in one facet.

    Attributes:
        facet: The facet.
        text: What happened, in numbers and closed words.
        judge: Says of a kind whether this speaks for it (1), against it (-1), or neither (0).
    """

    facet: Facet
    text: str
    judge: Judge = field(repr=False, eq=False)


@frozen
class Life:
    """What is known of a relationship on a day.

    Attributes:
        state: What its events add up to.
        events: The events until then, in the order in which they happened.
        people: The directory, or None.
    """

    state: State
    events: tuple[Event, ...]
    people: Organization | None

    @property
    def kind(self) -> RelationshipKind:
        """What it is called."""
        return self.state.kind

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals that hold."""
        return self.state.agreement.goals

    def all(self, kind: type[E]) -> list[E]:
        """Return the events of one type."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def signs(self) -> int:
        """How often something was done together or written down since the start."""
        return self.state.held + len(self.all(Advocated)) + len(self.all(CheckedIn))


def life(relationship: Relationship, today: date, people: Organization | None) -> Life | None:
    """Return what is known on a day; None where nothing was proposed by then."""
    events = tuple(event for event in in_order(relationship.history) if event.at.date() <= today)
    if not events:
        return None
    whole = len(events) == len(relationship.history)
    return Life(relationship.state if whole else folded(events), events, people)


def most(part: int, whole: int) -> bool:
    """Whether a part is more than half."""
    return 2 * part > whole


def counted(members: Iterable[M], words: Callable[[M], str] = lambda member: str(member.value)) -> str:
    """Return how many there are of each member, most first.

    >>> counted([Facet.FOCUS, Facet.CONTROL, Facet.CONTROL])
    '2 × control, 1 × focus'
    """
    counts = Counter(map(words, members))
    return ", ".join(f"{counts[word]} × {word}" for word in sorted(counts, key=lambda word: (-counts[word], word)))
