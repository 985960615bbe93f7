"""Relationships as JSON: everything comes back equal, and everything wrong is told with its path."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InputError, InvalidValue
from devrel.formats.json import EVENTS, SCHEMA, dumps_relationships, loads_relationships, make_converter
from devrel.kinds import KINDS, MENTORING
from devrel.lifecycle import MOVES, Actor, Event, Paused, Proposed
from devrel.people import Party
from devrel.relationships import Relationship
from tests.generate import START, agree, agreements, proposals, relationships
from tests.test_lifecycle import active


@given(st.lists(relationships(), max_size=3))
def test_relationships_read_back_equal(listed):
    """Any relationships, somewhere in their lives, private words included, come back equal."""
    assert loads_relationships(dumps_relationships(listed)) == tuple(listed)


@given(proposals())
def test_the_state_read_back_is_the_same(relationship):
    """What is derived from the history is the same after reading as before."""
    relationship = agree(relationship)
    (again,) = loads_relationships(dumps_relationships([relationship]))
    assert again.state == relationship.state
    assert again.planned_sessions(until=START.date()) == relationship.planned_sessions(until=START.date())


def test_every_type_of_event_can_be_written():
    """The formats know every event of the table of moves, and the proposal."""
    assert {Proposed, *(move.event for move in MOVES)} == set(EVENTS)


def test_kinds_of_ones_own_are_read_when_they_are_given():
    """A kind made by somebody is stored by name; reading it needs the kind, and says so without."""
    own = MENTORING.derive("alumni-mentoring", source="own")
    base = active()
    mine = Relationship("r", own, base.parties, base.history)
    text = dumps_relationships([mine])
    assert loads_relationships(text, kinds=[*KINDS, own]) == (mine,)
    with pytest.raises(InputError, match="Pass your own kinds to the reader"):
        loads_relationships(text)


def broken(change) -> list[str]:
    document = json.loads(dumps_relationships([active(), active()]))
    change(document)
    with pytest.raises(InputError) as caught:
        loads_relationships(json.dumps(document), file="r.json")
    return [str(problem) for problem in caught.value.problems]


def at(path, value):
    """A change that sets the value at a path of keys; a value of None removes it."""

    def change(document):
        *way, last = path
        for key in way:
            document = document[key]
        if value is None:
            del document[last]
        else:
            document[last] = value

    return change


FIRST = ("relationships", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            at(("schema",), SCHEMA + 1),
            "schema: is version 2; this release reads up to version 1. Install a newer",
        ),
        (at(("schema",), "1"), "schema: is not a version"),
        (at(("type",), "other"), "type: is not 'devrel.relationships'"),
        (at(("more",), 1), "more: is not a known key"),
        (at(("relationships",), {}), "relationships: is not a list"),
        (at((*FIRST, "extra"), 1), "relationships[1]: unknown key 'extra'"),
        (at((*FIRST, "progrm"), 1), "Did you mean 'program'?"),
        (
            at((*FIRST, "state"), 1),
            "unknown key 'state'. Did you mean 'parties'? Known: history, id, kind,",
        ),
        (at((*FIRST, "id"), None), "relationships[1].id: the key 'id' is missing. Add it."),
        (at((*FIRST, "id"), 5), "relationships[1].id: value: must be of type str"),
        (at((*FIRST, "kind"), "mentorin"), "relationships[1].kind: kind: is not known. Did you mean 'mentoring'?"),
        (at((*FIRST, "parties", 0, "role"), "provder"), "Did you mean 'provider'?"),
        (at((*FIRST, "history", 1, "type"), "Acepted"), "type: is no type of event. Did you mean 'Accepted'?"),
        (at((*FIRST, "history", 1), 5), "event: must be an object"),
        (at((*FIRST, "history", 0, "at"), "yesterday"), "history[0].at: value: must be an ISO 8601 datetime"),
        (at((*FIRST, "history", 0, "at"), "2026-01-05T00:00:00"), "at: must be a datetime with a time zone"),
        (at((*FIRST, "history", 0, "agreement", "term", "end"), "2020-01-01"), "must not lie before the start"),
        (at((*FIRST, "history", 0, "agreement", "minutes"), True), "must be of type int"),
        (at((*FIRST, "history"), []), "must begin with the proposal"),
        (at((*FIRST, "history", 3, "type"), "Resumed"), "Resumed is refused while the relationship is agreeing"),
    ],
)
def test_whatever_is_wrong_is_told_with_its_path(change, said):
    """Each fault of a document has the path to it, what is wrong and what to do."""
    assert any(said in line for line in broken(change)), broken(change)


def test_all_faults_are_told_at_once():
    """Faults in several relationships come in one error."""

    def change(document):
        document["relationships"][0]["id"] = 1
        document["relationships"][1]["parties"][0]["role"] = "x"
        document["relationships"][1]["history"][0]["agreement"]["minutes"] = "x"

    assert len(broken(change)) == 3


def test_a_moment_in_the_repeated_hour_is_the_same_after_reading():
    """An event in the hour that the clocks repeat reads back equal, and applying it again changes nothing."""
    moment = datetime(2027, 10, 31, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London"))
    paused = active().apply(Paused("p", Actor.provider("m"), moment))
    (again,) = loads_relationships(dumps_relationships([paused]))
    assert again == paused
    assert again.apply(paused.history[-1]) is again
    assert paused.history[-1].at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_times_of_day_and_single_events_are_read():
    """The converter reads a time of day strictly, and one event by its type."""
    converter = make_converter()
    assert converter.structure("10:30:00", time) == time(10, 30)
    with pytest.raises(InvalidValue, match="ISO 8601 time"):
        converter.structure(1030, time)
    for event in active().history:
        assert converter.structure(converter.unstructure(event, Event), Event) == event


@pytest.mark.parametrize(
    "text", ["", f'{{"schema": {"9" * 5000}}}', "[", "[]", "[" * 100_000, '{"relationships": ' + "[" * 5000]
)
def test_what_is_no_document_is_refused(text):
    """Broken JSON, another shape and hostile nesting are problems and not crashes."""
    with pytest.raises(InputError):
        loads_relationships(text)


@given(agreements)
def test_the_converter_serves_other_formats(agreement):
    """Third parties get a converter that knows the records, for formats of their own."""
    converter = make_converter()
    assert converter.structure(converter.unstructure(agreement), type(agreement)) == agreement
    assert converter.structure(converter.unstructure(Actor.system()), Actor) == Actor.system()
    assert converter.unstructure(Party("a", active().parties[0].role)) == {"person": "a", "role": "provider"}
