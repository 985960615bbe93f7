"""A sample organisation, generated from a seed. Nobody in it exists, and every name in it says so."""

from __future__ import annotations

import random

SAMPLE_HEADER = (
    "id",
    "name",
    "email",
    "manager",
    "department",
    "level",
    "takes part as",
    "takes",
    "skills",
    "wants to learn",
    "region",
)

_DEPARTMENTS = ("Engineering", "Finance", "Marketing", "Operations", "People", "Sales")
_SKILLS = (
    "budgets",
    "data",
    "facilitation",
    "law",
    "leading",
    "negotiation",
    "planning",
    "presenting",
    "sql",
    "writing",
)
_REGIONS = ("north", "south", "east", "west", "remote")
_CHANCES = {
    6: (0.3, 0.0, 0.5),
    5: (0.6, 0.1, 0.0),
    4: (0.5, 0.15, 0.1),
    3: (0.2, 0.2, 0.15),
    2: (0.05, 0.4, 0.1),
    1: (0.0, 0.5, 0.0),
}
_SHARES = ((6, 0.01), (5, 0.05), (4, 0.12), (3, 0.22), (2, 0.28), (1, 1.0))


def sample_people(count: int = 200, seed: int = 2026) -> list[dict[str, str]]:
    """Return the rows of a people table: an organisation of ``count`` generated people.

    Levels run from 1 to 6; everybody below the top reports to somebody of the next level above, usually in the own
    department. About half of the people take part. The same count and seed give the same rows.

    >>> sample_people(3)[0]["name"]
    'Sample Person 001'
    """
    draw = random.Random(seed)  # noqa: S311  (a reproducible sample, no secret)
    levels = _levels(count)
    departments = [draw.choice(_DEPARTMENTS) for _ in levels]
    rows = []
    for i, level in enumerate(levels):
        rows.append(
            {
                "id": f"s{i + 1:03d}",
                "name": f"Sample Person {i + 1:03d}",
                "email": f"s{i + 1:03d}@sample.invalid" if draw.random() < 0.95 else "",
                "manager": _manager(draw, i, levels, departments),
                "department": departments[i],
                "level": str(level),
                "takes part as": _part(draw, level),
                "takes": "",
                "skills": "; ".join(sorted(draw.sample(_SKILLS, draw.randint(1, 4)))),
                "wants to learn": "; ".join(sorted(draw.sample(_SKILLS, draw.randint(1, 3)))),
                "region": draw.choice(_REGIONS),
            }
        )
    for row in rows:
        if row["takes part as"] in {"mentor", "both"}:
            row["takes"] = str(draw.choice((1, 1, 1, 2)))
    return rows


def _levels(count: int) -> list[int]:
    levels: list[int] = []
    for level, share in _SHARES:
        levels += [level] * min(count - len(levels), max(1, round(count * share)))
    return levels


def _manager(draw: random.Random, i: int, levels: list[int], departments: list[str]) -> str:
    if levels[i] == levels[0]:
        return ""
    above = [j for j in range(i) if levels[j] > levels[i]]
    lowest = min(levels[j] for j in above)
    next_above = [j for j in above if levels[j] == lowest]
    near = [j for j in next_above if departments[j] == departments[i]]
    return f"s{draw.choice(near or next_above) + 1:03d}"


def _part(draw: random.Random, level: int) -> str:
    mentor, mentee, both = _CHANCES[level]
    chance = draw.random()
    if chance < mentor:
        return "mentor"
    if chance < mentor + mentee:
        return "mentee"
    return "both" if chance < mentor + mentee + both else "no"


SAMPLE_PROGRAM = """\
# A program for the generated sample organisation. Nobody in it exists.

[program]
name = "Sample mentoring"
kind = "mentoring"
purpose = "Meet somebody ahead of you in another part of the organisation."
contact = "mentoring@sample.invalid"

[term]
start = 2026-02-02
months = 9

[cadence]
every = "month"
weekday = "Tuesday"
time = "10:00"
zone = "Europe/London"

[session]
minutes = 60

[attributes.level]
type = "number"

[attributes.skills]
type = "list"
separator = ";"

[attributes.wants]
type = "list"
separator = ";"

[tables.people]
id = "id"
name = "name"
email = "email"
role_column = "takes part as"
capacity_column = "takes"

[tables.people.columns]
manager = "manager"
department = "department"
level = "level"
skills = "skills"
wants = "wants to learn"
region = "region"

[recipients]
capacity = 1

[providers]
where = [{ attribute = "level", at_least = 2 }]
capacity = 1

[[constraints]]
rule = "different"
attribute = "department"

[[constraints]]
rule = "gap"
attribute = "level"
at_least = 1
at_most = 3

[[criteria]]
name = "skills wanted"
rule = "offered"
wanted = "wants"
offered = "skills"
weight = "high"

[[criteria]]
name = "level gap near two"
rule = "near"
attribute = "level"
wanted = 2
within = 2
weight = "medium"

[[criteria]]
name = "same region"
rule = "same"
attribute = "region"
weight = "low"

[matching]
strategy = "optimal"
objective = "cover"
seed = 2026

[proposals]
expire_after_days = 14
"""
"""The program file (TOML) that the sample is made for."""
