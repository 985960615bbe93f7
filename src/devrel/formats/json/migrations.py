"""How documents of older schemas become those of this one. What is not well formed is left for the reader."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import UTC, date, datetime, time
from itertools import chain, count
from typing import Any

Record = dict[str, Any]

NOT_STATED = "not stated: the agreement was made before this was asked for"
"""What stands in clauses that a running relationship needs today and did not need when it was agreed."""


def _relationship_1(record: Any) -> Any:
    """Return a relationship of schema 1 in the form of schema 2.

    In schema 1 the id, the kind, the parties and the program stood beside the history, and notes had no author. Some
    rules came later, so what was allowed then is told in a way that is allowed now:

    - Clauses that an agreement needs today are marked as not stated, if it was active; an open proposal has to be
      amended.
    - A note is by who recorded the session; where the program did, by the first party.
    - A pause that was to end before it began has no known end.
    - Key results of one goal with one name get numbers.
    - A closing is the notice of the end that a party made of it later, and has its reason.
    - An end by a party that gave no notice, or that the group can do without, is told as the program's act.
    - Where one party's no ended a group that could go on without her, the program withdraws the group's proposal.
    - A sponsoring that was complete after its one session is completed by the program, on the last day of its term.
    """
    if not isinstance(record, dict) or not isinstance(record.get("history"), list):
        return record
    events = [_event_1(event, record) if isinstance(event, dict) else event for event in record["history"]]
    _take_in(events, record)
    _fill_clauses(events, record)
    rest = {key: value for key, value in record.items() if key not in {"id", "history", *_MOVED}}
    return {**rest, "history": [*events, *_closed_1(events, record)]}


_MOVED = ("kind", "parties", "program")


def _event_1(event: Record, record: Record) -> Record:
    change = _CHANGES.get(str(event.get("type")))
    changed = {**event, **change(event, record)} if change is not None else dict(event)
    if isinstance(event.get("agreement"), dict):
        changed["agreement"] = _agreement_1(event["agreement"])
    return changed


def _held_1(event: Record, record: Record) -> Record:
    text = event.get("notes")
    if not isinstance(text, str):
        return {}
    people = [_at(party, "person") for party in _parties(record)]
    person = _at(event, "actor", "person")
    author = person if person in people else next(iter(people), None)
    return {"notes": [{"author": author, "text": text, "audience": "the parties"}] if text.strip() else []}


def _paused_1(event: Record, _: Record) -> Record:
    until, at = _day(event.get("until")), _moment(event.get("at"))
    return {"until": None} if until and at and until <= at.date() else {}


def _ended_1(event: Record, record: Record) -> Record:
    if _at(event, "actor", "role") not in _SIDES or _with_notice(event, record):
        return {}
    return {"actor": {**event["actor"], "role": "admin"}}


def _closing_1(_: Record, record: Record) -> Record:
    end: Any = next((one for one in record["history"] if _at(one, "type") == "Ended"), None)
    noticed = _at(end, "actor", "role") in _SIDES and _with_notice(end, record)
    return {"reason": end.get("reason", "other")} if noticed else {}


_CHANGES: Mapping[str, Callable[[Record, Record], Record]] = {
    "SessionHeld": _held_1,
    "Paused": _paused_1,
    "ClosingBegun": _closing_1,
    "Ended": _ended_1,
}


def _with_notice(event: Record, record: Record) -> bool:
    """Whether a party may end the relationship by today's rules."""
    if not _essential(record, event):
        return False
    days = _at(_latest(record["history"]), "exit_notice_days")
    closing: Any = next((one for one in record["history"] if _at(one, "type") == "ClosingBegun"), None)
    if days == 0:
        return True
    if _at(closing, "actor", "role") in _SIDES and not _essential(record, closing):
        return False
    since, at = _moment(_at(closing, "at")), _moment(event.get("at"))
    if since is None or at is None or not isinstance(days, int):
        return False
    waived = bool(_at(closing, "actor", "person") != _at(event, "actor", "person"))
    return waived or (at - since).days >= days


def _essential(record: Record, event: Record) -> bool:
    """Whether nothing would be left without the one who acts."""
    rest = [party for party in _parties(record) if _at(party, "person") != _at(event, "actor", "person")]
    roles = [_at(party, "role") for party in rest]
    both_sides = "both" in roles or all(side in roles for side in _SIDES)
    return len(_parties(record)) == _PAIR or len(rest) == 1 or not both_sides


