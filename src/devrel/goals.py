"""Goals: broad themes, specific goals with key results, questions, opportunities sought."""

from __future__ import annotations

from datetime import date

from attrs import evolve, field, frozen

from devrel._records import a, as_tuple, filled_text, optional, tuple_of
from devrel.errors import InvalidValue
from devrel.kinds import GoalForm


@frozen
class CheckIn:
    """One reading of a key result.

    Attributes:
        on: The day of the reading.
        value: The value read, in the key result's unit.
    """

    on: date = field(validator=a(date))
    value: float = field(validator=a(int, float))


def _ascending(_: object, __: object, check_ins: tuple[CheckIn, ...]) -> None:
    days = [check_in.on for check_in in check_ins]
    if days != sorted(days):
        raise InvalidValue("check_ins", "must be in the order of their days")


@frozen
class KeyResult:
    """One measure of a specific goal (management-mentors: objectives and key results). Its name stays out of reprs.

    Attributes:
        name: What is measured.
        baseline: Where it starts.
        target: Where it should get to; above or below the baseline.
        unit: The unit of both.
        due: The day by which the target should be reached, or None.
        check_ins: The readings so far, oldest first.

    >>> KeyResult("days to answer", 10, 4, "days").checked(CheckIn(date(2026, 3, 1), 7)).progress
    0.5
    """

    name: str = field(repr=False, validator=filled_text)
    baseline: float = field(validator=a(int, float))
    target: float = field(validator=a(int, float))
    unit: str = field(validator=filled_text)
    due: date | None = field(default=None, validator=optional(a(date)))
    check_ins: tuple[CheckIn, ...] = field(default=(), converter=as_tuple, validator=[tuple_of(CheckIn), _ascending])

    def __attrs_post_init__(self) -> None:
        if self.target == self.baseline:
            raise InvalidValue("target", "must differ from the baseline", "say what is to change")

    def checked(self, check_in: CheckIn) -> KeyResult:
        """Return the key result with one more reading."""
        return evolve(self, check_ins=(*self.check_ins, check_in))

    @property
    def progress(self) -> float:
        """The share of the way from baseline to target: 0 at the start, 1 at the target; it may fall again."""
        if not self.check_ins:
            return 0.0
        return (self.check_ins[-1].value - self.baseline) / (self.target - self.baseline)


@frozen
class Goal:
    """What a relationship is to bring about. Its words belong to the parties and stay out of every repr.

    Attributes:
        text: The goal in words.
        form: A theme, a specific goal, a question or an opportunity sought.
        key_results: How a specific goal is measured.

    Raises:
        InvalidValue: When key results are given for a goal that is not specific.

    >>> Goal("find my direction")
    Goal(form=<GoalForm.THEME: 'theme'>)
    """

    text: str = field(repr=False, validator=filled_text)
    form: GoalForm = field(default=GoalForm.THEME, validator=a(GoalForm))
    key_results: tuple[KeyResult, ...] = field(
        default=(), repr=False, converter=as_tuple, validator=tuple_of(KeyResult)
    )

    def __attrs_post_init__(self) -> None:
        if self.key_results and self.form is not GoalForm.SPECIFIC:
            raise InvalidValue("key_results", "belong to a specific goal only", "make the goal specific or drop them")

    @property
    def progress(self) -> float | None:
        """The mean progress of the key results, or None where there are none."""
        if not self.key_results:
            return None
        return sum(result.progress for result in self.key_results) / len(self.key_results)
