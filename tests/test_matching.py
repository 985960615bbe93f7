"""Promises 3, 4 and 6: nobody is dropped, answers are verified, and the order of the input means nothing."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from devrel.errors import DevrelError, InfeasibleProblem, InvalidValue, UnsupportedProblem, WrongAnswer
from devrel.kinds import COACHING, MENTORING, Side
from devrel.matching import (
    Block,
    Cause,
    Constraint,
    Criterion,
    Different,
    Differs,
    Feature,
    Gap,
    Matching,
    MatchingProblem,
    MatchingStrategy,
    Objective,
    Offered,
    OptimalMatching,
    Rematching,
    Same,
    Solution,
    Weight,
)
from devrel.matching.constraints import forbidden_in
from devrel.matching.criteria import scores_in
from devrel.matching.pricing import Open, prices_of
from devrel.matching.strategies import strategy_named
from devrel.matching.table import UNIT, RuleTable, shares
from devrel.people import Capacity, Enrollment, Organization, Person, Role
from tests.generate import (
    TODAY,
    build,
    constraints,
    criteria,
    enrollments,
    people,
    people_problems,
    problems,
    score_problems,
)


def value(problem: MatchingProblem, pairs) -> tuple[int, ...]:
    """What an answer is worth under the problem's objective, from the definition."""
    total = sum(int(problem.points[i, j]) for i, j in pairs)
    if problem.objective is Objective.COVER:
        return len({i for i, _ in pairs}), len(pairs), total
    return total, len(pairs), len({i for i, _ in pairs})


def positions(problem: MatchingProblem, matching: Matching) -> list[tuple[int, int]]:
    return [(problem.row[pair.recipient], problem.column[pair.provider]) for pair in matching.pairs]


def allowed(problem: MatchingProblem, pairs) -> bool:
    served, loads = Counter(i for i, _ in pairs), Counter(j for _, j in pairs)
    limits = enumerate(zip(problem.minimum, problem.capacity, strict=True))
    return all(served[i] <= problem.demand[i] for i in served) and all(a <= loads[j] <= b for j, (a, b) in limits)


def best_by_trying(problem: MatchingProblem) -> tuple[int, ...] | None:
    """The best value of all answers there are; None where the minimum loads allow none."""
    edges = [(int(i), int(j)) for i, j in np.argwhere(problem.eligible)]
    most = min(len(edges), sum(problem.demand), sum(problem.capacity))
    values = [
        value(problem, pairs)
        for count in range(most + 1)
        for pairs in combinations(edges, count)
        if allowed(problem, pairs)
    ]
    return max(values, default=None)


@given(score_problems(most=3, minimum=2))
def test_the_optimal_matching_is_the_best_of_all_there_are(problem):
    """With capacities, demands, minimum loads and forbidden pairs, nothing is better, and that is proven."""
    best = best_by_trying(problem)
    if best is None:
        with pytest.raises(InfeasibleProblem):
            OptimalMatching().match(problem)
        return
    matching = OptimalMatching().match(problem)
    assert value(problem, positions(problem, matching)) == best
    assert matching.certificate is not None
    assert matching.certificate.flaws(problem, matching.ids) == []


@given(problems)
def test_nobody_is_dropped(problem):
    """Everybody is matched as often as wanted, or listed with a reason for the side on which something is open."""
    matching = OptimalMatching().match(problem)
    for i, person in enumerate(problem.recipients):
        got = sum(pair.recipient == person for pair in matching.pairs)
        told = matching.unmatched[person].reasons if person in matching.unmatched else ()
        mine = [(reason.wanted, reason.got) for reason in told if reason.side is Side.RECIPIENT]
        assert mine == ([(problem.demand[i], got)] if got < problem.demand[i] else [])
    for j, person in enumerate(problem.providers):
        busy = any(pair.provider == person for pair in matching.pairs)
        listed = person in matching.unmatched and any(
            r.side is Side.PROVIDER for r in matching.unmatched[person].reasons
        )
        assert listed == (not busy and problem.capacity[j] > 0)


@given(problems)
def test_reasons_tell_the_truth(problem):
    """A reason's cause and counts agree with the arrays of the problem, and its words are never empty."""
    matching = OptimalMatching().match(problem)
    held = np.zeros(problem.shape, dtype=bool)
    for i, j in positions(problem, matching):
        held[i, j] = True
    for person, entry in matching.unmatched.items():
        for reason in entry.reasons:
            mine = reason.side is Side.RECIPIENT
            eligible, matched = (problem.eligible, held) if mine else (problem.eligible.T, held.T)
            i = problem.row[person] if mine else problem.column[person]
            places = np.array(problem.capacity if mine else problem.demand) > 0
            others = {
                int(k)
                for j in np.flatnonzero(eligible[i] & places & ~matched[i])
                for k in np.flatnonzero(matched[:, j])
            }
            assert reason.rivals == len(others)
            open_ = places & (matched.sum(axis=0) < np.array(problem.capacity if mine else problem.demand))
            assert reason.eligible == int((eligible[i] & places).sum())
            assert (reason.cause is Cause.NOBODY_THERE) == (reason.candidates == reason.got)
            assert (reason.cause is Cause.NO_CANDIDATE) == (reason.candidates > reason.got == reason.eligible)
            assert reason.cause is not Cause.NOT_USED
            assert not (eligible[i] & open_ & ~matched[i]).any()
            assert all(0 < count <= reason.candidates for count in reason.removed.values())
            assert reason.text.startswith("As a ")
            assert str(entry).endswith(".")
            if reason.cause is Cause.NO_CANDIDATE and isinstance(problem.table, RuleTable):
                assert reason.removed


