"""The parts of a program file that say how the program is run: the six answers, support, reach, measuring, checking."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from devrel.errors import did_you_mean
from devrel.formats._program_rules import Names, read_conditions
from devrel.formats._section import Section
from devrel.kinds import Measure
from devrel.lifecycle import Origin
from devrel.programs.policies import (
    Aim,
    Budget,
    CapacityPolicy,
    Channel,
    CheckPolicy,
    ComparedWith,
    Decider,
    FocusArea,
    FocusSort,
    ManagerAct,
    Measurement,
    Metric,
    OngoingSupport,
    Participation,
    Preparation,
    Process,
    Reach,
    Rematching,
    Scope,
    Setter,
    SupportForm,
    VisibilityPolicy,
    Window,
)

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

WELCOMES = {"informal": Origin.INFORMAL, "spun-off": Origin.SPUN_OFF}
JUDGED_BY = {"sessions": Measure.SESSIONS, "advocacies": Measure.ADVOCACIES}
_MEANT = re.compile(r"[A-Z](\d{3})?")
_WRITE = 'Write it as "D001" or "D"; devrel rules lists all.'
_SEVERITIES = ("error", "warning", "advice")
_NO_DAY = date(2000, 1, 1)


def words_of(choices: type[E]) -> dict[str, E]:
    """Return the words by which a file names the members of a closed list."""
    return {member.name.lower().replace("_", "-"): member for member in choices}


def members(section: Section, key: str, known: dict[str, E]) -> frozenset[E]:
    """Return the members of a closed list that are named; an unknown one is a problem."""
    named = section.texts(key)
    for name in named:
        if name not in known:
            section.problem(key, "is not known", did_you_mean(name, known), name)
    return frozenset(known[name] for name in named if name in known)


def read_head(head: Section) -> dict[str, Any]:
    """Return what the section of the program says beside its name and kind, by the name of the field."""
    return {
        "aims": members(head, "aims", words_of(Aim)),
        "participation": head.choice("participation", words_of(Participation), None),
        "platforms": head.texts("platforms"),
        "welcomes": members(head, "welcomes", WELCOMES),
        "goals_set_by": head.choice("goals_set_by", words_of(Setter), None),
        "demands_end": head.yes("demands_end"),
        "performance_boundary": head.text("performance_boundary", "") or "",
        "focus_areas": _mixed(head, "focus_areas", FocusArea, _area),
    }


def _area(part: Section) -> FocusArea | None:
    made = part.build(
        FocusArea,
        part.text("name", "", needed=True) or "?",
        part.text("text", "") or "",
        part.choice("sort", words_of(FocusSort), FocusSort.COMPETENCY),
    )
    part.close()
    return made


def _mixed(section: Section, key: str, plain: Callable[[str], T], read: Callable[[Section], T | None]) -> tuple[T, ...]:
    """Return a list of records, each written as a text or as a table."""
    value = section.raw_value(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        section.problem(key, "is not a list", 'Write it as ["one", { name = "two" }].', str(value))
        return ()
    found: list[T | None] = []
    for number, item in enumerate(value, 1):
        if isinstance(item, str):
            found.append(section.build(plain, item))
        elif isinstance(item, dict):
            found.append(read(section.inner(f"{key}[{number}]", item)))
        else:
            section.problem(f"{key}[{number}]", "is neither a text nor a table", "Write the name in quotes.", str(item))
    return tuple(one for one in found if one is not None)


def read_policies(root: Section, names: Names) -> dict[str, Any]:
    """Return the records of the sections of their own, by the name of the program's field."""
    readers: dict[str, tuple[str, Callable[[Section], Any]]] = {
        "process": ("process", _process),
        "windows": ("enrollment", _windows),
        "preparation": ("preparation", _preparation),
        "support": ("support", _support),
        "capacity": ("capacity", _capacity),
        "visibility": ("visibility", _visibility),
        "reach": ("reach", lambda section: _reach(section, names)),
        "budget": ("budget", _budget),
        "measurement": ("measurement", lambda section: _measurement(section, names)),
        "checks": ("check", _checks),
    }
    found = {}
    for field, (name, read) in readers.items():
        section = root.section(name)
        value = read(section) if name in root else None
        section.close()
        if value is not None:
            found[field] = value
    return found


