"""A matching problem: who may be matched with whom, how good each pair is, how many each can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike, NDArray

from devrel._records import a, as_tuple, optional, tuple_of
from devrel.errors import InvalidValue
from devrel.kinds import MENTORING, Side, Titles
from devrel.matching._given import (
    all_of,
    choice_of,
    fixed,
    lot,
    named_apart,
    pairs_of,
    refuse_both,
    sorted_once,
)
from devrel.matching._numbers import each, numbers_of, seed_of
from devrel.matching._told import Told
from devrel.matching.arrays import fields_of_scores, fields_of_square
from devrel.matching.asked import Asked
from devrel.matching.block import Block
from devrel.matching.constraints import Constraint, failing
from devrel.matching.criteria import Criterion
from devrel.matching.enrolled import Time, enrolled_in, knowing, misfits, peers_in, stated, with_unspoken
from devrel.matching.pool import as_pool, either_forbids, mean_of_both
from devrel.matching.preferences import Preferences, PreferenceTable, Rankings, capacity_of, refuse_no_lists
from devrel.matching.roster import Roster
from devrel.matching.standing import NOTHING, Standing, among
from devrel.matching.table import PairTable, Part, Places, RuleTable
from devrel.matching.wishes import days_waited
from devrel.matching.worth import Objective, Worth
from devrel.people import Enrollment, Organization, Person
from devrel.relationships import Relationship

if TYPE_CHECKING:
    from devrel.matching.shortlists import Shortlists

BARRED = "a pair that was not barred"
"""What a pair fails that was taken out by hand."""

_MOST_PAIRS = 4_000_000
LARGE_PAIRS = 4_000_000
"""From so many pairs on, nothing is kept of all pairs at once."""

PairIds = tuple[str, str]

_NUMBERS = (
    ("demand", "recipient", False),
    ("capacity", "provider", False),
    ("minimum", "provider", False),
    ("minutes", "recipient", False),
    ("budget", "provider", True),
    ("priority", "recipient", False),
    ("waiting", "recipient", True),
)
"""The fields that hold a whole number for everybody of a side, and whether it may be unknown."""

_PAIRS = ("locked", "barred", "incumbent")
_NO_PAIRS: frozenset[PairIds] = frozenset()


def _later(given: Any) -> Any:
    """Take a field as it is given; it is looked at when the people are known."""
    return given


class ProblemSpec(Protocol):
    """What a matching needs to know of a program; anything with these attributes will do."""

    @property
    def titles(self) -> Titles:
        """What the two sides are called."""

    @property
    def constraints(self) -> Sequence[Constraint]:
        """What forbids a pair."""

    @property
    def criteria(self) -> Sequence[Criterion]:
        """What makes a pair good."""

    @property
    def objective(self) -> Objective:
        """What the best answer is."""

    @property
    def seed(self) -> int:
        """The seed of the tie lottery."""


@frozen(eq=False)
class MatchingProblem:
    """Recipients and providers, what each can take, and the scores of all pairs.

    Build one with ``from_people``, ``from_program``, ``from_scores``, ``from_pool`` or ``from_preferences``. Ids are
    kept in sorted order, so the order of the input never matters.

    Attributes:
        recipients: The ids of those who want a partner, sorted.
        providers: The ids of those who offer themselves, sorted.
        demand: How many providers each recipient wants, in the order of ``recipients``.
        capacity: How many recipients each provider takes at most, in the order of ``providers``.
        minimum: How many recipients each provider takes at least.
        table: Where eligibility and scores come from.
        locked: Pairs (recipient, provider) that every answer must hold.
        barred: Pairs that no answer may hold, whatever the rules say.
        incumbent: Pairs that stand already, for strategies that change as little as they can.
        minutes: How many minutes a month a partner of each recipient spends; looked at where a provider has a budget.
        budget: How many minutes a month each provider has for all her recipients; None where heads alone count.
        priority: Who is served first where not all can be: a number for each recipient, higher first.
        waiting: For how many days each recipient has waited; None where it is not known.
        objective: What the best answer is.
        seed: The seed of the tie lottery.
        titles: What the two sides are called.
        preferences: How the people rank each other, in the order of the ids; None where they stated nothing.
        pool: Whether recipients and providers are the same people, matched among themselves. Then pairs have no
            direction: they are kept as (smaller id, larger id), and ``capacity`` counts all pairs of a person.
    """

    recipients: tuple[str, ...] = field(converter=as_tuple, validator=[tuple_of(str), sorted_once])
    providers: tuple[str, ...] = field(converter=as_tuple, validator=[tuple_of(str), sorted_once])
    demand: tuple[int, ...] = field(converter=_later, repr=False)
    capacity: tuple[int, ...] = field(converter=_later, repr=False)
    minimum: tuple[int, ...] = field(converter=_later, repr=False)
    table: PairTable = field(repr=False)
    locked: frozenset[PairIds] = field(default=frozenset(), converter=_later, repr=False)
    barred: frozenset[PairIds] = field(default=frozenset(), converter=_later, repr=False)
    incumbent: frozenset[PairIds] = field(default=frozenset(), converter=_later, repr=False)
    minutes: tuple[int, ...] = field(converter=_later, repr=False)
    budget: tuple[int | None, ...] = field(converter=_later, repr=False)
    priority: tuple[int, ...] = field(converter=_later, repr=False)
    waiting: tuple[int | None, ...] = field(converter=_later, repr=False)
    objective: Objective = field(default=Objective.COVER, validator=a(Objective))
    seed: int = field(default=0, converter=seed_of)
    titles: Titles = field(default=MENTORING.titles, repr=False, validator=a(Titles))
    preferences: Preferences | None = field(default=None, repr=False, validator=optional(a(Preferences)))
    pool: bool = field(default=False, repr=False, validator=a(bool))
    _cache: dict[str, Any] = field(init=False, factory=dict, repr=False)

    @minutes.default
    def _no_minutes(self) -> tuple[int, ...]:
        return (0,) * len(self.recipients)

    @budget.default
    def _no_budget(self) -> tuple[None, ...]:
        return (None,) * len(self.providers)

    @priority.default
    def _nobody_first(self) -> tuple[int, ...]:
        return (0,) * len(self.recipients)

    @waiting.default
    def _not_known(self) -> tuple[None, ...]:
        return (None,) * len(self.recipients)

    def __attrs_post_init__(self) -> None:
        told, counts = Told(), {"recipient": len(self.recipients), "provider": len(self.providers)}
        found: dict[str, Any] = {}
        for name, side, gaps in _NUMBERS:
            given = getattr(self, name)
            found[name] = told.get((), numbers_of, name, given, counts[side], side, gaps=gaps)
        for name in _PAIRS:
            found[name] = told.get(_NO_PAIRS, pairs_of, name, getattr(self, name), self.row, self.column)
        told.refuse()
        for name, made in found.items():
            object.__setattr__(self, name, made)
        if self.preferences is not None and self.preferences.shape != self.shape:
            raise InvalidValue("preferences", f"must have the shape of the problem, {self.shape}")
        if self.pool:
            self._fit_pool()

    def __repr__(self) -> str:
        """Return how many people there are, and what is asked."""
        mine, theirs = len(self.recipients), len(self.providers)
        sides = f"{mine} recipient{'' if mine == 1 else 's'}, {theirs} provider{'' if theirs == 1 else 's'}"
        people = f"a pool of {mine}" if self.pool else sides
        return f"<MatchingProblem: {people}, objective {self.objective.value}, seed {self.seed}>"

    def _fit_pool(self) -> None:
        if self.recipients != self.providers or self.demand != self.capacity:
            raise InvalidValue("pool", "must have the same people, with the same places, on both sides")
        for name in _PAIRS:
            ordered = frozenset(self.in_order(*pair) for pair in getattr(self, name))
            object.__setattr__(self, name, ordered)  # a pair of a pool has no direction

    @classmethod
    def from_people(
        cls,
        people: Iterable[Person] | Organization | Roster,
        enrollments: Iterable[Enrollment] = (),
        *,
        constraints: Iterable[Constraint] = (),
        criteria: Iterable[Criterion] = (),
        titles: Titles = MENTORING.titles,
        locked: Iterable[PairIds] = (),
        objective: Objective = Objective.COVER,
        seed: int = 0,
        hours: float | None = None,
        standing: Standing = NOTHING,
        today: date | None = None,
    ) -> MatchingProblem:
        """Return the problem of the enrolled people, judged by rules.

        Four rules go without saying: nobody is matched with herself, nor with somebody whom one of the two excluded,
        nor, where first talks are scored, with somebody of whom one of the two said that it is not a good fit, nor,
        where ``today`` is given, with somebody who is away or gone. Preferences that are stated become those of
        the problem. A provider's hours are turned into heads where every recipient needs as many.

        Args:
            people: Everybody, managers included; not all need to be enrolled. A ``Roster`` says itself who takes part.
            enrollments: Who takes part, on which side, with which capacity and demand; none for a roster.
            constraints: What forbids a pair; that nobody is matched with herself is always among them.
            criteria: What makes a pair good.
            titles: What the two sides are called.
            locked: Pairs (recipient, provider) to keep.
            objective: What the best answer is.
            seed: The seed of the tie lottery.
            hours: How many hours a month a pair takes where the recipient's enrolment does not say it.
            standing: What relationships that exist already mean; only the hours they take are looked at here.
            today: The day on which absences and waiting times are looked at; None to look at none.

        Raises:
            InputError: For duplicate ids, missing managers and circles among the people.
            InputError: For people who are enrolled twice or not among the people.
            InvalidValue: For something that is no constraint or no criterion, and for enrolments beside a roster.

        >>> from devrel.matching import AboveInLevel
        >>> roster = Roster.from_table({"id": ["ann", "bo"], "role": ["recipient", "provider"], "level": [2, 4]})
        >>> MatchingProblem.from_people(roster, constraints=[AboveInLevel()]).eligible.tolist()
        [[True]]
        """
        roster, organization = enrolled_in(people, enrollments)
        takers, givers = roster.taking(Side.RECIPIENT), roster.taking(Side.PROVIDER)
        scored = named_apart(all_of(Criterion, criteria))
        rules = with_unspoken(all_of(Constraint, constraints), roster, today, scored)
        time = Time.of(takers, givers, hours, standing)
        block = Block(takers, givers, organization, today=today)
        return cls(
            recipients=takers.ids,
            providers=givers.ids,
            demand=takers.whole("demand"),
            capacity=time.capacity,
            minimum=givers.whole("minimum"),
            table=RuleTable(block, rules, scored, titles),
            locked=locked,
            minutes=time.minutes,
            budget=time.budget,
            priority=takers.whole("rematch"),
            waiting=[days_waited(since, today) for since in takers.fact("waiting_since").list()],
            preferences=stated(takers, givers),
            objective=objective,
            seed=seed,
            titles=titles,
        )

    @classmethod
    def from_program(
        cls,
        program: ProblemSpec,
        people: Iterable[Person] | Organization | Roster,
        enrollments: Iterable[Enrollment] = (),
        *,
        existing_relationships: Iterable[Relationship] = (),
        today: date | None = None,
        rematch: bool = False,
        pool: bool = False,
    ) -> MatchingProblem:
        """Return the problem of a program: ``from_people`` with the program's rules, titles, objective and seed.

        Relationships that exist already count. Those of this program, proposed ones too, take the places of their
        people; with ``rematch`` they become the incumbent pairs instead, and may be parted. Nobody is matched once more
        with somebody she is together with elsewhere, or with whom it was ended for conduct or for want of fit. Hours
        given to relationships of any program are gone. Recipients whose partner left come first.

        Args:
            program: The rules; the name, where it has one, tells which relationships are of this program, and
                ``hours_a_month`` and ``places_at_most``, where it has them, what a pair takes and a provider may take.
            people: Everybody, managers included. A ``Roster`` says itself who takes part.
            enrollments: Who takes part; none for a roster.
            existing_relationships: Every relationship of these people that the platform knows, ended ones too.
            today: The day on which waiting times and absences are looked at; None to look at none.
            rematch: Whether live pairs of this program may change.
            pool: Whether the people are one pool, matched among themselves (``from_pool``): for a mutual kind.

        Raises:
            InputError: For people who are enrolled twice or not among the people, and circles in the reporting lines.
            InvalidValue: For two relationships with one id.
        """
        standing = Standing.of(existing_relationships, getattr(program, "name", None), rematch=rematch)
        rules, scored = knowing(program.constraints, standing), program.criteria
        known = peers_in(people, enrollments) if pool else (people, enrollments)
        problem = cls.from_people(
            *known,
            constraints=either_forbids([*rules, *misfits(scored)]) if pool else rules,
            criteria=mean_of_both(scored) if pool else scored,
            titles=program.titles,
            objective=program.objective,
            seed=program.seed,
            hours=getattr(program, "hours_a_month", None),
            standing=standing,
            today=today,
        )
        if (most := getattr(program, "places_at_most", None)) is not None:
            problem = problem.with_changes(capacity=tuple(min(places, most) for places in problem.capacity))
        return among(as_pool(problem) if pool else problem, standing, rematch=rematch)

    @classmethod
    def from_scores(
        cls,
        scores: ArrayLike,
        *,
        recipients: Sequence[str] | None = None,
        providers: Sequence[str] | None = None,
        eligible: ArrayLike | None = None,
        capacity: int | Sequence[int] = 1,
        minimum: int | Sequence[int] = 0,
        demand: int | Sequence[int] = 1,
        locked: Iterable[PairIds] = (),
        incumbent: Iterable[PairIds] = (),
        objective: Objective | str = Objective.COVER,
        seed: int = 0,
    ) -> MatchingProblem:
        """Return the problem of a plain array of scores.

        Args:
            scores: Shape (recipients, providers), none below 0. Whole numbers are kept exactly; of other numbers as
                many decimals as leave every sum exact, up to twelve significant digits, with room for later changes:
                somebody may want more partners, and an incumbent pair may be worth keeping.
            recipients: The ids of the rows; r0, r1, ... unless given.
            providers: The ids of the columns; p0, p1, ... unless given.
            eligible: Where a pair may be matched, same shape; everywhere unless given.
            capacity: How many recipients a provider takes, one number for all or one each.
            minimum: How many a provider takes at least.
            demand: How many providers a recipient wants.
            locked: Pairs (recipient, provider) to keep.
            incumbent: Pairs that stand already.
            objective: What the best answer is.
            seed: The seed of the tie lottery.

        Raises:
            InvalidValue: For arrays of the wrong shape, scores that are negative or no numbers, duplicate ids.
            InputError: Where several things are wrong beside the shape of the scores; all of them are told.

        >>> MatchingProblem.from_scores([[3, 1], [2, 2]]).recipients
        ('r0', 'r1')
        """
        given = fields_of_scores(
            scores, recipients, providers, eligible, capacity, minimum, demand, locked, incumbent, objective, seed
        )
        return cls(**given)

    @classmethod
    def from_pool(
        cls,
        people: Iterable[Person] | Organization | Roster = (),
        enrollments: Iterable[Enrollment] = (),
        *,
        constraints: Iterable[Constraint] = (),
        criteria: Iterable[Criterion] = (),
        titles: Titles = MENTORING.titles,
        today: date | None = None,
        scores: ArrayLike | None = None,
        ids: Sequence[str] | None = None,
        eligible: ArrayLike | None = None,
        capacity: int | Sequence[int] = 1,
        locked: Iterable[PairIds] = (),
        objective: Objective | str = Objective.COVER,
        seed: int = 0,
    ) -> MatchingProblem:
        """Return the problem of one pool, whose people are matched among themselves.

        It is made either of people and their enrolments, or of a square array of scores. Two people may be matched
        when both directions are allowed, each of them once as the recipient; their score is the mean of the two.

        Args:
            people: Everybody, managers included. A ``Roster`` says itself who takes part.
            enrollments: Who takes part; none for a roster. The role does not matter; somebody who stands on both sides
                takes as many partners as she does on the side on which she takes fewer.
            constraints: What forbids a pair, asked in both directions.
            criteria: What makes a pair good; each gives the mean of both directions.
            titles: What the two sides are called, for the names of rules.
            today: The day on which absences and waiting times are looked at; None to look at none.
            scores: Instead of people: shape (people, people), none below 0. The diagonal is not looked at.
            ids: The ids of the rows and columns of ``scores``; p0, p1, ... unless given.
            eligible: Where a pair may be matched, same shape; everywhere unless given.
            capacity: How many partners each takes, one number for all or one each; for ``scores``.
            locked: Pairs to keep.
            objective: What the best answer is.
            seed: The seed of the tie lottery.

        Raises:
            InputError: For duplicate ids, people who are enrolled twice or not among the people.
            InputError: Where several things are wrong beside the shape of the scores; all of them are told.
            InvalidValue: For people and scores together, and for arrays that are not square or not numbers.

        >>> pool = MatchingProblem.from_pool(scores=[[0, 3, 1], [2, 0, 4], [1, 4, 0]])
        >>> pool.recipients, (pool.points / pool.unit).tolist()
        (('p0', 'p1', 'p2'), [[0.0, 2.5, 1.0], [2.5, 0.0, 4.0], [1.0, 4.0, 0.0]])
        """
        scored = tuple(criteria)
        if scores is None:
            problem = cls.from_people(
                *peers_in(people, enrollments),
                constraints=either_forbids([*constraints, *misfits(scored)]),
                criteria=mean_of_both(scored),
                titles=titles,
                objective=choice_of(Objective, "objective", objective),
                seed=seed,
                today=today,
            )
            return as_pool(problem).with_changes(locked=locked)
        if people or enrollments or constraints or scored:
            raise InvalidValue("scores", "are given together with people or rules", "give the one or the other")
        return cls(**fields_of_square(scores, ids, eligible, capacity, locked, objective, seed))

    @classmethod
    def from_preferences(
        cls,
        recipients: Rankings,
        providers: Rankings,
        *,
        capacity: int | Sequence[int] | Mapping[str, int] = 1,
        seed: int = 0,
    ) -> MatchingProblem:
        """Return the problem of people who rank each other.

        Two people may be matched when each lists the other. The score of a pair is the mean of two shares: the best
        of ``n`` people on a list has the share 1, the next ``1 - 1/n``, the last ``1/n``.

        Args:
            recipients: For every recipient the ids of providers, best first; a tuple, list or set of ids among them
                is a tie. Whoever is not listed is not acceptable.
            providers: The same for every provider.
            capacity: How many recipients a provider takes: one number for all, one each in the order of
                ``providers``, or by id.
            seed: The seed of the tie lottery.

        Raises:
            InputError: With every list that names unknown ids, an id twice or its owner, or is no list of ids; and
                where several other things are wrong.
            InvalidValue: For an id on both sides, or capacities that are no whole numbers.

        >>> problem = MatchingProblem.from_preferences(
        ...     {"ann": ["cy", "di"], "bo": [("cy", "di")]}, {"cy": ["bo", "ann"], "di": ["ann"]}
        ... )
        >>> problem.eligible.tolist()
        [[True, True], [True, False]]
        """
        refuse_no_lists(recipients, providers)
        told = Told()
        told.get(None, refuse_both, recipients, providers)
        none = np.zeros((len(recipients), len(providers)), dtype=np.int64)
        stated = told.get(Preferences(none, none), Preferences.from_rankings, recipients, providers)
        order = np.array(sorted(range(len(providers)), key=list(map(str, providers)).__getitem__), dtype=np.intp)
        places = told.get((0,) * len(providers), _places, capacity, providers, order)
        lottery = told.get(0, seed_of, seed)
        told.refuse()
        return cls(
            recipients=sorted(recipients),
            providers=sorted(providers),
            demand=(1,) * len(recipients),
            capacity=places,
            minimum=(0,) * len(providers),
            table=PreferenceTable.of(stated),
            seed=lottery,
            preferences=stated,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of recipients and of providers."""
        return len(self.recipients), len(self.providers)

    @property
    def large(self) -> bool:
        """Whether there are so many pairs that arrays of all of them are not made."""
        return self.shape[0] * self.shape[1] > LARGE_PAIRS

    @property
    def unit(self) -> int:
        """The points of a score of 1."""
        return self.table.unit

    @property
    def private(self) -> bool:
        """Whether sensitive data take part in the scores, so that no exact score may be shown."""
        return self.table.private

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Which pairs may be matched: a read-only (recipients, providers) array."""
        return self._judged()[0]

    @property
    def points(self) -> NDArray[np.int64]:
        """The scores in points: a read-only (recipients, providers) array."""
        return self._judged()[1]

    @cached_property
    def row(self) -> Mapping[str, int]:
        """The position of each recipient."""
        return {one: i for i, one in enumerate(self.recipients)}

    @cached_property
    def column(self) -> Mapping[str, int]:
        """The position of each provider."""
        return {one: j for j, one in enumerate(self.providers)}

    def blocks(self, pairs: int = _MOST_PAIRS) -> Iterator[tuple[slice, NDArray[np.bool_], NDArray[np.int64]]]:
        """Yield all recipients in slices, each with which of her pairs are eligible, and the points of all.

        Args:
            pairs: So many pairs go into a block at most, but for the pairs of a single recipient.
        """
        rows, columns = self.shape
        step = max(1, pairs // max(columns, 1))
        for start in range(0, rows, step):
            part = slice(start, min(start + step, rows))
            if "judged" in self._cache:
                yield part, self.eligible[part], self.points[part]
            else:
                yield part, *self._judge(part.start, part.stop)

    def judged_at(self, rows: Places, columns: Places) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which pairs of some recipients and some providers are eligible, and the points of all.

        Of a large problem nothing else is looked at.

        Args:
            rows: The positions of the recipients, each once.
            columns: The positions of the providers, each once.

        >>> problem = MatchingProblem.from_scores([[3, 1, 5], [2, 2, 4]])
        >>> problem.judged_at(np.array([1]), np.array([2, 0]))[1].tolist()
        [[4, 2]]
        """
        if "judged" in self._cache or not self.large:
            grid = np.ix_(rows, columns)
            return self.eligible[grid], self.points[grid]
        eligible, points = self.table.judged_at(rows, columns)
        return self._without_barred(eligible, rows, columns), points

    def worth(self, price: int = 0) -> Worth:
        """Return the gains that stand for the problem's objective.

        Args:
            price: The points that breaking an incumbent pair costs.
        """
        found: Worth = self._once(
            f"worth {price}",
            lambda: Worth.of(
                self.objective,
                demand=self.demand,
                capacity=self.capacity,
                greatest=self.table.greatest,
                priority=self.priority,
                price=price,
            ),
        )
        return found

    @property
    def locked_at(self) -> tuple[Places, Places]:
        """The positions of the recipients and of the providers of the locked pairs."""
        return self._once("locked", lambda: self._positions(self.locked))  # type: ignore[no-any-return]

    @property
    def incumbent_at(self) -> tuple[Places, Places]:
        """The positions of the recipients and of the providers of the incumbent pairs."""
        return self._once("incumbent", lambda: self._positions(self.incumbent))  # type: ignore[no-any-return]

    def _positions(self, pairs: Iterable[PairIds]) -> tuple[Places, Places]:
        listed = sorted(pairs)
        return (
            fixed(np.array([self.row[recipient] for recipient, _ in listed], dtype=np.intp)),
            fixed(np.array([self.column[provider] for _, provider in listed], dtype=np.intp)),
        )

    def in_order(self, recipient: str, provider: str) -> PairIds:
        """Return a pair as it is kept: of a pool, the smaller id comes first."""
        return (min(recipient, provider), max(recipient, provider)) if self.pool else (recipient, provider)

    def forbidden_by(self, recipient: str, provider: str) -> tuple[str, ...]:
        """Return the titles of the rules that forbid a pair, asked one by one and not of the array."""
        barred = (BARRED,) if self.in_order(recipient, provider) in self.barred else ()
        return (*barred, *self.asked.forbidden_by(self.row[recipient], self.column[provider]))

    def reasons(self, recipient: str, provider: str) -> tuple[str, ...]:
        """Return why a pair is forbidden, in the words of each rule that forbids it."""
        barred = (failing(BARRED),) if self.in_order(recipient, provider) in self.barred else ()
        return (*barred, *self.table.reasons(self.row[recipient], self.column[provider]))

    def is_eligible(self, recipient: str, provider: str) -> bool:
        """Whether two people may be matched, asked of the rules one by one and not of the array."""
        return not self.forbidden_by(recipient, provider)

    def parts(self, recipient: str, provider: str) -> tuple[Part, ...]:
        """Return the parts of a pair's score."""
        return self.asked.parts(self.row[recipient], self.column[provider])

    @property
    def asked(self) -> PairTable | Asked:
        """Who is asked about single pairs."""
        return self._cache.get("asked", self.table)  # type: ignore[no-any-return]

    @contextmanager
    def asking_once(self, pairs: Iterable[PairIds]) -> Iterator[None]:
        """While it lasts, ask the rules once about each of ``pairs`` (recipient, provider), and not ever again."""
        known = [(self.row[r], self.column[p]) for r, p in pairs if r in self.row and p in self.column]
        self._cache["asked"] = Asked.of(self.table, known)
        try:
            yield
        finally:
            self._cache.pop("asked", None)

    def shortlist(self, k: int, most: int | None = None) -> Shortlists:
        """Return the ``k`` best candidates of every recipient, such that nobody is advertised to everyone.

        Args:
            k: How long a list is at most.
            most: On how many lists a provider stands at most; k times her capacity unless given.

        Raises:
            InvalidValue: For a length or a limit out of range.
        """
        from devrel.matching.shortlists import shortlists

        return shortlists(self, k, most)

    def with_changes(self, **changes: Any) -> MatchingProblem:
        """Return the problem with some of its fields changed; what was judged is kept where it stays true."""
        new = evolve(self, **changes)
        if "judged" in self._cache and not changes.keys() & {"table", "barred", "recipients", "providers"}:
            new._cache["judged"] = self._cache["judged"]
        return new

    def lottery_keys(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Return a number for each recipient and each provider, made from the seed and the id alone."""
        return (
            np.array([lot(self.seed, "recipient", person) for person in self.recipients], dtype=np.uint64),
            np.array([lot(self.seed, "provider", person) for person in self.providers], dtype=np.uint64),
        )

    @property
    def fingerprint(self) -> str:
        """A hash of all that an answer depends on, the same whatever order the input came in."""
        from devrel.matching.fingerprint import fingerprint_of

        return self._once("fingerprint", lambda: fingerprint_of(self))  # type: ignore[no-any-return]

    def _judged(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        def judge() -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
            eligible = np.ones(self.shape, dtype=np.bool_)
            points = np.zeros(self.shape, dtype=np.int64)
            for part, allowed, scored in self.blocks():
                eligible[part], points[part] = allowed, scored
            return fixed(eligible), fixed(points)

        return self._once("judged", judge)  # type: ignore[no-any-return]

    def _judge(self, start: int, stop: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        eligible, points = self.table.judged(start, stop)
        return self._without_barred(eligible, np.arange(start, stop), np.arange(self.shape[1])), points

    def _without_barred(self, eligible: NDArray[np.bool_], rows: Places, columns: Places) -> NDArray[np.bool_]:
        """Return which pairs of a block are eligible, with those that were taken out by hand."""

        def made() -> tuple[Places, Places]:
            pairs = [*self.barred, *((p, r) for r, p in self.barred if self.pool)]
            down, across = [self.row[r] for r, _ in pairs], [self.column[p] for _, p in pairs]
            return np.array(down, dtype=np.intp), np.array(across, dtype=np.intp)

        if not self.barred:
            return eligible
        down, across = self._once("barred", made)
        places = np.full(self.shape[0], -1), np.full(self.shape[1], -1)
        places[0][rows], places[1][columns] = np.arange(len(rows)), np.arange(len(columns))
        inside = (places[0][down] >= 0) & (places[1][across] >= 0)
        eligible = eligible.copy()
        eligible[places[0][down[inside]], places[1][across[inside]]] = False
        return eligible

    def _once(self, name: str, make: Any) -> Any:
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]


def _places(given: Any, providers: Rankings, order: NDArray[np.intp]) -> tuple[int, ...]:
    return each("capacity", capacity_of(given, providers), len(providers), order)
