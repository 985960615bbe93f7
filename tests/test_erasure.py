"""The right of access and erasure: all that is hers, nothing private of others; histories that replay without her."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.formats.json import EVENTS, dumps_relationships
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import GROUP_MENTORING, MENTORING, SPONSORING, GoalForm, Item, RelationshipKind, Side, ViewerRole
from devrel.lifecycle import (
    Actor,
    Advocated,
    Amended,
    CheckedIn,
    Event,
    FocusSuggested,
    Joined,
    NoteAdded,
    OutcomeKnown,
    SessionHeld,
)
from devrel.people import Enrollment, Organization, Party, Person, Role
from devrel.relationships import Relationship, pair
from devrel.sessions import AdvocacyAct, Audience, FollowUp, Note, Outcome
from devrel.testing.strategies import START, enrollments, people, relationships
from devrel.visibility import ERASED, Trace, erase, subject_report
from devrel.visibility.belongings import LABELS, PEOPLE
from tests.twists import everywhere
from tests.viewed import GROUP, active, after, consenting, ended, filled, lives

LIVES = lives()
UNTIL = date(2026, 12, 1)


class Marked:
    """A relationship in which every word of somebody is a mark of its own, with whose each is and who may read it.

    Attributes:
        one: The relationship.
        of: For each mark, the ids of the people whose it is.
        private: The marks that none but those may read.
    """

    def __init__(self, one: Relationship) -> None:
        self.of: dict[str, frozenset[str]] = {}
        self.private: set[str] = set()
        self.ever = {party for event in one.history for party in _parties(event)}
        takers = {party.person for party in self.ever if Side.RECIPIENT in party.role.sides}
        self.taker = takers if len(takers) == 1 else set()
        self.two = {party.person for party in self.ever} if len({party.person for party in self.ever}) == 2 else set()
        self.one = Relationship.replay(self._event(event) for event in one.history)

    def _mark(self, what: str, text: str, *owners: str | None, private: bool = False) -> str:
        mark = f"mark-{what}-{'-'.join(map(str, owners))}-{text.encode().hex()}-end"
        self.of[mark] = frozenset(filter(None, owners))
        self.private |= {mark} if private else set()
        return mark

    def _event(self, event: Event) -> Event:
        by = event.actor.person
        changes: dict[str, Any] = {}
        note = getattr(event, "note", None)
        if isinstance(note, str) and note:
            changes["note"] = self._mark("note", note, by, private=True)
        if isinstance(event, SessionHeld):
            came = event.attended or [party.person for party in self.ever]
            changes["topics"] = [self._mark("topic", it, *sorted(self.two & set(came))) for it in event.topics]
        if isinstance(event, FocusSuggested):
            changes["areas"] = [self._mark("area", it, by, event.to, private=True) for it in event.areas]
        if isinstance(event, Advocated):
            changes["opportunity"] = self._mark("chance", event.opportunity, by, *self.taker)
        return everywhere(evolve(event, **changes), self._part)

    def _part(self, it: Any) -> Any:
        if isinstance(it, Note):
            return evolve(it, text=self._mark("text", it.text, it.author, private=it.audience is Audience.AUTHOR))
        if isinstance(it, FollowUp):
            return evolve(it, text=self._mark("to-do", it.text, it.owner))
        if isinstance(it, Goal):
            return evolve(it, text=self._mark("goal", it.text, it.person or next(iter(self.taker), None)))
        return it

    def hers(self, person: str) -> set[str]:
        return {mark for mark, owners in self.of.items() if person in owners}


def _parties(event: Event) -> tuple[Party, ...]:
    if isinstance(event, Joined):
        return (event.party,)
    return getattr(event, "parties", None) or ()


def everybody_in(one: Relationship) -> list[str]:
    """Everybody whose id is in a relationship: parties, those who left, managers, third parties."""
    found = [party.person for event in one.history for party in _parties(event)]
    found += [event.actor.person for event in one.history if event.actor.person]
    found += [it.id for event in one.history if hasattr(event, "agreement") for it in event.agreement.third_parties]
    return list(dict.fromkeys(found))


def texts(data: Any) -> Iterator[str]:
    """Every text in plain data but the relationship's own id."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in {"relationship", "spun_off_from"}:
                yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)
    elif isinstance(data, str):
        yield data


