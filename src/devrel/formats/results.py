"""The files of a run: matches, unmatched people and provenance. Nothing sensitive is in any of them.

They are written of a matching that was edited too, once ``propose`` made its relationships.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from devrel.errors import InvalidValue
from devrel.kinds import Side, Titles
from devrel.matching.pairs import Pair
from devrel.matching.pool import PEERS
from devrel.matching.provenance import Provenance
from devrel.matching.result import Matching
from devrel.people import Organization, Person
from devrel.programs.intake import LeftOut

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001


def dumps_matches(
    matching: Matching, relationships: Mapping[tuple[str, str], str], people: Organization, titles: Titles
) -> str:
    """Return the pairs as CSV: who they are, the relationship's id, the score, its band, the parts that may be shown.

    Where a sensitive criterion takes part, the score stays empty, and the band speaks of the other criteria alone.

    Args:
        matching: The pairs.
        relationships: The relationship's id for each pair (recipient, provider).
        people: Gives the names.
        titles: What the two sides are called in the header.

    >>> from devrel.kinds import MENTORING
    >>> from devrel.matching import MatchingProblem, OptimalMatching
    >>> problem = MatchingProblem.from_scores([[3]], recipients=["ann"], providers=["bo"])
    >>> people = Organization([Person("ann", name="Ann"), Person("bo")])
    >>> matching = OptimalMatching().match(problem)
    >>> print(dumps_matches(matching, {("ann", "bo"): "rel-1"}, people, MENTORING.titles).splitlines()[1])
    ann,Ann,,bo,bo,,rel-1,3.000000,high,3.000000
    """
    recipient, provider = titles.recipient, titles.provider
    parts = _shown_parts(matching.pairs)
    header = [f"{title}_{fact}" for title in (recipient, provider) for fact in ("id", "name", "email")]
    rows = [
        [
            *_who(people[pair.recipient]),
            *_who(people[pair.provider]),
            relationships[pair.recipient, pair.provider],
            "" if pair.shown_score is None else _decimal(pair.points, pair.unit),
            pair.band.value,
            *(_decimal(part.points, pair.unit) for part in pair.shown_parts),
        ]
        for pair in matching.pairs
    ]
    return dumps_rows([*header, "relationship_id", "score", "band", *parts], rows)


def _who(person: Person) -> list[str]:
    return [person.id, person.shown_name, person.email or ""]


def dumps_unmatched(matching: Matching, people: Organization, titles: Titles, left_out: Sequence[LeftOut] = ()) -> str:
    """Return everybody with something open as CSV: one row for each side, with the reason in words.

    Those who asked to take part and may not are among them.

    Args:
        matching: Says who has something open.
        people: Gives the names.
        titles: What the two sides are called; the people of a pool are all peers.
        left_out: Those who asked to take part and may not.
    """
    if matching.problem is not None and matching.problem.pool:
        titles = PEERS
    rows = [
        [
            person.person,
            people[person.person].shown_name,
            titles.of(reason.side),
            str(reason.wanted),
            str(reason.got),
            str(reason.eligible),
            reason.cause.value,
            reason.text,
        ]
        for person in matching.unmatched.values()
        for reason in person.reasons
    ]
    rows += [
        [one.person, people[one.person].shown_name, titles.of(one.side), "", "0", "", "not admitted", one.text]
        for one in left_out
    ]
    rows.sort(key=lambda row: (row[2] != titles.of(Side.RECIPIENT), row[0]))
    return dumps_rows(["id", "name", "as", "wanted", "found", "eligible", "cause", "reason"], rows)


def dumps_provenance(
    matching: Matching,
    *,
    program: str,
    today: str,
    inputs: Mapping[str, bytes],
    outputs: Mapping[str, bytes],
    versions: Mapping[str, str],
    counts: Mapping[str, int],
    plugins: Sequence[Mapping[str, str]] = (),
) -> str:
    """Return how the results came about as JSON: input and output hashes, versions, strategy, parameters, seed.

    What was edited by hand is listed with the ids, and what comes of other packages with the package and its version.

    Args:
        matching: Says how it was made, and what was edited.
        program: The program's name.
        today: The date of the run, as it is written.
        inputs: What was read, by name; its hashes are written.
        outputs: The other files, by name; their hashes are written.
        versions: What the result depends on, as ``devrel.run.versions`` tells it.
        counts: Numbers to tell, by name.
        plugins: What is of other packages, as ``devrel.run.plugins_of`` tells it.

    >>> from devrel.matching import MatchingProblem, OptimalMatching
    >>> matching = OptimalMatching().match(MatchingProblem.from_scores([[3, 2]])).with_barred([("r0", "p0")])
    >>> made = dumps_provenance(
    ...     matching, program="Circle", today="2026-02-02", inputs={}, outputs={}, versions={}, counts={"pairs": 1}
    ... )
    >>> json.loads(made)["edits"]
    [{'action': 'barred', 'what': ['r0+p0']}]
    """
    made = matching.provenance
    document = {
        "type": "devrel.provenance",
        "schema": 1,
        "program": program,
        "today": today,
        "strategy": made.strategy,
        "parameters": _written(made),
        "objective": made.objective,
        "seed": made.seed,
        "notes": list(made.notes),
        "edits": [{"action": one.action, "what": list(one.what)} for one in made.edits],
        "counts": dict(counts),
        "versions": dict(versions),
        "plugins": [dict(one) for one in plugins],
        "inputs": {name: {"sha256": sha256(data).hexdigest(), "bytes": len(data)} for name, data in inputs.items()},
        "outputs": {name: {"sha256": sha256(data).hexdigest(), "bytes": len(data)} for name, data in outputs.items()},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _written(made: Provenance) -> dict[str, object]:
    """Return the parameters of a strategy; one that JSON has no words for is refused by name."""
    for name, value in made.parameters.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            whose = f"{made.strategy!r}" + (f" of {made.distribution}" if made.distribution else "")
            wrong = f"of the strategy {whose} cannot be written: {type(value).__name__} is no value of JSON"
            remedy = "have its parameters() give texts, finite numbers, true or false, and lists of those"
            raise InvalidValue(f"parameters.{name}", wrong, remedy) from None
    return dict(made.parameters)


def _shown_parts(pairs: Sequence[Pair]) -> list[str]:
    return [part.name for part in pairs[0].shown_parts] if pairs else []


def _decimal(points: int, unit: int) -> str:
    whole, rest = divmod(points, unit)
    return f"{whole}.{rest * 1_000_000 // unit:06d}"


def dumps_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV; cells that a spreadsheet would take for a formula are made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before those that look like one.

    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
