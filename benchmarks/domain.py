"""Rows d to g: documents, replay, views and cadences, each in a child process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from processes import finish
from table import Line

_CHILD = Path(__file__).parent / "living.py"
_TIMES = 1.5


def documents() -> Iterator[Line]:
    """Measure structuring and unstructuring relationships against plain hooks of cattrs."""
    found, peak = _measured("d")
    for way in ("unstructure", "structure"):
        ours, plain = found[way], found[f"{way} plain"]
        ratio = median(ours) / median(plain)
        yield Line(
            "d",
            f"{way} 10,000 relationships with 12 sessions each",
            ours,
            peak,
            f"{ratio:.2f} times the next line",
            f"at most {_TIMES} times the next line",
            ratio <= _TIMES,
        )
        yield Line("d", f"the same data, {way} by hooks that cattrs generates", plain)


def replay() -> Iterator[Line]:
    """Measure the replay of a million events."""
    found, peak = _measured("e")
    rate = found["events"] / median(found["replay"])
    yield Line(
        "e", f"replay {found['events']:,} events of 10,000 relationships", found["replay"], peak, f"{rate:,.0f}/s"
    )


def views() -> Iterator[Line]:
    """Measure the views of five viewers."""
    found, peak = _measured("f")
    each = median(found["views"]) / found["calls"] * 1e6
    yield Line(
        "f", f"{found['calls']:,} calls of `view_for`, five viewers", found["views"], peak, f"{each:.0f} µs each"
    )


def cadences() -> Iterator[Line]:
    """Measure cadences against a loop over the rules of dateutil."""
    found, peak = _measured("g")
    ours, plain = found["cadences"], found["cadences plain"]
    ratio = median(ours) / median(plain)
    told = f"{found['occurrences']:,} occurrences; {ratio:.2f} times the next line"
    yield Line("g", "100,000 cadences of a year each, all different", ours, peak, told)
    yield Line("g", "the same by a plain loop over `dateutil.rrule`", plain)


def _measured(row: str) -> tuple[dict[str, list[float]], int]:
    done = finish([sys.executable, str(_CHILD), row])
    return json.loads(done.output), done.peak
