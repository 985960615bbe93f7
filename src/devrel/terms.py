"""How long a relationship runs and how often it meets. The only module that knows dateutil."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import attrs
from attrs import field, frozen
from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, rrule, weekday

from devrel._records import a, at_least, optional
from devrel.errors import InvalidValue, nearest

MOST_SESSIONS = 1_000
"""No cadence gives more occurrences than this, whatever it is asked."""


class TermForm(Enum):
    """The forms a term can have; one term may have two of them (nine months is time-limited and long-term)."""

    SINGLE_SESSION = "single session"
    TIME_LIMITED = "time-limited"
    LONG_TERM = "long-term"


class HolidayRule(Enum):
    """What happens to a meeting that falls on a holiday."""

    SKIP = "skip"
    MOVE = "move to the next working day"
    KEEP = "keep"


def _in_the_calendar(_: object, attribute: attrs.Attribute[Any], day: date | None) -> None:
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise InvalidValue(attribute.name, f"must lie between the years {_FIRST_YEAR} and {_LAST_YEAR}")


_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MOST_MONTHS = 1_200
_MOST_DAYS = 3_650


def _end_not_before_start(term: Term, _: object, end: date | None) -> None:
    if end is not None and end < term.start:
        raise InvalidValue("end", "must not lie before the start", "swap the two dates or leave the end out")


@frozen(cache_hash=True)
class Term:
    """When a relationship runs: from a first day to a last day, or open-ended, or one single session.

    Attributes:
        start: The first day.
        end: The last day, itself included; None when it is open-ended.
        single: True when one session is all there will be.

    Raises:
        InvalidValue: When the end lies before the start.

    >>> Term.of_months(date(2026, 1, 31), 1).end
    datetime.date(2026, 2, 27)
    >>> Term(date(2026, 1, 5)).open_ended
    True
    """

    start: date = field(validator=[a(date), _in_the_calendar])
    end: date | None = field(default=None, validator=[optional(a(date)), _in_the_calendar, _end_not_before_start])
    single: bool = field(default=False, validator=a(bool))

    @classmethod
    def of_months(cls, start: date, months: int) -> Term:
        """Return the term of ``months`` whole months that begins on ``start``."""
        if not 1 <= months <= _MOST_MONTHS:
            raise InvalidValue("months", f"must be at least 1 and at most {_MOST_MONTHS}")
        Term(start)
        return cls(start, start + relativedelta(months=months) - timedelta(days=1))

    @classmethod
    def single_session(cls, start: date, *, within_days: int = 30) -> Term:
        """Return the term of one session that is held within ``within_days`` days of ``start``."""
        Term(start)
        if not 0 <= within_days <= _MOST_DAYS:
            raise InvalidValue("within_days", f"must be at least 0 and at most {_MOST_DAYS}")
        return cls(start, start + timedelta(days=within_days), single=True)

    @property
    def open_ended(self) -> bool:
        """Whether no end is agreed."""
        return self.end is None

    @property
    def months(self) -> int | None:
        """The number of whole months, or None when it is open-ended.

        Month ends are read kindly: 31 August to 27 February counts as it was made, six months.
        """
        if self.end is None:
            return None
        return _whole_months(self.start, self.end)

    @property
    def halfway(self) -> date | None:
        """The day in its middle, or None when it is open-ended.

        >>> Term(date(2026, 1, 1), date(2026, 1, 31)).halfway
        datetime.date(2026, 1, 16)
        """
        return None if self.end is None else self.start + (self.end - self.start) // 2

    def forms(self, long_months: int = 6) -> frozenset[TermForm]:
        """Return the forms this term has; long-term is open-ended or at least ``long_months`` months."""
        if self.single:
            return _SINGLE
        months = self.months
        return _OPEN if months is None else _LONG if months >= long_months else _SHORT

    def __contains__(self, day: date) -> bool:
        """Whether ``day`` lies in the term."""
        return self.start <= day and (self.end is None or day <= self.end)

    def __str__(self) -> str:
        """Return the term in words."""
        if self.single:
            return f"one session from {self.start} to {self.end}" if self.end else f"one session from {self.start}"
        return f"{self.start} to {self.end}" if self.end else f"from {self.start}, open-ended"


@lru_cache(maxsize=4096)
def _whole_months(start: date, end: date) -> int:
    """Return the whole months of a term; the day is clipped to the month as relativedelta does it, and much faster."""
    after = end + timedelta(days=1)
    whole = (after.year - start.year) * 12 + after.month - start.month
    return whole if min(start.day, monthrange(after.year, after.month)[1]) <= after.day else whole - 1


_SINGLE = frozenset({TermForm.SINGLE_SESSION})
_OPEN = frozenset({TermForm.LONG_TERM})
_LONG = frozenset({TermForm.LONG_TERM, TermForm.TIME_LIMITED})
_SHORT = frozenset({TermForm.TIME_LIMITED})


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same time ``months`` months later; of a day that the month does not have, its last.

    >>> months_after(datetime(2026, 8, 31, tzinfo=UTC), 6).date()
    datetime.date(2027, 2, 28)
    """
    return moment + relativedelta(months=months)


