"""Seats: nobody's are exceeded, whoever is quicker gets them, and proposals that lost one fall away."""

from __future__ import annotations

import random
from collections import Counter
from threading import Barrier, Lock, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import IllegalMove, InvalidValue, NoSeat
from devrel.kinds import MENTORING, Side
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    Amended,
    Consequence,
    CounterProposed,
    Declined,
    Event,
    Invalidated,
    Joined,
    Left,
    SessionHeld,
    Stage,
)
from devrel.people import Capacity, Enrollment, Party, Role
from devrel.relationships import Relationship
from devrel.seats import Settlement, agreed, settle, taken
from devrel.testing.strategies import START, acting
from tests.lives import SYSTEM, asked, on

G, R, B = Role.PROVIDER, Role.RECIPIENT, Role.BOTH


def proposed(id_: str, **roles: Role) -> Relationship:
    people = [Party(person, role) for person, role in roles.items()]
    return Relationship.propose(id_, MENTORING, people, asked().agreement, actor=SYSTEM, at=START)


def yes(one: Relationship, person: str) -> Accepted:
    party = next(party for party in one.parties if party.person == person)
    version = one.state.put.version
    return Accepted(f"{person} says yes {version}", acting(party), on(1), version)


def said_yes(one: Relationship, *people: str) -> Relationship:
    return one.apply_all([yes(one, person) for person in people])


def places(**limits: tuple[int, int]) -> list[Enrollment]:
    """Enrolments: for each person how many she takes as a provider and as a recipient."""
    return [Enrollment(person, B, Capacity(gives), wants) for person, (gives, wants) in limits.items()]


# ---- properties -----------------------------------------------------------------------------------------------------


@given(st.data())
def test_pairs_are_settled_as_a_count_says(data):
    """Beside a model that only counts: who is accepted, who is refused and by whose places, and which rivals fall."""
    pairs = data.draw(st.lists(st.tuples(st.sampled_from("mn"), st.sampled_from("xyz")), min_size=1, max_size=6))
    limit = {person: data.draw(st.integers(0, 3), label=person) for person in "mnxyz"}
    enrolled = [Enrollment(person, G if person in "mn" else R, Capacity(many), many) for person, many in limit.items()]
    world = {f"r{number}": proposed(f"r{number}", **{m: G, x: R}) for number, (m, x) in enumerate(pairs)}
    used = Counter()
    steps = [(id_, person) for id_, one in world.items() for person in (one.parties[0].person, one.parties[1].person)]
    for id_, person in data.draw(st.permutations(steps)):
        one = world[id_]
        last = len(one.state.open_parties) == 1
        full = [who for who in (pairs[int(id_[1:])] if last else person) if used[who] >= limit[who]]
        event = Accepted(
            "yes " + person, Actor.provider(person) if person in "mn" else Actor.recipient(person), on(1), 1
        )
        if one.stage.final or full:
            with pytest.raises(IllegalMove if one.stage.final else NoSeat) as refused:
                settle(one, event, world.values(), enrolled)
            if full and not one.stage.final:
                assert (refused.value.person, refused.value.places) == (full[0], limit[full[0]])
            continue
        used.update(pairs[int(id_[1:])] if last else ())
        settled = settle(one, event, world.values(), enrolled)
        took = {who for who in pairs[int(id_[1:])] if last and used[who] == limit[who]}
        fall = {
            other
            for other, rival in world.items()
            if other != id_ and took & set(pairs[int(other[1:])]) and not rival.stage.final and not agreed(rival)
        }
        assert {rival.id for rival in settled.invalidated} == fall
        world |= {one.id: one for one in settled.changed}
    assert all(
        taken(who, Side.PROVIDER if who in "mn" else Side.RECIPIENT, world.values()) == used[who] for who in limit
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, Relationship], list[Enrollment]]:
    """Proposals to pairs, groups and circles of few people, some of them enrolled."""
    world = {}
    for number in range(draw(st.integers(1, 5))):
        people = draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=4, unique=True))
        roles = {person: draw(st.sampled_from([G, R, R, B])) for person in people}
        sides = {side for role in roles.values() for side in role.sides}
        if sides == set(Side):
            world[f"r{number}"] = proposed(f"r{number}", **roles)
    enrolled = [
        Enrollment(person, draw(st.sampled_from([B, B, G])), Capacity(draw(st.integers(0, 3))), draw(st.integers(0, 2)))
        for person in draw(st.lists(st.sampled_from("abcdef"), unique=True))
    ]
    return world, enrolled


