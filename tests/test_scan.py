"""The pass over all pairs: each of its forms gives the same answer, whatever is asked and however it is cut."""

from __future__ import annotations

from itertools import pairwise
from unittest.mock import patch

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.matching import MatchingProblem, Roster, Shared
from devrel.matching.certificate import FAR
from devrel.matching.sparse import fusing, laid, scan
from devrel.matching.sparse import plan as plan_module
from devrel.matching.sparse.fused import NEVER, BitFactor, Factor, Fused, places
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.scan import LOW, Found, Question, score_block

pytest.importorskip("numba")

FIELDS = ("rows", "columns", "points", "best", "exact")


def equal(one: Found, other: Found) -> bool:
    """Whether two answers are the same, but for how many pairs were looked at."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in FIELDS)


def table(rng: np.random.Generator, shape: tuple[int, int], groups: tuple[int, int]) -> Factor:
    """Return points of groups, some of them forbidden."""
    points = rng.integers(0, rng.choice([1, 3, 1000]), groups)
    points[rng.random(groups) < rng.choice([0.0, 0.3, 1.0], p=[0.5, 0.45, 0.05])] = NEVER
    rows, columns = (rng.integers(0, count, size) for count, size in zip(groups, shape, strict=True))
    return Factor(rows, columns, points.astype(np.int64))


def lists(rng, shape):
    """Return an overlap of lists of up to 150 different items; the points follow no pattern, or grow with the items."""
    items, most = int(rng.choice([3, 20, 64, 150])), int(rng.choice([1, 2, 3, 4, 20]))
    sides = []
    for size in shape:
        bits = np.zeros((size, -(-items // 64)), dtype=np.uint64)
        for person in range(size):
            for item in rng.choice(items, min(items, int(rng.integers(0, most + 1))), replace=False).tolist():
                bits[person, item // 64] |= np.uint64(1 << item % 64)
        sides.append(bits)
    sizes = [np.bitwise_count(side).sum(axis=1, dtype=np.int64) for side in sides]
    lengths = [int(one.max(initial=0)) + 1 for one in sizes]
    points = rng.integers(0, rng.choice([2, 1000]), (*lengths, min(lengths)))
    if rng.random() < 0.5:
        points.sort(axis=2)
    points[rng.random(points.shape) < rng.choice([0.0, 0.2])] = NEVER
    return BitFactor(*sides, *sizes, points.astype(np.int64))


def some_rules(rng):
    """Return rules of up to 12 recipients and 200 providers, as tables and as overlaps."""
    shape = int(rng.integers(0, 13)), int(rng.choice([0, 1, 7, 60, 200]))
    count = int(rng.integers(0, 4))
    factors = [table(rng, shape, tuple(rng.integers(1, 6, 2).tolist())) for _ in range(count)]
    overlaps = [lists(rng, shape) for _ in range(int(rng.integers(0, 4)))]
    none = places([])
    luck = tuple(rng.integers(0, rng.choice([2, 2**63]), size).astype(np.uint64) for size in shape)
    return Fused(shape, tuple(factors), tuple(overlaps), none, none, np.zeros(0, dtype=np.int64), None, luck)


def some_question(rng: np.random.Generator, plan: Plan) -> Question:
    """Return a question with bars, prices and pairs to pass over, some of them at no price and some out of reach."""
    rows, columns = plan.shape
    high = int(rng.choice([1, 3, 2000]))
    scale, each = int(rng.choice([1, 7])), int(rng.choice([0, 5]))
    bar = rng.integers(-high, high + 1, rows) * scale
    bar[rng.random(rows) < 0.2] = LOW
    bar[rng.random(rows) < 0.1] = FAR
    prices = rng.integers(0, rng.choice([1, high + 1]), columns) * scale
    prices[rng.random(columns) < 0.1] = FAR
    out = np.argwhere(rng.random(plan.shape) < rng.choice([0.0, 0.2]))
    begins = np.searchsorted(out[:, 0], np.arange(rows + 1)).astype(np.int64)
    most, parts = int(rng.integers(1, 6)), int(rng.choice([1, 1, 3]))
    return Question(most, bar, prices, scale, each, begins, out[:, 1].astype(np.int64), parts)


@st.composite
def asked(draw: st.DrawFn) -> tuple[Plan, Question]:
    """Draw a plan, with many or few classes, and a question about it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    with patch.multiple(plan_module, _CLASS_SIZE=draw(st.sampled_from([80, 8, 1]))):
        plan = Plan.of(some_rules(rng))
    if draw(st.integers(0, 3)) == 0:
        plan = plan.only(rng.random(plan.providers) < 0.5)
    return plan, some_question(rng, plan)


