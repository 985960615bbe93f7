"""The main job: read, check, match, propose, plan, write."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from devrel.errors import DevrelError, InputError, InvalidValue, Problem, did_you_mean
from devrel.formats import folder
from devrel.formats.people_csv import Source, loads_people, read_source
from devrel.formats.program_toml import loads_program
from devrel.kinds import Side
from devrel.kinds.brought import KIND_GROUP
from devrel.matching.brought import CONSTRAINT_GROUP, CRITERION_GROUP
from devrel.matching.problem import MatchingProblem
from devrel.matching.result import Band, Cause, Matching, main_causes
from devrel.matching.standing import pairs_of
from devrel.matching.strategies import STRATEGY_GROUP, strategy_named
from devrel.matching.strategies.peers import PeerMatching
from devrel.matching.strategies.rematching import Rematching
from devrel.matching.strategy import installed_version
from devrel.people import Enrollment, Organization
from devrel.plugins import Group
from devrel.programs.design import Program
from devrel.programs.intake import LeftOut, Register
from devrel.programs.proposals import propose
from devrel.relationships import Relationship
from devrel.validation.book import rulebook
from devrel.validation.engine import check
from devrel.validation.finding import Crash, Finding, Severity
from devrel.validation.report import Report

FILES = ("matches.csv", "unmatched.csv", "relationships.json", "sessions.ics", "provenance.json")
"""What a run writes; the provenance seals the set."""

STEPS = ("reading", "checking", "scoring", "matching", "proposing", "planning", "writing")
Progress = Callable[[str, int, int], None]
"""Told at the start of each step: its name, how many are done, how many there are."""

_HORIZON_DAYS = 365

_MOST_NOTES = 12
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


@frozen
class Summary:
    """What a run came to.

    Attributes:
        program: The design.
        people: How many people were read.
        enrollments: Who takes part.
        matching: Who is matched with whom.
        relationships: The proposals, one a pair; in a mutual kind, one for each two people.
        left_out: Who asked to take part and may not.
        findings: What is to be said of the program.
        folder: Where the files are.
        crashed: The rules that broke down, so that what they would have found is not known.
    """

    program: Program
    people: int
    enrollments: tuple[Enrollment, ...]
    matching: Matching
    relationships: tuple[Relationship, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    folder: Path
    crashed: tuple[Crash, ...] = ()

    def to_text(self) -> str:
        """Return the summary in words."""
        return "\n".join(_summary_lines(self))


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
    program, register, existing, inputs = _read(program_file, people_files, relationship_files)
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
    problem.points  # noqa: B018  (scores all pairs now, so that the step is the one that takes the time)
    step("matching")
    matching = strategy_named(program.strategy, program.parameters).match(problem)
    if matching.groups:
        raise InvalidValue(
            "parameters", "make circles, and a run proposes pairs", "leave out the size, or use propose()"
        )
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
    )


def _pooled(program: Program) -> bool:
    """Whether the people of a program are one pool; its kind has to be mutual."""
    peers = program.strategy == PeerMatching.name
    if peers and not program.kind.composition.mutual:
        remedy = "choose a mutual kind, such as 'mutual-mentoring', or another strategy"
        raise InvalidValue("strategy", f"'peers' is for mutual kinds, and {program.kind.name} is none", remedy)
    return peers


class _Steps:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, name: str) -> None:
        self._progress(name, STEPS.index(name), len(STEPS))

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
        program, register, relationships, _ = _read(program_file, people_files, relationship_files)
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


def _relationships(sources: Sequence[Source], problems: list[Problem]) -> list[Relationship]:
    from devrel.formats.json import loads_relationships

    found: list[Relationship] = []
    for source in sources:
        try:
            found += loads_relationships(source.data, file=source.name)
        except InputError as error:
            problems += error.problems
    return found


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


def _read(
    program_file: Path, people_files: Sequence[str | Path], relationship_files: Sequence[Path] = ()
) -> tuple[Program, Register, list[Relationship], dict[str, bytes]]:
    """Read every file once, so that what is hashed is what was used."""
    problems: list[Problem] = []
    design = read_source(program_file, program_file.name, None, problems)
    program = None if design is None else _program(design, problems)
    named = [_named(program, given, problems) for given in people_files]
    paths = [path for path, _ in named]
    given = [program_file, *paths, *relationship_files]
    names = _told_apart([path.name for path in given], given)
    tables, documents = names[1 : len(paths) + 1], names[len(paths) + 1 :]
    read = [read_source(path, name, table, problems) for (path, table), name in zip(named, tables, strict=True)]
    known = [read_source(path, name, None, problems) for path, name in zip(relationship_files, documents, strict=True)]
    relationships = _relationships([source for source in known if source is not None], problems)
    if program is None or design is None:
        raise InputError(problems)
    sources = [source for source in read if source is not None]
    register = loads_people(program, sources, problems) if people_files else Register(Organization(()), {})
    if problems:
        raise InputError(problems)
    seen = {source.name: source.data for source in (*sources, *known) if source is not None}
    return program, register, relationships, {names[0]: design.data} | seen


def _program(design: Source, problems: list[Problem]) -> Program | None:
    try:
        return loads_program(design.data, file=design.name)
    except InputError as error:
        problems += error.problems
        return None


def _named(program: Program | None, given: str | Path, problems: list[Problem]) -> tuple[Path, str | None]:
    """Return the path and the name of the table of ``NAME=PATH``, or of a path alone."""
    name, equals, path = str(given).partition("=")
    if not equals or Path(given).exists():
        return Path(given), None
    tables = {name} if program is None else {table.name for table in program.tables}
    if name not in tables:
        problems.append(Problem(f"{name!r} is no table of the program", did_you_mean(name, tables), file=path))
        return Path(path), None
    return Path(path), name


def _told_apart(names: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """Return the file names, with their folders where two files have one name."""
    return [name if names.count(name) == 1 else str(path) for name, path in zip(names, paths, strict=True)]


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
    return found | {name: installed_version(name) for name in names}


def _summary_lines(summary: Summary) -> list[str]:
    return _pool_lines(summary) if _pooled(summary.program) else _side_lines(summary)


def _pool_lines(summary: Summary) -> list[str]:
    program, matching, people = summary.program, summary.matching, len(summary.enrollments)
    return [
        f"{program.name}: {program.kind.name}, {program.term}, {_rhythm(program)}",
        f"  people     {summary.people} read, {people} take part in one pool",
        f"  matched    {len(matching.served)} of {people} ({_percent(len(matching.served), people)})",
        f"  mean score {_mean(matching)}",
        *_unmatched_lines(matching, Side.RECIPIENT, str(people)),
        *_last_lines(summary),
    ]


def _side_lines(summary: Summary) -> list[str]:
    program, matching, titles = summary.program, summary.matching, summary.program.titles
    wanting = sum(enrollment.takes(Side.RECIPIENT) > 0 for enrollment in summary.enrollments)
    offering = sum(enrollment.takes(Side.PROVIDER) > 0 for enrollment in summary.enrollments)
    places = sum(enrollment.takes(Side.PROVIDER) for enrollment in summary.enrollments)
    served = len(matching.served)
    busy = len({pair.provider for pair in matching.pairs})
    return [
        f"{program.name}: {program.kind.name}, {program.term}, {_rhythm(program)}",
        f"  people     {summary.people} read, {len(summary.enrollments)} take part: "
        f"{wanting} {titles.of(Side.RECIPIENT, wanting)}; "
        f"{offering} {titles.of(Side.PROVIDER, offering)} with {places} {'place' if places == 1 else 'places'}",
        f"  matched    {served} of {wanting} {titles.of(Side.RECIPIENT, wanting)} ({_percent(served, wanting)}) "
        f"with {busy} {titles.of(Side.PROVIDER, busy)}",
        f"  mean score {_mean(matching)}",
        *_unmatched_lines(matching, Side.RECIPIENT, f"{wanting} {titles.of(Side.RECIPIENT, wanting)}"),
        *_unmatched_lines(matching, Side.PROVIDER, f"{offering} {titles.of(Side.PROVIDER, offering)}"),
        *_last_lines(summary),
    ]


def _last_lines(summary: Summary) -> list[str]:
    return [
        *_left_out_lines(summary.left_out),
        *_finding_lines(summary.findings),
        *(f"  crashed    {crash}" for crash in dict.fromkeys(summary.crashed)),
        f"  written    {', '.join(FILES)} to {summary.folder}",
    ]


def _rhythm(program: Program) -> str:
    """Return how often the program meets; a single session has a time and no rhythm."""
    cadence = program.cadence
    return f"at {cadence.at:%H:%M} ({cadence.zone})" if program.term.single else str(cadence)


_OF_THE_DESIGN = frozenset({"A", "D", "G", "K", "V"})
_OF_THE_PEOPLE = frozenset({"A001", "A005", "D001", "D002", "D003", "D004", "D005", "D006", "D020", "D021"})


def _finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Return what bears on this run, one line each; what the design leaves out is counted."""
    noted = [one for one in findings if one.code in _OF_THE_PEOPLE or one.code[0] not in _OF_THE_DESIGN]
    rest = Counter(one.severity for one in findings if one not in noted)
    told = ", ".join(f"{rest[one]} {one.value if rest[one] == 1 else one.plural}" for one in Severity if rest[one])
    lines = [f"  note       {finding}" for finding in noted[:_MOST_NOTES]]
    more = [f"  note       {len(noted) - _MOST_NOTES} more"] if len(noted) > _MOST_NOTES else []
    return [*lines, *more, *([f"  design     {told}; devrel check tells them"] if told else [])]


