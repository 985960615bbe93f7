"""Whom people would rather have: ranks of both sides, stated as lists or read from scores."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from devrel.errors import InputError, InvalidValue, Problem
from devrel.matching._given import fixed
from devrel.matching._told import Told
from devrel.matching.constraints import failing
from devrel.matching.table import UNIT, Removals, ScoreTable

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem

Ranks = NDArray[np.int64]
Mask = NDArray[np.bool_]
Rankings = Mapping[str, Sequence[str | Collection[str]]]
"""For each id the ids of the other side, best first; a group of ids (tuple, list or set) ranks them equal."""

_NOT_LISTED = 2**62
_BY_SCORE = 2**61
"""Ranks below this were stated; those that scores give lie above, so that they come after."""


class Unlisted(Enum):
    """What somebody who may be matched with a person and does not stand on her list means to her."""

    AFTER = "after"
    """She comes after those who are listed; among several, the better score comes first."""
    NEVER = "never"
    """She is out of the question; but the scores speak for a person who lists nobody at all."""


def _ranks(given: ArrayLike) -> Ranks:
    array = np.asarray(given)
    if array.ndim != 2 or not (np.issubdtype(array.dtype, np.integer) or not array.size):
        raise InvalidValue("preferences", "must be arrays of whole numbers, recipients by providers")
    if array.min(initial=0) < 0 or array.max(initial=0) > _NOT_LISTED:
        raise InvalidValue("preferences", "must be ranks of at least 0", "mark who is not listed with NOT_LISTED")
    found: Ranks = array.astype(np.int64, copy=array.flags.writeable)
    found.setflags(write=False)
    return found


@frozen(eq=False)
class Preferences:
    """How both sides rank each other, as arrays in the order of a problem's sorted ids.

    A smaller rank is better, equal ranks are a tie, and ``Preferences.NOT_LISTED`` stands for somebody who is not on
    the list. Ranks are compared within one person's list only.

    Attributes:
        recipients: The rank that each recipient gives to each provider; shape (recipients, providers), read-only.
        providers: The rank that each provider gives to each recipient; the same shape: one column is one list.

    >>> stated = Preferences.from_rankings({"ann": ["cy", "di"]}, {"cy": ["ann"], "di": []})
    >>> stated.recipients.tolist(), stated.acceptable.tolist()
    ([[0, 1]], [[True, False]])
    """

    NOT_LISTED: ClassVar[int] = _NOT_LISTED

    recipients: Ranks = field(converter=_ranks, repr=False)
    providers: Ranks = field(converter=_ranks, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.recipients.shape != self.providers.shape:
            raise InvalidValue("preferences", "must have the same shape for both sides, recipients by providers")

    @classmethod
    def from_rankings(cls, recipients: Rankings, providers: Rankings) -> Preferences:
        """Return the preferences that lists of ids state; a rank is the number of people who are listed before.

        Args:
            recipients: For every recipient the ids of providers, best first. A tuple, list or set in it is a group of
                ids that are equally welcome. Who is not listed is not acceptable; an empty list states nothing.
            providers: The same for every provider. Somebody may stand on both sides.

        Raises:
            InvalidValue: For a side that is no mapping from ids to lists.
            InputError: With every list that names unknown ids, an id twice or its owner, or is no list of ids.
        """
        refuse_no_lists(recipients, providers)
        rows, columns = _positions(recipients), _positions(providers)
        problems: list[Problem] = []
        down = _read("recipient", recipients, rows, columns, problems)
        across = _read("provider", providers, columns, rows, problems)
        if problems:
            raise InputError(problems)
        return cls(fixed(down), fixed(np.ascontiguousarray(across.T)))

    @classmethod
    def from_points(cls, points: NDArray[np.int64], eligible: Mask | None = None) -> Preferences:
        """Return the preferences of people who go by the score of a pair alone, the better the higher.

        Args:
            points: The scores in points, (recipients, providers).
            eligible: Which pairs may be matched; all unless given.
        """
        ranks = _BY_SCORE - points
        if eligible is not None:
            ranks[~eligible] = _NOT_LISTED
        return cls(fixed(ranks), ranks)

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of recipients and of providers."""
        rows, columns = self.recipients.shape
        return rows, columns

    @property
    def acceptable(self) -> Mask:
        """Which pairs are listed on both sides: a (recipients, providers) array."""
        found: Mask = (self.recipients < _NOT_LISTED) & (self.providers < _NOT_LISTED)
        return found

    @property
    def speaking(self) -> tuple[Mask, Mask]:
        """Which recipients and which providers list anybody."""
        down, across = self.recipients < _NOT_LISTED, self.providers < _NOT_LISTED
        return np.logical_or.reduce(down, axis=1), np.logical_or.reduce(across, axis=0)

    def completed(self, eligible: Mask, points: NDArray[np.int64], unlisted: Unlisted) -> Preferences:
        """Return the preferences with everybody ranked who may be matched, and nobody else.

        Args:
            eligible: Which pairs may be matched; the others are acceptable to nobody.
            points: The scores in points, which rank those who are not listed.
            unlisted: What it means not to be listed.
        """
        return self._completed(slice(None), self.speaking, eligible, points, unlisted)

    def _completed(
        self, part: slice, speaking: tuple[Mask, Mask], eligible: Mask, points: NDArray[np.int64], unlisted: Unlisted
    ) -> Preferences:
        def side(ranks: Ranks, speaks: Mask) -> Ranks:
            listed = ranks < _NOT_LISTED
            by_score = np.where(speaks, _NOT_LISTED, later) if unlisted is Unlisted.NEVER else later
            return fixed(np.where(eligible, np.where(listed, ranks, by_score), _NOT_LISTED))

        later = _BY_SCORE - points
        down, across = speaking[0][part, None], speaking[1][None, :]
        return Preferences(side(self.recipients[part], down), side(self.providers[part], across))


