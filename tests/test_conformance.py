"""The conformance kit: what is right passes, and each wrong thing is caught by the check that is meant for it."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.kinds import ADVISING, KINDS, MENTORING, Side, Strategy, Timeline, Titles
from devrel.matching import (
    Alike,
    Claim,
    Constraint,
    Criterion,
    Different,
    Differs,
    Feature,
    Gap,
    MatchingStrategy,
    Near,
    NotSelf,
    Objective,
    Offered,
    OptimalMatching,
    PeerMatching,
    Rematching,
    Same,
    Shared,
    StableMatching,
)
from devrel.matching.constraints import named_constraints
from devrel.matching.preferences import Unlisted, in_blocks, leave_open
from devrel.matching.stability import NoBlockingPair
from devrel.matching.strategies import STRATEGIES
from devrel.terms import TermForm
from devrel.testing import (
    Check,
    check_criterion,
    check_kind,
    check_strategy,
    check_validator,
    checks_of,
    constraint_checks,
    criterion_checks,
    kind_checks,
    parametrize_with_checks,
    promises,
    strategy_checks,
    validator_checks,
)
from devrel.testing.drafts import Draft
from devrel.testing.drawing import drafts
from devrel.validation import Flaw, Severity, Subject, Validator, rule
from devrel.validation.book import own_rules


@st.composite
def answers(draw, draft):
    """Draw pairs that may stand together."""
    pairs = []
    for i, j in draw(st.permutations(draft.edges)):
        if draft.has_room(pairs, i, j) and draw(st.booleans()):
            pairs.append((i, j))
    return pairs


def failing(checks: Iterable[Check]) -> dict[str, str]:
    """The checks that fail, with what they say."""
    found = {}
    for check in checks:
        try:
            check()
        except AssertionError as error:
            found[check.name] = str(error)
    return found


RULES: list[object] = [
    *(one for name, one in named_constraints().items() if name != "common-hours"),  # it wants a day
    NotSelf(),
    Different("region"),
    Alike("region"),
    Gap("level", at_least=1),
    Same("region"),
    Same("faith", sensitive=True),
    Differs("region"),
    Shared("skills"),
    Offered("wants", "skills", "asks"),
    Near("level", 2, 2),
]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.name)
def test_the_strategies_of_the_library_conform(strategy):
    """Every strategy that comes with the library is what it claims to be."""
    assert failing(strategy_checks(strategy)) == {}


def test_a_stable_matching_is_judged_by_what_it_says_of_those_not_listed():
    """Where people who are not listed are out of the question, the answers are stable and leave nobody else."""
    made = StableMatching(proposing=Side.PROVIDER, unlisted=Unlisted.NEVER)
    assert failing(strategy_checks(made)) == {}


@pytest.mark.parametrize("one", RULES, ids=repr)
def test_the_rules_of_the_library_conform(one):
    """Every constraint and criterion that comes with the library keeps what the kit asks."""
    assert failing(checks_of(one)) == {}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_kinds_of_the_library_conform(kind):
    """Every kind that comes with the library keeps what the kit asks."""
    assert failing(kind_checks(kind)) == {}


@pytest.mark.parametrize("code", ["A005", "D001", "K001", "L001", "M001", "P001"])
def test_validators_of_the_library_conform(code):
    """A rule of every subject keeps what the kit asks."""
    assert failing(validator_checks(own_rules()[code])) == {}


class Greedy(MatchingStrategy):
    """Sound in all its answers: takes each pair that still fits, the best first; the wrong ones derive from it.

    Wrong ones that derive from a strategy of the library support what this one does, where their fault needs no more:
    all are asked about the same problems then, which are drawn once and solved in no time.
    """

    name = "greedy-in-tests"
    supports = frozenset({Feature.CAPACITY, Feature.DEMAND, Feature.SCORE})
    claims = frozenset({Claim.MAXIMAL})

    def order(self, problem):
        pairs = np.argwhere(problem.eligible).tolist()
        return sorted(pairs, key=lambda pair: -int(problem.points[pair[0], pair[1]]))

    def solve(self, problem):
        demand, capacity = list(problem.demand), list(problem.capacity)
        found = []
        for i, j in self.order(problem):
            if demand[i] and capacity[j]:
                demand[i] -= 1
                capacity[j] -= 1
                found.append((problem.recipients[i], problem.providers[j]))
        return found


class NoPairs(Greedy):
    claims = frozenset()

    def solve(self, problem):
        return [recipient for recipient, _ in super().solve(problem)]


class Ineligible(Greedy):
    def order(self, problem):
        return np.argwhere(problem.points >= 0).tolist()


class Overfull(Greedy):
    def solve(self, problem):
        return super().solve(evolve(problem, capacity=tuple(most + 1 for most in problem.capacity)))


class Overserved(Greedy):
    def solve(self, problem):
        return super().solve(evolve(problem, demand=tuple(most + 1 for most in problem.demand)))


class Repeating(Greedy):
    def solve(self, problem):
        found = super().solve(problem)
        return [*found, *found[:1]]


class Moody(Greedy):
    turn: ClassVar[int] = 0

    def order(self, problem):
        type(self).turn += 1
        return super().order(problem)[:: 1 if self.turn % 2 else -1]


class Gambling(Greedy):
    def order(self, problem):
        return random.sample(super().order(problem), int(problem.eligible.sum()))


class Meddling(Greedy):
    def solve(self, problem):
        found = super().solve(problem)
        problem.points.setflags(write=True)
        problem.points[:] += 1
        return found


class Unnamed(Greedy):
    name = ""


class Secretive(Greedy):
    def __init__(self, depth=1):
        self.depth = depth


class Fragile(Greedy):
    def solve(self, problem):
        problem.points.max()
        return super().solve(problem)


class Underfull(Greedy):
    supports = Greedy.supports | {Feature.MINIMUM}
    claims = frozenset()

    def solve(self, problem):
        return []


class Unlocking(Underfull):
    supports = Greedy.supports | {Feature.LOCKED}


class ClaimsOptimal(Greedy):
    claims = frozenset({Claim.OPTIMAL})


class ForgetsTheObjective(OptimalMatching):
    name = "forgets-the-objective"
    supports = Greedy.supports
    claims = frozenset({Claim.OPTIMAL})

    def solve(self, problem):
        return super().solve(problem.with_changes(objective=Objective.COVER)).pairs


class ClaimsCovering(Greedy):
    claims = frozenset({Claim.COVERING})


class ClaimsMaximal(Greedy):
    def solve(self, problem):
        return super().solve(problem)[:1]


class ClaimsStable(OptimalMatching):
    name = "claims-stable"
    supports = Greedy.supports
    claims = frozenset({Claim.STABLE})


class ClaimsIndependent(Greedy):
    claims = frozenset({Claim.ORDER_INDEPENDENT})


class ClaimsFair(Greedy):
    claims = frozenset({Claim.FAIR_TIES})


class Overworked(OptimalMatching):
    """Wrong: forgets how much time people have."""

    name = "overworked"

    def solve(self, problem):
        return super().solve(problem.with_changes(budget=(None,) * len(problem.providers))).pairs


class Unhurried(OptimalMatching):
    """Wrong: forgets who comes first."""

    name = "unhurried"
    supports = Greedy.supports

    def solve(self, problem):
        return super().solve(problem.with_changes(priority=(0,) * len(problem.recipients))).pairs


class Unheeding(StableMatching):
    """Wrong: forgets what people stated."""

    name = "unheeding"
    supports = Greedy.supports
    claims = frozenset({Claim.STABLE, Claim.MAXIMAL})

    def solve(self, problem):
        return super().solve(problem.with_changes(preferences=None)).pairs


class Unmoved(OptimalMatching):
    """Wrong: draws no lots where there are many pairs."""

    name = "unmoved"
    claims = frozenset({Claim.FAIR_TIES, Claim.ORDER_INDEPENDENT})
    supports = frozenset({Feature.SCORE})

    def solve(self, problem):
        few = len(problem.recipients) * len(problem.providers) <= 3
        return super().solve(problem if few else problem.with_changes(seed=0)).pairs


class Loyal(Greedy):
    """Wrong: takes those first who are together, whether they may be or not."""

    def order(self, problem):
        places = [[problem.row[one], problem.column[other]] for one, other in sorted(problem.incumbent)]
        return [*places, *(pair for pair in super().order(problem) if pair not in places)]


class Lasting(Rematching):
    """Wrong: claims the best answer and keeps pairs for their own sake."""

    name = "lasting"
    supports = Greedy.supports
    claims = frozenset({Claim.OPTIMAL})

    def __init__(self):
        super().__init__(price=3)

    def parameters(self):
        return {}


class ClaimsSeedless(OptimalMatching):
    name = "claims-seedless"
    supports = Greedy.supports
    claims = frozenset({Claim.DETERMINISTIC})


WRONG_STRATEGIES = {
    NoPairs: "answers in pairs of ids",
    Ineligible: "pairs only who is eligible",
    Overfull: "keeps capacities",
    Overserved: "keeps demands",
    Repeating: "pairs nobody twice",
    Moody: "answers the same every time",
    Gambling: "answers the same every time",
    Meddling: "leaves the problem as it was",
    Unnamed: "signs its answers",
    Secretive: "signs its answers",
    Fragile: "answers when a side is empty",
    Underfull: "keeps minimums",
    Unlocking: "keeps locked pairs",
    ClaimsOptimal: "claims to be optimal",
    ForgetsTheObjective: "claims to be optimal",
    ClaimsCovering: "claims to serve as many as can be",
    ClaimsMaximal: "claims to leave no pair",
    ClaimsStable: "claims to be stable",
    ClaimsIndependent: "claims not to look at order or ids",
    ClaimsFair: "claims fair ties",
    Overworked: "keeps hours",
    Unhurried: "claims to be optimal",
    Unheeding: "claims to be stable",
    Unmoved: "claims fair ties",
    Loyal: "pairs only who is eligible",
    Lasting: "claims to be optimal",
    ClaimsSeedless: "claims not to need the seed",
}


def test_the_strategy_that_the_wrong_ones_derive_from_conforms():
    """What is wrong with a wrong strategy is what it changes."""
    assert failing(strategy_checks(Greedy)) == {}


@pytest.mark.parametrize(("wrong", "meant"), WRONG_STRATEGIES.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_wrong_strategy_is_caught_by_the_check_that_is_meant(wrong, meant):
    """Each wrong strategy fails the intended check and no other."""
    assert list(failing(strategy_checks(wrong))) == [meant]


class GreedyPool(MatchingStrategy):
    """Sound in all its answers to pools: takes each pair that still fits, the locked ones, then the best first."""

    name = "greedy-pool"
    supports = frozenset({Feature.POOL, Feature.LOCKED, Feature.SCORE})
    claims = frozenset({Claim.MAXIMAL, Claim.STABLE})

    def solve(self, problem):
        free = {person for person, places in zip(problem.recipients, problem.demand, strict=True) if places}
        pairs = [(problem.recipients[i], problem.providers[j]) for i, j in self.order(problem) if i < j]
        return self.taken([*sorted(problem.locked), *pairs], free)

    def order(self, problem):
        pairs = np.argwhere(problem.eligible).tolist()
        return sorted(pairs, key=lambda pair: -int(problem.points[pair[0], pair[1]]))

    def taken(self, pairs, free):
        found = []
        for one, other in pairs:
            if {one, other} <= free:
                free -= {one, other}
                found.append((one, other))
        return found


class PoolOverfull(GreedyPool):
    claims = frozenset()

    def taken(self, pairs, free):
        return list(dict.fromkeys(pairs))


class PoolUnlocking(GreedyPool):
    def solve(self, problem):
        return super().solve(problem.with_changes(locked=()))


class PoolSelf(GreedyPool):
    claims = frozenset()

    def taken(self, pairs, free):
        return [*super().taken(pairs, free), *((one, one) for one in sorted(free))]


class PoolClaimsOptimal(GreedyPool):
    claims = frozenset({Claim.OPTIMAL})


class PoolClaimsCovering(GreedyPool):
    claims = frozenset({Claim.COVERING})


class PoolClaimsMaximal(GreedyPool):
    claims = frozenset({Claim.MAXIMAL})

    def taken(self, pairs, free):
        return super().taken(pairs, free)[:1] if len(free) > 3 else super().taken(pairs, free)


class PoolClaimsIndependent(GreedyPool):
    claims = frozenset({Claim.ORDER_INDEPENDENT})


class PoolClaimsFair(GreedyPool):
    claims = frozenset({Claim.FAIR_TIES})


class PoolUnmoved(PeerMatching):
    """Wrong: draws no lots among more than three."""

    name = "unmoved-peers"

    def solve(self, problem):
        return super().solve(problem if len(problem.recipients) <= 3 else problem.with_changes(seed=0)).pairs


class PoolClaimsStable(GreedyPool):
    """Wrong: takes the pairs as they come, and not the best first."""

    claims = frozenset({Claim.STABLE})

    def order(self, problem):
        return np.argwhere(problem.eligible).tolist()


WRONG_POOLS = {
    PoolOverfull: ["keeps capacities", "keeps demands"],
    PoolUnlocking: ["keeps locked pairs"],
    PoolSelf: ["pairs only who is eligible", "keeps capacities", "keeps demands", "answers when a side is empty"],
    PoolClaimsOptimal: ["claims to be optimal"],
    PoolClaimsCovering: ["claims to serve as many as can be"],
    PoolClaimsMaximal: ["claims to leave no pair"],
    PoolClaimsIndependent: ["claims not to look at order or ids"],
    PoolClaimsFair: ["claims fair ties"],
    PoolUnmoved: ["claims fair ties"],
    PoolClaimsStable: ["claims to be stable"],
}


def test_the_strategy_for_pools_that_the_wrong_ones_derive_from_conforms():
    """What is wrong with a wrong strategy for pools is what it changes."""
    assert failing(strategy_checks(GreedyPool)) == {}


@pytest.mark.parametrize(("wrong", "meant"), WRONG_POOLS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_wrong_strategy_for_pools_is_caught_by_the_checks_that_are_meant(wrong, meant):
    """In a pool somebody has her places on both sides together, so a wrong number fails capacity and demand at once."""
    assert sorted(failing(strategy_checks(wrong))) == sorted(meant)


def test_every_check_of_strategies_has_a_wrong_one():
    """There is no check that cannot fail."""

    class All(Greedy):
        supports = frozenset(Feature)
        claims = frozenset(Claim)

    assert {check.name for check in strategy_checks(All)} == set(WRONG_STRATEGIES.values())


def test_a_failure_shows_the_smallest_problem():
    """Where a strategy overfills somebody, what is shown is one provider and two recipients, no larger."""
    (told,) = failing(strategy_checks(Overfull)).values()
    assert told == (
        "greedy-in-tests: keeps capacities: p0 gets 2 and takes 1\n"
        "          p0\n"
        "    r0     0\n"
        "    r1     0\n"
        "objective cover; seed 0"
    )


def test_one_call_tells_everything_at_once():
    """All failing checks of a strategy stand in one error, and a strategy that conforms raises none."""

    class Twice(ClaimsMaximal):
        name = ""

    with pytest.raises(AssertionError) as caught:
        check_strategy(Twice)
    assert "claims to leave no pair" in str(caught.value)
    assert "it has no name" in str(caught.value)
    check_strategy(Greedy())


def test_an_excuse_needs_a_reason_and_a_check():
    """An excused check is not run by the one call; an empty reason and an unknown check are refused."""
    check_strategy(ClaimsMaximal, excused={"claims to leave no pair": "one pair is all we need"})
    with pytest.raises(InvalidValue, match="has no reason"):
        strategy_checks(Greedy, excused={"keeps demands": " "})
    with pytest.raises(InvalidValue, match="Did you mean 'keeps demands'"):
        strategy_checks(Greedy, excused={"keeps demand": "so"})


def test_the_three_faces_have_one_list():
    """The generator, the decorator and the one call speak of the same checks; what is excused is skipped there."""
    excused = {"keeps demands": "we serve all twice"}
    listed = list(strategy_checks(Greedy, excused=excused))
    made = parametrize_with_checks(listed).args[1]
    assert [parameter.id for parameter in made] == [str(check) for check in listed]
    skipped = {parameter.id: [mark.kwargs["reason"] for mark in parameter.marks] for parameter in made}
    assert {name: reasons for name, reasons in skipped.items() if reasons} == {
        "greedy-in-tests: keeps demands": ["we serve all twice"]
    }
    assert [check.name for check in checks_of(Greedy)] == [check.name for check in listed]


@parametrize_with_checks([Greedy, Same("region")])
def test_the_decorator_gives_the_checks(check):
    """Each check can be called by a test."""
    check()


def test_what_cannot_be_checked_is_refused():
    """Only strategies, rules, validators and kinds have checks."""
    with pytest.raises(InvalidValue, match="nothing that can be checked"):
        checks_of(Draft((), (), (), ()))
    for checks in (criterion_checks, constraint_checks, strategy_checks, kind_checks, validator_checks):
        with pytest.raises(InvalidValue):
            checks(3)


def test_the_kit_needs_no_pytest():
    """The kit is imported and used where pytest is not installed; only the decorator asks for it."""
    code = (
        "import sys; sys.modules['pytest'] = None\n"
        "from devrel.testing import *\n"
        "from devrel.kinds import MENTORING\n"
        "print(len(list(checks_of(MENTORING))))\n"
        "try: parametrize_with_checks([MENTORING])\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("9\nparametrize_with_checks needs pytest")


@frozen
class Half(Criterion):
    """Sound: one half for two of one region; the wrong ones derive from it."""

    attribute: str = "region"

    def score(self, case):
        return 0.5 * (case.recipient.get(self.attribute) == case.provider.get(self.attribute) is not None)

    def block(self, block):
        mine, theirs = block.codes(self.attribute)
        return 0.5 * ((mine == theirs) & (mine >= 0))


class Plain(Half):
    def block(self, block):
        return None


class TooGood(Plain):
    def score(self, case):
        return 4 * super().score(case)


class NoNumber(Plain):
    def score(self, case):
        return None


class Wavering(Plain):
    turn: ClassVar[int] = 0

    def score(self, case):
        type(self).turn += 1
        return (self.turn % 2) / 2


class OtherBlock(Half):
    def block(self, block):
        mine, theirs = block.codes(self.attribute)
        return 0.5 * (mine == theirs)


class WholeBlock(Half):
    def block(self, block):
        scores = super().block(block)
        return scores[:2] if scores.shape[0] > 2 else scores


class Prying(Plain):
    def score(self, case):
        case.recipient.get("faith", sensitive=True)
        return super().score(case)


class PryingBlock(Half):
    def block(self, block):
        block.codes("faith", sensitive=True)
        return super().block(block)


class Mute(Plain):
    def describe(self):
        return " "


WRONG_CRITERIA = {
    TooGood: "scores from 0 to 1",
    NoNumber: "scores from 0 to 1",
    Wavering: "answers the same every time",
    OtherBlock: "says the same for a block as for its pairs",
    WholeBlock: "says the same for a block as for its pairs",
    Prying: "asks for nothing sensitive",
    PryingBlock: "asks for nothing sensitive",
    Mute: "has words",
}


@pytest.mark.parametrize(("wrong", "meant"), WRONG_CRITERIA.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_wrong_criterion_is_caught_by_the_check_that_is_meant(wrong, meant):
    """Each wrong criterion fails the intended check and no other; what it derives from fails none."""
    check_criterion(Half())
    assert list(failing(criterion_checks(wrong()))) == [meant]


def test_a_criterion_is_judged_by_what_it_looks_at():
    """What a criterion asks people for is found out, so that a fault that needs two values at once is found too."""

    class Hidden(Plain):
        def score(self, case):
            if case.recipient.get("one") != "red":
                return 0.0
            return 2.0 if case.provider.get("other") is True else 1.0

    (told,) = failing(criterion_checks(Hidden())).values()
    assert "one='red'" in told
    assert "other=True" in told


class NotRed(Constraint):
    """Sound: nobody of the red region gives; the wrong ones derive from it."""

    name = "not-red"

    def forbids(self, case):
        return case.provider.get("region") == "red"

    def block(self, block):
        return np.array([[one.get("region") == "red" for one in block.providers]])

    def looks_at(self):
        return ("region",)


class Shrugging(NotRed):
    def forbids(self, case):
        return case.provider.get("region") == "red" or None

    def block(self, block):
        return None


class Inverted(NotRed):
    def block(self, block):
        return ~super().block(block)


class Untitled(NotRed):
    def title(self, titles):
        return ""


class LooksFurther(NotRed):
    def forbids(self, case):
        return super().forbids(case) or case.recipient.get("years") == 3

    def block(self, block):
        return None


class Fickle(NotRed):
    turn: ClassVar[int] = 0

    def forbids(self, case):
        type(self).turn += 1
        return self.turn % 2 == 0

    def block(self, block):
        return None

    def looks_at(self):
        return None


class Curious(NotRed):
    def forbids(self, case):
        case.provider.get("faith", sensitive=True)
        return super().forbids(case)


WRONG_CONSTRAINTS = {
    Shrugging: "answers yes or no",
    Fickle: "answers the same every time",
    Inverted: "says the same for a block as for its pairs",
    Curious: "asks for nothing sensitive",
    Untitled: "has words",
    LooksFurther: "looks at what it says",
}


@pytest.mark.parametrize(("wrong", "meant"), WRONG_CONSTRAINTS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_wrong_constraint_is_caught_by_the_check_that_is_meant(wrong, meant):
    """Each wrong constraint fails the intended check and no other, and there is one for every check."""
    assert failing(constraint_checks(NotRed())) == {}
    assert list(failing(constraint_checks(wrong()))) == [meant]
    assert {check.name for check in constraint_checks(NotRed())} == set(WRONG_CONSTRAINTS.values())


class Sound(Validator):
    code = "X700"
    title = "a kind"
    rationale = "Because."
    remedy = "Do."
    source = "ours"
    severity = Severity.ADVICE
    subject = Subject.KIND

    def judge(self, case):
        return Flaw("name", "it has a name")


class Ours(Sound):
    code = "A700"


class Blank(Sound):
    rationale = ""


class Crashing(Sound):
    def judge(self, case):
        raise KeyError(case.kind.name)


class Silent(Sound):
    def judge(self, case):
        return Flaw("name", " ")


class Doubting(Sound):
    turn: ClassVar[int] = 0

    def judge(self, case):
        type(self).turn += 1
        return Flaw("name", f"it has a name, said {self.turn} times")


WRONG_VALIDATORS = {
    Ours: "is well formed",
    Blank: "is well formed",
    Crashing: "never breaks down",
    Silent: "says whole findings",
    Doubting: "says the same every time",
}


@pytest.mark.parametrize(("wrong", "meant"), WRONG_VALIDATORS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_wrong_validator_is_caught_by_the_check_that_is_meant(wrong, meant):
    """Each wrong validator fails the intended check and no other, and there is one for every check."""
    assert list(failing(validator_checks(wrong))) == [meant]
    assert {check.name for check in validator_checks(wrong)} == set(WRONG_VALIDATORS.values())


def test_a_validator_made_by_rule_conforms():
    """A function made a rule is checked like a class."""

    @rule("Z001", "t", severity=Severity.ADVICE, subject=Subject.PEOPLE, source="s", rationale="r", remedy="d")
    def nothing(case):
        return None

    check_validator(nothing)
    check_validator(Sound)


PROBE = MENTORING.derive("probe", source="ours")
FOUND = "is found by a program file"
WRONG_KINDS = {
    "has all its facets": MENTORING.derive("probe", source="ours", strategy=Strategy("talks", ())),
    "has titles that tell the sides apart": MENTORING.derive("probe", source="ours", titles=Titles("peer", "Peer")),
    "begins as its timeline says": MENTORING.derive(
        "probe", source="ours", timeline=Timeline("long", {TermForm.LONG_TERM}, months=3)
    ),
    "names constraints that there are": MENTORING.derive("probe", source="ours", constraints=("nobody-knows",)),
}


@pytest.mark.parametrize(("meant", "kind"), WRONG_KINDS.items())
def test_a_wrong_kind_is_caught_by_the_check_that_is_meant(meant, kind):
    """Each wrong kind fails the intended check, beside the one that it is not announced."""
    excused = {FOUND: "it is not announced"}
    check_kind(PROBE, excused=excused)
    assert [name for name in failing(kind_checks(kind)) if name != FOUND] == [meant]


def test_a_kind_that_nobody_announces_is_not_found():
    """A kind whose package is not installed, or that takes the name of another, is told so."""
    assert list(failing(kind_checks(PROBE))) == [FOUND]
    stolen = ADVISING.derive("mentoring", source="ours")
    assert {"has a name of its own", FOUND} <= set(failing(kind_checks(stolen)))


def test_a_draft_knows_the_best_answer():
    """The judge of optimality is right where the answer is known: it tries all."""
    draft = Draft(((9, 8), (8, 1)), (1, 1), (0, 0), (1, 1))
    assert draft.best() == ((0, 1), (1, 0))
    assert draft.worth(draft.best()) == (2, 0, 2, 16)
    assert list(draft.blocking(draft.best())) == [(0, 0)]
    assert not draft.allows([(0, 0), (0, 1)])


@given(st.data(), drafts(OptimalMatching.supports))
@settings(max_examples=100, deadline=None)
def test_a_draft_values_answers_as_the_library_does(data, draft):
    """Of two answers, that is worth more to a draft which gains more under the objective of the problem."""
    worth, two = draft.problem().worth(), [data.draw(answers(draft)) for _ in range(2)]
    gains = []
    for pairs in two:
        points = np.array([draft.score(i, j) for i, j in pairs], dtype=np.int64)
        gains.append(int(worth.gains(points).sum()) + sum(int(worth.first[i]) for i in {i for i, _ in pairs}))
    told = [draft.worth(pairs) for pairs in two]
    assert (told[0] > told[1]) == (gains[0] > gains[1])


@given(st.data(), drafts({Feature.CAPACITY, Feature.DEMAND}, listing=True), st.sampled_from(Unlisted))
@settings(max_examples=200, deadline=None)
def test_a_draft_judges_stability_as_the_library_does(data, draft, unlisted):
    """A draft finds a pair that blocks, or one that is not accepted, where the proof of stability fails."""
    problem, pairs = draft.problem(), data.draw(answers(draft))
    count = sum(int(told.acceptable.sum()) for _, told in in_blocks(problem, unlisted))
    proof = NoBlockingPair(unlisted if leave_open(problem) else None, count)
    flaws = proof.flaws(problem, [(problem.recipients[i], problem.providers[j]) for i, j in pairs])
    assert bool(promises.stable(evolve(draft, unlisted=unlisted), pairs)) == bool(flaws)


@given(drafts(OptimalMatching.supports, listing=True))
@settings(max_examples=50, deadline=None)
def test_a_draft_turned_twice_is_itself(draft):
    """Whoever a draft is about, in the opposite order she has what she had."""
    assert draft.turned().turned() == draft
    assert draft.turned().worth(draft.turned().best()) == draft.worth(draft.best())


def test_a_draft_tells_what_is_not_as_usual():
    """Hours, who comes first, who is together and what people state stand below the table."""
    draft = Draft(
        ((1, None), (2, 3)),
        (1, 1),
        (0, 0),
        (1, 1),
        minutes=(60, 30),
        budget=(None, 30),
        priority=(0, 1),
        lists=(((0, 0), (1, 0)), ((None, None), (2, None))),
        incumbent=((0, 1),),
    )
    assert str(draft) == (
        "          p0    p1\n"
        "    r0     1     -\n"
        "    r1     2     3\n"
        "minutes 60, 30; budget -, 30; priority 0, 1; incumbent r0 with p1; "
        "lists r0: p0 = p1, r1: p1 > p0, p1: r0; objective cover; seed 0"
    )
