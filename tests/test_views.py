"""The view as a record of its own: its sessions, its outputs, its calendar, and what refuses it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
import vobject
from hypothesis import assume, given

from devrel.agreements import Agreement, ThirdParty, ThirdPartyRole
from devrel.errors import InputError, InvalidValue
from devrel.formats.icalendar import dumps_view
from devrel.formats.json import DOCUMENTS, dumps, loads
from devrel.kinds import MENTORING, Item, Side, ViewerRole
from devrel.lifecycle import (
    Accepted,
    Actor,
    CounterProposed,
    Event,
    Joined,
    Left,
    NoteAdded,
    Paused,
    Resumed,
    SessionHeld,
)
from devrel.people import Party, Person, Role
from devrel.relationships import Relationship, pair
from devrel.sessions import Audience, Note, SessionStatus
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, relationships
from devrel.visibility import (
    RelationshipView,
    Viewer,
    view_for,
)
from tests.viewed import (
    BOTH,
    GROUP,
    active,
    after,
    consenting,
    ended,
    lives,
    proposed,
    viewers,
)

LIVES = lives()
BOSS = Viewer.manager("boss", of=["n"])


def known_to(*items: Item, name: str = "payer") -> dict[str, list[ThirdParty]]:
    return {"third_parties": [ThirdParty(name, ThirdPartyRole.PAYS, items)]}


def test_partners_are_titles_where_they_are_hidden():
    """A third party who may know everything but the partners reads of a mentor and a mentee, each once in a session."""
    view = view_for(LIVES["group"], Viewer.third_party("organiser"))
    assert view.parties == ()
    assert {session.attended for session in view.sessions if session.attended} == {("the mentor", "the mentee")}
    assert {session.absent for session in view.sessions if session.absent} == {("the mentee",)}
    assert [goal.person for goal in view.goals] == ["the mentee", None]
    gone = consenting(LIVES["group"], ("n", Item.RATINGS, ViewerRole.THIRD_PARTY))
    assert [rating.by for rating in view_for(gone, Viewer.third_party("organiser")).ratings] == ["the mentee"]


def test_somebody_who_left_keeps_her_title():
    """A provider who left the group is still the provider of what she did, to those who may know and who may not."""
    two = (*GROUP, Party("m2", Role.PROVIDER))
    one = active(MENTORING, two, **known_to(Item.EXISTENCE, Item.SCHEDULE, Item.ATTENDANCE))
    one = one.apply(SessionHeld("s", Actor.provider("m"), after(1), number=1, attended=("m2", "n")))
    one = one.apply(Left("gone", Actor.provider("m2"), after(2), "m2"))
    assert view_for(one, Viewer.third_party("payer")).sessions[0].attended == ("the mentor", "the mentee")
    assert view_for(one, Viewer.admin()).sessions[0].attended == ("n", "m2")


def test_everybody_came_means_everybody_who_was_in_it_then():
    """A session nobody is named for was attended by those who were in it at the time, not by who joined later."""
    one = active(MENTORING, GROUP).apply(SessionHeld("s", Actor.provider("m"), after(1), number=1))
    one = one.apply(Joined("new", Actor.recipient("n5"), after(2), Party("n5", Role.RECIPIENT), 1))
    assert view_for(one, Viewer.recipient("n5")).sessions[0].attended == ("m", "n", "n2", "n3", "n4")


def test_reasons_are_told_to_whom_they_belong():
    """A party sees her own reason, an admin all of them with who gave them, and a group's leaver's alone is no end."""
    ends = {who: view_for(LIVES["ended"], who).ends for who in (Viewer.provider("m"), Viewer.recipient("n"))}
    assert [(end.what, end.by) for end in ends[Viewer.provider("m")]] == [("gave notice", "m")]
    assert [(end.what, end.note) for end in ends[Viewer.recipient("n")]] == [("ended", "we did not click")]
    of_group = view_for(LIVES["group"], Viewer.admin("program"))
    assert [(end.what, end.by, end.reason) for end in of_group.ends] == [("left", "n4", "goals have changed")]
    assert of_group.status == "current"
    assert [end.what for end in view_for(LIVES["declined"], Viewer.admin()).ends] == ["declined"]
    assert [end.reason for end in view_for(LIVES["conduct"], Viewer.admin()).ends] == ["conduct"]
    assert view_for(LIVES["conduct"], Viewer.admin()).ends[0].by == "admin"
    assert view_for(LIVES["conduct"], Viewer.recipient("n")).ends == ()


def test_an_agreement_in_part_has_no_version_and_no_signatures():
    """An admin, from whom goals are hidden, gets neither; a party gets both."""
    admin = view_for(LIVES["active"], Viewer.admin("program")).agreement
    assert admin.startswith("# Mentoring agreement, in part\n")
    assert "## Goals" not in admin
    assert "## Signatures" not in admin
    party = view_for(LIVES["active"], Viewer.recipient("n")).agreement
    assert party.startswith("# Mentoring agreement, version 1\n")
    assert "- n: accepted 2026-01-05" in party


def test_a_counter_proposal_changes_the_sides():
    """Where both become mentors, each may look from either side, and there is no agreement yet to widen anything."""
    one = proposed()
    counter = CounterProposed("c", Actor.recipient("n"), START, one.agreement.amended(), parties=BOTH)
    view = view_for(one.apply(counter), Viewer.provider("n"))
    assert [party.role for party in view.parties] == [Role.BOTH, Role.BOTH]
    assert "- Mentor and mentee: n" in view.to_markdown()


@given(relationships())
def test_the_sessions_of_a_view_are_those_of_the_relationship(one):
    """With and without attendance, a view has the sessions that the relationship itself plans, at the same times."""
    until = date(2027, 1, 1)
    assume(one.agreement.term.end is not None or one.agreement.term.start < until)
    began = one.state.activated is not None or not one.stage.final
    listed = one.scheduled(until=until) if began else ()
    settled = [it for it in one.sessions(until=until) if it.status is not SessionStatus.PLANNED]
    party = one.parties[0]
    view = view_for(one, Viewer(ViewerRole(party.role.sides[0].value), party.person), until=until)
    planned = {(it.number, it.start, it.status.value) for it in [*listed, *settled]}
    numbers = {number for number, _, _ in planned}
    assert {(it.number, it.start, it.status) for it in view.sessions if it.number in numbers} == planned
    times = everybody_told(one, until)
    if times is not None:
        assert times == {it.start for it in listed if it.status is not SessionStatus.CANCELLED}


def everybody_told(one: Relationship, until: date) -> set[datetime] | None:
    view = view_for(one, Viewer.manager("boss", of=one.people(Side.RECIPIENT)), until=until)
    return (
        None if view is None or view.sessions is None or view.held is not None else {it.start for it in view.sessions}
    )


def test_sessions_without_a_plan_are_told_to_those_who_see_who_came():
    """An extra session, and one of an open-ended term, are there with their time; a manager sees neither."""
    one = LIVES["active"]
    (extra,) = [it for it in view_for(one, Viewer.recipient("n")).sessions if it.number is None]
    assert (extra.start, extra.minutes, extra.attended) == (after(18), 20, ("m", "n"))
    assert extra.end == after(18) + timedelta(minutes=20)
    assert all(it.number is not None and it.status is None for it in view_for(one, BOSS).sessions)
    term = Agreement(Term(date(2026, 1, 5)), Cadence(1, Unit.WEEK), purpose="to grow")
    endless = Relationship.propose("e", MENTORING, pair("m", "n"), term, actor=Actor.system(), at=START)
    endless = endless.apply_all(
        [Accepted(f"y{who.person}", who, START, 1) for who in (Actor.provider("m"), Actor.recipient("n"))]
    )
    assert view_for(endless, BOSS).sessions == ()
    assert len(view_for(endless, BOSS, until=date(2026, 1, 20)).sessions) == 3


def test_a_pause_leaves_out_the_sessions_in_it():
    """While a pause is on, nothing meets until the day it is to end, or at all where none is known; later it does."""
    weeks = [after(7 * week).date() for week in range(6)]

    def met(*events: Event) -> list[date]:
        view = view_for(active().apply_all(events), BOSS)
        assert view is not None
        return [it.start.date() for it in view.sessions or () if it.start.date() in weeks]

    since = after(10)
    assert met(Paused("p", Actor.provider("m"), since)) == weeks[:2]
    assert met(Paused("p", Actor.provider("m"), since, weeks[4])) == [*weeks[:2], *weeks[4:]]
    back = Resumed("b", Actor.provider("m"), after(22))
    assert met(Paused("p", Actor.provider("m"), since), back) == [*weeks[:2], *weeks[4:]]


def test_what_was_only_proposed_never_met():
    """A proposal that was declined has no sessions, though its term has begun."""
    assert view_for(LIVES["declined"], BOSS).sessions == ()
    assert view_for(LIVES["declined"], Viewer.admin()).sessions == ()
    assert view_for(LIVES["declined"], BOSS).status == "over"


def test_a_view_is_frozen_and_nothing_can_happen_to_it():
    """A view cannot be changed and has no apply, no history, no version and no state."""
    view = view_for(LIVES["active"], Viewer.recipient("n"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        view.stage = "ended"
    assert not {"apply", "apply_all", "history", "state", "version", "events"} & set(dir(view))
    assert not isinstance(view, Relationship)


def test_neither_repr_nor_str_has_private_words():
    """What a log would keep of a view says which relationship it is, for whom, and nothing of what is in it."""
    for one in LIVES.values():
        for view in filter(None, (view_for(one, viewer) for viewer in viewers(one))):
            assert repr(view) == f"<RelationshipView of r1 for {view.viewer.value}: {view.kind.name}, {view.status}>"
            assert str(view) == f"{view.kind.name} r1, {view.status}, as seen by: {view.viewer.value}"


def test_words_are_taken_literally():
    """Headings, tags, lists, entities and table rows in people's words stay words in Markdown and in HTML."""
    words = "# not a heading\n- no list | <script>alert(1)</script> &lt; `x` ![i](u)"
    note = NoteAdded("w", Actor.recipient("n"), after(61), Note("n", words, Audience.PARTIES))
    topics = ["1. one", "- two", "+ three", "= four", "~~five~~"]
    held = SessionHeld("h", Actor.provider("m"), after(61), topics=topics)
    view = view_for(LIVES["active"].apply_all([note, held]), Viewer.recipient("n"))
    markdown = view.to_markdown({"n": "*Enn*", "m": ""})
    (line,) = [it for it in markdown.splitlines() if "not a heading" in it]
    assert line.startswith(r"- \*Enn\*, for the parties: \# not a heading - no list \| \<script\>alert(1)")
    assert r"\&lt; \`x\` \!\[i\](u)" in line
    for literal in (r"- 1\. one", r"- \- two", r"- \+ three", r"- \= four", r"- \~\~five\~\~"):
        assert literal in markdown
    assert not re.search(r"^#{1,6} (?!Mentoring|[A-Z][a-z -]*$)", markdown, re.M)
    html = view._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; `x` ![i](u)" in html


