"""The comparison table: what tells kinds apart."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill

from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import as_tuple, tuple_of
from devrel.errors import DevrelError
from devrel.kinds.catalog import BASE_KINDS
from devrel.kinds.kind import RelationshipKind


@frozen(repr=False)
class Comparison:
    """The comparison table of some kinds: one row a facet, one column a kind.

    Attributes:
        kinds: The kinds compared, in order.
    """

    kinds: tuple[RelationshipKind, ...] = field(converter=as_tuple, validator=tuple_of(RelationshipKind))

    FACETS = ("titles", "focus", "control", "timeline", "strategy")

    @property
    def header(self) -> list[str]:
        """The heads of the columns."""
        return ["", *(kind.name for kind in self.kinds)]

    @property
    def rows(self) -> list[list[str]]:
        """The rows: the facet's name, then one cell a kind."""
        return [[facet, *(str(getattr(kind, facet)) for kind in self.kinds)] for facet in self.FACETS]

    def to_text(self, width: int = 100) -> str:
        """Return the table as plain text, ``width`` columns wide at most, with its note."""
        return f"{text_table(self.header, self.rows, width=width)}\n\n{fill(self.note, width)}"

    @property
    def note(self) -> str:
        """What the words of the table's timeline row stand for."""
        months = sorted({kind.timeline.long_months for kind in self.kinds})
        return (
            "Time-limited: the term has an end. Long-term: open-ended, or at least "
            f"{' or '.join(map(str, months))} months. 'Usually' makes a deviation a warning, otherwise it is an error."
        )

    def to_dict(self) -> dict[str, dict[str, str]]:
        """Return the table as plain data: kind to facet to cell."""
        return {kind.name: {facet: str(getattr(kind, facet)) for facet in self.FACETS} for kind in self.kinds}

    def __str__(self) -> str:
        """Return the table as plain text."""
        return self.to_text()

    def __repr__(self) -> str:
        """Return the table as plain text, so that an interactive prompt shows it."""
        return self.to_text()

    def _repr_html_(self) -> str:
        return html_table(self.header, self.rows, caption="Kinds of development relationship")


def comparison(kinds: Iterable[RelationshipKind] = BASE_KINDS) -> Comparison:
    """Return the comparison table of ``kinds``; without an argument, of the four.

    >>> from devrel.kinds import ADVISING
    >>> comparison([ADVISING]).to_dict()["advising"]["timeline"]
    'single session or time-limited'
    """
    chosen = tuple(kinds)
    if not chosen:
        raise DevrelError("there is nothing to compare: name at least one kind")
    return Comparison(chosen)
