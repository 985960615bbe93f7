"""Matching without arrays from end to end: the same pairs wherever, however and in whatever pieces they are scored."""

from __future__ import annotations

import os
import pickle
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from logging import CRITICAL
from math import log
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.errors import BrokenExtension, DevrelError, InvalidValue
from devrel.matching import (
    Different,
    Gap,
    InCommon,
    MatchingProblem,
    Near,
    Objective,
    OptimalMatching,
    Roster,
    Same,
    Shared,
)
from devrel.matching.pricing import Open
from devrel.matching.sparse import engine, flow, rounds, scan
from devrel.matching.sparse.engine import Engine, Missing
from devrel.matching.sparse.progress import Phase, Progress
from devrel.matching.sparse.rounds import Outcome, best_at_scale
from devrel.matching.sparse.scan import Found
from devrel.matching.sparse.settings import Settings
from devrel.matching.strategies.optimal import _best_in_arrays
from tests.test_sparse import few, problems, worth_of

WORDS = [f"s{number}" for number in range(12)]


def table_of(rng: np.random.Generator, recipients: int = 60, providers: int = 25) -> dict[str, list[Any]]:
    """Return people with levels, sites, years and lists; of some one thing or the other is not known."""
    size = recipients + providers
    many = [[WORDS[k] for k in rng.choice(12, rng.integers(1, 4), replace=False)] for _ in range(size)]
    return {
        "id": [f"x{number:03}" for number in rng.permutation(size)],
        "role": ["recipient"] * recipients + ["provider"] * providers,
        "level": [None if one == 9 else int(one) for one in rng.integers(1, 10, size)],
        "department": [f"d{number}" for number in rng.integers(0, 5, size)],
        "site": [f"l{number}" for number in rng.integers(0, 3, size)],
        "years": rng.integers(0, 20, size).tolist(),
        "skills": [one if k % 9 else None for k, one in enumerate(many)],
        "demand": [1] * size,
        "capacity": rng.integers(1, 4, size).tolist(),
        "minimum": [0] * size,
    }


RULES = [Gap("level", at_least=-2), Different("department")]
SCORES = [Shared("skills", weight=5), Same("site"), Near("years", 4, 10)]


def ties(rng):
    return table_of(rng), RULES, [Same("site")]


def minimums(rng):
    table = table_of(rng)
    return table | {"minimum": [0] * 60 + rng.integers(0, 2, 25).tolist()}, [], SCORES


def several(rng):
    table = table_of(rng)
    return table | {"demand": rng.integers(1, 4, 85).tolist()}, RULES, SCORES


def isolated(rng):
    table = table_of(rng)
    return table | {"level": [None if k % 3 else 4 for k in range(85)]}, RULES, SCORES


def giant(rng):
    table = table_of(rng)
    return table | {"department": ["d0"] * 85, "site": ["l0"] * 80 + ["l1"] * 5}, RULES[:1], [Same("site"), SCORES[2]]


def equal(rng):
    return table_of(rng), RULES[:1], []


def wide(rng):
    table = table_of(rng, 40, 1)
    return table | {"capacity": [40] * 41}, [], SCORES


def strangers(rng):
    return table_of(rng), [Gap("level", at_least=20)], SCORES


def lists(rng):
    return table_of(rng), [InCommon("skills", 2)], SCORES


def alone(rng):
    return table_of(rng, 0, 25), RULES, SCORES


def nobody(rng):
    return table_of(rng, 0, 0), RULES, SCORES


KINDS = [ties, minimums, several, isolated, giant, equal, wide, strangers, lists, alone, nobody]


def made(kind: Callable[..., Any]) -> MatchingProblem:
    table, rules, scored = kind(np.random.default_rng(KINDS.index(kind)))
    return MatchingProblem.from_people(Roster.from_table(table), constraints=rules, criteria=scored, seed=7)


def found(problem: MatchingProblem, **known: Any) -> Outcome:
    """Solve a problem with so few candidates that it takes some rounds; nothing is kept of earlier runs."""
    with few:
        return best_at_scale(evolve(problem), settings=Settings(**known))


