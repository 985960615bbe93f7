"""Drift: what a relationship is called, and which kind it behaves like.

A mentor who is brought in for measured targets in the present job, and reports on them to the manager, is closer to a
coach than to a mentor (management-mentors). Whether that is so can be read from what happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from textwrap import fill

from attrs import field, frozen

from devrel._display import html_table, printable, text_table
from devrel._records import a, as_tuple, at_least, filled_text, optional, tuple_of
from devrel.errors import InvalidValue
from devrel.kinds import KINDS, KindRegistry, RelationshipKind
from devrel.lifecycle import SessionCancelled
from devrel.people import Organization
from devrel.relationships import Relationship
from devrel.validation._evidence import AGAINST, FOR, Evidence, Facet, Life, evidence, life, performance_managed

__all__ = ["Diagnosis", "Facet", "Observation", "Standing", "diagnose"]


@frozen
class Observation:
    """What happened in one facet, and for which kinds that speaks.

    Attributes:
        facet: The facet.
        text: What happened, in numbers and closed words; no word of the parties.
        speaks_for: The names of the kinds it speaks for, in order.
        speaks_against: The names of those it speaks against; about the others it is silent.

    >>> Observation(Facet.COMPOSITION, "1 mentor, 1 mentee", ("mentoring",)).says("mentoring")
    'for'
    """

    facet: Facet = field(validator=a(Facet))
    text: str = field(validator=filled_text)
    speaks_for: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    speaks_against: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))

    def says(self, kind: str) -> str:
        """Return "for", "against" or "-" for the kind of that name."""
        return "for" if kind in self.speaks_for else "against" if kind in self.speaks_against else "-"


@frozen
class Standing:
    """How one kind stands to what happened.

    Attributes:
        kind: The kind.
        speaks_for: The facets that speak for it.
        speaks_against: The facets that speak against it.
        observed: In how many facets something was observed.

    >>> from devrel.kinds import COACHING
    >>> Standing(COACHING, (Facet.FOCUS, Facet.CONTROL), (Facet.TIMELINE,), 5).support
    1
    """

    kind: RelationshipKind = field(repr=str, validator=a(RelationshipKind))
    speaks_for: tuple[Facet, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Facet))
    speaks_against: tuple[Facet, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Facet))
    observed: int = field(default=0, validator=at_least(0))

    @property
    def support(self) -> int:
        """How many more facets speak for it than against it."""
        return len(self.speaks_for) - len(self.speaks_against)


@frozen(repr=False)
class Diagnosis:
    """What a relationship is called, which kind it behaves like, and why.

    Attributes:
        kind: What it is called.
        facets: What was observed, facet by facet.
        ranking: How every kind stands to it, the best supported first.
        unclear: Why it cannot be told yet, or None where it can.
        performance_management: Whether it is no help at all and only the measuring of the present job.
    """

    kind: RelationshipKind = field(validator=a(RelationshipKind))
    facets: tuple[Observation, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Observation))
    ranking: tuple[Standing, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Standing))
    unclear: str | None = field(default=None, validator=optional(filled_text))
    performance_management: bool = field(default=False, validator=a(bool))

    def __attrs_post_init__(self) -> None:
        if all(standing.kind != self.kind for standing in self.ranking):
            raise InvalidValue("ranking", "must have the kind that it is called")

    @property
    def behaves_like(self) -> RelationshipKind:
        """The kind with the most support; the one that it is called where that cannot be told yet."""
        return self.kind if self.unclear is not None else self.ranking[0].kind

    @property
    def drifted(self) -> bool:
        """Whether it is not what it is called."""
        return self.performance_management or self.behaves_like != self.kind

    @property
    def verdict(self) -> str:
        """The outcome in one sentence."""
        name, mode, alike = self.kind.name, self.kind.mode.value, self.behaves_like
        if self.unclear is not None:
            told = f"It cannot be told yet whether this is {name}, as it is called: {self.unclear}."
            first = self.ranking[0].kind
            return told if first == self.kind else f"{told} What was agreed looks more like {first.name}."
        if self.performance_management:
            return f"This is performance management disguised as {mode}: results are measured, and nobody meets."
        if not self.drifted:
            return f"This is {name}, as it is called."
        if alike.mode is self.kind.mode:
            return f"This is called {name}, and it behaves like {alike.name}."
        return f"This is {alike.mode.value} disguised as {mode}: it is called {name}, and it behaves like {alike.name}."

    def to_text(self, width: int = 100, *, top: int | None = 5) -> str:
        """Return the verdict, the evidence beside two kinds, and how the kinds stand.

        Args:
            width: The columns of the text, at most.
            top: How many kinds to show at the end; all of them for None.
        """
        tables = (text_table(head, rows, width=width) for head, rows in self._tables(top) if rows)
        return "\n\n".join([fill(printable(self.verdict), width, break_on_hyphens=False), *tables])

    def _tables(self, top: int | None) -> tuple[tuple[list[str], list[list[str]]], ...]:
        """Return the head and the rows of the two tables."""
        names = list(dict.fromkeys([self.kind.name, *(one.kind.name for one in self.ranking)]))[:2]
        rows = [[one.facet.value, one.text, *map(one.says, names)] for one in self.facets]
        standings = [
            [one.kind.name, f"{one.support:+d}", _listed(one.speaks_for), _listed(one.speaks_against)]
            for one in self.ranking
        ]
        return (["facet", "what happened", *names], rows), (
            ["kind", "support", "speaks for it", "speaks against it"],
            standings[:top] if self.facets else [],
        )

    def __str__(self) -> str:
        """Return the diagnosis as plain text."""
        return self.to_text()

    def __repr__(self) -> str:
        """Return it in short."""
        found = "unclear" if self.unclear is not None else "drifted" if self.drifted else "as it is called"
        return f"<Diagnosis: {self.kind} behaves like {self.behaves_like}, {found}>"

    def _repr_html_(self) -> str:
        first, second = self._tables(None)
        return html_table(*first, caption=self.verdict) + html_table(*second, caption="How the kinds stand")


def _listed(facets: Iterable[Facet]) -> str:
    return ", ".join(facet.value for facet in facets)


def diagnose(
    relationship: Relationship,
    *,
    today: date,
    kinds: Iterable[RelationshipKind] = KINDS,
    people: Organization | None = None,
) -> Diagnosis:
    """Return which kind a relationship behaves like, with the evidence.

    What happened is compared with the facets of every kind: the form of the goals and the role they are about, who set
    them, how long it runs and how often it meets, what the sessions were, whether anybody advocated, what the manager
    is told and whether she stands back, how many people stand where, and, with a directory, who is whose manager. Only
    numbers and closed lists are read from events, never their words. Who owned the agenda is in no event, so it is not
    among them.

    Each facet speaks for a kind, against it, or is silent about it, and every facet has one voice: the support of a
    kind is the number of facets for it less those against it. There are no weights, because no source says how much
    one facet tells more than another, and because a count can be checked by hand. A facet that nobody stated (a session
    without a mode) is no evidence against the kind's own word. Where kinds have the same support, it is what it is
    called if that is among them; else the kind it was derived from; else one that is not derived, as a derived kind
    claims more; else the first by name.

    It can be told once the relationship has begun and there was a session, an advocacy or a reading since. Until then
    the verdict says what the agreement looks like, where that is another kind.

    Args:
        relationship: The relationship.
        today: The day of the look; what happens later is not looked at.
        kinds: The kinds to compare with, kinds of one's own among them; its own kind always takes part.
        people: The directory, for who is whose manager.

    Raises:
        InvalidValue: When an argument is of another type, or two different kinds have one name.

    >>> from datetime import UTC, datetime
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.lifecycle import Actor
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date())
    >>> one = Relationship.propose("r1", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=at)
    >>> diagnose(one, today=date(2026, 1, 6)).verdict
    'It cannot be told yet whether this is mentoring, as it is called: it has not begun.'
    """
    _check(relationship, today, people)
    own = relationship.kind
    known = life(relationship, today, people)
    listed = {one.name: one for one in KindRegistry(kinds)}
    if known is not None:
        own = known.kind
    ordered = sorted({**listed, own.name: own}.values(), key=lambda one: one.name)
    found = () if known is None else evidence(known)
    standings = [_standing(one, found) for one in ordered]
    return Diagnosis(
        own,
        [_observation(one, ordered) for one in found],
        sorted(standings, key=lambda one: (-one.support, *_closeness(one.kind, own))),
        _unclear(known),
        known is not None and performance_managed(known),
    )


def _check(relationship: Relationship, today: date, people: Organization | None) -> None:
    if not isinstance(relationship, Relationship):
        raise InvalidValue("relationship", "must be a Relationship")
    if isinstance(today, datetime) or not isinstance(today, date):
        raise InvalidValue("today", "must be a date")
    if not isinstance(people, Organization | None):
        raise InvalidValue("people", "must be an Organization", "leave it out where there is no directory")


def _unclear(known: Life | None) -> str | None:
    """Return why it cannot be told what it is, or None."""
    if known is None or known.state.activated is None:
        return "it has not begun"
    if known.signs:
        return None
    cancelled = len(known.all(SessionCancelled))
    if not cancelled:
        return "nothing has happened since it began"
    told = "1 session was" if cancelled == 1 else f"{cancelled} sessions were"
    return f"no session was held since it began, and {told} cancelled"


def _observation(found: Evidence, kinds: list[RelationshipKind]) -> Observation:
    said = {kind.name: found.judge(kind) for kind in kinds}
    speaks_for, speaks_against = ([name for name in said if said[name] == voice] for voice in (FOR, AGAINST))
    return Observation(found.facet, found.text, speaks_for, speaks_against)


def _standing(kind: RelationshipKind, found: tuple[Evidence, ...]) -> Standing:
    said = {one.facet: one.judge(kind) for one in found}
    speaks_for, speaks_against = ([facet for facet in said if said[facet] == voice] for voice in (FOR, AGAINST))
    return Standing(kind, speaks_for, speaks_against, len(found))


def _closeness(kind: RelationshipKind, own: RelationshipKind) -> tuple[bool, bool, bool, str]:
    """Return what breaks ties: what it is called, what that was derived from, what is not derived, the name."""
    return kind.name != own.name, kind.name != own.base, kind.base is not None, kind.name
