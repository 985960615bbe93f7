"""Relationships with everything in them, and everybody who may look at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from devrel.agreements import Agreement, ManagerPart, ThirdParty, ThirdPartyRole
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import (
    GROUP_MENTORING,
    MANAGER_COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    SPONSORING,
    GoalForm,
    Horizon,
    Item,
    RelationshipKind,
    Side,
    ViewerRole,
)
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    ActorRole,
    Advocated,
    CheckedIn,
    ClosingBegun,
    Consented,
    Declined,
    DeclineReason,
    Ended,
    EndedForConduct,
    EndReason,
    Event,
    FocusSuggested,
    Left,
    NoteAdded,
    Origin,
    OutcomeKnown,
    Paused,
    Rated,
    Resumed,
    Reviewed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    SessionMoved,
    Withdrawn,
)
from devrel.people import Party, Role
from devrel.relationships import Relationship, pair
from devrel.sessions import AdvocacyAct, Audience, FollowUp, Note, Outcome
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, acting
from devrel.visibility import Viewer

LONG = Term.of_months(date(2026, 1, 5), 6)
SHORT = Term.of_months(date(2026, 1, 5), 3)
WEEKLY = Cadence(1, Unit.WEEK)
PAYER = ThirdParty("payer", ThirdPartyRole.PAYS, {Item.EXISTENCE, Item.SCHEDULE, Item.ATTENDANCE, Item.AGREEMENT})
ORGANISER = ThirdParty("organiser", ThirdPartyRole.ORGANISES, set(Item) - {Item.PARTNER, Item.STAGE})
GROUP = (
    Party("m", Role.PROVIDER),
    Party("n", Role.RECIPIENT),
    Party("n2", Role.RECIPIENT),
    Party("n3", Role.RECIPIENT),
    Party("n4", Role.RECIPIENT),
)
BOTH = (Party("m", Role.BOTH), Party("n", Role.BOTH))


def after(days: float) -> datetime:
    return START + timedelta(days=days)


def filled(kind: RelationshipKind, **more: Any) -> Agreement:
    """An agreement with its words filled in, and goals of everybody and of n."""
    results = [KeyResult("talks held", 0, 4, "talks", due=date(2026, 5, 1))]
    form = kind.focus.needs or GoalForm.SPECIFIC
    goals = [
        Goal("give talks", GoalForm.SPECIFIC, results, Horizon.CURRENT_ROLE, "n", ("speaking",)),
        Goal("aim", form),
    ]
    words = {"purpose": "to grow", "ethics": "a code", "not_therapy": "none", "scope": "a scope", "benefit": "a gain"}
    told = {"third_parties": (PAYER, ORGANISER), "extra": ("a term",), **words}
    term = LONG if kind is SPONSORING else SHORT
    return Agreement(term, WEEKLY, 60, **{"goals": goals, **told, **more})


def proposed(
    kind: RelationshipKind = MENTORING,
    parties: Iterable[Party] = pair("m", "n"),
    *,
    informal: bool = False,
    **more: Any,
) -> Relationship:
    return Relationship.propose(
        "r1",
        kind,
        parties,
        filled(kind, **more),
        actor=Actor.recipient("n"),
        at=START,
        origin=Origin.INFORMAL if informal else Origin.REQUESTED,
        program=None if informal else "program",
    )


def accepted(one: Relationship, count: int | None = None) -> Relationship:
    yes = [Accepted(f"yes {it.person}", acting(it), START, 1) for it in one.parties[:count]]
    return one.apply_all(yes)


def active(kind: RelationshipKind = MENTORING, parties: Iterable[Party] = pair("m", "n"), **more: Any) -> Relationship:
    return accepted(proposed(kind, parties, **more)).apply(Activated("go", Actor.system(), START))


def lived(one: Relationship) -> Relationship:
    """Return an active relationship after some weeks with all that may happen in them."""
    m, n = acting(one.parties[0]), acting_as(one, Side.RECIPIENT, "n")
    notes = [Note(it, f"note of {it} for {to.value}", to) for it in ("m", "n") for to in Audience]
    told: dict[str, Any] = {
        "topics": ("career", "networks"),
        "notes": notes,
        "follow_ups": [FollowUp("call", "n"), FollowUp("write", "m")],
    }
    happened: list[Event] = [
        FocusSuggested("f1", Actor.manager("boss"), after(1), "n", ("speaking", "writing")),
        FocusSuggested("f2", Actor.manager("predecessor"), after(1), "n", ("listening",)),
        SessionHeld("s1", m, after(1), 70, 1, attended=("m", "n"), **told),
        SessionMissed("s2", m, after(8), 2, ("n",)),
        SessionHeld("s3", m, after(15), number=3),
        SessionMoved("s4", n, after(16), 4, after(23)),
        SessionCancelled("s5", n, after(17), 5, "a cold"),
        SessionHeld("s0", n, after(18), 20, topics=("unplanned",)),
        CheckedIn("c1", n, after(20), 1, "talks held", CheckIn(after(20).date(), 2)),
        Rated("q1", m, after(21), 4, "going well"),
        Rated("q2", n, after(21), 2, "not so well"),
        NoteAdded("w1", n, after(22), Note("n", "a diary")),
        NoteAdded("w2", m, after(22), Note("m", "to all", Audience.PROGRAM)),
        Reviewed("v1", m, after(24), (Note("n", "looking back", Audience.PARTIES),)),
        Paused("p1", m, after(40)),
        Resumed("p2", m, after(50)),
    ]
    return one.apply_all(happened)


def acting_as(one: Relationship, side: Side, person: str) -> Actor:
    return Actor(ActorRole(side.value), person) if person in one.people(side) else acting(one.parties[-1])


def advocated(one: Relationship) -> Relationship:
    sponsor = Actor.provider("m")
    known = [
        Advocated("d1", sponsor, after(52), "the new role", AdvocacyAct.NOMINATED),
        Advocated("d2", sponsor, after(53), "the stage", AdvocacyAct.GAVE_STAGE),
        OutcomeKnown("o1", sponsor, after(60), "d1", Outcome.WON),
    ]
    return one.apply_all(known)


def ended(one: Relationship) -> Relationship:
    notice = ClosingBegun("b1", Actor.provider("m"), after(70), EndReason.NO_TIME)
    return one.apply_all(
        [notice, Ended("b2", Actor.recipient("n"), after(80), EndReason.NOT_A_FIT, "we did not click")]
    )


def consenting(one: Relationship, *consents: tuple[str, Item, ViewerRole]) -> Relationship:
    """Return a relationship in which parties allow what is said."""
    for number, (person, item, to) in enumerate(consents):
        party = next(it for it in one.parties if it.person == person)
        one = one.apply(Consented(f"ok {one.version} {number}", acting(party), one.state.last, item, to))
    return one


def everybody(one: Relationship, item: Item, to: ViewerRole) -> Relationship:
    return consenting(one, *((it.person, item, to) for it in one.parties))


def _group() -> Relationship:
    one = advocated(lived(active(GROUP_MENTORING, GROUP)))
    came = SessionHeld("g1", Actor.provider("m"), after(62), number=9, attended=("m", "n2"))
    gone = Left("g2", Actor.recipient("n4"), after(63), "n4", EndReason.CHANGED_GOALS, "elsewhere")
    return one.apply_all([came, Rated("g3", Actor.recipient("n4"), after(62), 1, "too big"), gone])


def _widened(one: Relationship) -> Relationship:
    """Return a relationship in which many things are shown that usually are not, and some still are not."""
    shown = consenting(one, *(("n", item, to) for item in _OWN for to in (ViewerRole.HR, ViewerRole.MANAGER)))
    for item in (Item.SCHEDULE, Item.ATTENDANCE, Item.AGREEMENT):
        shown = everybody(everybody(shown, item, ViewerRole.MANAGER), item, ViewerRole.HR)
    return everybody(shown, Item.EXISTENCE, ViewerRole.PUBLIC)


_OWN = (Item.NOTES, Item.RATINGS, Item.END_REASON, Item.GOALS)


def lives() -> dict[str, Relationship]:
    """Return relationships by name; together they have something of every item, at every stage."""
    told: dict[str, Any] = {
        "manager": ManagerPart({Item.EXISTENCE, Item.STAGE, Item.ATTENDANCE, Item.AGREEMENT, Item.NOTES})
    }
    whole = advocated(lived(active()))
    return {
        "proposed": proposed(),
        "accepted by one of many": accepted(proposed(GROUP_MENTORING, GROUP), 2),
        "withdrawn": accepted(proposed(), 1).apply(Withdrawn("wd", Actor.recipient("n"), after(2))),
        "declined": proposed().apply(Declined("no", Actor.provider("m"), after(2), DeclineReason.CONFLICT, "my rival")),
        "conduct": lived(active()).apply(EndedForConduct("conduct", Actor.admin(), after(60), "what was said")),
        "active": whole,
        "ended": ended(whole),
        "told": ended(advocated(lived(active(**told)))),
        "told nothing": lived(active(manager=ManagerPart(set()))),
        "widened": _widened(whole),
        "group": _group(),
        "group widened": _widened(_group()),
        "sponsoring": ended(advocated(lived(active(SPONSORING)))),
        "manager coaching": ended(lived(active(MANAGER_COACHING))),
        "mutual": advocated(lived(active(MUTUAL_MENTORING, BOTH))),
        "informal": lived(active(informal=True)),
        "informal, told": lived(active(informal=True, **told)),
        "informal, known to HR": everybody(lived(active(informal=True)), Item.EXISTENCE, ViewerRole.HR),
    }


def viewers(one: Relationship) -> list[Viewer]:
    """Return everybody who may look, those among them who have nothing to do with it."""
    people = [party.person for party in one.parties]
    named = [it.id for it in one.agreement.third_parties]
    return [
        *(Viewer.provider(person) for person in [*people, "stranger"]),
        *(Viewer.recipient(person) for person in [*people, "stranger"]),
        *(Viewer.manager("boss", of=[person]) for person in [*people, "stranger"]),
        Viewer.manager(people[0], of=people[-1:]),
        Viewer.manager("boss", of=people[:2]),
        *(Viewer.admin(program) for program in (one.program, None, "another program")),
        Viewer.hr(),
        *(Viewer.third_party(it) for it in [*named, "somebody else"]),
        Viewer.public(),
    ]