def whole(plan: Plan, question: Question, *, compiled: bool) -> Found:
    return score_block(plan, question, 0, plan.shape[0], compiled=compiled)


@given(asked(), st.sampled_from([1 << 28, 1 << 28, 3000, 0]))
@settings(max_examples=300)
def test_compiled_is_the_same(drawn, bytes_of_bits):
    """The compiled form names the same pairs in the same order, with the same points, as the one in NumPy."""
    plan, question = drawn
    with patch.object(laid, "_SLICES", bytes_of_bits):
        found = whole(plan, question, compiled=True)
    assert equal(found, whole(plan, question, compiled=False))


def sharing(counts, points):
    """Return a recipient with as many items as there are points for, less one, and providers with some of them each."""
    items = len(points) - 1
    sides = [np.array([[(1 << count) - 1] for count in side], dtype=np.uint64) for side in ([items], counts)]
    sizes = [np.bitwise_count(side).sum(axis=1, dtype=np.int64) for side in sides]
    table = np.broadcast_to(np.array(points, dtype=np.int64), (items + 1, items + 1, items + 1))
    return BitFactor(*sides, *sizes, table)


def test_too_few_items_are_passed_over():
    """Of 200 providers, only those who share enough items of both lists together are scored one by one."""
    counts = np.random.default_rng(4).integers(0, 5, (2, 200))
    shape, none = (1, 200), places([])
    overlaps = sharing(counts[0].tolist(), [0, 10, 20, 30, 40]), sharing(counts[1].tolist(), [0, 1, 2, 3, 4])
    luck = tuple(np.arange(1, size + 1).astype(np.uint64) for size in shape)
    plan = Plan.of(Fused(shape, (), overlaps, none, none, np.zeros(0, dtype=np.int64), None, luck))
    begins = np.zeros(2, dtype=np.int64)
    question = Question(200, np.array([31]), np.zeros(200, dtype=np.int64), 1, 0, begins, begins[:0])
    found = score_block(plan, question, 0, 1, compiled=True)
    assert found.judged == np.count_nonzero(counts[0] * 10 + counts[1] >= 31)
    assert len(found.rows) == np.count_nonzero(counts[0] * 10 + counts[1] > 31)


def test_more_items_than_are_counted():
    """Twenty shared items are not taken for fewer than they are, though they are counted to fifteen only."""
    shape, none = (1, 21), places([])
    overlap = sharing(range(21), range(21))
    luck = tuple(np.arange(1, size + 1).astype(np.uint64) for size in shape)
    plan = Plan.of(Fused(shape, (), (overlap,), none, none, np.zeros(0, dtype=np.int64), None, luck))
    begins = np.zeros(2, dtype=np.int64)
    question = Question(21, np.array([14]), np.zeros(21, dtype=np.int64), 1, 0, begins, begins[:0])
    found = score_block(plan, question, 0, 1, compiled=True)
    assert found.columns.tolist() == [20, 19, 18, 17, 16, 15]


@given(asked(), st.booleans())
@settings(max_examples=200)
def test_bounds_change_nothing(drawn, compiled):
    """What is passed over since it could not gain enough would not have been named."""
    plan, question = drawn
    bounded = whole(plan, question, compiled=compiled)
    plain = whole(plan, evolve(question, bounded=False), compiled=compiled)
    assert equal(bounded, plain)
    assert bounded.judged <= plain.judged


@given(asked(), st.lists(st.integers(0, 12)), st.booleans(), st.sampled_from([1, 70, 1 << 17]))
@settings(max_examples=100)
def test_cuts_change_nothing(drawn, cuts, compiled, cached):
    """However the recipients are cut into blocks, the answers put together are those of one block."""
    plan, question = drawn
    ends = sorted({0, plan.shape[0], *(cut for cut in cuts if cut < plan.shape[0])})
    with patch.object(scan, "_CACHED_PAIRS", cached):
        parts = [score_block(plan, question, *cut, compiled=compiled) for cut in pairwise(ends)]
    one = whole(plan, question, compiled=compiled)
    joined = [np.concatenate([getattr(one, name)[:0], *(getattr(part, name) for part in parts)]) for name in FIELDS[:4]]
    exact = np.any([np.zeros_like(one.exact), *(part.exact for part in parts)], axis=0)
    assert equal(Found(*joined, exact, 0), one)


