"""What the parties accept: an agreement, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from devrel._records import a, article, as_tuple, at_least, aware, between, filled_text, tuple_of
from devrel.errors import InvalidValue
from devrel.goals import Goal
from devrel.kinds import RelationshipKind, Verdict
from devrel.terms import Cadence, Term


@frozen
class Confidentiality:
    """What stays between the parties.

    Attributes:
        text: The rule in words.
        exceptions: What is excepted, each named (the law, danger to somebody).
    """

    text: str = field(default="What is said stays between the parties.", validator=filled_text)
    exceptions: tuple[str, ...] = field(
        default=("where the law requires it", "danger to a person"), converter=as_tuple, validator=tuple_of(str)
    )


@frozen
class Agreement:
    """What the parties of a relationship agree on.

    Attributes:
        term: From when to when.
        cadence: How often they meet.
        minutes: The length of a session in minutes, from 5 to 480.
        goals: What the relationship is to bring about.
        purpose: Why it exists, in the program's words.
        confidentiality: What stays between the parties, and the named exceptions.
        exit_notice_days: Either side may end without fault with this many days of notice.
        version: 1 for the first text, one more with every amendment.

    >>> from datetime import date
    >>> Agreement(Term.of_months(date(2026, 1, 5), 6), Cadence()).version
    1
    """

    term: Term = field(validator=a(Term))
    cadence: Cadence = field(validator=a(Cadence))
    minutes: int = field(default=60, validator=between(5, 480))
    goals: tuple[Goal, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Goal))
    purpose: str = field(default="", repr=False, validator=a(str))
    confidentiality: Confidentiality = field(factory=Confidentiality, repr=False, validator=a(Confidentiality))
    exit_notice_days: int = field(default=7, validator=at_least(0))
    version: int = field(default=1, validator=at_least(1))

    def amended(self, **changes: Any) -> Agreement:
        """Return the next version of the agreement; every party has to accept it again.

        >>> from datetime import date
        >>> Agreement(Term(date(2026, 1, 5)), Cadence()).amended(minutes=30).version
        2
        """
        if "version" in changes:
            raise InvalidValue("version", "counts itself", "leave it out")
        return evolve(self, version=self.version + 1, **changes)

    def missing_for(self, kind: RelationshipKind) -> Sequence[str]:
        """Return what ``kind`` demands and this agreement does not have, one sentence each."""
        missing = []
        if kind.timeline.judge(self.term) is Verdict.NOT_ALLOWED:
            missing.append(f"the term must be {kind.timeline.text}")
        needed = kind.focus.needs
        if needed is not None and all(goal.form is not needed for goal in self.goals):
            owner = kind.titles.of(kind.control.side)
            missing.append(
                f"{kind.name} needs {article(needed.value)} {needed.value}, which the {owner} adds by amending"
            )
        accepted = ", ".join(sorted(form.value for form in kind.focus.accepts))
        missing += [
            f"a {form.value} is not a goal of {kind.name}; it takes: {accepted}"
            for form in sorted({goal.form for goal in self.goals} - kind.focus.accepts, key=lambda form: form.value)
        ]
        return missing


@frozen
class Acceptance:
    """One party's yes to one version of the agreement.

    Attributes:
        party: The person's id.
        version: The version accepted.
        at: When.
    """

    party: str = field(validator=filled_text)
    version: int = field(validator=at_least(1))
    at: datetime = field(validator=aware)
