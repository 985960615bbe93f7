"""How a matching came about: the strategy with its version, the seed, the input, and what was edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from devrel._records import as_tuple, read_only

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem


@frozen
class Edit:
    """Something an administrator changed before a matching was published.

    Attributes:
        action: What was done: ``locked`` pairs, ``barred`` pairs, or ``without`` people.
        what: The people, or the pairs as ``recipient+provider``.
    """

    action: str
    what: tuple[str, ...] = field(converter=as_tuple)


@frozen
class Provenance:
    """How a matching came about.

    Attributes:
        strategy: The strategy's name.
        version: The version of the library.
        parameters: The strategy's parameters.
        objective: What was looked for.
        seed: The seed of the tie lottery.
        notes: What the strategy has to say of its answer.
        edits: What an administrator changed before publishing, in order.
        distribution: The package that the strategy comes from, with its version; empty for the library's own.
    """

    strategy: str
    version: str
    parameters: Mapping[str, object] = field(converter=read_only)
    objective: str
    seed: int
    notes: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    distribution: str = ""
    _problem: MatchingProblem | None = field(default=None, repr=False, eq=False)

    @property
    def input_hash(self) -> str | None:
        """The hash of all that the answer depends on; None where the problem was not kept."""
        return None if self._problem is None else self._problem.fingerprint