@given(problems, st.randoms(use_true_random=False))
def test_every_wrong_answer_is_refused(problem, draw):
    """An answer with a forbidden pair, a pair too many, a stranger or a pair twice raises and is never returned."""
    good = [(pair.recipient, pair.provider) for pair in OptimalMatching().match(problem).pairs]
    wrong = [[*good, ("stranger", "nobody")]]
    if good:
        wrong.append([*good, draw.choice(good)])
    forbidden = [(int(i), int(j)) for i, j in np.argwhere(~problem.eligible)]
    if forbidden:
        i, j = draw.choice(forbidden)
        wrong.append([(problem.recipients[i], problem.providers[j])])
    for j, person in enumerate(problem.providers):
        rivals = [problem.recipients[i] for i in np.flatnonzero(problem.eligible[:, j])]
        if len(rivals) > problem.capacity[j]:
            wrong.append([(rival, person) for rival in rivals])
    for answer in wrong:
        with pytest.raises(WrongAnswer):
            _Says(answer).match(problem)


class _Says(MatchingStrategy):
    """Answers whatever it was told to."""

    name = "says"
    supports = frozenset(Feature)

    def __init__(self, answer) -> None:
        self.answer = answer

    def solve(self, problem):
        return self.answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([("r0", "p1")], "'r0' and 'p1' may not be matched"),
        ([("r0", "p0"), ("r1", "p0")], "'p0' has 2 partners and takes 0 to 1"),
        ([("r0", "p0"), ("r0", "p2")], "'r0' has 2 partners and wants 1"),
        ([("r0", "p0"), ("r0", "p0")], "'r0' and 'p0' are paired 2 times"),
        ([("x", "p0")], "'x' is not a recipient"),
        ([("r0", "x")], "'x' is not a provider"),
        ([], "the locked pair 'r1', 'p2' is missing"),
        ([("r1", "p2")], "'p0' has 0 partners and takes 1 to 1"),
    ],
)
def test_a_wrong_answer_names_the_broken_promise(answer, said):
    """Each promise has its sentence: eligibility, capacity, demand, pairs twice, strangers, locks, minimums."""
    minimum = [1, 0, 0] if "takes 1" in said else 0
    problem = MatchingProblem.from_scores(
        [[1, 1, 1], [1, 1, 1]],
        eligible=[[True, False, True], [True, True, True]],
        minimum=minimum,
        locked=[("r1", "p2")] if "locked" in said else [],
    )
    with pytest.raises(WrongAnswer) as caught:
        _Says(answer).match(problem)
    assert any(said in violation for violation in caught.value.violations)
    assert said in str(caught.value)


def test_match_cannot_be_overridden():
    """A subclass that replaces match() would not be verified, and is refused when it is defined."""
    with pytest.raises(TypeError, match="write solve"):

        class Shortcut(MatchingStrategy):
            def solve(self, problem):
                return []

            def match(self, problem):  # type: ignore[misc]
                return None


@pytest.mark.parametrize(
    "told", [{"supports": frozenset({"capacity"})}, {"claims": {Feature.LOCKED}}, {"claims": None}]
)
def test_what_a_strategy_says_of_itself_is_checked_when_it_is_made(told):
    """Features and claims given as texts, in another collection or not at all are refused, with those there are."""
    with pytest.raises(TypeError, match=r"must be a frozenset of (Feature|Claim); there are (Feature|Claim)\."):
        type("Wrong", (MatchingStrategy,), {"name": "wrong", **told})


def test_match_cannot_be_mixed_in():
    """A mixin that brings a match() of its own is refused as well."""

    class Mixin:
        def match(self, problem):
            return None

    with pytest.raises(TypeError, match="write solve"):

        class Mixed(Mixin, OptimalMatching):  # type: ignore[misc]
            pass


def test_the_verifier_asks_musts_of_the_rules():
    """A strategy that answers with a pair below a must's minimum is caught by the pair functions."""
    listed = [Person("a", attributes={"wants": ["x"]}), Person("b", attributes={"skills": ["y"]})]
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER)]
    must = Offered("wants", "skills", weight=Weight.MUST)
    with pytest.raises(WrongAnswer, match="may not be matched"):
        _Says([("a", "b")]).match(MatchingProblem.from_people(listed, enrolled, criteria=[must]))


def test_two_rules_of_one_title_count_a_candidate_once():
    """A must and a constraint that demand the same remove one candidate, not two."""
    listed = [Person("a", department="x"), Person("b", department="x")]
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER)]
    must = Differs("department", name="a different department", weight=Weight.MUST)
    problem = MatchingProblem.from_people(listed, enrolled, constraints=[Different("department")], criteria=[must])
    for entry in OptimalMatching().match(problem).unmatched.values():
        assert dict(entry.reasons[0].removed) == {"a different department": 1}


def test_numbers_of_other_libraries_are_numbers():
    """A capacity of NumPy is a capacity; pairs to lock may come as lists."""
    problem = MatchingProblem.from_scores([[1, 2]], capacity=np.int64(1), locked=[["r0", "p0"]])
    assert [pair.provider for pair in OptimalMatching().match(problem).pairs] == ["p0"]


