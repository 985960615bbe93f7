"""Whose is what in an event: where the ids of people stand, and which words belong to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
from attrs import evolve

from devrel.agreements import ThirdParty
from devrel.goals import Goal
from devrel.kinds import RelationshipKind
from devrel.lifecycle import Actor, Event, FocusSuggested, Left, OutcomeKnown, SessionHeld, SessionMissed
from devrel.people import Party
from devrel.relationships import Relationship
from devrel.sessions import FollowUp, Note

PEOPLE: Mapping[type, tuple[str, ...]] = {
    Actor: ("person",),
    FocusSuggested: ("to",),
    FollowUp: ("owner",),
    Goal: ("person",),
    Left: ("person",),
    Note: ("author",),
    Party: ("person",),
    SessionHeld: ("attended",),
    SessionMissed: ("absent",),
    ThirdParty: ("id",),
}
"""The fields that hold the ids of people. The same letters elsewhere are somebody's words and name nobody."""

LABELS: Mapping[type, tuple[str, ...]] = {Event: ("id", "correlation"), OutcomeKnown: ("advocacy",)}
"""The fields that hold ids of events and jobs, into which a platform may have put the ids of people."""

Change = Callable[[type, str, Any], Any]


def mapped(value: Any, change: Change) -> Any:
    """Return a record, tuple or set with ``change`` applied to each field of each record in it.

    ``change`` gets the type of the record, the name of the field and its value. What is equal afterwards stays the same
    object.
    """
    if isinstance(value, tuple | frozenset):
        parts = [mapped(part, change) for part in value]
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else type(value)(parts)
    if isinstance(value, RelationshipKind) or not attrs.has(type(value)):
        return value
    changed = {}
    for one in attrs.fields(type(value)):
        old = getattr(value, one.name)
        new = mapped(change(type(value), one.name, old), change)
        if new is not old and new != old:
            changed[one.name] = new
    return evolve(value, **changed) if changed else value


def names(value: Any, person: str) -> bool:
    """Whether an id stands somewhere in a record, as the id of a person."""
    if isinstance(value, Relationship):
        return any(names(event, person) for event in value.history)
    found = False

    def look(record: type, field: str, inside: Any) -> Any:
        nonlocal found
        found = found or (field in PEOPLE.get(record, ()) and person in listed(inside))
        return inside

    mapped(value, look)
    return found


def listed(value: Any) -> tuple[Any, ...]:
    """Return the ids in a field that holds one or several."""
    return value if isinstance(value, tuple) else (value,)
