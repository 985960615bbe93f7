"""Stable matching against trying everything, its theorems as properties, and its proof against all that is changed."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from attrs import evolve, fields
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from devrel.errors import InputError, InvalidValue, UnsupportedProblem, WrongAnswer
from devrel.kinds import COACHING, Side
from devrel.matching import (
    Cause,
    MatchingProblem,
    NoBlockingPair,
    OptimalMatching,
    Preferences,
    StableMatching,
    Unlisted,
)
from devrel.matching.preferences import leave_open
from devrel.matching.strategies import strategy_named

sides = st.sampled_from(Side)
NOT_LISTED = 99


def as_groups(ranking) -> list[set[str]]:
    return [{one} if isinstance(one, str) else set(one) for one in ranking]


class Lists:
    """What a problem says, written once more from the definition: groups of ids, best first, for every person."""

    def __init__(self, lists, places, locked=()):
        self.groups = {person: as_groups(ranking) for person, ranking in lists.items()}
        self.places = places
        self.locked = set(locked)

    def rank(self, person: str, other: str) -> int:
        return next((i for i, group in enumerate(self.groups[person]) if other in group), NOT_LISTED)

    def groups_of(self, person: str) -> list[list[str]]:
        return [sorted(group) for group in self.groups[person]]

    def mutual(self, pair) -> bool:
        recipient, provider = pair
        return NOT_LISTED not in {self.rank(recipient, provider), self.rank(provider, recipient)}

    def partners(self, pairs, person: str) -> list[str]:
        return [b if a == person else a for a, b in pairs if person in {a, b}]

    def would_rather(self, pairs, person: str, other: str) -> bool:
        free = self.partners(set(pairs) - self.locked, person)
        if len(self.partners(pairs, person)) < self.places[person]:
            return True
        return any(self.rank(person, one) > self.rank(person, other) for one in free)

    def is_stable(self, pairs, edges) -> bool:
        if not all(self.mutual(pair) for pair in set(pairs) - self.locked):
            return False
        return not any(
            self.would_rather(pairs, a, b) and self.would_rather(pairs, b, a)
            for a, b in set(edges) - set(pairs)
            if self.mutual((a, b))
        )

    def all_stable(self, edges) -> list[frozenset]:
        """Every stable matching there is, by trying all."""
        found = []
        for count in range(len(edges) + 1):
            for pairs in combinations(edges, count):
                loads = Counter(person for pair in pairs for person in pair)
                fits = all(load <= self.places[person] for person, load in loads.items())
                if fits and self.locked <= set(pairs) and self.is_stable(pairs, edges):
                    found.append(frozenset(pairs))
        return found

    def ranks(self, pairs, person: str) -> list[int]:
        """The ranks of somebody's partners, best first; an empty place is worse than everybody."""
        told = sorted(self.rank(person, one) for one in self.partners(pairs, person))
        return told + [NOT_LISTED] * (self.places[person] - len(told))


@st.composite
def rankings(draw: st.DrawFn, others: list[str], ties: bool):
    listed = draw(st.permutations(others))[: draw(st.integers(0, len(others)))]
    if not ties:
        return list(listed)
    ranking, group = [], []
    for one in listed:
        group.append(one)
        if draw(st.booleans()):
            ranking.append(draw(st.sampled_from([tuple, list, set]))(group) if len(group) > 1 else group[0])
            group = []
    return ranking + ([tuple(group)] if group else [])


@st.composite
def stated(draw: st.DrawFn, *, ties: bool = False, demand: int = 1, most: int = 3):
    """A problem of ranked people, and the same as lists."""
    rows = [f"r{i}" for i in range(draw(st.integers(0, most)))]
    columns = [f"p{j}" for j in range(draw(st.integers(0, 3)))]
    recipients = {one: draw(rankings(columns, ties)) for one in rows}
    providers = {one: draw(rankings(rows, ties)) for one in columns}
    capacity = {one: draw(st.integers(0, 2)) for one in columns}
    wants = {one: draw(st.integers(0, demand)) if demand > 1 else 1 for one in rows}
    problem = MatchingProblem.from_preferences(
        recipients, providers, capacity=capacity, seed=draw(st.integers(0, 99))
    ).with_changes(demand=tuple(wants[one] for one in sorted(rows)))
    return problem, Lists({**recipients, **providers}, {**wants, **capacity})


