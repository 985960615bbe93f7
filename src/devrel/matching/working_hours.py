"""When people work, and how long two of them work at the same time, in real time zones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from attrs import Attribute, field, frozen
from numpy.typing import NDArray

from devrel._records import a, as_tuple, tuple_of
from devrel.errors import InvalidValue
from devrel.terms import Term, Weekday

Minutes = NDArray[np.int64]

_MONDAY_TO_FRIDAY = tuple(Weekday)[:5]
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_A_YEAR = timedelta(days=365)
_AROUND = (-1, 0, 1)


def _plain_time(_: object, attribute: Attribute[time], value: time) -> None:
    a(time)(_, attribute, value)
    if value.tzinfo is not None:
        raise InvalidValue(attribute.name, "must be a time of day without a zone", "everybody has a zone of her own")


@frozen
class WorkingHours:
    """When people work, on the clock of the place where each of them is.

    Attributes:
        start: When work begins.
        end: When it ends, on the same day.
        days: The working days of the week, in the order of the week, each once.

    Raises:
        InvalidValue: When the end is not after the start, or there is no working day.

    >>> WorkingHours(time(8), time(16)).is_working(date(2026, 3, 7))
    False
    """

    start: time = field(default=time(9), validator=_plain_time)
    end: time = field(default=time(17), validator=_plain_time)
    days: tuple[Weekday, ...] = field(default=_MONDAY_TO_FRIDAY, converter=as_tuple, validator=tuple_of(Weekday))

    def __attrs_post_init__(self) -> None:
        if self.end <= self.start:
            raise InvalidValue("end", "must be after the start", "work that ends after midnight cannot be told here")
        if not self.days or list(self.days) != [day for day in Weekday if day in self.days]:
            raise InvalidValue("days", "must be days of the week in their order, each once, and at least one")

    def is_working(self, day: date) -> bool:
        """Whether people work on ``day``."""
        return day.weekday() in {one.number for one in self.days}

    def days_to_look_at(self, term: Term, first: date | None = None) -> tuple[date, ...]:
        """Return one working day of every week of the term's first year: the one in the middle of the working week.

        Changes of the clocks come on different days in different places, so that two people may be an hour closer
        for a few weeks only; a day of every week sees that.

        Args:
            term: The term.
            first: Where to begin; the term's start unless given.

        >>> WorkingHours().days_to_look_at(Term(date(2026, 3, 2), date(2026, 3, 15)))
        (datetime.date(2026, 3, 4), datetime.date(2026, 3, 11))
        """
        begin = term.start if first is None else first
        last = begin + _A_YEAR - _DAY
        if term.end is not None:
            last = min(last, max(term.end, begin))
        middle = self.days[len(self.days) // 2].number
        day = begin + timedelta(days=(middle - begin.weekday()) % 7)
        if day > last:
            return (next(one for one in (begin + step * _DAY for step in range(7)) if self.is_working(one)),)
        return tuple(day + week * _WEEK for week in range((last - day).days // 7 + 1))

    def __str__(self) -> str:
        """Return them in words."""
        return f"{self.start:%H:%M} to {self.end:%H:%M}, {', '.join(day.value for day in self.days)}"


def shared_minutes(zones: Sequence[str], days: Iterable[date], hours: WorkingHours) -> Minutes:
    """Return how many minutes two zones work at the same time at a stretch, on the worst of the days.

    The rows look at their own working day; the columns may be in the day before or after.

    Args:
        zones: IANA keys.
        days: Working days.
        hours: When people work.

    Returns:
        An array of zones by zones.

    >>> shared_minutes(["Europe/London", "America/New_York"], [date(2026, 1, 14), date(2026, 3, 18)], WorkingHours())
    array([[480, 180],
           [180, 480]])
    """
    listed = tuple(days)
    if not listed:
        raise InvalidValue("days", "must be at least one")
    spans = {step: _spans(zones, [day + step * _DAY for day in listed], hours) for step in _AROUND}
    begin, end = spans[0]
    shared = np.zeros((len(zones), len(zones)), dtype=np.int64)
    for row in range(len(zones)):
        common = [
            np.minimum(end[row], their_end) - np.maximum(begin[row], their_begin)
            for their_begin, their_end in spans.values()
        ]
        shared[row] = np.maximum(np.max(common, axis=0), 0).min(axis=1)
    return shared


def _spans(zones: Sequence[str], days: Sequence[date], hours: WorkingHours) -> tuple[Minutes, Minutes]:
    """Return when work begins and ends by zone and day, in minutes; on a day without work it ends as it begins."""
    begin = np.array([[_minute(day, hours.start, zone) for day in days] for zone in zones], dtype=np.int64)
    end = np.array(
        [[_minute(day, hours.end if hours.is_working(day) else hours.start, zone) for day in days] for zone in zones],
        dtype=np.int64,
    )
    shape = len(zones), len(days)
    return begin.reshape(shape), end.reshape(shape)


def _minute(day: date, at: time, zone: str) -> int:
    """Return a time on the wall as minutes since a fixed moment."""
    return round(datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC).timestamp()) // 60
