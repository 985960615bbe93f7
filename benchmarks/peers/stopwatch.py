"""What the scripts of this folder share: read the problem, match it several times, write times and pairs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Problem = dict[str, Any]
Pairs = list[tuple[str, str]]


def serve(match: Callable[[Problem], Pairs], prepare: Callable[[Problem], Problem] = dict) -> None:
    """Measure ``match``, which turns a problem into pairs of two people; ``prepare`` comes before the clock starts.

    It runs as often as the problem says, or as fits into the problem's budget of seconds, and once at least.
    """
    given, answered = map(Path, sys.argv[1:])
    problem = prepare(json.loads(given.read_text(encoding="utf-8")))
    seconds: list[float] = []
    while not seconds or (len(seconds) < problem["runs"] and sum(seconds) + max(seconds) < problem["budget"]):
        began = time.perf_counter()
        pairs = match(problem)
        seconds.append(time.perf_counter() - began)
    answered.write_text(json.dumps({"seconds": seconds, "pairs": pairs}), encoding="utf-8")
