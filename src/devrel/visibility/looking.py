"""Makes the view of a relationship for one viewer."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from attrs import evolve

from devrel.agreements import Agreement
from devrel.goals import Goal
from devrel.kinds import Item, Side, ViewerRole
from devrel.lifecycle import (
    Advocated,
    ClosingBegun,
    Declined,
    Ended,
    EndedForConduct,
    Event,
    FocusSuggested,
    Left,
    NoteAdded,
    OutcomeKnown,
    Rated,
    Reviewed,
    SessionHeld,
    Stage,
)
from devrel.people import Party
from devrel.relationships import Relationship, in_order
from devrel.sessions import Audience, FollowUp, Note
from devrel.visibility.matrix import Access, accesses, shows
from devrel.visibility.membership import ever
from devrel.visibility.timetable import log, times
from devrel.visibility.view import RelationshipView, SeenAdvocacy, SeenEnd, SeenRating, SeenSession
from devrel.visibility.viewer import Viewer

_E = TypeVar("_E", bound=Event)
_R = TypeVar("_R", Goal, Note, FollowUp)
_PARTIES = (ViewerRole.PROVIDER, ViewerRole.RECIPIENT)
_WHOLE_AGREEMENT = (Item.PARTNER, Item.SCHEDULE, Item.GOALS)


def view_for(
    relationship: Relationship, viewer: Viewer, *, until: date | None = None, holidays: Container[date] = ()
) -> RelationshipView | None:
    """Return what ``viewer`` sees of a relationship; None where she may not even know that it exists.

    What she may not see has no influence on what she gets: changing it changes nothing in the view. The relationship's
    id is shown to everybody who may know that it exists, so choose ids that tell nothing about people.

    Args:
        relationship: The relationship.
        viewer: Who looks, in which capacity.
        until: The last day of the schedule; without it, an open-ended term shows no sessions to come.
        holidays: The days on which nobody meets.

    >>> from datetime import UTC, datetime
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.lifecycle import Actor
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date())
    >>> one = Relationship.propose("r1", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=at)
    >>> sorted(item.name for item in view_for(one, Viewer.manager("boss", of=["n"])).shown)
    ['EXISTENCE', 'SCHEDULE', 'SUGGESTIONS']
    >>> view_for(one, Viewer.public()) is None
    True
    """
    granted = accesses(relationship, viewer)
    if not granted:
        return None
    look = _Look(relationship, viewer, granted)
    return RelationshipView(
        id=relationship.id,
        viewer=viewer.role,
        kind=relationship.kind,
        status=_status(relationship.stage),
        shown=frozenset(granted),
        parties=look.parties(),
        stage=relationship.stage.value if Item.STAGE in granted else None,
        sessions=look.sessions(until, holidays) if Item.SCHEDULE in granted else None,
        held=relationship.state.held if Item.ATTENDANCE in granted else None,
        goals=look.goals() if Item.GOALS in granted else None,
        agreement=look.agreement() if Item.AGREEMENT in granted else None,
        topics=look.topics() if Item.TOPICS in granted else None,
        notes=look.notes() if Item.NOTES in granted else None,
        follow_ups=look.follow_ups() if Item.NOTES in granted else None,
        ratings=look.ratings() if Item.RATINGS in granted else None,
        ends=look.ends() if Item.END_REASON in granted else None,
        advocacies=look.advocacies() if Item.ADVOCACY in granted else None,
        suggestions=look.suggestions() if Item.SUGGESTIONS in granted else None,
    )


def _status(stage: Stage) -> str:
    """Return what everybody may know who knows that a relationship exists; how it ended is not told apart."""
    if stage.final:
        return "over"
    return "proposed" if stage in {Stage.PROPOSED, Stage.AGREEING} else "current"


class _Look:
    """One viewer's look at one relationship."""

    def __init__(self, relationship: Relationship, viewer: Viewer, granted: Mapping[Item, Access]) -> None:
        self.relationship = relationship
        self.viewer = viewer
        self.granted = granted
        self.party = viewer.role in _PARTIES

    @cached_property
    def events(self) -> list[Event]:
        return in_order(self.relationship.history)

    @cached_property
    def former(self) -> Mapping[str, frozenset[Side]]:
        """Everybody who is in it or was, with her sides."""
        return ever(self.events)

    def sides(self, person: str) -> Iterable[Side]:
        """Return the sides somebody stands on, or stood on before she left."""
        for party in self.relationship.parties:
            if party.person == person:
                return party.role.sides
        return self.former.get(person, ())

    def sees(self, owner: str | None, item: Item) -> bool:
        """Whether the viewer sees what is ``owner``'s of an item; what has no owner belongs to all."""
        if self.granted.get(item) is Access.YES:
            return True
        if owner is None:
            return False
        return self.mine(owner) or shows(self.relationship, owner, item, self.viewer)

    def mine(self, person: str) -> bool:
        """Whether the viewer is this person, looking as a party."""
        return self.party and self.viewer.person == person

    def own(self, person: str) -> bool:
        """Whether somebody is the viewer as a party, or a recipient whose manager the viewer is."""
        if self.viewer.role is ViewerRole.MANAGER:
            return person in self.viewer.manages and Side.RECIPIENT in self.sides(person)
        return self.mine(person)

    def strange(self, person: str) -> bool:
        """Whether somebody is no business of the viewer: to a manager, the recipients who do not report to her."""
        if self.viewer.role is not ViewerRole.MANAGER or self.own(person):
            return False
        return Side.PROVIDER not in self.sides(person)

    def named(self, people: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of those she may know of, and the title of the side for others, each once.

        Titles come in an order of their own: that of the people would tell which of them it was.
        """
        known = [person for person in people if not self.strange(person)]
        if Item.PARTNER not in self.granted:
            known.sort(key=self._order)
        return tuple(dict.fromkeys(self.name(person) for person in known))

    def _order(self, person: str) -> tuple[bool, bool, str]:
        own = self.own(person)
        return Side.PROVIDER not in self.sides(person), not own, person if own else ""

    def name(self, person: str) -> str:
        """Return the id of somebody she may know of; the title of the side for anybody else."""
        if self.own(person) or (Item.PARTNER in self.granted and not self.strange(person)):
            return person
        side = Side.PROVIDER if Side.PROVIDER in self.sides(person) else Side.RECIPIENT
        return f"the {self.relationship.kind.titles.of(side)}"

    def parties(self) -> tuple[Party, ...]:
        listed = self.relationship.parties
        if Item.PARTNER in self.granted:
            return tuple(party for party in listed if not self.strange(party.person))
        return tuple(sorted((party for party in listed if self.own(party.person)), key=lambda party: party.person))

    def sessions(self, until: date | None, holidays: Container[date]) -> tuple[SeenSession, ...]:
        if Item.ATTENDANCE in self.granted:
            return log(self.relationship, self.events, self.named, until=until, holidays=holidays)
        return times(self.relationship, self.relationship.history, until=until, holidays=holidays)

    def goals(self) -> tuple[Goal, ...]:
        listed = (goal for goal in self.relationship.agreement.goals if self._goal(goal.person))
        return tuple(self._renamed(goal, "person", goal.person) for goal in listed)

    def _goal(self, owner: str | None) -> bool:
        return self.sees(owner, Item.GOALS) and (owner is None or not self.strange(owner))

    def agreement(self) -> str:
        """Return the text of the agreement; where parts are hidden, neither its version nor who accepted it and when.

        Both would tell that something changed in the hidden parts.
        """
        state, shown = self.relationship.state, set(self.granted)
        whole = self.viewer.role is not ViewerRole.MANAGER and all(
            self.granted.get(item) is Access.YES for item in _WHOLE_AGREEMENT
        )
        told = self._agreement_without_names(self.goals() if Item.GOALS in shown else ())
        if whole:
            return told.to_markdown(state.kind, self.parties(), acceptances=state.accepted, shown=shown)
        text = told.to_markdown(state.kind, self.parties(), shown=shown - {Item.PARTNER})
        head, _, rest = text.partition("\n")
        return f"{head.rpartition(', ')[0]}, in part\n{rest}"

    def _agreement_without_names(self, goals: tuple[Goal, ...]) -> Agreement:
        """Return the agreement with the goals shown; third parties are named to those who know the partners."""
        agreement = self.relationship.agreement
        if Item.PARTNER in self.granted:
            return agreement if goals == agreement.goals else evolve(agreement, goals=goals)
        hers = self.viewer.person if self.viewer.role is ViewerRole.THIRD_PARTY else None
        others = [one if one.id == hers else evolve(one, id="somebody") for one in agreement.third_parties]
        return evolve(agreement, goals=goals, third_parties=others)

    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({topic for event in self._of(SessionHeld) for topic in event.topics}))

    def notes(self) -> tuple[Note, ...]:
        read = (note for note in _notes(self.events) if self._reads(note))
        return tuple(self._renamed(note, "author", note.author) for note in read)

    def _reads(self, note: Note) -> bool:
        if note.audience is not Audience.AUTHOR and self.party:
            return True
        if note.audience is Audience.PROGRAM and self.viewer.role is ViewerRole.ADMIN:
            return True
        return self.sees(note.author, Item.NOTES)

    def follow_ups(self) -> tuple[FollowUp, ...]:
        listed = [one for event in self._of(SessionHeld) for one in event.follow_ups]
        read = (one for one in listed if self.party or self.sees(one.owner, Item.NOTES))
        return tuple(self._renamed(one, "owner", one.owner) for one in read)

    def _renamed(self, record: _R, field: str, person: str | None) -> _R:
        """Return a record with the person in a field as the viewer knows her; the same one where that is her id."""
        changes: dict[str, Any] = {field: person and self.name(person)}
        return record if changes[field] == person else evolve(record, **changes)

    def ratings(self) -> tuple[SeenRating, ...]:
        return tuple(
            SeenRating(self.name(str(event.actor.person)), event.stars, event.note)
            for event in self._of(Rated)
            if self.sees(event.actor.person, Item.RATINGS)
        )

    def ends(self) -> tuple[SeenEnd, ...]:
        return tuple(
            evolve(told, by=self._actor(event))
            for event in self.events
            if (told := _end(event)) is not None and self.sees(event.actor.person, Item.END_REASON)
        )

    def _actor(self, event: Event) -> str:
        """Return who acted: a party as the viewer knows her, an office by its name."""
        person = str(event.actor.person)
        return self.name(person) if self.sides(person) else event.actor.role.value

    def advocacies(self) -> tuple[SeenAdvocacy, ...]:
        outcomes = {event.advocacy: event.outcome for event in self._of(OutcomeKnown)}
        return tuple(
            SeenAdvocacy(event.opportunity, event.act.value, outcomes.get(event.id, event.outcome).value)
            for event in self._of(Advocated)
        )

    def suggestions(self) -> tuple[str, ...]:
        found = (event for event in self._of(FocusSuggested) if self._suggested(event))
        return tuple(dict.fromkeys(area for event in found for area in event.areas))

    def _suggested(self, event: FocusSuggested) -> bool:
        """Whether a suggestion was made to the viewer, or by her to somebody who still reports to her."""
        if self.viewer.role is ViewerRole.MANAGER and event.actor.person == self.viewer.person:
            return self.own(event.to)
        return self.sees(event.to, Item.SUGGESTIONS)

    def _of(self, kind: type[_E]) -> list[_E]:
        return [event for event in self.events if isinstance(event, kind)]


def _notes(events: Iterable[Event]) -> list[Note]:
    found: list[Note] = []
    for event in events:
        if isinstance(event, SessionHeld | Reviewed):
            found += event.notes
        elif isinstance(event, NoteAdded):
            found.append(event.note)
    return found


def _end(event: Event) -> SeenEnd | None:
    """Return the reason that an event gives for an end, whose it is aside; None where it gives none."""
    if isinstance(event, Declined | Ended | Left):
        return SeenEnd(_ENDS[type(event)], "", event.reason.value, event.note)
    if isinstance(event, EndedForConduct):
        return SeenEnd("ended", "", "conduct", event.note)
    if isinstance(event, ClosingBegun) and event.reason is not None:
        return SeenEnd("gave notice", "", event.reason.value, "")
    return None


_ENDS = {Declined: "declined", Ended: "ended", Left: "left"}