def test_a_strategy_that_leaves_people_is_not_excused():
    """Where a strategy leaves an eligible place unused, the reason says so instead of blaming the others."""
    matching = _Says([]).match(MatchingProblem.from_scores([[1, 2]]))
    assert {r.cause for entry in matching.unmatched.values() for r in entry.reasons} == {Cause.NOT_USED}
    assert "1 eligible" not in matching.why_unmatched("r0")
    with pytest.raises(InvalidValue, match="'nobody' is neither matched nor left"):
        matching.why_unmatched("nobody")


def test_what_a_strategy_does_not_support_is_refused_by_name():
    """A strategy that does not know minimum loads is not asked; the refusal names them."""
    with pytest.raises(UnsupportedProblem, match="providers who take a minimum"):
        _Plain().match(MatchingProblem.from_scores([[1]], minimum=1))

    with pytest.raises(UnsupportedProblem) as caught:
        _Plain().match(
            MatchingProblem.from_scores([[1]], capacity=2, demand=2, objective="score", locked=[("r0", "p0")])
        )
    assert len(caught.value.features) == 4
    assert _Plain().match(MatchingProblem.from_scores([[1]])).provenance.notes == ("a note",)


class _Plain(MatchingStrategy):
    """Knows nothing but one with one."""

    def solve(self, problem):
        return Solution([("r0", "p0")], notes=["a note"])


