"""A rule: what it is called, why it is right, and one function of one case."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from textwrap import wrap
from typing import ClassVar

from devrel._display import printable
from devrel.errors import InvalidValue
from devrel.kinds import RelationshipKind
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity

Flaws = Iterable[Flaw] | Flaw | None
"""What a rule may return: nothing, one flaw, or several."""

CODE = re.compile(r"[A-Z][0-9]{3}")

NEEDS = frozenset({"program", "people", "enrollments", "relationships", "problem", "agreement", "relationship"})
"""What a rule may need to be known."""


class Validator(ABC):
    """A rule. Subclass it with ``judge``, or decorate a function with ``rule``.

    A rule looks at one case and says what is the matter. It must not change anything, read a clock, or repeat words
    that belong to the parties.

    Attributes:
        code: One letter for the family and three digits; third parties take X, Y or Z, which this library leaves free.
        title: What is the matter, in a few words.
        rationale: Why that matters.
        remedy: What to do.
        source: The short name of the source of the rule.
        severity: How grave it is, unless a flaw says otherwise.
        subject: What it judges.
        needs: What has to be known around the case; without it the rule is left out, and the report says so.
        drafts: Whether it also judges the agreement that a program proposes, before the parties have filled it in.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    rationale: ClassVar[str]
    remedy: ClassVar[str]
    source: ClassVar[str]
    severity: ClassVar[Severity]
    subject: ClassVar[Subject]
    needs: ClassVar[frozenset[str]] = frozenset()
    drafts: ClassVar[bool] = True

    def applies(self, kind: RelationshipKind) -> bool:
        """Whether it has anything to say of relationships of ``kind``; asked once a kind, and not for every case."""
        return True

    @abstractmethod
    def judge(self, case: Case) -> Flaws:
        """Return what is the matter with ``case``: nothing, one flaw, or several."""

    def page(self) -> str:
        """Return the rule's page in Markdown: what it finds, why, what to do, and where that comes from."""
        needs = f" It needs {_listed(self.needs)} to be known." if self.needs else ""
        return (
            f"# {self.code}: {self.title}\n\n"
            f"**{self.severity.value.capitalize()}**, about: {self.subject.value}.{needs}\n\n"
            f"## Why\n\n{self.rationale}\n\n## What to do\n\n{self.remedy}\n\n## Source\n\n{self.source}\n"
        )

    def to_text(self, width: int = 100) -> str:
        """Return the page for a terminal, ``width`` columns wide at most."""
        needs = f"; needs: {_listed(self.needs)}" if self.needs else ""
        head = f"{self.code}: {self.title}", f"{self.severity.value}; about: {self.subject.value}{needs}"
        parts = (("Why", self.rationale), ("What to do", self.remedy), ("Source", self.source))
        lines = list(head)
        for title, text in parts:
            lines += ["", title, *wrap(printable(text), width, initial_indent="    ", subsequent_indent="    ")]
        return "\n".join(map(printable, lines))

    def __repr__(self) -> str:
        """Return the code and the title."""
        return f"<{self.code}: {self.title}>"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def rule(
    code: str,
    title: str,
    *,
    severity: Severity,
    subject: Subject,
    source: str,
    rationale: str,
    remedy: str,
    needs: Iterable[str] = (),
    drafts: bool = True,
    applies: Callable[[RelationshipKind], bool] | None = None,
) -> Callable[[Callable[[Case], Flaws]], Validator]:
    """Make a rule of a function of a case; the arguments are the attributes of a ``Validator``.

    >>> from devrel.validation import Subject, check
    >>> from devrel.kinds import MENTORING
    >>> @rule(
    ...     "X001",
    ...     "a name in capitals",
    ...     severity=Severity.ADVICE,
    ...     subject=Subject.KIND,
    ...     source="our own",
    ...     rationale="Capitals shout.",
    ...     remedy="Write it small.",
    ... )
    ... def shouting(case):
    ...     return Flaw("name", "the name is in capitals") if case.kind.name.isupper() else None
    >>> shouting
    <X001: a name in capitals>
    """

    def made(function: Callable[[Case], Flaws]) -> Validator:
        members: dict[str, object] = {
            "code": code,
            "title": title,
            "severity": severity,
            "subject": subject,
            "source": source,
            "rationale": rationale,
            "remedy": remedy,
            "needs": frozenset(needs),
            "drafts": drafts,
            "judge": staticmethod(function),
            "__doc__": function.__doc__,
            "__module__": function.__module__,
        }
        if applies is not None:
            members["applies"] = staticmethod(applies)
        found: Validator = type(function.__name__, (Validator,), members)()
        return refused_unless_sound(found)

    return made


def refused_unless_sound(validator: Validator) -> Validator:
    """Return a rule whose attributes are all there and sound.

    Raises:
        InvalidValue: Naming the first that is not.
    """
    for name in ("code", "title", "rationale", "remedy", "source"):
        value = getattr(validator, name, None)
        if not isinstance(value, str) or not value.strip():
            raise InvalidValue(name, f"of the rule {type(validator).__name__} must be a text that is not blank")
    if not CODE.fullmatch(validator.code):
        raise InvalidValue("code", f"{validator.code!r} is not one letter and three digits", 'write it like "X001"')
    for name, kind in (("severity", Severity), ("subject", Subject)):
        if not isinstance(getattr(validator, name, None), kind):
            raise InvalidValue(name, f"of {validator.code} must be a {kind.__name__}")
    needs: object = validator.needs
    if isinstance(needs, str) or not isinstance(needs, Collection):
        raise InvalidValue("needs", f"of {validator.code} must be a set of words", f"known: {_listed(NEEDS)}")
    if unknown := sorted(str(need) for need in needs if need not in NEEDS):
        raise InvalidValue("needs", f"of {validator.code}: {unknown[0]!r} is not known", f"known: {_listed(NEEDS)}")
    return validator
