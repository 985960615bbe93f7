"""Promise 1, records are immutable, and the part of promise 8 that they keep: no repr shows private words."""

from __future__ import annotations

import copy
import pickle
import re
from importlib import import_module
from pkgutil import walk_packages

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import devrel
from devrel import lifecycle
from devrel._records import ReadOnly
from devrel.agreements import Agreement, Confidentiality, Contact, Records
from devrel.errors import (
    IllegalMove,
    InfeasibleProblem,
    InputError,
    InvalidValue,
    MissingExtra,
    NoSeat,
    Problem,
    StaleVersion,
    UnsupportedProblem,
    WrongAnswer,
)
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import MENTORING, GoalForm, Item, Side, ViewerRole
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    Advocated,
    Amended,
    CheckedIn,
    ClosingBegun,
    Consented,
    CounterProposed,
    Declined,
    DeclineReason,
    Ended,
    EndedForConduct,
    EndReason,
    Event,
    FocusSuggested,
    Joined,
    Left,
    NoteAdded,
    OutcomeKnown,
    Paused,
    Proposed,
    Rated,
    Reviewed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    SessionMoved,
)
from devrel.people import Party, Person, Role
from devrel.relationships import Relationship
from devrel.sessions import AdvocacyAct, FollowUp, Note, Outcome
from devrel.terms import Cadence, Term
from devrel.testing.strategies import START, agreements, enrollments, goals, people, relationships, terms
from devrel.visibility import Viewer, view_for
from tests.beginnings import ADMIN, MANAGER, MENTEE, MENTOR, SYSTEM, TODAY, accept_all, later

records = st.one_of(
    terms(),
    goals(),
    agreements(),
    enrollments,
    relationships(),
    relationships().map(lambda one: one.history[-1]),
    relationships().map(lambda one: view_for(one, Viewer.provider(one.people(Side.PROVIDER)[0]))),
    people().filter(bool).map(lambda made: made[0]),
)


EXCUSED = {"Trace.told"}  # what somebody is told about herself, as plain data to be written to a file


def library():
    """Return the public attrs classes of all modules of the library."""
    found = set()
    for module in walk_packages(devrel.__path__, "devrel."):
        found |= {
            made
            for name, made in vars(import_module(module.name)).items()
            if isinstance(made, type) and attrs.has(made) and "._" not in f"{made.__module__}.{name}"
        }
    return sorted((made for made in found if made.__module__.startswith("devrel")), key=lambda made: made.__qualname__)


def test_every_record_of_the_library_is_frozen():
    """No public attrs class of any module can be changed after it was made, and none has a list, set or dict inside."""
    known = library()
    assert len(known) > 100
    assert [made for made in known if not attrs.inspect(made).is_frozen] == []
    loose = re.compile(r"(list|dict|set|bytearray)\b")
    fields = [(made, one) for made in known for one in attrs.fields(made) if not one.name.startswith("_")]
    assert {f"{made.__name__}.{one.name}" for made, one in fields if loose.match(str(one.type))} <= EXCUSED


@given(records)
def test_no_field_of_a_record_can_be_set(record):
    """Setting or deleting any field of any record is refused and changes nothing."""
    before = copy.deepcopy(record)
    for attribute in attrs.fields(type(record)):
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            setattr(record, attribute.name, None)
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            delattr(record, attribute.name)
    assert record == before


@given(records)
def test_records_are_hashable_and_picklable(record):
    """A record can be a key, and comes back equal from a pickle, as process pools need it."""
    assert hash(pickle.loads(pickle.dumps(record))) == hash(record)
    assert pickle.loads(pickle.dumps(record)) == record


