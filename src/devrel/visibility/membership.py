"""Who was in a relationship when something happened, and who ever was, on which side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from devrel.kinds import Side
from devrel.lifecycle import CounterProposed, Declined, Event, Joined, Left, Proposed
from devrel.people import Party


def with_members(events: Iterable[Event]) -> Iterator[tuple[Event, tuple[Party, ...]]]:
    """Yield events, given in the order in which they happened, each with those who are in it after the event."""
    parties: tuple[Party, ...] = ()
    for event in events:
        parties = _after(event, parties)
        yield event, parties


def _after(event: Event, parties: tuple[Party, ...]) -> tuple[Party, ...]:
    if isinstance(event, Proposed | CounterProposed):
        return event.parties or parties
    if isinstance(event, Joined):
        return (*parties, event.party)
    if isinstance(event, Left):
        return _without(parties, event.person)
    return _without(parties, event.actor.person) if isinstance(event, Declined) else parties


def _without(parties: tuple[Party, ...], person: str | None) -> tuple[Party, ...]:
    return tuple(party for party in parties if party.person != person)


def ever(events: Iterable[Event]) -> dict[str, frozenset[Side]]:
    """Return everybody who was ever in it, with the sides she stood on at the last."""
    return {party.person: frozenset(party.role.sides) for _, parties in with_members(events) for party in parties}
