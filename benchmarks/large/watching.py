"""What the measuring children share: clocks on functions of the library, the time of each phase, memory, warming up."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from atexit import register
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from crowd import generated, problem_of

from devrel.matching import MatchingProblem, OptimalMatching, Rematching
from devrel.matching.certificate import Book
from devrel.matching.sparse.progress import Phase, Progress
from devrel.matching.sparse.proving import own_worth

_TO_BYTES = 1 if sys.platform == "darwin" else 1024
THREADS = 2


class Watch:
    """Measures the calls of a function of a module, and keeps what it was last given and what it last gave."""

    def __init__(self, module: Any, name: str) -> None:
        self.seconds, self.last, self.calls = 0.0, 0.0, 0
        self.given: tuple[Any, ...] = ()
        self.gave: Any = None
        watched = getattr(module, name)

        @wraps(watched)
        def call(*given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            self.gave = watched(*given, **named)
            self.last = time.perf_counter() - began
            self.seconds += self.last
            self.calls += 1
            self.given = given
            return self.gave

        setattr(module, name, call)


class Phases:
    """Is told of the progress: says it on the standard error, and adds up how long each phase took."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.began = self._last = time.perf_counter()
        self._before: Progress | None = None
        self.ended = self.began

    def __call__(self, progress: Progress) -> None:
        now = time.perf_counter()
        self.seconds[self._doing(progress)] += now - self._last
        if self._before is None or (progress.phase, progress.round) != (self._before.phase, self._before.round):
            gap = "" if progress.gap is None else f", gap {progress.gap:.3g}"
            say(f"  {now - self.began:7.1f} s  round {progress.round}: {progress.phase.value}{gap}")
        self._last, self._before, self.ended = now, progress, now

    def _doing(self, now: Progress) -> str:
        """Return what was being done since the last call."""
        if self._before is None or (now.phase is Phase.SOLVING and not now.done):
            return "laying out"
        return now.phase.name.lower() if now.phase is not Phase.DONE else Phase.LOTTERY.name.lower()


def say(text: str) -> None:
    """Print something that is no result."""
    print(text, file=sys.stderr, flush=True)


def tell(**found: Any) -> None:
    """Print the results."""
    print(json.dumps(found))


def clock(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long some work took, and its result."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def peak() -> int:
    """Return the largest number of bytes that this process, or one that it started, ever held."""
    ours, theirs = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(ours, theirs) * _TO_BYTES


def warmed() -> float:
    """Return how long it took to load and to compile what is compiled, by matching a few people without arrays.

    Numba compiles anew in every measured process, so that the time it takes is the same in every run.
    """
    folder = os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="devrel-bench-")
    register(shutil.rmtree, folder, ignore_errors=True)

    def warm() -> None:
        import devrel.matching.sparse.compiled  # small problems use what is compiled only where it is loaded
        import devrel.matching.sparse.mending  # noqa: F401

        matching = OptimalMatching(memory_limit=0).match(problem_of(generated(300, 100)))
        again = problem_of(generated(300, 100)).with_changes(incumbent=matching.ids)
        Rematching(0.1, start=matching, memory_limit=0).match(again)

    return clock(warm)[0]


def forms() -> int:
    """Return for how many kinds of arrays the pass over all pairs is compiled."""
    from devrel.matching.sparse import compiled

    return len(compiled._scan.signatures)


def worth_of(problem: MatchingProblem, pairs: Any, keeping: int = 0) -> int:
    """Return what an answer is worth to the objective, one whole number."""
    return own_worth(Book.of(problem, pairs, keeping))
