"""Non-interference: what a viewer may not see cannot change anything she gets.

``tests/twists.py`` makes, for each item, histories that differ in nothing but that item. Whoever may not see it must
get the same before and after, letter for letter. The deterministic relationships of ``tests/viewed.py`` make sure that
no item goes untested; generated ones look for what nobody thought of. Mutants at the end show that a leak is found.
"""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Container, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.agreements import ManagerPart
from devrel.errors import IllegalMove
from devrel.formats.icalendar import dumps_view
from devrel.goals import Goal
from devrel.kinds import GROUP_MENTORING, Item, Side, ViewerRole
from devrel.lifecycle import (
    Actor,
    ClosingBegun,
    Consented,
    Declined,
    Ended,
    EndedForConduct,
    EndReason,
    FocusSuggested,
    Left,
    NoteAdded,
    Rated,
    SessionHeld,
)
from devrel.people import Person
from devrel.relationships import Relationship
from devrel.sessions import Audience, FollowUp, Note
from devrel.testing.strategies import START, acting, relationships
from devrel.visibility import Access, RelationshipView, SeenSession, Viewer, accesses, can_see, looking, view_for
from devrel.visibility.timetable import log
from tests.twists import TWISTS, Twist, each, other, other_people
from tests.viewed import GROUP, active, advocated, lives, viewers

UNTIL = date(2026, 12, 1)
PEOPLE = {person: Person(person, email=f"{person}@sample.invalid") for person in ("m", "n", "n2", "n3", "n4")}
LIVES = lives()


def logged(view: RelationshipView | None) -> str:
    """What a log of a view has in it."""
    stream = io.StringIO()
    logger = logging.Logger("views")
    logger.addHandler(logging.StreamHandler(stream))
    logger.info("%s and %r", view, view)
    return stream.getvalue()


def calendar(view: RelationshipView) -> bytes:
    return dumps_view(view, PEOPLE, stamp=START) if view.sessions is not None else b""


kept_calendar = lru_cache(calendar)
"""For the lives, where there are thousands; two views that are equal in every field share one."""


def outputs(view: RelationshipView | None, calendar: Callable[[RelationshipView], bytes]) -> dict[str, Any]:
    """Everything that a viewer gets out of a view."""
    if view is None:
        return {"log": logged(view)}
    return {
        "view": view,
        "repr": repr(view),
        "str": str(view),
        "JSON": view.to_json(),
        "Markdown": view.to_markdown(),
        "HTML": view._repr_html_(),
        "calendar": calendar(view),
        "log": logged(view),
    }


def got(one: Relationship, viewer: Viewer, holidays: Container[date] = ()) -> dict[str, Any]:
    return outputs(view_for(one, viewer, until=UNTIL, holidays=holidays), kept_calendar)


@lru_cache
def twisted(name: str, twist: Twist) -> Relationship | None:
    """A twist of one of the lives; most twists are the same for every viewer."""
    return twist.make(LIVES[name], Viewer.public())


def check(names: Iterable[str] = tuple(LIVES)) -> Counter[str]:
    """Check every viewer of lives against every twist of what she may not see; count what was tried and seen."""
    counted: Counter[str] = Counter()
    for name in names:
        one = LIVES[name]
        for viewer in viewers(one):
            before = got(one, viewer)
            for twist in TWISTS:
                if any(can_see(one, viewer, item) for item in twist.touches):
                    continue
                changed = twist.make(one, viewer) if twist.name == "other_people" else twisted(name, twist)
                if changed is None:
                    continue
                assert changed != one
                assert got(changed, viewer) == before, (name, viewer, twist.name)
                counted[twist.name] += "view" in before
                counted[f"{twist.name}, nothing seen"] += "view" not in before
    return counted


def test_what_nobody_may_see_changes_nothing():
    """For every life, viewer and hidden item, another content of the item leaves every output as it was."""
    counted = check()
    for twist in TWISTS:
        assert counted[f"{twist.name}, nothing seen"] > 10 or twist.name == "withdrawn_or_invalidated", twist.name
        assert counted[twist.name] > 1 or twist.touches == {Item.EXISTENCE}, twist.name
    alone = Counter(item for twist in TWISTS if len(twist.touches) == 1 for item in twist.touches)
    assert set(alone) == set(Item)


@st.composite
def shown_differently(draw: st.DrawFn) -> Relationship:
    """Draw relationships in which parties allow more than usual."""
    one = draw(relationships())
    for number in range(draw(st.integers(0, 12))):
        party = draw(st.sampled_from(one.parties))
        item, to = draw(st.sampled_from(Item)), draw(st.sampled_from(ViewerRole))
        try:
            one = one.apply(Consented(f"ok{number}", acting(party), one.state.last, item, to))
        except IllegalMove:  # it is over, or allowed already
            continue
    return one


