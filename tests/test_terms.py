"""Terms and cadences: what a calendar does to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.terms import MOST_SESSIONS, Cadence, Term, TermForm, Unit, Weekday
from tests.generate import cadences, days, terms


@given(days, st.integers(1, 36))
def test_a_term_of_months_has_that_many_months(start, months):
    """A term made of whole months tells the same number of months, at month ends too."""
    term = Term.of_months(start, months)
    assert term.months == months
    assert start in term
    assert term.end + timedelta(days=1) not in term


def test_long_term_and_time_limited_are_not_opposites():
    """Nine months are both; three are time-limited; an open end is long-term; one session is neither."""
    start = date(2026, 1, 5)
    assert Term.of_months(start, 9).forms() == {TermForm.TIME_LIMITED, TermForm.LONG_TERM}
    assert Term.of_months(start, 3).forms() == {TermForm.TIME_LIMITED}
    assert Term(start).forms() == {TermForm.LONG_TERM}
    assert Term.single_session(start).forms() == {TermForm.SINGLE_SESSION}


@given(cadences, terms())
def test_every_occurrence_lies_in_the_term_at_the_time_on_the_wall(cadence, term):
    """Occurrences ascend, lie in the term, and keep the wall-clock time; one that the clocks skip moves forward."""
    found = cadence.occurrences(term, until=date(2041, 1, 1))
    assert list(found) == sorted(set(found))
    assert len(found) <= (1 if term.single else MOST_SESSIONS)
    for moment in found:
        assert moment.date() in term or moment.time() < cadence.at
        assert str(moment.tzinfo) == cadence.zone
        skipped = datetime.combine(moment.date(), cadence.at, tzinfo=moment.tzinfo)
        assert moment.time() == cadence.at or skipped.astimezone(UTC) == moment.astimezone(UTC)


@given(cadences, terms())
def test_the_recurrence_rule_says_the_same_as_the_occurrences(cadence, term):
    """The RFC 5545 rule, expanded by its own engine, gives the same wall-clock days as the occurrences."""
    found = cadence.occurrences(term, until=date(2041, 1, 1))
    if not found:
        return
    begin = datetime.combine(cadence.first_day(term.start), cadence.at)
    expanded = list(rrulestr(cadence.rule(term, len(found)), dtstart=begin))
    zone = found[0].tzinfo
    assert [day.replace(tzinfo=zone).astimezone(UTC) for day in expanded] == [one.astimezone(UTC) for one in found]


def test_months_are_counted_from_the_start():
    """A monthly meeting from 31 January comes on 28 February and again on 31 March."""
    monthly = Cadence(1, Unit.MONTH, at=time(9))
    term = Term(date(2026, 1, 31), date(2026, 5, 31))
    assert [one.date().isoformat() for one in monthly.occurrences(term)] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]


def test_a_fifth_weekday_becomes_the_last_one():
    """A monthly meeting that starts on a fifth Friday keeps to the last Friday, so that no month is left out."""
    cadence = Cadence(1, Unit.MONTH, Weekday.FRIDAY)
    found = cadence.occurrences(Term(date(2026, 1, 30), date(2026, 4, 30)))
    assert [one.day for one in found] == [30, 27, 27, 24]


def test_the_wall_clock_stays_across_daylight_saving():
    """Ten o'clock in London stays ten o'clock when the offset changes."""
    weekly = Cadence(1, Unit.WEEK, Weekday.TUESDAY, time(10), "Europe/London")
    found = weekly.occurrences(Term(date(2026, 3, 24), date(2026, 4, 1)))
    assert [str(one) for one in found] == ["2026-03-24 10:00:00+00:00", "2026-03-31 10:00:00+01:00"]


def test_a_skipped_hour_moves_forward():
    """Half past one in the night of the change in London does not exist; the meeting is at half past two."""
    weekly = Cadence(1, Unit.WEEK, Weekday.SUNDAY, time(1, 30), "Europe/London")
    found = weekly.occurrences(Term(date(2026, 3, 29), date(2026, 3, 29)))
    assert [str(one) for one in found] == ["2026-03-29 02:30:00+01:00"]


def test_an_open_end_asks_where_to_stop():
    """Planning an open-ended term without a last day is refused instead of running on."""
    with pytest.raises(InvalidValue, match="until"):
        Cadence().occurrences(Term(date(2026, 1, 1)))


def test_a_hostile_cadence_is_bounded():
    """A weekly cadence over centuries stops at the limit, and the end of the calendar is refused by name."""
    assert len(Cadence(1, Unit.WEEK).occurrences(Term(date(2026, 1, 1), date(2200, 12, 31)))) == MOST_SESSIONS
    assert len(Cadence(1, Unit.MONTH).occurrences(Term(date(2200, 12, 1), date(2200, 12, 31)))) == 1
    for make in (lambda: Term(date.max), lambda: Term.of_months(date.max, 1), lambda: Term.single_session(date.max)):
        with pytest.raises(InvalidValue, match="between the years"):
            make()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Cadence(zone="Europe/Lodnon"), "did you mean 'Europe/London'"),
        (lambda: Cadence(zone="Europe"), "not an IANA time zone"),
        (lambda: Cadence(zone="localtime"), "not an IANA time zone"),
        (lambda: Term(datetime(2026, 1, 1)), "start: must be a date"),
        (lambda: Cadence(every=0), "at least 1"),
        (lambda: Cadence(at=time(9, tzinfo=UTC)), "without a zone"),
        (lambda: Term(date(2026, 2, 1), date(2026, 1, 1)), "must not lie before the start"),
        (lambda: Term.of_months(date(2026, 2, 1), 0), "at least 1"),
    ],
    ids=["near", "folder", "machine", "moment", "never", "aware", "backwards", "nothing"],
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
