"""Generated people in columns, and the problem of seven rules over them; nobody of them exists."""

from __future__ import annotations

from typing import Any

import numpy as np

from devrel.matching import Different, Gap, InCommon, MatchingProblem, Near, Offered, Roster, Same, Shared

SEED = 2026
ITEMS, WANTS, SKILLS = 40, 4, 6
_PART = 100_000

Table = dict[str, list[Any]]


def generated(recipients: int, providers: int, seed: int = SEED) -> Table:
    """Return the columns of so many recipients and, after them, of so many providers with 1 to 5 places each."""
    draw = np.random.default_rng(seed)
    count = recipients + providers
    levels = draw.integers(1, 6, recipients), draw.integers(2, 10, providers)
    return {
        "id": [f"x{i:07d}" for i in range(count)],
        "role": ["recipient"] * recipients + ["provider"] * providers,
        "capacity": [1] * recipients + draw.integers(1, 6, providers).tolist(),
        "department": _named(draw, "department", 40, count),
        "level": np.concatenate(levels).tolist(),
        "region": _named(draw, "region", 8, count),
        "wants": _lists(draw, WANTS, count),
        "skills": _lists(draw, SKILLS, count),
        "languages": _languages(draw, count),
    }


def problem_of(table: Table, **more: Any) -> MatchingProblem:
    """Return the problem of the people of a table, and of the seven rules."""
    return MatchingProblem.from_people(
        Roster.from_table(table),
        constraints=[Different("department"), Gap("level", at_least=1), InCommon("languages")],
        criteria=[
            Offered("wants", "skills", weight=5),
            Shared("skills", weight=3),
            Same("region", weight=1),
            Near("level", 2, 4, weight=3),
        ],
        **more,
    )


def _named(draw: np.random.Generator, name: str, kinds: int, count: int) -> list[str]:
    names = np.array([f"{name} {i}" for i in range(kinds)], dtype=object)
    return list(names[draw.integers(0, kinds, count)])


def _lists(draw: np.random.Generator, length: int, count: int) -> list[tuple[str, ...]]:
    """Return a list of different items for everybody, every set of so many items as likely as any other."""
    items = np.array([f"item {i}" for i in range(ITEMS)], dtype=object)
    found: list[tuple[str, ...]] = []
    for start in range(0, count, _PART):
        order = draw.random((min(_PART, count - start), ITEMS)).argpartition(length, axis=1)
        found += map(tuple, items[order[:, :length]].tolist())
    return found


def _languages(draw: np.random.Generator, count: int) -> list[tuple[str, ...]]:
    """Return English for most people, with one of five other languages for a quarter; one in twenty has no English."""
    kinds = [("english",)] * 14 + [("language 0",), *(("english", f"language {i}") for i in range(5))]
    return [kinds[i] for i in draw.integers(0, 20, count).tolist()]
