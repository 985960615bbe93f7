"""JSON for every record: all comes back equal, and everything wrong is told with its path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from attrs import evolve
from cattrs import Converter
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from devrel.agreements import Agreement, Confidentiality
from devrel.errors import InputError, InvalidValue, Problem
from devrel.formats.json import (
    DOCUMENTS,
    EVENTS,
    MOST_PROBLEMS,
    SCHEMA,
    configure_converter,
    dumps,
    dumps_relationships,
    json_schema,
    json_schemas,
    limits,
    loads,
    loads_relationships,
    make_converter,
)
from devrel.goals import Goal, KeyResult
from devrel.kinds import (
    COACHING,
    KINDS,
    MENTORING,
    Clause,
    Composition,
    GoalForm,
    Horizon,
    Item,
    Mode,
    RelationshipKind,
    Titles,
)
from devrel.lifecycle import MOVES, Accepted, Activated, Actor, Event, Paused, Proposed, SessionHeld, Stage
from devrel.needs import Need
from devrel.needs.need import Ask, CareerStage, WhoDirects
from devrel.people import Party, Person, Role
from devrel.relationships import Relationship, pair
from devrel.sessions import Note
from devrel.terms import Cadence, Term, TermForm
from devrel.testing import strategies as make
from devrel.visibility import Viewer, view_for

START = make.START
STORED = Path(__file__).parent / "data"


def active(**more: Any) -> Relationship:
    """A mentoring that has begun, with a goal that is measured."""
    goals = [Goal("find a direction"), Goal("speak", GoalForm.SPECIFIC, [KeyResult("talks", 0, 4, "talks")])]
    agreement = Agreement(Term.of_months(date(2026, 1, 5), 6), Cadence(), goals=goals, **more)
    proposed = Relationship.propose("r", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=START)
    yes = [Accepted("a1", Actor.provider("m"), START, 1), Accepted("a2", Actor.recipient("n"), START, 1)]
    return proposed.apply_all([*yes, Activated("a3", Actor.system(), START)])


@st.composite
def relationships(draw: st.DrawFn) -> Relationship:
    """Relationships some of whose events belong to something in the embedding system."""
    drawn = draw(make.relationships())
    marks = st.none() | make.texts
    return Relationship.replay([evolve(event, correlation=draw(marks)) for event in drawn.history])


def maybe(values: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(values)


@st.composite
def kinds(draw: st.DrawFn) -> RelationshipKind:
    """The kinds of the library, and kinds made from them."""
    base = draw(st.sampled_from(KINDS))
    if draw(st.booleans()):
        return base
    count = st.integers(1, 5)
    facets: dict[str, st.SearchStrategy[Any]] = {
        "titles": st.builds(Titles, make.texts, make.texts),
        "composition": st.builds(
            Composition,
            make.texts,
            st.tuples(count, st.none() | count),
            st.tuples(count, st.none()),
            maybe([True, False]),
        ),
        "modes": st.frozensets(st.sampled_from(Mode)),
        "requires": st.frozensets(st.sampled_from(Clause)),
        "constraints": st.lists(make.texts, max_size=2),
        "manager_sees": st.frozensets(st.sampled_from(Item)),
    }
    changes = draw(st.fixed_dictionaries({}, optional=facets))
    return base.derive(f"own {base.name}", source=draw(make.texts), **changes)


needs = st.builds(
    Need,
    maybe(CareerStage),
    maybe(Horizon),
    maybe(Ask),
    maybe(WhoDirects),
    maybe(TermForm),
    **{name: st.booleans() for name in ("opportunities", "peer", "manager", "remote", "distress", "dispute")},
    group=maybe([True, False]),
)

RECORDS: dict[str, st.SearchStrategy[Any]] = {
    "relationships": relationships(),
    "people": make.people(3).filter(bool).map(lambda people: people[-1]),
    "enrollments": make.enrollments,
    "agreements": make.agreements(),
    "goals": make.goals(),
    "needs": needs,
    "kinds": kinds(),
}
names = pytest.mark.parametrize("name", DOCUMENTS)
CONVERTER = make_converter()
DEFINITIONS = {"$defs": json_schema(Relationship)["$defs"]}
SCHEMAS = json_schemas()
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}


def everything(record: Any) -> list[Any]:
    """A record with what its equality does not look at."""
    history = getattr(record, "history", ())
    return [record, *((event.recorded, event.correlation) for event in history)]


@names
@given(st.data())
def test_records_read_back_equal(name, data):
    """Any records of any document, private words included, come back equal, and so does the document."""
    records = data.draw(st.lists(RECORDS[name], max_size=3))
    text = dumps(records, DOCUMENTS[name])
    again = loads(text, DOCUMENTS[name])
    assert [everything(one) for one in again] == [everything(one) for one in records]
    assert loads(text.encode(), DOCUMENTS[name]) == again
    assert dumps(again, DOCUMENTS[name]) == text


@given(relationships())
def test_the_state_read_back_is_the_same(relationship):
    """What is derived from the history is the same after reading as before."""
    (again,) = loads_relationships(dumps_relationships([relationship]))
    assert again.state == relationship.state
    until = date(2027, 1, 1)
    assert again.planned_sessions(until=until) == relationship.planned_sessions(until=until)


def test_the_formats_know_every_type_of_event():
    """The types of event are those of the table of moves, and the proposal."""
    assert set(EVENTS) == {Proposed, *(move.event for move in MOVES)}


@pytest.mark.parametrize("kind", EVENTS)
@given(st.data())
def test_every_type_of_event_reads_back_equal(kind, data):
    """An event of each type comes back equal, its type stands in front, and it fits its schema."""
    relationship = make.agree(data.draw(make.proposals()))
    event = relationship.history[0] if kind is Proposed else data.draw(make.events(relationship, 7, kind))
    written = json.loads(json.dumps(CONVERTER.unstructure(event, Event)))
    again = CONVERTER.structure(written, Event)
    assert type(again) is kind
    assert (again, again.recorded) == (event, event.recorded)
    assert next(iter(written.items())) == ("type", kind.__name__)
    assert CONVERTER.structure(CONVERTER.unstructure(event), kind) == event
    Draft202012Validator({**DEFINITIONS, "$ref": f"#/$defs/{kind.__name__}"}).validate(written)


@names
def test_schemas_are_schemas(name):
    """Each document has a schema of its own with a name that carries the version."""
    schema = json_schema(DOCUMENTS[name])
    Draft202012Validator.check_schema(schema)
    assert schema == SCHEMAS[name]
    assert schema["$id"] == f"urn:devrel:{name}:{SCHEMA}"
    assert schema["$schema"].endswith("2020-12/schema")


@names
@given(st.data())
def test_documents_fit_their_schema(name, data):
    """What is written is valid by the schema of its document."""
    text = dumps(data.draw(st.lists(RECORDS[name], max_size=2)), DOCUMENTS[name])
    VALIDATORS[name].validate(json.loads(text))


def test_schemas_describe_what_the_records_say():
    """Descriptions come from the docstrings, those of inherited attributes too; what has a default is not required."""
    held = json_schema(Relationship)["$defs"]["SessionHeld"]
    assert held["required"] == ["type", "id", "actor", "at"]
    assert held["properties"]["minutes"]["description"] == "How long; null for the agreed length."
    assert held["properties"]["at"]["description"] == "When it happened; kept in UTC."
    assert held["additionalProperties"] is False


@attrs.frozen
class Odd:
    """A record that JSON Schema cannot describe."""

    odd: Any


@pytest.mark.parametrize("annotation", [bytes, dict[int, str], list[str], set[str]])
def test_an_annotation_that_is_not_known_has_no_schema(annotation, monkeypatch):
    """A schema never lets something pass because nobody said what it is."""
    monkeypatch.setitem(Odd.__annotations__, "odd", annotation)
    monkeypatch.setitem(DOCUMENTS, "odd", Odd)
    with pytest.raises(InvalidValue, match="has no JSON Schema; teach"):
        json_schema(Odd)


def described(schema: dict[str, Any], node: Any, root: dict[str, Any], path: str = "") -> Any:
    """Every node of a document with its path, what stands above it, its key there and its schema."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "oneOf" in schema:
        yield from described({"$ref": f"#/$defs/{node['type']}"}, node, root, path)
        return
    if {"type": "null"} in schema.get("anyOf", []):
        other = {"type": "null"} if node is None else schema["anyOf"][0]
        yield from described(other, node, root, path)
        return
    yield path, node, schema
    if isinstance(node, dict):
        more: Any = schema.get("additionalProperties")
        for key, value in node.items():
            if "properties" in schema:
                yield from described(schema["properties"][key], value, root, f"{path}.{key}".lstrip("."))
            else:
                yield from described(more, value, root, f"{path}[{key!r}]")
    if isinstance(node, list) and "anyOf" not in schema:
        places = schema.get("prefixItems") or [schema["items"]] * len(node)
        for number, (place, value) in enumerate(zip(places, node, strict=True)):
            yield from described(place, value, root, f"{path}[{number}]")