@given(st.dictionaries(st.text(), st.integers()))
def test_mappings_inside_records_are_read_only(data):
    """A mapping given to a record is copied, and the copy has no way to be changed."""
    frozen, before = ReadOnly(data), dict(data)
    data["later"] = "changed"
    assert dict(frozen) == before
    assert repr(frozen) == f"ReadOnly({', '.join(map(repr, before))})"  # the values may be private
    for change in (
        lambda: frozen.__setitem__("x", 1),
        lambda: frozen.__delitem__("x"),
        lambda: setattr(frozen, "_data", {}),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()


@pytest.mark.parametrize(
    "error",
    [
        InvalidValue("field", "wrong", "remedy"),
        InputError([Problem("wrong", "remedy", file="f", row=2)]),
        IllegalMove("Accepted", "ended", "why", ["Ended"]),
        StaleVersion(1, 2),
        WrongAnswer("optimal", ["one"]),
        UnsupportedProblem("optimal", ["two"]),
        InfeasibleProblem("no"),
        NoSeat("m", "provider", 2),
        MissingExtra("a part", "a package", "extra"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_come_back_whole_from_another_process(error):
    """A pickled error has the same text and the same data, as process pools send them."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_a_change_is_a_new_value():
    """An amendment leaves the first version as it was."""
    first = Agreement(Term(START.date()), Cadence())
    second = first.amended(minutes=30)
    assert (first.minutes, first.version) == (60, 1)
    assert (second.minutes, second.version) == (30, 2)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Person(""), "id"),
        (lambda: Person("a", level="high"), "level"),  # type: ignore[arg-type]
        (lambda: Person("a", level=True), "level"),
        (lambda: Agreement(Term(START.date()), Cadence(), minutes=1), "minutes"),
        (lambda: Agreement(Term(START.date()), Cadence(), goals=["text"]), "goals"),
        (lambda: Agreement(Term(START.date()), Cadence(), goals="text"), "value"),
        (lambda: Agreement(Term(START.date()), Cadence(), hopes={"high"}), "hopes"),
        (lambda: Agreement(Term(START.date()), Cadence()).amended(version=9), "version"),
    ],
    ids=["blank", "text", "bool", "short", "items", "letters", "set", "version"],
)
def test_a_wrong_value_is_refused_by_field_and_never_repeated(make, field):
    """A wrong value raises an error that names the field, and does not show the value."""
    with pytest.raises(InvalidValue) as caught:
        make()
    assert caught.value.field == field
    assert "high" not in str(caught.value)


# Private words ----------------------------------------------------------------------------------------------------

secrets = st.text(st.characters(categories=["Lu", "Ll"]), min_size=6, max_size=12).map(lambda text: f"zq{text}zq")


def all_events():
    """Return every type of event there is."""
    return [kind for kind in vars(lifecycle).values() if isinstance(kind, type) and issubclass(kind, Event)]


def private_agreement(words):
    """Return an agreement with the same words in every clause that takes words."""
    goal = Goal(words, GoalForm.SPECIFIC, [KeyResult(words, 0, 1, words)], focus_areas=[words])
    return Agreement(
        Term(TODAY),
        Cadence(),
        goals=[goal],
        contact=Contact(words),
        confidentiality=Confidentiality(words, [words]),
        records=Records(words),
        **dict.fromkeys(("purpose", "problem_solving", "ethics", "not_therapy", "scope", "benefit"), words),
        **{name: [words] for name in ("provider_commits", "recipient_commits", "boundaries", "conflicts", "extra")},
    )


def private_events(words):
    """Return an event of every type, with the words wherever one takes words, and private reasons."""
    agreement = private_agreement(words)
    told = {
        Proposed: proposed(agreement=agreement).history[0],
        Accepted: Accepted("x", MENTOR, START, 1),
        Amended: Amended("x", MENTOR, START, agreement.amended()),
        CounterProposed: CounterProposed("x", MENTOR, START, agreement.amended()),
        Declined: Declined("x", MENTEE, START, DeclineReason.CONFLICT, words),
        Joined: Joined("x", Actor.recipient("new"), START, Party("new", Role.RECIPIENT), 1),
        Left: Left("x", MENTEE, START, "r0", EndReason.NOT_A_FIT, words),
        SessionHeld: SessionHeld(
            "x",
            MENTOR,
            START,
            topics=[words],
            follow_ups=[FollowUp(words, "p0")],
            notes=[Note("p0", words)],
        ),
        SessionCancelled: SessionCancelled("x", MENTOR, START, 1, words),
        SessionMissed: SessionMissed("x", MENTOR, later(1), 1, ["r0"]),
        SessionMoved: SessionMoved("x", MENTOR, START, 1, later(1)),
        Advocated: Advocated("x", MENTOR, START, words, AdvocacyAct.INTRODUCED),
        OutcomeKnown: OutcomeKnown("x", MENTOR, START, "v", Outcome.LOST),
        CheckedIn: CheckedIn("x", MENTOR, START, 1, words, CheckIn(TODAY, 1)),
        NoteAdded: NoteAdded("x", MENTOR, START, Note("p0", words)),
        Rated: Rated("x", MENTOR, START, 1, words),
        FocusSuggested: FocusSuggested("x", MANAGER, START, "r0", [words]),
        Consented: Consented("x", MENTOR, START, Item.GOALS, ViewerRole.HR),
        Reviewed: Reviewed("x", MENTOR, START, [Note("p0", words)]),
        Paused: Paused("x", MENTOR, START),
        ClosingBegun: ClosingBegun("x", MENTOR, START, EndReason.NOT_A_FIT),
        Ended: Ended("x", ADMIN, START, EndReason.NOT_A_FIT, words),
        EndedForConduct: EndedForConduct("x", ADMIN, START, words),
    }
    return [told.get(kind) or kind("x", SYSTEM, START) for kind in all_events() if kind is not Event]


def proposed(agreement):
    people = (Party("p0", Role.PROVIDER), Party("r0", Role.RECIPIENT))
    return Relationship.propose("rel", MENTORING, people, agreement, actor=SYSTEM, at=START)


@given(secrets)
def test_private_words_are_in_no_repr_and_no_refusal(words):
    """What people wrote, and why they ended or declined, is in no repr of any record and in no text of a refusal."""
    agreement = private_agreement(words)
    fresh = proposed(agreement)
    running = accept_all(fresh).apply(Activated("go", SYSTEM, START))
    lives = [fresh, running, running.apply(Ended("e", ADMIN, START, EndReason.NOT_A_FIT, words))]
    said = [repr(getattr(agreement, one.name)) for one in attrs.fields(Agreement) if "str" not in str(one.type)]
    said += [
        repr(agreement),
        repr(agreement.goals[0].key_results),
        repr(Note("p0", words)),
        repr(FollowUp(words, "p0")),
    ]
    for event in private_events(words):
        said.append(repr(event))
        for one in lives:
            try:
                after = one.apply(event)
            except IllegalMove as refused:
                said.append(str(refused))
            else:
                said += [repr(after), repr(after.state), repr(after.history), repr(after.state.plans)]
                said.append(repr(after.planned_sessions(until=later(99).date())))
    assert [text for text in said if words in text] == []
    hidden = (EndReason.NOT_A_FIT, DeclineReason.CONFLICT)
    assert [text for text in said if any(one.name in text or one.value in text for one in hidden)] == []


def test_every_event_type_is_among_those_that_are_looked_at():
    """The property above looks at every type of event with fields of its own, so a new one needs a line there."""
    own = {kind for kind in all_events() if len(attrs.fields(kind)) > len(attrs.fields(Event))}
    assert own <= {type(event) for event in private_events("words")}
    assert len(private_events("words")) == len(all_events()) - 1
