"""Large problems: what is said of an answer is the same, and no array of all pairs is made for it."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from devrel._records import not_collecting
from devrel.errors import InfeasibleProblem, InvalidValue, UnsupportedProblem, WrongAnswer
from devrel.kinds import Side
from devrel.matching import (
    Constraint,
    Criterion,
    Feature,
    Matching,
    MatchingProblem,
    MatchingStrategy,
    OptimalMatching,
    PeerMatching,
    Roster,
    Same,
    Solution,
    StableMatching,
    asked,
    explain,
    feasible,
    problem,
    shortage,
)
from devrel.matching.asked import judged_pairs
from devrel.matching.feasible import refuse_impossible
from devrel.matching.reasons import OnDemand
from devrel.matching.shortage import shortages
from devrel.matching.sparse import proving
from devrel.matching.table import RuleTable
from devrel.people import Person
from tests.generate import build, people_problems, problems, score_problems

STRATEGIES = [OptimalMatching(), StableMatching(), StableMatching(unlisted="never")]


@contextmanager
def large() -> Iterator[None]:
    """Take every problem for a large one, and break whatever makes an array of all its pairs."""

    def refuse(_: object) -> None:
        raise AssertionError("an array of all pairs was made")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problem, "LARGE_PAIRS", -1)
        patch.setattr(MatchingProblem, "_judged", refuse)
        patch.setattr(asked, "_BLOCK", 2)
        patch.setattr(shortage, "_PAIRS", 3)
        patch.setattr(shortage, "_FIRST", 1)
        yield


@frozen
class Given(MatchingStrategy):
    """Gives the answer that another strategy gave."""

    solution: Solution = field(repr=False)

    name = "given"
    supports = frozenset(Feature)

    def solve(self, problem):
        return self.solution

    @classmethod
    def of(cls, matching: Matching) -> Given:
        return cls(Solution(matching.ids, [one.members for one in matching.groups], matching.certificate))


def in_short_and_at_large(given_: MatchingProblem, matching: Matching) -> tuple[Matching, Matching]:
    """Return an answer as it is told of a small problem, less what a better score would change, and of a large one."""
    answer = Given.of(matching)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explain, "missing_points", lambda *_: {})
        short = answer.match(evolve(given_))
    with large():
        return short, answer.match(evolve(given_))


@given(problems, st.sampled_from(STRATEGIES))
def test_reasons_of_a_large_problem_are_the_same(given_, strategy):
    """Whoever is left is known at once, and why is told in the same words as of a small problem, once it is asked."""
    try:
        matching = strategy.match(given_)
    except UnsupportedProblem:
        return
    short, long = in_short_and_at_large(given_, matching)
    assert isinstance(long.unmatched, OnDemand)
    assert not isinstance(short.unmatched, OnDemand)
    assert not any(long.unmatched._data.values())
    assert [*long.unmatched] == [*short.unmatched]
    assert long.pairs == short.pairs
    assert repr(long) == repr(short)
    with large():
        for person in reversed([*short.unmatched]):
            assert person in long.unmatched
            assert long.why_unmatched(person) == short.why_unmatched(person)
        assert long.unmatched == short.unmatched
        assert short == long
        assert long.unmatched.get("nobody") is None
        long.verify(evolve(given_))


@given(st.integers(0, 10**6), st.sampled_from([PeerMatching(), PeerMatching((2, 3), starts=2)]))
def test_reasons_of_a_large_pool_are_the_same(seed, strategy):
    """In a pool, too, with pairs or circles."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 8))
    pool = MatchingProblem.from_pool(scores=rng.integers(0, 5, (size, size)), eligible=rng.random((size, size)) < 0.7)
    short, long = in_short_and_at_large(pool, strategy.match(pool))
    with large():
        assert dict(long.unmatched) == dict(short.unmatched)
        assert long == short


@given(problems)
def test_a_large_matching_can_be_kept_and_brought_back(given_):
    """A matching whose reasons were not all asked for is the same after it was pickled."""
    _, long = in_short_and_at_large(given_, OptimalMatching().match(given_))
    with large():
        again = pickle.loads(pickle.dumps(long))
        assert again == long
        assert again.to_columns() == long.to_columns()
        assert again._repr_html_() == long._repr_html_()
        assert hash(again.unmatched) == hash(long.unmatched)


