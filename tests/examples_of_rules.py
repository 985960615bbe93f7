"""What a rule is shown by: cases in which it finds something, and neighbours in which it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from attrs import frozen

from devrel.validation import Report, Rulebook, Severity, check

TODAY = date(2026, 6, 1)


@frozen
class Example:
    """One case of one rule.

    Attributes:
        tells: What it shows, in a few words.
        severity: The severity of the finding; None where the rule finds nothing.
        subject: What is judged.
        known: What else ``check`` is given.
        says: A piece of the message, where the numbers in it matter.
        count: How many findings there are.
    """

    tells: str
    severity: Severity | None
    subject: Callable[[], object]
    known: Callable[[], Mapping[str, Any]] = dict
    says: str = ""
    count: int = 1

    def judged(self, rules: Rulebook, code: str) -> Report:
        """Return what the rule says of the case; nothing else is asked."""
        known = {"today": TODAY, **self.known()}
        return check(self.subject(), rules=rules, select=[code], **known)
