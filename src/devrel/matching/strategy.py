"""The abstract base of all matching strategies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from enum import Enum
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar, final

import numpy as np
from attrs import field, frozen

from devrel._records import not_collecting
from devrel.errors import InvalidValue, UnsupportedProblem, WrongAnswer
from devrel.matching import explain
from devrel.matching.asked import judged_pairs
from devrel.matching.certificate import Bound, Certificate, Prices
from devrel.matching.feasible import refuse_impossible
from devrel.matching.groups import Group
from devrel.matching.pairs import Pair
from devrel.matching.problem import MatchingProblem
from devrel.matching.provenance import Provenance
from devrel.matching.result import Matching
from devrel.matching.verify import prove, verify
from devrel.matching.worth import Objective
from devrel.plugins import asked, origin

_DISTRIBUTION = "development-relationships"

GROUP = "devrel.strategies"
"""The entry points under which packages announce strategies."""


class Feature(Enum):
    """What a problem may ask of a strategy beyond matching one with one."""

    CAPACITY = "providers who take several"
    DEMAND = "recipients who want several"
    MINIMUM = "providers who take a minimum"
    LOCKED = "locked pairs"
    HOURS = "hours that differ between recipients"
    SCORE = "the objective 'score'"
    POOL = "a pool of peers"


def _as_given(items: Any) -> Any:
    """Return a list as a tuple; what is none stays as it is, so that ``match`` can say whose mistake it is."""
    return tuple(items) if isinstance(items, Iterable) and not isinstance(items, str) else items


class Claim(Enum):
    """What a strategy says of its answers. ``devrel.testing`` tests what is claimed and nothing else."""

    OPTIMAL = "no answer is better for the problem's objective"
    COVERING = "nobody more could be served, where the objective is to cover"
    MAXIMAL = "no two people are left who could still be paired"
    STABLE = "no two people would rather have each other, by their lists, or their scores where there are none"
    ORDER_INDEPENDENT = "neither the order of the input nor the ids decide how good the answer is"
    FAIR_TIES = "among people who are alike, each has the same chance over the seeds"
    DETERMINISTIC = "the seed decides nothing"


@frozen
class Solution:
    """What a strategy answers when it has more to say than the pairs; ``match`` refuses what does not fit.

    Attributes:
        pairs: The pairs (recipient, provider).
        groups: The circles of people, for a pool.
        certificate: What proves the answer; it is checked before the answer is returned.
        notes: Sentences about the answer, kept in the provenance.
    """

    pairs: tuple[tuple[str, str], ...] = field(converter=_as_given)
    groups: tuple[tuple[str, ...], ...] = field(default=(), converter=_as_given)
    certificate: Certificate | None = None
    notes: tuple[str, ...] = field(default=(), converter=_as_given)


class MatchingStrategy(ABC):
    """Chooses who is matched with whom. Subclass it with one method, ``solve``.

    ``match`` is final: it refuses what the strategy does not support, asks ``solve``, verifies the answer against
    the problem, and explains it. A wrong answer raises; it is never returned.

    Attributes:
        name: The name it is chosen by.
        supports: What it can handle beyond one with one.
        claims: What it promises of its answers.

    >>> class Nobody(MatchingStrategy):
    ...     name = "nobody"
    ...
    ...     def solve(self, problem):
    ...         return []
    >>> Nobody().match(MatchingProblem.from_scores([[1]])).why_unmatched("r0")
    'As a mentee: of the 1 eligible mentors, 1 with a free place were not used.'
    """

    name: ClassVar[str] = ""
    supports: ClassVar[frozenset[Feature]] = frozenset()
    claims: ClassVar[frozenset[Claim]] = frozenset()

    def __init_subclass__(cls, **rest: object) -> None:
        super().__init_subclass__(**rest)
        if cls.match is not MatchingStrategy.match:
            raise TypeError(f"{cls.__name__} overrides match(), which verifies every answer; write solve() instead")
        for name, of in (("supports", Feature), ("claims", Claim)):
            told = vars(cls).get(name, frozenset())
            if not isinstance(told, property) and not _members(told, of):
                known = ", ".join(f"{of.__name__}.{one.name}" for one in of)
                raise TypeError(f"{cls.__name__}.{name} must be a frozenset of {of.__name__}; there are {known}")

    @abstractmethod
    def solve(self, problem: MatchingProblem) -> Iterable[tuple[str, str]] | Solution:
        """Return the pairs (recipient, provider), or a ``Solution``."""

    def parameters(self) -> Mapping[str, object]:
        """Return the parameters it was made with, for the provenance."""
        return {}

    def afterwards(self) -> MatchingStrategy:
        """Return who is asked the questions about an answer: itself, but for what may be gone by then."""
        return self

    def disowns(self, problem: MatchingProblem, certificate: Certificate) -> list[str]:
        """Return what a certificate takes for granted that this strategy does not; nothing where it is its own.

        A proof holds for what it says. Here a strategy sees to it that it says what the strategy promises.
        """
        counts = isinstance(certificate, Prices | Bound) and certificate.keeping != 0
        return ["the certificate counts incumbent pairs, and the strategy does not"] if counts else []

    @final
    def match(self, problem: MatchingProblem) -> Matching:
        """Return the verified and explained matching of ``problem``.

        Raises:
            InvalidValue: For something that is no matching problem.
            UnsupportedProblem: When the problem has features that the strategy does not support.
            InfeasibleProblem: When the problem's own locked pairs or minimum loads cannot be kept.
            WrongAnswer: When the strategy's answer breaks a promise.
            BrokenExtension: When the strategy, or a rule that it asks, raises an error of another kind.
        """
        if not isinstance(problem, MatchingProblem):
            raise InvalidValue("problem", "must be a MatchingProblem", "build one, with from_people() or from_scores()")
        name = self.name or type(self).__name__
        self._refuse_unsupported(name, problem)
        refuse_impossible(problem)
        solution = self._solution(name, problem)
        pairs = sorted(problem.in_order(*pair) for pair in solution.pairs)
        groups = sorted(tuple(sorted(members)) for members in solution.groups)
        with not_collecting() if problem.large else nullcontext(), problem.asking_once(pairs):
            verify(problem, name, pairs, groups)
            explained = _explained(problem, pairs)
            prove(problem, name, pairs, solution.certificate, groups)
        own(self, problem, solution.certificate)
        return Matching(
            explained,
            explain.unmatched(problem, pairs, solution.certificate, groups),
            Provenance(
                name,
                installed_version(_DISTRIBUTION),
                dict(self.parameters()),
                problem.objective.value,
                problem.seed,
                solution.notes,
                distribution=_brought_by(type(self)),
                problem=problem,
            ),
            groups=tuple(Group.of(problem, members) for members in groups),
            certificate=solution.certificate,
            problem=problem,
            strategy=self.afterwards(),
        )

    def _solution(self, name: str, problem: MatchingProblem) -> Solution:
        def solve(problem: MatchingProblem) -> Solution:
            return _as_solution(name, self.solve(problem))  # what it gives may be a generator that breaks down

        return asked(GROUP, "strategy", self, "name", solve, problem)

    def _refuse_unsupported(self, name: str, problem: MatchingProblem) -> None:
        missing = [feature.value for feature in Feature if feature in features(problem) - self.supports]
        if missing:
            raise UnsupportedProblem(name, missing)


def _members(told: object, of: type[Enum]) -> bool:
    return isinstance(told, frozenset) and all(isinstance(one, of) for one in told)


def own(strategy: MatchingStrategy, problem: MatchingProblem, certificate: Certificate | None) -> None:
    """Raise ``WrongAnswer`` when a certificate is not what the strategy promises."""
    wrong = [] if certificate is None else strategy.disowns(problem, certificate)
    if wrong:
        raise WrongAnswer(strategy.name or type(strategy).__name__, [f"not proven: {one}" for one in wrong])


def features(problem: MatchingProblem) -> frozenset[Feature]:
    """Return what ``problem`` asks of a strategy beyond matching one with one."""
    asked = {
        Feature.CAPACITY: any(capacity > 1 for capacity in problem.capacity),
        Feature.DEMAND: any(demand > 1 for demand in problem.demand),
        Feature.MINIMUM: any(problem.minimum),
        Feature.LOCKED: bool(problem.locked),
        Feature.HOURS: any(most is not None for most in problem.budget),
        Feature.SCORE: problem.objective is Objective.SCORE,
        Feature.POOL: problem.pool,
    }
    return frozenset(feature for feature, yes in asked.items() if yes)


def _as_solution(name: str, answer: object) -> Solution:
    """Return an answer as a solution; one that is no pairs of ids is refused."""
    if isinstance(answer, Solution):
        solution = answer
    elif isinstance(answer, Iterable) and not isinstance(answer, str):
        solution = Solution(tuple(answer))
    else:
        raise WrongAnswer(name, [f"solve() gave {type(answer).__name__}; it must give pairs (recipient, provider)"])
    for field_, value in (("pairs", solution.pairs), ("groups", solution.groups), ("notes", solution.notes)):
        listed: object = value
        if not isinstance(listed, tuple):
            told = f"solve() gave a Solution whose {field_} are no list, but {type(value).__name__}"
            raise WrongAnswer(name, [f"{told}; put them into a list"])
    if not all(isinstance(note, str) for note in solution.notes):
        raise WrongAnswer(name, ["solve() gave notes that are no texts; write each as a sentence"])
    given: tuple[object, ...] = solution.pairs
    for pair in given:
        if not isinstance(pair, tuple) or len(pair) != 2 or not all(isinstance(person, str) for person in pair):
            raise WrongAnswer(name, [f"solve() gave {pair!r}; it must give pairs of ids (recipient, provider)"])
    circles: tuple[object, ...] = solution.groups
    for circle in circles:
        if not isinstance(circle, tuple) or not all(isinstance(person, str) for person in circle):
            raise WrongAnswer(name, [f"solve() gave {circle!r}; a circle must be a tuple of ids"])
    return solution


def _explained(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> tuple[Pair, ...]:
    """Return the pairs with the parts of their scores, which have to add up to what the arrays say."""
    unit, told = problem.unit, [problem.parts(*pair) for pair in pairs]
    found = [
        Pair(recipient, provider, sum(part.points for part in parts), unit, parts)
        for (recipient, provider), parts in zip(pairs, told, strict=True)
    ]
    rows = np.array([problem.row[recipient] for recipient, _ in pairs], dtype=np.intp)
    columns = np.array([problem.column[provider] for _, provider in pairs], dtype=np.intp)
    points = np.array([pair.points for pair in found], dtype=np.int64)
    for wrong in np.flatnonzero(points != judged_pairs(problem, rows, columns)[1])[:1].tolist():
        names = ", ".join(part.name for part in told[wrong])
        pair = " and ".join(map(repr, pairs[wrong]))
        raise InvalidValue("criteria", f"score and block of one of {names} disagree on {pair}", "mend the criterion")
    return tuple(found)


def _brought_by(strategy: type[MatchingStrategy]) -> str:
    """Return the package that announces a strategy, with its version; empty where none does."""
    plugin = origin(GROUP, strategy)
    return "" if plugin is None else plugin.distribution


MISSING = "unknown"
"""The version of what is not installed."""


@lru_cache(maxsize=64)
def installed_version(distribution: str) -> str:
    """Return the version of an installed distribution, or ``MISSING``; it is looked up once, as that is slow."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return MISSING
