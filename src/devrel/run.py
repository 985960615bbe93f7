"""The main job: read, check, match, propose, plan, write."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from attrs import frozen

from devrel.errors import DevrelError, InputError, Problem, did_you_mean
from devrel.formats import folder
from devrel.formats.people_csv import loads_people, read_source
from devrel.formats.program_toml import loads_program
from devrel.kinds import Side
from devrel.matching.problem import MatchingProblem
from devrel.matching.result import Band, Cause, Matching, main_causes
from devrel.matching.strategies import strategy_named
from devrel.matching.strategy import installed_version
from devrel.people import Enrollment, Organization
from devrel.programs.design import Program
from devrel.programs.intake import LeftOut, Register
from devrel.programs.proposals import propose
from devrel.relationships import Relationship
from devrel.validation import Finding, Severity, check_program

FILES = ("matches.csv", "unmatched.csv", "relationships.json", "sessions.ics", "provenance.json")
"""What a run writes; the provenance seals the set."""

STEPS = ("reading", "checking", "scoring", "matching", "proposing", "planning", "writing")
Progress = Callable[[str, int, int], None]
"""Told at the start of each step: its name, how many are done, how many there are."""

_HORIZON_DAYS = 365


class Refused(DevrelError):
    """The program has findings that are errors; nothing was matched or written.

    Attributes:
        findings: All findings, errors first.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n  ".join(["the program was refused:", *map(str, findings)]))
        self.findings = tuple(findings)


@frozen
class Summary:
    """What a run came to.

    Attributes:
        program: The design.
        people: How many people were read.
        enrollments: Who takes part.
        matching: Who is matched with whom.
        relationships: The proposals, one a pair.
        left_out: Who asked to take part and may not.
        findings: What is to be said of the program.
        folder: Where the files are.
    """

    program: Program
    people: int
    enrollments: tuple[Enrollment, ...]
    matching: Matching
    relationships: tuple[Relationship, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    folder: Path

    def to_text(self) -> str:
        """Return the summary in words."""
        return "\n".join(_summary_lines(self))


def run(
    program_file: Path,
    people_files: Sequence[str | Path],
    out: Path,
    *,
    today: date,
    force: bool = False,
    progress: Progress = lambda *_: None,
) -> Summary:
    """Do the main job and write its files.

    Args:
        program_file: The program (TOML).
        people_files: The people tables (CSV); ``NAME=PATH`` says which table a file is.
        out: The folder to write to.
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
    program, register, inputs = _read(program_file, people_files)
    step("checking")
    enrollments, left_out = program.enroll(register), program.left_out(register)
    findings = check_program(program, enrollments, today=today)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Refused(findings)
    step("scoring")
    problem = MatchingProblem.from_program(program, register.organization, enrollments)
    problem.points  # noqa: B018  (scores all pairs now, so that the step is the one that takes the time)
    step("matching")
    matching = strategy_named(program.strategy, program.parameters).match(problem)
    step("proposing")
    now = datetime.combine(today, time(), tzinfo=UTC)
    relationships = propose(program, matching, at=now)
    step("planning")
    files = _files(program, register.organization, matching, relationships, left_out, today=now, inputs=inputs)
    step("writing")
    folder.write_all(out, files, force=force)
    step.done()
    return Summary(program, len(register.organization), enrollments, matching, relationships, left_out, findings, out)


class _Steps:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, name: str) -> None:
        self._progress(name, STEPS.index(name), len(STEPS))

    def done(self) -> None:
        self._progress("done", len(STEPS), len(STEPS))


def _read(program_file: Path, people_files: Sequence[str | Path]) -> tuple[Program, Register, dict[str, bytes]]:
    """Read every file once, so that what is hashed is what was used."""
    problems: list[Problem] = []
    design = read_source(program_file, program_file.name, None, problems)
    if design is None:
        raise InputError(problems)
    program = loads_program(design.data, file=design.name)
    named = [_named(program, given) for given in people_files]
    names = _told_apart([design.name, *(path.name for path, _ in named)], [program_file, *(path for path, _ in named)])
    read = [read_source(path, name, table, problems) for (path, table), name in zip(named, names[1:], strict=True)]
    sources = [source for source in read if source is not None]
    register = loads_people(program, sources, problems)
    return program, register, {names[0]: design.data} | {source.name: source.data for source in sources}


def _named(program: Program, given: str | Path) -> tuple[Path, str | None]:
    """Return the path and the name of the table of ``NAME=PATH``, or of a path alone."""
    name, equals, path = str(given).partition("=")
    tables = {table.name for table in program.tables}
    if not equals or Path(given).exists():
        return Path(given), None
    if name not in tables:
        problem = Problem(f"{name!r} is no table of the program", did_you_mean(name, tables), file=path)
        raise InputError([problem])
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

    ids = {(one.people(Side.RECIPIENT)[0], one.people(Side.PROVIDER)[0]): one.id for one in relationships}
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
    )
    return {**files, "provenance.json": seal.encode()}


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    found = {"python": platform.python_version()}
    names = ("development-relationships", "numpy", "scipy", "python-dateutil", "icalendar", "cattrs", "tzdata")
    return found | {name: installed_version(name) for name in names}


def _summary_lines(summary: Summary) -> list[str]:
    program, matching, titles = summary.program, summary.matching, summary.program.titles
    wanting = sum(enrollment.takes(Side.RECIPIENT) > 0 for enrollment in summary.enrollments)
    offering = sum(enrollment.takes(Side.PROVIDER) > 0 for enrollment in summary.enrollments)
    places = sum(enrollment.takes(Side.PROVIDER) for enrollment in summary.enrollments)
    served = len({pair.recipient for pair in matching.pairs})
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
        *_left_out_lines(summary.left_out),
        *(f"  note       {finding}" for finding in summary.findings),
        f"  written    {', '.join(FILES)} to {summary.folder}",
    ]


def _rhythm(program: Program) -> str:
    """Return how often the program meets; a single session has a time and no rhythm."""
    cadence = program.cadence
    return f"at {cadence.at:%H:%M} ({cadence.zone})" if program.term.single else str(cadence)


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
