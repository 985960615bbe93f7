"""What a judgement looks like. A judge returns findings; it neither raises nor prints."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from devrel._records import a, filled_text


class Severity(Enum):
    """How grave a finding is."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@frozen
class Finding:
    """One judgement.

    Attributes:
        code: A letter for the family and three digits; never used for anything else.
        severity: How grave it is.
        where: What it is about, by name.
        message: What is the matter.
        remedy: What to do.
        source: The short name of the source of the rule.
    """

    code: str = field(validator=filled_text)
    severity: Severity = field(validator=a(Severity))
    where: str = field(validator=filled_text)
    message: str = field(validator=filled_text)
    remedy: str = field(validator=filled_text)
    source: str = field(validator=filled_text)

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.severity.value}: {self.message}. {self.remedy} ({self.code}, {self.where}; {self.source})"