def edges_of(problem: MatchingProblem) -> list[tuple[str, str]]:
    return [(problem.recipients[i], problem.providers[j]) for i, j in np.argwhere(problem.eligible)]


@given(stated(ties=True, demand=2), sides)
@settings(max_examples=150)
def test_the_answer_is_one_of_the_stable_ones(drawn, proposing):
    """With ties, capacities, incomplete lists and several partners, nobody would leave together with somebody else."""
    problem, lists = drawn
    assert frozenset(StableMatching(proposing).match(problem).ids) in lists.all_stable(edges_of(problem))


@given(stated(most=4), sides)
@settings(max_examples=150)
def test_the_proposing_side_gets_the_best_and_the_other_the_worst_of_all_stable_answers(drawn, proposing):
    """With strict lists no stable matching is better for any proposer, or worse for anybody on the other side."""
    problem, lists = drawn
    pairs = StableMatching(proposing).match(problem).ids
    best, worst = (problem.recipients, problem.providers)[:: 1 if proposing is Side.RECIPIENT else -1]
    for other in lists.all_stable(edges_of(problem)):
        for person in best:
            both = zip(lists.ranks(pairs, person), lists.ranks(other, person), strict=True)
            assert all(mine <= theirs for mine, theirs in both)
        for person in worst:
            both = zip(lists.ranks(pairs, person), lists.ranks(other, person), strict=True)
            assert all(mine >= theirs for mine, theirs in both)


@given(stated(most=4))
def test_who_is_served_is_the_same_in_every_stable_answer(drawn):
    """The rural hospitals theorem: the same recipients, the same loads, and the same people where a place is free."""
    problem, lists = drawn
    first, *rest = [StableMatching(side).match(problem).ids for side in Side] + lists.all_stable(edges_of(problem))
    for other in rest:
        assert {recipient for recipient, _ in first} == {recipient for recipient, _ in other}
        for provider in problem.providers:
            mine, theirs = lists.partners(first, provider), lists.partners(other, provider)
            assert len(mine) == len(theirs)
            assert set(mine) == set(theirs) or len(mine) == lists.places[provider]


@given(stated(ties=True, demand=2), sides, st.randoms(use_true_random=False))
def test_the_order_of_the_input_means_nothing(drawn, proposing, shuffle):
    """Lists that come in another order, and ties written in another order, give the same problem and answer."""
    problem, lists = drawn

    def shuffled(people):
        people = list(people)
        shuffle.shuffle(people)
        return {
            one: [tuple(shuffle.sample(sorted(group), len(group))) for group in lists.groups[one]] for one in people
        }

    recipients, providers = shuffled(problem.recipients), shuffled(problem.providers)
    capacity = [lists.places[one] for one in providers]
    again = MatchingProblem.from_preferences(recipients, providers, capacity=capacity, seed=problem.seed)
    again = again.with_changes(demand=problem.demand)
    assert again.fingerprint == problem.fingerprint
    assert StableMatching(proposing).match(again).ids == StableMatching(proposing).match(problem).ids


@st.composite
def scored(draw: st.DrawFn):
    """A problem of scores, some people with lists of their own, and the lists that come out for each policy."""
    rows, columns = [f"r{i}" for i in range(draw(st.integers(1, 3)))], [f"p{j}" for j in range(draw(st.integers(1, 3)))]
    cell = st.integers(0, 3)
    points = np.array([[draw(cell) for _ in columns] for _ in rows])
    able = np.array([[draw(st.integers(0, 3)) > 0 for _ in columns] for _ in rows])
    silent = draw(st.booleans())
    told = [
        {one: [] if silent else draw(rankings(others, True)) for one in side}
        for side, others in ((rows, columns), (columns, rows))
    ]
    capacity = draw(st.lists(st.integers(0, 2), min_size=len(columns), max_size=len(columns)))
    demand = draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    problem = MatchingProblem.from_scores(
        points, eligible=able, capacity=capacity, demand=demand, seed=draw(st.integers(0, 9))
    )
    if not silent or draw(st.booleans()):
        problem = problem.with_changes(preferences=Preferences.from_rankings(*told))
    edges = edges_of(problem)

    def completed(policy: Unlisted) -> Lists:
        whole = {}
        for person, ranking in {**told[0], **told[1]}.items():
            others = {
                b if a == person else a: int(points[rows.index(a), columns.index(b)])
                for a, b in edges
                if person in {a, b}
            }
            groups = [group & others.keys() for group in as_groups(ranking)]
            left = {} if ranking and policy is Unlisted.NEVER else others.keys() - set().union(*groups)
            by_score = [{one for one in left if others[one] == score} for score in sorted(set(others.values()))[::-1]]
            whole[person] = [sorted(group) for group in [*groups, *by_score] if group]
        return Lists(whole, dict(zip([*rows, *columns], [*demand, *capacity], strict=True)), problem.locked)

    return problem, completed