def replaced(node: Any, path: str, value: Any, here: str = "") -> Any:
    """A document with another value at a path."""
    if here == path:
        return value
    if isinstance(node, dict):
        mapped = here.endswith((".attributes", ".sensitive"))
        ways = {key: f"{here}[{key!r}]" if mapped else f"{here}.{key}".lstrip(".") for key in node}
        return {key: replaced(one, path, value, ways[key]) for key, one in node.items()}
    if isinstance(node, list):
        return [replaced(one, path, value, f"{here}[{number}]") for number, one in enumerate(node)]
    return node


def refused(document: Any, name: str) -> tuple[Problem, ...]:
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    with pytest.raises(InputError) as caught:
        loads(text, DOCUMENTS[name])
    assert all(problem.wrong and problem.remedy.endswith((".", "?")) for problem in caught.value.problems)
    return caught.value.problems


WRONG = [[["odd"]]]  # no record has lists in lists, so this is wrong everywhere


@names
@given(st.data())
def test_a_fault_at_any_place_is_refused_with_its_path(name, data):
    """A key too much, a key too few and a wrong type are refused wherever they are, by the reader and by the schema."""
    document = json.loads(dumps([data.draw(RECORDS[name])], DOCUMENTS[name]))
    schema = SCHEMAS[name]
    nodes = list(described(schema, document, schema))
    path, node, of = data.draw(st.sampled_from(nodes))
    needed = of.get("required")
    fault = data.draw(st.sampled_from(["wrong", "unknown", "missing"] if needed else ["wrong"]))
    if fault == "wrong":
        assume(path)
        value, where = WRONG, path
    elif fault == "unknown":
        value, where = {**node, "no such key": 1}, path or "no such key"
    else:
        key = data.draw(st.sampled_from(needed))
        value, where = {other: one for other, one in node.items() if other != key}, f"{path}.{key}".lstrip(".")
    broken = replaced(document, path, value)
    assert not VALIDATORS[name].is_valid(broken)
    columns = [problem.column or "" for problem in refused(broken, name)]
    # An event without its type, or with an unknown one, is refused as a whole.
    assert any(column.startswith(where) or column == where.removesuffix(".type") for column in columns), columns


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
) | st.sampled_from([10**400, 1e308, {"type": "Accepted"}, "2026-01-05", "0001-01-01T00:00:00+14:00", "admin", "both"])