@given(people_problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_means_nothing(drawn, draw):
    """People, enrolments and constraints in any order give the same matching, reasons included."""
    listed, enrolled, arguments = drawn
    matching = OptimalMatching().match(build(drawn))
    for group in (listed, enrolled, arguments["constraints"]):
        draw.shuffle(group)
    again = OptimalMatching().match(build((listed, enrolled, arguments)))
    assert again == matching
    assert [str(entry) for entry in again.unmatched.values()] == [str(entry) for entry in matching.unmatched.values()]


@given(score_problems(), st.randoms(use_true_random=False))
def test_a_permuted_array_gives_the_same_pairs(problem, draw):
    """Rows and columns in any order, with their ids, give the same pairs, ties included."""
    rows, columns = list(range(problem.shape[0])), list(range(problem.shape[1]))
    draw.shuffle(rows)
    draw.shuffle(columns)
    grid = np.ix_(rows, columns)
    again = MatchingProblem.from_scores(
        problem.points[grid],
        eligible=problem.eligible[grid],
        recipients=[problem.recipients[i] for i in rows],
        providers=[problem.providers[j] for j in columns],
        demand=[problem.demand[i] for i in rows],
        capacity=[problem.capacity[j] for j in columns],
        objective=problem.objective,
        seed=problem.seed,
    )
    assert OptimalMatching().match(again) == OptimalMatching().match(problem)


@given(score_problems(), st.integers(0, 10**6))
def test_relabelling_redraws_the_lottery_and_changes_no_value(problem, salt):
    """Other ids, or another seed, may give other pairs and always give the same coverage and total."""
    again = MatchingProblem.from_scores(
        problem.points,
        eligible=problem.eligible,
        recipients=[f"{salt}-{i}" for i in range(problem.shape[0])],
        providers=[f"{salt}+{j}" for j in range(problem.shape[1])],
        demand=problem.demand,
        capacity=problem.capacity,
        objective=problem.objective,
        seed=salt,
    )
    first, second = (OptimalMatching().match(one) for one in (problem, again))
    assert value(problem, positions(problem, first)) == value(again, positions(again, second))


@pytest.mark.parametrize(("demand", "seeds"), [(1, 500), (2, 200)], ids=["dense", "network"])
def test_the_lottery_is_even(demand, seeds):
    """Over many seeds, five exchangeable people get the two places equally often (chi-square at one in a thousand)."""
    wins = Counter()
    for seed in range(seeds):
        problem = MatchingProblem.from_scores(np.ones((5, 2), dtype=int), seed=seed, demand=[1] * 4 + [demand])
        wins.update({pair.recipient for pair in OptimalMatching().match(problem).pairs})
    assert sum(wins.values()) == 2 * seeds
    assert chisquare([wins[f"r{i}"] for i in range(5)]).pvalue > 0.001


def test_a_score_of_zero_is_not_a_forbidden_pair():
    """Two people who score 0 together are matched; two who may not be matched never are, whatever they score."""
    problem = MatchingProblem.from_scores([[0, 9], [9, 0]], eligible=[[True, False], [False, True]])
    matching = OptimalMatching().match(problem)
    assert [(pair.recipient, pair.provider) for pair in matching.pairs] == [("r0", "p0"), ("r1", "p1")]
    assert (matching.total_points, matching.total_score) == (0, 0.0)


def test_cover_comes_first_or_the_score_does():
    """One great pair or two poor ones: covering takes the two, the total takes the one."""
    scores, eligible = [[9, 1], [1, 0]], [[True, True], [True, False]]
    covering = OptimalMatching().match(MatchingProblem.from_scores(scores, eligible=eligible))
    scoring = OptimalMatching().match(MatchingProblem.from_scores(scores, eligible=eligible, objective="score"))
    assert (len(covering.pairs), covering.total_points) == (2, 2)
    assert (len(scoring.pairs), scoring.total_points) == (1, 9)


@given(score_problems(), st.data())
def test_locked_pairs_are_kept(problem, data):
    """Pairs locked from a good answer, or any eligible pair, are in the answer; the rest is the best around them."""
    eligible = [
        (problem.recipients[i], problem.providers[j])
        for i, j in np.argwhere(problem.eligible)
        if problem.demand[i] and problem.capacity[j]
    ]
    if not eligible:
        return
    lock = data.draw(st.sampled_from(eligible))
    locked = MatchingProblem.from_scores(
        problem.points,
        eligible=problem.eligible,
        demand=problem.demand,
        capacity=problem.capacity,
        locked=[lock],
        seed=problem.seed,
    )
    matching = OptimalMatching().match(locked)
    assert lock in {(pair.recipient, pair.provider) for pair in matching.pairs}


@pytest.mark.parametrize(
    ("scores", "demand"), [([[0, 9], [9, 9]], [2, 2]), ([[0, 9], [9, 1]], [2, 1])], ids=["network", "one left"]
)
def test_somebody_with_a_locked_pair_counts_as_served(scores, demand):
    """The place that is left goes to whoever has nobody, although the locked one would score more with it."""
    problem = MatchingProblem.from_scores(scores, demand=demand, capacity=1, locked=[("r0", "p0")])
    pairs = {(pair.recipient, pair.provider) for pair in OptimalMatching().match(problem).pairs}
    assert pairs == {("r0", "p0"), ("r1", "p1")}


@given(score_problems(most=3), st.data())
def test_the_best_around_a_lock_is_the_best_of_all_that_keep_it(problem, data):
    """With a locked pair, no other answer that keeps it is better, whatever demands and capacities are."""
    edges = [(int(i), int(j)) for i, j in np.argwhere(problem.eligible) if problem.demand[i] and problem.capacity[j]]
    if not edges:
        return
    lock = data.draw(st.sampled_from(edges))
    locked = evolve(problem, locked=[(problem.recipients[lock[0]], problem.providers[lock[1]])])
    matching = OptimalMatching().match(locked)
    others = [edge for edge in edges if edge != lock]
    most = min(len(edges), sum(problem.demand), sum(problem.capacity))
    best = max(
        value(problem, (lock, *pairs))
        for count in range(most)
        for pairs in combinations(others, count)
        if allowed(problem, (lock, *pairs))
    )
    assert value(problem, positions(problem, matching)) == best


def test_equal_totals_are_decided_by_the_number_of_pairs():
    """With the objective 'score', pairs that score 0 are made as well, one partner or several."""
    for demand in (1, 2):
        problem = MatchingProblem.from_scores([[0, 0], [0, 0]], demand=demand, objective="score")
        assert len(OptimalMatching().match(problem).pairs) == 2


def test_impossible_locks_are_the_problems_fault():
    """A lock on a forbidden pair, or more locks than places, is refused before any strategy is asked."""
    with pytest.raises(InfeasibleProblem, match="may not be matched; unlock it"):
        OptimalMatching().match(MatchingProblem.from_scores([[1]], eligible=[[False]], locked=[("r0", "p0")]))
    crowded = MatchingProblem.from_scores([[1], [1]], locked=[("r0", "p0"), ("r1", "p0")])
    with pytest.raises(InfeasibleProblem, match="has 2 locked pairs and takes 1"):
        OptimalMatching().match(crowded)
    with pytest.raises(InvalidValue, match="is not in the problem"):
        MatchingProblem.from_scores([[1]], locked=[("r9", "p0")])


@given(problems)
def test_a_score_is_the_exact_sum_of_its_parts(problem):
    """Points are whole, parts add up exactly, and agree with the array the solver saw."""
    for pair in OptimalMatching().match(problem).pairs:
        assert pair.points == sum(part.points for part in pair.parts)
        assert pair.points == problem.points[problem.row[pair.recipient], problem.column[pair.provider]]
        assert all(0 <= part.points <= part.most for part in pair.parts)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Everybody against everybody, some of them enrolled."""
    listed = draw(people())
    enrolled = {one.person: one for one in draw(enrollments(listed))}
    parts = [enrolled.get(one.id) for one in listed]
    return Block(
        listed,
        listed[::-1],
        Organization(listed),
        recipient_enrollments=parts,
        provider_enrollments=parts[::-1],
        today=TODAY,
    )


@given(blocks(), constraints)
def test_a_constraints_block_agrees_with_its_pair_function(block, constraint):
    """The fast way over columns forbids exactly what the pair function forbids, on any part of the people."""
    _agree(block, lambda part: forbidden_in(constraint, part), constraint.forbids)


@given(blocks(), criteria(must=False) | criteria(sensitive=True))
def test_a_criterions_block_agrees_with_its_pair_function(block, criterion):
    """The fast way over columns gives exactly the scores of the pair function."""
    _agree(block, lambda part: scores_in(criterion, part), criterion.score)


def _agree(block, whole, pair) -> None:
    rows, columns = block.shape
    expected = [[pair(block.case(i, j)) for j in range(columns)] for i in range(rows)]
    assert whole(block).tolist() == expected
    odd = block.take(range(1, len(block.recipients), 2))
    assert whole(odd).tolist() == expected[1::2]


@frozen
class _Initials(Criterion):
    """A third party's criterion with the pair function alone."""

    def score(self, case):
        return float(case.recipient.name[:1] == case.provider.name[:1])


class _NotTuesday(Constraint):
    """A third party's constraint with the pair function alone."""

    name = "not-tuesday"

    def forbids(self, case):
        return "Tue" in (case.recipient.name, case.provider.name)


def test_rules_of_others_need_the_pair_function_alone():
    """A criterion and a constraint without block functions work everywhere, their names in scores and reasons."""
    listed = [Person("a", name="Ada"), Person("b", name="Ann"), Person("c", name="Tue")]
    problem = MatchingProblem.from_people(
        listed,
        [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER), Enrollment("c", Role.RECIPIENT)],
        constraints=[_NotTuesday()],
        criteria=[_Initials(name="initials", weight=2)],
        titles=COACHING.titles,
    )
    matching = OptimalMatching().match(problem)
    assert matching.pairs[0].parts[0].name == "initials"
    assert matching.pairs[0].score == 1.0
    assert matching.why_unmatched("c") == 'As a coachee: the only coach is not eligible: "not-tuesday".'