@given(scored(), sides, st.sampled_from(Unlisted))
@settings(max_examples=150)
def test_scores_stand_in_where_nothing_was_stated(drawn, proposing, policy):
    """Whoever may be matched and is not listed comes after the others by score, or never, as was asked."""
    problem, completed = drawn
    matching = StableMatching(proposing, policy).match(problem)
    assert frozenset(matching.ids) in completed(policy).all_stable(edges_of(problem))


@given(scored(), sides, st.sampled_from(Unlisted), st.data())
def test_locked_pairs_are_set_aside(drawn, proposing, policy, data):
    """With a locked pair the answer holds it, and is stable among the other pairs and the places left."""
    problem, completed = drawn
    able = [
        pair
        for pair in edges_of(problem)
        if problem.demand[problem.row[pair[0]]] and problem.capacity[problem.column[pair[1]]]
    ]
    assume(able)
    problem = problem.with_changes(locked=[data.draw(st.sampled_from(able))])
    lists = completed(policy)
    lists.locked = set(problem.locked)
    matching = StableMatching(proposing, policy).match(problem)
    assert frozenset(matching.ids) in lists.all_stable(edges_of(problem))
    assert any("set aside" in note for note in matching.provenance.notes)


@given(scored(), sides, st.sampled_from(Unlisted))
@settings(max_examples=40)
def test_the_proof_accepts_the_stable_answers_and_no_other(drawn, proposing, policy):
    """Of all sets of pairs that fit, those without flaws are those that trying everything calls stable."""
    problem, completed = drawn
    proof = StableMatching(proposing, policy).match(problem).certificate
    lists, edges = completed(policy), edges_of(problem)
    expected = set(lists.all_stable(edges))
    for count in range(len(edges) + 1):
        for pairs in combinations(edges, count):
            loads = Counter(person for pair in pairs for person in pair)
            if all(load <= lists.places[person] for person, load in loads.items()):
                assert (not proof.flaws(problem, pairs)) == (frozenset(pairs) in expected)


@given(scored(), sides, st.sampled_from(Unlisted))
def test_block_by_block_is_as_all_at_once(drawn, proposing, policy):
    """Where every recipient is a block of her own, the answer and its certificate stay what they are."""
    problem, _ = drawn
    whole, plain = StableMatching(proposing, policy).match(problem), MatchingProblem.blocks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MatchingProblem, "blocks", lambda self: plain(self, 1))
        parts = StableMatching(proposing, policy).match(problem.with_changes(seed=problem.seed))
        parts.verify(problem)
    assert (parts.ids, parts.certificate) == (whole.ids, whole.certificate)
    assert parts.unmatched == whole.unmatched


@given(scored(), st.sampled_from(Unlisted))
def test_completed_lists_are_those_of_the_definition(drawn, policy):
    """Completed, everybody ranks whom she may have in the order of her list, then of the scores, and nobody else."""
    problem, completed = drawn
    assume(problem.preferences is not None)
    told, lists = problem.preferences.completed(problem.eligible, problem.points, policy), completed(policy)
    for person, ranks in [
        *zip(problem.recipients, told.recipients, strict=True),
        *zip(problem.providers, told.providers.T, strict=True),
    ]:
        others = problem.providers if person in problem.recipients else problem.recipients
        groups = [{one for one, rank in zip(others, ranks, strict=True) if rank == value} for value in np.unique(ranks)]
        listed = [group for group in groups if NOT_LISTED not in {lists.rank(person, one) for one in group}]
        assert [sorted(group) for group in listed] == lists.groups_of(person)


