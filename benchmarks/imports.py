"""Row b: what importing devrel costs, beyond starting the interpreter."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median

from processes import finish
from table import Line, duration

RUNS = 21

_PASS = "pass"
_DEVREL = "import devrel"
_PEERS = "import attrs, dateutil.rrule, dateutil.relativedelta"
_EVERY = "import devrel\nfor name in devrel.__all__: getattr(devrel, name)"

_HEAVY = ("numpy", "scipy", "cattrs")
_LOADED = f"""
import sys
import devrel
devrel.MENTORING, devrel.Relationship
print(*(name for name in {_HEAVY!r} if name in sys.modules))
"""


def lines() -> Iterator[Line]:
    """Measure the imports, each by turns with the others."""
    times = _by_turns([_PASS, _DEVREL, _PEERS, _EVERY])
    start = median(times[_PASS])
    net = {code: [seconds - start for seconds in measured] for code, measured in times.items()}
    count = _python("import devrel; print(len(devrel.__all__))").strip()
    yield Line(
        "b",
        "`import devrel` (its names load on first use), net of interpreter start",
        net[_DEVREL],
        found=f"interpreter start taken off: {duration(start)}",
        target="no slower than the next line",
        met=median(net[_DEVREL]) <= median(net[_PEERS]),
    )
    share = median(net[_EVERY]) / median(net[_PEERS])
    yield Line("b", f"`{_PEERS}`, net of interpreter start", net[_PEERS])
    yield Line(
        "b",
        f"`import devrel`, then each of its {count} public names touched, net of interpreter start",
        net[_EVERY],
        found=f"what a program pays that uses all of the model: {share:.1f} times the line above; not in the target",
    )
    heavy = _python(_LOADED).split()
    yield Line(
        "b",
        "`import devrel`, then `devrel.MENTORING` and `devrel.Relationship` touched",
        found=f"loaded of {', '.join(_HEAVY)}: {', '.join(heavy) or 'none'}",
        target="none loaded",
        met=not heavy,
    )


def _by_turns(codes: list[str]) -> dict[str, list[float]]:
    """Return the wall times of each code, in rounds of one run each; the first round is a warm-up."""
    times: dict[str, list[float]] = {code: [] for code in codes}
    for round_ in range(RUNS + 1):
        for code in codes:
            seconds = finish([sys.executable, "-I", "-c", code]).seconds
            if round_:
                times[code].append(seconds)
    return times


def _python(code: str) -> str:
    return finish([sys.executable, "-I", "-c", code]).output