@frozen
class _Peeks(Criterion):
    """Asks for a sensitive attribute without saying that it is sensitive."""

    def score(self, case):
        return float(case.recipient.get("faith", sensitive=True) == case.provider.get("faith", sensitive=True) != None)  # noqa: E711


def test_a_rule_that_does_not_say_so_sees_nothing_sensitive():
    """A criterion made without sensitive=True sees no sensitive attribute, whatever it asks for, nor its neighbours."""
    listed = [Person("a", sensitive={"faith": "x"}), Person("b", sensitive={"faith": "x"})]
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER)]
    for sensitive, points in ((False, 0), (True, UNIT)):
        problem = MatchingProblem.from_people(listed, enrolled, criteria=[_Peeks(name="p", sensitive=sensitive)])
        (pair,) = OptimalMatching().match(problem).pairs
        assert (pair.points, pair.shown_score) == (points, None if sensitive else 0.0)
    assert all(not person.sensitive for person in Organization(listed).public)


@given(people_problems(sensitive=True), st.data())
def test_other_sensitive_data_changes_nothing_but_who_is_matched(drawn, data):
    """With the same pairs, other sensitive data gives the same bands, shown parts, reasons and texts."""
    listed, enrolled, arguments = drawn
    faiths = st.fixed_dictionaries({}, optional={"faith": st.sampled_from(["red", "blue"]), "asked": st.booleans()})
    others = [evolve(person, sensitive=data.draw(faiths)) for person in listed]
    first, second = (OptimalMatching().match(build((group, enrolled, arguments))) for group in (listed, others))
    if [(pair.recipient, pair.provider) for pair in first.pairs] != [(p.recipient, p.provider) for p in second.pairs]:
        return
    for one, other in zip(first.pairs, second.pairs, strict=True):
        assert (one.band, one.shown_score, one.shown_parts) == (other.band, other.shown_score, other.shown_parts)
        assert (repr(one), repr(one.parts)) == (repr(other), repr(other.parts))
        assert one.shown_score is None
    assert first.unmatched == second.unmatched
    assert all(reason.missing is None for person in first.unmatched.values() for reason in person.reasons)
    assert first._repr_html_() == second._repr_html_()


def test_what_a_private_score_lacked_is_not_kept():
    """Where sensitive data decides who is left, no reason holds the points that were missing, not even unshown."""
    listed = [Person("a", sensitive={"faith": "x"}), Person("b"), Person("m", sensitive={"faith": "x"})]
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.RECIPIENT), Enrollment("m", Role.PROVIDER)]
    problem = MatchingProblem.from_people(listed, enrolled, criteria=[Same("faith", sensitive=True)])
    (reason,) = OptimalMatching().match(problem).unmatched["b"].reasons
    assert reason.missing is None


@pytest.mark.parametrize(
    "wrong", [Gap, OptimalMatching, Same("colour"), "gap"], ids=["class", "other", "swapped", "text"]
)
def test_what_is_no_rule_is_refused(wrong):
    """A class instead of an instance, a criterion among the constraints, or a text is refused when it is given."""
    with pytest.raises(InvalidValue, match="is none; give instances of Constraint"):
        MatchingProblem.from_people([], [], constraints=[wrong])


def _one_pair(criterion=None, constraint=None):
    listed = [Person("a"), Person("b")]
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER)]
    rules = {"criteria": [criterion] if criterion else [], "constraints": [constraint] if constraint else []}
    return OptimalMatching().match(MatchingProblem.from_people(listed, enrolled, **rules))


def test_a_block_that_contradicts_its_pair_function_is_found():
    """A criterion or a constraint whose two functions disagree is told, and the strategy is not blamed for it."""

    @frozen
    class Lying(Criterion):
        def score(self, case):
            return 0.25

        def block(self, block):
            return np.ones(block.shape)

    class Loose(Constraint):
        name = "loose"

        def forbids(self, case):
            return True

        def block(self, block):
            return np.zeros(block.shape, dtype=bool)

    with pytest.raises(InvalidValue, match="score and block of one of lying disagree on 'a' and 'b'"):
        _one_pair(Lying(name="lying"))
    with pytest.raises(WrongAnswer, match="the rules disagree on 'a' and 'b'"):
        _one_pair(constraint=Loose())