def test_points_rank_both_sides_alike():
    """The better score is the better rank, for recipients and for providers, and what is not eligible is not listed."""
    told = Preferences.from_points(np.array([[3, 5], [5, 5]]))
    assert (np.argsort(told.recipients[0]) == [1, 0]).all()
    assert told.providers[0, 0] > told.providers[1, 0]
    assert told.recipients[1, 0] == told.recipients[1, 1]
    some = Preferences.from_points(np.array([[3, 5]]), np.array([[True, False]]))
    assert some.acceptable.tolist() == [[True, False]]


@given(st.one_of(scored().map(lambda drawn: drawn[0]), stated(ties=True).map(lambda drawn: drawn[0])), st.data())
def test_a_changed_certificate_is_refused(problem, data):
    """A certificate that speaks of other preferences, or of another number of acceptable pairs, is refused."""
    matching = StableMatching(unlisted=data.draw(st.sampled_from(Unlisted))).match(problem)
    proof = matching.certificate
    assert {one.name for one in fields(NoBlockingPair)} == {"unlisted", "acceptable"}
    others = [evolve(proof, unlisted=policy) for policy in {None, *Unlisted} - {proof.unlisted}]
    more = data.draw(st.integers(1, 10**6))
    for wrong in [*others, evolve(proof, acceptable=proof.acceptable + more)]:
        with pytest.raises(WrongAnswer, match="not proven"):
            evolve(matching, certificate=wrong).verify(problem)
    assert (proof.unlisted is not None) == leave_open(problem)


def test_a_blocking_pair_is_named():
    """An answer that two people would leave is refused with their ids."""
    problem = MatchingProblem.from_preferences({"a": ["x", "y"], "b": ["x", "y"]}, {"x": ["a", "b"], "y": ["a", "b"]})
    proof = NoBlockingPair(None, 4)
    assert proof.flaws(problem, [("a", "y"), ("b", "x")]) == ["'a' and 'x' would both rather have each other"]
    assert proof.flaws(problem, [("a", "x")]) == ["'b' and 'y' would both rather have each other"]
    assert proof.flaws(problem, [("a", "x"), ("b", "y")]) == []


@given(st.integers(0, 10**6), st.sampled_from(["resident", "hospital"]))
@settings(max_examples=60)
def test_another_implementation_finds_the_same(seed, optimal):
    """On strict lists with capacities the package ``matching`` ends with the same pairs, whichever side proposes."""
    from matching.games import HospitalResident

    draw = random.Random(seed)
    rows, columns = [f"r{i}" for i in range(draw.randint(1, 9))], [f"p{j}" for j in range(draw.randint(1, 6))]
    able = {(r, p) for r in rows for p in columns if draw.random() < 0.7}
    recipients = {r: draw.sample(mine, len(mine)) for r in rows if (mine := [p for p in columns if (r, p) in able])}
    providers = {p: draw.sample(mine, len(mine)) for p in columns if (mine := [r for r in rows if (r, p) in able])}
    capacity = {p: draw.randint(1, 3) for p in providers}
    game = HospitalResident.create_from_dictionaries(recipients, providers, capacity)
    theirs = {(one.name, mine.name) for mine, several in game.solve(optimal).items() for one in several}
    proposing = Side.RECIPIENT if optimal == "resident" else Side.PROVIDER
    problem = MatchingProblem.from_preferences(recipients, providers, capacity=capacity)
    assert set(StableMatching(proposing).match(problem).ids) == theirs


EVERY_LIST = [list(order) for count in range(4) for order in permutations(["p0", "p1", "p2"], count)]


