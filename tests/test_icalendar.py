"""Draft calendars, read by a parser that did not write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.agreements import Agreement
from devrel.errors import InvalidValue
from devrel.formats.icalendar import dumps_sessions
from devrel.kinds import COACHING, MENTORING
from devrel.lifecycle import Accepted, Activated, Actor, SessionCancelled, SessionMoved
from devrel.people import Party, Person, Role
from devrel.relationships import Relationship, pair
from devrel.terms import Cadence, HolidayRule, Term, Unit, Weekday
from devrel.testing.strategies import START, ZONES, cadences

PEOPLE = {
    "m": Person("m", name='Dr "Em"; Comma, Name', email="m@sample.invalid"),
    "n": Person("n", name="Enn\r\nATTENDEE:mailto:evil@sample.invalid"),
}


def relationship(cadence: Cadence, term: Term | None = None, kind=MENTORING, name="rel-1") -> Relationship:
    agreement = Agreement(term or Term.of_months(date(2026, 2, 2), 9), cadence, 45, purpose="to try it")
    return Relationship.propose(name, kind, pair("m", "n"), agreement, actor=Actor.system(), at=START)


def written(*relationships: Relationship, **more) -> str:
    return dumps_sessions(relationships, PEOPLE, stamp=START, **more).decode()


def events(text: str) -> list:
    return list(vobject.readOne(text).contents.get("vevent", []))


def wall_to_utc(text, moment):
    """The instant of a wall-clock time by the calendar's own time zone blocks alone, from their definition."""
    blocks = []
    for block in re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:(?:STANDARD|DAYLIGHT)", text, re.S):
        begin = datetime.strptime(re.search(r"DTSTART:(\w+)", block)[1], "%Y%m%dT%H%M%S")
        before, after = (offset(re.search(rf"TZOFFSET{way}:(\S+)", block)[1]) for way in ("FROM", "TO"))
        blocks.append((begin - before, before, after))
    blocks.sort()
    found = moment - blocks[0][2]
    for onset, before, after in blocks:
        if moment - before >= onset:
            found = moment - after if moment - after >= onset else moment - before
    return found.replace(tzinfo=UTC)


def offset(said: str) -> timedelta:
    sign = -1 if said[0] == "-" else 1
    seconds = int(said[5:7] or 0)
    return sign * timedelta(hours=int(said[1:3]), minutes=int(said[3:5]), seconds=seconds)


@given(cadences, st.sampled_from(ZONES), st.integers(1, 14))
@settings(max_examples=150)
def test_another_reader_finds_the_same_instants(cadence, zone, months):
    """Recurrence rule and time zone blocks, read by other code, give exactly the planned instants, in any zone."""
    planned = relationship(Cadence(cadence.every, cadence.unit, cadence.weekday, cadence.at, zone))
    planned = relationship(planned.agreement.cadence, Term.of_months(date(2026, 1, 31), months))
    sessions = planned.planned_sessions()
    if not sessions:
        return
    text = written(planned)
    (event,) = events(text)
    begin = re.search(r"^DTSTART(?:;TZID=[^:]+)?:(\w+)", text.split("BEGIN:VEVENT")[1], re.M)[1]
    first = datetime.strptime(begin.rstrip("Z"), "%Y%m%dT%H%M%S")
    said = re.search(r"^RRULE:(.*?)\r$", text, re.M)
    days = list(rrulestr(said[1], dtstart=first)) if said else [first]
    instants = [day.replace(tzinfo=UTC) if zone == "UTC" else wall_to_utc(text, day) for day in days]
    assert instants == [session.start.astimezone(UTC) for session in sessions]
    assert event.summary.value.startswith("Mentoring: ")


def test_ten_in_london_is_ten_in_summer_and_in_winter():
    """The offset of the file's own blocks changes with the clocks, and the wall-clock time does not."""
    text = written(relationship(Cadence(1, Unit.MONTH, Weekday.TUESDAY, time(10), "Europe/London")))
    assert "DTSTART;TZID=Europe/London:20260203T100000" in text
    assert wall_to_utc(text, datetime(2026, 3, 3, 10)) == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert wall_to_utc(text, datetime(2026, 4, 7, 10)) == datetime(2026, 4, 7, 9, tzinfo=UTC)
    assert "RDATE" not in text


