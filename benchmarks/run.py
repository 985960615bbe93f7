"""Measures devrel and prints a Markdown table: ``make bench``, or ``.venv/bin/python benchmarks/run.py --only b``.

The rows: (a) the whole job of the command line, (b) importing devrel, (c) matching 1,000 by 1,000 people against a
peer, (d) documents against plain hooks of cattrs, (e) replay, (f) views, (g) cadences against a plain loop, (h) all
rules over relationships, (i) all rules over an organisation, (j) stable
matching against two peers, (k) dense matching against SciPy and lapx, (l) the check
of an answer, (m) scoring against NumPy. Targets are told in the table; one that is missed does not change the exit
status, which is always 0.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import domain
import end_to_end
import imports
import rules
import solving
import stable
import thousand
from machine import machine
from processes import NotMeasured
from table import Line, markdown

ROWS = {
    "a": end_to_end.lines,
    "b": imports.lines,
    "c": thousand.lines,
    "d": domain.documents,
    "e": domain.replay,
    "f": domain.views,
    "g": domain.cadences,
    "h": rules.relationships,
    "i": rules.organizations,
    "j": stable.lines,
    "k": solving.dense,
    "l": solving.verified,
    "m": solving.scoring,
}


def main() -> None:
    """Measure the rows asked for, one at a time, and print the table."""
    parser = argparse.ArgumentParser(description="Measure devrel and print a Markdown table.")
    parser.add_argument("--only", choices=ROWS, help="Measure this row alone.")
    only = parser.parse_args().only
    told = about()
    lines = [line for row in ROWS if only in {None, row} for line in _measured(row)]
    print(f"{told}\n\n{markdown(lines)}")


def _measured(row: str) -> Iterator[Line]:
    print(f"measuring row {row} ...", file=sys.stderr)
    try:
        yield from ROWS[row]()
    except NotMeasured as error:
        yield Line(row, "broken off", found=f"not measured: {error}", met=False)


def about() -> str:
    """Return what the measurements depend on, as a Markdown list."""
    requirements = [*thousand.MENTOR_MATCH, *(requirement for requirement, _ in stable.PEERS.values())]
    peers = ", ".join(requirement.replace("==", " ") for requirement in requirements)
    return "\n".join([*machine(_PACKAGES), f"- peers (each in an environment of its own): {peers}"])


_PACKAGES = ("numpy", "scipy", "attrs", "python-dateutil", "cattrs", "icalendar", "click", "lapx")


if __name__ == "__main__":
    main()
