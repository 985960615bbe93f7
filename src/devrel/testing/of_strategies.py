"""The checks of a matching strategy: those that hold for all, and those for what it claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from inspect import Parameter, signature

from attrs import evolve, field, fields, frozen

from devrel.errors import DevrelError, InvalidValue
from devrel.matching.preferences import Unlisted
from devrel.matching.problem import MatchingProblem
from devrel.matching.stability import NoBlockingPair
from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution, features
from devrel.matching.worth import Objective
from devrel.testing import promises
from devrel.testing.checking import Check, Examples, once, run_all, search, with_excuses
from devrel.testing.crowds import crowds, pool_of, uneven
from devrel.testing.drafts import Draft, Pairs
from devrel.testing.drawing import drafts
from devrel.testing.promises import told

_ALONE = (Draft((), (), (), ()), Draft((), (1, 1), (0, 0), ()), Draft(((), ()), (), (), (1, 1)))
_NOBODY_ELIGIBLE = Draft(((None, None), (None, None)), (1, 1), (0, 0), (1, 1))
_POOLS = (Draft((), (), (), (), pool=True), Draft(((None,),), (1,), (0,), (1,), pool=True))
_STRANGERS = Draft(((None, None), (None, None)), (1, 1), (0, 0), (1, 1), pool=True)
_FOUR = Draft(((None,) * 4,) * 4, (1,) * 4, (0,) * 4, (1,) * 4, pool=True)
_TWO = Draft(((1,), (0,)), (1,), (0,), (1, 1))
_KNOWN = (
    *(  # the best pair is not part of the answer that serves most
        Draft(((5, 1), (2, None)), (1, 1), (0, 0), (1, 1), objective=objective) for objective in Objective
    ),
    *(  # who comes first has the lower score, or the lower lot
        evolve(_TWO, scores=scores, priority=priority)
        for scores, priority in ((((1,), (0,)), (0, 1)), (((0,), (0,)), (0, 1)), (((0,), (0,)), (1, 0)))
    ),
    *(  # the total and the pairs are equal whoever gets a second partner
        Draft(((1, 1), (1, 1)), (1, 1), (0, 0), (2, 1), objective=Objective.SCORE, seed=seed) for seed in range(4)
    ),
    # who is together is not the best pair
    Draft(((1, 2),), (1, 1), (0, 0), (1,), incumbent=((0, 0),)),
    *(  # there are hours for one of two, or for none
        evolve(_TWO, capacity=(2,), minutes=(60, 30), budget=(most,)) for most in (60, 0)
    ),
    # the one whom both would rather have is not the one with the higher score
    Draft(((1, 0),), (1, 1), (0, 0), (1,), lists=(((1, 0),), ((0,), (0,)))),
    *(  # the best pair stands between two others
        evolve(
            _FOUR,
            scores=((None, 1, None, None), (1, None, 5, None), (None, 5, None, 1), (None, None, 1, None)),
            objective=objective,
        )
        for objective in Objective
    ),
    # who comes first stands between two others
    evolve(_FOUR, scores=((None, 1, 1, None), (1, None, None, 1), (1, None, None, None), (None, 1, None, None))),
)
_PROBLEMS = 200


def check_strategy(
    strategy: type[MatchingStrategy] | MatchingStrategy, *, excused: Mapping[str, str] | None = None
) -> None:
    """Run all checks of a strategy, those of its claims included.

    Args:
        strategy: The class, where it is made without arguments, or a strategy.
        excused: Why a check need not hold, by the name of the check.

    Raises:
        AssertionError: With everything that was found, each with the smallest problem that shows it.
        InvalidValue: For an excuse without a reason, or of no check.

    >>> from devrel.matching import GreedyMatching
    >>> check_strategy(GreedyMatching)
    """
    run_all(strategy_checks(strategy, excused=excused))


def strategy_checks(
    strategy: type[MatchingStrategy] | MatchingStrategy, *, excused: Mapping[str, str] | None = None
) -> Iterator[Check]:
    """Yield the checks of a strategy; see ``check_strategy``."""
    made = strategy() if isinstance(strategy, type) else strategy
    if not isinstance(made, MatchingStrategy):
        raise InvalidValue("strategy", "is no MatchingStrategy", "give a subclass, or a strategy")
    subject = _Subject(made)
    name = made.name or type(made).__name__
    runs = subject.universal() | subject.claimed()
    checks = [Check(title, name, run) for title, run in runs.items()]
    return with_excuses(checks, excused or {})


@frozen
class _Answer:
    """What a strategy answered.

    Attributes:
        pairs: The pairs by position.
        wrong: What is wrong with its form; then there are no pairs to judge.
        unlisted: What it takes it to mean not to be listed, as its certificate says.
        changed: What of the problem is no longer as it was.
    """

    pairs: tuple[tuple[int, int], ...]
    wrong: str = ""
    unlisted: Unlisted = Unlisted.AFTER
    changed: tuple[str, ...] = ()


def _answer(strategy: MatchingStrategy, draft: Draft) -> _Answer:
    problem = draft.problem()
    before = _seen(problem)
    found: object = strategy.solve(problem)
    read = _read(found, draft, problem)
    return evolve(read, changed=tuple(name for name, value in _seen(problem).items() if value != before[name]))


def _read(found: object, draft: Draft, problem: MatchingProblem) -> _Answer:
    listed: object = found.pairs if isinstance(found, Solution) else found
    if isinstance(listed, str) or not hasattr(listed, "__iter__"):
        return _Answer((), f"it answers with {type(listed).__name__}, and not with pairs")
    pairs = []
    for pair in listed:
        if not isinstance(pair, tuple) or len(pair) != 2 or pair[0] not in problem.row or pair[1] not in problem.column:
            return _Answer((), f"it answers with {pair!r}, and not with (recipient, provider) of the problem")
        pairs.append(draft.in_order(int(pair[0][1:]), int(pair[1][1:])))
    return _Answer(tuple(sorted(pairs)), unlisted=_unlisted(found))


def _unlisted(found: object) -> Unlisted:
    """Return what an answer takes it to mean not to be listed; the scores rank those people unless it says else."""
    proof = found.certificate if isinstance(found, Solution) else None
    return (proof.unlisted if isinstance(proof, NoBlockingPair) else None) or Unlisted.AFTER


@frozen(eq=False)
class _Subject:
    """A strategy under check, with what it answered so far: one answer serves many checks."""

    strategy: MatchingStrategy
    answers: dict[Draft, _Answer] = field(factory=dict, repr=False)

    def answer(self, draft: Draft) -> _Answer:
        """Return what it answers to a problem, or answered before."""
        if draft not in self.answers:
            self.answers[draft] = _answer(self.strategy, draft)
        return self.answers[draft]

    @property
    def pools(self) -> bool:
        """Whether it is for pools; then it is asked about pools and nothing else."""
        return Feature.POOL in self.strategy.supports

    def universal(self) -> dict[str, Callable[[], None]]:
        """Return what holds for every strategy, as far as it supports what is asked."""
        every = {
            # The first, as it asks twice: the others judge what it was answered.
            "answers the same every time": self._search(self._same),
            "answers in pairs of ids": self._search(lambda draft: self.answer(draft).wrong),
            "pairs only who is eligible": self._on_pairs(promises.eligible),
            "keeps capacities": self._on_pairs(promises.capacities),
            "keeps demands": self._on_pairs(promises.demands),
            "pairs nobody twice": self._on_pairs(promises.twice),
            "leaves the problem as it was": self._search(self._untouched),
            "signs its answers": once(self._signed),
            "answers when a side is empty": once(self._alone),
        }
        if Feature.MINIMUM in self.strategy.supports:
            every["keeps minimums"] = self._on_pairs(promises.minimums)
        if Feature.LOCKED in self.strategy.supports:
            every["keeps locked pairs"] = self._on_pairs(promises.locks)
        if Feature.HOURS in self.strategy.supports:
            every["keeps hours"] = self._on_pairs(promises.hours)
        return every

    def claimed(self) -> dict[str, Callable[[], None]]:
        """Return what holds for a strategy that claims it."""
        known = {
            Claim.OPTIMAL: ("claims to be optimal", self._sound(promises.optimal)),
            Claim.COVERING: ("claims to serve as many as can be", self._sound(promises.covering)),
            Claim.MAXIMAL: ("claims to leave no pair", self._sound(promises.maximal)),
            Claim.STABLE: (
                "claims to be stable",
                self._sound(promises.stable, Feature.LOCKED, Feature.MINIMUM, Feature.HOURS),
            ),
            Claim.ORDER_INDEPENDENT: ("claims not to look at order or ids", self._search(self._independent)),
            Claim.FAIR_TIES: ("claims fair ties", once(self._fair)),
            Claim.DETERMINISTIC: ("claims not to need the seed", self._search(self._seedless)),
        }
        return {title: run for claim, (title, run) in known.items() if claim in self.strategy.claims}

    def _search(self, judge: Callable[[Draft], str], *but: Feature) -> Callable[[], None]:
        return search(_drawn(self.strategy.supports - set(but), Claim.STABLE in self.strategy.claims), judge, str)

    def _on_pairs(self, judge: Callable[[Draft, Pairs], str]) -> Callable[[], None]:
        """Judge the pairs by one promise alone, whatever else is wrong with them."""
        return self._search(lambda draft: judge(draft, self.answer(draft).pairs))

    def _sound(self, judge: Callable[[Draft, Pairs], str], *but: Feature) -> Callable[[], None]:
        """Judge how good an answer is; one that is wrong is for the other checks to find."""

        def look(draft: Draft) -> str:
            answer = self.answer(draft)
            if answer.wrong or not draft.allows(answer.pairs):
                return ""
            return judge(evolve(draft, unlisted=answer.unlisted), answer.pairs)

        return self._search(look, *but)

    def _same(self, draft: Draft) -> str:
        first, again = (_answer(self.strategy, draft) for _ in range(2))
        self.answers.setdefault(draft, first)
        return "" if again.pairs == first.pairs else f"it answers {told(first.pairs)}, and then {told(again.pairs)}"

    def _seedless(self, draft: Draft) -> str:
        one = self.answer(draft).pairs
        other = self.answer(evolve(draft, seed=draft.seed + 1)).pairs
        return "" if one == other else f"it answers {told(one)}, and with the next seed {told(other)}"

    def _untouched(self, draft: Draft) -> str:
        changed = self.answer(draft).changed
        return f"it changes {', '.join(changed)}" if changed else ""

    def _signed(self) -> str:
        strategy = self.strategy
        if not strategy.name.strip():
            return "it has no name"
        given = dict(strategy.parameters())
        takes = [one.name for one in signature(type(strategy)).parameters.values() if _is_told(one)]
        if missing := [name for name in takes if name not in given]:
            return f"parameters() does not tell {', '.join(missing)}"
        again = type(strategy)(**given)
        if dict(again.parameters()) != given:
            return "made again from its parameters, it has others"
        try:
            simple = pool_of(2) if self.pools else Draft(((1,),), (1,), (0,), (1,))
            made = strategy.match(simple.problem()).provenance
        except DevrelError:  # for the other checks to find
            return ""
        return (
            "" if (made.strategy, dict(made.parameters)) == (strategy.name, given) else "its provenance is not its own"
        )

    def _alone(self) -> str:
        alone, strangers = (_POOLS, _STRANGERS) if self.pools else (_ALONE, _NOBODY_ELIGIBLE)
        for draft in (*alone, strangers):
            rows, columns = draft.shape
            sides = f"{rows} people" if self.pools else f"{rows} recipients, {columns} providers"
            where = f"with {sides} and nobody eligible"
            try:
                found = list(_solved(self.strategy, draft.problem()))
            except Exception as error:  # what is checked may do anything
                return f"{where}, it breaks down: {type(error).__name__}: {error}"
            if found and draft is not strangers:
                return f"{where}, it answers {found!r}"
        return ""

    def _independent(self, draft: Draft) -> str:
        """Compare with the same people in the opposite order under new names; the lottery may choose others of them."""
        mine, turned = self.answer(draft), draft.turned()
        other = self.answer(turned)
        if mine.wrong or other.wrong or not draft.allows(mine.pairs) or not turned.allows(other.pairs):
            return ""
        worth = [sum(one.score(i, j) for i, j in found.pairs) for one, found in ((draft, mine), (turned, other))]
        counts = [len(one.loads(found.pairs)[0]) for one, found in ((draft, mine), (turned, other))]
        if counts[0] == counts[1] and worth[0] == worth[1]:
            return ""
        return (
            f"it serves {counts[0]} with a total of {worth[0]}, "
            f"and the same people under other names {counts[1]} with {worth[1]}"
        )

    def _fair(self) -> str:
        """Draw lots among people who are alike, of whom some are left out."""
        found = (uneven(crowd, lambda draft: self.answer(draft).pairs) for crowd in crowds(pool=self.pools))
        return next(filter(None, found), "")


@lru_cache(maxsize=32)
def _drawn(supports: frozenset[Feature], listing: bool) -> Examples[Draft]:
    """Return the problems for strategies that support the same; drawing takes longer than most answers."""
    pools = Feature.POOL in supports
    fitting = (one for one in _KNOWN if one.pool is pools and (listing or one.lists is None))
    known = [one for one in fitting if features(one.problem()) <= supports]
    return Examples(drafts(supports, listing=listing), _PROBLEMS, known)


_STARRED = frozenset({Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD})


def _is_told(parameter: Parameter) -> bool:
    """Whether a parameter decides what is answered; one that can only be named, and need not be, says how."""
    optional = parameter.kind is Parameter.KEYWORD_ONLY and parameter.default is not Parameter.empty
    return parameter.kind not in _STARRED and not optional


def _solved(strategy: MatchingStrategy, problem: MatchingProblem) -> tuple[tuple[str, str], ...]:
    found = strategy.solve(problem)
    return found.pairs if isinstance(found, Solution) else tuple(found)


def _seen(problem: MatchingProblem) -> dict[str, object]:
    """Return everything that a strategy may look at and must not change, as plain data."""
    arrays = {"eligible": problem.eligible.tolist(), "points": problem.points.tolist()}
    stated = problem.preferences
    if stated is not None:
        arrays["preferences"] = [stated.recipients.tolist(), stated.providers.tolist()]
    plain = [one.name for one in fields(MatchingProblem) if one.init and one.name not in {"table", "preferences"}]
    return {**arrays, **{name: getattr(problem, name) for name in plain}}
