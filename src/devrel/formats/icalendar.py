"""Draft calendars (RFC 5545) of proposed relationships.

Nothing here invites anybody: events are tentative, there is no METHOD, and attendees carry SCHEDULE-AGENT=NONE
(RFC 6638) so that a calendar server does not write to them.

The time zones are our own blocks, one for each change of the clocks in the range of the calendar and without RDATE:
some readers take only the first value of an RDATE list, and then place most meetings an hour off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vText

from devrel._display import printable
from devrel.errors import InvalidValue
from devrel.kinds import Side
from devrel.people import Organization, Person
from devrel.relationships import Relationship
from devrel.sessions import Session

PRODUCT = "-//devrel//draft sessions//EN"


def dumps_sessions(
    relationships: Iterable[Relationship],
    people: Organization | Mapping[str, Person],
    *,
    stamp: datetime,
    organizer: str | None = None,
    until: date | None = None,
) -> bytes:
    """Return a calendar with one recurring event for every relationship.

    Args:
        relationships: What to plan; those without a session in their term are left out.
        people: Gives names and addresses; somebody without an address gets no attendee line.
        stamp: When the calendar was made, aware of its zone.
        organizer: The address of the people who run the program; the first party with an address unless given.
        until: The last day to plan for; needed where a term is open-ended.
    """
    if stamp.utcoffset() is None:
        raise InvalidValue("stamp", "must be a datetime with a time zone")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    planned = [(one, sessions) for one in relationships if (sessions := one.planned_sessions(until=until))]
    if not planned:  # a calendar has at least one component
        calendar.add_component(_timezone(ZoneInfo("UTC"), stamp, stamp))
    for zone in _zones([sessions for _, sessions in planned]):
        calendar.add_component(zone)
    for relationship, sessions in planned:
        calendar.add_component(_event(relationship, sessions, people, stamp, organizer))
    return calendar.to_ical()  # type: ignore[no-any-return]


def _event(
    relationship: Relationship,
    sessions: Sequence[Session],
    people: Organization | Mapping[str, Person],
    stamp: datetime,
    organizer: str | None,
) -> Event:
    event = Event()
    agreement = relationship.agreement
    event.add("uid", f"{relationship.id}@devrel")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", _on_the_wall(relationship))
    event.add("duration", timedelta(minutes=agreement.minutes))
    if len(sessions) > 1:
        event.add("rrule", vRecur.from_ical(agreement.cadence.rule(agreement.term, len(sessions))))
    event.add("summary", _summary(relationship, people))
    event.add("description", _description(relationship, sessions[0]))
    event.add("status", "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    event.add("sequence", 0)
    attending = [people[party.person] for party in relationship.parties if people[party.person].email]
    if attending:
        event.add("organizer", _address(organizer or str(attending[0].email), "", attending=False))
    for person in attending:
        event.add("attendee", _address(str(person.email), printable(person.shown_name), attending=True), encode=False)
    return event


def _on_the_wall(relationship: Relationship) -> datetime:
    """Return when the first session begins by the clock on the wall, even where the clocks skip that time.

    The rule repeats this time, so it has to be the agreed one; a reader moves a skipped one forward by itself.
    """
    agreement = relationship.agreement
    cadence = agreement.cadence
    day = cadence.first_day(agreement.term.start)
    return datetime.combine(day, cadence.at, tzinfo=UTC if cadence.zone == "UTC" else ZoneInfo(cadence.zone))


def _summary(relationship: Relationship, people: Organization | Mapping[str, Person]) -> str:
    sides = (
        ", ".join(printable(people[person].shown_name) for person in relationship.people(side))
        for side in (Side.PROVIDER, Side.RECIPIENT)
    )
    return f"{relationship.kind.name.capitalize()}: {' and '.join(sides)}"


def _description(relationship: Relationship, session: Session) -> str:
    owner = relationship.kind.titles.of(session.agenda.owner)
    lines = [f"A draft: nothing is agreed yet. The {owner} sets the agenda, for example:"]
    return "\n".join([*lines, *(f"- {item}" for item in session.agenda.items)])


def _address(address: str, name: str, *, attending: bool) -> Any:
    found = vCalAddress(f"mailto:{address}")
    found.params["SCHEDULE-AGENT"] = vText("NONE")
    if attending:
        found.params["CN"] = vText(name)
        found.params["PARTSTAT"] = vText("NEEDS-ACTION")
        found.params["RSVP"] = vText("FALSE")
    return found


def _zones(planned: Sequence[Sequence[Session]]) -> list[Timezone]:
    ranges: dict[str, tuple[datetime, datetime]] = {}
    for sessions in planned:
        key = str(sessions[0].start.tzinfo)
        first, last = ranges.get(key, (sessions[0].start, sessions[-1].end))
        ranges[key] = min(first, sessions[0].start), max(last, sessions[-1].end)
    return [_timezone(ZoneInfo(key), *ranges[key]) for key in sorted(ranges) if key != "UTC"]


def _timezone(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """Return the time zone from ``first`` to ``last``: one block for each change of the clocks in between."""
    component = Timezone()
    component.add("tzid", str(zone))
    before_all = (first - timedelta(days=2)).astimezone(UTC)
    changes = [before_all, *_changes(zone, before_all, last)]
    for change in changes:
        before, after = ((change - timedelta(seconds=1)).astimezone(zone), change.astimezone(zone))
        block = TimezoneDaylight() if after.dst() else TimezoneStandard()
        block.add("dtstart", (change + _offset(before)).replace(tzinfo=None))
        block.add("tzoffsetfrom", _offset(before))
        block.add("tzoffsetto", _offset(after))
        block.add("tzname", after.tzname() or "")
        component.add_component(block)
    return component


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """Return the moments (UTC) at which the offset of ``zone`` changes between two moments."""
    found = []
    day, end = first.astimezone(UTC), last.astimezone(UTC) + timedelta(days=1)
    while day < end:
        following = day + timedelta(days=1)
        if _facts(zone, day) != _facts(zone, following):
            found.append(_exact_change(zone, day, following))
        day = following
    return found


def _exact_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _facts(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if _facts(zone, middle) == before:
            low = middle
        else:
            high = middle
    rounded = high.replace(microsecond=0)
    return rounded if _facts(zone, rounded) != before else rounded + timedelta(seconds=1)


def _facts(zone: ZoneInfo, moment: datetime) -> tuple[timedelta, str | None]:
    local = moment.astimezone(zone)
    return _offset(local), local.tzname()


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)
