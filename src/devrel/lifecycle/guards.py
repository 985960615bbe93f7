"""The conditions of moves: each says in words what it asks for, and why a state refuses an event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

from devrel._records import article
from devrel.agreements import BROUGHT_BY_RECIPIENT, Agreement
from devrel.errors import InvalidValue, did_you_mean
from devrel.goals import Goal
from devrel.kinds import Measure, Mode, Side
from devrel.lifecycle import events as happened
from devrel.lifecycle.stages import ActorRole, EndReason, Origin, Stage
from devrel.lifecycle.state import State, composition_problem
from devrel.people import Party, Role
from devrel.sessions import Outcome, starts

SIDES = (ActorRole.PROVIDER, ActorRole.RECIPIENT)


@frozen
class Guard:
    """A condition of a move.

    Attributes:
        text: The condition in words, for the tables.
        broken: Returns why a state refuses an event, or None.
    """

    text: str
    broken: Callable[[State, Any], str | None] = field(repr=False)


def is_party(state: State, person: str | None, role: ActorRole) -> bool:
    """Whether somebody is a party on the side that ``role`` names."""
    side = Side(role.value)
    return any(party.person == person and side in party.role.sides for party in state.parties)


def _wrong_version(state: State, event: happened.Accepted) -> str | None:
    if event.version != state.put.version:
        return f"the agreement is at version {state.put.version}, not {event.version}"
    if event.actor.person not in state.open_parties:
        return "this party has accepted it already"
    return _too_late(state, event)


def _not_the_last(state: State, event: happened.Accepted) -> str | None:
    return _wrong_pending(state, event) or (None if len(state.open_parties) == 1 else "others have not accepted it yet")


def _wrong_pending(state: State, event: happened.Accepted) -> str | None:
    return "no amendment is open" if state.pending is None else _wrong_version(state, event)


def _too_late(state: State, event: happened.Event) -> str | None:
    if state.activated is None and state.respond_by is not None and event.at >= state.respond_by:
        return f"the parties could answer until {state.respond_by}"
    return None


def _wrong_amendment(state: State, event: happened.Amended) -> str | None:
    if wrong := _too_late(state, event):
        return wrong
    if event.agreement.version != state.latest + 1:
        return f"the next version is {state.latest + 1}, not {event.agreement.version}"
    return _wrong_goal_owner(state, event.agreement, event.actor.role)


def _wrong_goal_owner(state: State, agreement: Agreement, role: ActorRole) -> str | None:
    side = state.kind.control.side
    if role not in SIDES or role is ActorRole(side.value) or state.kind.composition.mutual:
        return None
    directed = [_directed(one.goals) for one in (agreement, state.agreement)]
    if directed[0] == directed[1]:
        return None
    return f"goals in {state.kind.name} are set by the {state.kind.titles.of(side)}"


def _directed(goals: tuple[Goal, ...]) -> list[Goal]:
    """Return the goals that the side in control sets; questions and opportunities are the recipient's to bring."""
    return [goal for goal in goals if goal.form not in BROUGHT_BY_RECIPIENT]


def _second_amendment(state: State, event: happened.Amended) -> str | None:
    if state.pending is not None:
        return f"version {state.pending.version} is open; accept or decline it first"
    return _wrong_amendment(state, event) or _not_complete(state, event.agreement)


def _not_complete(state: State, agreement: Agreement) -> str | None:
    missing = agreement.missing_for(state.kind, state.people(Side.RECIPIENT))
    return "; ".join(missing) or None


def _wrong_counter(state: State, event: happened.CounterProposed) -> str | None:
    if wrong := _too_late(state, event):
        return wrong
    if event.agreement.version != state.latest + 1:
        return f"the next version is {state.latest + 1}, not {event.agreement.version}"
    parties = event.parties or state.parties
    if {party.person for party in parties} != {party.person for party in state.parties}:
        return "a counter-proposal is about the same people"
    return sides_problem(parties) or composition_problem(event.kind or state.kind, parties, growing=True)


def sides_problem(parties: tuple[Party, ...]) -> str | None:
    """Return why these people do not make a relationship of any kind, or None."""
    people = [party.person for party in parties]
    if len(set(people)) != len(people):
        return "parties name somebody twice; give each person once, with the role 'both' if need be"
    sides = {side for party in parties for side in party.role.sides}
    if len(people) <= 1 or sides != set(Side):
        return "parties need two people or more, with a provider and a recipient among them"
    return None


