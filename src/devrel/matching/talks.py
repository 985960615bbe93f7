"""First talks: two people meet before they are matched, and both say whether it would work."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from devrel._records import a, filled_text, optional


class Fit(Enum):
    """What somebody says after a first talk."""

    GOOD_FIT = "good fit"
    STILL_DECIDING = "still deciding"
    NOT_A_GOOD_FIT = "not a good fit"

    @property
    def share(self) -> float:
        """What it counts in a score: 1, a half, or nothing."""
        return {Fit.GOOD_FIT: 1.0, Fit.STILL_DECIDING: 0.5}.get(self, 0.0)


@frozen
class Talk:
    """A first talk of two people, with what each of them said after it.

    Attributes:
        recipient: The recipient's id.
        provider: The provider's id.
        by_recipient: What the recipient said, or None.
        by_provider: What the provider said, or None.
    """

    recipient: str = field(validator=filled_text)
    provider: str = field(validator=filled_text)
    by_recipient: Fit | None = field(default=None, validator=optional(a(Fit)), repr=False)
    by_provider: Fit | None = field(default=None, validator=optional(a(Fit)), repr=False)

    @property
    def said(self) -> tuple[Fit, ...]:
        """What was said, by either."""
        return tuple(fit for fit in (self.by_recipient, self.by_provider) if fit is not None)

    @property
    def share(self) -> float:
        """The mean of what both said count; nothing where nobody said anything.

        >>> Talk("a", "b", Fit.GOOD_FIT, Fit.STILL_DECIDING).share
        0.75
        """
        return sum(fit.share for fit in self.said) / len(self.said) if self.said else 0.0