def named(one: Relationship, person: str) -> list[str]:
    """The texts of a relationship that have somebody's id in them as a word."""
    word = re.compile(rf"(?<!\w){re.escape(person)}(?!\w)")
    marks = (re.sub(r"mark-.*?-end", "", text) for text in texts(json.loads(dumps_relationships([one]))))
    return [text for text in marks if word.search(text)]


@st.composite
def marked(draw: st.DrawFn) -> tuple[Marked, str]:
    """Draw a relationship with every word marked, and somebody in it."""
    found = Marked(draw(relationships() | st.sampled_from(list(LIVES.values()))))
    return found, draw(st.sampled_from(everybody_in(found.one)))


@given(marked())
def test_erasure_takes_out_her_id_and_her_words_and_nothing_else(drawn):
    """Of any relationship and anybody in it: the rest replays as before, with every word of others, without hers."""
    found, person = drawn
    before = found.one
    (one,) = erase(person, [before], pseudonym="gone-1")
    assert Relationship.replay(one.history) == one != before
    assert (one.id, one.stage, one.version, one.origin) == (before.id, before.stage, before.version, before.origin)
    for count in ("held", "missed", "cancelled", "settled", "moved", "pauses", "finished", "last", "contact", "plans"):
        assert getattr(one.state, count) == getattr(before.state, count)
    renamed = {(_renamed(who, person), item, to) for who, item, to in before.state.consents}
    assert one.state.consents == renamed
    assert [it.person for it in one.parties] == [_renamed(it.person, person) for it in before.parties]
    assert [it.start for it in one.sessions(until=UNTIL)] == [it.start for it in before.sessions(until=UNTIL)]
    assert [it.recorded for it in one.history] == [it.recorded for it in before.history]
    assert named(one, person) == []
    left = set(re.findall(r"mark-.*?-end", dumps_relationships([one])))
    assert left == set(re.findall(r"mark-.*?-end", dumps_relationships([before]))) - found.hers(person)


def _renamed(one: str, person: str) -> str:
    return "gone-1" if one == person else one


@given(marked())
def test_erasing_twice_is_erasing_once(drawn):
    """Who is erased is unknown, and erasing somebody unknown changes nothing; everybody can be erased one by one."""
    found, person = drawn
    erased = erase(person, [found.one], pseudonym="gone-1")
    assert erase(person, erased, pseudonym="gone-1")[0] is erased[0]
    assert erase("nobody", [found.one], pseudonym="gone-1")[0] is found.one
    one = found.one
    for number, each in enumerate(everybody_in(found.one)):
        (one,) = erase(each, [one], pseudonym=f"gone-{number}")
    assert one.stage is found.one.stage
    stays = {mark for mark, owners in found.of.items() if not owners}
    assert set(re.findall(r"mark-.*?-end", dumps_relationships([one]))) <= stays


def test_readings_find_their_goal_after_erasure():
    """Key results keep apart what differed: readings carry over an amendment as before, and no word is left of them."""
    two = [KeyResult("talks", 0, 4, "talks"), KeyResult("papers", 0, 2, "papers")]
    goals = [Goal("first", GoalForm.SPECIFIC, two, person="n", focus_areas=["speaking"]), Goal("second", person="n")]
    one = active(goals=goals)
    one = one.apply(CheckedIn("c1", Actor.recipient("n"), after(1), 1, "talks", CheckIn(after(1).date(), 1)))
    swapped = [goals[1], evolve(goals[0], key_results=two[::-1])]
    one = one.apply(Amended("v2", Actor.provider("m"), after(2), one.agreement.amended(goals=swapped)))
    one = one.apply_all(
        [evolve(it, id=f"{it.id}2", at=after(3), recorded=after(3), version=2) for it in one.history[1:3]]
    )
    one = one.apply(CheckedIn("c2", Actor.recipient("n"), after(4), 2, "talks", CheckIn(after(4).date(), 2)))
    (gone,) = erase("n", [one], pseudonym="x")
    assert [goal.progress for goal in gone.agreement.goals] == [goal.progress for goal in one.agreement.goals]
    text = dumps_relationships([gone])
    assert not any(word in text for word in ("talks", "papers", "first", "second", "speaking"))
    assert ERASED in text