def _no_amendment(state: State, _: happened.AmendmentDeclined) -> str | None:
    return "no amendment is open" if state.pending is None else None


def essential(state: State, person: str | None) -> bool:
    """Whether nothing would be left without somebody."""
    return not state.group or sides_problem(state.without(person or "")) is not None


def _can_do_without(state: State, event: happened.Declined) -> str | None:
    return "the relationship cannot do without this party" if essential(state, event.actor.person) else None


def _cannot_do_without(state: State, event: happened.Event) -> str | None:
    if not essential(state, event.actor.person):
        return "the group goes on without this party: it is for her to leave, and not for all"
    return None


def _not_the_proposer(state: State, event: happened.Withdrawn) -> str | None:
    if event.actor.role not in SIDES:
        return None
    if state.origin is Origin.MATCHED:
        title = state.kind.titles.provider
        return None if event.actor.role is ActorRole.RECIPIENT else f"a matched {title} declines instead"
    mine = event.actor.person == state.proposer.person
    return None if mine else "only who proposed it takes it back; decline it instead"


def _not_agreed(state: State, _: happened.Event) -> str | None:
    if state.open_parties:
        return f"version {state.agreement.version} is not accepted by {', '.join(state.open_parties)}"
    return state.misfit(state.parties, growing=False) or _not_complete(state, state.agreement)


def _too_soon_to_expire(state: State, event: happened.Expired) -> str | None:
    if state.respond_by is None:
        return "it was proposed without a date to answer by"
    if not state.open_parties and _not_agreed(state, event) is None:
        return "everybody has accepted; it can start"
    return f"the parties may answer until {state.respond_by}" if event.at < state.respond_by else None


def _cannot_join(state: State, event: happened.Joined) -> str | None:
    party = event.party
    if not state.group:
        return "it is not a group; propose a relationship of your own"
    if party.person != event.actor.person or party.role not in _ROLES[event.actor.role]:
        return "everybody joins for herself, on the side she acts for"
    if any(one.person == party.person for one in state.parties):
        return "this person is in it already"
    if event.version != state.agreement.version:
        return f"the agreement is at version {state.agreement.version}, not {event.version}"
    return state.misfit((*state.parties, party), growing=True)


_ROLES = {
    ActorRole.PROVIDER: (Role.PROVIDER, Role.BOTH),
    ActorRole.RECIPIENT: (Role.RECIPIENT, Role.BOTH),
}


def _cannot_leave(state: State, event: happened.Left) -> str | None:
    if all(party.person != event.person for party in state.parties):
        return "this person is not in it"
    if event.actor.role in SIDES and event.actor.person != event.person:
        return "everybody leaves for herself"
    if essential(state, event.person):
        return "nobody would be left on one side; end the relationship instead"
    return None


def _wrong_session(state: State, event: happened.SessionHeld) -> str | None:
    kept_out = {_folded(boundary) for boundary in state.agreement.boundaries}
    if not kept_out.isdisjoint(map(_folded, event.topics)):  # the words of a boundary are private
        return "one of the topics is among those that the agreement keeps out of sessions"
    named = [*event.attended, *(note.author for note in event.notes), *(one.owner for one in event.follow_ups)]
    if wrong := _strangers(state, named):
        return wrong
    return None if event.number is None else _not_open(state, event.number, event.at) or _too_soon(state, event)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _too_soon(state: State, event: happened.SessionHeld) -> str | None:
    start = session_start(state, event.number, event.at) if event.number is not None else None
    if start is None or event.at.astimezone(start.tzinfo).date() >= start.date():
        return None
    return f"session {event.number} is planned for {start.date()}; move it first if it was held before"


def _strangers(state: State, people: list[str]) -> str | None:
    parties = {party.person for party in state.parties}
    return None if parties.issuperset(people) else "it names somebody who is not a party"


def _not_open(state: State, number: int, at: datetime) -> str | None:
    if number in state.settled:
        return f"session {number} was held, missed or cancelled already"
    return None if session_start(state, number, at) is not None else f"no session {number} is planned"


_HORIZON = timedelta(days=366)


def session_start(state: State, number: int, at: datetime) -> datetime | None:
    """Return when a session begins, moves included; an open-ended term is planned for a year ahead."""
    moved = dict(state.moved)
    if number in moved:
        return moved[number]
    open_ended = state.agreement.term.end is None
    found = starts(state.plans, until=(at + _HORIZON).date() if open_ended else None)
    return found[number - 1][0] if number <= len(found) else None


