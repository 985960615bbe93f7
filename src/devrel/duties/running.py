"""The duties of a relationship that runs: amendments, key results, reviews, renewal, silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from devrel.duties.duty import Duty, DutyKind, later
from devrel.duties.look import Look
from devrel.kinds import Measure
from devrel.lifecycle import (
    Accepted,
    ActorRole,
    Amended,
    AmendmentDeclined,
    Ended,
    EndReason,
    Joined,
    SessionHeld,
    SessionMoved,
)

_PARTIES = (ActorRole.PROVIDER, ActorRole.RECIPIENT)
_SIGNS = (Accepted, Amended, AmendmentDeclined, Joined, SessionMoved)
"""What parties do before each other's eyes; with it, they are not silent. What only one of them sees is not among it:
no duty may tell of it."""

_FAR_ENOUGH = 400
"""How many days ahead of an open-ended term are planned to find the next session."""


def amendment(look: Look) -> Iterator[Duty]:
    """Ask for an answer to an amendment that is open for longer than people take to answer each other."""
    state, contact = look.state, look.agreement.contact
    if state.pending is None or state.pending_since is None:
        return
    days = look.timing.answer_within if contact is None else contact.answer_within_days
    put = state.pending_since.date()
    text = f"version {state.pending.version} is open since {put}"
    yield from look.people_do(DutyKind.ANSWER_AMENDMENT, later(put, days), text, state.open_parties)


def key_results(look: Look) -> Iterator[Duty]:
    """Have whoever owns the goals look at key results that are past their date and not reached."""
    results = [result for goal in look.agreement.goals for result in goal.key_results]
    late = [one.due for one in results if one.due is not None and one.overdue(look.today)]
    if late:
        owners = look.one.people(look.one.kind.control.side)
        text = f"not reached: {len(late)} of {len(results)}"
        yield from look.people_do(DutyKind.KEY_RESULTS, later(min(late), 1), text, owners)


def follow_ups(look: Look) -> Iterator[Duty]:
    """Remind whoever owns a follow-up on the day it is due, until the next session is held."""
    held = [event for event in look.one.history if isinstance(event, SessionHeld)]
    last = max((event.at.date() for event in held), default=None)
    open_ones = [one for event in held for one in event.follow_ups if one.due is not None]
    owners = {one.owner for one in open_ones}
    for owner in sorted(owners):
        days = [one.due for one in open_ones if one.owner == owner and one.due is not None]
        for day in [day for day in sorted(days) if last is not None and last < day <= look.today][:1]:
            yield from look.people_do(DutyKind.FOLLOW_UP, day, f"it was due on {day}", (owner,))


def review(look: Look) -> Iterator[Duty]:
    """Have them look back on the days that were agreed, or halfway, until they did so on that day or later.

    Days before the start are past, and once the end has come the closing looks back.
    """
    start, last = look.state.activated, look.state.reviewed
    if start is None or look.ended:
        return
    days = [day for day in _review_days(look) if start.date() <= day <= look.today]
    for day in [day for day in days if last is None or last.date() < day][-1:]:
        yield from look.people_do(DutyKind.REVIEW, day, f"a review was due on {day}")


def _review_days(look: Look) -> tuple[date, ...]:
    term = look.agreement.term
    if look.agreement.reviews or term.halfway is None or term.single:
        return look.agreement.reviews
    return (term.halfway,)


def renewal(look: Look) -> Iterator[Duty]:
    """Have them extend it or bring it to its end, unless an amendment is open already."""
    term = look.agreement.term
    if term.end is None or term.single or look.ended or look.state.pending is not None:
        return
    since = max(term.start, later(term.end, -look.timing.renew_before))
    yield from look.people_do(DutyKind.RENEW_OR_CLOSE, since, f"the term ends on {term.end}")


def silence(look: Look) -> Iterator[Duty]:
    """Remind people who are silent, ask them whether it goes on, and end it when nobody answers.

    A single session that is to be held by some day is not ended for silence before that day.
    """
    if look.ended:
        return
    since, timing, term = silent_since(look), look.timing, look.agreement.term
    if since is None:
        return
    text = f"nothing was recorded since {since}"
    ask = later(since, timing.close_after)
    close = later(ask, timing.answer_within)
    patient = term.single and term.end is not None
    if close <= look.today and not patient:
        yield from look.system_does(DutyKind.END_SILENT, close, text, Ended, reason=EndReason.SILENCE)
    elif ask <= look.today and not patient:
        yield from look.people_do(DutyKind.ASK, ask, f"{text}; it ends on {close} unless somebody answers")
    else:
        days = [later(since, days) for days in timing.nudges]
        for day in [day for day in days if day <= look.today][-1:]:
            yield from look.people_do(DutyKind.NUDGE, day, text)


def silent_since(look: Look) -> date | None:
    """Return the day of the last sign of life or of the next session planned after it, at the earliest the first day.

    People who meet once a month are not silent for three weeks in between. A kind that is judged by advocacies plans
    none, so there the time between two meetings takes the place of the next session. Where the last session of a term
    was held, nothing more is awaited before its end, and None is returned.
    """
    sign, term = max(look.state.contact, *_signs(look)), look.agreement.term
    first_day = max(sign.date(), term.start)
    if look.one.kind.strategy.measure is Measure.ADVOCACIES and not term.single:
        return later(first_day, look.agreement.cadence.days)
    following = min((start for start in _planned(look, first_day) if start > sign), default=None)
    if following is None:
        return None if look.state.held and term.end is not None else first_day
    return max(first_day, following.astimezone(UTC).date())


def _signs(look: Look) -> list[datetime]:
    events = [event for event in look.one.history if isinstance(event, _SIGNS) and event.actor.role in _PARTIES]
    return [event.at for event in events]


def _planned(look: Look, first_day: date) -> list[datetime]:
    """Return when the sessions to come begin; of an open-ended term, those of some time."""
    open_ended = look.agreement.term.end is None
    ahead = max(_FAR_ENOUGH, 3 * look.agreement.cadence.days)
    listed = look.one.planned_sessions(until=later(first_day, ahead) if open_ended else None, holidays=look.holidays)
    return [session.start for session in listed]
