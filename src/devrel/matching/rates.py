"""Rates, ratios of rates, and how far chance alone may carry them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from attrs import evolve, frozen

from devrel.errors import InvalidValue

FEWEST = 5
"""Figures about fewer people are not shown (fp)."""

SMALLEST_SHARE = Fraction(2, 100)
"""Groups that are a smaller share of the data may be left out of ratios (ll144)."""

FOUR_FIFTHS = 0.8
"""The ratio below which a difference is worth a look (four-fifths)."""

Interval = tuple[float, float]


def large_enough(count: int, total: int) -> bool:
    """Whether a group may stand in a ratio: five people at least, and two in a hundred of the data.

    >>> large_enough(5, 250), large_enough(5, 251), large_enough(4, 10)
    (True, False, False)
    """
    return count >= FEWEST and count >= SMALLEST_SHARE * total


def is_below(part: int, whole: int, best_part: int, best_whole: int, threshold: float = FOUR_FIFTHS) -> bool:
    """Whether a rate is less than ``threshold`` of the best one; compared as fractions, so that 4/5 is not below 4/5.

    >>> is_below(12, 25, 3, 5), is_below(11, 25, 3, 5)
    (False, True)
    """
    return Fraction(part * best_whole, whole * best_part) < Fraction(threshold).limit_denominator(10**9)


def wilson(part: int, whole: int, confidence: float = 0.95) -> Interval:
    """Return the score interval of a rate (Wilson 1927, *Journal of the American Statistical Association* 22).

    It holds the rate, stays within 0 and 1, and keeps its level in small groups, where the usual interval does not.

    Args:
        part: How many have it.
        whole: How many there are, at least 1.
        confidence: How often such an interval holds the true rate, between 0 and 1.

    Raises:
        InvalidValue: For counts or a confidence that cannot be.

    >>> [round(end, 4) for end in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    if not 0 <= part <= whole or whole < 1:
        raise InvalidValue("part", "must be a count from 0 to the whole, which is at least 1")
    z = _quantile(confidence)
    rate, spread = part / whole, z * z / whole
    middle = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(rate * (1 - rate) / whole + spread / (4 * whole))
    # The ends are exactly 0 and 1 where the rate is; rounding must not say otherwise.
    return 0.0 if part == 0 else middle - half, 1.0 if part == whole else middle + half


def ratio_interval(part: int, whole: int, best_part: int, best_whole: int, confidence: float = 0.95) -> Interval:
    """Return the interval of the ratio of two rates, recovered from the Wilson intervals of both.

    The method is MOVER-R (Donner and Zou 2012, *Statistical Methods in Medical Research* 21). It is a formula and needs
    no random numbers, and it stands a group in which nobody has it.

    Args:
        part: How many of the group have it.
        whole: How many there are in the group.
        best_part: How many of the best group have it, at least 1.
        best_whole: How many there are in the best group.
        confidence: How often such an interval holds the true ratio.

    Raises:
        InvalidValue: Where nobody of the best group has it, and for counts that cannot be.

    >>> [round(end, 3) for end in ratio_interval(12, 20, 18, 20)]
    [0.427, 0.961]
    """
    if best_part < 1:
        raise InvalidValue("best_part", "must be at least 1, as nothing is a share of 0", "leave the ratio out")
    (low, high), (best_low, best_high) = wilson(part, whole, confidence), wilson(best_part, best_whole, confidence)
    rate, best = part / whole, best_part / best_whole
    product = rate * best
    down, up = low * (2 * rate - low), high * (2 * rate - high)
    best_down, best_up = best_low * (2 * best - best_low), best_high * (2 * best - best_high)
    # The lower end is written with the root below the line, where it cannot divide by 0.
    lower = down / (product + sqrt(max(product**2 - down * best_up, 0.0))) if part else 0.0
    return lower, (product + sqrt(max(product**2 - up * best_down, 0.0))) / best_down


@frozen
class Rate:
    """How many of a group have something, compared with the group that has it most often.

    Attributes:
        part: How many have it.
        whole: How many there are, at least 1.
        interval: The interval of the rate (Wilson 1927).
        ratio: The rate as a share of the best group's; None where they are not compared. The best group has 1.
        ratio_interval: The interval of the ratio (MOVER-R from Wilson's, Donner and Zou 2012); None for the best group,
            which is not compared with itself.
        best: Whether this is the group that the others are compared with.
        below: Whether the ratio lies below the threshold.
        unrated: Why there is no ratio; empty where there is one.
    """

    part: int
    whole: int
    interval: Interval
    ratio: float | None = None
    ratio_interval: Interval | None = None
    best: bool = False
    below: bool = False
    unrated: str = ""

    @property
    def value(self) -> float:
        """The rate."""
        return self.part / self.whole

    @property
    def rated(self) -> bool:
        """Whether there is a ratio."""
        return self.ratio is not None


def rate_of(part: int, whole: int, confidence: float = 0.95) -> Rate:
    """Return a rate with its interval, not yet compared.

    >>> rate_of(3, 5).value
    0.6
    """
    return Rate(part, whole, wilson(part, whole, confidence))


def compared(
    rates: Sequence[Rate | None],
    known: Sequence[bool],
    total: int,
    *,
    confidence: float = 0.95,
    threshold: float = FOUR_FIFTHS,
) -> list[Rate | None]:
    """Return the rates of groups with their ratios to the best one, or why they have none.

    Of several best rates, that of the largest group counts.

    Args:
        rates: The rate of each group; None where it is not to be told.
        known: Whether a group may be the one that the others are compared with.
        total: How many people there are in the data, those of groups that are not told included.
        confidence: How often an interval holds the true ratio.
        threshold: The ratio below which a rate is flagged.

    >>> [rate.ratio for rate in compared([rate_of(3, 5), rate_of(5, 5)], [True, True], 10)]
    [0.6, 1.0]
    """
    large = [rate is not None and large_enough(rate.whole, total) for rate in rates]
    firsts = [i for i, rate in enumerate(rates) if rate is not None and large[i] and known[i]]
    first = max(firsts, key=lambda i: _standing(rates[i]), default=None)
    best = None if first is None else rates[first]
    found: list[Rate | None] = []
    for i, rate in enumerate(rates):
        if rate is None:
            found.append(None)
        elif best is None or best.part == 0 or not large[i] or sum(large) < 2:
            found.append(evolve(rate, unrated=_why_not(large[i], sum(large), best)))
        elif i == first:
            found.append(evolve(rate, ratio=1.0, best=True))
        else:
            found.append(_against(rate, best, confidence, threshold))
    return found


def _standing(rate: Rate | None) -> tuple[Fraction, int]:
    return (Fraction(rate.part, rate.whole), rate.whole) if rate else (Fraction(0), 0)


def _against(rate: Rate, best: Rate, confidence: float, threshold: float) -> Rate:
    counts = rate.part, rate.whole, best.part, best.whole
    interval, below = ratio_interval(*counts, confidence), is_below(*counts, threshold)
    return evolve(rate, ratio=rate.value / best.value, ratio_interval=interval, below=below)


def _why_not(large: bool, others: int, best: Rate | None) -> str:
    """Return why a rate is not compared."""
    if not large:
        return "it is less than two in a hundred of all"
    if best is None:
        return "no group with a known label is large enough to compare with"
    if others < 2:
        return "no other group is large enough to compare with"
    return "nobody has it in the best group, and nothing is a share of 0"


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise InvalidValue("confidence", "must lie between 0 and 1", "0.95 is usual")
    return NormalDist().inv_cdf(0.5 + confidence / 2)