def told(outcome: Outcome) -> tuple[Any, ...]:
    """Return all that is said of an answer."""
    proof: Any = outcome.proof
    return outcome.pairs, outcome.note, proof.providers.tolist(), proof.recipients.tolist()


@contextmanager
def changed(way: str) -> Iterator[dict[str, Any]]:
    """Do one thing differently of which the answer must not depend."""
    with ExitStack() as stack:
        known: dict[str, Any] = {}
        if way.startswith("blocks"):
            stack.enter_context(patch.object(engine, "_BLOCK", int(way.split()[1])))
        elif way == "threads":
            stack.enter_context(patch.object(engine, "_BLOCK", 100))
            known["executor"] = stack.enter_context(ThreadPoolExecutor(3))
        elif way == "unbounded":
            known["bounded"] = False
        elif way == "compiled":
            pytest.importorskip("numba")
            stack.enter_context(patch.object(scan, "_COMPILED_FROM", 0))
        elif way == "in NumPy":
            stack.enter_context(patch.object(scan, "_kernel", lambda *_: None))
        elif way == "other solvers":
            stack.enter_context(patch.object(flow, "_ortools", lambda: None))
        yield known


WAYS = ["blocks 1", "blocks 130", "threads", "unbounded", "compiled", "in NumPy", "other solvers"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_answer_does_not_depend_on_how_it_is_found(kind, way):
    """Whatever the blocks, the threads, the form of the pass and the solver: the same pairs, prices and note."""
    problem = made(kind)
    plain = told(found(problem))
    with changed(way) as known:
        assert told(found(problem, **known)) == plain


@given(problems(12), st.sampled_from(WAYS), st.integers(0, 20))
@settings(max_examples=50)
def test_no_problem_depends_on_how_it_is_solved(problem, way, keeping):
    """The same of plain scores with minimums, priorities, locked and incumbent pairs."""
    keeping = keeping if problem.incumbent else 0
    with few:
        plain = told(best_at_scale(evolve(problem), keeping))
        with changed(way) as known:
            assert told(best_at_scale(evolve(problem), keeping, Settings(**known))) == plain


@pytest.mark.parametrize("objective", ["cover", "score"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_as_good_as_with_arrays(kind, objective):
    """As many people are served and the total is the same as with arrays of all pairs, and the proof holds."""
    problem = made(kind).with_changes(objective=Objective(objective))
    dense, sparse = _best_in_arrays(Open.of(problem), hours=False), found(problem)
    assert worth_of(problem, sparse.pairs) == worth_of(problem, dense.pairs)
    assert _figures(problem, sparse.pairs) == _figures(problem, dense.pairs)
    assert sparse.proof.flaws(problem, sparse.pairs) == []
    assert sparse.gap == 0


def _figures(problem: MatchingProblem, pairs: Any) -> tuple[int, int, int]:
    total = sum(int(problem.points[problem.row[r], problem.column[p]]) for r, p in pairs)
    return len({r for r, _ in pairs}), len(pairs), total


def test_problems_take_some_rounds():
    """Most of the problems here are not solved in the first round, so that rounds are tested."""
    taken = [found(made(kind)).effort.rounds for kind in KINDS]
    assert sum(number >= 3 for number in taken) >= 4


def test_one_provider_takes_everybody():
    """One provider with a seat for everybody gets everybody; nobody and nobody eligible give no pairs."""
    assert len(found(made(wide)).pairs) == 40
    assert [found(made(kind)).pairs for kind in (strangers, alone, nobody)] == [(), (), ()]


class Elsewhere(Executor):
    """Runs tasks at once, as processes would: each worker has what it was sent and nothing else.

    Attributes:
        sent: How often each worker was sent each thing.
        dies: Which tasks are answered by an error of the worker, by number.
        calls: How many tasks there were.
    """

    def __init__(self, workers: int = 2, dies: Callable[[int], bool] = lambda _: False) -> None:
        self._workers = [engine._Held() for _ in range(workers)]
        self.sent: list[Counter[str]] = [Counter() for _ in range(workers)]
        self.dies = dies
        self.calls = 0

    def submit(self, task: Any, /, *given: Any, **named: Any) -> Future[Any]:
        number = self.calls % len(self._workers)
        dies, future = self.dies(self.calls), Future[Any]()
        self.calls += 1
        self.sent[number].update(given[-1].keys())
        try:
            if dies:
                raise OSError("the worker died")
            with patch.object(engine, "HELD", self._workers[number]):
                future.set_result(pickle.loads(pickle.dumps(task(*pickle.loads(pickle.dumps(given)), **named))))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.mark.parametrize("workers", [1, 3, 11])
def test_processes_are_sent_what_they_miss_and_no_more(workers):
    """Plan and prices are pickled once each, and sent to about as many tasks as there are processes."""
    pickled: Counter[str] = Counter()
    packed = Engine._packed

    def counted(self, name, value):
        pickled[name] += name not in self._pickled
        return packed(self, name, value)

    away = Elsewhere(workers)
    with patch.object(engine, "_BLOCK", 50), patch.object(Engine, "_packed", counted):
        outcome = found(made(ties), executor=away)
    assert told(outcome) == told(found(made(ties)))
    assert set(pickled.values()) == {1}
    in_all = Counter[str]()
    for one in away.sent:
        in_all.update(one)
    assert max(in_all.values()) <= 1.9 * workers * (1 + log(workers))  # it is not known which process takes a task


def test_more_and_more_tasks_are_out():
    """However many processes there are, they soon have something to do; not all tasks are given away at once."""
    most, given, number, none = [], 0, 60, np.zeros(0, dtype=np.int64)
    nobody = Found(none, none, none, none, none.astype(np.bool_), 0)

    def give(*_: Any) -> Future[Any]:
        nonlocal given
        given += 1
        most.append(len(errand.out) + 1)
        future = Future[Any]()
        future.set_result(nobody)
        return future

    errand = engine._Errand([(0, 0)] * number, give)
    assert len(list(errand.answers())) == given == number
    assert most[:8] == list(range(1, 9))
    assert max(most) > 16


def test_threads_are_sent_nothing():
    """Threads have all there is: no task is answered by what is missing, and nothing is pickled."""

    def refuse(*_: Any) -> bytes:
        raise AssertionError("something was pickled")

    with patch.object(Engine, "_packed", refuse), patch.object(engine, "_BLOCK", 50), ThreadPoolExecutor(2) as threads:
        assert found(made(ties), executor=threads).pairs


def test_nothing_is_kept_after_a_run():
    """What was kept for tasks is let go at the end, also when the run was broken off."""
    before = dict(engine.HELD._values)
    with patch.object(engine, "_BLOCK", 50), ThreadPoolExecutor(2) as threads:
        found(made(ties), executor=threads)
        with pytest.raises(BrokenExtension, match=r"the function given as progress broke down: ZeroDivisionError in"):
            found(made(ties), executor=threads, progress=lambda progress: 1 / (progress.round - 1))
    assert engine.HELD._values == before


def test_a_task_whose_worker_died_is_given_again():
    """Errors that no rule raised are tried again, and the answer is the same."""
    away = Elsewhere(2, {1, 4, 9, 20}.__contains__)
    with patch.object(engine, "_BLOCK", 100):
        assert told(found(made(several), executor=away)) == told(found(made(several)))


def test_a_task_that_fails_always_is_an_error():
    """A worker that dies each time is tried four times; then its error is raised."""
    away = Elsewhere(2, lambda _: True)
    with pytest.raises(OSError, match="the worker died"):
        found(made(several), executor=away)
    assert away.calls == engine._TRIES


@pytest.mark.parametrize(("error", "tries"), [(KeyError("x"), 4), (InvalidValue("rule", "is wrong"), 1)])
def test_errors_of_the_rules_are_raised(error, tries):
    """An error of the library is raised at once; any other one, also one that looks like a missing key, in the end."""
    calls = count()

    def breaks(*_: Any) -> None:
        assert next(calls) < 20, "it is asked without end"
        raise error

    away = Elsewhere(1)
    with patch.object(engine, "score_block", breaks), pytest.raises(type(error)):
        found(made(several), executor=away)
    assert next(calls) == tries


class Broken(Executor):
    """Breaks down, when it is given a task or later."""

    def __init__(self, later: bool) -> None:
        self.later = later

    def submit(self, task: Any, /, *given: Any, **named: Any) -> Future[Any]:
        if not self.later:
            raise BrokenExecutor("all workers are gone")
        future = Future[Any]()
        future.set_exception(BrokenExecutor("all workers are gone"))
        return future


@pytest.mark.parametrize("later", [True, False])
def test_a_broken_executor_is_told_with_what_to_do(later):
    """An executor that broke down is an error of the library that names the way on."""
    with pytest.raises(DevrelError, match=r"all workers are gone\); make a new one, and go on .* with checkpoint="):
        found(made(ties), executor=Broken(later))


def test_what_is_let_go_is_asked_for_again():
    """A process keeps the few things it used last, plans however old; what it let go, it says that it misses."""
    held = engine._Held()
    held.keep("plan", 0)
    for number in range(20):
        held.keep(f"question {number}", number)
        assert held["plan"] == 0
    assert "question 19" in held
    assert "question 0" not in held
    with patch.object(engine, "HELD", held):
        assert engine.task("plan", "question 0", 0, 1, {}) == Missing(("question 0",))


def test_progress_is_told_in_order():
    """A callback hears of each block; rounds go up, what is proven never gets worse, and the end is told once."""
    heard: list[Progress] = []
    with patch.object(engine, "_BLOCK", 300):
        outcome = found(made(several), progress=heard.append)
    assert [one.phase for one in heard].count(Phase.DONE) == 1
    assert heard[-1] == Progress(Phase.DONE, 1, 1, outcome.effort.rounds, 0.0)
    assert [one.round for one in heard] == sorted(one.round for one in heard)
    assert all(0 <= one.done <= one.total for one in heard)
    assert {one.total for one in heard if one.phase is Phase.PRICING} != {1}


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Two processes that know nothing of this one."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("kind", [several, minimums, lists, strangers], ids=lambda kind: kind.__name__)
def test_processes_give_the_same(kind, processes):
    """Other processes give the pairs, prices and note that this one gives."""
    with patch.object(engine, "_BLOCK", 200):
        assert told(found(made(kind), executor=processes)) == told(found(made(kind)))


def test_processes_that_die_are_told():
    """Processes that end by themselves break their executor, and that is told with what to do."""
    told_so = pytest.raises(DevrelError, match=r"the executor broke down .* make a new one")
    with ProcessPoolExecutor(1, get_context("spawn"), os._exit, (3,)) as pool, told_so:
        found(made(ties), executor=pool)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A client of two workers of Dask, each a process."""
    distributed = pytest.importorskip("distributed")
    known = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
    with distributed.LocalCluster(**known, silence_logs=CRITICAL) as workers, distributed.Client(workers) as client:
        yield client


def test_dask_gives_the_same(cluster):
    """Workers of Dask give the pairs, prices and note that this process gives."""
    with patch.object(engine, "_BLOCK", 200):
        assert told(found(made(several), executor=cluster.get_executor())) == told(found(made(several)))


def test_a_worker_of_dask_that_is_killed_changes_nothing(cluster):
    """A worker that is killed in the middle of a round is made up for, and the answer is the same."""
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.phase is Phase.PRICING and progress.done == 2 and not killed:
            killed.append(min(cluster.run(os.getpid).values()))
            os.kill(killed[0], signal.SIGKILL)

    with patch.object(engine, "_BLOCK", 100):
        again = found(made(several), executor=cluster.get_executor(), progress=kill)
    assert killed
    assert told(again) == told(found(made(several)))


def test_the_strategy_takes_an_executor():
    """``OptimalMatching`` hands its executor on, and its answer is the one with arrays where scores decide it."""
    problem = made(several)
    with ThreadPoolExecutor(2) as threads:
        matching = OptimalMatching(memory_limit=0, executor=threads).match(problem)
    assert matching.total_score == OptimalMatching().match(problem).total_score
    assert rounds.CANDIDATES > 1