def test_a_first_session_in_the_skipped_hour_does_not_move_the_others():
    """The night of the change in London has no half past one; the sessions after it are at half past one."""
    half_past_one = Cadence(1, Unit.WEEK, None, time(1, 30), "Europe/London")
    planned = relationship(half_past_one, Term(date(2026, 3, 29), date(2026, 4, 6)))
    text = written(planned)
    assert "DTSTART;TZID=Europe/London:20260329T013000" in text
    assert wall_to_utc(text, datetime(2026, 3, 29, 1, 30)) == planned.planned_sessions()[0].start
    assert wall_to_utc(text, datetime(2026, 4, 5, 1, 30)) == planned.planned_sessions()[1].start


def test_it_is_a_draft_and_nobody_is_invited():
    """Tentative, without a METHOD, and servers are told not to write to the attendees."""
    text = written(relationship(Cadence()))
    assert "STATUS:TENTATIVE" in text
    assert "METHOD" not in text
    unfolded = text.replace("\r\n ", "")
    assert all("SCHEDULE-AGENT=NONE" in line for line in unfolded.splitlines() if re.match("ATTENDEE|ORGANIZER", line))


def test_people_without_an_address_get_no_attendee_line():
    """One of the two has an address, and there is one attendee; without any there is no organizer either."""
    (event,) = events(written(relationship(Cadence())))
    assert [line.value for line in event.contents["attendee"]] == ["mailto:m@sample.invalid"]
    assert event.organizer.value == "mailto:m@sample.invalid"
    office = written(relationship(Cadence()), organizer="office@sample.invalid")
    assert events(office)[0].organizer.value == "mailto:office@sample.invalid"
    nobody = {"m": Person("m"), "n": Person("n")}
    text = dumps_sessions([relationship(Cadence())], nobody, stamp=START).decode()
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text


def test_names_cannot_smuggle_lines_in():
    """A name with line breaks, quotes and separators stays a name."""
    text = written(relationship(Cadence()))
    assert not re.search(r"^ATTENDEE:mailto:evil", text, re.M)
    assert len(events(text)[0].contents["attendee"]) == 1
    hostile = {**PEOPLE, "m": Person("m", name="A\nBEGIN:VEVENT", email="m@sample.invalid")}
    text = dumps_sessions([relationship(Cadence())], hostile, stamp=START).decode()
    assert text.count("BEGIN:VEVENT\r\n") == 1


def test_the_file_keeps_to_the_form():
    """CRLF line ends, lines of 75 octets at most, one UID a relationship, the stamp that was given."""
    second = relationship(Cadence(), kind=COACHING, name="rel-2")
    text = written(relationship(Cadence()), second)
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert [event.uid.value for event in events(text)] == ["rel-1@devrel", "rel-2@devrel"]
    assert text.count("DTSTAMP:20260105T000000Z") == 2
    assert "The coachee sets the agenda" in text.replace("\r\n ", "")


def test_a_group_is_one_event_and_an_open_end_needs_a_horizon():
    """A group has one event with all who have addresses; an open-ended one is planned up to a day."""
    parties = (Party("m", Role.PROVIDER), Party("n", Role.RECIPIENT), Party("o", Role.RECIPIENT))
    agreement = Agreement(Term(date(2026, 2, 2)), Cadence(1, Unit.WEEK))
    group = Relationship.propose("g", MENTORING, parties, agreement, actor=Actor.system(), at=START)
    people = {**PEOPLE, "o": Person("o", email="o@sample.invalid")}
    text = dumps_sessions([group], people, stamp=START, until=date(2026, 3, 2)).decode()
    assert "COUNT=5" in text
    assert len(events(text)[0].contents["attendee"]) == 2