def places(node: Any, way: tuple[Any, ...] = ()) -> Any:
    """The way to every node of a document."""
    yield way
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield from places(value, (*way, key))


def put(node: Any, way: tuple[Any, ...], value: Any) -> Any:
    """A document with another value at the end of a way."""
    if not way:
        return value
    key, *rest = way
    changed = dict(node) if isinstance(node, dict) else list(node)
    before = node.get(key) if isinstance(node, dict) else node[key]
    changed[key] = put(before, tuple(rest), value)
    return changed


def read(text: str | bytes, name: str) -> tuple[Any, ...]:
    """What is read, or nothing where the document is refused; any other error is a defect."""
    try:
        return loads(text, DOCUMENTS[name])
    except InputError as error:
        assert error.problems
        return ()


@names
@given(st.data())
def test_no_value_at_any_place_does_more_than_be_refused(name, data):
    """Whatever stands at any place of a document, there are records or an InputError, and records read back equal."""
    document = json.loads(dumps([data.draw(RECORDS[name])], DOCUMENTS[name]))
    way = data.draw(st.sampled_from(list(places(document))))
    records = read(json.dumps(put(document, way, data.draw(anything))), name)
    assert read(dumps(records, DOCUMENTS[name]), name) == records


def stored(name: str) -> Any:
    return json.loads((STORED / name).read_text(encoding="utf-8"))


