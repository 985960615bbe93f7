"""Measures large matchings and prints Markdown tables: ``make bench-scale``, or ``make bench-scale ONLY=20000``.

The rows: matchings of generated people by seven rules, named by the number of recipients, each in a fresh process, and
where they fit the same problem solved in other ways; ``rate``, how many pairs a block scores in a second; ``solvers``,
the restricted problem by each of several solvers; ``rematch``, matching again when some people left and others came.
``PEOPLE=5000`` makes the last two smaller.

The time of a row is that of ``OptimalMatching.match`` with two threads, proof and explanation included; making the
people and the problem, and compiling, are told apart. The memory is the most that the process held at any time.

The exit status is 1 when a row is not proven, is above its gap, or is above its memory. A target of time that is missed
is told, and does not change it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import machine
from processes import NotMeasured, finish
from table import Line, duration, grid, markdown

_LARGE = Path(__file__).parent / "large"
_PACKAGES = ("numpy", "scipy", "numba", "ortools", "lapx")
_THREADS = 2
_SOLVER_LIMIT = 180.0
_RATE, _REMATCH_SECONDS = 100e6, 20.0
_GIB = 2**30


@dataclass(frozen=True)
class Row:
    """A matching with its targets: seconds, bytes, and the gap it may have; ``gap`` is the one it is asked for."""

    recipients: int
    providers: int
    seconds: float
    memory: float
    most: float = 0.0
    gap: float = 0.0
    compared: bool = False

    @property
    def name(self) -> str:
        return f"{self.recipients:,} × {self.providers:,}"

    @property
    def target(self) -> str:
        proven = "proven optimal" if not self.most else f"gap at most {self.most:.2%}"
        return f"under {_time(self.seconds)}, at most {self.memory / _GIB:g} GiB, {proven}"


ROWS = {
    "5000": Row(5_000, 1_700, 2, _GIB, compared=True),
    "20000": Row(20_000, 6_700, 10, 1.5 * _GIB),
    "100000": Row(100_000, 33_000, 240, 4 * _GIB, most=0.0001),
    "1000000": Row(1_000_000, 330_000, 3_600, 22 * _GIB, most=0.01, gap=0.01),
}


@dataclass
class Measured:
    """What a row found: its line, the lines beside it, whether it holds, and what the table of growth is made of."""

    line: Line
    beside: list[Line]
    holds: bool
    grown: dict[str, Any] | None = None


def main() -> int:
    """Measure the rows asked for, one at a time; print the tables, the rows themselves last."""
    parser = argparse.ArgumentParser(description="Measure large matchings and print Markdown tables.")
    parser.add_argument("--only", choices=[*ROWS, *_OTHERS], help="Measure this row alone.")
    parser.add_argument("--people", type=int, help="So many recipients in the rows solvers and rematch.")
    asked = parser.parse_args()
    print("\n".join(machine(_PACKAGES)), end="\n\n", flush=True)
    names = [asked.only] if asked.only else [*_OTHERS, *ROWS]
    found = {name: _measured(name, asked.people) for name in names}
    grown = [(ROWS[name], one.grown) for name, one in found.items() if one.grown]
    if grown:
        print(_growth(grown), end="\n\n")
    print(markdown([*(line for one in found.values() for line in one.beside), *(one.line for one in found.values())]))
    return 0 if all(one.holds for one in found.values()) else 1


def _measured(name: str, people: int | None) -> Measured:
    print(f"measuring row {name} ...", file=sys.stderr, flush=True)
    try:
        return _whole(name, ROWS[name]) if name in ROWS else _OTHERS[name](people)
    except NotMeasured as error:
        return Measured(Line(name, "broken off", found=f"not measured: {error}", met=False), [], holds=False)


def _child(script: str, *given: object, limit: float) -> tuple[dict[str, Any], int]:
    """Run a measuring child; return what it told, and the most memory it held."""
    done = finish([sys.executable, _LARGE / script, *map(str, given)], limit, aloud=True)
    return json.loads(done.output), done.peak


def _whole(name: str, row: Row) -> Measured:
    found, peak = _child("whole.py", row.recipients, row.providers, row.gap, limit=max(900, 4 * row.seconds))
    holds = (found["optimal"] or found["gap"] <= row.most) and peak <= row.memory
    met = holds and found["seconds"] < row.seconds
    line = Line(name, row.name, [found["seconds"]], peak, _told(row, found), row.target, met)
    return Measured(line, [*_compared(name, row, found)], holds, found)


def _told(row: Row, found: dict[str, Any]) -> str:
    """Return what is told of a row beside its time and its memory."""
    proof = "proven optimal" if found["optimal"] else f"gap {found['gap']:.3%}"
    shares = ", ".join(f"{name} {seconds / found['seconds']:.0%}" for name, seconds in _shares(found).items())
    late = f"; {found['late']} forms compiled late, inside the time" if found["late"] else ""
    return (
        f"{proof}; {found['served']:,} of {row.recipients:,} served, total {found['score']:,.0f}; "
        f"{found['effort']['rounds']} rounds; {shares}; besides: people {duration(found['making'])}, "
        f"problem {duration(found['building'])}, compiling {duration(found['compiling'])}{late}"
    )


def _shares(found: dict[str, Any]) -> dict[str, float]:
    """Return the time of each part; candidates and pricing are the passes over all pairs."""
    shares = dict(found["shares"])
    passes = shares.pop("candidates", 0.0) + shares.pop("pricing", 0.0)
    return {"passes": passes, **shares}


def _compared(name: str, row: Row, found: dict[str, Any]) -> Iterator[Line]:
    """Yield the same problem solved in other ways; why not, where they do not fit."""
    if not row.compared:
        array = row.recipients * found["seats"] * 8 / _GIB
        pairs = row.recipients * row.providers / 1e6
        told = (
            f"SciPy's array of seats takes {array:,.1f} GiB, a graph of all pairs has up to {pairs:,.0f} million arcs"
        )
        yield Line(name, f"{row.name}: other ways", found=f"measured at 5,000 alone; here {told}")
        return
    for way, what in _WAYS.items():
        measured = f"{row.name}: {what}"
        try:
            other, peak = _child("against.py", way, row.recipients, row.providers, limit=900)
        except NotMeasured as error:
            yield Line(name, measured, found=f"not measured: {error}")
            continue
        yield Line(name, measured, [other["seconds"]], peak, _beside(found, other))


_WAYS = {
    "dense": "SciPy's linear_sum_assignment, seats repeated",
    "flow": "OR-tools' min cost flow over all eligible pairs",
    "greedy": "devrel's GreedyMatching",
}


def _beside(found: dict[str, Any], other: dict[str, Any]) -> str:
    same = (other["served"], other["total"]) == (found["served"], found["total"])
    less = f"{other['served'] - found['served']:+,} served, {other['total'] / found['total'] - 1:+.2%} of the total"
    return f"{'the same coverage and total' if same else less}; its arrays took {duration(other['arrays'])} before"


def _growth(grown: Sequence[tuple[Row, dict[str, Any]]]) -> str:
    """Return how the cost grows with the number of people."""
    header = (
        "recipients × providers",
        "pairs",
        "scored per pair",
        "passes",
        "rounds",
        "edges",
        "edges per recipient",
        "blocks",
        "a block and core",
        "pairs a second and core, those passed over included",
    )
    return grid(header, [_grown(row, found) for row, found in grown])


def _grown(row: Row, found: dict[str, Any]) -> list[str]:
    pairs, effort, blocks = row.recipients * row.providers, found["effort"], found["blocks"]
    seconds = (found["shares"]["candidates"] + found["shares"]["pricing"]) * min(_THREADS, blocks)
    return [
        row.name,
        f"{pairs / 1e6:,.1f} million",
        f"{effort['judged'] / pairs:.2f}",
        f"{effort['passes']}",
        f"{effort['rounds']}",
        f"{effort['edges']:,}",
        f"{effort['edges'] / row.recipients:.1f}",
        f"{blocks}",
        duration(seconds / effort["passes"] / blocks),
        f"{pairs * effort['passes'] / seconds / 1e6:,.0f} million",
    ]


def _rate(_: int | None) -> Measured:
    """Measure how many pairs a block scores in a second."""
    rows, columns = 2_000, 33_000
    found, peak = _child("rate.py", rows, columns, 20_000, 6_700, limit=900)
    pairs, priced = rows * columns, found["priced"]
    what = f"one core, {rows:,} × {columns:,}, seven rules: "
    copied = f"{8 * pairs / min(found['copy']) / 1e9:.1f} GB a second, {_a_second(pairs, found['copy'])}"
    hand = f"{_a_second(pairs, found['hand'])}; {found['part']} recipients at a time, the fastest of five sizes"
    inside = f"{_a_second(priced['judged'], priced['compiled'])} scored, the others passed over"
    bounded = "20,000 × 6,700, a tenth of the pass that proves the answer, "
    beside = [
        Line("rate", "numpy.copyto of 8 bytes for each pair", found["copy"], found=copied),
        Line("rate", f"{what}a NumPy expression written by hand", found["hand"], found=hand),
        Line("rate", f"{what}the block in NumPy, no bounds", found["numpy"], found=_a_second(pairs, found["numpy"])),
        Line("rate", f"{bounded}in NumPy", priced["numpy"], found=_a_second(priced["pairs"], priced["numpy"])),
        Line(
            "rate",
            f"{bounded}compiled",
            priced["compiled"],
            found=f"{_a_second(priced['pairs'], priced['compiled'])}; {inside}",
        ),
    ]
    told = f"{_a_second(pairs, found['compiled'])}; {'the same' if found['same'] else 'OTHER'} points as by hand"
    met = pairs / min(found["compiled"]) >= _RATE and found["same"]
    target = f"at least {_RATE / 1e6:.0f} million pairs a second"
    line = Line("rate", f"{what}the block compiled, no bounds", found["compiled"], peak, told, target, met)
    return Measured(line, beside, holds=found["same"])


def _a_second(pairs: int, seconds: Sequence[float]) -> str:
    return f"{pairs / min(seconds) / 1e6:,.0f} million pairs a second"


def _solvers(people: int | None) -> Measured:
    """Measure solvers of the restricted problem, each by itself."""
    recipients = people or 20_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pairs.npz"
        made, _ = _child("solvers.py", "prepare", file, recipients, recipients // 3, limit=900)
        lines = [_solved(solver, what, file, made) for solver, what in _SOLVERS.items()]
    told = f"{made['edges']:,} pairs of round {made['rounds']}"
    ours = Line("solvers", "OR-tools as devrel uses it: small numbers first", [made["last"]], found=told)
    return Measured(ours, lines, holds=True)


_SOLVERS = {
    "ortools": "OR-tools' SimpleMinCostFlow",
    "scipy": "SciPy's min_weight_full_bipartite_matching",
    "highs": "HiGHS (SciPy's linprog)",
    "lapmod": "lapx's lapmod",
}


def _solved(solver: str, what: str, file: Path, made: dict[str, Any]) -> Line:
    try:
        found, peak = _child("solvers.py", solver, file, limit=_SOLVER_LIMIT)
    except NotMeasured as error:
        return Line("solvers", what, found=f"not measured within {_SOLVER_LIMIT:.0f} s: {error}")
    same = all(found[name] == made[name] for name in ("served", "total")) and found["sound"]
    return Line("solvers", what, [found["seconds"]], peak, "the same coverage and total" if same else "ANOTHER total")


def _rematch(people: int | None) -> Measured:
    """Measure matching again from stored prices, beside matching again from nothing."""
    recipients = people or 100_000
    leavers, newcomers = recipients // 200, recipients // 125
    found, peak = _child("again.py", recipients, recipients // 3, leavers, newcomers, limit=7_200)
    stored, scratch = found["stored"], found["scratch"]
    same = stored["worth"] == scratch["worth"]
    what = f"{found['pairs']:,} pairs, {leavers} leavers, {newcomers} newcomers: "
    beside = [
        Line("rematch", f"{what}the matching before", [found["first"]]),
        Line("rematch", f"{what}Rematching from nothing", [scratch["seconds"]], found=_kept(found, scratch)),
    ]
    told = f"{_kept(found, stored)}; {'the same' if same else 'ANOTHER'} objective as from nothing"
    target = f"under {_REMATCH_SECONDS:.0f} s, the same objective"
    met = same and stored["seconds"] < _REMATCH_SECONDS
    line = Line("rematch", f"{what}from the stored prices", [stored["seconds"]], peak, told, target, met)
    return Measured(line, beside, holds=same)


def _kept(found: dict[str, Any], one: dict[str, Any]) -> str:
    return f"{one['kept']:,} of {found['incumbents']:,} pairs kept; {one['rounds']} rounds"


def _time(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 120 else f"{seconds / 60:g} min"


_OTHERS: dict[str, Callable[[int | None], Measured]] = {"rate": _rate, "solvers": _solvers, "rematch": _rematch}


if __name__ == "__main__":
    sys.exit(main())