def in_blocks(problem: MatchingProblem, unlisted: Unlisted) -> Iterator[tuple[slice, Preferences]]:
    """Yield all recipients in slices, each with the preferences that count in her pairs.

    They are those that are stated, completed by the scores, or those of the scores where none are stated.
    """
    stated = problem.preferences
    speaking = None if stated is None else stated.speaking
    for part, eligible, points in problem.blocks():
        if stated is None or speaking is None:
            yield part, Preferences.from_points(points, eligible)
        else:
            yield part, stated._completed(part, speaking, eligible, points, unlisted)


def leave_open(problem: MatchingProblem) -> bool:
    """Whether somebody who lists anybody does not list everybody who may be matched with her."""
    stated = problem.preferences
    if stated is None:
        return False
    down, across = stated.speaking
    return any(
        bool((eligible & down[part, None] & (stated.recipients[part] == _NOT_LISTED)).any())
        or bool((eligible & across[None, :] & (stated.providers[part] == _NOT_LISTED)).any())
        for part, eligible, _ in problem.blocks()
    )


@frozen(eq=False)
class PreferenceTable(ScoreTable):
    """Scores made of preferences: who lists each other may be matched; the score tells how high.

    The best of ``n`` people on a list is worth 1, the next ``1 - 1/n``, the last ``1/n`` (Borda 1781); people in a
    tie are worth what the first of them is. The score of a pair is the mean of the two, rounded to whole points.
    """

    @classmethod
    def of(cls, stated: Preferences) -> PreferenceTable:
        """Return the table of preferences."""
        mutual = stated.acceptable
        share = _borda(stated.recipients, 1) + _borda(stated.providers, 0)
        points = np.where(mutual, np.rint(share * (UNIT / 2)), 0).astype(np.int64)
        return cls(fixed(points), fixed(mutual), UNIT)

    def forbidden_by(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return that one of the two is not listed, where it is so, and not which."""
        return () if self.eligible[recipient, provider] else (NOT_MUTUAL,)

    def reasons(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return that the pair fails what the lists say."""
        return tuple(map(failing, self.forbidden_by(recipient, provider)))

    def removals(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[list[Removals], list[Removals]]:
        """Return how many pairs of some people are not listed on both sides."""

        def told(lists: Mask) -> list[Removals]:
            counts = np.count_nonzero(~lists, axis=1).tolist()
            return [Removals({NOT_MUTUAL: count} if count else {}) for count in counts]

        return told(self.eligible[list(rows)]), told(self.eligible.T[list(columns)])


NOT_MUTUAL = "listed by both"
"""What a pair fails of whom one does not list the other."""


def _borda(ranks: Ranks, axis: int) -> NDArray[np.float64]:
    listed = np.maximum(np.count_nonzero(ranks < _NOT_LISTED, axis=axis, keepdims=True), 1)
    share: NDArray[np.float64] = 1 - ranks / listed
    return share


def capacity_of(given: int | Sequence[int] | Mapping[str, int], providers: Collection[str]) -> int | list[int]:
    """Return capacities as one number or one for each of ``providers``, in their order."""
    if not isinstance(given, Mapping):
        return given  # type: ignore[return-value]
    wrong = sorted(map(str, given.keys() ^ set(providers)))
    if wrong:
        raise InvalidValue("capacity", f"{wrong[0]!r} has none, or is no provider", "give one for every provider")
    return [given[provider] for provider in providers]


def refuse_no_lists(recipients: object, providers: object) -> None:
    """Refuse sides that are no mappings from ids to lists."""
    told = Told()
    for name, given in (("recipients", recipients), ("providers", providers)):
        if not isinstance(given, Mapping):
            told.add(InvalidValue(name, "must be a mapping from each id to a list of ids", "say {'ann': ['cy', 'di']}"))
    told.refuse()


def _positions(side: Rankings) -> dict[str, int]:
    return {person: i for i, person in enumerate(sorted(map(str, side)))}


def _read(
    side: str, rankings: Rankings, own: Mapping[str, int], others: Mapping[str, int], problems: list[Problem]
) -> Ranks:
    """Return the ranks of one side, its people down the rows; what is wrong is added to ``problems``."""
    ranks = np.full((len(own), len(others)), _NOT_LISTED, dtype=np.int64)
    for person, ranking in rankings.items():
        if not isinstance(person, str):
            problems.append(Problem("an id is no text", "Use texts as ids.", column=f"{side}s"))
        elif not _read_plain(person, ranking, ranks[own[person]], others):
            ranks[own[person]] = _NOT_LISTED
            _read_slowly(side, person, ranking, ranks[own[person]], others, problems)
    return ranks


def _read_plain(person: str, ranking: Any, row: Ranks, others: Mapping[str, int]) -> bool:
    """Fill one row of ranks from a list without ties; return whether it is one, and nothing is wrong with it."""
    if not isinstance(ranking, list | tuple) or len(ranking) > len(others):
        return False
    try:
        places = np.fromiter(map(others.__getitem__, ranking), dtype=np.intp, count=len(ranking))
    except (KeyError, TypeError):
        return False
    told = np.arange(len(places))
    row[places] = told
    return bool((row[places] == told).all()) and (person not in others or row[others[person]] == _NOT_LISTED)


def _read_slowly(
    side: str, person: str, ranking: Any, row: Ranks, others: Mapping[str, int], problems: list[Problem]
) -> None:
    """Fill one row of ranks from a list with ties, or one that something is wrong with."""
    other = {"recipient": "provider", "provider": "recipient"}[side]

    def refuse(wrong: str, remedy: str) -> None:
        problems.append(Problem(wrong, remedy, column=f"{side}s, {person}"))

    if not isinstance(ranking, Sequence) or isinstance(ranking, str):
        refuse("the ranking is no list", "Give a list of ids, best first.")
        return
    before = 0
    for group in map(_as_group, ranking):
        for one in group:
            _rank(one, before, person, row, others, other, refuse)
        before += len(group)


def _as_group(item: Any) -> Collection[Any]:
    return item if isinstance(item, tuple | list | set | frozenset) else (item,)


def _rank(
    one: Any,
    rank: int,
    person: str,
    row: Ranks,
    others: Mapping[str, int],
    other: str,
    refuse: Callable[[str, str], None],
) -> None:
    if not isinstance(one, str):
        refuse("the ranking holds something that is no id", "Give ids, and groups of ids for ties.")
    elif one == person:
        refuse("ranks herself", "Leave her out of her own list.")
    elif one not in others:
        refuse(f"ranks {one!r}, who is no {other}", f"Take the id out, or add it to the {other}s.")
    elif row[others[one]] != _NOT_LISTED:
        refuse(f"ranks {one!r} twice", "Name everybody once.")
    else:
        row[others[one]] = rank