class Unit(Enum):
    """What a cadence counts."""

    WEEK = "week"
    MONTH = "month"


class Weekday(Enum):
    """The days of the week; the value is the English name."""

    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"

    @property
    def number(self) -> int:
        """Monday is 0, as in ``date.weekday()``."""
        return _WEEKDAYS.index(self)

    @property
    def code(self) -> str:
        """The two letters of RFC 5545: MO, TU, ..."""
        return self.value[:2].upper()

    def after(self, days: int) -> Weekday:
        """Return the weekday ``days`` days later."""
        return _WEEKDAYS[(self.number + days) % 7]


_WEEKDAYS = tuple(Weekday)
_LAST = -1
_REGULAR_WEEKS = 4
_SHORTEST_MONTH = 28
_WEEK, _MONTH = 7, 30
_WEEKS_A_MONTH = 365.2425 / 7 / 12
_SATURDAY = 5
_A_DAY = timedelta(days=1)
_MOST_DAYS = 36_525


_OF_THE_MACHINE = ("localtime", "posixrules", "Factory")


def known_zone(key: str) -> ZoneInfo:
    """Return the IANA time zone ``key``; an unknown one is refused with the nearest known one."""
    try:
        if key in _OF_THE_MACHINE:
            raise ValueError
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(key, available_timezones())
        hint = f"did you mean {near!r}?" if near else "take one like 'Europe/London'"
        raise InvalidValue("zone", "is not an IANA time zone", hint) from None


def zone_key(_: object, attribute: attrs.Attribute[Any], value: str) -> None:
    """Accept the keys of IANA time zones."""
    a(str)(_, attribute, value)
    known_zone(value)


def _plain_time(_: object, attribute: attrs.Attribute[time], value: time) -> None:
    a(time)(_, attribute, value)
    if value.tzinfo is not None:
        raise InvalidValue(attribute.name, "must be a time of day without a zone", "give the zone on its own")