@given(st.data())
def test_no_value_in_an_old_document_does_more_than_be_refused(data):
    """Whatever stands in a document of schema 1, there are records or an InputError."""
    document = stored("relationships-1.json")
    document["relationships"] = [data.draw(st.sampled_from(document["relationships"]))]
    way = data.draw(st.sampled_from(list(places(document))))
    read(json.dumps(put(document, way, data.draw(anything))), "relationships")


def test_relationships_of_schema_1_are_what_they_were():
    """Stored relationships keep ids, kinds, sessions held, versions, events and stages, but for one exception.

    Where one party's no ended a group of schema 1 that could go on without her, the program withdraws the proposal.
    """
    relationships_now = loads_relationships((STORED / "relationships-1.json").read_bytes())
    facts = stored("relationships-1-facts.json")
    assert len(relationships_now) == len(facts)
    withdrawn = 0
    for one, fact in zip(relationships_now, facts, strict=True):
        now = (one.id, one.kind.name, one.state.held, one.agreement.version)
        assert now == (fact["id"], fact["kind"], fact["held"], fact["version"])
        assert [event.id for event in one.history][: len(fact["events"])] == fact["events"]
        then = Stage(fact["stage"])
        assert one.stage.final == then.final
        if then is Stage.DECLINED and len(one.history[0].parties) > 2 and one.stage is Stage.WITHDRAWN:
            withdrawn += 1
        else:
            assert one.stage is then, fact
    assert withdrawn == 7


def test_the_stored_relationships_cover_all_there_was():
    """The documents of schema 1 hold every stage, every type of event and every kind that it had."""
    facts = stored("relationships-1-facts.json")
    assert {Stage(fact["stage"]) for fact in facts} == set(Stage)
    assert {fact["kind"] for fact in facts} == {"mentoring", "coaching", "advising", "sponsoring", "career-coaching"}
    types = {event["type"] for one in stored("relationships-1.json")["relationships"] for event in one["history"]}
    before = {"Proposed", "Amended", "Accepted", "Declined", "Withdrawn", "Expired", "Invalidated", "Activated"}
    during = {"SessionHeld", "Paused", "Resumed", "ClosingBegun"}
    assert types == {*before, *during, "Completed", "CompletedEarly", "Ended", "EndedForConduct"}


def texts_in(node: Any) -> set[str]:
    if isinstance(node, dict | list):
        return set().union(*map(texts_in, node.values() if isinstance(node, dict) else node))
    return {node} if isinstance(node, str) and node.strip() else set()


def test_no_words_of_schema_1_are_lost():
    """Every text of an old document is in the new one; a session's notes became a note that the parties may read."""
    old = stored("relationships-1.json")["relationships"]
    document = (STORED / "relationships-1.json").read_text(encoding="utf-8")
    now = loads_relationships(document)
    new = json.loads(dumps_relationships(now))["relationships"]
    for before, after in zip(old, new, strict=True):
        pauses = {event["until"] for event in before["history"] if event["type"] == "Paused"}
        assert texts_in(before) - texts_in(after) <= pauses
    written = [event["notes"] for one in old for event in one["history"] if event.get("notes", "").strip()]
    notes = [note for one in now for event in one.history if isinstance(event, SessionHeld) for note in event.notes]
    assert [note.text for note in notes] == written
    assert {note.audience.value for note in notes} == {"the parties"}


def test_only_running_agreements_get_clauses_that_are_not_stated():
    """What today's kinds demand is marked as not stated where it was active, and left out where it is still open."""
    for one in loads_relationships((STORED / "relationships-1.json").read_bytes()):
        stated = "not stated" in json.dumps(CONVERTER.unstructure(one.history))
        demanding = one.kind is not MENTORING
        assert stated == (one.state.activated is not None and (demanding or stated)), one
        assert not one.agreement.missing_for(one.kind) or one.state.activated is None


def broken(way: tuple[Any, ...], value: Any) -> list[str]:
    """What is said of two relationships, one of which has another value at the end of a way."""
    document = put(json.loads(dumps_relationships([active(), active()])), way, value)
    return [str(problem) for problem in refused(without_gone(document), "relationships")]


