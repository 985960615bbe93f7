"""A matching problem: who may be matched with whom, how good each pair is, how many each can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from hashlib import blake2b
from operator import index
from typing import Any, Protocol

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from devrel._records import a, as_tuple, tuple_of
from devrel.errors import InvalidValue, did_you_mean
from devrel.kinds import MENTORING, Side, Titles
from devrel.matching.constraints import Constraint
from devrel.matching.criteria import Criterion
from devrel.matching.roster import Block
from devrel.matching.table import UNIT, PairTable, Part, RuleTable, ScoreTable
from devrel.people import Enrollment, Organization, Person, enrolled_once

_EXACT = 2**53


class Objective(Enum):
    """What the best answer is."""

    COVER = "cover"
    """Serve as many recipients as possible, then fill as much of the demand as possible, then the best total."""
    SCORE = "score"
    """The best total; among equals, as many pairs as possible."""


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


def _sorted_once(_: object, attribute: Any, ids: tuple[str, ...]) -> None:
    if list(ids) != sorted(set(ids)):
        raise InvalidValue(attribute.name, "must be sorted and hold every id once")


def _as_pairs(pairs: Iterable[Iterable[str]]) -> frozenset[tuple[str, str]]:
    """Return locked pairs as a set of tuples."""
    found = frozenset(tuple(pair) for pair in pairs)
    if any(len(pair) != 2 for pair in found):
        raise InvalidValue("locked", "must be pairs (recipient, provider)")
    return found  # type: ignore[return-value]


@frozen(eq=False)
class MatchingProblem:
    """Recipients and providers, what each can take, and the scores of all pairs.

    Build one with ``from_people``, ``from_program`` or ``from_scores``. Ids are kept in sorted order, so the order
    of the input never matters.

    Attributes:
        recipients: The ids of those who want a partner, sorted.
        providers: The ids of those who offer themselves, sorted.
        demand: How many providers each recipient wants, in the order of ``recipients``.
        capacity: How many recipients each provider takes at most, in the order of ``providers``.
        minimum: How many recipients each provider takes at least.
        table: Where eligibility and scores come from.
        locked: Pairs (recipient, provider) that every answer must hold.
        objective: What the best answer is.
        seed: The seed of the tie lottery.
        titles: What the two sides are called.
    """

    recipients: tuple[str, ...] = field(converter=as_tuple, validator=[tuple_of(str), _sorted_once])
    providers: tuple[str, ...] = field(converter=as_tuple, validator=[tuple_of(str), _sorted_once])
    demand: tuple[int, ...] = field(repr=False)
    capacity: tuple[int, ...] = field(repr=False)
    minimum: tuple[int, ...] = field(repr=False)
    table: PairTable = field(repr=False)
    locked: frozenset[tuple[str, str]] = field(default=frozenset(), converter=_as_pairs)
    objective: Objective = field(default=Objective.COVER, validator=a(Objective))
    seed: int = field(default=0, validator=a(int))
    titles: Titles = field(default=MENTORING.titles, repr=False, validator=a(Titles))
    _cache: dict[str, Any] = field(init=False, factory=dict, repr=False)

    def __attrs_post_init__(self) -> None:
        known = set(self.recipients), set(self.providers)
        for recipient, provider in sorted(self.locked):
            if recipient not in known[0] or provider not in known[1]:
                raise InvalidValue("locked", f"the pair {recipient!r}, {provider!r} is not in the problem")

    @classmethod
    def from_people(
        cls,
        people: Iterable[Person] | Organization,
        enrollments: Iterable[Enrollment],
        *,
        constraints: Iterable[Constraint] = (),
        criteria: Iterable[Criterion] = (),
        titles: Titles = MENTORING.titles,
        locked: Iterable[tuple[str, str]] = (),
        objective: Objective = Objective.COVER,
        seed: int = 0,
    ) -> MatchingProblem:
        """Return the problem of the enrolled people, judged by rules.

        Args:
            people: Everybody, managers included; not all need to be enrolled.
            enrollments: Who takes part, on which side, with which capacity and demand.
            constraints: What forbids a pair; that nobody is matched with herself is always among them.
            criteria: What makes a pair good.
            titles: What the two sides are called.
            locked: Pairs (recipient, provider) to keep.
            objective: What the best answer is.
            seed: The seed of the tie lottery.

        Raises:
            InputError: For duplicate ids, missing managers and circles among the people.
            InputError: For people who are enrolled twice or not among the people.
        InvalidValue: For something that is no constraint or no criterion.
        """
        organization = people if isinstance(people, Organization) else Organization(people)
        listed = enrolled_once(enrollments, organization)
        takers = [enrollment for enrollment in listed if enrollment.takes(Side.RECIPIENT)]
        givers = [enrollment for enrollment in listed if enrollment.takes(Side.PROVIDER)]
        block = Block(
            [organization[enrollment.person] for enrollment in takers],
            [organization[enrollment.person] for enrollment in givers],
            organization,
        )
        return cls(
            recipients=[enrollment.person for enrollment in takers],
            providers=[enrollment.person for enrollment in givers],
            demand=tuple(enrollment.demand for enrollment in takers),
            capacity=tuple(enrollment.capacity.maximum for enrollment in givers),
            minimum=tuple(enrollment.capacity.minimum for enrollment in givers),
            table=RuleTable(block, _all(Constraint, constraints), _named_apart(_all(Criterion, criteria)), titles),
            locked=locked,
            objective=objective,
            seed=seed,
            titles=titles,
        )

    @classmethod
    def from_program(
        cls, program: ProblemSpec, people: Iterable[Person] | Organization, enrollments: Iterable[Enrollment]
    ) -> MatchingProblem:
        """Return the problem of a program: ``from_people`` with the program's rules, titles, objective and seed."""
        return cls.from_people(
            people,
            enrollments,
            constraints=program.constraints,
            criteria=program.criteria,
            titles=program.titles,
            objective=program.objective,
            seed=program.seed,
        )

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
        locked: Iterable[tuple[str, str]] = (),
        objective: Objective | str = Objective.COVER,
        seed: int = 0,
    ) -> MatchingProblem:
        """Return the problem of a plain array of scores.

        Args:
            scores: Shape (recipients, providers), none below 0. Whole numbers are kept exactly; other numbers are
                rounded to a millionth.
            recipients: The ids of the rows; r0, r1, ... unless given.
            providers: The ids of the columns; p0, p1, ... unless given.
            eligible: Where a pair may be matched, same shape; everywhere unless given.
            capacity: How many recipients a provider takes, one number for all or one each.
            minimum: How many a provider takes at least.
            demand: How many providers a recipient wants.
            locked: Pairs (recipient, provider) to keep.
            objective: What the best answer is.
            seed: The seed of the tie lottery.

        Raises:
            InvalidValue: For arrays of the wrong shape, scores that are negative or no numbers, duplicate ids.

        >>> MatchingProblem.from_scores([[3, 1], [2, 2]]).recipients
        ('r0', 'r1')
        """
        array = np.asarray(scores)
        if array.ndim != 2:
            raise InvalidValue("scores", "must be an array of recipients by providers")
        if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
            raise InvalidValue("scores", "must be numbers of at least 0")
        rows, columns = array.shape
        names = _ids("recipients", recipients, "r", rows), _ids("providers", providers, "p", columns)
        if both := set(names[0]) & set(names[1]):
            raise InvalidValue("providers", f"{min(both)!r} is a recipient too", "give the two sides ids of their own")
        order = np.argsort(names[0], kind="stable"), np.argsort(names[1], kind="stable")
        allowed = np.ones(array.shape, dtype=bool) if eligible is None else np.asarray(eligible, dtype=bool)
        if allowed.shape != array.shape:
            raise InvalidValue("eligible", f"must have the shape of the scores, {array.shape}")
        points, unit = _as_points(np.where(allowed, array, 0))
        grid = np.ix_(*order)
        return cls(
            recipients=sorted(names[0]),
            providers=sorted(names[1]),
            demand=_each("demand", demand, rows, order[0]),
            capacity=_each("capacity", capacity, columns, order[1]),
            minimum=_each("minimum", minimum, columns, order[1]),
            table=ScoreTable(_fixed(points[grid]), _fixed(allowed[grid]), unit),
            locked=locked,
            objective=_objective(objective),
            seed=seed,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of recipients and of providers."""
        return len(self.recipients), len(self.providers)

    @property
    def unit(self) -> int:
        """The points of a score of 1."""
        return self.table.unit

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Which pairs may be matched: a read-only (recipients, providers) array."""
        return self._judged()[0]

    @property
    def points(self) -> NDArray[np.int64]:
        """The scores in points: a read-only (recipients, providers) array."""
        return self._judged()[1]

    @property
    def row(self) -> Mapping[str, int]:
        """The position of each recipient."""
        found: Mapping[str, int] = self._once("row", lambda: {one: i for i, one in enumerate(self.recipients)})
        return found

    @property
    def column(self) -> Mapping[str, int]:
        """The position of each provider."""
        found: Mapping[str, int] = self._once("column", lambda: {one: j for j, one in enumerate(self.providers)})
        return found

    def is_eligible(self, recipient: str, provider: str) -> bool:
        """Whether two people may be matched, asked of the rules one by one and not of the array."""
        return self.table.eligible_pair(self.row[recipient], self.column[provider])

    def parts(self, recipient: str, provider: str) -> tuple[Part, ...]:
        """Return the parts of a pair's score."""
        return self.table.parts(self.row[recipient], self.column[provider])

    def lottery_keys(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Return a number for each recipient and each provider, made from the seed and the id alone."""
        return (
            np.array([_key(self.seed, "recipient", person) for person in self.recipients], dtype=np.uint64),
            np.array([_key(self.seed, "provider", person) for person in self.providers], dtype=np.uint64),
        )

    def _judged(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        def judge() -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
            eligible, points = self.table.judged()
            return _fixed(eligible), _fixed(points)

        return self._once("judged", judge)  # type: ignore[no-any-return]

    def _once(self, name: str, make: Any) -> Any:
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]


def _key(seed: int, side: str, person: str) -> int:
    key = blake2b(str(seed).encode()).digest()
    digest = blake2b(f"{side}\0{person}".encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big")


def _all(kind: Any, listed: Iterable[Any]) -> tuple[Any, ...]:
    """Return ``listed`` as a tuple; whatever is no instance of ``kind`` is refused."""
    found = tuple(listed)
    for one in found:
        if not isinstance(one, kind):
            name = one.__name__ if isinstance(one, type) else type(one).__name__
            raise InvalidValue(f"{kind.__name__}", f"{name} is none", f"give instances of {kind.__name__}")
    return found


def _named_apart(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    listed = tuple(criteria)
    names = [criterion.shown_name for criterion in listed]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InvalidValue("criteria", f"two are called {min(twice)!r}", "give each a name of its own")
    return listed


def _ids(what: str, given: Sequence[str] | None, letter: str, count: int) -> list[str]:
    names = [f"{letter}{i}" for i in range(count)] if given is None else [str(name) for name in given]
    if len(names) != count:
        raise InvalidValue(what, f"must be {count} ids, as many as the scores have")
    if len(set(names)) != count:
        raise InvalidValue(what, "must all differ")
    return names


def _objective(given: Objective | str) -> Objective:
    known = {objective.value: objective for objective in Objective}
    if isinstance(given, str) and given not in known:
        raise InvalidValue("objective", "is not known", did_you_mean(given, known))
    return Objective(given)


def _each(what: str, given: int | Sequence[int], count: int, order: NDArray[np.intp]) -> tuple[int, ...]:
    try:
        numbers = [index(number) for number in ([given] * count if np.ndim(given) == 0 else given)]  # type: ignore[union-attr,arg-type]
    except TypeError:
        numbers = [-1]
    if len(numbers) != count or any(number < 0 for number in numbers):
        raise InvalidValue(what, f"must be a whole number of at least 0, or {count} of them")
    return tuple(numbers[i] for i in order)


def _as_points(scores: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    if not bool(np.isfinite(scores).all()) or bool((scores < 0).any()):
        raise InvalidValue("scores", "must be numbers of at least 0", "shift them, or mark pairs as not eligible")
    unit = 1 if np.issubdtype(scores.dtype, np.integer) else UNIT
    if scores.size and scores.max().item() * unit >= _EXACT:
        raise InvalidValue("scores", "are too large to be exact", "divide them by a common factor")
    return np.rint(scores * unit).astype(np.int64), unit


def _fixed(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array
