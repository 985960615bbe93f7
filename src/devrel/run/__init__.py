"""The main job: read, check, match, propose, plan, write."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from devrel.errors import DevrelError, InputError, InvalidValue, Problem
from devrel.formats import folder
from devrel.kinds import Side
from devrel.kinds.brought import KIND_GROUP
from devrel.matching.brought import CONSTRAINT_GROUP, CRITERION_GROUP
from devrel.matching.problem import MatchingProblem
from devrel.matching.result import Matching
from devrel.matching.standing import pairs_of
from devrel.matching.strategies import STRATEGY_GROUP, strategy_named
from devrel.matching.strategies.optimal import OptimalMatching
from devrel.matching.strategies.peers import PeerMatching
from devrel.matching.strategies.rematching import Rematching
from devrel.matching.strategy import MISSING, MatchingStrategy, installed_version
from devrel.people import Organization
from devrel.plugins import Group
from devrel.programs.design import Program
from devrel.programs.intake import LeftOut
from devrel.programs.proposals import propose
from devrel.relationships import Relationship
from devrel.run.inputs import read
from devrel.run.summary import FILES, Summary
from devrel.validation.book import rulebook
from devrel.validation.engine import check
from devrel.validation.finding import Finding, Severity
from devrel.validation.report import Report

__all__ = ["FILES", "STEPS", "Progress", "Refused", "Summary", "judge", "plugins_of", "run", "versions"]

STEPS = ("reading", "checking", "scoring", "matching", "proposing", "planning", "writing")
Progress = Callable[[str, int, int], None]
"""Told at the start of each step: its name, how many are done, how many there are."""

_HORIZON_DAYS = 365

_IN_A_RUN = {"D001": Severity.WARNING, "D006": Severity.WARNING}
"""Too few places and hours are reported, and whoever can be matched is matched all the same."""


class Refused(DevrelError):
    """The program has findings that are errors; nothing was matched or written.

    Attributes:
        findings: All findings, errors first.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
        more = len(findings) - len(errors)
        rest = [f"{more} more that stop nothing; devrel check tells them"] if more else []
        super().__init__("\n  ".join(["the program was refused:", *errors, *rest]))
        self.findings = tuple(findings)


def run(
    program_file: Path,
    people_files: Sequence[str | Path],
    out: Path,
    *,
    relationship_files: Sequence[Path] = (),
    today: date,
    force: bool = False,
    progress: Progress = lambda *_: None,
) -> Summary:
    """Do the main job and write its files.

    Args:
        program_file: The program (TOML).
        people_files: The people tables (CSV); ``NAME=PATH`` says which table a file is.
        out: The folder to write to.
        relationship_files: Documents with relationships that exist already (JSON), of this program and of others.
        today: The date of the run; proposals are made at its midnight (UTC).
        force: Whether to replace results that are there.
        progress: Told at the start of each step.

    Raises:
        InputError: With everything that is wrong with the inputs; nothing is written.
        Refused: When the program has findings that are errors; nothing is written.
        OutputExists: When the folder has results and ``force`` is not given; nothing is written.
    """
    folder.refuse_results(out, FILES, force=force)
    step = _Steps(progress)
    step("reading")
    program, register, existing, inputs = read(program_file, people_files, relationship_files)
    step("checking")
    enrollments, left_out = program.enroll(register), program.left_out(register)
    severities: dict[str, Severity | str] = {**_IN_A_RUN, **program.checks.severities}
    if program.kind.composition.group:
        severities["D005"] = Severity.ERROR  # a matching makes no groups
    report = check(program, people=register.organization, enrollments=enrollments, severities=severities, today=today)
    findings = report.findings
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Refused(findings)
    step("scoring")
    rematch = program.strategy == Rematching.name
    problem = MatchingProblem.from_program(
        program,
        register.organization,
        enrollments,
        existing_relationships=existing,
        today=today,
        rematch=rematch,
        pool=_pooled(program),
    )
    if not problem.large:
        problem.points  # noqa: B018  (scores all pairs now, so that the step is the one that takes the time)
    step("matching")
    matching = _watched(strategy_named(program.strategy, program.parameters), step).match(problem)
    findings += check(
        matching, program=program, people=register.organization, problem=problem, select=("M", "P"), today=today
    ).findings
    step("proposing")
    now = datetime.combine(today, time(), tzinfo=UTC)
    relationships = propose(program, matching, at=now)
    standing = {
        pair: one for one in existing if one.program == program.name for pair in pairs_of(one) if not one.stage.final
    }
    relationships = tuple(standing.get(pairs_of(one)[0], one) for one in relationships)
    step("planning")
    files = _files(program, register.organization, matching, relationships, left_out, today=now, inputs=inputs)
    step("writing")
    folder.write_all(out, files, force=force)
    step.done()
    return Summary(
        program,
        len(register.organization),
        enrollments,
        matching,
        relationships,
        left_out,
        findings,
        out,
        report.crashed,
        report.broken,
    )


def _pooled(program: Program) -> bool:
    """Whether the people of a program are one pool."""
    return program.strategy == PeerMatching.name