@given(problems, st.data())
def test_a_few_pairs_are_judged_as_all_are(given_, data):
    """Some recipients against some providers, in any order, get what the arrays of all pairs have there."""
    pair = st.tuples(st.sampled_from(given_.recipients or ("",)), st.sampled_from(given_.providers or ("",)))
    barred = data.draw(st.sets(pair, max_size=3)) if all(given_.shape) else ()
    made = given_.with_changes(barred=barred)
    rows, columns = (np.array(data.draw(st.permutations(range(size))), dtype=np.intp) for size in made.shape)
    some = rows[: data.draw(st.integers(0, len(rows)))], columns[: data.draw(st.integers(0, len(columns)))]
    expected = [array[np.ix_(*some)].tolist() for array in (made.eligible, made.points)]
    every = np.argwhere(np.ones(made.shape))
    single = [array[every[:, 0], every[:, 1]].tolist() for array in (made.eligible, made.points)]
    with large():
        assert [array.tolist() for array in evolve(made).judged_at(*some)] == expected
        assert [array.tolist() for array in judged_pairs(evolve(made), every[:, 0], every[:, 1])] == single


@given(people_problems().map(build), st.data())
def test_what_rules_remove_of_one_person_is_what_they_forbid_her(given_, data):
    """Of whoever is asked, each rule removes as many candidates as it forbids, asked pair by pair."""
    sides = given_.shape
    rows, columns = (data.draw(st.lists(st.integers(0, size - 1), unique=True)) if size else [] for size in sides)
    table = given_.table
    mine, theirs = table.removals(rows, columns)

    def counted(pairs: list[tuple[int, int]]) -> dict[str, int]:
        others = [(i, j) for i, j in pairs if given_.recipients[i] != given_.providers[j]]
        told = [title for pair in others for title in table.forbidden_by(*pair)]
        return {title: told.count(title) for title in told}

    assert [dict(one.removed) for one in mine] == [counted([(i, j) for j in range(sides[1])]) for i in rows]
    assert [dict(one.removed) for one in theirs] == [counted([(i, j) for i in range(sides[0])]) for j in columns]


def parts_of(able: np.ndarray) -> list[tuple[set[int], set[int]]]:
    """Return which recipients and which providers ways of eligible pairs lead between."""
    found: list[tuple[set[int], set[int]]] = []
    for j in range(able.shape[1]):
        mine, theirs = set(np.flatnonzero(able[:, j]).tolist()), {j}
        for part in [part for part in found if part[0] & mine]:
            found.remove(part)
            mine, theirs = mine | part[0], theirs | part[1]
        found.append((mine, theirs))
    return found


@given(st.integers(0, 10**6), st.floats(0.02, 0.4), st.integers(1, 40))
def test_a_shortage_is_a_part_in_which_all_places_are_taken(seed, share, pairs_at_once):
    """Of those without a partner, whoever can reach only taken places shares them with all whom ways lead to."""
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(1, 12)), int(rng.integers(1, 9))
    made = MatchingProblem.from_scores(
        np.zeros(shape), eligible=rng.random(shape) < share, capacity=rng.integers(0, 3, shape[1]).tolist()
    )
    matching = OptimalMatching().match(made)
    rows = np.array([made.row[one] for one, _ in matching.ids], dtype=np.intp)
    columns = np.array([made.column[one] for _, one in matching.ids], dtype=np.intp)
    loads, capacity = np.bincount(columns, minlength=shape[1]), np.array(made.capacity)
    alone = sorted({*range(shape[0])} - set(rows.tolist()))
    reached, met, front = set(alone), set(), set(alone)
    while front:
        met |= set(np.flatnonzero(made.eligible[sorted(front)].any(axis=0)).tolist())
        front = {int(i) for i, j in zip(rows, columns, strict=True) if j in met} - reached
        reached |= front
    able = made.eligible.copy()
    able[sorted({*range(shape[0])} - reached)] = False
    able[:, sorted({*range(shape[1])} - met)] = False
    expected = {}
    for mine, theirs in parts_of(able):
        if theirs <= met and (loads[sorted(theirs)] >= capacity[sorted(theirs)]).all():
            told = [made.recipients[i] for i in sorted(mine)], [made.providers[j] for j in sorted(theirs)]
            expected.update(dict.fromkeys(mine & set(alone), told))
    with large(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortage, "_PAIRS", pairs_at_once)
        found = shortages(evolve(made), rows, columns)
    assert {i: (list(one.recipients), list(one.providers)) for i, one in found.items()} == expected
    assert all(
        one.places == sum(made.capacity[made.column[provider]] for provider in one.providers) for one in found.values()
    )


def refusal(given_: MatchingProblem) -> str:
    try:
        refuse_impossible(given_)
    except InfeasibleProblem as error:
        return str(error)
    return ""


