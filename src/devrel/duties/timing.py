"""After how many days what becomes due."""

from __future__ import annotations

from attrs import field, frozen

from devrel._records import as_tuple, at_least
from devrel.errors import InvalidValue


def _ascending(_: object, __: object, nudges: tuple[int, ...]) -> None:
    if not all(type(days) is int and days > 0 for days in nudges) or list(nudges) != sorted(set(nudges)):
        raise InvalidValue("nudges", "must be different numbers of days, at least 1, in order")


@frozen
class Timing:
    """After how many days what becomes due; a day is a day in UTC.

    Attributes:
        nudges: Days of silence, or without an answer to a proposal, after which people are reminded, in order (exf).
        close_after: Days of silence after which they are asked whether it goes on (exf).
        answer_within: Days they have to answer that, or an amendment where no time is agreed (gu-auto).
        renew_before: Days before the end at which renewal or closing is due (mc-end).
        grace: Days after the end in which people complete it themselves (sn-prog: a grace period, its length is ours).

    Raises:
        InvalidValue: When the nudges are not in order, or the last one does not come before ``close_after``.

    >>> Timing(nudges=(30, 60), close_after=90).answer_within
    7
    """

    nudges: tuple[int, ...] = field(default=(7, 14, 21), converter=as_tuple, validator=_ascending)
    close_after: int = field(default=28, validator=at_least(1))
    answer_within: int = field(default=7, validator=at_least(0))
    renew_before: int = field(default=14, validator=at_least(0))
    grace: int = field(default=14, validator=at_least(0))

    def __attrs_post_init__(self) -> None:
        if self.nudges and self.nudges[-1] >= self.close_after:
            raise InvalidValue("close_after", "must come after the last nudge")