GONE = object()


def without_gone(node: Any) -> Any:
    """A document without what is gone."""
    if isinstance(node, dict):
        return {key: without_gone(value) for key, value in node.items() if value is not GONE}
    return [without_gone(one) for one in node if one is not GONE] if isinstance(node, list) else node


def numbered(cases: list[Any]) -> list[str]:
    """Names for cases whose values are too long or too alike to be names."""
    return [f"{number}: {said}" for number, (*_, said) in enumerate(cases)]


FIRST = ("relationships", 1)
PROPOSAL = (*FIRST, "history", 0)
IN_PROPOSAL = "document, relationships[1].history[0]"
FAULTS = [
    (("schema",), 3, "schema: is version 3; this release reads up to version 2. Install a newer devrel."),
    (("schema",), "1", "schema: is not a version"),
    (("schema",), True, "schema: is not a version"),
    (("type",), "other", "type: is not 'devrel.relationships'"),
    (("more",), 1, "more: is not a known key"),
    (("relationships",), {}, "relationships: is not a list"),
    ((*FIRST, "histroy"), 1, "relationships[1]: unknown key 'histroy'. Did you mean 'history'?"),
    ((*FIRST, "history"), GONE, "relationships[1].history: the key 'history' is missing. Add it."),
    ((*FIRST, "history"), "m", "relationships[1].history: must be a list"),
    ((*FIRST, "history"), [], "relationships[1]: history: must begin with the proposal"),
    (FIRST, 5, "relationships[1]: must be an object"),
    ((*PROPOSAL, "progrm"), 1, f"{IN_PROPOSAL}: unknown key 'progrm'. Did you mean 'program'?"),
    ((*PROPOSAL, "relationship"), 5, f"{IN_PROPOSAL}.relationship: must be a text"),
    ((*PROPOSAL, "kind"), "mentorin", "history[0].kind: kind: 'mentorin' is not known. Did you mean 'mentoring'?"),
    ((*PROPOSAL, "kind"), ["mentoring"], "history[0].kind: kind: is not known. Known: "),
    ((*PROPOSAL, "parties", 0, "role"), "provder", "parties[0].role: is no Role. Did you mean 'provider'?"),
    ((*PROPOSAL, "parties", 0, "role"), ["provider"], "parties[0].role: is no Role. Known: "),
    ((*PROPOSAL, "parties", 0), "m", "parties[0]: must be an object"),
    ((*PROPOSAL, "actor"), [], f"{IN_PROPOSAL}.actor: must be an object"),
    ((*PROPOSAL, "at"), "yesterday", f"{IN_PROPOSAL}.at: must be an ISO 8601 datetime. Write it like 2026-"),
    ((*PROPOSAL, "at"), 5, f"{IN_PROPOSAL}.at: must be an ISO 8601 datetime"),
    ((*PROPOSAL, "at"), "2026-01-05T00:00:00", "at: must be a datetime with a time zone"),
    ((*PROPOSAL, "at"), "0001-01-01T00:00:00+14:00", f"{IN_PROPOSAL}: lies outside the calendar"),
    ((*PROPOSAL, "agreement", "term", "end"), "2020-01-01", "must not lie before the start"),
    ((*PROPOSAL, "agreement", "minutes"), True, "agreement.minutes: must be a whole number"),
    ((*PROPOSAL, "agreement", "minutes"), 60.0, "agreement.minutes: must be a whole number"),
    ((*PROPOSAL, "agreement", "boundaries"), "ab", "agreement.boundaries: must be a list"),
    ((*PROPOSAL, "agreement", "hopes"), ["time", "tim"], "agreement.hopes[1]: is no Support. Did you mean 'ti"),
    ((*PROPOSAL, "agreement", "hopes"), ["time"] * 2, "agreement.hopes: has something twice"),
    ((*PROPOSAL, "agreement", "provider_hours"), 10**400, "provider_hours: must be a number"),
    ((*FIRST, "history", 1, "type"), "Acepted", "no type of event that fits. Did you mean 'Accepted'?"),
    ((*FIRST, "history", 1, "type"), GONE, "history[1]: type: is missing. "),
    ((*FIRST, "history", 1), 5, "history[1]: must be an object"),
    ((*FIRST, "history", 3, "type"), "Resumed", "Resumed is refused while the relationship is agreeing"),
]


