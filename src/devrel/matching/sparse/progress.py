"""How far a long matching is: what a callback is told, and the bar that shows it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from traceback import extract_tb
from typing import Any

from attrs import frozen

from devrel.errors import BrokenExtension, DevrelError, MissingExtra


class Phase(Enum):
    """What is being done."""

    CANDIDATES = "looking for candidates"
    SOLVING = "solving"
    PRICING = "pricing all pairs"
    LOTTERY = "drawing lots"
    DONE = "done"


@frozen
class Progress:
    """How far a matching is.

    Attributes:
        phase: What is being done.
        done: How many blocks of pairs of this phase are done.
        total: How many there are.
        round: The number of the round, from 1; 0 before the first.
        gap: What is proven: no answer is better by more than this share of the total score. None while nothing is
            proven, so as long as more people might be served.
    """

    phase: Phase
    done: int
    total: int
    round: int
    gap: float | None = None

    def __str__(self) -> str:
        """Return it in words.

        >>> print(Progress(Phase.PRICING, 3, 8, round=2, gap=0.004))
        round 2, pricing all pairs, within 0.40% of the best
        """
        where = f"round {self.round}, {self.phase.value}" if self.round else self.phase.value
        return where if self.gap is None else f"{where}, within {self.gap:.2%} of the best"


Callback = Callable[[Progress], object]


def callback_of(given: Callback | bool | None) -> Callback:
    """Return what is told of the progress: a function, a bar for True, nothing for None and False.

    A function is called with one ``Progress``; ``Settings`` has seen that it is one.

    Raises:
        MissingExtra: For a bar when the extra ``scale`` is not installed.
        BrokenExtension: When it is told something, and the function raises an error of another kind.
    """
    if given is None or given is False:
        return lambda _: None
    if given is True:
        return Bar()

    def told(progress: Progress) -> None:
        try:
            given(progress)
        except DevrelError:
            raise
        except Exception as error:
            raise BrokenExtension("the function given as progress", type(error).__name__, _where(error)) from error

    return told


def _where(error: Exception) -> str:
    last = extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}, line {last.lineno}, in {last.name}"


class Bar:
    """Shows the progress as a bar, on a terminal or in a notebook.

    Raises:
        MissingExtra: When tqdm is not installed.
    """

    def __init__(self) -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            raise MissingExtra("a progress bar", "tqdm", "scale") from None
        self._make = tqdm
        self._bar: Any = None
        self._of: tuple[Phase, int] | None = None

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        if (progress.phase, progress.round) != self._of:
            self.close()
            self._of = progress.phase, progress.round
            if progress.phase is not Phase.DONE:
                self._bar = self._make(total=progress.total, desc=str(progress), leave=False, unit="block")
        if self._bar is not None:
            self._bar.set_description(str(progress), refresh=False)
            self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
