"""Where blocks are scored: in this thread, or wherever an executor takes them.

What all blocks need, the people and the prices, is not sent with every block: a task names it by its key alone, a
process that does not have it says so, and gets the task again with all it needs. The tasks that are out while a process
has nothing yet each bring it once. Threads, and processes that were forked from this one, have it from the start.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import count, pairwise
from os import getpid
from typing import Any

from attrs import frozen

from devrel.errors import DevrelError, InvalidValue
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.scan import Found, Question, score_block

_BLOCK = 20_000_000
"""So many pairs are in a block, about."""
_MOST_BLOCKS = 512
_IN_FLIGHT = 8
"""So many tasks are given to an executor ahead of those that are done; small, since answers wait in memory."""
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

    Raises:
        InvalidValue: For something that is no executor.
    """

    def __init__(self, plan: Plan, executor: Executor | None = None) -> None:
        if executor is not None and not callable(getattr(executor, "submit", None)):
            raise InvalidValue("executor", "must have submit(), as every concurrent.futures.Executor has")
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
        waiting: dict[Future[Any], int] = {}
        answers: dict[int, Found] = {}
        tries, given, wanted = [0] * len(blocks), 0, 0
        try:
            while wanted < len(blocks):
                while given < len(blocks) and given < wanted + len(waiting) + _IN_FLIGHT and len(waiting) < _IN_FLIGHT:
                    waiting[self._give(key, blocks[given], {})] = given
                    given += 1
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    number = waiting.pop(future)
                    answer = self._answer(future, tries, number)
                    if isinstance(answer, Found):
                        answers[number] = answer
                    else:
                        sent = {name: self._packed(name, things[name]) for name in answer.keys}
                        waiting[self._give(key, blocks[number], sent)] = number
                while wanted in answers:
                    yield answers.pop(wanted)
                    wanted += 1
        finally:
            for future in waiting:
                future.cancel()
            HELD.drop(key)
            self._pickled.pop(key, None)

    def _give(self, key: str, block: tuple[int, int], sent: Mapping[str, bytes]) -> Future[Any]:
        try:
            return self._executor.submit(task, self._key, key, *block, sent)  # type: ignore[union-attr]
        except (BrokenExecutor, RuntimeError) as error:  # the latter when it was shut down
            raise _broken(error) from error

    def _answer(self, future: Future[Any], tries: list[int], number: int) -> Found | Missing:
        """Return what a task gave; a task whose worker died is given again, a few times."""
        try:
            answer: Found | Missing = future.result()
            return answer
        except BrokenExecutor as error:
            raise _broken(error) from error
        except DevrelError:
            raise
        except Exception:
            tries[number] += 1
            if tries[number] >= _TRIES:
                raise
            return Missing(())

    def _packed(self, name: str, value: Any) -> bytes:
        if name not in self._pickled:
            self._pickled[name] = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        return self._pickled[name]


def _broken(error: Exception) -> DevrelError:
    return DevrelError(
        f"the executor broke down ({error}); make a new one, and go on from the last round with checkpoint="
    )