@pytest.mark.parametrize(
    ("way", "value", "said"), FAULTS, ids=[f"{said} {number}" for number, (*_, said) in enumerate(FAULTS)]
)
def test_whatever_is_wrong_is_told_with_its_path(way, value, said):
    """Each fault of a document has the path to it, what is wrong and what to do, with the nearest known word."""
    told = broken(way, value)
    assert any(said in line for line in told), told


def test_all_faults_are_told_at_once():
    """Faults in several relationships, and two in one object, come in one error."""

    document = json.loads(dumps_relationships([active(), active()]))
    one, other = (record["history"][0] for record in document["relationships"])
    one["relationship"] = 1
    other["parties"][0]["role"] = "x"
    other["agreement"] |= {"minutes": "x", "ethic": "", "purpos": ""}
    told = [str(problem) for problem in refused(document, "relationships")]
    assert len(told) == 5
    assert any("Did you mean 'ethics'?" in line for line in told)
    assert any("Did you mean 'purpose'?" in line for line in told)


def test_faults_beyond_counting_are_counted():
    """Of very many problems only the first are told, and that there are more."""
    many = {"type": "devrel.goals", "schema": SCHEMA, "goals": [{}] * (MOST_PROBLEMS + 1)}
    told = refused(many, "goals")
    assert len(told) == MOST_PROBLEMS + 1
    assert str(told[-1]) == "document: there are more than 1,000 problems. Correct these first."


def test_kinds_of_ones_own_are_read_when_they_are_given():
    """A kind made by somebody is stored by name; reading it needs the kind, and says so without."""
    own = MENTORING.derive("alumni-mentoring", source="own")
    mine = Relationship.replay([evolve(active().history[0], kind=own)])
    text = dumps_relationships([mine])
    assert loads_relationships(text, kinds=[*KINDS, own]) == (mine,)
    with pytest.raises(InputError, match="pass your own kinds to the reader"):
        loads_relationships(text)


def test_a_kind_that_would_be_read_as_another_is_not_written():
    """A kind under the name of another one is refused by the writer, unless the reader will get it too."""
    mine = evolve(MENTORING, source="own")
    relationship = Relationship.replay([evolve(active().history[0], kind=mine)])
    with pytest.raises(InvalidValue, match="'mentoring' is the name of another kind"):
        dumps_relationships([relationship])
    given_kinds = [COACHING, mine]
    text = dumps_relationships([relationship], kinds=given_kinds)
    assert loads_relationships(text, kinds=given_kinds) == (relationship,)
    again = evolve(MENTORING)
    assert again is not MENTORING
    assert dumps_relationships([Relationship.replay([evolve(active().history[0], kind=again)])])


@pytest.mark.parametrize("viewer", [Viewer.provider("m"), Viewer.recipient("n"), Viewer.manager("boss", of=["n"])])
def test_views_are_no_records(viewer):
    """What somebody sees is neither stored as a relationship nor read as one."""
    view: Any = view_for(active(), viewer)
    with pytest.raises(InvalidValue, match="a RelationshipView is not stored as a Relationship"):
        dumps([view], Relationship)
    with pytest.raises(InvalidValue, match="RelationshipView has no documents of its own"):
        dumps([view], type(view))
    assert "type: is not 'devrel.relationships'" in str(refused(view.to_json(), "relationships")[0])
    nested = {"type": "devrel.relationships", "schema": SCHEMA, "relationships": [view.to_dict()]}
    assert any("unknown key 'viewer'" in problem.wrong for problem in refused(nested, "relationships"))


@pytest.mark.parametrize("of", [str, "people", None, [Person]])
def test_only_records_have_documents(of):
    """Another type is refused, with those that there are."""
    with pytest.raises(InvalidValue, match="give one of: Relationship, Person"):
        dumps([], of)
    with pytest.raises(InvalidValue, match="has no documents of its own"):
        loads("{}", of)


NUMBER = '{"type": "devrel.people", "schema": 2, "people": [{"id": "a", "attributes": {"years": %s}}]}'
NESTED = '{"type": "devrel.people", "schema": 2, "people": [{"id": %s}]}'


