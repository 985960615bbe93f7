"""Whom in a team to talk to about which kind: the challenge of the month, with nobody left out (culture-wizard)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from devrel._display import html_table, text_table
from devrel._records import a, as_tuple, filled_text, tuple_of
from devrel.errors import InputError, Problem, did_you_mean
from devrel.kinds import BASE_KINDS, RelationshipKind
from devrel.needs.aspects import Aspect, share
from devrel.needs.need import CareerStage, Need
from devrel.needs.recommendation import Fit, known_once, recommend
from devrel.needs.referrals import Referral
from devrel.people import Person
from devrel.relationships import Relationship

_BUSY = Aspect("relationships", "already in a relationship, so others come first", "culture-wizard")
_UNKNOWN = Aspect("need", "nothing is known yet: ask first what is hoped for", "smart-meetings")


@frozen
class Talk:
    """One person to talk to, about which kind, and why.

    Attributes:
        person: The person's id.
        kind: The kind that fits best.
        fit: How well it fits, from 0 to 1.
        reasons: What speaks for the talk, each with its source.
        remote: Whether the person works remotely.
        busy: Whether the person is in a relationship that is not over.
        referrals: Whom else the person should turn to. For that person's eyes: no repr, text or table shows them.

    >>> from devrel.people import Person
    >>> screen([Person("p1", attributes={"career_stage": "middle"})]).talks[0]
    Talk(person='p1', kind=coaching, fit=1.0, remote=False, busy=False)
    """

    person: str = field(validator=filled_text)
    kind: RelationshipKind = field(repr=str, validator=a(RelationshipKind))
    fit: float = field(validator=share)
    reasons: tuple[Aspect, ...] = field(repr=False, converter=as_tuple, validator=tuple_of(Aspect))
    remote: bool = field(default=False, validator=a(bool))
    busy: bool = field(default=False, validator=a(bool))
    referrals: tuple[Referral, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(Referral))


@frozen(repr=False)
class Screening:
    """Whom in a team to talk to: those without a relationship first, then by fit, remote people first among equals.

    Attributes:
        talks: One talk a person.

    >>> from devrel.people import Person
    >>> screen([Person("p1", attributes={"remote": True}), Person("p2")])
    <Screening: 2 people, 1 of them remote>
    """

    talks: tuple[Talk, ...] = field(converter=as_tuple, validator=tuple_of(Talk))

    @property
    def total(self) -> int:
        """The number of people."""
        return len(self.talks)

    @property
    def remote(self) -> int:
        """The number of remote people."""
        return sum(talk.remote for talk in self.talks)

    @property
    def remote_share(self) -> float | None:
        """The share of remote people among those to talk to, from 0 to 1; None where there is nobody."""
        return self.remote / self.total if self.talks else None

    @property
    def _summary(self) -> str:
        return f"{self.total} {'person' if self.total == 1 else 'people'}, {self.remote} of them remote"

    @property
    def _rows(self) -> list[list[str]]:
        return [
            [
                talk.person,
                talk.kind.name,
                f"{talk.fit:.2f}",
                "yes" if talk.remote else "no",
                "; ".join(map(str, talk.reasons)),
            ]
            for talk in self.talks
        ]

    def to_text(self, width: int = 100) -> str:
        """Return the talks as a table, ``width`` columns wide at most; it shows no referral."""
        return f"{text_table(_HEADER, self._rows, width=width)}\n\n{self._summary}"

    def __str__(self) -> str:
        """Return the talks as plain text."""
        return self.to_text()

    def __repr__(self) -> str:
        """Return the numbers alone."""
        return f"<Screening: {self._summary}>"

    def _repr_html_(self) -> str:
        return html_table(_HEADER, self._rows, caption=f"Whom to talk to ({self._summary})")


_HEADER = ("person", "talk about", "fit", "remote", "reasons")


def screen(
    people: Iterable[Person],
    *,
    needs: Mapping[str, Need] | None = None,
    relationships: Iterable[Relationship] = (),
    remote: str = "remote",
    career_stage: str = "career_stage",
    kinds: Iterable[RelationshipKind] = BASE_KINDS,
) -> Screening:
    """Return whom in a team to talk to about which kind, remote people as much as any (culture-wizard).

    Nobody is left out: somebody who is in a relationship already comes after the others, and somebody of whom
    nothing is known is to be asked first.

    Args:
        people: The people of the team.
        needs: The stated needs by id of the person; the need of everybody else is read from the attributes below.
        relationships: The relationships there are; those that are over do not count.
        remote: The name of the attribute that says whether somebody works remotely (true or false).
        career_stage: The name of the attribute with the career stage (early, middle, late); other texts are ignored.
        kinds: The kinds to choose from.

    Raises:
        InputError: Naming every id that two people have, every need of nobody with the nearest id, and every need
            that is none.
        InvalidValue: When two different kinds have one name.
        DevrelError: When no kind is given.

    >>> from devrel.needs import Ask
    >>> team = [Person("p1"), Person("p2", attributes={"remote": True})]
    >>> [(talk.person, talk.kind.name) for talk in screen(team, needs={"p1": Need(ask=Ask.GOAL)}).talks]
    [('p1', 'coaching'), ('p2', 'mentoring')]
    """
    team, wanted, known = tuple(people), dict(needs or {}), known_once(kinds)
    problems = _problems(team, wanted)
    if problems:
        raise InputError(problems)
    taken = {party.person for one in relationships if not one.stage.final for party in one.parties}
    talks = [
        _talk(person, _need_of(person, wanted.get(person.id, _read(person, career_stage)), remote), taken, known)
        for person in team
    ]
    return Screening(sorted(talks, key=lambda talk: (talk.busy, -talk.fit, not talk.remote, talk.person)))


def _problems(team: tuple[Person, ...], needs: Mapping[str, Need]) -> list[Problem]:
    ids = Counter(person.id for person in team)
    twice = [
        Problem(f"the id {one!r} is used twice", "Give every person one id and one entry.")
        for one in sorted(ids)
        if ids[one] > 1
    ]
    unknown = [
        Problem(f"there is a need of {one!r}, who is not among the people", did_you_mean(one, ids))
        for one in sorted(set(needs) - set(ids))
    ]
    wrong = [
        Problem(f"the need of {one!r} is not a Need", "Make it with Need(...).")
        for one in sorted(needs)
        if not isinstance(needs[one], Need)
    ]
    return [*twice, *unknown, *wrong]


def _read(person: Person, career_stage: str) -> Need:
    value = person.get(career_stage)
    text = value.strip().casefold() if isinstance(value, str) else None
    return Need(career_stage=next((stage for stage in CareerStage if stage.value == text), None))


def _need_of(person: Person, need: Need, remote: str) -> Need:
    """Return the need of somebody who is remote if it says so or the person's attribute does."""
    return evolve(need, remote=True) if person.get(remote) is True else need


def _talk(person: Person, need: Need, taken: set[str], kinds: tuple[RelationshipKind, ...]) -> Talk:
    advice = recommend(need, kinds)
    busy = person.id in taken
    reasons = [_BUSY] * busy + [_UNKNOWN] * evolve(need, remote=False).empty + list(_spoken(advice.best))
    return Talk(person.id, advice.best.kind, advice.best.fit, reasons, need.remote, busy, advice.referrals)


def _spoken(best: Fit) -> tuple[Aspect, ...]:
    """Return what speaks for the best kind; where nothing does, what speaks against it."""
    return best.speaks_for or best.speaks_against
