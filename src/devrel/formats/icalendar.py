"""Calendars (RFC 5545) of relationships.

Nothing here invites anybody: proposed sessions are tentative, there is no METHOD, and attendees carry
SCHEDULE-AGENT=NONE (RFC 6638) so that a calendar server does not write to them.

The time zones are our own blocks, one for each change of the clocks in the range of the calendar and without RDATE:
some readers take only the first value of an RDATE list, and then place most meetings an hour off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vText

from devrel._display import printable
from devrel.errors import InvalidValue
from devrel.kinds import Item, Side
from devrel.people import Organization, Person
from devrel.relationships import Relationship
from devrel.sessions import Session, SessionStatus
from devrel.visibility import RelationshipView, SeenSession

PRODUCT = "-//devrel//draft sessions//EN"


def dumps_sessions(
    relationships: Iterable[Relationship],
    people: Organization | Mapping[str, Person],
    *,
    stamp: datetime,
    organizer: str | None = None,
    until: date | None = None,
    holidays: Container[date] = (),
) -> bytes:
    """Return a calendar of the sessions to come.

    A relationship whose sessions follow its cadence is one recurring event; one with sessions that were moved,
    cancelled or fall on holidays has an event for each session.

    Args:
        relationships: What to plan; those without a session in their term are left out.
        people: Gives names and addresses; somebody without an address gets no attendee line.
        stamp: When the calendar was made, aware of its zone.
        organizer: The address of the people who run the program; the first party with an address unless given.
        until: The last day to plan for; needed where a term is open-ended.
        holidays: The days on which nobody meets.
    """
    _check_stamp(stamp)
    dated = ((one, one.planned_sessions(until=until, holidays=holidays)) for one in relationships)
    planned = [(one, sessions) for one, sessions in dated if sessions]
    events = [
        event
        for relationship, sessions in planned
        for event in _events(relationship, sessions, people, stamp, organizer, until)
    ]
    return _written([sessions for _, sessions in planned], events, stamp)


def dumps_view(
    view: RelationshipView,
    people: Organization | Mapping[str, Person],
    *,
    stamp: datetime,
    organizer: str | None = None,
) -> bytes:
    """Return a calendar of the sessions that a view shows, one event for each.

    Nobody is in it whom the view does not show; where the partners are hidden, the summary says the kind alone.

    Args:
        view: What somebody sees of a relationship.
        people: Gives names and addresses; somebody without an address, or not among them, gets no attendee line.
        stamp: When the calendar was made, aware of its zone.
        organizer: The address of the people who run the program; the first party with an address unless given.

    Raises:
        InvalidValue: When the view does not show when the relationship meets.
    """
    _check_stamp(stamp)
    if view.sessions is None:
        raise InvalidValue("view", "does not show when the relationship meets", "ask for what this viewer may see")
    known = {one.person: people[one.person] for one in view.parties if one.person in people}
    event = partial(
        _plain_event,
        _seen_summary(view, known),
        list(known.values()),
        stamp,
        organizer,
        draft=view.status == "proposed",
    )
    events = []
    for key, session in zip(_keys(view.sessions), view.sessions, strict=True):
        seen = event(session.minutes, cancelled=session.status == SessionStatus.CANCELLED.value)
        seen.add("uid", f"{view.id}-{key}@devrel")
        seen.add("dtstart", session.start)
        events.append(seen)
    return _written([view.sessions], events, stamp)


def _keys(sessions: Iterable[SeenSession]) -> list[str]:
    """Return a key for each session: its number, or when it was held; of several at one moment, with a count."""
    counted: Counter[str] = Counter()
    keys = []
    for session in sessions:
        key = str(session.number or f"{session.start.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        counted[key] += 1
        keys.append(key if counted[key] == 1 else f"{key}-{counted[key]}")
    return keys


def _check_stamp(stamp: datetime) -> None:
    if stamp.utcoffset() is None:
        raise InvalidValue("stamp", "must be a datetime with a time zone")


def _written(planned: Sequence[Sequence[Session | SeenSession]], events: Sequence[Event], stamp: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if not events:  # a calendar has at least one component
        calendar.add_component(_timezone(ZoneInfo("UTC"), stamp, stamp))
    for component in [*_zones(planned), *events]:
        calendar.add_component(component)
    return calendar.to_ical()  # type: ignore[no-any-return]


def _events(
    relationship: Relationship,
    sessions: Sequence[Session],
    people: Organization | Mapping[str, Person],
    stamp: datetime,
    organizer: str | None,
    until: date | None,
) -> list[Event]:
    """Return one recurring event where the sessions are those of the cadence, or else one event for each session."""
    agreement = relationship.agreement
    cadence, term = agreement.cadence, agreement.term
    if [session.start for session in sessions] == list(cadence.occurrences(term, until=until)):
        event = _event(relationship, sessions[0], people, stamp, organizer)
        event.add("uid", f"{relationship.id}@devrel")
        event.add("dtstart", _on_the_wall(relationship))
        if len(sessions) > 1:
            event.add("rrule", vRecur.from_ical(cadence.rule(term, len(sessions))))
        return [event]
    single = []
    for session in sessions:
        event = _event(relationship, session, people, stamp, organizer)
        event.add("uid", f"{relationship.id}-{session.number}@devrel")
        event.add("dtstart", session.start)
        single.append(event)
    return single


def _event(
    relationship: Relationship,
    session: Session,
    people: Organization | Mapping[str, Person],
    stamp: datetime,
    organizer: str | None,
) -> Event:
    """Return what every event of a relationship has, but for its id and its time."""
    listed = [people[party.person] for party in relationship.parties]
    draft = relationship.state.activated is None
    event = _plain_event(_summary(relationship, people), listed, stamp, organizer, session.minutes, draft=draft)
    event.add("description", _description(relationship, session))
    return event


def _plain_event(
    summary: str,
    people: Sequence[Person],
    stamp: datetime,
    organizer: str | None,
    minutes: int,
    *,
    draft: bool,
    cancelled: bool = False,
) -> Event:
    event = Event()
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("duration", timedelta(minutes=minutes))
    event.add("summary", summary)
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if draft else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if draft or cancelled else "OPAQUE")
    event.add("sequence", 0)
    attending = [person for person in people if person.email]
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


def _seen_summary(view: RelationshipView, people: Mapping[str, Person]) -> str:
    kind = view.kind.name.capitalize()
    if Item.PARTNER not in view.shown:
        return kind
    sides = (
        ", ".join(printable(_shown(one.person, people)) for one in view.parties if side in one.role.sides)
        for side in (Side.PROVIDER, Side.RECIPIENT)
    )
    return f"{kind}: {' and '.join(sides)}"


def _shown(person: str, people: Mapping[str, Person]) -> str:
    return people[person].shown_name if person in people else person


def _description(relationship: Relationship, session: Session) -> str:
    owner = relationship.kind.titles.of(session.agenda.owner)
    draft = "A draft: nothing is agreed yet. " if relationship.state.activated is None else ""
    lines = [f"{draft}The {owner} sets the agenda, for example:"]
    return "\n".join([*lines, *(f"- {item}" for item in session.agenda.items)])


def _address(address: str, name: str, *, attending: bool) -> Any:
    found = vCalAddress(f"mailto:{address}")
    found.params["SCHEDULE-AGENT"] = vText("NONE")
    if attending:
        found.params["CN"] = vText(name)
        found.params["PARTSTAT"] = vText("NEEDS-ACTION")
        found.params["RSVP"] = vText("FALSE")
    return found


def _zones(planned: Sequence[Sequence[Session | SeenSession]]) -> list[Timezone]:
    ranges: dict[str, tuple[datetime, datetime]] = {}
    for session in (one for sessions in planned for one in sessions):
        key = str(session.start.tzinfo)
        first, last = ranges.get(key, (session.start, session.end))
        ranges[key] = min(first, session.start), max(last, session.end)
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