def _wrong_missed(state: State, event: happened.SessionMissed) -> str | None:
    if wrong := _strangers(state, list(event.absent)) or _not_open(state, event.number, event.at):
        return wrong
    start = session_start(state, event.number, event.at)
    return f"session {event.number} begins at {start}" if start is not None and event.at < start else None


def _wrong_cancellation(state: State, event: happened.SessionCancelled | happened.SessionMoved) -> str | None:
    if wrong := _not_open(state, event.number, event.at):
        return wrong
    start = session_start(state, event.number, event.at)
    began = start is not None and event.at > start
    return f"session {event.number} began at {start}; it was held or missed" if began else None


def _wrong_move(state: State, event: happened.SessionMoved) -> str | None:
    if event.to < event.at:
        return "a session is moved to a time to come"
    return _wrong_cancellation(state, event)


def _single_session(state: State, event: happened.SessionHeld) -> str | None:
    wrong = _wrong_session(state, event)
    return wrong or (None if _one_session(state) else "the term is not a single session")


def _several_sessions(state: State, event: happened.SessionHeld) -> str | None:
    wrong = _wrong_session(state, event)
    return wrong or ("the term is a single session" if _one_session(state) else None)


def _one_session(state: State) -> bool:
    return state.agreement.term.single and state.kind.strategy.measure is Measure.SESSIONS


def _one_advocacy(state: State, _: happened.Advocated) -> str | None:
    single = state.agreement.term.single and state.kind.strategy.measure is Measure.ADVOCACIES
    return _no_advocacy(state) or (None if single else "it is not judged by one advocacy")


def _not_one_advocacy(state: State, event: happened.Advocated) -> str | None:
    return _no_advocacy(state) or (None if _one_advocacy(state, event) else "it is judged by one advocacy")


def _no_advocacy(state: State) -> str | None:
    sponsoring = Mode.SPONSORING in state.kind.modes
    return None if sponsoring else f"{state.kind.name} has no advocacies; sponsoring has"


def _wrong_outcome(state: State, event: happened.OutcomeKnown) -> str | None:
    known = dict(state.advocacies)
    if event.advocacy not in known:
        return f"no such advocacy is recorded. {did_you_mean(event.advocacy, known)}".rstrip(".")
    if known[event.advocacy] or event.outcome is Outcome.OPEN:
        return "an outcome is won or lost, and it is told once"
    return None


def _wrong_reading(state: State, event: happened.CheckedIn) -> str | None:
    goals = state.agreement.goals
    if event.check_in.on > _day(state, event):
        return "a reading is not of a day to come"
    if event.goal > len(goals):
        return f"the agreement has {len(goals)} goal{'' if len(goals) == 1 else 's'}"
    try:
        goals[event.goal - 1].checked(event.key_result, event.check_in)
    except InvalidValue as error:
        return str(error)
    return None


def _wrong_author(state: State, event: happened.NoteAdded) -> str | None:
    return None if event.note.author == event.actor.person else "everybody writes for herself"


def _wrong_suggestion(state: State, event: happened.FocusSuggested) -> str | None:
    title = state.kind.titles.recipient
    known = event.to in state.people(Side.RECIPIENT)
    return None if known else f"it goes to {article(title)} {title}, and to nobody else"


def _wrong_consent(state: State, event: happened.Consented) -> str | None:
    given = (event.actor.person, event.item, event.to) in state.consents
    return None if given is not event.allowed else "nothing would change"


def _wrong_notes(state: State, event: happened.Reviewed) -> str | None:
    return _strangers(state, [note.author for note in event.notes])


def _wrong_pause(_: State, event: happened.Paused) -> str | None:
    ended = event.until is not None and event.until <= event.at.date()
    return "a pause ends on a later day than it begins" if ended else None


def _wrong_closing(state: State, event: happened.ClosingBegun) -> str | None:
    if event.reason is None or event.actor.role not in SIDES:
        return None
    return _cannot_do_without(state, event)


def _in_notice(state: State, event: happened.Ended) -> str | None:
    days = state.agreement.exit_notice_days
    if not days:
        return None
    if state.notice is None:
        first = "complete it early" if state.stage is Stage.CLOSING else "begin the closing with a reason first"
        return f"{days} days of notice are agreed; {first}, or let the program end it"
    giver, since = state.notice
    over = since + timedelta(days=days)
    if giver == event.actor.person and event.at < over:
        return f"the notice runs until {over}; only the others may waive it by ending at once"
    return None


