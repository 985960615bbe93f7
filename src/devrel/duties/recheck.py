"""What a change in the organisation makes necessary: a new manager, somebody who leaves, somebody who is away."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import define, field

from devrel._records import a
from devrel.duties.conflicts import Broken, Rules
from devrel.duties.duty import Duty, DutyKind, by_system, later, latest, moment
from devrel.kinds import Side
from devrel.lifecycle import ActorRole, Ended, EndReason, Event, Invalidated, Left, Paused, Resumed, Stage
from devrel.lifecycle.guards import sides_problem
from devrel.people import Absence, Organization
from devrel.relationships import Relationship

if TYPE_CHECKING:  # matching loads numpy
    from devrel.matching.constraints import Constraint

_BEFORE = (Stage.PROPOSED, Stage.AGREEING)


def recheck(
    relationships: Iterable[Relationship],
    organization: Organization,
    today: date,
    *,
    lifted: Iterable[str] = (),
    rules: Iterable[Constraint] = (),
) -> tuple[Duty, ...]:
    """Return what the organisation as it is now makes necessary, in the order of the relationships.

    A leaver's relationships end and her partners go first in line. A pair that is a conflict of interest now (the
    mentor has become the mentee's manager) ends as well, unless the agreement names it as one that everybody accepts;
    where too little is known of the two to judge it, it is none. Somebody's leave pauses hers until she is back, unless
    the two went on in spite of it. A group goes on without those concerned, as long as both sides are left.

    Each duty carries the event that does it. Of one relationship they are applied in their order. ``Left`` may be the
    last thing a proposed group waited for; give it to ``devrel.seats.settle``, as everything that may take a seat.

    Args:
        relationships: The relationships to look at; those that are over need nothing.
        organization: The organisation now; somebody who is not in it has left.
        today: The day of the look, in UTC.
        lifted: The names of constraints that the program lifted.
        rules: The program's constraints, besides those that the kinds name themselves.

    Raises:
        InvalidValue: When a constraint is lifted, or named by a kind, that is not known.

    >>> from datetime import UTC, datetime
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.lifecycle import Actor
    >>> from devrel.people import Person
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date())
    >>> one = Relationship.propose("r1", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=at)
    >>> now = Organization([Person("m"), Person("n", manager="m")])
    >>> print(recheck([one], now, date(2026, 1, 6))[0])
    r1: resolve a conflict of interest (mentoring asks for: not the mentee's own manager)
    """
    judge = Rules(rules, lifted)
    checks = [_Check(one, organization, today) for one in relationships if not one.stage.final]
    return tuple(duty for check in checks for duty in check.duties(judge))


@define
class _Check:
    """One relationship beside the organisation of a day; with every duty found it becomes what it will be then."""

    one: Relationship = field(validator=a(Relationship))
    organization: Organization = field(validator=a(Organization))
    today: date = field(validator=a(date))
    found: list[Duty] = field(factory=list, init=False)

    def duties(self, judge: Rules) -> list[Duty]:
        self.leavers()
        if not self.one.stage.final:
            self.conflicts(judge)
        if self.one.stage is Stage.ACTIVE:
            self.leave()
        elif self.one.stage is Stage.PAUSED:
            self.back()
        return self.found

    def leavers(self) -> None:
        gone = [person for person in self.people if self.gone(person)]
        if not gone:
            return
        since = min(self.gone_since(person) for person in gone)
        text = f"{len(gone)} of {len(self.people)} left the organisation"
        if self.goes_on(gone):
            for person in gone:
                self.leaves(person, DutyKind.LEAVER, EndReason.LEFT, text, since)
        else:
            stay = [person for person in self.people if person not in gone]
            self.ends(DutyKind.LEAVER, EndReason.LEFT, text, since, stay)

    def gone(self, person: str) -> bool:
        return person not in self.organization or self.organization[person].gone(self.today)

    def gone_since(self, person: str) -> date:
        last_day = self.organization[person].last_day if person in self.organization else None
        return self.today if last_day is None else later(last_day, 1)

    def conflicts(self, judge: Rules) -> None:
        broken = judge.broken(self.one, self.organization)
        if not broken:
            return
        titles = dict.fromkeys(one.title for one in broken)
        text = f"{self.one.kind.name} asks for: {'; '.join(titles)}"
        for going in (_apart(broken, Side.RECIPIENT), _apart(broken, Side.PROVIDER)):
            if self.goes_on(going):
                for person in going:
                    self.leaves(person, DutyKind.CONFLICT, EndReason.CONFLICT, text, self.today, [person])
                return
        self.ends(DutyKind.CONFLICT, EndReason.CONFLICT, text, self.today, self.people)

    def leave(self) -> None:
        absent = self.absent(self.today)
        if not absent or self.goes_on(absent) or self.went_on(absent):
            return
        until = self.all_back(self.today)
        if until is not None and until <= moment(self.one, self.today).date():
            return  # what was recorded last happened when everybody was back
        since = min(absence.start for absence in absent.values())
        text = f"{len(absent)} of {len(self.people)} on leave"
        self.add(DutyKind.LEAVE, since, text, Paused, until=until)

    def back(self) -> None:
        pause = latest(self.one, Paused)
        absent = self.absent(self.today)
        for_leave = pause.actor.role is ActorRole.SYSTEM and self.absent(pause.at.date())
        if for_leave and (not absent or self.goes_on(absent)):
            self.add(DutyKind.RESUME, self.today, "nobody is missing any more", Resumed)

    def absent(self, day: date) -> dict[str, Absence]:
        """Return who is away on a day, with the absence."""
        away = {person: self.organization[person].away(day) for person in self.people}
        return {person: absence for person, absence in away.items() if absence is not None}

    def went_on(self, absent: dict[str, Absence]) -> bool:
        """Whether somebody took up again what a leave that is on had paused."""
        since = min(absence.start for absence in absent.values())
        taken_up = (event for event in self.one.history if isinstance(event, Resumed))
        return any(event.actor.role is not ActorRole.SYSTEM and event.at.date() >= since for event in taken_up)

    def all_back(self, day: date) -> date | None:
        """Return the first day on which nobody is away any more; None where it is not known."""
        while absent := self.absent(day).values():
            ends = [absence.end for absence in absent if absence.end is not None and absence.end < date.max]
            if len(ends) < len(absent):
                return None
            day = later(max(ends), 1)
        return day

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(party.person for party in self.one.parties)

    def goes_on(self, without: Collection[str]) -> bool:
        """Whether it is a group that has both sides left without some people."""
        rest = tuple(party for party in self.one.parties if party.person not in without)
        return self.one.state.group and sides_problem(rest) is None

    def leaves(
        self, person: str, kind: DutyKind, reason: EndReason, text: str, since: date, requeue: Collection[str] = ()
    ) -> None:
        self.add(kind, since, text, Left, requeue, person=person, reason=reason)

    def ends(self, kind: DutyKind, reason: EndReason, text: str, since: date, requeue: Collection[str]) -> None:
        if self.one.stage in _BEFORE:
            self.add(kind, since, text, Invalidated, requeue)
        else:
            self.add(kind, since, text, Ended, requeue, reason=reason)

    def add(
        self,
        kind: DutyKind,
        since: date,
        text: str,
        event: type[Event],
        requeue: Collection[str] = (),
        **details: Any,
    ) -> None:
        made = by_system(self.one, event, self.today, kind.name.lower(), **details)
        self.found.append(Duty(self.one.id, kind, since, text, (), made, tuple(requeue)))
        self.one = self.one.apply(made)


def _apart(broken: Iterable[Broken], side: Side) -> list[str]:
    """Return people on one side without whom no forbidden pair is left."""
    going: list[str] = []
    for pair in broken:
        if pair.provider not in going and pair.recipient not in going:
            going.append(pair.person(side))
    return going