def read_matching(matching: Section) -> dict[str, Any]:
    """Return who decides, and what happens when a match fails."""
    rematching = None
    if "rematching" in matching:
        part, plain = matching.section("rematching"), Rematching()
        first = part.yes("first_in_line") if "first_in_line" in part else plain.first_in_line
        times = part.whole("times", plain.times, 0, 100)
        rematching = part.build(Rematching, part.whole("within_days", plain.within_days, 1, 3_650), times, first)
        part.close()
    return {"decided_by": matching.choice("decided_by", words_of(Decider), None), "rematching": rematching}


def _process(section: Section) -> Process | None:
    return section.build(Process, section.texts("steps"), members(section, "told_by", words_of(Channel)))


def _windows(section: Section) -> tuple[Window, ...]:
    found = []
    for part in section.sections("windows"):
        opens, closes = part.day("opens", _NO_DAY, needed=True), part.day("closes", _NO_DAY, needed=True)
        found.append(part.build(Window, opens, closes) if "opens" in part and "closes" in part else None)
        part.close()
    return tuple(one for one in found if one is not None)


def _preparation(section: Section) -> Preparation | None:
    hours = (section.number(f"{side}_hours", 0) for side in ("provider", "recipient"))
    return section.build(Preparation, *hours, section.texts("topics"))


def _support(section: Section) -> OngoingSupport | None:
    weeks = section.whole("every_weeks", 1, 1, 520) if "every_weeks" in section else None
    return section.build(OngoingSupport, members(section, "forms", words_of(SupportForm)), weeks)


def _capacity(section: Section) -> CapacityPolicy | None:
    most = section.whole("most", 1, 1, 100_000) if "most" in section else None
    return section.build(CapacityPolicy, most, section.number("hours_a_month"))


def _visibility(section: Section) -> VisibilityPolicy | None:
    acts = members(section, "manager_acts", words_of(ManagerAct)) if "manager_acts" in section else None
    return section.build(VisibilityPolicy, acts, section.whole("smallest_group", 5, 1, 100_000))


def _reach(section: Section, names: Names) -> Reach | None:
    return section.build(Reach, section.text("how", "") or "", read_conditions(section, names))


def _budget(section: Section) -> Budget | None:
    amount = section.whole("amount", 0, 0, 10**15, needed=True)
    currency = section.text("currency", None, needed=True)
    note = section.text("note", "") or ""
    return None if currency is None else section.build(Budget, amount, currency, note)


def _metric(part: Section) -> Metric | None:
    name = part.text("name", "", needed=True) or "?"
    made = part.build(Metric, name, part.choice("scope", words_of(Scope), Scope.PROGRAM))
    part.close()
    return made


def _measurement(section: Section, names: Names) -> Measurement | None:
    plain, audit_by = Measurement(), section.texts("audit_by")
    names.known(section, "audit_by", audit_by)
    return section.build(
        Measurement,
        metrics=_mixed(section, "metrics", Metric, _metric),
        claims=section.texts("claims"),
        compared_with=section.choice("compared_with", words_of(ComparedWith), None),
        judged_by=section.choice("judged_by", JUDGED_BY, None),
        audit_by=audit_by,
        match_rate=section.number("match_rate", plain.match_rate),
        weeks=section.whole("weeks", 1, 1, 1_000) if "weeks" in section else None,
    )


def _checks(section: Section) -> CheckPolicy | None:
    select = section.texts("select")
    for word in select:
        if not _MEANT.fullmatch(word):
            section.problem("select", "is neither a code nor the letter of a family", _WRITE, word)
    ignore = section.section("ignore", 'CODE = "reason"')
    severities = section.section("severities", 'CODE = "warning"')
    because = {code: str(reason) for code, reason in ignore.raw().items()}
    for code, reason in ignore.raw().items():
        _look(ignore, code)
        if not isinstance(reason, str):
            ignore.problem(code, "is not a text", 'Say why, in quotes; "" only for what is no error.', str(reason))
    changed = {code: str(level) for code, level in severities.raw().items()}
    for code, level in changed.items():
        _look(severities, code)
        if level not in _SEVERITIES:
            severities.problem(code, "is no severity", did_you_mean(level, _SEVERITIES), level)
    return section.build(CheckPolicy, select, because, changed)


def _look(section: Section, code: str) -> None:
    if not _MEANT.fullmatch(code):
        section.problem(code, "is neither a code nor the letter of a family", _WRITE)
