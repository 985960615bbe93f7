"""Promise 2, as a property: any life follows a model that is too simple to be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from devrel.errors import IllegalMove, StaleVersion
from devrel.goals import CheckIn
from devrel.kinds import SPONSORING, Item, ViewerRole
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    ActorRole,
    Advocated,
    Amended,
    AmendmentDeclined,
    CheckedIn,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Consented,
    CounterProposed,
    Declined,
    Ended,
    EndedForConduct,
    EndReason,
    Expired,
    FocusSuggested,
    Invalidated,
    Joined,
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
from devrel.relationships import Relationship
from devrel.sessions import AdvocacyAct, Note, Outcome
from devrel.testing.strategies import START
from tests.beginnings import ADMIN, MANAGER, MENTEE, ONCE, OPEN, SYSTEM, group, later, proposed
from tests.moves import CALLS, LEADS, NEWCOMER, WHO, open_to

SIDES = {"p": "provider", "r": "recipient", "n": "recipient", "s": "recipient"}
OTHERS = {"admin": ADMIN, "system": SYSTEM, "boss": MANAGER}
LIVES = {
    "pair": {},
    "trio": {"people": group(1, 2)},
    "once": {"term": ONCE},
    "sponsor once": {"kind": SPONSORING, "term": ONCE},
    "informal": {"origin": Origin.INFORMAL, "actor": MENTEE},
    "open": {"term": OPEN},
}
END = datetime(2026, 10, 4, tzinfo=UTC).date()  # nine months

numbers = st.integers(1, 4) | st.integers(1, 13)
offsets = st.sampled_from([0, 0, 0, 0, 1])
reasons = st.sampled_from(EndReason)
# What can be tried: a method of the machine, and how to draw what it takes besides the person who acts.
STEPS: dict[str, dict[str, st.SearchStrategy]] = {
    "wait": {"days": st.sampled_from([1, 3, 14, 30, 200])},
    "answer": {"off": offsets},
    "amend": {"off": offsets, "counter": st.booleans()},
    "decline_amendment": {},
    "decline": {},
    "fall_away": {"kind": st.sampled_from([Withdrawn, Expired, Invalidated])},
    "activate": {},
    "join": {"off": offsets},
    "leave": {"person": st.sampled_from(["p0", "r0", "r1", "new"])},
    "hold": {"number": st.none() | numbers},
    "settle": {"number": numbers, "kind": st.sampled_from([SessionCancelled, SessionMissed])},
    "move": {"number": numbers, "days": st.integers(-1, 60)},
    "advocate": {},
    "tell": {"which": st.integers(0, 3), "outcome": st.sampled_from(Outcome)},
    "write": {"author": st.sampled_from(["p0", "r0"]), "goal": st.sampled_from([1, 1, 2]), "stars": st.integers(1, 5)},
    "consent": {"allowed": st.booleans()},
    "pause": {"days": st.none() | st.integers(0, 30)},
    "resume": {},
    "close": {"reason": st.none() | reasons},
    "complete": {"early": st.booleans()},
    "finish": {"reason": reasons},
    "end_for_conduct": {},
}
GENTLE_BEFORE = ("answer", "answer", "answer", "activate", "amend", "join", "leave", "consent")
GENTLE_SINCE = (
    "wait",
    "hold",
    "settle",
    "move",
    "advocate",
    "tell",
    "write",
    "consent",
    "amend",
    "answer",
    "pause",
    "resume",
)


class Life(RuleBasedStateMachine):
    """A relationship beside a model that knows no guard: a stage, some sets, a few dictionaries."""

    @initialize(life=st.sampled_from([*LIVES, "trio"]), begun=st.sampled_from([True, True, False]))
    def propose(self, life, begun):
        self.life, self.stage, self.count, self.now, self.end = life, "proposed", 1, START, END
        self.one = proposed(**{"goals": [CALLS], **LIVES[life]} if life != "sponsor once" else LIVES[life])
        self.parties = {"p0": "provider", "r0": "recipient", **({"r1": "recipient"} if life == "trio" else {})}
        self.version = self.latest = 1
        self.pending = None
        self.yes = set()
        self.pending_yes = set()
        self.respond_by = later(14)
        self.held = self.missed = self.cancelled = 0
        self.settled = set()
        self.starts = []
        self.advocacies = {}
        self.consents = set()
        self.notice = None
        self.proposer = "r0" if life == "informal" else None
        if "once" in life:
            self.end = ONCE.end
        if life == "open":
            self.end = None
        if begun:
            for who in list(self.parties):
                self.answer(who, 0)
            self.activate("p0")

    @rule(data=st.data())
    def step(self, data):
        gentle = GENTLE_BEFORE if self.head else GENTLE_SINCE
        name = data.draw(st.sampled_from([*gentle * 3, *STEPS]))
        who = data.draw(st.sampled_from([*sorted(self.parties) * 3, *OTHERS, "new", "stranger"]))
        getattr(self, name)(who, **{argument: data.draw(values) for argument, values in STEPS[name].items()})

    def attempt(self, kind, who, *details, fine=True, to=None, **more):
        """Try an event of which the model thinks that it is ``fine``; return whether it happened."""
        actor = OTHERS.get(who) or Actor(ActorRole(SIDES[who[0]]), who)
        event = kind(f"e{self.count}", actor, self.now, *details, **more)
        role = actor.role.value
        name = kind.__name__
        fine = fine and name in LEADS[self.stage] and role in WHO[name]
        fine = fine and (role not in SIDES.values() or who in self.parties or kind is Joined)
        fine = fine and (role != "admin" or self.life != "informal")
        if not fine:
            with pytest.raises(IllegalMove) as refused:
                self.one.apply(event)
            assert (refused.value.event, refused.value.stage) == (name, self.stage)
            assert set(refused.value.allowed) == open_to(self.one, self.stage, actor, name)
            return False
        with pytest.raises(StaleVersion):
            self.one.apply(event, expected_version=self.count - 1)
        self.one = self.one.apply(event, expected_version=self.count)
        self.count += 1
        self.stage = to or LEADS[self.stage][name] or self.stage
        return True

    @property
    def head(self):
        return self.stage in {"proposed", "agreeing"}

    def needed(self, who):
        side = self.parties.get(who)
        return len(self.parties) < 3 or list(self.parties.values()).count(side) == 1

    def gone(self, who):
        self.parties.pop(who)
        for names in (self.yes, self.pending_yes, self.consents):
            names.discard(who)
        self.settle_amendment()

    def settle_amendment(self):
        if self.pending is not None and self.pending_yes == set(self.parties):
            self.yes, self.version, self.pending = self.pending_yes, self.pending, None

    def start(self, number):
        known = number <= len(self.starts) and number not in self.settled
        return self.starts[number - 1] if known else None

    def wait(self, _, days):
        self.now += timedelta(days=days)

    def answer(self, who, off):
        if self.head:
            fine = who not in self.yes and self.now < self.respond_by
            if self.attempt(Accepted, who, self.version + off, fine=fine and not off):
                self.yes.add(who)
        elif self.attempt(
            Accepted,
            who,
            (self.pending or self.version) + off,
            fine=bool(self.pending) and who not in self.pending_yes and not off,
        ):
            self.pending_yes = self.pending_yes | {who}
            self.settle_amendment()

    def amend(self, who, off, counter):
        text = evolve(self.one.agreement, minutes=30, version=self.latest + 1 + off)
        kind = CounterProposed if counter else Amended
        late = self.head and self.now >= self.respond_by
        if self.attempt(kind, who, text, fine=not off and self.pending is None and not late):
            self.latest += 1
            if self.head:
                self.version, self.yes = self.latest, set()
                if counter:
                    self.proposer, self.respond_by = who, self.now + timedelta(days=14)
            else:
                self.pending, self.pending_yes = self.latest, set()

    def decline_amendment(self, who):
        if self.attempt(AmendmentDeclined, who, fine=self.pending is not None):
            self.pending = None

    def decline(self, who):
        stays = not self.needed(who)
        if self.attempt(Declined, who, to=self.stage if stays else None) and stays:
            self.gone(who)

    def fall_away(self, who, kind):
        mine = who == self.proposer if self.life == "informal" else who != "p0"
        fine = {
            Withdrawn: mine or who in OTHERS,
            Expired: self.now >= self.respond_by and self.yes != set(self.parties),
            Invalidated: True,
        }
        self.attempt(kind, who, fine=fine[kind])

    def activate(self, who):
        if self.attempt(Activated, who, fine=self.yes == set(self.parties)):
            months = 1 if "once" in self.life else 9
            days = [
                datetime(2026 + n // 12, n % 12 + 1, 5, 10, tzinfo=UTC)
                for n in range(60 if self.life == "open" else months)
            ]
            self.starts = [day for day in days if day >= self.now]

    def join(self, who, off):
        fine = len(self.parties) > 2 and who == "new" and who not in self.parties and not off
        if self.attempt(Joined, who, NEWCOMER, self.version + off, fine=fine):
            self.parties["new"] = "recipient"
            self.yes.add("new")

    def leave(self, who, person):
        fine = person in self.parties and who in {person, *OTHERS} and not self.needed(person)
        if self.attempt(Left, who, person, fine=fine):
            self.gone(person)

    def hold(self, who, number):
        fine = number is None or (self.planned(number) and self.now.date() >= self.start(number).date())
        if self.attempt(SessionHeld, who, number=number, fine=fine, to="completed" if self.life == "once" else None):
            self.held += 1
            self.settled |= {number} - {None}

    def planned(self, number):
        start = self.start(number)
        return start is not None and (self.life != "open" or start.date() <= (self.now + timedelta(days=366)).date())

    def settle(self, who, number, kind):
        fine = self.planned(number)
        if fine:
            fine = self.now <= self.start(number) if kind is SessionCancelled else self.now >= self.start(number)
        if self.attempt(kind, who, number, fine=fine):
            self.cancelled += kind is SessionCancelled
            self.missed += kind is SessionMissed
            self.settled.add(number)

    def move(self, who, number, days):
        to = self.now + timedelta(days=days)
        fine = days >= 0 and self.planned(number) and self.now <= self.start(number)
        if self.attempt(SessionMoved, who, number, to, fine=fine):
            self.starts[number - 1] = to

    def advocate(self, who):
        to = "completed" if self.life == "sponsor once" else None
        if self.attempt(Advocated, who, "o", AdvocacyAct.INTRODUCED, to=to):
            self.advocacies[f"e{self.count - 1}"] = False

    def tell(self, who, which, outcome):
        chosen = [*self.advocacies, "none"][min(which, len(self.advocacies))]
        fine = self.advocacies.get(chosen) is False and outcome is not Outcome.OPEN
        if self.attempt(OutcomeKnown, who, chosen, outcome, fine=fine):
            self.advocacies[chosen] = True

    def write(self, who, author, goal, stars):
        self.attempt(NoteAdded, who, Note(author, "n"), fine=who == author)
        self.attempt(Rated, who, stars)
        self.attempt(Reviewed, who, [Note(author, "n")], fine=author in self.parties)
        reading = CheckIn(self.now.date(), stars)
        self.attempt(CheckedIn, who, goal, "calls", reading, fine=goal == 1 and self.life != "sponsor once")
        self.attempt(FocusSuggested, who, author, ["sales"], fine=self.parties.get(author) == "recipient")

    def consent(self, who, allowed):
        if self.attempt(Consented, who, Item.GOALS, ViewerRole.HR, allowed, fine=(who in self.consents) != allowed):
            self.consents ^= {who}

    def pause(self, who, days):
        until = None if days is None else (self.now + timedelta(days=days)).date()
        self.attempt(Paused, who, until, fine=days != 0)

    def close(self, who, reason):
        if self.attempt(ClosingBegun, who, reason, fine=who in OTHERS or reason is None or self.needed(who)):
            self.pending, self.notice = None, (who, self.now) if reason else None

    def resume(self, who):
        self.attempt(Resumed, who)

    def end_for_conduct(self, who):
        self.attempt(EndedForConduct, who)

    def complete(self, who, early):
        over = self.end is None or self.now.date() >= self.end
        if early:
            self.attempt(CompletedEarly, who, fine=not over)
        else:
            self.attempt(Completed, who, fine=over)

    def finish(self, who, reason):
        waived = self.notice is not None and (self.notice[0] != who or self.now >= self.notice[1] + timedelta(days=7))
        self.attempt(Ended, who, reason, fine=who in OTHERS or (self.needed(who) and waived))

    @invariant()
    def agrees_with_the_model(self):
        state = self.one.state
        assert (self.one.stage.value, self.one.version) == (self.stage, self.count)
        assert (state.held, state.missed, state.cancelled) == (self.held, self.missed, self.cancelled)
        assert (state.settled, dict(state.advocacies)) == (self.settled, self.advocacies)
        assert {party.person: party.role.value for party in state.parties} == self.parties
        assert {one.party for one in state.accepted} == self.yes
        assert (state.agreement.version, state.latest) == (self.version, self.latest)
        assert (state.pending.version if state.pending else None) == self.pending
        assert {person for person, _, _ in state.consents} == self.consents

    @invariant()
    def is_the_fold_of_its_history(self):
        again = Relationship.replay(self.one.history)
        assert (again, again.state) == (self.one, self.one.state)
        assert all(self.one.apply(event, expected_version=0) is self.one for event in self.one.history[-2:])


TestLife = Life.TestCase
TestLife.settings = settings(stateful_step_count=50)
TestLife.__doc__ = "Whatever is tried in whatever order: it happens exactly when a simple model says so, as it says."