@st.composite
def steps(draw: st.DrawFn, world: dict[str, Relationship]) -> tuple[Relationship, Event]:
    """Something that may happen to one of the relationships."""
    one = world[draw(st.sampled_from(sorted(world)))]
    party = draw(st.sampled_from(one.parties))
    actor = acting(party)
    number = one.version
    newcomer = Party(draw(st.sampled_from("abcdef")), draw(st.sampled_from([G, R])))
    said = Accepted(f"{party.person} says yes {one.state.latest}", actor, on(1), one.state.put.version)
    others = st.sampled_from(
        [
            Declined(f"no {number}", actor, on(1)),
            Left(f"left {number}", SYSTEM, on(1), party.person),
            Joined(f"in {number}", acting(newcomer), on(1), newcomer, one.agreement.version),
            Activated(f"go {number}", SYSTEM, on(1)),
            Amended(f"new {number}", Actor.admin(), on(1), one.agreement.amended()),
        ]
    )
    return one, draw(st.just(said) | st.just(said) | others)


def exceeded(world: dict[str, Relationship], enrolled: list[Enrollment]) -> list[tuple[str, Side]]:
    return [
        (one.person, side)
        for one in enrolled
        for side in Side
        if taken(one.person, side, world.values()) > one.takes(side)
    ]


def fits(one: Relationship, world: dict[str, Relationship], enrolled: list[Enrollment], people: set[str]) -> bool:
    """Whether all of some people could still be seated, counted as if everybody had said yes."""
    agreeing = said_yes(one, *one.state.open_parties)
    over = exceeded({**world, one.id: agreeing}, enrolled)
    return not {person for person, side in over if person in one.people(side)} & people


@given(st.data())
def test_whatever_happens_no_seat_is_exceeded(data):
    """Groups, circles, refusals and latecomers included: seats hold, losers fall, all others are left untouched."""
    world, enrolled = data.draw(worlds())
    for _ in range(data.draw(st.integers(0, 25)) if world else 0):
        one, event = data.draw(steps(world))
        settled = outcome(one, event, world.values(), enrolled)
        shuffled = data.draw(st.permutations(list(world.values())))
        assert outcome(one, event, shuffled, enrolled[::-1]) == settled
        if not isinstance(settled, Settlement):
            continue
        before, world = world, {**world, **{other.id: other for other in settled.changed}}
        assert exceeded(world, enrolled) == []
        held = {id_: o.version for id_, o in before.items() if settled.people & {party.person for party in o.parties}}
        assert settled.expected == held
        for rival in settled.rivals:
            check_rival(before[rival.id], rival, world, enrolled)
        for other in world.values():
            if other.id not in {changed.id for changed in settled.changed}:
                assert other is before[other.id]


def outcome(*arguments) -> Settlement | tuple[object, ...]:
    """What settling gives: a settlement, or why it is refused."""
    try:
        return settle(*arguments)
    except IllegalMove as error:
        return (error.reason,)
    except NoSeat as error:
        return error.person, error.side, error.places


def check_rival(before: Relationship, rival: Relationship, world, enrolled) -> None:
    """A rival was no relationship yet, and lost only people who had no seat; invalidated, it goes first in line."""
    assert not agreed(before)
    one = before
    for event in rival.history[before.version :]:
        people = {event.person} if isinstance(event, Left) else {party.person for party in one.parties}
        assert not fits(one, world, enrolled, people)
        if isinstance(event, Invalidated):
            assert Consequence.REQUEUE_FIRST in one.consequences(event)
        one = one.apply(event)


# ---- examples -------------------------------------------------------------------------------------------------------


