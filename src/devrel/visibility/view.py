"""What one viewer gets to see of a relationship: a record of its own, without anything she may not see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from devrel.goals import Goal
from devrel.kinds import Item, RelationshipKind, ViewerRole
from devrel.people import Party
from devrel.sessions import FollowUp, Note
from devrel.terms import known_zone


@frozen
class SeenSession:
    """A session as a viewer sees it.

    Attributes:
        start: When it begins, aware of its zone.
        minutes: How long it takes; where attendance is shown and it was held, how long it took.
        number: Its number in the plan; None for one that nobody had planned.
        status: What became of it, in words; None where attendance is hidden.
        attended: Who came; empty where attendance is hidden or it was not held.
        absent: Who did not come to a session that was missed, where that is told.
        meeting: How they met, in words, where attendance is shown and it was held.
    """

    start: datetime
    minutes: int
    number: int | None = None
    status: str | None = None
    attended: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    meeting: str | None = None

    def in_zone(self, zone: str) -> SeenSession:
        """Return the session with its start by the clock of ``zone``; an unknown zone is refused."""
        known_zone(zone)
        return evolve(self, start=self.start.astimezone(ZoneInfo(zone)))

    @property
    def end(self) -> datetime:
        """When it ends."""
        return (self.start.astimezone(UTC) + timedelta(minutes=self.minutes)).astimezone(self.start.tzinfo)


@frozen
class SeenAdvocacy:
    """An advocacy as a viewer sees it.

    Attributes:
        opportunity: For which opportunity.
        act: What the sponsor did.
        outcome: What came of it.
    """

    opportunity: str = field(repr=False)
    act: str
    outcome: str


@frozen
class SeenRating:
    """A rating as a viewer sees it.

    Attributes:
        by: The id of the party who gave it.
        stars: From 1 to 5.
        note: In words.
    """

    by: str
    stars: int
    note: str = field(repr=False)


@frozen
class SeenEnd:
    """One reason for an end as a viewer sees it: of the relationship, of somebody's part in it, or of a notice.

    Attributes:
        what: ``declined``, ``left``, ``gave notice`` or ``ended``.
        by: The id of the party who did it, or in which capacity somebody else did.
        reason: Why, in words of the closed list.
        note: In words of her own.
    """

    what: str
    by: str
    reason: str = field(repr=False)
    note: str = field(repr=False)


@frozen(repr=False)
class RelationshipView:
    """What one viewer sees of a relationship at one moment. It cannot be changed, applied to, or stored as one.

    What she may not see is None, which is not the same as an empty list. Neither its repr nor its str says anything
    private: words come with ``to_dict``, ``to_json``, ``to_markdown`` and the display of a notebook.

    Attributes:
        id: The relationship's id.
        viewer: In which capacity she looks.
        kind: The kind.
        status: ``proposed``, ``current`` or ``over``.
        shown: The items of which she sees something.
        parties: Those she may know of, herself included.
        stage: Where it stands.
        sessions: When it meets.
        held: How many sessions were held.
        goals: The goals, with their readings.
        agreement: The text of the agreement that holds, in Markdown, without the parts that are hidden.
        topics: The topics of the sessions, each once.
        notes: The notes she may read.
        follow_ups: What is to be done after sessions; they go with the notes.
        ratings: The ratings she may see.
        ends: The reasons she may know, of the end, of leaving, of a notice; oldest first.
        advocacies: What the sponsor did.
        suggestions: The focus areas that a manager suggested.
    """

    id: str
    viewer: ViewerRole
    kind: RelationshipKind
    status: str
    shown: frozenset[Item]
    parties: tuple[Party, ...]
    stage: str | None = None
    sessions: tuple[SeenSession, ...] | None = None
    held: int | None = None
    goals: tuple[Goal, ...] | None = None
    agreement: str | None = None
    topics: tuple[str, ...] | None = None
    notes: tuple[Note, ...] | None = None
    follow_ups: tuple[FollowUp, ...] | None = None
    ratings: tuple[SeenRating, ...] | None = None
    ends: tuple[SeenEnd, ...] | None = None
    advocacies: tuple[SeenAdvocacy, ...] | None = None
    suggestions: tuple[str, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the view as plain data, without what is hidden."""
        from devrel.visibility.rendering import as_dict

        return as_dict(self)

    def to_json(self) -> str:
        """Return the view as a JSON document of the type ``devrel.view``, which no reader of relationships takes."""
        return json.dumps({"type": "devrel.view", **self.to_dict()}, ensure_ascii=False, indent=2)

    def to_markdown(self, names: Mapping[str, str] | None = None) -> str:
        """Return the view as Markdown, with names for ids where they are given; people's words are taken literally."""
        from devrel.visibility.rendering import as_markdown

        return as_markdown(self, names or {})

    def __str__(self) -> str:
        """Return what it is, in a line that a log may keep: nothing private."""
        return f"{self.kind.name} {self.id}, {self.status}, as seen by: {self.viewer.value}"

    def __repr__(self) -> str:
        """Return whose view it is of what; nothing private."""
        return f"<RelationshipView of {self.id} for {self.viewer.value}: {self.kind.name}, {self.status}>"

    def _repr_html_(self) -> str:
        from devrel.visibility.rendering import as_html

        return as_html(self)