@given(score_problems(minimum=3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_minimum_loads_are_refused_alike_however_few_pairs_are_looked_at(made, more, rows, columns):
    """Minimum loads that cannot be reached have the same witness, and those that can be reached pass."""
    told = refusal(evolve(made))
    with large(), pytest.MonkeyPatch.context() as patch:
        for name, value in (("_MORE", more), ("_ROWS", rows), ("_COLUMNS", columns)):
            patch.setattr(feasible, name, value)
        assert refusal(evolve(made)) == told


@frozen
class Counting(Constraint):
    """Forbids nothing, and counts how often it is asked about a pair."""

    name = "counting"

    asked: list = field(factory=list)

    def forbids(self, case):
        self.asked.append((case.recipient.id, case.provider.id))
        return False

    def block(self, block):
        return np.zeros(block.shape, dtype=bool)


@frozen
class Scoring(Criterion):
    """Gives one and the same score; what its block gives may differ, and it counts how often it is asked."""

    asked: list = field(factory=list, kw_only=True)
    of_block: float = field(default=0.5, kw_only=True)

    def score(self, case):
        self.asked.append((case.recipient.id, case.provider.id))
        return 0.5

    def block(self, block):
        return np.full(block.shape, self.of_block)


def table_of(people: int, **columns) -> Roster:
    ids = [f"x{number:02}" for number in range(people)]
    return Roster.from_table({"id": ids, "role": ["recipient", "provider"] * (people // 2), **columns})


def test_each_rule_is_asked_once_about_each_pair_of_an_answer():
    """Verifying, explaining and proving an answer asks a rule's own function about each pair once, and of no other."""
    rule, criterion = Counting(), Scoring()
    made = MatchingProblem.from_people(table_of(12), constraints=[rule], criteria=[criterion])
    matching = OptimalMatching().match(made)
    assert sorted(rule.asked) == sorted(criterion.asked) == list(matching.ids)
    assert matching.certificate is not None
    made.forbidden_by(*matching.ids[0])
    assert len(rule.asked) == len(matching.ids) + 1


def test_a_score_that_is_not_that_of_the_block_is_noticed_at_large():
    """A criterion whose two functions disagree on a pair of the answer is refused, of a large problem too."""
    made = MatchingProblem.from_people(table_of(12), criteria=[Scoring(of_block=0.25)])
    with large(), pytest.raises(InvalidValue, match="disagree on 'x00' and 'x01'"):
        Given(Solution([("x00", "x01")])).match(made)


def test_a_forbidden_pair_is_refused_at_large():
    """An answer with a pair that may not be matched is refused as of a small problem."""
    made = MatchingProblem.from_scores([[1, 0], [0, 1]], eligible=[[True, False], [True, True]])
    with large(), pytest.raises(WrongAnswer, match="'r0' and 'p1' may not be matched"):
        Given(Solution([("r0", "p1")])).match(made)


def test_a_large_matching_is_verified_in_full_on_request():
    """Asked for it, the rules themselves judge every pair, in blocks, and none of what was made of them is believed."""
    made = MatchingProblem.from_people(table_of(12, site=[1, 2, 3] * 4), criteria=[Same("site")])
    matching = OptimalMatching().match(made)
    wrong = evolve(matching, certificate=evolve(matching.certificate, providers=np.full(6, 7)))
    with large(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(proving, "asked_of_all", lambda _problem, book, *_: book.lowest)
        matching.verify(evolve(made), in_full=True)
        with pytest.raises(WrongAnswer, match="proves nothing"):
            wrong.verify(evolve(made), in_full=True)


@given(people_problems().map(build), st.sampled_from(Side))
def test_an_audit_of_a_large_problem_is_the_same(given_, side):
    """The figures of an audit do not depend on whether arrays of all pairs were made."""
    matching = OptimalMatching().match(given_)
    labels = {"letter": {one: one[-1] for one in (*given_.recipients, *given_.providers)}}
    if not all(given_.shape):
        return
    with large():
        again = evolve(matching, problem=evolve(given_)).audit(labels, side)
    assert again.to_columns() == matching.audit(labels, side).to_columns()


def test_circles_of_objects_are_looked_for_again_after_a_large_matching():
    """Python collects as before, also where the matching failed; where it did not collect, it does not begin to."""
    made = MatchingProblem.from_people(table_of(12), criteria=[Scoring(of_block=0.25)])
    with large(), pytest.raises(InvalidValue):
        Given(Solution([("x00", "x01")])).match(made)
    assert gc.isenabled()
    gc.disable()
    try:
        with not_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_parts_of_scores_that_are_equal_are_one_object():
    """A hundred thousand pairs do not keep a hundred thousand equal parts."""
    made = MatchingProblem.from_people(table_of(12), criteria=[Scoring()])
    parts = [part for pair in OptimalMatching().match(made).pairs for part in pair.parts]
    assert len(parts) > 1
    assert all(part is parts[0] for part in parts)


def test_people_of_a_table_are_the_same_one_by_one_and_at_once():
    """Somebody of a table is the same however many are made with her, her part in the program included."""
    roster = table_of(6, level=[1, None, 3, None, 5, 6], skills=[("sql",), None, None, ("go",), None, None])
    both = roster.some(np.array([4, 1, 2]))
    assert both == [(roster[i], roster.enrollments[i]) for i in (4, 1, 2)]
    assert both[0][0] == Person("x04", level=5)
    assert isinstance(MatchingProblem.from_people(roster).table, RuleTable)