def _unmatched_lines(matching: Matching, side: Side, everybody: str) -> list[str]:
    causes = main_causes(matching.unmatched.values(), side)
    lines = [f"  unmatched  {sum(causes.values())} of {everybody}"]
    for cause, number in causes.items():
        lines.append(f"               {number}: {cause.value}")
        if cause is Cause.NO_CANDIDATE:
            lines += [f"                 {line}" for line in _rules(matching, side)]
    return lines


def _left_out_lines(left_out: Sequence[LeftOut]) -> list[str]:
    counts = Counter(one.text for one in left_out)
    return [
        f"  not admitted {count}: {text}"
        for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _rules(matching: Matching, side: Side) -> list[str]:
    """Return, for those without a candidate, which rule shuts out most, most frequent first."""
    counts: dict[str, int] = {}
    for person in matching.unmatched.values():
        for reason in person.reasons:
            if reason.side is side and reason.cause is Cause.NO_CANDIDATE and reason.removed:
                rule = next(iter(reason.removed))
                counts[rule] = counts.get(rule, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"{number} mostly for want of {rule!r}" for rule, number in ordered]


def _mean(matching: Matching) -> str:
    if matching.mean_shown is None:
        return "none, as nobody is matched"
    bands = Counter(pair.band for pair in matching.pairs)
    told = ", ".join(f"{bands[band]} {band.value}" for band in Band if bands[band])
    private = "; of the criteria that may be shown" if any(pair.private for pair in matching.pairs) else ""
    return f"{matching.mean_shown:.3f} ({told}{private})"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"
