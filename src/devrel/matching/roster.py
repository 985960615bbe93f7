"""People as columns: codes, numbers, flags and bit sets, so that whole blocks of pairs are judged at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devrel.errors import InvalidValue
from devrel.matching.rules import Candidate
from devrel.people import Enrollment, Organization, Person, Value

Grid = NDArray[Any]
"""A column of shape (recipients, 1) or a row of shape (1, providers): the two broadcast to a block."""

UNKNOWN = -1
"""The code of a value that is not known; it equals nothing, itself included."""

_WORD = 64


class Block:
    """Some recipients against all providers, as columns that broadcast against each other.

    It is the one argument that the block functions of criteria and constraints get. Columns are made on first use
    and shared by everything that looks at the same attribute.

    Attributes:
        recipients: The recipients of the block, down the rows.
        providers: The providers, across.
        organization: Where the reporting lines are looked up.
        recipient_enrollments: The parts of the recipients in the program; None where one is not known.
        provider_enrollments: The same of the providers.
        today: The day on which absences and waiting times are looked at, or None.
    """

    __slots__ = (
        "_columns",
        "_rows",
        "organization",
        "provider_enrollments",
        "providers",
        "recipient_enrollments",
        "recipients",
        "today",
    )

    def __init__(
        self,
        recipients: Sequence[Person],
        providers: Sequence[Person],
        organization: Organization,
        *,
        recipient_enrollments: Sequence[Enrollment | None] = (),
        provider_enrollments: Sequence[Enrollment | None] = (),
        today: date | None = None,
    ) -> None:
        self.recipients = tuple(recipients)
        self.providers = tuple(providers)
        self.organization = organization
        self.recipient_enrollments = tuple(recipient_enrollments) or (None,) * len(self.recipients)
        self.provider_enrollments = tuple(provider_enrollments) or (None,) * len(self.providers)
        self.today = today
        self._columns = _Columns(self.recipients, self.providers)
        self._rows: NDArray[np.intp] | None = None

    def take(self, rows: Iterable[int]) -> Block:
        """Return the block of the recipients at the given positions; columns made so far are shared."""
        chosen = np.fromiter(rows, dtype=np.intp)
        part = object.__new__(Block)
        part.recipients = tuple(self.recipients[row] for row in chosen)
        part.providers = self.providers
        part.organization = self.organization
        part.recipient_enrollments = tuple(self.recipient_enrollments[row] for row in chosen)
        part.provider_enrollments = self.provider_enrollments
        part.today = self.today
        part._columns = self._columns
        part._rows = chosen if self._rows is None else self._rows[chosen]
        return part

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of recipients and of providers."""
        return len(self.recipients), len(self.providers)

    def case(self, row: int, column: int) -> Candidate:
        """Return one pair of the block."""
        return Candidate(
            self.recipients[row],
            self.providers[column],
            self.organization,
            self.recipient_enrollments[row],
            self.provider_enrollments[column],
            self.today,
        )

    def places(self, pairs: Iterable[tuple[str, str]]) -> tuple[list[int], list[int], list[int]]:
        """Return where single pairs (recipient id, provider id) lie in the block.

        Returns:
            The rows, the columns, and the numbers of those of ``pairs`` that are in it, for arrays of the block.
        """
        row = {person.id: i for i, person in enumerate(self.recipients)}
        column = {person.id: j for j, person in enumerate(self.providers)}
        inside = [(row[r], column[p], k) for k, (r, p) in enumerate(pairs) if r in row and p in column]
        return [i for i, _, _ in inside], [j for _, j, _ in inside], [k for _, _, k in inside]

    def codes(self, attribute: str, of_provider: str | None = None, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return whole numbers that are equal where the values are equal; ``UNKNOWN`` where one is not known.

        Args:
            attribute: The attribute of the recipients.
            of_provider: The attribute of the providers; the same one unless given.
            sensitive: Whether to see sensitive attributes.
        """
        return self._grids(self._columns.codes(attribute, of_provider or attribute, sensitive))

    def numbers(self, attribute: str, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return the values as floats; NaN where one is not known or not a number."""
        return self._grids(self._columns.numbers(attribute, sensitive))

    def flags(self, attribute: str, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return where the value is a yes."""
        return self._grids(self._columns.flags(attribute, sensitive))

    def shared_counts(self, wanted: str, offered: str, *, sensitive: bool = False) -> tuple[Grid, Grid, Grid]:
        """Return how many items a recipient's list and a provider's list share, and how long each list is.

        Returns:
            Three arrays that broadcast to the block: shared items, the recipient's items, the provider's items.
        """
        left, right = self._columns.bits(wanted, offered, sensitive)
        left = left if self._rows is None else left[self._rows]
        shared = np.zeros(self.shape, dtype=np.int64)
        for word in range(left.shape[1]):
            shared += np.bitwise_count(left[:, word, None] & right[None, :, word])
        return shared, _sizes(left)[:, None], _sizes(right)[None, :]

    def _grids(self, columns: tuple[Grid, Grid]) -> tuple[Grid, Grid]:
        down, across = columns
        return (down if self._rows is None else down[self._rows])[:, None], across[None, :]


class _Columns:
    """Makes each pair of columns once."""

    def __init__(self, recipients: tuple[Person, ...], providers: tuple[Person, ...]) -> None:
        self._recipients = recipients
        self._providers = providers
        self._made: dict[tuple[Any, ...], tuple[Grid, Grid]] = {}

    def codes(self, wanted: str, offered: str, sensitive: bool) -> tuple[Grid, Grid]:
        known: dict[Value, int] = {}
        return self._make(
            ("codes", wanted, offered, sensitive),
            wanted,
            offered,
            sensitive,
            lambda value: UNKNOWN if value is None else known.setdefault(value, len(known)),
            np.int64,
        )

    def numbers(self, attribute: str, sensitive: bool) -> tuple[Grid, Grid]:
        return self._make(("numbers", attribute, sensitive), attribute, attribute, sensitive, as_number, np.float64)

    def flags(self, attribute: str, sensitive: bool) -> tuple[Grid, Grid]:
        return self._make(
            ("flags", attribute, sensitive), attribute, attribute, sensitive, lambda value: value is True, np.bool_
        )

    def bits(self, wanted: str, offered: str, sensitive: bool) -> tuple[Grid, Grid]:
        key = ("bits", wanted, offered, sensitive)
        if key not in self._made:
            left = [as_items(person.get(wanted, sensitive=sensitive)) for person in self._recipients]
            right = [as_items(person.get(offered, sensitive=sensitive)) for person in self._providers]
            place = {item: i for i, item in enumerate(dict.fromkeys(item for items in left for item in items))}
            self._made[key] = _bit_sets(left, place), _bit_sets(right, place, more=True)
        return self._made[key]

    def _make(
        self, key: tuple[Any, ...], wanted: str, offered: str, sensitive: bool, to: Any, dtype: Any
    ) -> tuple[Grid, Grid]:
        if key not in self._made:
            down = [to(person.get(wanted, sensitive=sensitive)) for person in self._recipients]
            across = [to(person.get(offered, sensitive=sensitive)) for person in self._providers]
            self._made[key] = np.array(down, dtype=dtype), np.array(across, dtype=dtype)
        return self._made[key]


def shaped(rule: str, answer: Any, block: Block) -> NDArray[Any]:
    """Return what a rule's block function gave, spread over the block; an answer of another shape is refused."""
    try:
        return np.broadcast_to(np.asarray(answer), block.shape)
    except ValueError:
        wrong = f"gave a block of shape {np.shape(answer)} where {block.shape} was asked"
        raise InvalidValue(rule, wrong, "mend its block function") from None


def as_number(value: Value | None) -> float:
    """Return a number as a float, and NaN for whatever is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def as_items(value: Value | None) -> tuple[str, ...]:
    """Return a list attribute as its items, each once; a plain text is a list of one.

    >>> as_items(("sql", "go", "sql"))
    ('sql', 'go')
    """
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(value))
    return (value,) if isinstance(value, str) and value else ()


def _bit_sets(lists: Sequence[tuple[str, ...]], place: dict[str, int], *, more: bool = False) -> NDArray[np.uint64]:
    """One bit an item; with ``more``, items that nobody wants get bits of their own, so that sizes stay right."""
    if more:
        extra = max((sum(item not in place for item in items) for items in lists), default=0)
    words = max(1, -(-(len(place) + (extra if more else 0)) // _WORD))
    sets = np.zeros((len(lists), words), dtype=np.uint64)
    for row, items in enumerate(lists):
        spare = len(place)
        for item in items:
            bit = place.get(item, spare)
            spare += bit == spare
            sets[row, bit // _WORD] |= np.uint64(1 << (bit % _WORD))
    return sets


def _sizes(sets: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.bitwise_count(sets).sum(axis=1, dtype=np.int64)  # type: ignore[no-any-return]
