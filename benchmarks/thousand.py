"""Row c: one matching problem of 1,000 by 1,000 people and five rules, for devrel and for a peer.

The rules, said here once and given to both sides with the people:

1. the two are of different organisations;
2. the mentor is ``lowest_gap`` to ``highest_gap`` grades above the mentee;
3. points for the same profession;
4. points for a mentor exactly ``best_gap`` grades above;
5. points for the same role.

A pair that breaks the first or the second is forbidden. Everybody takes one partner, and the best answer is the one
with the most points. Both answers are judged by ``judge``, which knows the rules and neither library.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from environments import python_with
from processes import NotMeasured, finish
from table import Line, duration

PEOPLE = 1000
SEED = 2026
RUNS = 5
PEER_BUDGET = 180.0
TARGET = 100.0

RULES: dict[str, Any] = {
    "lowest_gap": 1,
    "highest_gap": 3,
    "best_gap": 2,
    "points": {"profession": 5, "gap": 3, "role": 2},
}

# mentor-match asks for any munkres, and most of its time is spent in there: the newest one, the fastest, is pinned.
MENTOR_MATCH = ("mentor-match==7.0.1", "munkres==3.0.0")

_SIDES = Path(__file__).parent / "peers"

Person = dict[str, Any]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Verdict:
    """What the definition of the problem says of an answer.

    ``left`` counts the mentees without a mentor although one whom they may have was free as well.
    """

    pairs: int
    total: int
    forbidden: int
    twice: int
    left: int

    def __str__(self) -> str:
        return (
            f"{self.pairs} pairs, {self.total:,} points; {self.forbidden} forbidden pairs, "
            f"{self.twice} people in two pairs, {self.left} mentees left beside a free mentor they may have"
        )


@dataclass(frozen=True)
class Measured:
    """What one side took and found."""

    seconds: list[float]
    peak: int
    process: float
    verdict: Verdict

    def line(self, measured: str, more: str = "") -> Line:
        found = f"{self.verdict}; the whole process took {duration(self.process)}{more}"
        return Line("c", measured, self.seconds, self.peak, found)


def lines() -> Iterator[Line]:
    """Measure devrel, then the peer, then compare them."""
    people = generated_people(PEOPLE, SEED)
    title = f"matching {PEOPLE:,} × {PEOPLE:,}, five rules, from rows in memory to pairs: "
    ours = _measure(Path(sys.executable), "with_devrel.py", people, budget=60.0)
    yield ours.line(f"{title}devrel")
    name = f"{title}{MENTOR_MATCH[0].replace('==', ' ')}"
    target = f"devrel at least {TARGET:g} times faster, with no fewer points"
    try:
        python = python_with("mentor-match", MENTOR_MATCH)
        theirs = _measure(python, "with_mentor_match.py", people, budget=PEER_BUDGET)
    except NotMeasured as error:
        yield Line("c", name, found=f"not measured: {error}", target=target)
        return
    yield theirs.line(name, f"; with {MENTOR_MATCH[1].replace('==', ' ')}")
    ratio = median(theirs.seconds) / median(ours.seconds)
    more = ours.verdict.total - theirs.verdict.total
    sound = ours.verdict.forbidden == ours.verdict.twice == 0
    yield Line(
        "c",
        "devrel against mentor-match, medians",
        found=f"{ratio:.0f} times faster, {more:+,} points, {ours.verdict.pairs - theirs.verdict.pairs:+,} pairs",
        target=target,
        met=ratio >= TARGET and more >= 0 and sound,
    )


def generated_people(count: int, seed: int) -> dict[str, list[Person]]:
    """Return generated mentors and mentees; nobody of them exists."""
    draw = random.Random(seed)
    return {f"{side}s": [_person(draw, side, i) for i in range(count)] for side in ("mentor", "mentee")}


def _person(draw: random.Random, side: str, i: int) -> Person:
    return {
        "email": f"{side}.{i:04d}@sample.invalid",
        "first name": f"generated {side}",
        "last name": f"{i:04d}",
        "grade": draw.randint(0, 10),
        "organisation": f"Organisation {draw.randint(1, 10)}",
        "profession": f"Profession {draw.randint(1, 8)}",
        "role": f"Role {draw.randint(1, 12)}",
    }


def judge(people: dict[str, list[Person]], pairs: list[Pair]) -> Verdict:
    """Return what the rules say of pairs of a mentee and a mentor; a forbidden pair has no points."""
    mentees = {person["email"]: person for person in people["mentees"]}
    mentors = {person["email"]: person for person in people["mentors"]}
    known = [(mentees[mentee], mentors[mentor]) for mentee, mentor in pairs]
    allowed = [pair for pair in known if is_allowed(*pair)]
    uses = Counter(person for pair in pairs for person in pair)
    free = [mentor for email, mentor in mentors.items() if email not in uses]
    alone = [mentee for email, mentee in mentees.items() if email not in uses]
    return Verdict(
        pairs=len(pairs),
        total=sum(points(*pair) for pair in allowed),
        forbidden=len(known) - len(allowed),
        twice=sum(count > 1 for count in uses.values()),
        left=sum(any(is_allowed(mentee, mentor) for mentor in free) for mentee in alone),
    )


def is_allowed(mentee: Person, mentor: Person) -> bool:
    """Whether rules 1 and 2 allow a pair."""
    gap = int(mentor["grade"]) - int(mentee["grade"])
    right_gap = bool(RULES["lowest_gap"] <= gap <= RULES["highest_gap"])
    return right_gap and bool(mentee["organisation"] != mentor["organisation"])


def points(mentee: Person, mentor: Person) -> int:
    """Return what rules 3, 4 and 5 give to a pair."""
    met = {
        "profession": mentee["profession"] == mentor["profession"],
        "gap": mentor["grade"] - mentee["grade"] == RULES["best_gap"],
        "role": mentee["role"] == mentor["role"],
    }
    return sum(worth for rule, worth in RULES["points"].items() if met[rule])


def _measure(python: Path, script: str, people: dict[str, list[Person]], budget: float) -> Measured:
    """Let a script of the folder peers match the people several times, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, answered = Path(folder) / "problem.json", Path(folder) / "answer.json"
        given.write_text(json.dumps({**people, "rules": RULES, "runs": RUNS, "budget": budget}), encoding="utf-8")
        finished = finish([python, "-E", "-s", _SIDES / script, given, answered])
        answer = json.loads(answered.read_text(encoding="utf-8"))
    pairs = [(mentee, mentor) for mentee, mentor in answer["pairs"]]
    return Measured(answer["seconds"], finished.peak, finished.seconds, judge(people, pairs))
