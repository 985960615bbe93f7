"""The duties at the end: of a pause, of a notice, of the term, of the time for which notes are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from devrel.duties.duty import Duty, DutyKind, later, latest
from devrel.duties.look import Look, first_day_after
from devrel.kinds import Measure
from devrel.lifecycle import ClosingBegun, Completed, Ended, EndReason, Event, Resumed, Stage
from devrel.sessions import Note
from devrel.terms import months_after
from devrel.visibility import ERASED


def pause_over(look: Look) -> Iterator[Duty]:
    """Let it go on after a pause, unless its time is over by then."""
    until = look.state.paused_until
    if until is not None and not look.grace_over:
        yield from look.system_does(DutyKind.RESUME, until, f"the pause was to end on {until}", Resumed)


def notice_over(look: Look) -> Iterator[Duty]:
    """End it when the notice is over, for the reason that was given."""
    if look.state.notice is None:
        return
    given = look.state.notice[1]
    over = later(first_day_after(given), look.agreement.exit_notice_days)
    reason = latest(look.one, ClosingBegun).reason
    yield from look.system_does(DutyKind.END_NOTICE, over, f"notice was given on {given.date()}", Ended, reason=reason)


def term_over(look: Look) -> Iterator[Duty]:
    """Have them complete it when the end has come, and complete it when the days of grace are over too."""
    if look.end is None:
        return
    text = f"its last day was {look.end}"
    grace_over = later(look.end, look.timing.grace + 1)
    if not look.grace_over:
        yield from look.people_do(DutyKind.OVERDUE, later(look.end, 1), text)
    elif look.one.stage is Stage.PAUSED:
        yield from look.system_does(DutyKind.RENEW_OR_CLOSE, grace_over, f"{text}, in a pause", ClosingBegun)
    elif _missed_its_point(look):
        text = f"nothing was recorded by {look.end}"
        yield from look.system_does(DutyKind.END_SILENT, grace_over, text, Ended, reason=EndReason.SILENCE)
    else:
        yield from look.system_does(DutyKind.COMPLETE, grace_over, text, Completed)


def _missed_its_point(look: Look) -> bool:
    """Whether the one session, or the one advocacy, that a relationship was for never came about."""
    state = look.state
    done = bool(state.advocacies) if look.one.kind.strategy.measure is Measure.ADVOCACIES else state.held > 0
    return look.agreement.term.single and not done


def notes_kept(look: Look) -> Iterator[Duty]:
    """Have the notes erased when the months are over for which they are kept."""
    months, finished = look.agreement.records.keep_months, look.state.finished
    authors = tuple(dict.fromkeys(author for event in look.one.history for author in _authors(event)))
    if months is None or finished is None or not authors:
        return
    left = 12 * (date.max.year - finished.year) + 12 - finished.month  # the calendar ends
    since = months_after(finished, min(months, left)).date()
    yield from look.people_do(DutyKind.ERASE_NOTES, since, f"they were to be kept for {months} months", authors)


def _authors(event: Event) -> list[str]:
    """Return who wrote notes in an event: each erases her own, and nobody is told of another's."""
    written = (*getattr(event, "notes", ()), getattr(event, "note", None))
    return [note.author for note in written if isinstance(note, Note) and note.text != ERASED]