@given(shown_differently(), st.data())
def test_what_is_hidden_in_any_relationship_changes_nothing(one, data):
    """The same for generated relationships of every kind and stage, with agreements and consents of every sort."""
    viewer = data.draw(st.sampled_from(viewers(one)))
    before = outputs(view_for(one, viewer, until=UNTIL), calendar)
    for twist in TWISTS:
        if any(can_see(one, viewer, item) for item in twist.touches):
            continue
        changed = twist.make(one, viewer)
        if changed is not None:
            assert changed != one
            assert outputs(view_for(changed, viewer, until=UNTIL), calendar) == before, twist.name


def shown_by_hand(
    one: Relationship, viewer: Viewer, owner: str | None, item: Item, audience: Audience | None = None
) -> bool:
    """Whether a viewer sees what one party wrote, told again in the words of the issue."""
    party = viewer.role in {ViewerRole.PROVIDER, ViewerRole.RECIPIENT}
    if party and (viewer.person == owner or audience in {Audience.PARTIES, Audience.PROGRAM}):
        return True
    if viewer.role is ViewerRole.ADMIN and (item in {Item.RATINGS, Item.END_REASON} or audience is Audience.PROGRAM):
        return True
    of_another = owner in one.people(Side.RECIPIENT) and owner not in viewer.manages
    allowed = (owner, item, viewer.role) in one.state.consents
    return allowed and not (viewer.role is ViewerRole.MANAGER and of_another)


def others_parts(one: Relationship, viewer: Viewer) -> Relationship:
    """Change everything personal that is not the viewer's to see, and nothing else."""

    def changed(it: Any) -> Any:
        if isinstance(it, Note):
            seen = shown_by_hand(one, viewer, it.author, Item.NOTES, it.audience)
            return it if seen else evolve(it, text=other(it.text))
        if isinstance(it, FollowUp):
            seen = shown_by_hand(one, viewer, it.owner, Item.NOTES, Audience.PARTIES)
            return it if seen else evolve(it, text=other(it.text))
        if isinstance(it, FocusSuggested):
            mine = viewer.role is ViewerRole.MANAGER and viewer.person == it.actor.person and it.to in viewer.manages
            hers = viewer.role is not ViewerRole.PROVIDER and shown_by_hand(one, viewer, it.to, Item.SUGGESTIONS)
            return it if mine or hers else evolve(it, areas=("another area",))
        seen = shown_by_hand(one, viewer, it.actor.person, Item.RATINGS if isinstance(it, Rated) else Item.END_REASON)
        if seen:
            return it
        told = {"reason": EndReason.SILENCE} if isinstance(it, ClosingBegun) else {"note": other(it.note)}
        return evolve(it, **told)

    personal = (Note, FollowUp, FocusSuggested, Rated, Declined, Left, Ended, EndedForConduct, ClosingBegun)
    return Relationship.replay(each(one, personal, changed))


def test_others_private_parts_change_nothing():
    """Of items she sees in part, the others' part changes nothing either: notes, ratings, reasons, suggestions."""
    tried = 0
    for one in LIVES.values():
        for viewer in viewers(one):
            changed = others_parts(one, viewer)
            if changed != one:
                tried += Access.OWN in accesses(one, viewer).values()
                assert got(changed, viewer) == got(one, viewer), viewer
    assert tried > 60


def everything_told() -> Relationship:
    """A group whose agreement tells the managers everything that belongs to all."""
    goals = [Goal(f"goal of {person}", person=person) for person in ("n", "n2", "n3")]
    told = {"manager": ManagerPart(set(Item)), "goals": [*goals, Goal("to give talks")]}
    one = advocated(_read_nothing(active(GROUP_MENTORING, GROUP, **told)))
    return one.apply(
        NoteAdded("by n2", Actor.recipient("n2"), one.state.last, Note("n2", "a secret", Audience.PARTIES))
    )


def _read_nothing(one: Relationship) -> Relationship:
    m = Actor.provider("m")
    held = [
        SessionHeld("h1", m, START + timedelta(days=1), number=1, attended=("m", "n", "n3")),
        SessionHeld("h2", m, START + timedelta(days=8), number=2, topics=("career",)),
    ]
    return one.apply_all(held)