_PAIR = 2
_SIDES = ("provider", "recipient")


def _agreement_1(agreement: Record) -> Record:
    goals = agreement.get("goals")
    return {**agreement, **({"goals": [_goal_1(goal) for goal in goals]} if isinstance(goals, list) else {})}


def _goal_1(goal: Any) -> Any:
    results = _at(goal, "key_results")
    names = [_at(result, "name") for result in results] if isinstance(results, list) else []
    if not names or not all(isinstance(name, str) for name in names):
        return goal
    named = zip(results, _different(names), strict=True)
    return {**goal, "key_results": [{**result, "name": name} for result, name in named]}


def _different(names: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        found[_free(name, found)] = None
    return list(found)


def _free(name: str, taken: Container[str]) -> str:
    """Return a name that is not taken: the name itself, or with a number."""
    numbered = (f"{name} ({number})" for number in count(2))
    return next(own for own in chain([name], numbered) if own not in taken)


def _take_in(events: list[Any], record: Record) -> None:
    """Move what stood beside the history into the proposal."""
    if events and _at(events[0], "type") == "Proposed":
        events[0] |= {key: record[key] for key in _MOVED if key in record}
        events[0] |= {"relationship": record["id"]} if "id" in record else {}


def _fill_clauses(events: list[Any], record: Record) -> None:
    """Mark what today's kinds demand as not stated in the agreement that became active."""
    agreement = _latest(events)
    if agreement is None or all(_at(event, "type") != "Activated" for event in events):
        return
    kind = record.get("kind")
    asked = _ASKED.get(kind, _ANY) if isinstance(kind, str) else _ANY
    aimed = bool(agreement.get("goals")) or bool(str(agreement.get("purpose") or "").strip())
    agreement |= {clause: NOT_STATED for clause in asked if clause != "purpose" or not aimed}


_ANY = ("purpose", "ethics", "not_therapy", "scope", "benefit")
_ASKED: Mapping[str, tuple[str, ...]] = {
    "mentoring": ("purpose",),
    "coaching": ("ethics", "not_therapy"),
    "career-coaching": ("ethics", "not_therapy"),
    "advising": ("scope",),
    "sponsoring": ("benefit",),
}


def _closed_1(events: list[Any], record: Record) -> list[Record]:
    """Return the event that keeps a relationship as final as it was in schema 1."""
    last: Any = events[-1] if events else None
    if _at(last, "type") == "Declined" and not _essential(record, last):
        return [_closing("Withdrawn", last["at"], events)] if "at" in last else []
    term = _at(_latest(events), "term")
    once = record.get("kind") == "sponsoring" and _at(term, "single") is True
    if _at(last, "type") == "SessionHeld" and once and "at" in last:
        return [_closing("Completed", _last_day(last["at"], _at(term, "end")), events)]
    return []


def _closing(name: str, at: Any, events: list[Any]) -> Record:
    own = _free(f"{_at(events[-1], 'id')}/closed", {str(_at(event, "id")) for event in events})
    return {"type": name, "id": own, "actor": {"role": "admin", "person": None}, "at": at}


def _last_day(at: Any, end: Any) -> Any:
    """Return when the last day of a term begins, or ``at`` where that is later."""
    moment, day = _moment(at), _day(end)
    if moment is None or day is None:
        return at
    return max(moment, datetime.combine(day, time(), tzinfo=UTC)).isoformat()


def _latest(events: list[Any]) -> Record | None:
    """Return the agreement that was put last."""
    put = [agreement for event in events if isinstance(agreement := _at(event, "agreement"), dict)]
    return put[-1] if put else None


def _parties(record: Record) -> list[Any]:
    parties = record.get("parties")
    return parties if isinstance(parties, list) else []


def _at(data: Any, *way: str) -> Any:
    """Return what stands at the end of a way of keys, or None where it leads nowhere."""
    for key in way:
        if not isinstance(data, dict):
            return None
        data = data.get(key)
    return data


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


MIGRATIONS: Mapping[tuple[str, int], Callable[[Any], Any]] = {("relationships", 1): _relationship_1}
"""For a document's name and version, what makes a record of it one of the next version."""