@given(asked(), st.booleans())
@settings(max_examples=100)
def test_the_best_are_named(drawn, compiled):
    """Judged pair by pair: those above the bar are named, the best first, and as many as were asked for."""
    plan, question = drawn
    question = evolve(question, parts=1)
    found = whole(plan, question, compiled=compiled)
    points = plan.points[plan.row_class[:, None], plan.column_class[None, :]].copy()
    for part in (*plan.factors, *plan.overlaps):
        points += part.at(np.arange(plan.shape[0])[:, None], np.arange(plan.shape[1])[None, :])
    gains = points * question.scale + question.each - question.prices
    gains[points < 0] = LOW
    inside = np.diff(question.skipped)
    gains[np.repeat(np.arange(plan.shape[0]), inside), question.skipped_columns] = LOW
    for number, row in enumerate(plan.rows.tolist()):
        above = np.sort(gains[row][gains[row] > question.bar[row]])[::-1]
        mine = plan.place[found.columns[found.rows == row]]
        assert gains[row, mine].tolist() == above[: question.most].tolist()
        assert found.points[found.rows == row].tolist() == points[row, mine].tolist()
        assert found.best[number] == (above[0] - question.bar[row] if len(above) else 0)
    tied = (gains == question.bar[:, None]) & (gains > LOW) & (found.best[np.argsort(plan.rows)] == 0)[:, None]
    assert found.exact[plan.columns].tolist() == tied.any(axis=0).tolist()


def plan_with(factor):
    shape = len(factor.rows), len(factor.columns)
    luck = tuple(np.arange(1, size + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) for size in shape)
    none = places([])
    fused = Fused(shape, (factor,), (), none, none, np.zeros(0, dtype=np.int64), None, luck)
    with patch.multiple(plan_module, _CLASS_SIZE=1):
        return Plan.of(fused)


def of_classes(name: str) -> Plan:
    """Return people whose classes are as bad for the pass as they can be: 5 recipients, 150 providers."""
    few, many = np.zeros(5, dtype=np.int64), np.zeros(150, dtype=np.int64)
    own = np.arange(150) * 37 % 150
    made = {
        "one class": Factor(few, many, np.array([[3]])),
        "each her own class": Factor(few, np.arange(150), own[None, :]),
        "all scores equal": Factor(np.arange(5), np.arange(150), np.full((5, 150), 2)),
        "nobody eligible": Factor(few, many, np.array([[NEVER]])),
        "one is eligible": Factor(few, np.arange(150), np.where(own == 77, 1, NEVER)[None, :]),
    }
    return plan_with(made[name])


@pytest.mark.parametrize("bounded", [True, False])
@pytest.mark.parametrize("price", [0, 1])
@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("one class", 5),
        ("each her own class", 5),
        ("all scores equal", 5),
        ("nobody eligible", 0),
        ("one is eligible", 1),
    ],
)
def test_adversarial_blocks(name, named, price, bounded):
    """One class, a class for each, equal scores, nobody eligible: both forms name as many as there are, up to five."""
    plan = of_classes(name)
    none = np.zeros(6, dtype=np.int64)
    prices = np.full(150, price)
    question = Question(5, np.full(5, -1), prices, 1, 0, none, none[:0], bounded=bounded)
    found = [whole(plan, question, compiled=one) for one in (True, False)]
    assert equal(*found)
    assert np.bincount(found[0].rows, minlength=5).tolist() == [named] * 5


def test_equal_gains_are_named_by_lot():
    """Where all scores are equal, recipients name different providers, and not those with the first ids."""
    plan = of_classes("all scores equal")
    none = np.zeros(6, dtype=np.int64)
    question = Question(1, np.full(5, -1), np.zeros(150, dtype=np.int64), 1, 0, none, none[:0])
    found = whole(plan, question, compiled=True)
    assert len(set(found.columns.tolist())) >= 3
    assert found.columns.max() > 20


def test_lists_of_more_items_than_a_word_has_bits():
    """Lists with a hundred different items are several words of bits, and are counted in all of them."""
    ids = [f"x{k:03}" for k in range(120)]
    skills = [[f"s{k * 7 % 100}", f"s{k * 3 % 100}", f"s{k}"] if k < 100 else ["s99", "s1"] for k in range(120)]
    roles = ["recipient" if k % 3 else "provider" for k in range(120)]
    roster = Roster.from_table({"id": ids, "role": roles, "skills": skills})
    problem = MatchingProblem.from_people(roster, criteria=[Shared("skills")])
    with patch.multiple(fusing, _FEW_LISTS=3):
        plan = Plan.of(fusing.fused_of(problem))
    assert plan.overlaps[0].rows.shape[1] > 1
    none = np.zeros(plan.shape[0] + 1, dtype=np.int64)
    question = Question(1, np.full(plan.shape[0], LOW), np.zeros(plan.shape[1], dtype=np.int64), 1, 0, none, none[:0])
    found = whole(plan, question, compiled=True)
    assert equal(found, whole(plan, question, compiled=False))
    assert (found.points[np.argsort(found.rows)] == problem.points.max(axis=1)).all()