def test_the_change_of_clocks_for_a_month_is_in_the_file():
    """Morocco sets its clocks back for Ramadan only; both changes are in the file, and every instant is right."""
    planned = relationship(
        Cadence(1, Unit.WEEK, None, time(9), "Africa/Casablanca"), Term.of_months(date(2026, 1, 5), 5)
    )
    text = written(planned)
    for session in planned.planned_sessions():
        assert wall_to_utc(text, session.start.replace(tzinfo=None)) == session.start.astimezone(UTC)
    assert len({session.start.utcoffset() for session in planned.planned_sessions()}) == 2


def test_no_control_character_reaches_the_file():
    """Escape sequences and bells in a name are left out, as the form forbids them; a naive stamp is refused."""
    hostile = {**PEOPLE, "m": Person("m", name="A\x1b[31m\x07\x00B", email="m@sample.invalid")}
    text = dumps_sessions([relationship(Cadence())], hostile, stamp=START).decode()
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    with pytest.raises(InvalidValue, match="stamp"):
        dumps_sessions([], PEOPLE, stamp=datetime(2026, 1, 1))


def active(cadence: Cadence, *more) -> Relationship:
    yes = [Accepted("y1", Actor.provider("m"), START, 1), Accepted("y2", Actor.recipient("n"), START, 1)]
    return relationship(cadence).apply_all([*yes, Activated("go", Actor.system(), START), *more])


def instants(text: str) -> list[datetime]:
    """The beginnings of all single events, by the file's own time zone blocks."""
    said = re.findall(r"^DTSTART;TZID=[^:]+:(\w+)", text.split("BEGIN:VEVENT", 1)[1], re.M)
    return [wall_to_utc(text, datetime.strptime(one, "%Y%m%dT%H%M%S")) for one in said]


def test_sessions_of_an_active_relationship_are_confirmed():
    """Once it is active, a calendar says confirmed and busy, and nothing of a draft."""
    text = written(active(Cadence(1, Unit.WEEK)))
    assert "STATUS:CONFIRMED" in text
    assert "TRANSP:OPAQUE" in text
    assert "draft:" not in text


def test_moved_and_cancelled_sessions_and_holidays_are_told_one_by_one():
    """A calendar with exceptions has an event for each session that takes place, each at its real time."""
    cadence = Cadence(1, Unit.MONTH, Weekday.TUESDAY, time(10), "Europe/London", HolidayRule.MOVE)
    to = datetime(2026, 4, 9, 8, tzinfo=UTC)
    moved = active(cadence, SessionMoved("v", Actor.provider("m"), START, 3, to))
    moved = moved.apply(SessionCancelled("c", Actor.recipient("n"), START, 2))
    holidays = {date(2026, 5, 5)}
    text = written(moved, holidays=holidays)
    sessions = moved.planned_sessions(holidays=holidays)
    assert instants(text) == [session.start.astimezone(UTC) for session in sessions]
    assert to in instants(text)
    assert [event.uid.value for event in events(text)][:2] == ["rel-1-1@devrel", "rel-1-3@devrel"]
    assert [session.start.day for session in sessions if session.start.month == 5] == [6]
    assert "RRULE" not in text


def test_nothing_to_plan_is_an_empty_calendar():
    """Without relationships, or without a session in the term, the calendar has no event and still reads."""
    assert events(written()) == []
    assert "BEGIN:VTIMEZONE" in written()
    none = relationship(Cadence(1, Unit.WEEK, Weekday.SUNDAY), Term(date(2026, 2, 2), date(2026, 2, 3)))
    assert events(written(none)) == []


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "Pacific/Apia", "Europe/Dublin", "America/Sao_Paulo"])
def test_unusual_zones_are_written_right(zone):
    """Zones with a negative daylight saving, a changed date line or no daylight saving give the right instants."""
    planned = relationship(Cadence(1, Unit.WEEK, None, time(9), zone), Term.of_months(date(2011, 10, 3), 14))
    text = written(planned)
    for session in planned.planned_sessions():
        assert wall_to_utc(text, session.start.replace(tzinfo=None)) == session.start.astimezone(UTC)