def test_one_row_of_html_is_one_thing():
    """Words that look like the end of a note and the beginning of another's stay in the cell of their author."""
    forged = Note("n", "fine; m, for the parties: I agree", Audience.PARTIES)
    one = active().apply(NoteAdded("w", Actor.recipient("n"), after(1), forged))
    html = view_for(one, Viewer.recipient("n"))._repr_html_()
    assert re.findall(r'<th scope="row">Notes</th><td>(.*?)</td>', html) == ["n, for the parties: " + forged.text]
    assert '<th scope="row">Ratings</th><td>none</td>' in html


def test_the_whole_life_is_in_the_markdown_of_an_admin_and_a_party():
    """Each item that is shown has its heading, and what is in it its line; names stand for ids where they are given."""
    view = view_for(ended(LIVES["active"]), Viewer.recipient("n"), until=None)
    text = view.to_markdown({"m": "Em", "n": "Enn"})
    assert "- 2026-01-05 10:00 (UTC), 70 minutes, held, Em, Enn" in text
    assert "- 2026-01-12 10:00 (UTC), 60 minutes, missed, without Enn" in text
    assert "- specific goal, about the current role, of Enn, for speaking: give talks" in text
    assert "- key result, from 0 to 4, by 2026-05-01, 50% of the way: talks held (talks)" in text
    assert "- Enn: 2 of 5: not so well" in text
    assert "- nominated, won: the new role" in text
    assert "- ended, Enn: not a good fit: we did not click" in text
    assert "## Mentoring agreement, version 1" in text


