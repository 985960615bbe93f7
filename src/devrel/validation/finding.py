"""What a judgement looks like. A judge returns findings; it neither raises nor prints."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from devrel._records import a, filled_text


class Severity(Enum):
    """How grave a finding is; the gravest first."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return _RANK[self]

    @property
    def plural(self) -> str:
        """The word for several: errors, warnings, advice."""
        return self.value if self is Severity.ADVICE else f"{self.value}s"

    def reaches(self, other: Severity) -> bool:
        """Whether it is at least as grave as ``other``.

        >>> Severity.ERROR.reaches(Severity.WARNING), Severity.ADVICE.reaches(Severity.WARNING)
        (True, False)
        """
        return self.rank <= other.rank


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@frozen
class Flaw:
    """What a rule says is the matter; the rule itself knows the rest.

    Attributes:
        where: The place inside of what is judged: a field, with its path.
        message: What is the matter, with the numbers; never with words that belong to the parties.
        remedy: What to do; the rule's own remedy where it is empty.
        severity: How grave it is, where that differs from case to case; the rule's own otherwise.
    """

    where: str
    message: str
    remedy: str = ""
    severity: Severity | None = None


@frozen(slots=False)
class Finding:
    """One judgement.

    Attributes:
        code: A letter for the family and three digits; never used for anything else.
        severity: How grave it is.
        subject: What is judged: a program, a relationship, a person, by its name or id.
        where: The place inside of it: a field, with its path.
        message: What is the matter.
        remedy: What to do.
        source: The short name of the source of the rule.
    """

    code: str = field(validator=filled_text)
    severity: Severity = field(validator=a(Severity))
    subject: str = field(validator=filled_text)
    where: str = field(validator=filled_text)
    message: str = field(validator=filled_text)
    remedy: str = field(validator=filled_text)
    source: str = field(validator=filled_text)

    @property
    def order(self) -> tuple[object, ...]:
        """By severity, then code, subject and place."""
        return self.severity.rank, self.code, self.subject, self.where, self.message

    def __str__(self) -> str:
        """Return it in one line; that it is about the program goes without saying."""
        place = self.where if self.subject.startswith("program ") else f"{self.subject}, {self.where}"
        return f"{self.severity.value}: {self.message}. {self.remedy} ({self.code}, {place}; {self.source})"


def fast_finding(code: str, severity: Severity, subject: str, flaw: Flaw, remedy: str, source: str) -> Finding:
    """Return a finding without going through the initialiser; a check may make one for each of many things."""
    made = object.__new__(Finding)
    data = made.__dict__
    data["code"] = code
    data["severity"] = severity
    data["subject"] = subject
    data["where"] = flaw.where
    data["message"] = flaw.message
    data["remedy"] = remedy
    data["source"] = source
    return made


@frozen
class Crash:
    """A rule that broke down over a case, or when it was loaded; what it was about to say is not known.

    Attributes:
        code: The rule's code; the name it is announced under where it was not loaded.
        distribution: The package it comes from.
        subject: What it judged.
        error: The type of the error and where it was raised; its words are left out, as they may be private. They are
            there where no case was judged yet.
    """

    code: str
    distribution: str
    subject: str
    error: str

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.code} of {self.distribution} broke down over {self.subject}: {self.error}"
