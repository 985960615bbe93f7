"""Matching at scale that stops early or draws lots: what is proven holds, nobody is given up, and lots are fair."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.errors import DevrelError, InvalidValue, WrongAnswer
from devrel.matching import Claim, MatchingProblem, Objective, OptimalMatching, Rematching
from devrel.matching import problem as problem_module
from devrel.matching.certificate import Book, Bound, Prices
from devrel.matching.pricing import Open
from devrel.matching.sparse import flow, scan
from devrel.matching.sparse.engine import Engine
from devrel.matching.sparse.fused import places
from devrel.matching.sparse.progress import Bar, Phase, Progress, callback_of
from devrel.matching.sparse.proving import most_in_blocks, most_worth, own_worth
from devrel.matching.sparse.rounds import best_at_scale
from devrel.matching.sparse.scan import Found
from devrel.matching.sparse.settings import MEMORY, Settings
from devrel.matching.strategies.optimal import _best_in_arrays, _fits
from tests.test_sparse import few, problems, worth_of


def crowded(seed: int) -> MatchingProblem:
    """Forty people for sixteen, whose best answer takes some rounds."""
    rng = np.random.default_rng(seed)
    scores, capacity = rng.integers(0, 100, (40, 16)), rng.integers(1, 4, 16).tolist()
    return MatchingProblem.from_scores(scores, capacity=capacity, demand=rng.integers(1, 3, 40).tolist(), seed=seed)


def stopped(problem: MatchingProblem, gap: float, keeping: int = 0) -> Any:
    with few:
        return best_at_scale(evolve(problem), keeping, Settings(gap=gap))


gaps = st.sampled_from([0.0, 0.01, 0.1, 0.5, 0.99])


@given(problems(12) | st.integers(0, 99).map(crowded), gaps, st.integers(0, 20))
@settings(max_examples=50)
def test_no_answer_is_better_than_the_bound_says(problem, gap, keeping):
    """The best answer is worth no more than the bound leaves room for; the gap told is not above the one asked."""
    keeping = keeping if problem.incumbent else 0
    found = stopped(problem, gap, keeping)
    best = worth_of(problem, _best_in_arrays(Open.of(problem, keeping), hours=False).pairs, keeping)
    mine = worth_of(problem, found.pairs, keeping)
    excess = found.proof.excess if isinstance(found.proof, Bound) else 0
    assert mine <= best <= mine + excess
    assert found.gap <= gap
    assert (found.gap > 0) == isinstance(found.proof, Bound)
    assert found.proof.flaws(problem, found.pairs) == []


@given(problems(12) | st.integers(0, 99).map(crowded), st.integers(0, 20), st.integers(0, 2**32))
@settings(max_examples=60)
def test_rules_asked_in_full_say_the_same(problem, keeping, seed):
    """Whatever the prices, the rules themselves find them right or wrong as what was made of the rules does."""
    keeping = keeping if problem.incumbent else 0
    found, rng = stopped(problem, 0.0, keeping), np.random.default_rng(seed)
    wrong = rng.integers(-1, 2, problem.shape[1]) * int(rng.integers(0, 3))
    seats = found.proof.providers + wrong
    book = Book.of(problem, found.pairs, keeping)
    assert most_in_blocks(problem, book, seats) == most_worth(problem, book, seats)
    other = evolve(found.proof, providers=seats, recipients=np.minimum(book.highest(seats), 2**60))
    with patch.object(problem_module, "LARGE_PAIRS", -1):
        assert problem.large
        flaws = other.flaws(problem, found.pairs)
    assert bool(other.flaws_in_full(problem, found.pairs)) == bool(flaws)
    assert wrong.any() or not flaws


def test_a_pass_that_overlooks_somebody_is_noticed():
    """Prices that prove nothing are not believed when the pass over all pairs finds nobody, as some are asked twice."""
    problem = crowded(3)
    found = stopped(problem, 0.0)
    cheap = evolve(found.proof, providers=np.zeros_like(found.proof.providers))
    none = places([])
    nobody = Found(*none, none[0], np.zeros(40, dtype=np.int64), np.zeros(16, dtype=np.bool_), 0)
    with patch.object(problem_module, "LARGE_PAIRS", -1):
        assert cheap.flaws(problem, found.pairs)
        blind = patch.object(Engine, "ask", lambda *_: [nobody])
        with blind, pytest.raises(DevrelError, match="two forms of the pass over all pairs disagree"):
            cheap.flaws(problem, found.pairs)


@given(problems(12) | st.integers(0, 99).map(crowded), gaps)
@settings(max_examples=30)
def test_nobody_is_given_up_for_a_gap(problem, gap):
    """With the objective *cover* as many are served, and as many pairs made, as by the best answer."""
    problem = problem.with_changes(objective=Objective.COVER)
    pairs, best = stopped(problem, gap).pairs, _best_in_arrays(Open.of(problem), hours=False).pairs
    assert len({one for one, _ in pairs}) == len({one for one, _ in best})
    assert len(pairs) == len(best)


@pytest.mark.parametrize("seed", [0, 2, 3, 4])  # with 1, more might be served until the prices hold for all pairs
def test_a_gap_stops_early(seed):
    """With a gap there are fewer rounds, and a bound in place of the prices of the best answer; the note says so."""
    plain, early = stopped(crowded(seed), 0.0), stopped(crowded(seed), 0.5)
    assert isinstance(plain.proof, Prices)
    assert isinstance(early.proof, Bound)
    assert early.effort.rounds < plain.effort.rounds
    assert 0 < early.gap <= 0.5
    assert "stopped when no answer could be better by more than" in early.note
    assert "stopped" not in plain.note


def test_a_bound_goes_through_a_matching():
    """A strategy with a gap gives a matching that is verified by its bound, with its parameters in the provenance."""
    strategy = OptimalMatching(gap=0.5, memory_limit=0)
    problem = crowded(0)
    with few:
        matching = strategy.match(problem)
    assert isinstance(matching.certificate, Bound)
    matching.verify(problem)
    assert dict(matching.provenance.parameters) == {"gap": 0.5, "memory_limit": 0}
    room = most_worth(problem, Book.of(problem, matching.ids, 0), matching.certificate.providers)
    room -= own_worth(Book.of(problem, matching.ids, 0))
    assert 0 < room <= matching.certificate.excess
    evolve(matching, certificate=evolve(matching.certificate, excess=room)).verify(problem)
    for wrong in (
        evolve(matching.certificate, excess=room - 1),
        evolve(matching.certificate, excess=0),
        evolve(matching.certificate, providers=matching.certificate.providers + 2**40),
        evolve(matching.certificate, providers=matching.certificate.providers[1:]),
        evolve(matching.certificate, keeping=1),
    ):
        with pytest.raises(WrongAnswer, match="not proven"):
            evolve(matching, certificate=wrong).verify(problem)


@given(st.integers(0, 99), st.data())
@settings(max_examples=30)
def test_no_prices_prove_too_small_a_bound(seed, data):
    """Whatever the prices are changed to, a bound below what the best answer is worth more is refused."""
    problem = crowded(seed)
    found = stopped(problem, 0.9)
    best = worth_of(problem, _best_in_arrays(Open.of(problem), hours=False).pairs)
    short = best - worth_of(problem, found.pairs)
    changes = data.draw(st.lists(st.integers(-(10**9), 10**9) | st.integers(-50, 50), min_size=16, max_size=16))
    prices = found.proof.providers + np.array(changes, dtype=np.int64) * data.draw(st.booleans())
    assert Bound(prices, short - 1).flaws(problem, found.pairs) != []


def test_claims_and_parameters():
    """A gap is no promise of the best answer; what may change an answer is among the parameters, and nothing else."""
    usual, early = OptimalMatching(), OptimalMatching(gap=0.01)
    assert usual.claims - early.claims == {Claim.OPTIMAL, Claim.ORDER_INDEPENDENT}
    assert early.claims == {Claim.COVERING, Claim.MAXIMAL, Claim.FAIR_TIES}
    assert early.parameters() == {"gap": 0.01}
    with ThreadPoolExecutor(1) as threads:
        same = OptimalMatching(executor=threads, progress=print, checkpoint="somewhere", memory_limit=MEMORY)
    assert (same.parameters(), same.claims) == ({}, usual.claims)
    assert OptimalMatching(memory_limit=7).parameters() == {"memory_limit": 7}
    assert Rematching(0, gap=0.1).claims == early.claims


WRONG = [
    *(("gap", value) for value in (-0.1, 1, 2.5, float("nan"), float("inf"), "0.1", True, None)),
    *(("memory_limit", value) for value in (-1, 1.5, True, None, "2**30")),
    *(("executor", value) for value in (4, "threads", ThreadPoolExecutor, SimpleNamespace(submit=print))),
    *(("progress", value) for value in ("bar", 1)),
    *(("checkpoint", value) for value in (1, b"folder", ["folder"])),
]


@pytest.mark.parametrize("strategy", [OptimalMatching, Rematching])
@pytest.mark.parametrize(("name", "value"), WRONG, ids=repr)
def test_wrong_parameters_are_refused(strategy, name, value):
    """Each parameter that is none is refused by its name, when the strategy is made."""
    with pytest.raises(InvalidValue, match=f"^{name}: "):
        strategy(**{name: value})


def test_parameters_may_be_of_any_kind_that_will_do():
    """Paths as texts or objects, and any function, are taken; a bar is shown for True."""
    assert OptimalMatching(checkpoint="some").settings.checkpoint == Path("some")
    assert OptimalMatching(checkpoint=Path("some")).settings.checkpoint == Path("some")
    assert OptimalMatching(gap=np.float64(0.5), memory_limit=0).settings.gap == 0.5
    assert isinstance(callback_of(True), Bar)
    heard: list[Any] = []
    callback_of(heard.append)(Progress(Phase.DONE, 1, 1, 1))
    assert heard == [Progress(Phase.DONE, 1, 1, 1)]
    assert callback_of(False)(None) is callback_of(None)(None) is None


@given(st.integers(0, 2**32), st.sampled_from([0.001, 0.01, 0.05, 0.2]))
@settings(max_examples=40)
def test_when_it_stops_does_not_depend_on_the_solver(seed, gap):
    """Kept pairs may make answers of equal worth with other totals; a gap is a share of what is the same for all."""
    rng = np.random.default_rng(seed)
    scores, most = rng.integers(0, 30, (40, 16)), rng.integers(1, 4, 16).tolist()
    problem = MatchingProblem.from_scores(scores, capacity=most, objective="score")
    problem = problem.with_changes(incumbent=[(problem.recipients[i], problem.providers[i % 16]) for i in range(30)])
    found = [stopped(problem, gap, 5)]
    with patch.object(flow, "_ortools", lambda: None):
        found.append(stopped(problem, gap, 5))
    with patch.object(scan, "_COMPILED_FROM", 0):
        found.append(stopped(problem, gap, 5))
    assert len({(one.gap, one.pairs, one.effort.rounds) for one in found}) == 1


def test_questions_are_asked_when_the_executor_is_gone(tmp_path):
    """Executor, progress and checkpoint are for one run: what is asked of the answer afterwards does without them."""
    problem = crowded(2).with_changes(demand=[1] * 40)
    with ThreadPoolExecutor(1) as threads:
        way = OptimalMatching(executor=threads, progress=lambda _: None, checkpoint=tmp_path, memory_limit=0)
        matching = way.match(problem)
    other = next(p for p in problem.providers if (problem.recipients[0], p) not in matching.ids)
    assert "broke down" not in str(matching.why_not(problem.recipients[0], other))
    assert matching.without([problem.recipients[0]]).pairs
    assert way.settings.executor is threads


def test_the_limit_decides_the_way():
    """A problem is solved without arrays where they would not fit, and with them where they do."""
    problem = crowded(0)
    assert _fits(problem, MEMORY)
    assert not _fits(problem, 0)
    notes = [OptimalMatching(memory_limit=limit).match(problem).provenance.notes for limit in (0, MEMORY)]
    assert [any("were looked at" in note for note in one) for one in notes] == [True, False]


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("candidates", ["few", "usual"])
def test_lots_are_fair_where_all_scores_are_equal(candidates, several):
    """Over many seeds each recipient is left out, and each pair is made, about equally often."""
    seeds, shape, seats = 160, (6, 3), 2 if several else 1
    plain = MatchingProblem.from_scores(np.ones(shape), capacity=[1, 1, seats])
    out, together = np.zeros(6), np.zeros(shape)
    for seed in range(seeds):
        problem = plain.with_changes(seed=seed)
        found = stopped(problem, 0.0) if candidates == "few" else best_at_scale(problem)
        served = [problem.row[one] for one, _ in found.pairs]
        out[np.setdiff1d(np.arange(6), served)] += 1
        for one, other in found.pairs:
            together[problem.row[one], problem.column[other]] += 1
    assert out.sum() == seeds * (6 - 2 - seats)
    for counts, share in ((out, (6 - 2 - seats) / 6), (together[:, :2], 1 / 6), (together[:, 2], seats / 6)):
        assert np.abs(counts - seeds * share).max() < 4.5 * np.sqrt(seeds * share * (1 - share))