def test_the_first_acceptance_invalidates_the_rivals():
    """The mentee takes one mentor; the other one's proposal falls, that of somebody else stays."""
    world = [said_yes(proposed(m, **{m: G, "n": R}), "n") for m in ("m1", "m2")] + [proposed("x", m2=G, o=R)]
    settled = settle(world[0], yes(world[0], "m1"), world, places(n=(0, 1)))
    assert [one.id for one in settled.changed] == ["m1", "m2"]
    assert settled.rivals[0].stage is Stage.INVALIDATED
    assert settled.rivals[0].history[-1].correlation == "m1 says yes 1"
    assert settled.expected == {"m1": 2, "m2": 2}
    assert settled.people == {"m1", "n"}


def test_whoever_comes_too_late_is_told_whose_places_are_taken():
    """The error names the person, the side and how many places there are."""
    first = said_yes(proposed("r1", m=G, n=R), "m", "n")
    late = said_yes(proposed("r2", m=G, o=R), "o")
    with pytest.raises(NoSeat, match="'m' as provider") as refused:
        settle(late, yes(late, "m"), [first], places(m=(1, 0)))
    assert (refused.value.person, refused.value.side, refused.value.places) == ("m", "provider", 1)


def test_a_provider_takes_as_many_as_she_has_places():
    """Of four proposals to a mentor with three places, the last one to be answered falls with the third acceptance."""
    world = {n: said_yes(proposed(n, m=G, **{n: R}), "m") for n in ("n1", "n2", "n3", "n4")}
    for n in ("n1", "n2", "n3"):
        settled = settle(world[n], yes(world[n], n), world.values(), places(m=(3, 0)))
        assert [one.id for one in settled.invalidated] == (["n4"] if n == "n3" else [])
        world |= {one.id: one for one in settled.changed}
    assert taken("m", Side.PROVIDER, world.values()) == 3


def test_a_yes_that_is_not_the_last_takes_no_seat():
    """She who says it needs a place herself; rivals stay until everybody has said yes."""
    one, rival = proposed("r1", m=G, n=R), proposed("r2", p=G, n=R)
    assert settle(one, yes(one, "n"), [rival], places(n=(0, 1), m=(0, 0))).rivals == ()
    with pytest.raises(NoSeat, match="'m'"):
        settle(one, yes(one, "m"), [rival], places(n=(0, 1), m=(0, 0)))


def test_the_same_acceptance_twice_changes_nothing():
    """Not even when the places were taken since."""
    one = said_yes(proposed("r1", m=G, n=R), "n")
    other = said_yes(proposed("r2", p=G, n=R), "p", "n")
    settled = settle(one, yes(one, "n"), [other], places(n=(0, 1)))
    assert settled.relationship is one
    assert settled.rivals == ()


def test_an_amendment_takes_no_seat():
    """Who accepts one keeps her partner, even if she takes fewer people by now."""
    one = said_yes(proposed("r1", m=G, n=R), "m", "n").apply(Activated("go", SYSTEM, on(1)))
    one = one.apply(Amended("new", Actor.provider("m"), on(1), one.agreement.amended(minutes=30)))
    rival = said_yes(proposed("r2", m=G, o=R), "m")
    for person in ("m", "n"):
        settled = settle(one, yes(one, person), [rival], places(m=(0, 0), n=(0, 0)))
        one = settled.relationship
        assert settled.rivals == ()
    held = SessionHeld("met", Actor.provider("m"), on(1))
    assert settle(one, held, [rival], places(m=(0, 0))).rivals == ()


def test_a_group_needs_a_place_for_each_of_its_recipients():
    """A mentor of three places cannot take four; a mentee's one place is enough for a group with two mentors."""
    group = proposed("g", m=G, n1=R, n2=R, n3=R, n4=R)
    with pytest.raises(NoSeat) as refused:
        settle(group, yes(group, "m"), [], places(m=(3, 0)))
    assert refused.value.places == 3
    two = said_yes(proposed("t", m=G, p=G, n=R), "m", "p")
    assert agreed(settle(two, yes(two, "n"), [], places(n=(0, 1))).relationship)


def test_a_group_falls_that_its_mentor_has_no_longer_places_for():
    """Two of three places are left for a group of three: nobody can say who of them is to go."""
    group = said_yes(proposed("g", m=G, n1=R, n2=R, n3=R), "m")
    one = said_yes(proposed("r", m=G, o=R), "m")
    assert settle(one, yes(one, "o"), [group], places(m=(3, 0))).invalidated[0].id == "g"


