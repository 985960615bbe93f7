"""What is different between two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from devrel._display import html_table
from devrel._records import as_tuple
from devrel.errors import InvalidValue

if TYPE_CHECKING:
    from devrel.matching.groups import Group
    from devrel.matching.pairs import Pair
    from devrel.matching.result import Matching


@frozen
class Difference:
    """What one matching has that another has not.

    Attributes:
        added: The pairs (recipient, provider) that are new, those inside circles included.
        dropped: The pairs that are gone.
        kept: How many pairs both have.
        served: How many recipients, or people of a pool, more have a partner; below 0 where fewer have.
        points: How much the total changed, in points of the new matching.
        unit: The points of a score of 1.
        private: Whether the change of the total must not be shown, as sensitive criteria take part in it.
    """

    added: tuple[tuple[str, str], ...] = field(converter=as_tuple, repr=False)
    dropped: tuple[tuple[str, str], ...] = field(converter=as_tuple, repr=False)
    kept: int
    served: int
    points: int = field(repr=False)
    unit: int = field(repr=False)
    private: bool = field(repr=False)

    @classmethod
    def between(cls, new: Matching, old: Matching) -> Difference:
        """Return what ``new`` has that ``old`` has not.

        Raises:
            InvalidValue: For matchings of different people.
        """
        if _of_others(new, old):
            remedy = "compare matchings with the same ids; without() takes people out and keeps their ids"
            raise InvalidValue("other", "is a matching of other people", remedy)
        mine, theirs = set(new.together), set(old.together)
        scored: list[Pair | Group] = [*new.pairs, *old.pairs, *new.groups, *old.groups]
        return cls(
            sorted(mine - theirs),
            sorted(theirs - mine),
            len(mine & theirs),
            len(new.served) - len(old.served),
            new.total_points - old.total_points,
            max((one.unit for one in scored), default=1),
            any(one.private for one in scored),
        )

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of everybody whose partners changed, sorted."""
        return tuple(sorted({person for pair in (*self.added, *self.dropped) for person in pair}))

    @property
    def score(self) -> float | None:
        """How much the total score changed; None where it must not be shown."""
        return None if self.private else self.points / self.unit

    def __str__(self) -> str:
        """Return it in words."""
        if not self.added and not self.dropped:
            return "nothing changes."
        served = (
            f"{abs(self.served)} {'more' if self.served > 0 else 'fewer'} served" if self.served else "as many served"
        )
        score = "" if self.score is None else f", total score {self.score:+.6g}"
        pairs = "pair" if len(self.added) == 1 else "pairs"
        return f"{len(self.added)} {pairs} new, {len(self.dropped)} gone, {self.kept} kept; {served}{score}."

    def _repr_html_(self) -> str:
        rows = [["new", *pair] for pair in self.added] + [["gone", *pair] for pair in self.dropped]
        return html_table(["", "recipient", "provider"], rows, caption=str(self))


def _of_others(new: Matching, old: Matching) -> bool:
    """Whether two matchings answer problems of different people, as far as their problems are kept."""
    mine, theirs = new.problem, old.problem
    if mine is None or theirs is None:
        return False
    return (mine.recipients, mine.providers) != (theirs.recipients, theirs.providers)
