"""Takes a person out of histories without breaking them: her ids become a pseudonym, her words are gone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attrs import evolve

from devrel.agreements import Agreement
from devrel.errors import InvalidValue
from devrel.goals import Goal
from devrel.kinds import Side
from devrel.lifecycle import Advocated, CheckedIn, Event, FocusSuggested, Proposed, SessionHeld, State, advance, begin
from devrel.relationships import Relationship, in_order
from devrel.sessions import FollowUp, Note
from devrel.visibility.belongings import LABELS, PEOPLE, mapped, names
from devrel.visibility.membership import ever, with_members

ERASED = "[erased]"
"""What stands where words of an erased person stood."""


def erase(person: str, relationships: Iterable[Relationship], *, pseudonym: str) -> tuple[Relationship, ...]:
    """Return relationships in which ``person`` is ``pseudonym`` and her words are erased; each replays as before.

    Erased are what she wrote herself (notes, follow-ups of hers, reasons in words, opportunities, suggestions), the
    focus areas suggested to her, and her goals. Where she is the only recipient there ever was, goals without an owner
    and the opportunities sought are hers; where only two people ever took part, so are the topics of their sessions.
    What belongs to several stays, the text of the agreement among it, and so do stages, times, counts, readings,
    reasons of a closed list and ratings in stars.

    Words of others stay, and may still name her. So does the relationship's own id, which your store knows it by; ids
    of events and of jobs that contain her id as a whole word get the pseudonym in its place.

    Args:
        person: The id to erase.
        relationships: The relationships to look through; those without her come back as they are.
        pseudonym: The id to put in its place; choose one that tells nothing, the same for all of her relationships.

    Raises:
        InvalidValue: When the pseudonym is blank, her own id, that of somebody else in a relationship of hers, or makes
            two ids of events the same.

    >>> erase("p1", [], pseudonym="x1")
    ()
    """
    if not pseudonym.strip():
        raise InvalidValue("pseudonym", "must not be blank")
    if person == pseudonym:
        raise InvalidValue("pseudonym", "must differ from the person's id")
    return tuple(_erased(one, person, pseudonym) if names(one, person) else one for one in relationships)


def _erased(relationship: Relationship, person: str, pseudonym: str) -> Relationship:
    if names(relationship, pseudonym):
        raise InvalidValue("pseudonym", "is the id of somebody in one of the relationships", "choose another one")
    eraser, rename = _Eraser(relationship, person), _Renamer(person, pseudonym)
    renamed = [mapped(eraser.without_words(event), rename) for event in relationship.history]
    if len({event.id for event in renamed}) != len(renamed):
        raise InvalidValue("pseudonym", "makes the ids of two events the same", "choose another one")
    return Relationship.replay(renamed)


class _Renamer:
    """Puts a pseudonym in the place of a person's id, and nowhere else."""

    def __init__(self, person: str, pseudonym: str) -> None:
        self.person = person
        self.pseudonym = pseudonym
        self.word = re.compile(rf"(?<!\w){re.escape(person)}(?!\w)")

    def __call__(self, record: type, field: str, value: Any) -> Any:
        if field in PEOPLE.get(record, ()):
            return tuple(map(self._renamed, value)) if isinstance(value, tuple) else self._renamed(value)
        label = any(field in fields for kind, fields in LABELS.items() if issubclass(record, kind))
        if label and value is not None:
            return self.word.sub(lambda _: self.pseudonym, value)
        return value

    def _renamed(self, person: str | None) -> str | None:
        return self.pseudonym if person == self.person else person


class _Eraser:
    """Erases the words of one person in one relationship."""

    def __init__(self, relationship: Relationship, person: str) -> None:
        events = in_order(relationship.history)
        people = ever(events)
        self.person = person
        self.pair = len(people) <= 2
        self.only_recipient = {one for one, sides in people.items() if Side.RECIPIENT in sides} == {person}
        self.came = {event.id for event, parties in with_members(events) if person in {one.person for one in parties}}
        self.read = _goals_read(events)
        self.words: dict[str, str] = {}

    def without_words(self, event: Event) -> Event:
        changes: dict[str, Any] = {}
        if event.actor.person == self.person:
            changes |= _written(event)
        if isinstance(event, SessionHeld) and self.pair and event.id in self.came:
            changes["topics"] = ()
        if isinstance(event, FocusSuggested) and event.to == self.person:
            changes["areas"] = (ERASED,)
        if isinstance(event, Advocated) and self.only_recipient:
            changes["opportunity"] = ERASED
        if isinstance(event, CheckedIn) and self._hers(self.read[event.id]):
            changes["key_result"] = self._word(event.key_result)
        agreement = getattr(event, "agreement", None)
        if isinstance(agreement, Agreement):
            changes["agreement"] = evolve(agreement, goals=[self._goal(goal) for goal in agreement.goals])
        erased: Event = mapped(evolve(event, **changes), self._own)
        return erased

    def _own(self, _: type, __: str, value: Any) -> Any:
        """Return a field with the words of her own notes and follow-ups erased."""
        if isinstance(value, tuple):
            return tuple(self._own(_, __, part) for part in value)
        if isinstance(value, Note) and value.author == self.person:
            return evolve(value, text=ERASED)
        if isinstance(value, FollowUp) and value.owner == self.person:
            return evolve(value, text=ERASED)
        return value

    def _hers(self, goal: Goal) -> bool:
        return goal.person == self.person or (goal.person is None and self.only_recipient)

    def _goal(self, goal: Goal) -> Goal:
        if not self._hers(goal):
            return goal
        results = [evolve(one, name=self._word(one.name), unit=self._word(one.unit)) for one in goal.key_results]
        return evolve(goal, text=self._word(goal.text), key_results=results, focus_areas=())

    def _word(self, word: str) -> str:
        """Return what stands for a word: different words stay different, so that readings find their goal again."""
        return self.words.setdefault(word, f"{ERASED} {len(self.words) + 1}")


def _written(event: Event) -> dict[str, Any]:
    """Return what is erased of an event because its actor wrote it."""
    blank = {"note": ERASED, "opportunity": ERASED, "areas": (ERASED,)}
    told = {name: getattr(event, name, None) for name in blank}
    return {name: blank[name] for name, value in told.items() if value and not isinstance(value, Note)}


def _goals_read(events: Iterable[Event]) -> dict[str, Goal]:
    """Return for each reading, by the id of its event, the goal it was a reading of."""
    found: dict[str, Goal] = {}
    state: State | None = None
    for event in events:
        if isinstance(event, CheckedIn) and state is not None:
            found[event.id] = state.agreement.goals[event.goal - 1]
        state = begin(event) if isinstance(event, Proposed) else state and advance(state, event)
    return found
