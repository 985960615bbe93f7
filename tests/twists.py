"""Twists: for each item of a relationship, other histories that differ in nothing but that item.

Each says which items it touches. Whoever sees none of these must get the same, letter for letter, before and after.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import attrs
from attrs import evolve, frozen

from devrel.errors import DevrelError
from devrel.formats.json import dumps_relationships, loads_relationships
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import GoalForm, Item, RelationshipKind, Side
from devrel.lifecycle import (
    Accepted,
    Actor,
    Advocated,
    Amended,
    CheckedIn,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Declined,
    DeclineReason,
    Ended,
    EndedForConduct,
    EndReason,
    Event,
    Expired,
    FocusSuggested,
    Invalidated,
    Left,
    NoteAdded,
    OutcomeKnown,
    Paused,
    Proposed,
    Rated,
    Resumed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    SessionMoved,
    Stage,
    Withdrawn,
)
from devrel.people import Party, Role
from devrel.relationships import Relationship
from devrel.sessions import AdvocacyAct, Audience, FollowUp, Note, Outcome
from devrel.testing.strategies import acting
from devrel.visibility import Viewer

Change = Callable[[Any], Any]


@frozen
class Twist:
    """A change of a relationship, and the items it touches; ``make`` returns None where there is nothing to change."""

    name: str
    touches: frozenset[Item]
    make: Callable[[Relationship, Viewer], Relationship | None]


TWISTS: list[Twist] = []


def twist(*touches: Item) -> Callable[[Callable[..., Iterable[Event]]], Callable[..., Iterable[Event]]]:
    """Keep a function that makes another history of a relationship (for a viewer) as a twist."""

    def keep(make: Callable[..., Iterable[Event]]) -> Callable[..., Iterable[Event]]:
        def made(one: Relationship, viewer: Viewer) -> Relationship | None:
            try:
                twisted = Relationship.replay(make(one, viewer))
            except DevrelError:  # the history would not be one
                return None
            return None if twisted == one else twisted

        TWISTS.append(Twist(make.__name__, frozenset(touches), made))
        return make

    return keep


def everywhere(value: Any, change: Change) -> Any:
    """Return a record with ``change`` applied to every record in it, the innermost first."""
    if isinstance(value, tuple):
        return tuple(everywhere(part, change) for part in value)
    if isinstance(value, RelationshipKind) or not attrs.has(type(value)):
        return value
    old = {one.name: getattr(value, one.name) for one in attrs.fields(type(value))}
    new = {name: everywhere(part, change) for name, part in old.items()}
    return change(evolve(value, **{name: part for name, part in new.items() if part is not old[name]}))


def each(one: Relationship, of: type | tuple[type, ...], change: Change) -> list[Event]:
    """Return the history with every record of some types changed; an event that becomes None is gone."""
    changed = (everywhere(event, lambda part: change(part) if isinstance(part, of) else part) for event in one.history)
    return [event for event in changed if event is not None]


def then(one: Relationship, *events: Callable[[str, Any], Event | None]) -> list[Event]:
    """Return the history with events after it that the table of moves allows."""
    at = one.state.last
    for number, make in enumerate(events):
        event = make(f"twist{number}", at)
        one = one if event is None else one.apply(event)
    return list(one.history)


def proposal(one: Relationship) -> Proposed:
    first = one.history[0]
    assert isinstance(first, Proposed)
    return first


def put_differently(one: Relationship, **changes: Any) -> list[Event]:
    """Return the history with a proposal that says something else."""
    return [evolve(proposal(one), **changes), *one.history[1:]]


def any_party(one: Relationship) -> Party:
    return one.parties[0]


def other(text: str) -> str:
    return f"{text} twisted"


@twist(Item.NOTES)
def other_words_in_notes(one: Relationship, _: Viewer) -> list[Event]:
    changed = each(one, Note, lambda note: evolve(note, text=other(note.text)))
    return each(
        Relationship.replay(changed), FollowUp, lambda it: evolve(it, text=other(it.text), due=one.history[0].at.date())
    )


@twist(Item.NOTES)
def no_notes(one: Relationship, _: Viewer) -> list[Event]:
    bare = each(one, NoteAdded, lambda _: None)
    return each(Relationship.replay(bare), SessionHeld, lambda held: evolve(held, notes=(), follow_ups=()))


@twist(Item.NOTES)
def more_notes(one: Relationship, _: Viewer) -> list[Event]:
    party = acting(any_party(one))
    add = [
        lambda id_, at, audience=audience: NoteAdded(id_, party, at, Note(str(party.person), "another", audience))
        for audience in Audience
    ]
    return then(one, *add)


@twist(Item.RATINGS)
def other_stars(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, Rated, lambda rated: evolve(rated, stars=6 - rated.stars, note=other(rated.note)))


@twist(Item.RATINGS)
def no_ratings(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, Rated, lambda _: None)


@twist(Item.RATINGS)
def one_rating_more(one: Relationship, _: Viewer) -> list[Event]:
    return then(one, lambda id_, at: Rated(id_, acting(any_party(one)), at, 1, "another"))


@twist(Item.TOPICS)
def other_topics(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, SessionHeld, lambda held: evolve(held, topics=("another topic", *map(other, held.topics))))


@twist(Item.TOPICS)
def no_topics(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, SessionHeld, lambda held: evolve(held, topics=()))


@twist(Item.GOALS)
def other_goals(one: Relationship, _: Viewer) -> list[Event]:
    def renamed(it: Any) -> Any:
        if isinstance(it, KeyResult):
            return evolve(it, name=other(it.name), unit=other(it.unit), baseline=it.baseline + 1, target=it.target + 1)
        if isinstance(it, CheckedIn):
            return evolve(it, key_result=other(it.key_result))
        return evolve(it, text=other(it.text), focus_areas=("another area",))

    return each(one, (Goal, KeyResult, CheckedIn), renamed)


@twist(Item.GOALS)
def more_goals(one: Relationship, _: Viewer) -> list[Event]:
    form = one.kind.focus.needs or GoalForm.THEME
    owner = one.people(Side.RECIPIENT)[0] if one.kind.focus.shared is False else None
    horizon = min(one.kind.focus.horizons, key=lambda it: it.value)
    more = Goal("one more goal", form, person=owner, horizon=horizon)
    return each(one, type(one.agreement), lambda it: evolve(it, goals=(*it.goals, more)))


@twist(Item.GOALS)
def other_readings(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, CheckIn, lambda it: evolve(it, value=it.value + 1))


@twist(Item.GOALS)
def no_readings(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, CheckedIn, lambda _: None)


@twist(Item.GOALS)
def goals_amended(one: Relationship, _: Viewer) -> list[Event]:
    form = one.kind.focus.needs or GoalForm.THEME
    goals = tuple(evolve(it, text=other(it.text)) for it in one.agreement.goals)
    return _amended(one, goals=goals or (Goal("a new goal", form),))


@twist(Item.AGREEMENT)
def other_clauses(one: Relationship, _: Viewer) -> list[Event]:
    def reworded(it: Any) -> Any:
        more = {name: other(getattr(it, name)) for name in ("purpose", "ethics", "not_therapy", "scope", "benefit")}
        return evolve(it, **more, extra=("another term",), recipient_commits=("another promise",), hopes=())

    return each(one, type(one.agreement), reworded)


@twist(Item.AGREEMENT)
def a_clause_amended(one: Relationship, _: Viewer) -> list[Event]:
    return _amended(one, extra=("agreed later",))


@twist(Item.AGREEMENT)
def an_amendment_open(one: Relationship, _: Viewer) -> list[Event]:
    return _amended(one, accept=False, extra=("agreed later",), minutes=7)


def _amended(one: Relationship, *, accept: bool = True, **changes: Any) -> list[Event]:
    """Return the history with a new version of the agreement put to all, and accepted by all."""
    if one.stage not in {Stage.ACTIVE, Stage.PAUSED}:
        return list(one.history)
    latest = one.state.latest
    put = evolve(one.agreement, version=latest + 1, **changes)
    director = next(it for it in one.parties if one.kind.control.side in it.role.sides)
    actor = acting(director) if one.kind.control.side is Side.PROVIDER else Actor.recipient(director.person)
    accepted = [
        lambda id_, at, party=party: Accepted(id_, acting(party), at, latest + 1) for party in one.parties if accept
    ]
    return then(one, lambda id_, at: Amended(id_, actor, at, put), *accepted)


@twist(Item.PARTNER)
def other_people(one: Relationship, viewer: Viewer) -> list[Event]:
    """Give everybody but the viewer, and those who report to her, another id."""
    ids = {party.person for event in one.history for party in getattr(event, "parties", None) or ()}
    ids |= {event.party.person for event in one.history if hasattr(event, "party")}
    ids |= {str(event.actor.person) for event in one.history if event.actor.person is not None}
    ids |= {it.id for event in one.history if hasattr(event, "agreement") for it in event.agreement.third_parties}
    text = dumps_relationships([one])
    for person in ids - {viewer.person} - viewer.manages:
        text = text.replace(json.dumps(person, ensure_ascii=False), f'"other {len(person)}{person[::-1]}"')
    return list(loads_relationships(text)[0].history)


@twist(Item.PARTNER)
def one_recipient_more(one: Relationship, _: Viewer) -> list[Event]:
    """Put one more recipient into a group from the first, who accepts what all accept."""
    if not one.state.group or one.kind.focus.shared is False or one.state.consents:
        return list(one.history)
    last = {event.version: event for event in one.history if isinstance(event, Accepted)}
    history = put_differently(one, parties=(*proposal(one).parties, Party("one more", Role.RECIPIENT)))
    for version, event in last.items():
        yes = Accepted(f"more{version}", Actor.recipient("one more"), event.at, version)
        history.insert(history.index(event), yes)
    return history


@twist(Item.PARTNER)
def people_in_another_order(one: Relationship, _: Viewer) -> list[Event]:
    return put_differently(one, parties=proposal(one).parties[::-1])


@twist(Item.STAGE)
def closing(one: Relationship, _: Viewer) -> list[Event]:
    if one.stage is not Stage.ACTIVE:
        return list(one.history)
    return then(one, lambda id_, at: ClosingBegun(id_, Actor.system(), at))


@twist(Item.STAGE)
def withdrawn_or_invalidated(one: Relationship, _: Viewer) -> list[Event]:
    *before, last = one.history
    if not isinstance(last, Withdrawn | Expired | Invalidated):
        return list(one.history)
    ended = Withdrawn if isinstance(last, Invalidated) else Invalidated
    return [*before, ended(last.id, Actor.system(), last.at)]


@twist(Item.STAGE, Item.END_REASON)
def ended_for_another_cause(one: Relationship, _: Viewer) -> list[Event]:
    def ended(event: Any) -> Event:
        if isinstance(event, EndedForConduct):
            return Ended(event.id, Actor.admin(), event.at)
        return EndedForConduct(event.id, Actor.admin(), event.at)

    return each(one, (Ended, EndedForConduct, Completed, CompletedEarly), ended)


@twist(Item.STAGE, Item.AGREEMENT)
def one_yes_more(one: Relationship, _: Viewer) -> list[Event]:
    if len(one.state.open_parties) < 2:
        return list(one.history)
    party = next(it for it in one.parties if it.person in one.state.open_parties)
    return then(one, lambda id_, at: Accepted(id_, acting(party), at, one.state.put.version))


@twist(Item.SCHEDULE)
def other_times(one: Relationship, _: Viewer) -> list[Event]:
    def moved(it: Any) -> Any:
        hour = (it.cadence.at.hour + 3) % 24
        return evolve(it, minutes=it.minutes + 5, cadence=evolve(it.cadence, at=it.cadence.at.replace(hour=hour)))

    return each(one, type(one.agreement), moved)


@twist(Item.SCHEDULE)
def moved_to_other_times(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, SessionMoved, lambda it: evolve(it, to=it.to + timedelta(hours=2)))


@twist(Item.SCHEDULE)
def one_session_moved(one: Relationship, _: Viewer) -> list[Event]:
    at = one.state.last
    coming = [it for it in one.planned_sessions(until=(at + timedelta(days=300)).date()) if it.start > at]
    if not coming:
        return list(one.history)
    actor = acting(any_party(one))
    return then(one, lambda id_, at: SessionMoved(id_, actor, at, coming[0].number, at + timedelta(days=1)))


@twist(Item.SCHEDULE)
def nothing_called_off(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, SessionCancelled, lambda _: None)


@twist(Item.SCHEDULE, Item.STAGE)
def no_pauses(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, (Paused, Resumed), lambda _: None)


@twist(Item.ATTENDANCE)
def others_came(one: Relationship, _: Viewer) -> list[Event]:
    people = [party.person for party in one.parties]
    return each(
        one,
        SessionHeld,
        lambda held: evolve(
            held, attended=() if held.attended else tuple(people[-1:]), minutes=(held.minutes or 30) + 1
        ),
    )


@twist(Item.ATTENDANCE)
def missed_instead(one: Relationship, _: Viewer) -> list[Event]:
    def missed(held: Any) -> Event:
        plain = held.number is not None and not (held.topics or held.notes or held.follow_ups)
        return SessionMissed(held.id, held.actor, held.at, held.number) if plain else held

    return each(one, SessionHeld, missed)


@twist(Item.ATTENDANCE)
def others_missed(one: Relationship, _: Viewer) -> list[Event]:
    people = tuple(party.person for party in one.parties)
    return each(one, SessionMissed, lambda it: evolve(it, absent=people[:1] if it.absent != people[:1] else ()))


@twist(Item.ATTENDANCE)
def one_session_more(one: Relationship, _: Viewer) -> list[Event]:
    if one.agreement.term.single or one.state.finished:
        return list(one.history)
    return then(one, lambda id_, at: SessionHeld(id_, acting(any_party(one)), at))


@twist(Item.END_REASON)
def other_reasons(one: Relationship, _: Viewer) -> list[Event]:
    def reworded(event: Any) -> Any:
        told: dict[str, Any] = {} if isinstance(event, ClosingBegun) else {"note": other(event.note)}
        if not isinstance(event, EndedForConduct):
            reasons = DeclineReason if isinstance(event, Declined) else EndReason
            told["reason"] = reasons.NO_TIME if event.reason is not reasons.NO_TIME else reasons.OTHER
        return evolve(event, **told)

    return each(one, (Declined, Left, Ended, EndedForConduct, ClosingBegun), reworded)


@twist(Item.ADVOCACY)
def other_advocacies(one: Relationship, _: Viewer) -> list[Event]:
    def reworded(it: Any) -> Any:
        act = AdvocacyAct.NOMINATED if it.act is not AdvocacyAct.NOMINATED else AdvocacyAct.INTRODUCED
        return evolve(it, opportunity=other(it.opportunity), act=act)

    return each(one, Advocated, reworded)


@twist(Item.ADVOCACY)
def other_outcomes(one: Relationship, _: Viewer) -> list[Event]:
    return each(
        one,
        OutcomeKnown,
        lambda it: evolve(it, outcome=Outcome.LOST if it.outcome is Outcome.WON else Outcome.WON),
    )


@twist(Item.ADVOCACY)
def one_advocacy_more(one: Relationship, _: Viewer) -> list[Event]:
    if one.agreement.term.single or one.state.finished:
        return list(one.history)
    sponsor = Actor.provider(one.people(Side.PROVIDER)[0])
    return then(one, lambda id_, at: Advocated(id_, sponsor, at, "another chance", AdvocacyAct.SPOKE_UP))


@twist(Item.SUGGESTIONS)
def other_suggestions(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, FocusSuggested, lambda it: evolve(it, areas=("another area",)))


@twist(Item.SUGGESTIONS)
def no_suggestions(one: Relationship, _: Viewer) -> list[Event]:
    return each(one, FocusSuggested, lambda _: None)


@twist(Item.SUGGESTIONS)
def one_suggestion_more(one: Relationship, _: Viewer) -> list[Event]:
    to = one.people(Side.RECIPIENT)[0]
    return then(one, lambda id_, at: FocusSuggested(id_, Actor.manager("boss"), at, to, ("one more area",)))


@twist(Item.EXISTENCE)
def another_id(one: Relationship, _: Viewer) -> list[Event]:
    return put_differently(one, relationship="another id")