def gains_by_lying(strategy, recipients, providers, capacity) -> bool:
    """Whether some recipient gets somebody better, by her true list, with any other list she could state."""

    def rank(person, lists) -> int:
        problem = MatchingProblem.from_preferences(lists, providers, capacity=capacity)
        partners = strategy.match(problem).partners(person)
        told = [i for i, group in enumerate(as_groups(recipients[person])) for one in partners if one in group]
        return told[0] if told else 98 + len(partners)  # somebody not on the true list is worse than nobody

    truth = {person: rank(person, recipients) for person in recipients}
    return any(rank(person, {**recipients, person: lie}) < truth[person] for person in recipients for lie in EVERY_LIST)


@given(st.data())
@settings(max_examples=15)
def test_no_recipient_gains_by_lying_when_recipients_propose(data):
    """Over all permutations and truncations of three, nobody gets somebody better than with the truth, ties or not."""
    rows, columns = ["r0", "r1", "r2", "r3"], ["p0", "p1", "p2"]
    recipients = {one: data.draw(rankings(columns, True)) for one in rows}
    providers = {one: data.draw(rankings(rows, True)) for one in columns}
    capacity = data.draw(st.lists(st.integers(1, 2), min_size=3, max_size=3))
    assert not gains_by_lying(StableMatching(), recipients, providers, capacity)


def test_a_recipient_may_gain_by_lying_when_providers_propose():
    """The promise is of the proposing side alone: here a shorter list gets a recipient her first choice."""
    recipients = {"r0": ["p0", "p1"], "r1": ["p1", "p0"]}
    providers = {"p0": ["r1", "r0"], "p1": ["r0", "r1"], "p2": []}
    assert gains_by_lying(StableMatching("provider"), recipients, providers, 1)
    assert not gains_by_lying(StableMatching(), recipients, providers, 1)


def test_ties_are_drawn_evenly_and_noted():
    """Recipients whom a provider ranks equal get her equally often, over many seeds, and the notes tell of the lot."""
    people = {"a": ["x"], "b": ["x"], "c": ["x"]}
    matchings = [
        StableMatching().match(MatchingProblem.from_preferences(people, {"x": [("a", "b", "c")]}, seed=seed))
        for seed in range(600)
    ]
    winners = Counter(matching.pairs[0].recipient for matching in matchings)
    assert chisquare(list(winners.values())).pvalue > 0.001
    assert len(winners) == 3
    note = "Ties on 1 list were broken by priority and lot, seed 7."
    assert matchings[7].provenance.notes == ("The preferences are the lists that were stated.", note)


def test_priority_goes_before_the_lot():
    """Among those whom a provider ranks equal, whoever has priority is served; a better rank still goes first."""
    for seed in range(20):
        for providers, winner in (({"x": [("a", "b")]}, "b"), ({"x": ["a", "b"]}, "a")):
            problem = MatchingProblem.from_preferences({"a": ["x"], "b": ["x"]}, providers, seed=seed)
            assert StableMatching().match(problem.with_changes(priority=(0, 1))).ids == ((winner, "x"),)


def test_thousands_of_rejections_in_a_row_need_no_stack():
    """Everybody has the same list, so that each proposal pushes somebody on: far more than a call stack holds."""
    count = 1200
    rows, columns = [f"r{i:04d}" for i in range(count)], [f"p{i:04d}" for i in range(count)]
    problem = MatchingProblem.from_preferences(dict.fromkeys(rows, columns), dict.fromkeys(columns, rows))
    assert StableMatching().match(problem).ids == tuple(zip(rows, columns, strict=True))


def test_everything_wrong_with_the_lists_is_told_at_once():
    """Unknown ids, an id twice, oneself, and what is no list or no id come in one error, each with its place."""
    with pytest.raises(InputError) as caught:
        Preferences.from_rankings(
            {"a": ["x", "nobody"], "b": ["x", ("y", "x")], "c": "xy", "d": {"x", "y"}, "both": ["both", 7]},
            {"x": ["a", "a"], "y": ["both"], "both": ["both"]},
        )
    assert [(one.column, one.wrong) for one in caught.value.problems] == [
        ("recipients, a", "ranks 'nobody', who is no provider"),
        ("recipients, b", "ranks 'x' twice"),
        ("recipients, c", "the ranking is no list"),
        ("recipients, d", "the ranking is no list"),
        ("recipients, both", "ranks herself"),
        ("recipients, both", "the ranking holds something that is no id"),
        ("providers, x", "ranks 'a' twice"),
        ("providers, both", "ranks herself"),
    ]
    with pytest.raises(InputError, match="an id is no text"):
        Preferences.from_rankings({1: []}, {})
    with pytest.raises(InvalidValue, match="'a' is a recipient too"):
        MatchingProblem.from_preferences({"a": []}, {"a": []})