def test_a_goal_of_another_recipient_stays():
    """In a group, goals of others and of all stay, with their readings; hers is gone."""
    result = KeyResult("talks", 0, 4, "talks")
    goals = [Goal("hers", person="n"), Goal("another's", GoalForm.SPECIFIC, [result], person="n2"), Goal("of all")]
    one = active(GROUP_MENTORING, GROUP, goals=goals)
    one = one.apply(CheckedIn("c1", Actor.recipient("n2"), after(1), 2, "talks", CheckIn(after(1).date(), 1)))
    held = SessionHeld(
        "s", Actor.provider("m"), after(2), topics=("career",), notes=(Note("n2", "theirs"), Note("n", "hers"))
    )
    (gone,) = erase("n", [one.apply(held)], pseudonym="x")
    assert [goal.text for goal in gone.agreement.goals] == [f"{ERASED} 1", "another's", "of all"]
    assert gone.history[-2].key_result == "talks"
    assert gone.history[-1].topics == ("career",)
    assert [note.text for note in gone.history[-1].notes] == ["theirs", ERASED]


def test_ids_of_events_and_jobs_lose_her_id_and_still_point_to_each_other():
    """Her id in an event's id becomes the pseudonym wherever it is referred to; the relationship's own id stays."""
    one = Relationship.propose("m-n", SPONSORING, pair("m", "n"), filled(SPONSORING), actor=Actor.system(), at=START)
    one = one.apply_all(LIVES["sponsoring"].history[1:4])
    advocated_ = Advocated("n/1", Actor.provider("m"), after(1), "it", AdvocacyAct.INTRODUCED, correlation="job n")
    known = OutcomeKnown("nn", Actor.provider("m"), after(2), "n/1", Outcome.WON)
    (gone,) = erase("n", [one.apply_all([advocated_, known])], pseudonym=r"x\1")
    assert [event.id for event in gone.history[-2:]] == [r"x\1/1", "nn"]
    assert gone.history[-2].correlation == r"job x\1"
    assert gone.history[-1].advocacy == r"x\1/1"
    assert (gone.id, gone.history[0].id) == ("m-n", r"m-x\1/1")


def test_letters_of_her_id_in_the_words_of_others_stay():
    """A note that another wrote is not changed, though its text is her id; a topic of that name names nobody."""
    one = active(GROUP_MENTORING, GROUP).apply(NoteAdded("w", Actor.provider("m"), after(1), Note("m", "n")))
    one = one.apply(SessionHeld("s", Actor.provider("m"), after(2), topics=("n",)))
    (gone,) = erase("n", [one], pseudonym="x")
    assert gone.history[-2].note.text == "n"
    assert gone.history[-1].topics == ("n",)
    assert [trace.event for trace in subject_report("n", [one]).traces] == ["Proposed", "Accepted"]


def test_managers_and_third_parties_can_be_erased():
    """Who is no party becomes a pseudonym as well: what a manager suggested is gone, what a payer may know stays."""
    (one,) = erase("boss", [LIVES["active"]], pseudonym="x")
    suggested = [event for event in one.history if isinstance(event, FocusSuggested)]
    assert [(event.actor.person, event.areas) for event in suggested] == [
        ("x", (ERASED,)),
        ("predecessor", ("listening",)),
    ]
    (one,) = erase("payer", [LIVES["active"]], pseudonym="x")
    assert one.agreement.third_parties[0].id == "x"
    assert one.agreement.third_parties[0].may_know == LIVES["active"].agreement.third_parties[0].may_know


@pytest.mark.parametrize("pseudonym", ["", " ", "n", "m", "payer", "boss"])
def test_a_pseudonym_is_nobodys_id(pseudonym):
    """Blank, her own, and anybody's in a relationship of hers is refused, and nothing is erased half."""
    with pytest.raises(InvalidValue, match="pseudonym"):
        erase("n", [LIVES["active"]], pseudonym=pseudonym)


def test_a_pseudonym_that_makes_two_events_one_is_refused():
    """Where her id was all that told two ids of events apart, another pseudonym is asked for."""
    one = active().apply(NoteAdded("job n", Actor.recipient("n"), after(1), Note("n", "hers")))
    one = one.apply(NoteAdded("job x", Actor.recipient("n"), after(1), Note("n", "hers")))
    with pytest.raises(InvalidValue, match="ids of two events"):
        erase("n", [one], pseudonym="x")