def test_answers_and_blocks_of_the_wrong_kind_are_told():
    """None, texts, triples and positions instead of ids, a block of another shape, a score that is no number."""

    @frozen
    class Odd(Criterion):
        answer: object = None

        def score(self, case):
            return self.answer

        def block(self, block):
            return self.answer if isinstance(self.answer, np.ndarray) else None

    for answer, said in ((None, "gave no score from 0 to 1 for 'a' and 'b'"), (np.ones((3, 3)), "of shape")):
        with pytest.raises(InvalidValue, match=said):
            _one_pair(Odd(answer=answer, name="odd"))
    with pytest.raises(InvalidValue, match="is for a criterion that must be met"):
        Same("colour", minimum=0.5)
    problem = MatchingProblem.from_scores([[1]])
    for wrong in (None, "abc", [("r0", "p0", 1)], [(0, 0)]):
        with pytest.raises(WrongAnswer, match="must give pairs"):
            _Says(wrong).match(problem)


def test_a_criterion_out_of_bounds_is_caught():
    """A criterion that answers more than 1 is an error that names it, and not a wrong total."""

    @frozen
    class Wild(Criterion):
        def score(self, case):
            return 1.5

    people_ = [Person("a"), Person("b")]
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER)]
    with pytest.raises(InvalidValue, match="gave no score from 0 to 1"):
        MatchingProblem.from_people(people_, enrolled, criteria=[Wild(name="wild")]).points  # noqa: B018


def test_a_must_filters_and_is_not_scored():
    """A criterion that must be met shuts out those below its minimum, gives no points, and is named in the reason."""
    skills = {"a": (), "b": ("x",), "c": ("x", "y")}
    listed = [Person(p, attributes={"wants": ("x", "y"), "skills": s}) for p, s in skills.items()]
    enrolled = [Enrollment("a", Role.RECIPIENT), *(Enrollment(p, Role.PROVIDER) for p in "bc")]
    must = Offered("wants", "skills", weight=Weight.MUST, minimum=0.75, name="skills")
    problem = MatchingProblem.from_people(listed, enrolled, criteria=[must])
    matching = OptimalMatching().match(problem)
    assert [(pair.provider, pair.points, pair.parts) for pair in matching.pairs] == [("c", 0, ())]
    assert '"skills"' in matching.why_unmatched("b")


def test_a_sensitive_criterion_cannot_shut_out():
    """Special-category data may be weighed and never be a must."""
    with pytest.raises(InvalidValue, match="cannot be 'must' for sensitive data"):
        Same("faith", sensitive=True, weight=Weight.MUST)


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), True, "high"], ids=str)
def test_a_weight_is_a_word_or_a_number_above_zero(weight):
    """Anything else is refused, a plain string included."""
    with pytest.raises(InvalidValue, match="weight"):
        Same("colour", weight=weight)


def test_the_repr_of_a_problem_counts_people():
    """However many people there are, the repr of a problem is one short line with numbers and no id."""
    ids = [f"r{i}" for i in range(200)]
    problem = MatchingProblem.from_scores(np.zeros((200, 3)), recipients=ids, seed=7)
    assert repr(problem) == "<MatchingProblem: 200 recipients, 3 providers, objective cover, seed 7>"
    pool = MatchingProblem.from_pool(scores=np.zeros((3, 3)), objective="score")
    assert repr(pool) == "<MatchingProblem: a pool of 3, objective score, seed 0>"


def test_reasons_count_what_each_rule_removes():
    """The reason of somebody without a candidate counts, for each rule, whom it shuts out, in the kind's words."""
    listed = [
        Person("low", level=1, department="x"),
        Person("near", level=1, department="y"),
        Person("high", level=5, department="x"),
        Person("same", level=2, department="x"),
    ]
    enrolled = [Enrollment("low", Role.RECIPIENT), *(Enrollment(p.id, Role.PROVIDER) for p in listed[1:])]
    rules = [Gap("level", at_least=1, at_most=3), Different("department")]
    problem = MatchingProblem.from_people(listed, enrolled, constraints=rules, titles=MENTORING.titles)
    matching = OptimalMatching().match(problem)
    assert matching.why_unmatched("low") == (
        'As a mentee: none of the 3 mentors is eligible: 2 fail "a different department", '
        '2 fail "a mentor at least 1 and at most 3 above in level". One may fail several. '
        'Without "a different department" there would be a mentor.'
    )
    assert matching.why_unmatched("near").startswith("As a mentor: the only mentee is not eligible")


def test_people_on_both_sides_are_never_matched_with_themselves():
    """Somebody on both sides, alone, is left on both, with two reasons and no pair."""
    problem = MatchingProblem.from_people([Person("a")], [Enrollment("a", Role.BOTH)])
    matching = OptimalMatching().match(problem)
    assert matching.pairs == ()
    assert [reason.cause for reason in matching.unmatched["a"].reasons] == [Cause.NOBODY_THERE] * 2
    assert matching.why_unmatched("a") == "As a mentee: there are no mentors. As a mentor: there are no mentees."


def test_nobody_is_paired_twice_with_the_same_person():
    """A recipient who wants three of a provider who takes three gets her once."""
    problem = MatchingProblem.from_scores([[5, 1]], demand=3, capacity=3)
    matching = OptimalMatching().match(problem)
    assert [(pair.recipient, pair.provider) for pair in matching.pairs] == [("r0", "p0"), ("r0", "p1")]
    assert matching.why_unmatched("r0") == "As a mentee, 2 of 3 found: there are no other mentors."