def test_a_rank_counts_those_listed_before():
    """Ties share a rank, the next rank leaves room for all of them, and who is not listed has none."""
    told = Preferences.from_rankings({"a": ["z", {"x", "y"}, "w"], "b": []}, {one: [] for one in "vwxyz"})
    no = Preferences.NOT_LISTED
    assert told.recipients.tolist() == [[no, 3, 1, 1, 0], [no] * 5]
    assert not told.recipients.flags.writeable
    assert not told.acceptable.any()


@pytest.mark.parametrize(
    "arrays", [([[0]], [[0, 1]]), ([[-1]], [[0]]), ([[0.5]], [[0]]), ([0], [0]), ([[2**62 + 1]], [[0]])]
)
def test_preferences_are_arrays_of_ranks(arrays):
    """Arrays of two shapes, of other than whole numbers, or beyond the bounds are refused."""
    with pytest.raises(InvalidValue, match="preferences"):
        Preferences(*arrays)


def test_preferences_have_the_shape_of_their_problem_and_are_part_of_it():
    """Preferences of other people are refused, and other preferences make another problem."""
    problem = MatchingProblem.from_scores([[1, 1]])
    with pytest.raises(InvalidValue, match="the shape of the problem"):
        problem.with_changes(preferences=Preferences([[0]], [[0]]))
    prints = {
        problem.with_changes(preferences=told).fingerprint
        for told in (None, Preferences([[0, 1]], [[0, 0]]), Preferences([[1, 0]], [[0, 0]]))
    }
    assert len(prints) == 3


def test_scores_of_lists_are_the_mean_of_both_shares():
    """The first of two is worth 1, the second a half; both sides count alike, and the optimal matching works on it."""
    problem = MatchingProblem.from_preferences({"a": ["x", "y"], "b": ["x", "y"]}, {"x": ["b", "a"], "y": [("a", "b")]})
    assert problem.points.tolist() == [[750_000, 750_000], [1_000_000, 750_000]]
    assert OptimalMatching().match(problem).ids == (("a", "y"), ("b", "x"))
    alone = MatchingProblem.from_preferences({"a": ["x"]}, {"x": []})
    assert not alone.eligible.any()
    assert alone.forbidden_by("a", "x") == ("listed by both",)


@pytest.mark.parametrize("capacity", [2, [2, 2], {"y": 2, "x": 2}])
def test_capacities_come_as_one_number_a_list_or_by_id(capacity):
    """All three ways say the same."""
    assert MatchingProblem.from_preferences({}, {"y": [], "x": []}, capacity=capacity).capacity == (2, 2)


def test_capacities_follow_their_providers():
    """A list of capacities goes by the order of the providers given, and an id too many or too few is refused."""
    lists = {"y": [], "x": []}
    assert MatchingProblem.from_preferences({}, lists, capacity=[3, 1]).capacity == (1, 3)
    for wrong in ({"y": 1}, {"y": 1, "x": 1, "z": 1}, [1], -1, 1.5, {"y": 1, "x": "1"}):
        with pytest.raises(InvalidValue, match="capacity"):
            MatchingProblem.from_preferences({}, lists, capacity=wrong)


def test_what_it_does_not_support_is_refused_by_name():
    """Minimum loads and the objective score mean nothing to stability."""
    for more, name in (({"minimum": 1}, "minimum"), ({"objective": "score"}, "objective 'score'")):
        with pytest.raises(UnsupportedProblem, match=name):
            StableMatching().match(MatchingProblem.from_scores([[1]], **more))


