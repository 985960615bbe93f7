"""A check: a name, one thing that is checked, and a search for the smallest example that it objects to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Generic, TypeVar

from attrs import evolve, field, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from devrel.errors import InvalidValue, did_you_mean

T = TypeVar("T")

_SEARCH = settings(
    derandomize=True,  # the same examples on every machine
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    report_multiple_bugs=False,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@frozen
class Check:
    """One check of one thing; call it to run it.

    Attributes:
        name: What has to be true.
        subject: What is checked.
        excuse: Why it need not be true; empty where it has to be.

    Raises:
        AssertionError: When it is not true: with the check, the subject, what is wrong, and the smallest example.
    """

    name: str
    subject: str
    run: Callable[[], None] = field(repr=False)
    excuse: str = ""

    def __call__(self) -> None:
        """Run it, excused or not."""
        try:
            self.run()
        except AssertionError as error:
            raise AssertionError(f"{self}: {error}") from None
        except Exception as error:  # what is checked may do anything
            raise AssertionError(f"{self}: it breaks down: {_told(error)}") from error

    def __str__(self) -> str:
        """Return the subject and the name."""
        return f"{self.subject}: {self.name}"


class Examples(Generic[T]):
    """Examples to judge: the same ones on every machine, drawn once for all checks that look at them.

    Args:
        strategy: Where they are drawn from.
        count: How many.
        known: Further examples, in which a fault shows that is seldom drawn.
    """

    def __init__(self, strategy: st.SearchStrategy[T], count: int, known: Iterable[T] = ()) -> None:
        self._known = tuple(known)
        self._strategy = strategy
        self._settings = settings(_SEARCH, max_examples=count)
        self._drawn: list[T] | None = None

    def drawn(self) -> list[T]:
        """Return the examples."""
        if self._drawn is None:
            found = list(self._known)
            self._each(found.append, settings(self._settings, phases=[Phase.generate]))
            self._drawn = found
        return self._drawn

    def smallest(self, fails: Callable[[T], bool], found: T) -> T:
        """Return the smallest example that fails; ``found`` where none is found again."""
        failed = [found]

        def look(example: T) -> None:
            if fails(example):
                failed.append(example)
                raise AssertionError

        with suppress(AssertionError, Flaky):
            self._each(look, self._settings)
        return failed[-1]

    def _each(self, do: Callable[[T], None], how: settings) -> None:
        @how
        @given(self._strategy)
        def each(example: T) -> None:
            do(example)

        each()


def search(examples: Examples[T], judge: Callable[[T], str], show: Callable[[T], str]) -> Callable[[], None]:
    """Return what looks for an example that ``judge`` objects to; what is found is made as small as possible.

    Args:
        examples: What is judged.
        judge: Returns what is wrong; an empty text where nothing is.
        show: Returns an example as text.
    """

    def wrong(example: T) -> str:
        try:
            return judge(example)
        except Exception as error:  # what is checked may do anything
            return f"it breaks down: {_told(error)}"

    def run() -> None:
        for example in examples.drawn():
            if first := wrong(example):
                small = examples.smallest(lambda one: bool(wrong(one)), example)
                raise AssertionError(f"{wrong(small) or first}\n{show(small)}")

    return run


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def once(judge: Callable[[], str]) -> Callable[[], None]:
    """Return what asks ``judge``, which needs no examples, and objects where it does."""

    def run() -> None:
        wrong = judge()
        if wrong:
            raise AssertionError(wrong)

    return run


def with_excuses(checks: Iterable[Check], excused: Mapping[str, str]) -> Iterator[Check]:
    """Return checks with the excuses of those that have one.

    Raises:
        InvalidValue: For an excuse of a check that there is not (the nearest is named), and for one without a reason.
    """
    listed = {check.name: check for check in checks}
    for name, reason in excused.items():
        if name not in listed:
            raise InvalidValue("excused", f"{name!r} is none of the checks", did_you_mean(name, listed))
        if not reason.strip():
            raise InvalidValue("excused", f"{name!r} has no reason", "say why it need not be true")
    return iter([evolve(check, excuse=excused.get(name, "")) for name, check in listed.items()])


def run_all(checks: Iterable[Check]) -> None:
    """Run every check that is not excused.

    Raises:
        AssertionError: With everything that was found, all at once.
    """
    wrong = []
    for check in checks:
        if not check.excuse:
            try:
                check()
            except AssertionError as error:
                wrong.append(str(error))
    if wrong:
        raise AssertionError("\n\n".join(wrong))