def _without_notice(state: State, event: happened.Ended) -> str | None:
    return _cannot_do_without(state, event) or _in_notice(state, event)


def _not_forced(_: State, event: happened.Ended) -> str | None:
    forced = event.reason in {EndReason.LEFT, EndReason.CONFLICT}
    return None if forced else "it is not because somebody left or a conflict of interest came up"


def _day(state: State, event: happened.Event) -> date:
    """Return the day of an event by the clock that the sessions follow."""
    return event.at.astimezone(ZoneInfo(state.agreement.cadence.zone)).date()


def _before_the_end(state: State, event: happened.Completed) -> str | None:
    end = state.agreement.term.end
    return f"the term runs until {end}" if end is not None and _day(state, event) < end else None


def _after_the_end(state: State, event: happened.CompletedEarly) -> str | None:
    end = state.agreement.term.end
    if end is None:
        return "the term is open-ended, so there is no early; complete it"
    return None if _day(state, event) < end else "the agreed end has come"


OUR_VERSION = Guard("it is the latest version, not accepted by this party yet, and in time", _wrong_version)
PENDING = Guard("an amendment of this version is open, and this party has not accepted it yet", _wrong_pending)
LAST_YES = Guard("an amendment of this version is open, and everybody else has accepted it", _not_the_last)
NEXT_VERSION = Guard("the version is the next one; goals are changed by the side in control only", _wrong_amendment)
ONE_AMENDMENT = Guard(
    "the version is the next one, no other is open, it has what the kind demands; goals are changed by the side in "
    "control only",
    _second_amendment,
)
SAME_PEOPLE = Guard("the version is the next one, and it is about the same people", _wrong_counter)
AMENDMENT_OPEN = Guard("an amendment is open", _no_amendment)
DISPENSABLE = Guard("it is a group that goes on without her", _can_do_without)
INDISPENSABLE = Guard("it cannot go on without her", _cannot_do_without)
PROPOSER = Guard("of the parties, who proposed it; of a matched one, the recipient", _not_the_proposer)
AGREED = Guard(
    "every party has accepted the latest version, it has what the kind demands, and the kind takes so many people",
    _not_agreed,
)
OVERDUE = Guard("the date to answer by has passed", _too_soon_to_expire)
CAN_JOIN = Guard("it is a group with room, and she accepts the version that holds", _cannot_join)
CAN_LEAVE = Guard("it is a group that goes on without her; everybody leaves for herself", _cannot_leave)
SINGLE = Guard("the term is a single session, and the kind is judged by sessions", _single_session)
SEVERAL = Guard("its number is open, its topics are within the boundaries", _several_sessions)
NOT_BEGUN = Guard("the session is planned and has not begun", _wrong_cancellation)
TO_COME = Guard("the session is planned and has not begun, and the new time is to come", _wrong_move)
BEGUN = Guard("the session is planned and its time has come", _wrong_missed)
ONE_ADVOCACY = Guard("the kind is judged by advocacies, and one is agreed", _one_advocacy)
ADVOCACIES = Guard("the kind's sessions may be sponsoring", _not_one_advocacy)
OUTCOME_OPEN = Guard("the advocacy is recorded and its outcome is open", _wrong_outcome)
GOAL_MEASURED = Guard("the goal has that key result, and no reading is later", _wrong_reading)
OWN_NOTE = Guard("the note is her own", _wrong_author)
TO_RECIPIENT = Guard("it goes to a recipient", _wrong_suggestion)
NEW_CONSENT = Guard("it changes what she allows", _wrong_consent)
OWN_NOTES = Guard("notes are those of parties", _wrong_notes)
PAUSE_AHEAD = Guard("the pause ends on a later day than it begins, if a day is given", _wrong_pause)
NOTICE = Guard(
    "it cannot go on without her, and the agreed notice was given and is over, or the other side gave it",
    _without_notice,
)
CLOSING = Guard("with a party's notice, it cannot go on without her", _wrong_closing)
FORCED = Guard("somebody left, or a conflict of interest came up", _not_forced)
AT_THE_END = Guard("the last day of the term has come, or the term is open-ended", _before_the_end)
EARLY = Guard("the last day of the term has not come", _after_the_end)