def test_relationships_without_her_come_back_as_they_are():
    """Of several relationships only hers change, and they keep their order; her pseudonym may be in one already."""
    agreement = filled(MENTORING, goals=[])
    other = Relationship.propose("o", MENTORING, pair("m", "o"), agreement, actor=Actor.system(), at=START)
    first = erase("n", [LIVES["active"]], pseudonym="x")[0]
    found = erase("n", [other, LIVES["ended"], first], pseudonym="x")
    assert found[0] is other
    assert found[2] is first
    assert [it.person for it in found[1].parties] == ["m", "x"]


def _fields(kind: type) -> Iterator[tuple[type, str]]:
    """Every field of texts in a type of record, and in those it is made of."""
    if not attrs.has(kind) or kind is RelationshipKind:
        return
    attrs.resolve_types(kind)
    for one in attrs.fields(kind):
        inside = {one.type, *_arguments(one.type)}
        if str in inside:
            yield next(it for it in reversed(kind.__mro__) if one.name in getattr(it, "__annotations__", {})), one.name
        for part in inside:
            if isinstance(part, type):
                yield from _fields(part)


def _arguments(hint: Any) -> set[Any]:
    found = set(typing.get_args(hint))
    return found.union(*(_arguments(one) for one in found)) if found else found


KEPT = {
    "Agreement": {
        "purpose",
        "provider_commits",
        "recipient_commits",
        "boundaries",
        "conflicts",
        "problem_solving",
        "ethics",
        "not_therapy",
        "scope",
        "benefit",
        "extra",
    },
    "Cadence": {"zone"},
    "Confidentiality": {"text", "exceptions"},
    "Contact": {"how"},
    "Proposed": {"relationship", "program", "spun_off_from"},
    "Records": {"text"},
}
"""What all have accepted, and what names no person."""

WORDS = {
    "Advocated": {"opportunity"},
    "CheckedIn": {"key_result"},
    "Declined": {"note"},
    "Ended": {"note"},
    "EndedForConduct": {"note"},
    "FocusSuggested": {"areas"},
    "FollowUp": {"text"},
    "Goal": {"text", "focus_areas"},
    "KeyResult": {"name", "unit"},
    "Left": {"note"},
    "Note": {"text"},
    "Rated": {"note"},
    "SessionCancelled": {"note"},
    "SessionHeld": {"topics"},
}
"""The words that are erased where they are hers."""


def test_every_field_of_texts_is_an_id_or_words_of_somebody():
    """A new field in an event must be said to be an id, words that are erased, or neither, or this fails."""
    found = {(kind.__name__, name) for event in EVENTS for kind, name in _fields(event)}
    ids = {(kind.__name__, name) for told in (PEOPLE, LABELS) for kind, names in told.items() for name in names}
    said = {(kind, name) for told in (KEPT, WORDS) for kind, names in told.items() for name in names}
    assert found == ids | said


@given(marked())
def test_a_report_has_all_that_is_hers_and_nothing_private_of_others(drawn):
    """Her words are all in it, in whatever capacity she wrote them; what is private to others is not."""
    found, person = drawn
    text = subject_report(person, [found.one], until=UNTIL).to_json()
    marks = set(re.findall(r"mark-.*?-end", json.dumps(json.loads(text))))
    written = {mark for mark in found.hers(person) if not mark.startswith(("mark-topic", "mark-chance"))}
    assert written <= marks
    assert not {mark for mark in found.private if person not in found.of[mark]} & marks


@given(people(), st.lists(enrollments, max_size=3), relationships())
def test_any_report_is_json(everybody, enrolled, one):
    """Whatever is known about somebody, sensitive data and lists among it, becomes JSON and comes back."""
    organization = Organization(everybody)
    for person in organization:
        her = [evolve(it, person=person.id) for it in enrolled]
        report = subject_report(person.id, [one], organization=organization, enrollments=her, until=UNTIL)
        data = json.loads(report.to_json())
        assert data["record"]["id"] == person.id
        assert data["record"]["sensitive"] == json.loads(json.dumps(dict(person.sensitive)))
        assert len(data["enrollments"]) == len(enrolled)
    for name in everybody_in(one):
        assert json.loads(subject_report(name, [one], until=UNTIL).to_json())["type"] == "devrel.subject-report"


def report_of(person: str, one: Relationship) -> dict[str, Any]:
    return subject_report(person, [one]).to_dict()


