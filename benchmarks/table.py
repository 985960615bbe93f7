"""The lines of the table, and how they are written in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

_HEADER = ("row", "measured", "runs", "median", "min", "max", "peak memory", "what was found", "target", "met")


@dataclass(frozen=True)
class Line:
    """One line of the table: the times in seconds, the peak memory in bytes, and whether the target was met."""

    row: str
    measured: str
    seconds: Sequence[float] = ()
    peak: int | None = None
    found: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self) -> list[str]:
        times = [median(self.seconds), min(self.seconds), max(self.seconds)] if self.seconds else []
        shown = [duration(seconds) for seconds in times] or ["", "", ""]
        peak = "" if self.peak is None else f"{self.peak / 1e6:.0f} MB"
        met = "" if self.met is None else "yes" if self.met else "no"
        runs = str(len(self.seconds)) if self.seconds else ""
        return [self.row, self.measured, runs, *shown, peak, self.found, self.target, met]


def duration(seconds: float) -> str:
    """Return a time in milliseconds below a second, in seconds above."""
    return f"{seconds * 1000:.1f} ms" if abs(seconds) < 1 else f"{seconds:.2f} s"


def markdown(lines: Iterable[Line]) -> str:
    """Return the lines as a Markdown table."""
    return grid(_HEADER, (line.cells() for line in lines))


def grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells as a Markdown table."""
    every = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in every)
