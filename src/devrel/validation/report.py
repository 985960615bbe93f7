"""What a check came to: findings in order, and what could not be judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from devrel._display import html_table, printable
from devrel._records import as_tuple, tuple_of
from devrel.validation.finding import Crash, Finding, Severity

if TYPE_CHECKING:
    from devrel.validation.book import Rulebook

_NAMED = 3


@frozen
class Skipped:
    """A rule that was not asked, because something it needs is not known.

    Attributes:
        code: The rule's code.
        needs: What it needs and was not given.
    """

    code: str
    needs: tuple[str, ...]

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.code} needs {', '.join(self.needs)}"


@frozen(repr=False)
class Report:
    """Findings, the gravest first, and what could not be judged.

    Attributes:
        findings: The findings, by severity, code and subject.
        crashed: The rules that broke down; they silence nobody.
        skipped: The rules that were not asked, as something was not known.
        unused: The codes that were ignored although they find nothing here.
        suppressed: How many findings were ignored.
        cases: How many things were judged.
        passed_over: How many relationships belong to other programs than the one judged, and were not judged.
        broken: What installed packages announce as rules and nobody can use, one sentence each.

    >>> Report().ok
    True
    """

    findings: tuple[Finding, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Finding))
    crashed: tuple[Crash, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Crash))
    skipped: tuple[Skipped, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Skipped))
    unused: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    suppressed: int = 0
    cases: int = 0
    passed_over: int = 0
    broken: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))

    @property
    def ok(self) -> bool:
        """Whether nothing was found and no rule broke down."""
        return not self.findings and not self.crashed

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity."""
        return {one: sum(finding.severity is one for finding in self.findings) for one in Severity}

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that found something, each once, in the order of the report."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings that are at least so grave."""
        return tuple(finding for finding in self.findings if finding.severity.reaches(severity))

    def where(self, keep: Callable[[Finding], bool]) -> Report:
        """Return the report with the findings that ``keep`` keeps.

        >>> Report().where(lambda finding: finding.code.startswith("A")).findings
        ()
        """
        return evolve(self, findings=tuple(finding for finding in self.findings if keep(finding)))

    def of(self, *codes: str) -> tuple[Finding, ...]:
        """Return the findings of some codes or families."""
        return tuple(one for one in self.findings if one.code in codes or one.code[0] in codes)

    def to_text(self) -> str:
        """Return it for a terminal: findings that say the same of many subjects stand together."""
        lines = [line for group in self._groups() for line in _told(group)]
        return "\n".join([*map(printable, [*lines, *self._notes()]), self.summary])

    def _notes(self) -> list[str]:
        """Return what is to be said beside the findings, one line each."""
        crashed: dict[tuple[str, ...], list[str]] = {}
        for one in self.crashed:
            crashed.setdefault((one.code, one.distribution, one.error), []).append(one.subject)
        notes = [
            f"crashed: {code} of {distribution} broke down over {_named(subjects)}: {error}"
            for (code, distribution, error), subjects in crashed.items()
        ]
        notes += [f"plug-in: {told}" for told in self.broken]
        notes += [f"unused:  {word} is ignored and finds nothing here; drop it" for word in self.unused]
        if self.skipped:
            needs = sorted({need for one in self.skipped for need in one.needs})
            notes.append(f"skipped: {_count(len(self.skipped), 'rule')} for want of: {', '.join(needs)}")
        if self.passed_over:
            notes.append(f"passed:  {_count(self.passed_over, 'relationship')} of other programs, not judged")
        return notes

    @property
    def summary(self) -> str:
        """The counts in one line."""
        parts = [_count(number, one.value) for one, number in self.counts.items() if number] or ["nothing found"]
        if self.suppressed:
            parts.append(f"{self.suppressed} ignored")
        if self.crashed:
            broken = len({one.code for one in self.crashed})
            parts.append(f"{_count(broken, 'rule')} broke down")
        return f"{', '.join(parts)} ({_count(self.cases, 'case')} judged)"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, as ``to_json`` writes it."""
        return {
            "type": "devrel.report",
            "schema": 1,
            "findings": [_plain(finding) for finding in self.findings],
            "crashed": [
                {"code": c.code, "distribution": c.distribution, "subject": c.subject, "error": c.error}
                for c in self.crashed
            ],
            "skipped": [{"code": one.code, "needs": list(one.needs)} for one in self.skipped],
            "unused_ignores": list(self.unused),
            "suppressed": self.suppressed,
            "cases": self.cases,
            "passed_over": self.passed_over,
            "broken_plugins": list(self.broken),
            "counts": {severity.value: number for severity, number in self.counts.items()},
        }

    def to_json(self) -> str:
        """Return it as a JSON document, the same text for the same report."""
        return written(self.to_dict())

    def to_sarif(self, *, file: str | None = None, rules: Rulebook | None = None) -> str:
        """Return it as SARIF 2.1.0, which viewers and continuous integration read.

        Args:
            file: The path of the program file the findings are about, relative to the root of the sources.
            rules: The rules that were asked; those of the library and of installed packages unless given.
        """
        from devrel.validation.sarif import dumps_sarif

        return dumps_sarif(self, file=file, rules=rules)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        """Return True always: a report without findings is still a report; ask ``ok``."""
        return True

    def __str__(self) -> str:
        """Return ``to_text``."""
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Report: {self.summary}>"

    def _repr_html_(self) -> str:
        rows = [
            [one.severity.value, one.code, _subjects(group), one.where, one.message, one.remedy, one.source]
            for group in self._groups()
            for one in group[:1]
        ]
        header = ["severity", "code", "about", "where", "what", "what to do", "source"]
        found = html_table(header, rows, caption=self.summary)
        notes = [[word, told.strip()] for word, _, told in (note.partition(":") for note in self._notes())]
        return found + (html_table(["beside the findings", ""], notes) if notes else "")

    def _groups(self) -> list[list[Finding]]:
        """Return the findings that differ in their subject alone together, in the order of the report."""
        groups: dict[tuple[object, ...], list[Finding]] = {}
        for finding in self.findings:
            key = (finding.severity, finding.code, finding.where, finding.message, finding.remedy)
            groups.setdefault(key, []).append(finding)
        return list(groups.values())


def _told(group: list[Finding]) -> list[str]:
    first = group[0]
    return [
        f"{first.code} {first.severity.value}: {_subjects(group)}, {first.where}",
        f"    {first.message}",
        f"    -> {first.remedy} ({first.source})",
    ]


def _subjects(group: list[Finding]) -> str:
    return _named([finding.subject for finding in group])


def _named(subjects: list[str]) -> str:
    named = ", ".join(subjects[:_NAMED])
    more = len(subjects) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 or word == "advice" else f"{number} {word}s"


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "where": finding.where,
        "message": finding.message,
        "remedy": finding.remedy,
        "source": finding.source,
    }


def written(data: Any) -> str:
    """Return plain data as JSON that can be encoded: half of a character comes out as a question mark."""
    return json.dumps(data, indent=2, ensure_ascii=False).encode(errors="replace").decode() + "\n"