def test_the_report_of_a_party():
    """Her record, her reports, her enrolments, her own view, and every event that she did or that names her."""
    boss = Person("n", name="Enn", attributes={"skills": ("sql", "talks")}, sensitive={"faith": "none"})
    organization = Organization([boss, Person("r", manager="n")])
    enrolled = [Enrollment("n", Role.RECIPIENT), Enrollment("m", Role.PROVIDER)]
    life = ended(consenting(LIVES["active"], ("n", Item.NOTES, ViewerRole.HR)))
    data = subject_report("n", [life], organization=organization, enrollments=enrolled).to_dict()
    assert data["record"]["attributes"] == {"skills": ["sql", "talks"]}
    assert data["record"]["sensitive"] == {"faith": "none"}
    assert data["reports"] == ["r"]
    assert [it["person"] for it in data["enrollments"]] == ["n"]
    (view,) = data["relationships"]
    assert view["viewer"] == "recipient"
    assert {"a diary", "looking back"} <= {note["text"] for note in view["notes"]}
    told = {(trace["event"], trace["mine"]): trace["told"] for trace in data["traces"]}
    assert told["Rated", True] == {"stars": 2, "note": "not so well"}
    assert told["Ended", True] == {"reason": "not a good fit", "note": "we did not click"}
    assert told["SessionCancelled", True] == {"number": 5, "note": "a cold"}
    assert told["SessionMissed", False] == {"absent": "n"}
    assert told["FocusSuggested", False] == {"to": "n", "areas": ["listening"]}
    assert told["Consented", True] == {"item": "notes", "to": "HR", "allowed": True}
    assert told["Proposed", True]["agreement"]["goals"][0]["text"] == "give talks"
    assert told["SessionHeld", False]["notes"][0]["text"].startswith("note of n")
    assert "Rated" not in {event for event, mine in told if not mine}


def test_the_report_of_who_left_of_a_manager_and_of_a_third_party():
    """They have no view any more, or none of their own, and still get what they did and what is held about them."""
    gone = report_of("n4", LIVES["group"])
    assert gone["relationships"] == []
    assert {trace["event"] for trace in gone["traces"]} == {"Proposed", "Accepted", "Rated", "Left"}
    assert gone["traces"][-1]["told"] == {"person": "n4", "reason": "goals have changed", "note": "elsewhere"}
    boss = report_of("boss", LIVES["active"])
    assert [(it["event"], it["mine"], it["told"]["areas"]) for it in boss["traces"]] == [
        ("FocusSuggested", True, ["speaking", "writing"])
    ]
    payer = report_of("payer", LIVES["active"])
    assert payer["traces"][0]["told"]["agreement"]["third_parties"][0]["role"] == "pays"
    assert payer["relationships"] == []


def test_who_recorded_a_session_does_not_get_the_notes_of_others():
    """The mentor wrote the session down; the mentee's note in it is the mentee's."""
    notes = (Note("n", "hers alone"), Note("m", "his own"))
    one = active().apply(
        SessionHeld("s", Actor.provider("m"), after(1), notes=notes, follow_ups=(FollowUp("hers too", "n"),))
    )
    (trace,) = [it for it in subject_report("m", [one]).traces if it.event == "SessionHeld"]
    assert [note["text"] for note in trace.told["notes"]] == ["his own"]
    assert "follow_ups" not in trace.told
    assert "hers alone" not in subject_report("m", [one]).to_json()


def test_both_sides_of_a_mutual_relationship_are_in_the_report():
    """Who stands on both sides gets both of her views."""
    assert [view["viewer"] for view in report_of("n", LIVES["mutual"])["relationships"]] == ["provider", "recipient"]


def test_nothing_is_held_about_somebody_unknown():
    """The report of somebody who is nowhere is empty, and its repr has no words in any case."""
    empty = subject_report("nobody", [LIVES["ended"]], organization=Organization([Person("n")])).to_dict()
    assert empty == {
        "person": "nobody",
        "record": None,
        "reports": [],
        "enrollments": [],
        "relationships": [],
        "traces": [],
    }
    report = subject_report("n", [LIVES["ended"]])
    assert "diary" not in repr(report)
    assert "told" not in repr(Trace("r", "Rated", "2026", True, {"note": "told"})).replace("Trace(", "")
