"""Rows h and i: all rules over many relationships and over a large organisation, each in a child process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from processes import finish
from table import Line

_CHILD = Path(__file__).parent / "judging.py"
_MICROSECONDS = 20
_DOUBLE = 2.2


def relationships() -> Iterator[Line]:
    """Measure all rules over 100,000 relationships."""
    found, peak = _measured("h")
    each = median(found["large"]) / found["count"] * 1e6
    yield Line(
        "h",
        f"all rules over {found['count']:,} relationships with 12 sessions each, in their program",
        found["large"],
        peak,
        f"{each:.1f} µs each",
        f"at most {_MICROSECONDS} µs each",
        each <= _MICROSECONDS,
    )
    yield _doubled("h", "half as many", found, "")
    more = median(found["large with people"]) / found["count"] * 1e6
    told = f"{more:.1f} µs each; {found['findings']:,} findings"
    yield Line("h", "the same with the organisation: the rules about pairs too", found["large with people"], None, told)
    yield _doubled("h", "half as many, with the organisation", found, " with people")


def organizations() -> Iterator[Line]:
    """Measure all rules over an organisation of 100,000 people who enrolled in a program."""
    found, peak = _measured("i")
    yield Line("i", f"all rules over a program and an organisation of {found['count']:,} people", found["large"], peak)
    yield _doubled("i", "half as many people", found, "")


def _doubled(row: str, what: str, found: dict[str, Any], which: str) -> Line:
    ratio = median(found[f"large{which}"]) / median(found[f"small{which}"])
    target = f"twice as many: at most {_DOUBLE} times the time"
    return Line(row, what, found[f"small{which}"], None, f"twice as many: {ratio:.2f} times", target, ratio <= _DOUBLE)


def _measured(row: str) -> tuple[dict[str, Any], int]:
    done = finish([sys.executable, str(_CHILD), row])
    return json.loads(done.output), done.peak
