"""The duties of a proposal, until it has become a relationship."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from devrel.duties.duty import Duty, DutyKind, later, moment
from devrel.duties.look import Look, first_day_after
from devrel.errors import IllegalMove
from devrel.lifecycle import Activated, Amended, CounterProposed, Event, Expired, Invalidated, Proposed


def proposal(look: Look) -> Iterator[Duty]:
    """Let it start once everybody has accepted; remind those who have not, and let it expire when it is too late."""
    start = look.event(DutyKind.ACTIVATE, Activated)
    refused = _refusal(look, start)
    lapse = _lapse(look, ready=refused is None)
    if lapse is not None and lapse <= look.today:
        yield from _expiry(look, lapse)
    elif look.state.open_parties:
        yield from _reminder(look)
    elif refused is not None:
        yield from look.people_do(DutyKind.COMPLETE_AGREEMENT, look.state.last.date(), refused)
    else:
        since = max(look.agreement.term.start, look.state.last.date())
        yield from look.system_does(DutyKind.ACTIVATE, since, "everybody has accepted", Activated)


def _refusal(look: Look, start: Event) -> str | None:
    """Return why it cannot start, or None."""
    try:
        look.one.apply(start)
    except IllegalMove as error:
        return error.reason
    return None


def _lapse(look: Look, *, ready: bool) -> date | None:
    """Return the day on which it is too late: nobody may answer any more, or the term is over before it began.

    One that everybody has accepted waits for its term, if nothing is missing; what is missing nobody could accept.
    """
    respond_by, end = look.state.respond_by, look.agreement.term.end
    unanswered = [] if respond_by is None or ready else [first_day_after(respond_by)]
    return min([*unanswered, *([] if end is None else [later(end, 1)])], default=None)


def _expiry(look: Look, lapse: date) -> Iterator[Duty]:
    respond_by = look.state.respond_by
    if respond_by is not None and respond_by <= moment(look.one, look.today):
        text = f"nobody may answer after {respond_by.date()}"
        yield from look.system_does(DutyKind.EXPIRE, lapse, text, Expired)
    else:
        text = f"its term ended on {look.agreement.term.end}"
        yield from look.system_does(DutyKind.EXPIRE, lapse, text, Invalidated)


def _reminder(look: Look) -> Iterator[Duty]:
    put = (event.at for event in look.one.history if isinstance(event, Proposed | Amended | CounterProposed))
    asked = max(put).date()
    for days in [days for days in look.timing.nudges if later(asked, days) <= look.today][-1:]:
        text = f"no answer for {days} days"
        yield from look.people_do(DutyKind.ANSWER, later(asked, days), text, look.state.open_parties)
