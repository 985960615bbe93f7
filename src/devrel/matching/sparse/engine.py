"""Where blocks are scored: in this thread, or wherever an executor takes them.

What all blocks need, the people and the prices, is not sent with every block: a task names it by its key alone, a
process that does not have it says so, and gets the task again with all it needs. Threads, and processes that were
forked from this one, have it from the start.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import count, pairwise
from os import getpid
from typing import Any

from attrs import frozen

from devrel.errors import DevrelError
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.scan import Found, Question, score_block

_BLOCK = 20_000_000
"""So many pairs are in a block, about."""
_MOST_BLOCKS = 512
_IN_FLIGHT = 8
"""So many tasks are given to an executor to begin with, and two more for each that is answered."""
_TRIES = 4

_numbers = count()


@frozen
class Missing:
    """What a process answers that does not have what a task needs.

    Attributes:
        keys: What is missing.
    """

    keys: tuple[str, ...]


class _Held:
    """What this process keeps for tasks, by key: the few things that were used last."""

    _MOST = 6

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._used: dict[str, int] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __getitem__(self, key: str) -> Any:
        value = self._values[key]
        self._used[key] = next(_numbers)
        return value

    def keep(self, key: str, value: Any) -> None:
        """Keep a value, and let those go that were not used for longest where there are many."""
        self._used[key] = next(_numbers)
        self._values[key] = value
        for oldest in sorted(self._values, key=lambda one: self._used.get(one, 0))[: -self._MOST]:
            self.drop(oldest)

    def drop(self, key: str) -> None:
        """Let a value go."""
        self._values.pop(key, None)
        self._used.pop(key, None)


HELD = _Held()


def task(plan: str, question: str, start: int, stop: int, sent: Mapping[str, bytes]) -> Found | Missing:
    """Score a block of what this process has or was sent; answer what is missing where it has not all."""
    for key, value in sent.items():
        if key not in HELD:
            HELD.keep(key, pickle.loads(value))  # noqa: S301 - what the same program has pickled
    missing = tuple(key for key in (plan, question) if key not in HELD)
    if missing:
        return Missing(missing)
    try:
        known = HELD[plan], HELD[question]
    except KeyError:  # let go by another thread in between
        return Missing((plan, question))
    return score_block(*known, start, stop)


class Engine:
    """Scores all blocks of a plan, one question after the other.

    Args:
        plan: The people and the rules.
        executor: Where blocks are scored; None for this thread.
    """

    def __init__(self, plan: Plan, executor: Executor | None = None) -> None:
        self.plan = plan
        self._executor = executor
        self._key = f"plan {getpid()} {next(_numbers)}"
        self._pickled: dict[str, bytes] = {}

    def blocks(self) -> list[tuple[int, int]]:
        """Return where each block begins and ends; it depends on the size of the problem alone."""
        rows, columns = self.plan.shape
        number = max(1, min(_MOST_BLOCKS, rows, -(-rows * columns // _BLOCK)))
        ends = [rows * one // number for one in range(number + 1)]
        return list(pairwise(ends)) if rows else []

    def ask(self, question: Question, told: Callable[[int, int], object]) -> Iterator[Found]:
        """Yield what each block answers, in order.

        Args:
            question: What is asked.
            told: Is called with how many blocks are done, and how many there are.
        """
        blocks = self.blocks()
        answers = self._here(question, blocks) if self._executor is None else self._there(question, blocks)
        for done, found in enumerate(answers, 1):
            told(done, len(blocks))
            yield found

    def close(self) -> None:
        """Let go what was kept for tasks."""
        HELD.drop(self._key)
        self._pickled.clear()

    def _here(self, question: Question, blocks: list[tuple[int, int]]) -> Iterator[Found]:
        for start, stop in blocks:
            yield score_block(self.plan, question, start, stop)

    def _there(self, question: Question, blocks: list[tuple[int, int]]) -> Iterator[Found]:
        key = f"question {getpid()} {next(_numbers)}"
        things = {self._key: self.plan, key: question}
        for name, value in things.items():
            HELD.keep(name, value)

        def give(block: tuple[int, int], missing: tuple[str, ...]) -> Future[Any]:
            sent = {name: self._packed(name, things[name]) for name in missing}
            try:
                return self._executor.submit(task, self._key, key, *block, sent)  # type: ignore[union-attr]
            except (BrokenExecutor, RuntimeError) as error:  # the latter when it was shut down
                raise _broken(error) from error

        try:
            yield from _Errand(blocks, give).answers()
        finally:
            HELD.drop(key)
            self._pickled.pop(key, None)

    def _packed(self, name: str, value: Any) -> bytes:
        if name not in self._pickled:
            self._pickled[name] = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        return self._pickled[name]


class _Errand:
    """Has all blocks of a question scored elsewhere, and brings what is missing there.

    One task brings it first, then as many at once as have brought it before; the others that miss it wait for that. So
    a process is sent about once what it needs, and many processes soon have it. More and more tasks are out at once.

    Args:
        blocks: Where each block begins and ends.
        give: Gives a block away, with the things that go by some keys.
    """

    def __init__(
        self, blocks: list[tuple[int, int]], give: Callable[[tuple[int, int], tuple[str, ...]], Future[Any]]
    ) -> None:
        self.blocks, self.give = blocks, give
        self.out: dict[Future[Any], int] = {}
        self.bringing: set[Future[Any]] = set()
        self.brought = 0
        self.waiting: list[int] = []
        self.tries = [0] * len(blocks)

    def answers(self) -> Iterator[Found]:
        """Yield the answers, in the order of the blocks."""
        found: dict[int, Found] = {}
        given = wanted = answered = 0
        try:
            while wanted < len(self.blocks):
                while given < len(self.blocks) and len(self.out) + len(self.waiting) < _IN_FLIGHT + 2 * answered:
                    self._give(given)
                    given += 1
                for future in wait(self.out, return_when=FIRST_COMPLETED).done:
                    number, answer = self._answer(future)
                    if isinstance(answer, Found):
                        found[number] = answer
                        answered += 1
                    elif not answer.keys or len(self.bringing) < max(1, self.brought):
                        self._give(number, answer.keys)
                    else:
                        self.waiting.append(number)
                while wanted in found:
                    yield found.pop(wanted)
                    wanted += 1
        finally:
            for future in self.out:
                future.cancel()

    def _give(self, number: int, missing: tuple[str, ...] = ()) -> None:
        future = self.give(self.blocks[number], missing)
        self.out[future] = number
        if missing:
            self.bringing.add(future)

    def _answer(self, future: Future[Any]) -> tuple[int, Found | Missing]:
        """Return what a task gave; a task whose worker died is given again, a few times."""
        number = self.out.pop(future)
        if future in self.bringing:
            self.bringing.remove(future)
            self.brought += 1
            waiting, self.waiting = self.waiting, []
            for one in waiting:
                self._give(one)
        try:
            return number, future.result()
        except BrokenExecutor as error:
            raise _broken(error) from error
        except DevrelError:
            raise
        except Exception:
            self.tries[number] += 1
            if self.tries[number] >= _TRIES:
                raise
            return number, Missing(())


def _broken(error: Exception) -> DevrelError:
    return DevrelError(
        f"the executor broke down ({error}); make a new one, and go on from the last round with checkpoint="
    )
