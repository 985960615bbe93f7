"""A block of pairs: some recipients against some providers, judged at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel.errors import InvalidValue
from devrel.matching.columns import Column, as_number, bits_of, codes_of
from devrel.matching.roster import Roster
from devrel.matching.rules import Candidate
from devrel.people import Enrollment, Organization, Person

Grid = NDArray[Any]
"""A column of shape (recipients, 1) or a row of shape (1, providers): the two broadcast to a block."""


Alikeness = tuple[NDArray[np.int64], NDArray[np.int64]]
"""A number for each recipient and one for each provider, equal for people whom a rule treats alike."""


@frozen
class Overlap:
    """A rule that looks at two lists through three numbers alone: how many items they share, and how long each is.

    Attributes:
        wanted: The recipient's list.
        offered: The provider's list.
        judge: What the rule gives for (shared items, the recipient's items, the provider's items), also for arrays.
        when: A yes/no attribute of the recipient; where it is not yes, her list counts as empty. None to always look.
    """

    wanted: str
    offered: str
    judge: Callable[[Any, Any, Any], Any] = field(eq=False)
    when: str | None = None

    def judged(self, block: Block, *, sensitive: bool = False) -> NDArray[Any]:
        """Return what the rule gives for a block."""
        shared, mine, theirs = block.shared_counts(self.wanted, self.offered, sensitive=sensitive)
        if self.when is not None:
            looks = block.flags(self.when, sensitive=sensitive)[0]
            shared, mine = shared * looks, mine * looks
        return self.judge(shared, mine, theirs)  # type: ignore[no-any-return]


class Block:
    """Some recipients against some providers, as columns that broadcast against each other.

    It is the one argument that the block functions of criteria and constraints get. Columns are made on first use
    and shared by everything that looks at the same attribute.

    Attributes:
        recipients: The recipients of the block, down the rows.
        providers: The providers, across.
        organization: Where the reporting lines are looked up.
        today: The day on which absences and waiting times are looked at, or None.
    """

    __slots__ = ("_columns", "_rows", "_taken", "organization", "providers", "recipients", "today")

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
        self.recipients = _roster(recipients, recipient_enrollments)
        self.providers = _roster(providers, provider_enrollments)
        self.organization = organization
        self.today = today
        self._columns = _Columns(self.recipients, self.providers)
        self._rows: NDArray[np.intp] | None = None
        self._taken: NDArray[np.intp] | None = None

    def take(self, rows: Iterable[int]) -> Block:
        """Return the block of the recipients at the given positions; columns made so far are shared."""
        return self.at(np.fromiter(rows, dtype=np.intp))

    def at(self, rows: NDArray[np.intp], columns: NDArray[np.intp] | None = None) -> Block:
        """Return the block of the recipients and the providers at the given positions; columns are shared too.

        Args:
            rows: The positions of the recipients.
            columns: The positions of the providers; all unless given.
        """
        part = object.__new__(Block)
        part.recipients = self.recipients.take(rows)
        part.providers = self.providers if columns is None else self.providers.take(columns)
        part.organization = self.organization
        part.today = self.today
        part._columns = self._columns
        part._rows = rows if self._rows is None else self._rows[rows]
        part._taken = self._taken if columns is None else _within(self._taken, columns)
        return part

    @property
    def recipient_enrollments(self) -> Sequence[Enrollment | None]:
        """The parts of the recipients in the program; None where one is not known."""
        return self.recipients.enrollments

    @property
    def provider_enrollments(self) -> Sequence[Enrollment | None]:
        """The same of the providers."""
        return self.providers.enrollments

    @property
    def public(self) -> Block:
        """The block without sensitive attributes, of managers either: all that most rules may see."""
        if not self.recipients.private and not self.providers.private and not self.organization.private:
            return self
        return Block(self.recipients.public, self.providers.public, self.organization.public, today=self.today)

    @property
    def turned(self) -> Block:
        """The block with the two sides exchanged."""
        return Block(self.providers, self.recipients, self.organization, today=self.today)

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
        row = _numbered_ids(self.recipients)
        column = self._columns.places if self._taken is None else _numbered_ids(self.providers)
        inside = [(row[r], column[p], k) for k, (r, p) in enumerate(pairs) if r in row and p in column]
        return [i for i, _, _ in inside], [j for _, j, _ in inside], [k for _, _, k in inside]

    def marked(self, pairs: Iterable[tuple[str, str]]) -> NDArray[np.bool_]:
        """Return where single pairs (recipient id, provider id) lie, as an array of the block's shape."""
        mask = np.zeros(self.shape, dtype=np.bool_)
        rows, columns, _ = self.places(pairs)
        mask[rows, columns] = True
        return mask

    def alike(self, attributes: Sequence[str], *, sensitive: bool = False) -> Alikeness:
        """Return numbers that are equal for people who are equal in all of some attributes.

        Args:
            attributes: The names.
            sensitive: Whether to see sensitive attributes.
        """
        sides = (self.recipients, self.providers)
        mine, theirs = ([side.column(one, sensitive=sensitive).codes for one in attributes] for side in sides)
        return numbered(mine), numbered(theirs)

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
        return self._grids(self._columns.mapped(attribute, sensitive, as_number, np.float64))

    def flags(self, attribute: str, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return where the value is a yes."""
        return self._grids(self._columns.mapped(attribute, sensitive, _is_yes, np.bool_))

    def shared_counts(self, wanted: str, offered: str, *, sensitive: bool = False) -> tuple[Grid, Grid, Grid]:
        """Return how many items a recipient's list and a provider's list share, and how long each list is.

        Returns:
            Three arrays that broadcast to the block: shared items, the recipient's items, the provider's items.
        """
        left, right = self.bits(wanted, offered, sensitive=sensitive)
        left, right = _within(left, self._rows), _within(right, self._taken)
        shared = np.zeros(self.shape, dtype=np.int64)
        for word in range(left.shape[1]):
            shared += np.bitwise_count(left[:, word, None] & right[None, :, word])
        return shared, _sizes(left)[:, None], _sizes(right)[None, :]

    def bits(self, wanted: str, offered: str, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return the lists as bit sets of shape (people, words), those of everybody the block was taken from."""
        return self._columns.bits(wanted, offered, sensitive)

    def _grids(self, columns: tuple[Grid, Grid]) -> tuple[Grid, Grid]:
        down, across = columns
        return _within(down, self._rows)[:, None], _within(across, self._taken)[None, :]


def numbered(columns: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return, from several columns of codes, one number for each combination there is, from 0 on.

    >>> numbered([np.array([3, -1, 3]), np.array([0, 0, 0])]).tolist()
    [1, 0, 1]
    """
    found = np.zeros(len(columns[0]), dtype=np.int64)
    for codes in columns:
        values, places = np.unique(codes, return_inverse=True)
        found = np.unique(found * max(1, len(values)) + places, return_inverse=True)[1]
    return found


def _roster(people: Sequence[Person], enrollments: Sequence[Enrollment | None]) -> Roster:
    return people if isinstance(people, Roster) and not enrollments else Roster.of(people, enrollments)


class _Columns:
    """Makes each pair of columns once."""

    def __init__(self, recipients: Roster, providers: Roster) -> None:
        self._recipients = recipients
        self._providers = providers
        self._made: dict[tuple[Any, ...], Any] = {}

    @property
    def places(self) -> dict[str, int]:
        found: dict[str, int] = self._once(("places",), lambda: _numbered_ids(self._providers))
        return found

    def codes(self, wanted: str, offered: str, sensitive: bool) -> tuple[Grid, Grid]:
        return self._both("codes", wanted, offered, sensitive, codes_of)

    def bits(self, wanted: str, offered: str, sensitive: bool) -> tuple[Grid, Grid]:
        return self._both("bits", wanted, offered, sensitive, bits_of)

    def mapped(self, attribute: str, sensitive: bool, to: Any, dtype: Any) -> tuple[Grid, Grid]:
        def made(mine: Column, theirs: Column) -> tuple[Grid, Grid]:
            return mine.mapped(to, dtype), theirs.mapped(to, dtype)

        return self._both(to, attribute, attribute, sensitive, made)

    def _both(self, what: Any, wanted: str, offered: str, sensitive: bool, to: Any) -> tuple[Grid, Grid]:
        seen = sensitive and self._private
        found: tuple[Grid, Grid] = self._once(
            (what, wanted, offered, seen),
            lambda: to(
                self._recipients.column(wanted, sensitive=seen),
                self._providers.column(offered, sensitive=seen),
            ),
        )
        return found

    @property
    def _private(self) -> bool:
        """Whether there is anything sensitive; where there is not, nothing is made a second time for it."""
        found: bool = self._once(("private",), lambda: self._recipients.private or self._providers.private)
        return found

    def _once(self, key: tuple[Any, ...], make: Any) -> Any:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


def shaped(rule: str, answer: Any, block: Block) -> NDArray[Any]:
    """Return what a rule's block function gave, spread over the block; an answer of another shape is refused."""
    try:
        return np.broadcast_to(np.asarray(answer), block.shape)
    except ValueError:
        wrong = f"gave a block of shape {np.shape(answer)} where {block.shape} was asked"
        raise InvalidValue(rule, wrong, "mend its block function") from None


def _within(of_all: NDArray[Any] | None, chosen: NDArray[np.intp] | None) -> Any:
    """Return what is known of those who were chosen; None stands for all, on either side."""
    return chosen if of_all is None else of_all if chosen is None else of_all[chosen]


def _numbered_ids(people: Roster) -> dict[str, int]:
    return {person: i for i, person in enumerate(people.ids)}


def _is_yes(value: object) -> bool:
    return value is True


def _sizes(sets: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.bitwise_count(sets).sum(axis=1, dtype=np.int64)  # type: ignore[no-any-return]
