"""What a run came to, and how it is told on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from devrel.kinds import Side
from devrel.matching.constraints import quoted
from devrel.matching.pairs import Band
from devrel.matching.reasons import Cause, main_causes
from devrel.matching.result import Matching
from devrel.matching.strategies.peers import PeerMatching
from devrel.people import Enrollment
from devrel.programs.design import Program
from devrel.programs.intake import LeftOut
from devrel.relationships import Relationship
from devrel.validation.finding import Crash, Finding, Severity

FILES = ("matches.csv", "unmatched.csv", "relationships.json", "sessions.ics", "provenance.json")
"""What a run writes; the provenance seals the set."""

_MOST_NOTES = 12


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
        broken: What installed packages announce among the rules and nobody can use, one sentence each.
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
    broken: tuple[str, ...] = ()

    def to_text(self) -> str:
        """Return the summary in words."""
        pooled = self.program.strategy == PeerMatching.name
        return "\n".join(_pool_lines(self) if pooled else _side_lines(self))


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
        *(f"  plug-in    {told}" for told in summary.broken),
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
    return [f"{number} mostly for want of {quoted(rule)}" for rule, number in ordered]


def _mean(matching: Matching) -> str:
    if matching.mean_shown is None:
        return "none, as nobody is matched"
    if not any(pair.shown_parts for pair in matching.pairs):
        return "none, as no criteria may be shown" if matching.pairs[0].private else "none, as there are no criteria"
    bands = Counter(pair.band for pair in matching.pairs)
    told = ", ".join(f"{bands[band]} {band.value}" for band in Band if bands[band])
    private = "; of the criteria that may be shown" if any(pair.private for pair in matching.pairs) else ""
    return f"{matching.mean_shown:.3f} ({told}{private})"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"
