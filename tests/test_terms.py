"""Terms and cadences: what a calendar does to them."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.terms import MOST_SESSIONS, Cadence, HolidayRule, Term, TermForm, Unit, Weekday, months_after
from devrel.testing.strategies import cadences, days, terms

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
CHRISTMAS = date(2026, 12, 25)
SKIP, MOVE, KEEP = HolidayRule
DAY = timedelta(days=1)
FAR = date(2041, 1, 1)
WORDS: Any = "skip"
NUMBER: Any = 3

times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60)
year_2026 = terms(st.dates(date(2026, 1, 1), date(2026, 6, 30)))


class Calendar(dict):
    """A calendar that fills itself while it is asked, as those of the ``holidays`` package do."""

    def __contains__(self, day):
        if (day.month, day.day) == (12, 25):
            self[day] = "Christmas"
        return super().__contains__(day)


class Always:
    """A calendar in which every day is a holiday."""

    def __contains__(self, day):
        return True


def told(found):
    return [moment.date().isoformat() for moment in found]


# Terms ------------------------------------------------------------------------------------------------------------


@given(days, st.integers(1, 36))
def test_a_term_of_months_has_that_many_months(start, months):
    """A term made of whole months tells the same number of months, at month ends too."""
    term = Term.of_months(start, months)
    assert term.months == months
    assert start in term
    assert term.end + DAY not in term
    assert start - DAY not in term


def test_long_term_and_time_limited_are_not_opposites():
    """Nine months are both; three are time-limited; an open end is long-term; one session is neither."""
    start = date(2026, 1, 5)
    assert Term.of_months(start, 9).forms() == {TermForm.TIME_LIMITED, TermForm.LONG_TERM}
    assert Term.of_months(start, 3).forms() == {TermForm.TIME_LIMITED}
    assert Term.of_months(start, 3).forms(long_months=3) == {TermForm.TIME_LIMITED, TermForm.LONG_TERM}
    assert Term(start).forms() == {TermForm.LONG_TERM}
    assert Term.single_session(start).forms() == {TermForm.SINGLE_SESSION}
    assert Term(start).open_ended
    assert not Term.of_months(start, 3).open_ended


# Occurrences ------------------------------------------------------------------------------------------------------


@given(cadences, terms(), st.sampled_from(ZONES), times)
def test_in_every_zone_the_time_on_the_wall_is_the_agreed_one(cadence, term, zone, at):
    """In any IANA zone a meeting is at the agreed time on the wall; one that the clocks skip moves by the gap."""
    cadence = Cadence(cadence.every, cadence.unit, cadence.weekday, at, zone)
    found = cadence.occurrences(term, until=FAR)
    assert list(found) == sorted(set(found))
    assert len(found) <= (1 if term.single else MOST_SESSIONS)
    for moment in found:
        assert str(moment.tzinfo) == zone
        assert (on_the_wall(moment.date(), at, zone) == moment.replace(tzinfo=None)) or moment.time() < at
        assert moment.date() in term or moment.time() < at


def on_the_wall(day, at, zone):
    """Return what the clock shows when a meeting begins, from the two offsets that a skipped time has (PEP 495)."""
    wall = datetime.combine(day, at)
    before, after = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return wall + (after - before) if after > before else wall


def test_no_zone_loses_or_shifts_a_meeting_over_a_year():
    """Every IANA zone: 52 Sundays at half past two, each at that time except where the clocks skip it."""
    year = Term(date(2026, 1, 1), date(2026, 12, 31))
    jumps = 0
    for zone in ZONES:
        found = Cadence(1, Unit.WEEK, Weekday.SUNDAY, time(2, 30), zone).occurrences(year)
        walls = [on_the_wall(date(2026, 1, 4) + week * timedelta(days=7), time(2, 30), zone) for week in range(52)]
        assert [moment.replace(tzinfo=None) for moment in found] == walls, zone
        jumps += sum(wall.time() != time(2, 30) for wall in walls)
    assert jumps > 100


def test_a_skipped_hour_moves_forward_by_the_gap():
    """Half past one does not exist in London that night; on Lord Howe the gap is half an hour, in Apia it was a day."""
    for zone, day, at, expected in [
        ("Europe/London", date(2026, 3, 29), time(1, 30), "2026-03-29 02:30:00+01:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-04 02:40:00+11:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(10), "2011-12-31 10:00:00+14:00"),
    ]:
        found = Cadence(1, Unit.WEEK, at=at, zone=zone).occurrences(Term(day, day))
        assert [str(one) for one in found] == [expected]


@given(cadences, terms(), days, days)
def test_a_nearer_until_gives_the_beginning_of_the_same_list(cadence, term, one, other):
    """Looking less far ahead changes nothing about the meetings that are found."""
    near, far = sorted([one, other])
    found = cadence.occurrences(term, until=near)
    assert found == cadence.occurrences(term, until=far)[: len(found)]


@given(cadences, terms())
def test_days_between_occurrences_follow_the_cadence(cadence, term):
    """Weekly meetings are a whole number of weeks apart; monthly ones about a month times the count."""
    starts = cadence.occurrences(term, until=FAR)
    apart = {(later.date() - earlier.date()).days for earlier, later in pairwise(starts)}
    slack = 1 if cadence.unit is Unit.WEEK else 9 + cadence.every  # 28 to 31 days, the fifth weekday, a skipped day
    assert all(abs(days - cadence.days) <= slack for days in apart)


@given(cadences, terms())
def test_the_recurrence_rule_says_the_same_as_the_occurrences(cadence, term):
    """The RFC 5545 rule, expanded by its own engine, gives the same wall-clock days as the occurrences."""
    found = cadence.occurrences(term, until=FAR)
    if not found:
        return
    begin = datetime.combine(cadence.first_day(term.start), cadence.at)
    expanded = list(rrulestr(cadence.rule(term, len(found)), dtstart=begin))
    zone = found[0].tzinfo
    assert [day.replace(tzinfo=zone).astimezone(UTC) for day in expanded] == [one.astimezone(UTC) for one in found]


@pytest.mark.parametrize(
    ("cadence", "start", "expected"),
    [
        (Cadence(2, Unit.WEEK), date(2026, 1, 7), "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=WE"),
        (Cadence(1, Unit.MONTH, Weekday.FRIDAY), date(2026, 1, 5), "FREQ=MONTHLY;INTERVAL=1;COUNT=3;BYDAY=2FR"),
        (Cadence(1, Unit.MONTH, Weekday.FRIDAY), date(2026, 1, 30), "FREQ=MONTHLY;INTERVAL=1;COUNT=3;BYDAY=-1FR"),
        (Cadence(3), date(2026, 1, 28), "FREQ=MONTHLY;INTERVAL=3;COUNT=3;BYMONTHDAY=28"),
        (Cadence(), date(2026, 1, 30), "FREQ=MONTHLY;INTERVAL=1;COUNT=3;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
    ],
    ids=["weeks", "second Friday", "last Friday", "the 28th", "the 30th or the last"],
)
def test_the_recurrence_rule_is_the_one_calendars_know(cadence, start, expected):
    """Weeks, a place in the month, a day of the month, and the end of a short month, as RFC 5545 writes them."""
    assert cadence.rule(Term(start), 3) == expected


@given(st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)), st.integers(0, 600))
def test_months_after_a_moment_keep_the_day_where_they_have_it(moment, months):
    """So many months later is the same time of the same day, or of the last day of a shorter month."""
    after = months_after(moment, months)
    assert (after.year * 12 + after.month) - (moment.year * 12 + moment.month) == months
    assert after.day == min(moment.day, monthrange(after.year, after.month)[1])
    assert after.time() == moment.time()


@given(days, st.integers(1, 12), st.integers(1, 40))
def test_months_are_counted_from_the_start_and_end_where_the_month_ends(start, every, count):
    """The nth meeting lies n times so many months after the start, on its day or on the last day of a short month."""
    found = Cadence(every, Unit.MONTH).occurrences(Term.of_months(start, every * count))
    for number, moment in enumerate(found):
        month = start.year * 12 + start.month - 1 + number * every
        year, month = month // 12, month % 12 + 1
        assert moment.date() == date(year, month, min(start.day, monthrange(year, month)[1]))
    assert len(found) == count


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 1, 31), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (date(2027, 12, 30), ["2027-12-30", "2028-01-30", "2028-02-29", "2028-03-30"]),
        (date(2026, 3, 31), ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]),
    ],
    ids=["31 January", "30 December before a leap year", "31 March"],
)
def test_a_monthly_meeting_comes_back_to_its_day(start, expected):
    """A month that is too short does not move the months after it."""
    assert told(Cadence().occurrences(Term.of_months(start, 4))) == expected


def test_a_fifth_weekday_becomes_the_last_one():
    """A monthly meeting that starts on a fifth Friday keeps to the last Friday, so that no month is left out."""
    cadence = Cadence(1, Unit.MONTH, Weekday.FRIDAY)
    found = cadence.occurrences(Term(date(2026, 1, 30), date(2026, 4, 30)))
    assert [one.day for one in found] == [30, 27, 27, 24]


def test_an_open_end_asks_where_to_stop():
    """Planning an open-ended term without a last day is refused instead of running on."""
    with pytest.raises(InvalidValue, match="until"):
        Cadence().occurrences(Term(date(2026, 1, 1)))


def test_a_hostile_cadence_is_bounded():
    """A weekly cadence over centuries stops at the limit, and the end of the calendar is refused by name."""
    assert len(Cadence(1, Unit.WEEK).occurrences(Term(date(2026, 1, 1), date(2200, 12, 31)))) == MOST_SESSIONS
    assert MOST_SESSIONS == 1_000
    assert len(Cadence(1, Unit.MONTH).occurrences(Term(date(2200, 12, 1), date(2200, 12, 31)))) == 1
    rare = Cadence(10**9, on_holiday=MOVE)
    assert len(rare.occurrences(Term(date(2026, 1, 1)), until=FAR, holidays={FAR})) == 1
    for make in (
        lambda: Term(date(2201, 1, 1)),
        lambda: Term(date(1899, 12, 31)),
        lambda: Term(date(2200, 1, 1), date(2201, 1, 1)),
        lambda: Term.of_months(date.max, 1),
        lambda: Term.single_session(date.max),
    ):
        with pytest.raises(InvalidValue, match="between the years 1900 and 2200"):
            make()
    assert Term.of_months(date(1900, 1, 1), 1_200).months == 1_200
    with pytest.raises(InvalidValue, match="at most 1200"):
        Term.of_months(date(1900, 1, 1), 1_201)


# Holidays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("calendar", [{CHRISTMAS}, Calendar(), (CHRISTMAS,)], ids=["a set", "a calendar", "a tuple"])
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (SKIP, ["2026-12-11", "2026-12-18", "2027-01-01"]),
        (MOVE, ["2026-12-11", "2026-12-18", "2026-12-28", "2027-01-01"]),
        (KEEP, ["2026-12-11", "2026-12-18", "2026-12-25", "2027-01-01"]),
    ],
    ids=["skip", "move", "keep"],
)
def test_a_meeting_on_a_holiday_is_skipped_moved_or_kept(rule, expected, calendar):
    """Christmas 2026 is a Friday: the meeting is left out, comes on Monday, or stays; a set or a calendar will do."""
    fridays = Cadence(1, Unit.WEEK, Weekday.FRIDAY, on_holiday=rule)
    term = Term(date(2026, 12, 11), date(2027, 1, 1))
    assert told(fridays.occurrences(term, holidays=calendar)) == expected


@given(cadences, year_2026, holidays)
def test_a_moved_meeting_stays_in_its_place(cadence, term, free):
    """With holidays a meeting never leaves the term, never passes the next, and lies on no holiday unless kept."""
    plain = cadence.occurrences(term, until=date(2027, 6, 1))
    found = cadence.occurrences(term, until=date(2027, 6, 1), holidays=free)
    assert len(found) <= len(plain)
    assert list(found) == sorted(set(found))
    if cadence.on_holiday is KEEP:
        assert found == plain
    elif cadence.on_holiday is SKIP:
        assert found == tuple(moment for moment in plain if moment.date() not in free)
    for moment in found:
        if moment not in plain:
            assert moment.date() not in free
            assert moment.weekday() < 5
            assert moment.date() in term
            origin = max(one for one in plain if one < moment)
            assert origin.date() in free
            assert origin not in found


@given(cadences, terms(st.dates(date(2026, 1, 1), date(2026, 6, 30))), holidays, st.integers(0, 200))
def test_holidays_do_not_make_the_list_depend_on_where_it_stops(cadence, term, free, more):
    """The last meeting before ``until`` is skipped or moved as it is when more of the term is looked at."""
    until = date(2026, 6, 30)
    near = cadence.occurrences(term, until=until, holidays=free)
    far = cadence.occurrences(term, until=until + more * DAY, holidays=free)
    assert near == far[: len(near)]


def test_a_moved_meeting_stays_before_the_end_and_before_the_next_one():
    """On the last day of a term, or with nothing but holidays until the next meeting, it is skipped."""
    fridays = Cadence(1, Unit.WEEK, Weekday.FRIDAY, on_holiday=MOVE)
    last = Term(date(2026, 12, 18), CHRISTMAS)
    assert told(fridays.occurrences(last, holidays={CHRISTMAS})) == ["2026-12-18"]
    week = {CHRISTMAS + number * DAY for number in range(7)}
    term = Term(date(2026, 12, 18), date(2027, 1, 8))
    assert told(fridays.occurrences(term, holidays=week)) == ["2026-12-18", "2027-01-01", "2027-01-08"]
    assert told(fridays.occurrences(term, until=CHRISTMAS, holidays=week)) == ["2026-12-18"]


def test_a_year_of_holidays_ends():
    """A calendar in which every day is a holiday leaves nothing, for any term, instead of looking for ever."""
    cadence = Cadence(on_holiday=MOVE)
    start = date(2026, 1, 5)
    for term in (Term(start), Term.of_months(start, 12), Term.single_session(start), Term(start, single=True)):
        assert cadence.occurrences(term, until=date(2027, 1, 1), holidays=Always()) == ()
    assert cadence.occurrences(Term(start, start), until=start - DAY, holidays=Always()) == ()


# Words and refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Cadence(zone="Europe/Lodnon"), "did you mean 'Europe/London'"),
        (lambda: Cadence(zone="?"), "take one like 'Europe/London'"),
        (lambda: Cadence(zone="Europe"), "not an IANA time zone"),
        (lambda: Cadence(zone="../etc/passwd"), "not an IANA time zone"),
        (lambda: Cadence(zone="localtime"), "not an IANA time zone"),
        (lambda: Cadence(zone=NUMBER), "zone: must be a text"),
        (lambda: Term(datetime(2026, 1, 1)), "start: must be a date"),
        (lambda: Cadence(every=0), "at least 1"),
        (lambda: Cadence(at=time(9, tzinfo=UTC)), "without a zone"),
        (lambda: Cadence(on_holiday=WORDS), "HolidayRule.SKIP"),
        (lambda: Term(date(2026, 2, 1), date(2026, 1, 1)), "must not lie before the start"),
        (lambda: Term.of_months(date(2026, 2, 1), 0), "at least 1"),
    ],
    ids=[
        "near",
        "nothing near",
        "folder",
        "path",
        "machine",
        "number",
        "moment",
        "never",
        "aware",
        "rule",
        "backwards",
        "no month",
    ],
)
def test_impossible_terms_and_cadences_are_refused_with_a_remedy(make, said):
    """What cannot be is refused, and the message says what would do."""
    with pytest.raises(InvalidValue, match=said):
        make()


def test_terms_and_cadences_read_well():
    """The words for people are short and complete."""
    start = date(2026, 1, 5)
    assert str(Term.of_months(start, 6)) == "2026-01-05 to 2026-07-04"
    assert str(Term(start)) == "from 2026-01-05, open-ended"
    assert str(Term.single_session(start)) == "one session from 2026-01-05 to 2026-02-04"
    assert str(Term(start, single=True)) == "one session from 2026-01-05"
    assert str(Cadence(2, Unit.WEEK, Weekday.MONDAY, time(9))) == "every 2 weeks on Monday at 09:00 (UTC)"
    assert str(Cadence()) == "every month at 10:00 (UTC)"
    assert Weekday.SATURDAY.after(2) is Weekday.MONDAY
    assert (Cadence(2).days, Cadence(3, Unit.WEEK).days) == (60, 21)


@given(st.integers(1, 52))
def test_a_monthly_meeting_takes_place_once_a_month(every):
    """Months are counted as months, and weeks by the length of the year, so that four centuries come out even."""
    assert Cadence(every, Unit.MONTH).times_a_month == 1 / every
    weeks = (date(2400, 1, 1) - date(2000, 1, 1)).days / 7
    assert Cadence(every, Unit.WEEK).times_a_month * every * 400 * 12 == pytest.approx(weeks)
