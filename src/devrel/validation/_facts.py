"""What a history adds up to for the rules, gathered in one pass over its events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from attrs import define, field

from devrel.goals import Goal
from devrel.kinds import Mode
from devrel.lifecycle import (
    Actor,
    Advocated,
    Amended,
    CounterProposed,
    Event,
    NoteAdded,
    Proposed,
    Reviewed,
    SessionHeld,
    State,
)
from devrel.relationships import Relationship
from devrel.sessions import Audience
from devrel.validation._evidence.aims import directed


@define
class Facts:
    """What happened, as far as rules look at it.

    Attributes:
        held: The sessions that were held, in the order in which they were recorded.
        modes: The mode of each of them, where one was recorded.
        topics: All topics that were touched, as a reader takes them: without capitals, a hyphen between two words.
        topic_words: The words of the topics, and every two that stand side by side.
        with_topics: How many of the sessions have a topic.
        advocated: When the sponsor did something for the beneficiary.
        goals_by: Who put goals, or other goals than before, into the agreement last; None for nobody.
        unaccepted: How many parties have not accepted the version of the agreement that holds.
        shared: The authors of notes that were shared with the people who run the program.
    """

    held: list[SessionHeld] = field(factory=list)
    modes: list[Mode] = field(factory=list)
    topics: set[str] = field(factory=set)
    topic_words: set[str] = field(factory=set)
    with_topics: int = 0
    advocated: list[datetime] = field(factory=list)
    goals_by: Actor | None = None
    shared: list[str] = field(factory=list)
    unaccepted: int = 0


def facts_of(relationship: Relationship) -> Facts:
    """Return the facts of a relationship; one pass, without calls for the events that there are most of."""
    facts = Facts()
    held, modes, shared = facts.held, facts.modes, facts.shared
    topics: set[str] = set()
    program = Audience.PROGRAM
    touched = 0
    for event in relationship.history:
        if isinstance(event, SessionHeld):
            held.append(event)
            if event.mode is not None:
                modes.append(event.mode)
            if event.topics:
                touched += 1
                topics.update(event.topics)
            for note in event.notes:
                if note.audience is program:
                    shared.append(note.author)
        elif type(event) in _RARER:
            _rarer(facts, event)
    facts.with_topics = touched
    facts.topics, facts.topic_words = read_topics(topics)
    facts.unaccepted = unaccepted(relationship.state)
    facts.goals_by = _who_set_goals(relationship)
    return facts


_WORDS = re.compile(r"[^\W_]+")


def read_topics(topics: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return topics without capitals and with a hyphen between two words, and their words, alone and in twos.

    >>> names, words = read_topics(["My Mental_health"])
    >>> sorted(names), sorted(words)
    (['my-mental-health'], ['health', 'mental', 'mental-health', 'my', 'my-mental'])
    """
    read = [_read(topic) for topic in topics]
    return {name for name, _ in read}, {word for _, words in read for word in words}


@lru_cache(maxsize=4_096)
def _read(topic: str) -> tuple[str, tuple[str, ...]]:
    parts = _WORDS.findall(topic.casefold())
    return "-".join(parts), (*parts, *map("-".join, pairwise(parts)))


def unaccepted(state: State) -> int:
    """Return how many parties have not accepted the version of the agreement that holds."""
    version = state.agreement.version
    yes = [given.party for given in state.accepted if given.version == version]
    missing = 0
    for party in state.parties:
        if party.person not in yes:
            missing += 1
    return missing


_PUT = frozenset({Proposed, Amended, CounterProposed})
_RARER = frozenset({Advocated, NoteAdded, Reviewed})


def _rarer(facts: Facts, event: Event) -> None:
    if isinstance(event, Advocated):
        facts.advocated.append(event.at)
        return
    notes = (event.note,) if isinstance(event, NoteAdded) else event.notes if isinstance(event, Reviewed) else ()
    facts.shared.extend(note.author for note in notes if note.audience is Audience.PROGRAM)


def _who_set_goals(relationship: Relationship) -> Actor | None:
    """Return who was the last to put goals, or other goals than before, into the agreement.

    Whole goals are compared, but for readings and for the forms that the recipient brings whoever directs.
    """
    history = relationship.history
    if relationship.state.latest == 1 and relationship.state.agreement.goals:
        return history[0].actor
    who: Actor | None = None
    goals: list[Goal] = []
    for event in history:
        if type(event) in _PUT:
            put = directed(event.agreement.goals)  # type: ignore[attr-defined]
            if put != goals:
                who, goals = event.actor, put
    return who