def test_the_manager_of_one_learns_nothing_of_the_others_in_a_group():
    """Even where she is told all that can be told, the other recipients' names, goals and coming change nothing."""
    one, boss = everything_told(), Viewer.manager("boss", of=["n"])
    before = got(one, boss)
    assert before["view"].shown == set(Item) - {Item.NOTES, Item.RATINGS, Item.END_REASON}
    assert {party.person for party in before["view"].parties} == {"m", "n"}

    def goals(goal: Goal) -> Goal:
        return goal if goal.person in {"n", None} else evolve(goal, text=other(goal.text))

    came = {"h1": ("m", "n"), "h2": ("m", "n", "n4")}
    others = [
        each(one, Goal, goals),
        each(one, SessionHeld, lambda held: evolve(held, attended=came.get(held.id, ()))),
        [*one.history, Left("gone", Actor.recipient("n2"), one.state.last, "n2")],
        other_people(one, Viewer.manager("m", of=["n", "payer", "organiser"])),
    ]
    for history in others:
        changed = Relationship.replay(history)
        assert changed != one
        assert got(changed, boss) == before


def test_a_session_on_a_holiday_does_not_tell_that_it_was_held():
    """Holidays leave out the same sessions, whether somebody came to one of them or not."""
    one, boss = LIVES["active"], Viewer.manager("boss", of=["n"])
    holidays = {date(2026, 1, 12), date(2026, 1, 19)}
    before = got(one, boss, holidays)
    assert holidays.isdisjoint(session.start.date() for session in before["view"].sessions)
    for twist in TWISTS:
        if Item.ATTENDANCE in twist.touches:
            assert got(twisted("active", twist), boss, holidays) == before
    seen = view_for(one, Viewer.recipient("n"), holidays=holidays).sessions
    assert [session.status for session in seen if session.start.date() in holidays] == ["missed", "held"]


def _leak_goals(relationship: Relationship, viewer: Viewer) -> Any:
    found = dict(accesses(relationship, viewer))
    return {**found, Item.GOALS: Access.YES} if found and viewer.role is ViewerRole.MANAGER else found


def _log_for_all(one: Relationship, events: Any, **more: Any) -> tuple[SeenSession, ...]:
    return log(one, list(events), lambda people: (), **more)


MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "goals for the manager": (looking, "accesses", _leak_goals),
    "the stage in the status": (looking, "_status", lambda stage: stage.value),
    "who came, to all": (looking, "times", _log_for_all),
    "everybody by name": (looking._Look, "name", lambda self, person: person),
    "everybody a party": (looking._Look, "parties", lambda self: self.relationship.parties),
    "the version of the agreement": (looking, "_WHOLE_AGREEMENT", ()),
    "third parties by name": (
        looking._Look,
        "_agreement_without_names",
        lambda self, goals: evolve(self.relationship.agreement, goals=goals),
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_leak_is_found(name, monkeypatch):
    """Code that leaks makes the check of hidden items fail."""
    monkeypatch.setattr(*MUTANTS[name])
    with pytest.raises(AssertionError):
        check(["told", "active", "manager coaching", "withdrawn", "group"])


PART_MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "all notes": (looking._Look, "_reads", lambda self, note: True),
    "all ratings and reasons": (looking._Look, "sees", lambda self, owner, item: True),
    "all suggestions": (looking._Look, "_suggested", lambda self, event: True),
    "consents of anybody": (looking, "shows", lambda one, owner, item, viewer: bool(one.state.consents)),
}


@pytest.mark.parametrize("name", PART_MUTANTS)
def test_a_leak_of_others_parts_is_found(name, monkeypatch):
    """Code that shows what is another's makes the check of the parts fail."""
    monkeypatch.setattr(*PART_MUTANTS[name])
    with pytest.raises(AssertionError):
        test_others_private_parts_change_nothing()


GROUP_MUTANTS: dict[str, Any] = {
    "strange": lambda self, person: False,
    "_goal": lambda self, owner: True,
    "named": lambda self, people: tuple(people),
}


@pytest.mark.parametrize("name", GROUP_MUTANTS)
def test_a_leak_in_a_group_is_found(name, monkeypatch):
    """Code that tells a manager of the other recipients makes the check of groups fail."""
    monkeypatch.setattr(looking._Look, name, GROUP_MUTANTS[name])
    with pytest.raises(AssertionError):
        test_the_manager_of_one_learns_nothing_of_the_others_in_a_group()


def test_a_leak_through_holidays_is_found(monkeypatch):
    """Code that keeps held sessions on holidays for everybody makes the check of holidays fail."""
    from devrel.visibility import timetable

    planned = timetable._planned

    def kept(one: Relationship, until: Any, holidays: Any, anyway: Any) -> Any:
        return planned(one, until, holidays, one.state.settled)

    monkeypatch.setattr(timetable, "_planned", kept)
    with pytest.raises(AssertionError):
        test_a_session_on_a_holiday_does_not_tell_that_it_was_held()


def test_a_twist_that_changes_nothing_proves_nothing():
    """A twist whose history would not be one, or would be the same, is left out and not taken for a proof."""
    nothing_said = LIVES["proposed"]
    assert all(twist.make(nothing_said, Viewer.public()) is None for twist in TWISTS if Item.RATINGS in twist.touches)