def test_prices_exist_only_for_an_optimum():
    """A worse assignment has no prices, so an answer that is not optimal is noticed."""
    open_ = Open.of(MatchingProblem.from_scores([[3, 1], [2, 2]]))
    proof = prices_of(open_, [("r0", "p0"), ("r1", "p1")])
    assert proof.flaws(open_.problem, [("r0", "p0"), ("r1", "p1")]) == []
    for worse in ([("r0", "p1"), ("r1", "p0")], [("r1", "p0")], [("r1", "p1")]):
        with pytest.raises(DevrelError, match="not optimal"):
            prices_of(open_, worse)
        assert proof.flaws(open_.problem, worse)


def test_large_scores_are_exact_or_refused():
    """Whole scores are matched exactly up to the size whose sums floating point can hold; larger ones are refused."""
    for objective in ("cover", "score"):
        scores = np.full((3, 3), 2**43) + np.eye(3, dtype=np.int64)
        matching = OptimalMatching().match(MatchingProblem.from_scores(scores, objective=objective))
        assert matching.total_points == 3 * 2**43 + 3
        for demand in (1, 2):
            problem = MatchingProblem.from_scores(scores << 6, objective=objective, demand=demand)
            with pytest.raises(InvalidValue, match="too large to be exact"):
                OptimalMatching().match(problem)
    for scores in ([[2**62, 1]], [[1e16, 1.0]], np.array([[2**63 + 1]], dtype=np.uint64)):
        with pytest.raises(InvalidValue, match="too large to be exact"):
            MatchingProblem.from_scores(scores)


@given(st.lists(st.floats(0.01, 100), max_size=9))
def test_equal_weights_give_equal_points(weights):
    """The points of a criterion are near its share of the weights, and depend on nothing but its weight."""
    found = shares(weights)
    for points, weight in zip(found, weights, strict=True):
        assert abs(points - weight / sum(weights) * UNIT) <= 0.5001
        assert points == found[weights.index(weight)]
    assert shares(weights[::-1]) == found[::-1]


@pytest.mark.parametrize("order", ["xyz", "zyx", "yxz"])
def test_the_order_of_the_criteria_decides_nothing(order):
    """Two who meet one of three equal criteria each tie, whichever comes first; the lottery decides between them."""
    people = [Person("a", attributes={"x": "1"}), Person("b", attributes={"y": "1"})]
    mentor = Person("m", attributes={"x": "1", "y": "1", "z": "1"})
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.RECIPIENT), Enrollment("m", Role.PROVIDER)]
    winners = {
        OptimalMatching()
        .match(
            MatchingProblem.from_people([*people, mentor], enrolled, criteria=[Same(name) for name in order], seed=seed)
        )
        .ids
        for seed in range(20)
    }
    assert winners == {(("a", "m"),), (("b", "m"),)}


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_narrow_numbers_are_kept_exactly(kind):
    """Scores in half or single precision become the points of the same numbers in double precision."""
    scores = np.array([[0.5, 0.25], [0.1, 0.7]], dtype=kind)
    narrow, wide = MatchingProblem.from_scores(scores), MatchingProblem.from_scores(scores.astype(np.float64))
    assert (narrow.points.tolist(), narrow.unit) == (wide.points.tolist(), wide.unit)


def test_large_capacities_leave_scores_exact():
    """Nobody has more partners than there are people, however many places she offers."""
    problem = MatchingProblem.from_scores([[1, 2]], capacity=10**9, demand=10**9)
    assert OptimalMatching().match(problem).total_score == 3


@pytest.mark.parametrize("seed", range(4))
def test_fractions_leave_room_for_later_changes(seed):
    """With scores that are no whole numbers there can be shortlists, incumbents, more demand and priority."""
    scores = np.random.default_rng(seed).random((30, 30))
    problem = MatchingProblem.from_scores(scores, incumbent=[("r0", "p0")])
    assert problem.shortlist(5)
    assert Rematching(1).match(problem).pairs
    assert OptimalMatching().match(problem.with_changes(demand=(2,) * 30)).pairs
    assert OptimalMatching().match(problem.with_changes(priority=(1,) * 30)).pairs


@pytest.mark.parametrize("seed", range(6))
def test_among_equal_totals_more_people_are_served(seed):
    """With the objective score, among equal totals and numbers of pairs whoever can be served is, whatever the lot."""
    problem = MatchingProblem.from_scores([[0, 0], [0, 0]], demand=[2, 1], objective="score", seed=seed)
    assert len(OptimalMatching().match(problem).served) == 2