def _watched(strategy: MatchingStrategy, step: _Steps) -> MatchingStrategy:
    """Return a strategy that tells how far it is with a large problem, where it can and nobody else is told."""
    if isinstance(strategy, OptimalMatching | Rematching) and strategy.settings.progress is None:
        strategy.settings = evolve(strategy.settings, progress=lambda now: step("matching", str(now)))
    return strategy


class _Steps:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, name: str, more: str = "") -> None:
        self._progress(f"{name} ({more})" if more else name, STEPS.index(name), len(STEPS))

    def done(self) -> None:
        self._progress("done", len(STEPS), len(STEPS))


def judge(
    program_file: Path,
    people_files: Sequence[str | Path] = (),
    relationship_files: Sequence[Path] = (),
    *,
    match: bool = False,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    today: date,
) -> Report:
    """Judge a program by all rules, and what is known around it; nothing is written.

    Args:
        program_file: The program (TOML).
        people_files: The people tables (CSV), as for ``run``; none to judge the design alone.
        relationship_files: Documents with relationships (JSON), as a run writes them.
        match: Whether to match the people in memory and judge the result as well.
        select: Codes or letters of families; everything where it is empty.
        ignore: Codes or letters to leave out.
        today: The day it is judged on.

    Raises:
        InputError: With everything that is wrong with the inputs, and for unknown codes.
        InvalidValue: When people are to be matched, and none are given.
    """
    if match and not people_files:
        raise InvalidValue("match", "needs people to match", "give their tables")
    try:
        program, register, relationships, _ = read(program_file, people_files, relationship_files)
    except InputError as error:
        raise InputError([*error.problems, *_no_rules(select, ignore)]) from None
    known: dict[str, Any] = {"relationships": relationships} if relationship_files else {}
    if people_files:
        enrollments = program.enroll(register)
        known |= {"people": register.organization, "enrollments": enrollments}
        if match and all(any(one.takes(side) for one in enrollments) for side in Side):
            problem = MatchingProblem.from_program(program, register.organization, enrollments, pool=_pooled(program))
            matching = strategy_named(program.strategy, program.parameters).match(problem)
            known |= {"problem": problem, "matching": matching}
    try:
        return check(program, **known, select=select, ignore=ignore, today=today)
    except InputError as error:
        raise InputError(_placed(problem, program_file.name) for problem in error.problems) from None


def _no_rules(*words: Sequence[str]) -> list[Problem]:
    """Return what is wrong with words that stand for rules, as far as it can be told without the program."""
    problems: list[Problem] = []
    for given, where in zip(words, ("select", "ignore"), strict=True):
        try:
            rulebook().chosen(given, where)
        except InputError as error:
            problems += error.problems
    return problems


def _placed(problem: Problem, file: str) -> Problem:
    """Return a problem with the name of the program file where it lies in there."""
    return evolve(problem, file=file) if (problem.column or "").startswith("check.") else problem


def _files(
    program: Program,
    people: Organization,
    matching: Matching,
    relationships: Sequence[Relationship],
    left_out: Sequence[LeftOut],
    *,
    today: datetime,
    inputs: dict[str, bytes],
) -> dict[str, bytes]:
    from devrel.formats.icalendar import dumps_sessions
    from devrel.formats.json import dumps_relationships
    from devrel.formats.results import dumps_matches, dumps_provenance, dumps_unmatched

    ids = {pair: one.id for one in relationships for pair in pairs_of(one)}
    until = program.term.start + timedelta(days=_HORIZON_DAYS) if program.term.open_ended else None
    files = {
        "matches.csv": dumps_matches(matching, ids, people, program.titles).encode(),
        "unmatched.csv": dumps_unmatched(matching, people, program.titles, left_out).encode(),
        "relationships.json": dumps_relationships(relationships).encode(),
        "sessions.ics": dumps_sessions(
            relationships, people, stamp=today, organizer=program.contact, until=until, holidays=program.holidays
        ),
    }
    seal = dumps_provenance(
        matching,
        program=program.name,
        today=today.date().isoformat(),
        inputs=inputs,
        outputs=files,
        versions=versions(),
        counts={"people": len(people), "pairs": len(matching.pairs), "open": len(matching.unmatched)},
        plugins=plugins_of(program),
    )
    return {**files, "provenance.json": seal.encode()}


def plugins_of(program: Program) -> list[dict[str, str]]:
    """Return what a program uses of other packages: the sort of thing, its name, and the package with its version."""
    used: list[tuple[Group[Any], object]] = [
        (KIND_GROUP, program.kind),
        *((CONSTRAINT_GROUP, type(one)) for one in program.constraints),
        *((CRITERION_GROUP, type(one)) for one in program.criteria),
        (STRATEGY_GROUP, type(strategy_named(program.strategy, program.parameters))),
    ]
    found = {(group.noun, plugin) for group, thing in used if (plugin := group.origin(thing)) is not None}
    ordered = sorted(found, key=lambda one: (one[0], one[1].name))
    return [{"sort": noun, "name": one.name, "distribution": one.distribution} for noun, one in ordered]


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    found = {"python": platform.python_version()}
    names = ("development-relationships", "numpy", "scipy", "python-dateutil", "icalendar", "cattrs", "tzdata")
    solvers = {name: installed_version(name) for name in ("lapx", "rustworkx")}
    there = {name: number for name, number in solvers.items() if number != MISSING}
    return found | {name: installed_version(name) for name in names} | there
