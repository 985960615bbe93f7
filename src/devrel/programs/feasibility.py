"""Whether a program can work with the people there are, asked before anybody is matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from textwrap import fill

import numpy as np
from attrs import field, frozen

from devrel._display import html_table, printable, text_table
from devrel._records import a, as_tuple, at_least, filled_text, number_between, optional, read_only, tuple_of
from devrel.kinds import Side, Titles
from devrel.matching.constraints import Constraint
from devrel.matching.criteria import Criterion
from devrel.matching.enrolled import with_unspoken
from devrel.matching.roster import Roster
from devrel.matching.working_hours import WorkingHours, shared_minutes
from devrel.people import Enrollment, Organization, Person, enrolled_once
from devrel.programs._candidates import GIVEN_UP
from devrel.programs._survey import Ids, Standing, Survey
from devrel.programs.design import Program
from devrel.programs.hours import hours_of

OFFICE_HOURS = WorkingHours()
"""Nine to five, Monday to Friday."""

_LISTED = 10
_MOST = 1e15


@frozen
class SideFeasibility:
    """How the people of one side stand.

    Attributes:
        people: How many take part.
        places: How many partners they want, or take at most, all told.
        without: Who has no candidate.
        single: Who has exactly one.
        several: Who of those without one would need several rules lifted; there is somebody on the other side.
        together: For the first ten of them, the titles of the fewest rules that would have to be lifted together.
        unjudged: For whom the search was given up, because a rule that can only be asked pair by pair forbids too much.
    """

    people: int = field(validator=at_least(0))
    places: int = field(validator=at_least(0))
    without: Ids = field(default=(), converter=as_tuple, validator=tuple_of(str))
    single: Ids = field(default=(), converter=as_tuple, validator=tuple_of(str))
    several: Ids = field(default=(), converter=as_tuple, validator=tuple_of(str))
    unjudged: Ids = field(default=(), converter=as_tuple, validator=tuple_of(str))
    together: Mapping[str, Ids] = field(factory=dict, converter=read_only)


@frozen
class RuleCost:
    """What one rule costs.

    Attributes:
        title: What the rule demands, in the kind's words.
        pairs: How many pairs it forbids, whatever the other rules say; None where counting would take too long (a
            rule that has no block function, or that tells too many people apart).
        recipients: The recipients who have no candidate and would have one without this rule.
        providers: The same for providers.
    """

    title: str = field(validator=filled_text)
    pairs: int | None = field(default=None, validator=optional(at_least(0)))
    recipients: Ids = field(default=(), converter=as_tuple, validator=tuple_of(str))
    providers: Ids = field(default=(), converter=as_tuple, validator=tuple_of(str))

    @property
    def left_without(self) -> int:
        """How many people have no candidate because of it; who stands on both sides may count twice."""
        return len(self.recipients) + len(self.providers)


@frozen
class Feasibility:
    """Whether a program can work with the people who are enrolled.

    Ids are sorted. A candidate is somebody whom no rule forbids; whether she is free is for the matching to say.

    Attributes:
        program: The program's name.
        titles: What the two sides are called.
        recipients: How the recipients stand.
        providers: How the providers stand.
        pairs: How many pairs there are before any rule.
        rules: What every rule costs, by its title; the costliest first.
        minutes: The length of a session.
        hours_needed: How many hours a month the sessions take if every place that is wanted is filled; a single
            session is taken to be held within a month.
        hours_offered: How many hours a month the providers have for them: as they said, within what the agreement and
            the program's limit say; where nothing is said, what their places take.
        shared: For every recipient who can be judged, the most minutes a day that a candidate works at the same
            time, at a stretch, in the worst week of the first year.
        short: The recipients among them who share no session's length with any candidate.
        zones_unknown: How many recipients with a candidate are not judged: their own zone is not known, or that of
            a candidate who might be the answer.
    """

    program: str = field(validator=filled_text)
    titles: Titles = field(validator=a(Titles), repr=False)
    recipients: SideFeasibility = field(validator=a(SideFeasibility), repr=False)
    providers: SideFeasibility = field(validator=a(SideFeasibility), repr=False)
    pairs: int = field(validator=at_least(0))
    rules: Mapping[str, RuleCost] = field(converter=read_only, repr=False)
    minutes: int = field(validator=at_least(1))
    hours_needed: float = field(validator=number_between(0, _MOST))
    hours_offered: float = field(validator=number_between(0, _MOST))
    shared: Mapping[str, int] = field(factory=dict, converter=read_only, repr=False)
    short: Ids = field(default=(), converter=as_tuple, validator=tuple_of(str), repr=False)
    zones_unknown: int = field(default=0, validator=at_least(0))

    @property
    def ratio(self) -> float | None:
        """How many recipients there are for every provider; None without any provider."""
        return self.recipients.people / self.providers.people if self.providers.people else None

    def of(self, side: Side) -> SideFeasibility:
        """Return how one side stands."""
        return self.providers if side is Side.PROVIDER else self.recipients

    def to_text(self) -> str:
        """Return it for a terminal: the numbers, the rules that cost most, the people."""
        numbers = text_table(self._sides(""), self._numbers())
        rules = text_table(self._rule_header(), self._rule_rows()) if self.rules else "There are no rules."
        people = "\n".join(_wrapped(f"{what}: {ids}") for what, ids in self._people())
        said = "\n".join(map(_wrapped, self._remarks()))
        return "\n\n".join(filter(None, [f"Feasibility of {printable(self.program)}", numbers, said, rules, people]))

    def __str__(self) -> str:
        """Return ``to_text``."""
        return self.to_text()

    def _repr_html_(self) -> str:
        return (
            html_table(self._sides(""), [*self._numbers()], caption=f"Feasibility of {self.program}")
            + html_table(self._rule_header(), self._rule_rows(), caption="What the rules cost")
            + html_table(["people", "ids"], [*([text.rstrip("."), ""] for text in self._remarks()), *self._people()])
        )

    def _sides(self, first: str) -> list[str]:
        return [first, *(self.titles.of(side, 2) for side in _SIDES)]

    def _numbers(self) -> list[list[str]]:
        two = [self.of(side) for side in _SIDES]
        rows = [
            ["people", *(f"{one.people:,}" for one in two)],
            ["places wanted and offered", *(f"{one.places:,}" for one in two)],
            ["hours a month needed and offered", f"{self.hours_needed:,.1f}", f"{self.hours_offered:,.1f}"],
            ["without any candidate", *(f"{len(one.without):,}" for one in two)],
            ["- would need several rules lifted", *(f"{len(one.several):,}" for one in two)],
            ["with one candidate only", *(f"{len(one.single):,}" for one in two)],
        ]
        if any(one.unjudged for one in two):
            rows.append(["not judged", *(f"{len(one.unjudged):,}" for one in two)])
        return rows

    def _remarks(self) -> list[str]:
        said = []
        if self.ratio is not None:
            said.append(f"{self.ratio:.1f} {self.titles.recipients} for every {self.titles.provider}.")
        if self.shared or self.zones_unknown:
            mine = f"{len(self.shared):,} {self.titles.of(Side.RECIPIENT, len(self.shared))}"
            said.append(
                f"Of {mine} with known time zones, {len(self.short):,} have no candidate who works at the same time "
                f"for the {self.minutes} minutes of a session; {self.zones_unknown:,} could not be judged."
            )
        return said

    def _rule_header(self) -> list[str]:
        return ["rule", "pairs removed", "of all", *(f"{title} left without" for title in self._sides("")[1:])]

    def _rule_rows(self) -> list[list[str]]:
        return [
            [
                cost.title,
                "not counted" if cost.pairs is None else f"{cost.pairs:,}",
                "" if cost.pairs is None or not self.pairs else f"{cost.pairs / self.pairs:.1%}",
                f"{len(cost.recipients):,}",
                f"{len(cost.providers):,}",
            ]
            for cost in self.rules.values()
        ]

    def _people(self) -> list[list[str]]:
        """Return lists of people, each under what is the matter with them."""
        found: list[tuple[str, Ids]] = []
        for side in _SIDES:
            mine, one = self.titles.of(side, 2).capitalize(), self.of(side)
            found += [(f"{mine} without any candidate", one.without), (f"{mine} with one candidate only", one.single)]
            found += [(f"{mine} not judged", one.unjudged)]
        found += [(f"{self.titles.recipients.capitalize()} without common working hours", self.short)]
        return [[what, _named(ids)] for what, ids in found if ids]


_SIDES = (Side.RECIPIENT, Side.PROVIDER)


def _wrapped(text: str) -> str:
    return fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _named(ids: Ids) -> str:
    listed = ", ".join(printable(one) for one in ids[:_LISTED])
    return f"{listed} and {len(ids) - _LISTED:,} more" if len(ids) > _LISTED else listed


def feasibility(
    program: Program,
    people: Organization | Iterable[Person],
    enrollments: Iterable[Enrollment],
    *,
    hours: WorkingHours = OFFICE_HOURS,
    on: date | None = None,
) -> Feasibility:
    """Return whether a program can work with the people who are enrolled, without matching anybody.

    It is made for large organisations: no array of recipients by providers is formed, and the time grows with the
    number of people. A provider who takes nobody and a recipient who wants nobody do not count. Rules see people
    without their sensitive attributes.

    Args:
        program: The program.
        people: Everybody, managers included; not all need to be enrolled.
        enrollments: Who takes part, on which side, with which capacity and demand.
        hours: When people work, each on the clock of her own zone.
        on: The first day to look at for common working hours; the first of the term unless given.

    Raises:
        InputError: For people who are enrolled twice or not among the people, and for an organisation that is none.

    >>> from datetime import date
    >>> from devrel.kinds import MENTORING
    >>> from devrel.people import Role
    >>> from devrel.terms import Term
    >>> program = Program("P", MENTORING, Term(date(2026, 1, 5)), rules=[])
    >>> people = [Person("boss"), Person("cy", manager="boss")]
    >>> enrolled = [Enrollment("boss", Role.PROVIDER), Enrollment("cy", Role.RECIPIENT)]
    >>> feasibility(program, people, enrolled).recipients.without
    ('cy',)
    """
    organization = people if isinstance(people, Organization) else Organization(people)
    listed = enrolled_once(enrollments, organization)
    roster = Roster.enrolled(listed, organization)
    must = [criterion for criterion in program.criteria if criterion.must]
    day = on or program.term.start
    constraints = with_unspoken(program.constraints, roster, day, program.criteria)
    rules: list[Constraint | Criterion] = [*constraints, *must]
    survey = Survey.of(rules, program.titles, roster, organization.public, day)
    standing = {side: survey.standing(side) for side in Side}
    sides = {side: _told(survey, side, one, _places(program, side, listed)) for side, one in standing.items()}
    zones, first = survey.zones(), hours.days_to_look_at(program.term, on)
    shared = survey.hours(standing[Side.RECIPIENT].counts, shared_minutes(zones, first, hours), program.minutes)
    judged = survey.ids(Side.RECIPIENT, shared.judged)
    time = hours_of(program, listed)
    return Feasibility(
        program=program.name,
        titles=program.titles,
        recipients=sides[Side.RECIPIENT],
        providers=sides[Side.PROVIDER],
        pairs=survey.pairs,
        rules={cost.title: cost for cost in _costs(survey, standing)},
        minutes=program.minutes,
        hours_needed=time.needed,
        hours_offered=time.offered,
        shared=dict(zip(judged, shared.minutes.tolist(), strict=True)),
        short=survey.ids(Side.RECIPIENT, shared.judged[shared.minutes < program.minutes]),
        zones_unknown=shared.unknown,
    )


def _places(program: Program, side: Side, enrollments: Iterable[Enrollment]) -> int:
    """Return how many places are wanted or offered on a side; of those offered, what the program's limit lets count."""
    taken = (one.takes(side) for one in enrollments)
    return sum(map(program.capacity.limited, taken) if side is Side.PROVIDER else taken)


def _told(survey: Survey, side: Side, standing: Standing, places: int) -> SideFeasibility:
    people, counts = survey.on(side), standing.counts
    return SideFeasibility(
        people=len(people),
        places=places,
        without=survey.ids(side, np.flatnonzero(counts == 0)),
        single=survey.ids(side, np.flatnonzero(counts == 1)),
        several=survey.ids(side, standing.several),
        unjudged=survey.ids(side, np.flatnonzero(counts == GIVEN_UP)),
        together={survey.on(side)[one].id: survey.fewest(side, one) for one in standing.several[:_LISTED].tolist()},
    )


def _costs(survey: Survey, standing: Mapping[Side, Standing]) -> list[RuleCost]:
    """Return what the rules cost, the costliest first."""
    removed = survey.removed()
    costs = [
        RuleCost(
            rule.title,
            removed[place],
            survey.ids(Side.RECIPIENT, standing[Side.RECIPIENT].freed[place]),
            survey.ids(Side.PROVIDER, standing[Side.PROVIDER].freed[place]),
        )
        for place, rule in enumerate(survey.rules)
    ]
    return sorted(costs, key=lambda cost: (-cost.left_without, -(cost.pairs or 0), cost.title))
