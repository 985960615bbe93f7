"""What a matching problem is made of, and what is asked of an answer, is looked at: all of it, and told at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InputError, InvalidValue
from devrel.matching import (
    EgalitarianMatching,
    MatchingProblem,
    OptimalMatching,
    PeerMatching,
    Preferences,
    Rematching,
    StableMatching,
)
from devrel.people import Enrollment, Person, Role

SCORES = [[1, 2, 3], [4, 5, 6]]
SIDES = {
    "demand": 2,
    "capacity": 3,
    "minimum": 3,
    "minutes": 2,
    "budget": 3,
    "priority": 2,
    "waiting": 2,
}
UNKNOWN = {"budget", "waiting"}


def problem() -> MatchingProblem:
    return MatchingProblem.from_scores(SCORES)


numbers = st.integers(0, 2**31 - 1)


@given(st.sampled_from(sorted(SIDES)), st.data())
def test_numbers_for_people_are_whole_and_one_each(field, data):
    """A field for people takes as many whole numbers in range as there are people, and keeps plain ones of NumPy's."""
    count, known = SIDES[field], numbers | st.none() if field in UNKNOWN else numbers
    told = data.draw(st.lists(known, min_size=count, max_size=count))
    for made in (told, tuple(told), [one if one is None else np.int64(one) for one in told]):
        kept = getattr(problem().with_changes(**{field: made}), field)
        assert (kept, {type(one) for one in kept} <= {int, type(None)}) == (tuple(told), True)
    side = "recipient" if count == 2 else "provider"
    wrong = data.draw(st.sampled_from([-1, 2**31, 10**30, 1.0, True, "1", *([] if field in UNKNOWN else [None])]))
    for bad in (told[1:], [*told, 0], [wrong, *told[1:]], set(range(count)), 1, None, "1" * count):
        with pytest.raises(InvalidValue, match=f"{field}: must be {count} whole numbers .* one for each {side}"):
            problem().with_changes(**{field: bad})


def test_everything_wrong_with_a_changed_problem_is_told_at_once():
    """Numbers and pairs of several fields that are wrong come in one error."""
    with pytest.raises(InputError) as caught:
        problem().with_changes(priority=[1], capacity=[1, 2], locked=[("r0", "x"), ("r0", 3)], barred=[("y", "p0")])
    assert [one.column for one in caught.value.problems] == ["capacity", "priority", "locked", "locked", "barred"]


def test_numbers_of_numpy_are_welcome():
    """A seed, capacities, a price and a length may be NumPy's numbers; they are kept as plain ones."""
    made = MatchingProblem.from_scores(SCORES, seed=np.int64(3), capacity=np.array([1, 2, 3]), demand=np.int64(2))
    assert (made.seed, type(made.seed), made.capacity, made.demand) == (3, int, (1, 2, 3), (2, 2))
    assert made.fingerprint == MatchingProblem.from_scores(SCORES, seed=3, capacity=[1, 2, 3], demand=2).fingerprint
    for price in (np.int64(1), np.float32(0.5)):
        kept = Rematching(price).parameters()["price"]
        assert (kept, type(kept) in {int, float}) == (price, True)
    assert problem().shortlist(np.int64(2)).lists == problem().shortlist(2).lists


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"capacity": 10**30}, "capacity: must be a whole number"),
        ({"capacity": [[1], [1, 2]]}, "capacity: must be a whole number"),
        ({"capacity": True}, "capacity: must be a whole number"),
        ({"capacity": {1, 2, 3}}, "capacity: must be a whole number"),
        ({"locked": [1]}, "locked: must be pairs .* of two ids; mend number 1 of 1"),
        ({"locked": [("r0", "p0"), ["r0", ["x"]]]}, "locked: must be pairs .* of two ids; mend number 2 of 2"),
        ({"locked": ["ab"]}, "locked: must be pairs"),
        ({"locked": 5}, "locked: must be a list of pairs"),
        ({"incumbent": [("r0", "p9")]}, "incumbent: the pair 'r0', 'p9' is not in the problem"),
        ({"objective": 3}, "objective: is not known; Known: cover, score"),
        ({"eligible": [[1], [1, 0]]}, "eligible: must have rows of one length"),
        ({"eligible": [["no", "yes", "no"]] * 2}, "eligible: must be true or false"),
        ({"eligible": [[2, 1, 0]] * 2}, "eligible: must be true or false"),
        ({"providers": 5}, "providers: must be a list of 3 ids"),
        ({"providers": "abc"}, "providers: must be a list of 3 ids"),
        ({"providers": [None, "x", "y"]}, "providers: must be texts that are not empty"),
        ({"recipients": ["", "x"]}, "recipients: must be texts that are not empty"),
        ({"seed": 1.5}, "seed: must be a whole number"),
        ({"seed": True}, "seed: must be a whole number"),
    ],
    ids=str,
)
def test_what_no_problem_can_be_made_of_is_refused(arguments, said):
    """Whatever else is given than an array of scores is refused with what it should be."""
    with pytest.raises(InvalidValue, match=said):
        MatchingProblem.from_scores(SCORES, **arguments)


