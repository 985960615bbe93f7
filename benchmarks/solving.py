"""Rows k, l and m: the dense solver against SciPy and lapx, the check of an answer, and scoring against NumPy."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from processes import finish
from table import Line

_CHILD = Path(__file__).parent / "arrays.py"
_WITH_PROOF, _WITH_EXTRA, _CHECKED, _SCORED = 1.6, 1.0, 0.2, 1.5


def dense() -> Iterator[Line]:
    """Measure one-to-one matching of 2,000 by 2,000 on ready arrays."""
    for scores in ("uniform", "many ties"):
        found, peak = _measured("dense", scores.partition(" ")[0])
        bare = median(found["scipy"])
        what = f"2,000 × 2,000 one to one, {scores} scores: "
        yield Line("k", f"{what}SciPy's linear_sum_assignment, bare", found["scipy"], peak)
        yield Line(
            "k", f"{what}lapx (lapjvh), bare", found["lapx"], None, f"{median(found['lapx']) / bare:.2f} times SciPy"
        )
        for solver, most in (("scipy", _WITH_PROOF), ("lapx", _WITH_EXTRA)):
            ratio = median(found[f"with {solver}"]) / bare
            target = f"at most {most:g} times bare SciPy" if scores == "uniform" else ""
            told = f"{ratio:.2f} times bare SciPy, proven, verified and explained"
            met = ratio <= most and found["same"] if target else None
            yield Line("k", f"{what}devrel with {solver}", found[f"with {solver}"], None, told, target, met)


def verified() -> Iterator[Line]:
    """Measure the check of a 5,000 by 5,000 optimum."""
    found, peak = _measured("verified")
    share = median(found["verify"]) / median(found["solve"])
    yield Line("l", "matching 5,000 × 5,000 one to one", found["solve"], peak)
    told, target = f"{share:.3f} of the time of matching", "under a fifth of it"
    yield Line("l", "verify() of that answer, over all pairs", found["verify"], None, told, target, share < _CHECKED)


def scoring() -> Iterator[Line]:
    """Measure scoring by five built-in criteria."""
    found, peak = _measured("scored")
    ratio = median(found["devrel"]) / median(found["numpy"])
    rate = 4e6 / median(found["devrel"]) / 1e6
    yield Line("m", "scoring 2,000 × 2,000 by five criteria: NumPy, written by hand", found["numpy"])
    told = f"{ratio:.2f} times NumPy; {rate:.0f} million pairs a second"
    target, met = f"at most {_SCORED:g} times NumPy", ratio <= _SCORED and found["same"]
    yield Line("m", "the same by devrel", found["devrel"], peak, told, target, met)
    yield Line("m", "the same by devrel, with two constraints", found["rules"])


def _measured(*row: str) -> tuple[dict[str, Any], int]:
    done = finish([sys.executable, str(_CHILD), *row])
    return json.loads(done.output), done.peak