NO_DOCUMENTS: list[tuple[str | bytes, str]] = [
    ("", "this is not JSON: line 1"),
    ("[", "this is not JSON"),
    ("[]", "the document is not an object"),
    ("null", "the document is not an object"),
    ("[" * 100_000, "nested deeper than 32 levels"),
    ('{"people": ' + "[" * 5_000, "nested deeper than 32 levels"),
    (NESTED % ("[" * 33 + "]" * 33), "nested deeper than 32 levels"),
    (NESTED % ("[" * 500 + "]" * 500), "nested deeper than 32 levels"),
    (NESTED % ("[" * 20 + "]" * 20), "people[0].id: must be a text"),
    (NUMBER % ("9" * 5_000), "a number with too many digits"),
    (NUMBER % "1e999", "people[0].attributes['years']: must be a text, a number"),
    (NUMBER % "NaN", "NaN is not a number in JSON. Leave it out."),
    (NUMBER % "-Infinity", "-Infinity is not a number in JSON"),
    (NUMBER % '["a", 1]', "people[0].attributes['years']: must be a text, a number"),
    (NUMBER % '1, "years": 2', "the key 'years' stands twice in one object. Keep one of them."),
    ('{"type": 1, "type": 2, "schema": 1, "schema": 2}', "the key 'schema' stands twice"),
    (NUMBER % r'"\ud83d"', "people[0].attributes.years: has half of a character"),
    (NUMBER % r'1, "\udc00": 2', "people[0].attributes: has half of a character"),
    (NUMBER % '"\ud83d"', "the document is not text in UTF-8"),
    (b"\xff\xfe{}", "the document is not text in UTF-8"),
    ((NUMBER % 1).encode("utf-16"), "the document is not text in UTF-8"),
]


@pytest.mark.parametrize(("text", "said"), NO_DOCUMENTS, ids=numbered(NO_DOCUMENTS))
def test_what_is_no_document_is_refused(text, said):
    """Broken JSON, another shape, hostile nesting and what JSON leaves open are problems and not crashes."""
    assert any(said in str(problem) for problem in refused(text, "people"))


def test_escaped_characters_are_whole():
    """A character that is escaped as two surrogates is read as one, and a mark at the start of a file is no matter."""
    text = NUMBER % r'"\ud83d\ude42"'
    (person,) = loads(b"\xef\xbb\xbf" + text.encode(), Person)
    assert person.attributes == {"years": "\N{SLIGHTLY SMILING FACE}"}


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_nothing_but_documents_is_read(text):
    """Whatever bytes or texts there are, they are refused in words."""
    assert read(text, "people") == ()


def test_too_long_documents_are_refused(monkeypatch):
    """A document above the limit is refused unread."""
    text = dumps([Person("a")], Person)
    monkeypatch.setattr(limits, "MOST_CHARACTERS", len(text))
    assert loads(text, Person) == (Person("a"),)
    assert "longer than" in str(refused(text + " ", "people")[0])


def test_too_many_records_are_refused(monkeypatch):
    """A document with more records than the limit is refused."""
    monkeypatch.setattr(limits, "MOST_RECORDS", 2)
    assert len(loads(dumps([Person("a"), Person("b")], Person), Person)) == 2
    assert "people: has more than 2 records" in str(refused(dumps([Person(x) for x in "abc"], Person), "people")[0])


def test_too_many_events_are_refused(monkeypatch):
    """A relationship with more events than the limit is refused with its path, and so is any list as long."""
    monkeypatch.setattr(limits, "MOST_EVENTS", 4)
    one = active(boundaries=["a", "b", "c", "d"])
    assert loads_relationships(dumps_relationships([one, one])) == (one, one)
    paused = one.apply(Paused("p", Actor.provider("m"), START))
    (problem,) = refused(dumps_relationships([one, paused]), "relationships")
    assert str(problem) == "document, relationships[1].history: has more than 4 entries. Split it."
    (problem,) = refused(dumps_relationships([active(extra=["x"] * 5)]), "relationships")
    assert problem.column == "relationships[0].history[0].agreement.extra"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**5_000, "\ud83d"], ids=["nan", "inf", "huge", "half"])