@frozen(cache_hash=True)
class Cadence:
    """How often two people meet: every n weeks or months, at a wall-clock time in a zone.

    Occurrences are counted from the start of the term, never one from the other, so that a monthly meeting that
    starts on 31 January comes on 28 February and again on 31 March. With a weekday, a monthly meeting keeps its
    place in the month (the second Tuesday; a fifth one becomes the last). The time on the wall stays the same
    across daylight saving; a time that a change of the clocks skips is moved forward by the length of the gap.

    Attributes:
        every: The number of units between two meetings, at least 1.
        unit: Weeks or months.
        weekday: The day of the week; None to meet on the weekday, or the day of the month, of the term's start.
        at: The time on the wall when a meeting begins.
        zone: The IANA key of the time zone of that wall.
        on_holiday: What happens to a meeting on a holiday; which days those are is told when meetings are counted.

    Raises:
        InvalidValue: For an unknown zone (the nearest is named), an ``every`` below 1, a time with a zone.

    >>> fortnightly = Cadence(2, Unit.WEEK, Weekday.TUESDAY, time(10), "Europe/London")
    >>> [str(start) for start in fortnightly.occurrences(Term.of_months(date(2026, 3, 16), 1))]
    ['2026-03-17 10:00:00+00:00', '2026-03-31 10:00:00+01:00', '2026-04-14 10:00:00+01:00']
    """

    every: int = field(default=1, validator=at_least(1))
    unit: Unit = field(default=Unit.MONTH, validator=a(Unit))
    weekday: Weekday | None = field(default=None, validator=optional(a(Weekday)))
    at: time = field(default=time(10), validator=_plain_time)
    zone: str = field(default="UTC", validator=zone_key)
    on_holiday: HolidayRule = field(default=HolidayRule.SKIP, validator=a(HolidayRule))

    def occurrences(
        self, term: Term, *, until: date | None = None, holidays: Container[date] = ()
    ) -> tuple[datetime, ...]:
        """Return when the meetings of ``term`` begin, as datetimes in the cadence's zone.

        Args:
            term: The term; one with a single session gives one occurrence.
            until: The last day to look at; needed where the term is open-ended.
            holidays: The days on which nobody meets: a set of dates, or a calendar of the ``holidays`` package.

        Returns:
            At most ``MOST_SESSIONS`` starts in ascending order.

        Raises:
            InvalidValue: When neither the term nor the caller says where to stop.
        """
        found = _occurrences(self, term, until)
        if isinstance(holidays, tuple) and not holidays:
            return found
        ends = [*(start.date() for start in found[1:]), self.next_day(term, found[-1])] if found else []
        kept = (self.around(start, holidays, before=end) for start, end in zip(found, ends, strict=True))
        return tuple(start for start in kept if start is not None)

    def next_day(self, term: Term, start: datetime) -> date:
        """Return the day of the meeting of ``term`` that follows one at ``start``; after the last, that after the end.

        >>> Cadence().next_day(Term(date(2026, 1, 31), date(2026, 2, 14)), datetime(2026, 1, 31, 10, tzinfo=UTC))
        datetime.date(2026, 2, 15)
        """
        latest = start.date() + timedelta(days=min(2 * self.days + _WEEK, _MOST_DAYS))
        stop = latest if term.end is None else min(latest, term.end)
        coming = () if term.single else self._days(term.start, stop)
        return next((day for day in coming if day > start.date()), stop + _A_DAY)

    def around(self, start: datetime, holidays: Container[date], *, before: date) -> datetime | None:
        """Return when a meeting takes place that was to begin at ``start``; None where it is skipped.

        Args:
            start: When it was to begin.
            holidays: The days on which nobody meets.
            before: A meeting is moved to a day before this one; where there is none, it is skipped.

        >>> christmas = datetime(2026, 12, 25, 10, tzinfo=UTC)
        >>> Cadence(on_holiday=HolidayRule.MOVE).around(christmas, {christmas.date()}, before=date(2027, 1, 5)).day
        28
        """
        day = start.date()
        if self.on_holiday is HolidayRule.KEEP or day not in holidays:
            return start
        if self.on_holiday is HolidayRule.SKIP:
            return None
        while day in holidays or day.weekday() >= _SATURDAY:
            day += _A_DAY
            if day >= before:
                return None
        return self._on_the_clock(day)

    def rule(self, term: Term, count: int) -> str:
        """Return the RFC 5545 recurrence rule for ``count`` meetings of ``term``.

        >>> Cadence(1, Unit.MONTH, at=time(9)).rule(Term(date(2026, 1, 31)), 3)
        'FREQ=MONTHLY;INTERVAL=1;COUNT=3;BYMONTHDAY=28,29,30,31;BYSETPOS=-1'
        """
        frequency = "WEEKLY" if self.unit is Unit.WEEK else "MONTHLY"
        return f"FREQ={frequency};INTERVAL={self.every};COUNT={count}{self._by_part(self.first_day(term.start))}"

    @property
    def days(self) -> int:
        """About how many days lie between two meetings; a month counts as 30 days."""
        return self.every * (_WEEK if self.unit is Unit.WEEK else _MONTH)

    @property
    def times_a_month(self) -> float:
        """How many meetings fall into a month, on average over the years of the calendar.

        >>> round(Cadence(2, Unit.WEEK).times_a_month, 2), Cadence(2, Unit.MONTH).times_a_month
        (2.17, 0.5)
        """
        return (_WEEKS_A_MONTH if self.unit is Unit.WEEK else 1) / self.every

    def first_day(self, start: date) -> date:
        """Return the first meeting day on or after ``start``."""
        if self.weekday is None:
            return start
        return start + timedelta(days=(self.weekday.number - start.weekday()) % 7)

    def counted(self, term: Term, until: date | None) -> tuple[datetime, ...]:
        """Count the occurrences afresh; ``occurrences`` remembers the latest answers."""
        stops = [day for day in (term.end, until) if day is not None]
        if not stops:
            raise InvalidValue("until", "is needed for an open-ended term", "say up to which day to plan")
        most = 1 if term.single else MOST_SESSIONS
        return tuple(self._on_the_clock(day) for day in islice(self._days(term.start, min(stops)), most))

    def _by_part(self, first: date) -> str:
        if self.unit is Unit.WEEK:
            return f";BYDAY={_WEEKDAYS[first.weekday()].code}"
        if self.weekday is not None:
            return f";BYDAY={_place_in_month(first)}{self.weekday.code}"
        if first.day <= _SHORTEST_MONTH:
            return f";BYMONTHDAY={first.day}"
        return f";BYMONTHDAY={','.join(map(str, range(_SHORTEST_MONTH, first.day + 1)))};BYSETPOS=-1"

    def _days(self, start: date, stop: date) -> Iterator[date]:
        first = self.first_day(start)
        if self.unit is Unit.WEEK:
            return _weekly(first, self.every, stop)
        if self.weekday is None:
            return _monthly(first, self.every, stop)
        begin, end = datetime.combine(first, time()), datetime.combine(stop, time())
        place = weekday(first.weekday(), _place_in_month(first))
        days = rrule(MONTHLY, interval=self.every, dtstart=begin, until=end, byweekday=place)
        return (moment.date() for moment in days)

    def _on_the_clock(self, day: date) -> datetime:
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC).astimezone(zone)

    def __str__(self) -> str:
        """Return the cadence in words."""
        unit = self.unit.value if self.every == 1 else f"{self.every} {self.unit.value}s"
        one = "a " if self.unit is Unit.MONTH else ""
        day = f" on {one}{self.weekday.value}" if self.weekday else ""
        return f"every {unit}{day} at {self.at:%H:%M} ({self.zone})"


@lru_cache(maxsize=256)
def _occurrences(cadence: Cadence, term: Term, until: date | None) -> tuple[datetime, ...]:
    """A program's relationships share their term and cadence, so the same answer is asked for many times."""
    return cadence.counted(term, until)


def _place_in_month(day: date) -> int:
    place = (day.day - 1) // 7 + 1
    return place if place <= _REGULAR_WEEKS else _LAST


def _weekly(first: date, every: int, stop: date) -> Iterator[date]:
    return (first + timedelta(weeks=weeks) for weeks in range(0, (stop - first).days // 7 + 1, every))


def _monthly(first: date, every: int, stop: date) -> Iterator[date]:
    within = (stop.year - first.year) * 12 + stop.month - first.month
    for months in range(0, within + 1, every):
        day = first + relativedelta(months=months)
        if day <= stop:
            yield day
