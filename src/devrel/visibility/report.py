"""The right of access: everything held about one person, with others' private items withheld."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any

import attrs
from attrs import field, frozen

from devrel._records import as_tuple, filled_text
from devrel.agreements import Agreement
from devrel.kinds import Side
from devrel.lifecycle import Event, FocusSuggested
from devrel.people import Enrollment, Organization, Party, Person
from devrel.relationships import Relationship, in_order
from devrel.sessions import FollowUp, Note
from devrel.visibility.belongings import PEOPLE, listed, names
from devrel.visibility.looking import view_for
from devrel.visibility.membership import with_members
from devrel.visibility.rendering import plain
from devrel.visibility.view import RelationshipView
from devrel.visibility.viewer import Viewer


@frozen
class Trace:
    """Something that a person did, or that names her, in a relationship.

    Attributes:
        relationship: The relationship's id.
        event: What it was, by the name of the event.
        at: When.
        mine: Whether she did it herself.
        told: What it says that is hers, by field: everything, where she did it; her own notes, goals (a recipient's
            those of all as well), follow-ups, suggestions made to her and her attendance, where somebody else did.
    """

    relationship: str
    event: str
    at: str
    mine: bool
    told: dict[str, Any] = field(repr=False)


@frozen
class SubjectReport:
    """Everything held about one person.

    Attributes:
        person: Her id.
        record: Her entry in the directory, sensitive data included, or None.
        reports: The ids of the people who report to her.
        enrollments: Her part in programs.
        relationships: Her own views of the relationships she is in.
        traces: What she did, what names her, and goals put to her, in those and in others.
    """

    person: str = field(validator=filled_text)
    record: Person | None = field(repr=False)
    reports: tuple[str, ...] = field(converter=as_tuple, repr=False)
    enrollments: tuple[Enrollment, ...] = field(converter=as_tuple, repr=False)
    relationships: tuple[RelationshipView, ...] = field(converter=as_tuple)
    traces: tuple[Trace, ...] = field(converter=as_tuple, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "person": self.person,
            "record": plain(self.record),
            "reports": list(self.reports),
            "enrollments": plain(self.enrollments),
            "relationships": [one.to_dict() for one in self.relationships],
            "traces": plain(self.traces),
        }

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps({"type": "devrel.subject-report", **self.to_dict()}, ensure_ascii=False, indent=2)


def subject_report(
    person: str,
    relationships: Iterable[Relationship],
    *,
    organization: Organization | None = None,
    enrollments: Iterable[Enrollment] = (),
    until: date | None = None,
    holidays: Container[date] = (),
) -> SubjectReport:
    """Return everything that is held about ``person``; what is private to others is withheld.

    Args:
        person: Her id.
        relationships: The relationships to look through.
        organization: The directory, where there is one.
        enrollments: The enrolments to look through.
        until: The last day of schedules of open-ended terms.
        holidays: The days on which nobody meets.

    >>> subject_report("p1", []).to_dict()["relationships"]
    []
    """
    listed = tuple(relationships)
    known = organization is not None and person in organization
    return SubjectReport(
        person=person,
        record=organization[person] if organization is not None and known else None,
        reports=tuple(one.id for one in organization or () if one.manager == person),
        enrollments=tuple(one for one in enrollments if one.person == person),
        relationships=tuple(view for one in listed for view in _own_views(one, person, until, holidays)),
        traces=tuple(trace for one in listed for trace in _traces(one, person)),
    )


def _own_views(
    relationship: Relationship, person: str, until: date | None, holidays: Container[date]
) -> list[RelationshipView]:
    viewers = {Side.PROVIDER: Viewer.provider, Side.RECIPIENT: Viewer.recipient}
    views = (view_for(relationship, make(person), until=until, holidays=holidays) for make in viewers.values())
    return [view for view in views if view is not None]


def _traces(relationship: Relationship, person: str) -> list[Trace]:
    found = []
    for event, parties in with_members(in_order(relationship.history)):
        recipient = any(party.person == person and Side.RECIPIENT in party.role.sides for party in parties)
        told = _told(event, person, owners={person, None} if recipient else {person})
        if told or names(event, person):
            mine = event.actor.person == person
            found.append(Trace(relationship.id, type(event).__name__, event.at.isoformat(), mine, told))
    return found


def _told(event: Event, person: str, owners: set[str | None]) -> dict[str, Any]:
    """Return what an event says that is a person's own, by field; ``owners`` are those whose goals are hers too."""
    whole = event.actor.person == person or (isinstance(event, FocusSuggested) and event.to == person)
    ids = PEOPLE.get(type(event), ())
    found: dict[str, Any] = {}
    for one in attrs.fields(type(event)):
        value = getattr(event, one.name)
        if isinstance(value, Agreement):
            found[one.name] = _of_agreement(value, person, owners)
        elif one.name in ids and not whole:
            found[one.name] = person if person in listed(value) else None
        elif one.name not in _OF_EVERY_EVENT:
            found[one.name] = _hers(value, person, whole=whole)
    return {name: value for name, value in found.items() if value not in _NOTHING}


_OF_EVERY_EVENT = tuple(one.name for one in attrs.fields(Event))
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_OWNERS: Mapping[type, str] = {Note: "author", FollowUp: "owner", Party: "person"}


def _hers(value: Any, person: str, *, whole: bool) -> Any:
    """Return the part of a field that belongs to a person; of records that belong to one person, only her own.

    Args:
        value: The field.
        person: Her id.
        whole: Whether what belongs to nobody in particular is hers as well.
    """
    if type(value) in _OWNERS:
        return plain(value) if getattr(value, _OWNERS[type(value)]) == person else None
    if isinstance(value, tuple):
        return [part for one in value if (part := _hers(one, person, whole=whole)) is not None]
    return plain(value) if whole else None


def _of_agreement(agreement: Agreement, person: str, owners: set[str | None]) -> dict[str, Any]:
    """Return what is a person's own in an agreement: goals of hers, and her part as a third party."""
    goals = [plain(goal) for goal in agreement.goals if goal.person in owners]
    parts = [plain(one) for one in agreement.third_parties if one.id == person]
    return {name: value for name, value in (("goals", goals), ("third_parties", parts)) if value}
