"""Goals: broad themes, specific goals with key results, questions, opportunities sought."""

from __future__ import annotations

from datetime import date

from attrs import evolve, field, frozen

from devrel._records import a, as_tuple, filled_text, number_between, optional, replaced, tuple_of
from devrel.errors import InvalidValue
from devrel.kinds import GoalForm, Horizon

_MOST = 10**15


@frozen
class CheckIn:
    """One reading of a key result.

    Attributes:
        on: The day of the reading.
        value: The value read, in the key result's unit.
    """

    on: date = field(validator=a(date))
    value: float = field(validator=number_between(-_MOST, _MOST))


def _ascending(_: object, __: object, check_ins: tuple[CheckIn, ...]) -> None:
    days = [check_in.on for check_in in check_ins]
    if days != sorted(days):
        raise InvalidValue("check_ins", "must be in the order of their days")


@frozen
class KeyResult:
    """One measure of a specific goal (management-mentors: objectives and key results). Its words stay out of reprs.

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
    baseline: float = field(validator=number_between(-_MOST, _MOST))
    target: float = field(validator=number_between(-_MOST, _MOST))
    unit: str = field(repr=False, validator=filled_text)
    due: date | None = field(default=None, validator=optional(a(date)))
    check_ins: tuple[CheckIn, ...] = field(default=(), converter=as_tuple, validator=[tuple_of(CheckIn), _ascending])

    def __attrs_post_init__(self) -> None:
        if self.target == self.baseline:
            raise InvalidValue("target", "must differ from the baseline", "say what is to change")

    def checked(self, check_in: CheckIn) -> KeyResult:
        """Return the key result with one more reading."""
        return evolve(self, check_ins=(*self.check_ins, check_in))

    def overdue(self, today: date) -> bool:
        """Whether the day it was due has passed and the target is not reached."""
        return self.due is not None and today > self.due and self.progress < 1

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
        text: The goal in words; the objective, where there are key results.
        form: A theme, a specific goal, a question or an opportunity sought.
        key_results: How a specific goal is measured.
        horizon: Whether it is about the current role or a future one; None where it is about neither.
        person: The id of the recipient whose goal it is; None for a goal of all.
        focus_areas: The program's focus areas it serves, by name (management-mentors: the link to what the
            organisation holds important).

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
    horizon: Horizon | None = field(default=None, repr=False, validator=optional(a(Horizon)))
    person: str | None = field(default=None, repr=False, validator=optional(filled_text))
    focus_areas: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))

    def __attrs_post_init__(self) -> None:
        if self.key_results and self.form is not GoalForm.SPECIFIC:
            raise InvalidValue("key_results", "belong to a specific goal only", "make the goal specific or drop them")
        names = [result.name for result in self.key_results]
        if len(set(names)) != len(names):
            raise InvalidValue("key_results", "have a name twice", "name every key result differently")

    def checked(self, key_result: str, check_in: CheckIn) -> Goal:
        """Return the goal with one more reading of the key result called ``key_result``.

        Raises:
            InvalidValue: When there is none of that name, or the reading lies before an earlier one.
        """
        if all(result.name != key_result for result in self.key_results):
            raise InvalidValue("key_result", "is none of this goal", "give the name of one of its key results")
        changed = (one.checked(check_in) if one.name == key_result else one for one in self.key_results)
        return replaced(self, key_results=tuple(changed))

    def keeping(self, before: Goal) -> Goal:
        """Return the goal with the readings that key results of the same name, start and unit had ``before``."""
        known = {_measure(result): result.check_ins for result in before.key_results}
        kept = (evolve(one, check_ins=known.get(_measure(one), one.check_ins)) for one in self.key_results)
        return evolve(self, key_results=tuple(kept))

    @property
    def progress(self) -> float | None:
        """The mean progress of the key results, or None where there are none."""
        if not self.key_results:
            return None
        return sum(result.progress for result in self.key_results) / len(self.key_results)

    @property
    def planned(self) -> bool:
        """Whether it has key results and each of them a date."""
        return bool(self.key_results) and all(result.due is not None for result in self.key_results)


def _measure(result: KeyResult) -> tuple[object, ...]:
    return result.name, result.baseline, result.unit


def keeping_readings(goals: tuple[Goal, ...], before: tuple[Goal, ...]) -> tuple[Goal, ...]:
    """Return ``goals`` with the readings taken ``before``, where goals of the same words had them."""
    known = {(goal.text, goal.person): goal for goal in before}
    return tuple(
        goal.keeping(known[goal.text, goal.person]) if (goal.text, goal.person) in known else goal for goal in goals
    )