def test_a_group_goes_on_without_a_mentee_who_was_quicker_elsewhere():
    """She leaves it, which is no invalidation; with her gone the mentor's places are enough."""
    group = said_yes(proposed("g", m=G, n1=R, n2=R, n3=R), "m", "n1")
    one = said_yes(proposed("r", m=G, n1=R), "m")
    settled = settle(one, yes(one, "n1"), [group], places(m=(3, 0), n1=(0, 1)))
    assert settled.invalidated == ()
    assert settled.rivals[0].people(Side.RECIPIENT) == ("n2", "n3")


def test_groups_that_are_complete_without_her_take_their_seats_in_turn():
    """The first group takes the seat of the second mentee, so that the second group cannot; no seat is exceeded."""
    groups = [said_yes(proposed(id_, m=G, a=R, b=R), "m", "b") for id_ in ("g1", "g2")]
    rival = proposed("z", p=G, b=R)
    one = said_yes(proposed("r", p=G, a=R), "p")
    settled = settle(one, yes(one, "a"), [*groups, rival], places(a=(0, 1), b=(0, 1)))
    assert [(one.id, one.stage.value, agreed(one)) for one in settled.rivals] == [
        ("g1", "agreeing", True),
        ("g2", "invalidated", False),
        ("z", "invalidated", False),
    ]
    assert settled.people == {"p", "a", "m", "b"}
    assert settle(one, yes(one, "a"), [rival, *groups[::-1]], places(b=(0, 1), a=(0, 1))) == settled
    fewer = settle(one, yes(one, "a"), groups[:1], places(a=(0, 1), b=(0, 0)))  # b takes nobody by now
    assert fewer.rivals[0].stage is Stage.INVALIDATED


def test_a_rival_falls_after_what_has_happened_to_it():
    """An acceptance that is recorded late changes nothing in the past of others."""
    one = said_yes(proposed("r", m=G, n=R), "m")
    rival = proposed("z", p=G, n=R).apply(Amended("new", Actor.admin(), on(9), asked().agreement.amended()))
    assert settle(one, yes(one, "n"), [rival], places(n=(0, 1))).rivals[0].state.finished == on(9)


@pytest.mark.parametrize("event", [Declined("no", Actor.recipient("c"), on(1)), Left("out", SYSTEM, on(1), "c")])
def test_a_no_that_completes_a_group_takes_its_seats(event):
    """The rivals of those who said yes fall; nobody is refused a no because somebody else lacks a place by now."""
    group = said_yes(proposed("g", m=G, a=R, b=R, c=R), "m", "a", "b")
    rival = proposed("z", p=G, b=R)
    assert settle(group, event, [rival], places(b=(0, 1))).invalidated[0].id == "z"
    without = settle(group, event, [rival], places(b=(0, 0))).relationship
    assert without.people(Side.RECIPIENT) == ("a",)
    assert settle(group, event, [rival], places(m=(1, 0))).relationship.stage is Stage.INVALIDATED


def test_who_joins_a_group_takes_a_seat():
    """Her own and one of the mentor's; her rivals fall, and without a place she does not come in."""
    group = said_yes(proposed("g", m=G, a=R, b=R), "m", "a", "b").apply(Activated("go", SYSTEM, on(1)))
    join = Joined("in", Actor.recipient("c"), on(1), Party("c", R), 1)
    rival = proposed("z", p=G, c=R)
    assert settle(group, join, [rival], places(m=(3, 0), c=(0, 1))).invalidated[0].id == "z"
    with pytest.raises(NoSeat, match="'m'"):
        settle(group, join, [rival], places(m=(2, 0)))
    with pytest.raises(NoSeat, match="'c'"):
        settle(group, join, [rival], places(c=(0, 0)))


def test_who_stands_on_both_sides_needs_a_place_on_each():
    """In a pair one each; enrolled as a mentor alone she cannot be a mentee as well."""
    one = said_yes(proposed("r", m=B, n=B), "n")
    assert agreed(settle(one, yes(one, "m"), [], places(m=(1, 1), n=(1, 1))).relationship)
    with pytest.raises(NoSeat, match="'m' as recipient"):
        settle(one, yes(one, "m"), [], [Enrollment("m", G)])
    circle = said_yes(proposed("c", a=B, b=B, c=B), "a", "b", "c")
    assert [taken("a", side, [circle]) for side in Side] == [2, 1]