def test_pairs_that_may_be_matched_are_told_as_true_and_false_or_one_and_zero():
    """Booleans and the numbers 0 and 1 mean the same, whatever their type."""
    for kind in (bool, int, float, np.uint8):
        told = np.array([[1, 0, 1], [0, 1, 1]]).astype(kind)
        assert MatchingProblem.from_scores(SCORES, eligible=told).eligible.tolist() == told.astype(bool).tolist()


def test_everything_wrong_with_scores_is_told_at_once():
    """Negative scores, ids, numbers, pairs, objective and seed are told together, for two sides and for a pool."""
    wrong = {"capacity": -1, "objective": "covr", "seed": "x"}
    with pytest.raises(InputError) as caught:
        MatchingProblem.from_scores([[-1], [2]], recipients=["a", "a"], providers=["x", "y"], locked=[3], **wrong)
    fields = ["recipients", "providers", "locked", "capacity", "objective", "scores", "seed"]
    assert [one.column for one in caught.value.problems] == fields
    assert "objective: is not known. Did you mean 'cover'? Known: cover, score." in str(caught.value)
    with pytest.raises(InputError) as caught:
        MatchingProblem.from_pool(scores=[[1, -1], [0, 1]], ids=["a", "a"], eligible=[["x"]], locked=[3], **wrong)
    fields = ["ids", "locked", "eligible", "capacity", "objective", "scores", "seed"]
    assert [one.column for one in caught.value.problems] == fields
    with pytest.raises(InvalidValue, match="is not known"):
        MatchingProblem.from_pool([Person("a")], [Enrollment("a", Role.BOTH)], objective=3)


def test_everything_wrong_with_preferences_is_told_at_once():
    """Lists, capacities and seed are told together; sides that are no mappings are refused."""
    with pytest.raises(InputError) as caught:
        MatchingProblem.from_preferences({"a": ["q"], 3: []}, {"x": ["a", "a"]}, capacity={"y": 1}, seed=1.5)
    columns = ["recipients, a", "recipients", "providers, x", "capacity", "seed"]
    assert [one.column for one in caught.value.problems] == columns
    for make in (MatchingProblem.from_preferences, Preferences.from_rankings):
        with pytest.raises(InvalidValue, match="recipients: must be a mapping"):
            make([["x"]], {"x": []})


ASKED: dict[str, list[object]] = {
    "k": ["2", 1.5, None, True, 0, 101],
    "most": ["2", 1.5, True, 0],
    "top": ["a", 1.5, None, -1],
    "percent": ["a", None, True, float("nan"), 0],
    "by": [None, 3, [3], {"site": 3}],
    "side": [None, "both"],
    "confidence": ["a", None, 1],
    "four_fifths": ["a", None, 0],
    "other": [3, None],
}


@pytest.mark.parametrize(("name", "wrong"), [(name, one) for name, listed in ASKED.items() for one in listed], ids=str)
def test_questions_that_mean_nothing_are_refused_by_name(name, wrong):
    """A number, an attribute or a matching that is none is refused with the name of the argument."""
    matching = OptimalMatching().match(problem())
    sites = {"by": {"site": {"r0": "north"}}}
    ask, usual = {
        "k": (problem().shortlist, {}),
        "most": (problem().shortlist, {"k": 1}),
        "percent": (matching.sensitivity, {}),
        "top": (matching.bottlenecks, {}),
        "other": (matching.diff, {}),
    }.get(name, (matching.audit, sites))
    with pytest.raises(InvalidValue) as caught:
        ask(**{**usual, name: wrong})
    assert caught.value.field == name


@pytest.mark.parametrize("strategy", [OptimalMatching(), StableMatching(), EgalitarianMatching(), PeerMatching()])
def test_only_problems_are_matched(strategy):
    """Something that is no matching problem is refused before the strategy is asked."""
    for wrong in (None, SCORES):
        with pytest.raises(InvalidValue, match="problem: must be a MatchingProblem"):
            strategy.match(wrong)


def test_hours_without_anybody_who_needs_them():
    """Nobody is matched where there are providers with a budget of hours and no recipients."""
    nobody = MatchingProblem.from_scores(np.zeros((0, 2))).with_changes(budget=(60, None))
    matching = OptimalMatching().match(nobody)
    assert (matching.pairs, set(matching.unmatched)) == ((), {"p0", "p1"})
