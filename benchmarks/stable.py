"""Row j: stable matching of residents and hospitals, 1,000 by 1,000 full lists, for devrel and for two peers.

Everybody ranks everybody of the other side in a random order, and takes one. The residents propose. The answer is the
one that is best for every resident, so all three have to give the same pairs; ``judge`` looks for pairs that block it,
knowing the lists and none of the libraries. Time runs from lists in memory to pairs: for devrel with its own check of
every pair and all explanations, for algmatch with its own search for blocking pairs, for matching without one.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from environments import python_with
from processes import NotMeasured, finish
from table import Line, duration

PEOPLE = 1000
SEED = 2026
RUNS = 5
PEER_BUDGET = 120.0
TARGET = 50.0

PEERS = {
    "algmatch": ("algmatch==1.5.2", "with_algmatch.py"),
    "matching": ("matching==1.4.3", "with_matching.py"),
}

_SIDES = Path(__file__).parent / "peers"

Lists = dict[str, list[str]]
Pairs = dict[str, str]


@dataclass(frozen=True)
class Measured:
    """What one side took and found."""

    seconds: list[float]
    peak: int
    process: float
    pairs: Pairs
    blocking: int

    def line(self, measured: str) -> Line:
        found = f"{len(self.pairs)} pairs, {self.blocking} pairs block; the whole process took {duration(self.process)}"
        return Line("j", measured, self.seconds, self.peak, found)


def lines() -> Iterator[Line]:
    """Measure devrel, then each peer, and compare them."""
    residents, hospitals = generated_lists(PEOPLE, SEED)
    title = f"stable matching {PEOPLE:,} × {PEOPLE:,}, full lists, from lists in memory to pairs: "
    ours = _measure(Path(sys.executable), "with_devrel_stable.py", residents, hospitals, budget=60.0)
    yield ours.line(f"{title}devrel")
    for peer, (requirement, script) in PEERS.items():
        name = f"{title}{requirement.replace('==', ' ')}"
        target = f"devrel at least {TARGET:g} times faster, with the same pairs"
        try:
            python = python_with(peer, (requirement,))
            theirs = _measure(python, script, residents, hospitals, budget=PEER_BUDGET)
        except NotMeasured as error:
            yield Line("j", name, found=f"not measured: {error}", target=target)
            continue
        yield theirs.line(name)
        ratio = median(theirs.seconds) / median(ours.seconds)
        same = ours.pairs == theirs.pairs
        yield Line(
            "j",
            f"devrel against {peer}, medians",
            found=f"{ratio:.0f} times faster, {'the same' if same else 'other'} pairs",
            target=target,
            met=ratio >= TARGET and same and not ours.blocking,
        )


def generated_lists(count: int, seed: int) -> tuple[Lists, Lists]:
    """Return the lists of residents and of hospitals in a random order; none of them exists."""
    draw = random.Random(seed)
    residents, hospitals = [f"r{i + 1}" for i in range(count)], [f"h{i + 1}" for i in range(count)]
    return (
        {one: draw.sample(hospitals, count) for one in residents},
        {one: draw.sample(residents, count) for one in hospitals},
    )


def judge(residents: Lists, hospitals: Lists, pairs: Pairs) -> int:
    """Return how many pairs of a resident and a hospital would both rather have each other."""
    held = {hospital: resident for resident, hospital in pairs.items()}
    rank = {hospital: {one: i for i, one in enumerate(listed)} for hospital, listed in hospitals.items()}
    blocking = 0
    for resident, listed in residents.items():
        better = listed[: listed.index(pairs[resident])] if resident in pairs else listed
        for hospital in better:
            worst = rank[hospital][held[hospital]] if hospital in held else len(residents)
            blocking += rank[hospital][resident] < worst
    return blocking


def _measure(python: Path, script: str, residents: Lists, hospitals: Lists, budget: float) -> Measured:
    """Let a script of the folder peers match the lists several times, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, answered = Path(folder) / "problem.json", Path(folder) / "answer.json"
        problem = {"residents": residents, "hospitals": hospitals, "runs": RUNS, "budget": budget}
        given.write_text(json.dumps(problem), encoding="utf-8")
        finished = finish([python, "-E", "-s", _SIDES / script, given, answered])
        answer = json.loads(answered.read_text(encoding="utf-8"))
    pairs: Pairs = dict(answer["pairs"])
    return Measured(answer["seconds"], finished.peak, finished.seconds, pairs, judge(residents, hospitals, pairs))