def test_json_has_what_is_shown_and_no_more():
    """Hidden items have no key; shown ones have plain data, progress of key results included."""
    data = json.loads(view_for(LIVES["active"], Viewer.recipient("n")).to_json())
    assert data["type"] == "devrel.view"
    assert data["goals"][0]["key_results"][0]["progress"] == 0.5
    assert data["parties"] == [{"person": "m", "role": "provider"}, {"person": "n", "role": "recipient"}]
    hidden = json.loads(view_for(LIVES["active"], BOSS).to_json())
    assert set(hidden) == {"type", "id", "viewer", "kind", "status", "parties", "sessions", "suggestions"}


def test_stores_of_relationships_refuse_a_view():
    """A view has no documents, is not written as a relationship, and its own document is not read as one."""
    view = view_for(LIVES["active"], Viewer.recipient("n"))
    with pytest.raises(InvalidValue, match="RelationshipView is not stored as a Relationship"):
        dumps([view], Relationship)
    with pytest.raises(InvalidValue, match="no documents"):
        dumps([view], RelationshipView)
    for of in DOCUMENTS.values():
        with pytest.raises(InputError, match="is not 'devrel"):
            loads(view.to_json(), of)


def calendar(one: Relationship, viewer: Viewer, people: dict[str, Person] | None = None) -> list:
    known = people if people is not None else {who: Person(who, email=f"{who}@sample.invalid") for who in ("m", "n")}
    view = view_for(one, viewer)
    assert view is not None
    return list(vobject.readOne(dumps_view(view, known, stamp=START).decode()).vevent_list)