def test_a_mentors_places_on_one_side_leave_the_other_alone():
    """Her one mentee takes her seat as a mentor; the proposal in which she is the mentee stays."""
    one, other = said_yes(proposed("r", m=G, n=R), "n"), proposed("s", p=G, m=R)
    assert settle(one, yes(one, "m"), [other], places(m=(1, 1))).rivals == ()


def test_a_counter_proposal_gives_the_seats_back():
    """Everybody is asked anew, so that nothing is taken until then."""
    one = said_yes(proposed("r", m=G, n=R), "m", "n")
    assert agreed(one)
    back = CounterProposed("back", Actor.recipient("n"), on(1), one.agreement.amended())
    assert not agreed(settle(one, back, [], places(n=(0, 1))).relationship)


def test_two_enrolments_of_one_person_are_refused():
    """Which of them would count is a guess."""
    one = proposed("r", m=G, n=R)
    with pytest.raises(InvalidValue, match="twice"):
        settle(one, yes(one, "m"), [], [*places(m=(1, 0)), *places(m=(2, 0))])


# ---- races ----------------------------------------------------------------------------------------------------------


class Holder:
    """Relationships that many share; it writes a settlement only if what it rests on is still so."""

    def __init__(self, relationships: list[Relationship], *, compares: bool = True) -> None:
        self.held = {one.id: one for one in relationships}
        self.compares = compares
        self._lock = Lock()

    def versions(self, people: frozenset[str]) -> dict[str, int]:
        return {
            one.id: one.version
            for one in self.held.values()
            if people.intersection(party.person for party in one.parties)
        }

    def write(self, settled: Settlement) -> bool:
        with self._lock:
            if self.compares and self.versions(settled.people) != settled.expected:
                return False
            self.held = {**self.held, **{one.id: one for one in settled.changed}}
            return True


def accept(holder: Holder, id_: str, enrolled: list[Enrollment], start: Barrier) -> None:
    """Settle an acceptance when all others have settled theirs, and anew whenever somebody was quicker."""
    waited = False
    while True:
        held = holder.held
        try:
            settled = settle(held[id_], yes(held[id_], id_), held.values(), enrolled)
        except (NoSeat, IllegalMove):
            return
        if not waited:
            start.wait()
            waited = True
        if holder.write(settled):
            return


def race(holder: Holder, ids: list[str], enrolled: list[Enrollment]) -> None:
    start = Barrier(len(ids))
    threads = [Thread(target=accept, args=(holder, id_, enrolled, start)) for id_ in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("seats", [1, 3])
def test_of_those_who_race_for_the_last_seats_as_many_win_as_there_are(seats):
    """Eight threads accept eight proposals at one moment, fifty times: the losers are invalidated or refused."""
    ids = [f"n{number}" for number in range(8)]
    for number in range(50):
        holder = Holder([said_yes(proposed(id_, m=G, **{id_: R}), "m") for id_ in ids])
        random.Random(number).shuffle(ids)
        race(holder, ids, places(m=(seats, 0)))
        winners = [one for one in holder.held.values() if agreed(one)]
        assert len(winners) == seats == taken("m", Side.PROVIDER, holder.held.values())
        assert all(one.stage is Stage.INVALIDATED for one in holder.held.values() if one not in winners)


@pytest.mark.parametrize(("compares", "winners"), [(True, 1), (False, 2)])
def test_without_comparing_versions_a_seat_is_given_twice(compares, winners):
    """Two settle before either writes: a holder that does not compare lets both win, so the race can be lost."""
    holder = Holder([said_yes(proposed(id_, m=G, **{id_: R}), "m") for id_ in ("x", "y")], compares=compares)
    settled = [settle(one, yes(one, one.id), holder.held.values(), places(m=(1, 0))) for one in holder.held.values()]
    assert [holder.write(one) for one in settled].count(True) == winners
    first = settled[0].relationship
    assert (holder.held[first.id] is first) is compares  # what was confirmed to the first one is kept, or lost