def test_it_is_chosen_by_name_with_texts():
    """A program file says who proposes and what it means not to be listed in words, and hears what else there is."""
    strategy = strategy_named("stable", {"proposing": "provider", "unlisted": "never"})
    assert strategy == StableMatching(Side.PROVIDER, Unlisted.NEVER)
    assert strategy.parameters() == {"proposing": "provider", "unlisted": "never"}
    with pytest.raises(InvalidValue, match="Did you mean 'provider'"):
        strategy_named("stable", {"proposing": "providers"})
    with pytest.raises(InvalidValue, match="unlisted"):
        StableMatching(unlisted=["after"])
    with pytest.raises(InvalidValue, match="it takes: proposing, unlisted"):
        strategy_named("stable", {"first": "provider"})


def reasons(problem: MatchingProblem, strategy=None):
    found = (strategy or StableMatching()).match(problem).unmatched
    return {person: (one.reasons[0].cause, one.reasons[0].text) for person, one in found.items()}


def test_who_is_left_by_preferences_hears_numbers_and_no_names():
    """A free provider who is not on both lists, others who were preferred, and nobody on both lists, are told apart."""
    told = reasons(
        MatchingProblem.from_preferences(
            {"a": ["x"], "b": ["x"], "c": ["x", "y"], "d": []}, {"x": ["a", "b", "c"], "y": ["b"]}
        ).with_changes(titles=COACHING.titles)
    )
    assert told["b"] == (
        Cause.PREFERENCE,
        "As a coachee: 1 coach with a free place (of 2) and this coachee did not both list each other; the only "
        "eligible coach (of 2) was matched with 1 other coachee, ranked at least as high.",
    )
    assert told["d"] == (
        Cause.PREFERENCE,
        "As a coachee: 1 coach with a free place (of 2) and this coachee did not both list each other.",
    )
    assert told["y"][0] is Cause.PREFERENCE
    assert "3 coachees with a free place (of 4) and this coach did not both list each other" in told["y"][1]
    full = reasons(MatchingProblem.from_preferences({"a": ["x"], "b": ["x"], "c": []}, {"x": ["a", "b"]}))
    assert full["b"] == (
        Cause.OUTBID,
        "As a mentee: the only eligible mentor (of 1) was matched with 1 other mentee, ranked at least as high.",
    )
    both = reasons(MatchingProblem.from_preferences({"a": ["x"], "b": ["y"], "c": []}, {"x": ["a"], "y": ["b"]}))
    assert both["c"][1] == "As a mentee: none of the 2 mentors and this mentee both listed each other."
    assert full["c"] == (Cause.PREFERENCE, "As a mentee: the only mentor and this mentee did not both list each other.")


def test_the_rules_and_the_lists_are_told_apart():
    """Never taking who is not listed is a preference; what the rules forbid is none, and the scores rank nobody out."""
    problem = MatchingProblem.from_scores([[5, 1], [5, 1], [5, 0]], eligible=[[1, 1], [1, 1], [0, 0]])
    lists = Preferences.from_rankings({"r0": ["p0"], "r1": ["p0"], "r2": []}, {"p0": ["r0", "r1"], "p1": []})
    told = reasons(problem.with_changes(preferences=lists), StableMatching(unlisted="never"))
    assert {person: cause for person, (cause, _) in told.items()} == {
        "r1": Cause.PREFERENCE,
        "r2": Cause.NO_CANDIDATE,
        "p1": Cause.PREFERENCE,
    }
    told = reasons(problem.with_changes(preferences=lists))
    assert {person: cause for person, (cause, _) in told.items()} == {"r2": Cause.NO_CANDIDATE}
    optimal = reasons(problem.with_changes(preferences=lists), OptimalMatching())
    assert {person: cause for person, (cause, _) in optimal.items()} == {"r2": Cause.NO_CANDIDATE}


@given(
    st.one_of(scored().map(lambda drawn: drawn[0]), stated(ties=True, demand=2).map(lambda drawn: drawn[0])),
    st.sampled_from(Unlisted),
)
def test_nobody_is_left_for_no_reason(problem, policy):
    """Stability leaves no eligible candidate free whom both would take, and every reason's numbers fit its cause."""
    for person in StableMatching(unlisted=policy).match(problem).unmatched.values():
        for reason in person.reasons:
            assert reason.cause is not Cause.NOT_USED
            assert reason.cause is Cause.PREFERENCE or not reason.unlisted
            assert reason.rivals or reason.cause is not Cause.OUTBID
