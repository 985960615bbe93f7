"""Writes a view as plain data, as Markdown and as HTML, with everything people wrote taken literally."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from enum import Enum
from typing import Any

import attrs

from devrel._display import html_table, printable
from devrel.goals import Goal, KeyResult
from devrel.kinds import RelationshipKind
from devrel.people import Party
from devrel.visibility.view import RelationshipView, SeenSession

_HEAD = ("id", "viewer", "kind", "status", "parties")
_NOT_AN_ITEM = (*_HEAD, "shown")
_ITEMS = tuple(one.name for one in attrs.fields(RelationshipView) if one.name not in _NOT_AN_ITEM)


def plain(value: Any) -> Any:
    """Return a record, or anything made of records, as data that JSON can hold.

    >>> plain((date(2026, 1, 5), frozenset({"b", "a"})))
    ['2026-01-05', ['a', 'b']]
    """
    for kinds, make in _FORMS:
        if isinstance(value, kinds):
            return make(value)
    if attrs.has(type(value)):
        return {one.name: plain(getattr(value, one.name)) for one in attrs.fields(type(value))}
    return value


_FORMS: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((Enum,), lambda value: value.value),
    ((date, time), lambda value: value.isoformat()),
    ((RelationshipKind,), lambda value: value.name),
    ((Mapping,), lambda value: {str(key): plain(part) for key, part in value.items()}),
    ((list, tuple), lambda value: [plain(part) for part in value]),
    ((frozenset,), lambda value: sorted(map(plain, value), key=str)),
)


def as_dict(view: RelationshipView) -> dict[str, Any]:
    """Return a view as plain data, without what is hidden."""
    items = {name: getattr(view, name) for name in _ITEMS}
    shown = {name: plain(value) for name, value in items.items() if value is not None}
    for goal, data in zip(view.goals or (), shown.get("goals", ()), strict=True):
        for result, measured in zip(goal.key_results, data["key_results"], strict=True):
            measured["progress"] = result.progress
    return {**{name: plain(getattr(view, name)) for name in _HEAD}, **shown}


def as_markdown(view: RelationshipView, names: Mapping[str, str]) -> str:
    """Return a view as Markdown."""
    parts = [f"# {literal(_capital(view.kind.name))}: {view.status}", f"As seen by: {view.viewer.value}"]
    parts.append("\n".join(f"- {literal(line)}" for line in _people(view, names)))
    for title, lines in _sections(view, names):
        parts += [f"## {title}", "\n".join(f"- {literal(line)}" for line in lines) or "none"]
    if view.agreement is not None:
        parts.append(re.sub(r"^#", "##", view.agreement, flags=re.M))
    return "\n\n".join(part for part in parts if part).strip() + "\n"


def as_html(view: RelationshipView) -> str:
    """Return a view as a table for notebooks: one row for each thing, so that no words pass for other things."""
    rows = [["status", view.status], *(["who", line] for line in _people(view, {}))]
    for title, lines in _sections(view, {}):
        rows += [[title, line] for line in lines] or [[title, "none"]]
    if view.agreement is not None:
        rows += [["Agreement", _taken_back(line)] for line in view.agreement.splitlines() if line]
    caption = f"As seen by: {view.viewer.value}"
    return html_table(["", view.kind.name], rows, caption=caption, limit=len(rows))


def literal(text: str) -> str:
    r"""Return somebody's words in one line, with everything that Markdown and HTML would read as markup escaped.

    >>> literal("# not\na <b>heading</b>")
    '\\# not a \\<b\\>heading\\</b\\>'
    """
    line = re.sub(r"([\\`*_{}\[\]<>#|~&!$])", r"\\\1", " ".join(printable(text).split()))
    return re.sub(r"^([-+=]|\d+(?=[.)]))", _at_the_start, line)


def _at_the_start(found: re.Match[str]) -> str:
    """Escape what would begin a list or an underline; a number's full stop is escaped after it."""
    return f"\\{found[0]}" if found[0] in {"-", "+", "="} else f"{found[0]}\\"


def _taken_back(line: str) -> str:
    """Return a line of an agreement's Markdown without the escapes."""
    return re.sub(r"\\([\\`*_{}\[\]<>#|])", r"\1", line)


def _people(view: RelationshipView, names: Mapping[str, str]) -> list[str]:
    return [f"{_title(view.kind, one)}: {_name(one.person, names)}" for one in view.parties]


def _title(kind: RelationshipKind, party: Party) -> str:
    titles = dict.fromkeys(kind.titles.of(side) for side in party.role.sides)
    return _capital(" and ".join(titles))


def _name(person: str, names: Mapping[str, str]) -> str:
    return names.get(person) or person


Section = tuple[str, Sequence[str]]


def _sections(view: RelationshipView, names: Mapping[str, str]) -> Iterator[Section]:
    """Yield the title and the lines of each item that is shown; in every line people's words come last."""
    if view.stage is not None:
        yield "Stage", [view.stage]
    if view.sessions is not None:
        yield "Sessions", [_session(one, names) for one in view.sessions]
    if view.held is not None:
        yield "Sessions held", [str(view.held)]
    if view.goals is not None:
        yield "Goals", [line for goal in view.goals for line in _goal(goal, names)]
    if view.topics is not None:
        yield "Topics", view.topics
    if view.notes is not None:
        yield "Notes", [f"{_name(one.author, names)}, for {one.audience.value}: {one.text}" for one in view.notes]
    if view.follow_ups is not None:
        yield "Follow-ups", [f"{_name(one.owner, names)}{_by(one.due)}: {one.text}" for one in view.follow_ups]
    if view.ratings is not None:
        yield "Ratings", [f"{_name(one.by, names)}: {one.stars} of 5{_said(one.note)}" for one in view.ratings]
    if view.ends is not None:
        yield "Reasons", [f"{one.what}, {_name(one.by, names)}: {one.reason}{_said(one.note)}" for one in view.ends]
    if view.advocacies is not None:
        yield "Advocacies", [f"{one.act}, {one.outcome}: {one.opportunity}" for one in view.advocacies]
    if view.suggestions is not None:
        yield "Suggestions", view.suggestions


def _session(one: SeenSession, names: Mapping[str, str]) -> str:
    told = [f"{one.start:%Y-%m-%d %H:%M} ({one.start.tzinfo}), {one.minutes} minutes", one.status]
    told += [one.meeting, ", ".join(_name(person, names) for person in one.attended)]
    told += [f"without {', '.join(_name(person, names) for person in one.absent)}" if one.absent else None]
    return ", ".join(part for part in told if part)


def _goal(goal: Goal, names: Mapping[str, str]) -> list[str]:
    about = [goal.form.value]
    if goal.horizon is not None:
        about.append(f"about the {goal.horizon.value}")
    if goal.person is not None:
        about.append(f"of {_name(goal.person, names)}")
    if goal.focus_areas:
        about.append(f"for {', '.join(goal.focus_areas)}")
    return [f"{', '.join(about)}: {goal.text}", *map(_result, goal.key_results)]


def _result(one: KeyResult) -> str:
    to = f"from {one.baseline:g} to {one.target:g}{_by(one.due)}, {one.progress:.0%} of the way"
    return f"key result, {to}: {one.name} ({one.unit})"


def _by(due: date | None) -> str:
    return f", by {due}" if due else ""


def _said(note: str) -> str:
    return f": {note}" if note else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
