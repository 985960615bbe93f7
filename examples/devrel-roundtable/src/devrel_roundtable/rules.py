"""What makes a guest and a host fit, and what is the matter with a round table."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.validators import ge

from devrel.matching import Block, Candidate, Criterion
from devrel.validation import Case, Flaw, Severity, Subject, rule

LONGEST = 45
"""So many minutes a round may take, and no more."""


@frozen
class ThemesInCommon(Criterion):
    """The themes that the two share, as a share of how many are enough for a talk.

    Attributes:
        attribute: The name of the list of themes.
        enough: How many shared themes are as good as any more.
    """

    attribute: str = "themes"
    enough: int = field(default=2, validator=ge(1))

    def score(self, case: Candidate) -> float:
        """Return 1 where they share enough, and less where they share fewer."""
        mine, theirs = (_themes(one.get(self.attribute)) for one in (case.recipient, case.provider))
        return min(len(mine & theirs), self.enough) / self.enough

    def block(self, block: Block) -> Any:
        """Return the same for many pairs at once."""
        shared, _, _ = block.shared_counts(self.attribute, self.attribute)
        return np.minimum(shared, self.enough) / self.enough

    def describe(self) -> str:
        """Return what it looks at."""
        return f"{self.attribute} in common"


def _themes(value: object) -> set[str]:
    """Return a list attribute as a set; a text alone is a list of one."""
    if isinstance(value, str):
        return {value} - {""}
    return set(value) if isinstance(value, tuple) else set()


@rule(
    "X101",
    "a round is long",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="our own",
    rationale="A guest who waits for the end of a long round misses the next one.",
    remedy=f"Make it {LONGEST} minutes or fewer.",
    applies=lambda kind: kind.name == "roundtable",
)
def long_rounds(case: Case) -> Flaw | None:
    """Find round tables whose rounds are longer than ``LONGEST`` minutes."""
    agreement = case.agreement
    if agreement is None or agreement.minutes <= LONGEST:
        return None
    return Flaw("minutes", f"a round takes {agreement.minutes} minutes")