def test_the_calendar_of_a_manager_names_her_own_report_alone():
    """With the partner hidden, the summary says the kind, and the only attendee is the one she manages."""
    events = calendar(LIVES["active"], BOSS)
    assert {event.summary.value for event in events} == {"Mentoring"}
    assert {line.value for event in events for line in event.attendee_list} == {"mailto:n@sample.invalid"}
    assert {event.status.value for event in events} == {"CONFIRMED"}
    assert events[0].uid.value == "r1-1@devrel"


def test_the_calendar_of_a_party_has_names_and_what_was_called_off():
    """A party's calendar names both, keeps a cancelled session as cancelled, and gives every event an id of its own."""
    one = LIVES["active"].apply(SessionHeld("twice", Actor.provider("m"), after(61)))
    one = one.apply(SessionHeld("again", Actor.provider("m"), after(61)))
    events = calendar(one, Viewer.provider("m"), {"m": Person("m", name="Em", email="m@sample.invalid")})
    assert {event.summary.value for event in events} == {"Mentoring: Em and n"}
    assert [event.uid.value for event in events if event.status.value == "CANCELLED"] == ["r1-5@devrel"]
    assert len({event.uid.value for event in events}) == len(events)
    assert calendar(proposed(), BOSS)[0].status.value == "TENTATIVE"


def test_a_calendar_needs_a_view_of_the_schedule():
    """A view without the schedule is refused, and so is a stamp without a zone; no sessions make an empty calendar."""
    with pytest.raises(InvalidValue, match="view"):
        dumps_view(view_for(LIVES["active"], Viewer.hr()), {}, stamp=START)
    with pytest.raises(InvalidValue, match="stamp"):
        dumps_view(view_for(LIVES["active"], BOSS), {}, stamp=datetime(2026, 1, 1))
    assert b"VEVENT" not in dumps_view(view_for(LIVES["declined"], BOSS), {}, stamp=datetime(2026, 1, 1, tzinfo=UTC))