def test_what_json_has_no_words_for_is_not_written(value):
    """Numbers that are none and halves of characters are refused by the writer: no reader would take them."""
    with pytest.raises(InvalidValue, match="records: have "):
        dumps([Person("a", attributes={"years": value})], Person)


FREE = {
    *("text", "note", "purpose", "ethics", "not_therapy", "scope", "benefit", "problem_solving", "how", "opportunity"),
    *("topics", "boundaries", "extra", "provider_commits", "recipient_commits", "conflicts", "areas", "focus_areas"),
    *("exceptions", "key_result", "name"),
}


def planted(node: Any, free: bool = False) -> Any:
    """A document with a secret in place of all free text."""
    if isinstance(node, dict):
        return {key: planted(value, key in FREE) for key, value in node.items()}
    if isinstance(node, list):
        return [planted(one, free) for one in node]
    return "the secret" if free and isinstance(node, str) and node else node


@given(st.data())
def test_errors_tell_nothing_private(data):
    """Whatever is wrong elsewhere in a relationship, its free texts are in no message."""
    document = planted(json.loads(dumps_relationships([data.draw(relationships())])))
    ways = [way for way in places(document) if way and not FREE & set(way)]
    broken_document = put(document, data.draw(st.sampled_from(ways)), data.draw(anything | st.just(GONE)))
    try:
        loads(json.dumps(without_gone(broken_document)), Relationship)
    except InputError as error:
        assert "secret" not in str(error)
        assert "secret" not in repr(error.problems)
        assert error.__cause__ is None


def test_sets_are_written_in_one_order():
    """The same records give the same bytes, whatever the order of sets in memory."""
    code = """
from devrel.formats.json import dumps
from devrel.agreements import Agreement
from devrel.people import Support
from devrel.kinds import KINDS, RelationshipKind
from devrel.terms import Cadence, Term
import datetime, hashlib
agreement = Agreement(Term(datetime.date(2026, 1, 5)), Cadence(), hopes=Support, offers=Support)
print(hashlib.sha256((dumps(KINDS, RelationshipKind) + dumps([agreement], Agreement)).encode()).hexdigest())
"""
    seeds = ("1", "2", "3")
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": one}, capture_output=True, check=True
        ).stdout
        for one in seeds
    }
    assert len(found) == 1


def test_a_moment_in_the_repeated_hour_is_the_same_after_reading():
    """An event in the hour that the clocks repeat reads back equal, and applying it again changes nothing."""
    moment = datetime(2027, 10, 31, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London"))
    paused = active().apply(Paused("p", Actor.provider("m"), moment))
    (again,) = loads_relationships(dumps_relationships([paused]))
    assert again == paused
    assert again.apply(paused.history[-1]) is again
    assert paused.history[-1].at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_times_of_day_are_read_strictly():
    """A time of day is a text, and neither a number nor a datetime."""
    converter = make_converter()
    assert converter.structure("10:30:00", time) == time(10, 30)
    for wrong in (1030, "half past ten", None):
        with pytest.raises(InvalidValue, match="ISO 8601 time"):
            converter.structure(wrong, time)


def test_an_event_is_read_as_its_own_type_only():
    """Whoever asks for one type of event does not get another."""
    converter = make_converter()
    paused = Paused("p", Actor.provider("m"), START)
    assert converter.structure(converter.unstructure(paused), Paused) == paused
    with pytest.raises(InvalidValue, match="is no type of event that fits; Known: Accepted"):
        converter.structure(converter.unstructure(paused), Accepted)


OTHER = Converter()
configure_converter(OTHER)


@given(make.agreements(), make.people(2))
def test_the_converter_serves_other_formats(agreement, people):
    """Third parties teach a converter of their own the records, and get plain data that JSON can hold."""
    for record in (agreement, *people, Actor.system(), Note("m", "words")):
        plain = OTHER.unstructure(record)
        assert json.loads(json.dumps(plain)) == plain
        assert OTHER.structure(plain, type(record)) == record
    assert OTHER.unstructure(Party("a", Role.PROVIDER)) == {"person": "a", "role": "provider"}
    assert OTHER.structure({"person": "a", "role": "both", "more": 1}, Party) == Party("a", Role.BOTH)
    assert OTHER.structure({"text": "ours", "exceptions": []}, Confidentiality) == Confidentiality("ours", ())