def test_a_proof_belongs_to_the_strategy_that_claims_it():
    """An answer proven with a price for broken pairs is no optimal one, and does not pass as such."""
    problem = MatchingProblem.from_scores([[8, 9], [9, 8]], incumbent=[("r0", "p0"), ("r1", "p1")])
    kept = Rematching(1000).match(problem)
    kept.verify(problem)
    for told in (
        evolve(OptimalMatching().match(problem), pairs=kept.pairs, certificate=kept.certificate),
        evolve(kept, strategy=Rematching(3)),
        evolve(kept, unmatched={"r0": kept}),
        evolve(kept, provenance=evolve(kept.provenance, seed=1)),
        evolve(kept, provenance=evolve(kept.provenance, strategy="optimal")),
    ):
        with pytest.raises(WrongAnswer):
            told.verify(problem)
    with pytest.raises(WrongAnswer):
        kept.verify(problem.with_changes(seed=5))
    with pytest.raises(WrongAnswer):
        evolve(OptimalMatching().match(MatchingProblem.from_scores([[1], [2]])), unmatched={}).verify(
            MatchingProblem.from_scores([[1], [2]])
        )

    class Borrowed(MatchingStrategy):
        """A third party's strategy that hands on another one's proof."""

        name = "borrowed"

        def solve(self, problem):
            return Solution(kept.ids, certificate=kept.certificate)

    with pytest.raises(WrongAnswer, match="counts incumbent pairs"):
        Borrowed().match(problem)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"scores": [1, 2]}, "recipients by providers"),
        ({"scores": [[-1]]}, "at least 0"),
        ({"scores": [[float("nan")]]}, "at least 0"),
        ({"scores": [["x"]]}, "at least 0"),
        ({"scores": [[1]], "eligible": [[True, False]]}, "shape of the scores"),
        ({"scores": [[1]], "recipients": ["a", "b"]}, "must be 1 ids"),
        ({"scores": [[1], [1]], "recipients": ["a", "a"]}, "must all differ"),
        ({"scores": [[1]], "capacity": [1, 2]}, "or 1 of them"),
        ({"scores": [[1]], "demand": -1}, "at least 0"),
        ({"scores": [[1]], "capacity": [1.7]}, "whole number"),
        ({"scores": [[1j]]}, "at least 0"),
        ({"scores": [[1]], "objective": "covr"}, "Did you mean 'cover'"),
        ({"scores": [[1]], "recipients": ["a"], "providers": ["a"]}, "'a' is a recipient too"),
        ({"scores": [[1]], "locked": [["r0"]]}, "must be pairs"),
    ],
    ids=range(14),
)
def test_bad_arrays_are_refused(arguments, said):
    """An array of the wrong shape or content is refused with what it should be."""
    with pytest.raises(InvalidValue, match=said):
        MatchingProblem.from_scores(**arguments)


def test_fractions_keep_as_many_digits_as_stay_exact():
    """Scores that are no whole numbers become whole points; tenths add up as tenths do, in small and large problems."""
    problem = MatchingProblem.from_scores([[0.5]])
    assert (problem.unit, int(problem.points[0, 0])) == (10**12, 5 * 10**11)
    many = MatchingProblem.from_scores(np.full((300, 300), 0.3))
    assert 10**6 <= many.unit < 10**12
    tenths = MatchingProblem.from_scores([[0.1, 0.3], [0.2, 0.0]])
    assert int(tenths.points[0, 0] + tenths.points[1, 0]) == int(tenths.points[0, 1])


def test_arrays_of_a_problem_are_read_only():
    """Nobody can change the scores a matching was made from."""
    problem = MatchingProblem.from_scores([[1]])
    for array in (problem.points, problem.eligible):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0


def test_capacities_count_people():
    """A provider of capacity two takes two; one of capacity 0 takes part in nothing and is not listed as open."""
    problem = MatchingProblem.from_scores([[1, 1], [1, 1], [1, 1]], capacity=[2, 0])
    matching = OptimalMatching().match(problem)
    assert {pair.provider for pair in matching.pairs} == {"p0"}
    assert len(matching.pairs) == 2
    assert set(matching.unmatched) <= {"r0", "r1", "r2"}
    listed = [Person("a"), Person("b")]
    none = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER, Capacity(0))]
    assert MatchingProblem.from_people(listed, none).providers == ()


def test_criteria_are_told_apart_by_name():
    """Two criteria of one name would hide each other's part, and are refused."""
    with pytest.raises(InvalidValue, match="two are called 'same colour'"):
        MatchingProblem.from_people([], [], criteria=[Same("colour"), Same("colour")])


def test_strategies_are_found_by_name():
    """A misspelt strategy names the right one, and unknown parameters are refused."""
    assert isinstance(strategy_named("optimal", {}), OptimalMatching)
    with pytest.raises(InvalidValue, match="Did you mean 'optimal'"):
        strategy_named("optimum", {})
    with pytest.raises(InvalidValue, match="parameters"):
        strategy_named("optimal", {"speed": 9})


def test_a_matching_can_be_verified_again():
    """verify() accepts the problem it was made for and refuses one in which a pair is forbidden."""
    matching = OptimalMatching().match(MatchingProblem.from_scores([[1]]))
    matching.verify(MatchingProblem.from_scores([[1]]))
    with pytest.raises(WrongAnswer, match="may not be matched"):
        matching.verify(MatchingProblem.from_scores([[1]], eligible=[[False]]))
    assert matching.partners("r0") == ("p0",)
    assert matching.partners("p0") == ("r0",)
    assert "<td>p0</td><td>1.000</td>" in matching._repr_html_()
    assert repr(matching) == "<Matching: 1 pair, 0 people with something open>"


def test_larger_problems_agree_with_the_plain_solver():
    """On problems too large to try everything, coverage and total are those of the plain solver of SciPy."""
    from scipy.optimize import linear_sum_assignment

    draw = random.Random(7)
    for size in (30, 60):
        scores = np.array([[draw.choice([0, 1, 5, 7]) for _ in range(size)] for _ in range(size)])
        matching = OptimalMatching().match(MatchingProblem.from_scores(scores))
        rows, columns = linear_sum_assignment(scores, maximize=True)
        assert (len(matching.pairs), matching.total_points) == (size, int(scores[rows, columns].sum()))
