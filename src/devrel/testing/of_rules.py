"""The checks of criteria and constraints: one function of a pair, and what has to agree with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from attrs import evolve, frozen
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.kinds import MENTORING
from devrel.matching.block import Block
from devrel.matching.constraints import Constraint
from devrel.matching.criteria import Criterion
from devrel.matching.rules import Candidate
from devrel.people import CORE_ATTRIBUTES, Organization, Person
from devrel.testing.checking import Check, Examples, once, run_all, search, with_excuses
from devrel.testing.scenes import Scene, asked_sensitive, attributes_of, scenes, watched

C = TypeVar("C")

Values = Mapping[str, st.SearchStrategy[Any]]
"""What the values of attributes are drawn from, by name."""

_NEAR = 1e-9
_SCENES = 200


def check_criterion(
    criterion: Criterion, *, attributes: Values | None = None, excused: Mapping[str, str] | None = None
) -> None:
    """Run all checks of a criterion.

    Args:
        criterion: The criterion.
        attributes: What the values of the attributes it looks at are drawn from, by name; values of every type unless
            given. Which attributes these are is found by asking it.
        excused: Why a check need not hold, by the name of the check.

    Raises:
        AssertionError: With everything that was found, each with the fewest people that show it.
        InvalidValue: For an excuse without a reason, or of no check.

    >>> from devrel.matching import Same
    >>> check_criterion(Same("region"))
    """
    run_all(criterion_checks(criterion, attributes=attributes, excused=excused))


def criterion_checks(
    criterion: Criterion, *, attributes: Values | None = None, excused: Mapping[str, str] | None = None
) -> Iterator[Check]:
    """Yield the checks of a criterion; see ``check_criterion``."""
    rule = _instance(criterion, Criterion)
    subject = _Subject(rule, rule.score, rule.block, attributes or {})
    told = {"shown_name": lambda: rule.shown_name, "describe()": rule.describe, "title()": _title(rule)}
    return subject.checks(rule.shown_name or type(rule).__name__, told, {"scores from 0 to 1": _score}, excused or {})


def check_constraint(
    constraint: Constraint, *, attributes: Values | None = None, excused: Mapping[str, str] | None = None
) -> None:
    """Run all checks of a constraint; the arguments and errors are those of ``check_criterion``.

    >>> from devrel.matching import Different
    >>> check_constraint(Different("department"))
    """
    run_all(constraint_checks(constraint, attributes=attributes, excused=excused))


def constraint_checks(
    constraint: Constraint, *, attributes: Values | None = None, excused: Mapping[str, str] | None = None
) -> Iterator[Check]:
    """Yield the checks of a constraint; see ``check_constraint``."""
    rule = _instance(constraint, Constraint)
    subject = _Subject(rule, rule.forbids, rule.block, attributes or {})
    told = {"name": lambda: rule.name, "title()": _title(rule)}
    return subject.checks(rule.name or type(rule).__name__, told, {"answers yes or no": _yes_or_no}, excused or {})


def _instance(rule: C, base: type) -> C:
    if not isinstance(rule, base):
        made = rule if isinstance(rule, type) else type(rule)
        raise InvalidValue("rule", f"{made.__name__} is no {base.__name__}", "give one that is made, not the class")
    return rule


def _title(rule: Criterion | Constraint) -> Callable[[], str]:
    return lambda: rule.title(MENTORING.titles)


def _score(answer: object) -> str:
    number = isinstance(answer, int | float | np.integer | np.floating) and not isinstance(answer, bool)
    return "" if number and 0 <= answer <= 1 else f"it gives {answer!r}"  # type: ignore[operator]


def _yes_or_no(answer: object) -> str:
    return "" if isinstance(answer, bool | np.bool_) else f"it gives {answer!r}"


@frozen(eq=False)
class _Subject:
    """A rule under check: its pair function, its block function, and what its people are like."""

    rule: Criterion | Constraint
    ask: Callable[[Candidate], Any]
    block: Callable[[Block], Any]
    told: Values

    def checks(
        self,
        name: str,
        words: Mapping[str, Callable[[], object]],
        answers: Mapping[str, Callable[[object], str]],
        excused: Mapping[str, str],
    ) -> Iterator[Check]:
        """Return the checks, in the order in which a fault is best understood."""
        drawn = self._examples()
        runs = {title: search(drawn, self._each(judge), str) for title, judge in answers.items()}
        runs["answers the same every time"] = search(drawn, self._same, str)
        runs["says the same for a block as for its pairs"] = search(drawn, self._blocks, str)
        if not getattr(self.rule, "sensitive", False):
            runs["asks for nothing sensitive"] = search(drawn, self._sensitive, str)
        runs["has words"] = once(lambda: _wordless(words))
        if isinstance(self.rule, Constraint) and self.rule.looks_at() is not None:
            runs["looks at what it says"] = search(drawn, self._looks, str)
        return with_excuses([Check(title, name, run) for title, run in runs.items()], excused)

    def _examples(self) -> Examples[Scene]:
        """Return the people that the rule is asked about; the same for all rules that look at the same attributes."""
        looked = self.rule.looks_at() if isinstance(self.rule, Constraint) else None
        names = attributes_of(self.rule, self.ask, [*self.told, *(looked or ())])
        return Examples(scenes(names, self.told), _SCENES) if self.told else _drawn(names)

    def _each(self, judge: Callable[[object], str]) -> Callable[[Scene], str]:
        def look(scene: Scene) -> str:
            found = ((case, judge(self.ask(case))) for case in scene.cases)
            return next((f"{wrong} for {_pair(case)}" for case, wrong in found if wrong), "")

        return look

    def _same(self, scene: Scene) -> str:
        first, again = ([self.ask(case) for case in scene.cases] for _ in range(2))
        changed = [case for case, one, other in zip(scene.cases, first, again, strict=True) if one != other]
        return f"asked again, it changes its mind about {_pair(changed[0])}" if changed else ""

    def _blocks(self, scene: Scene) -> str:
        whole = self.block(scene.block)
        if whole is None:
            return ""
        size = len(scene.people)
        pairs = np.array([float(self.ask(case)) for case in scene.cases]).reshape(size, size)
        for rows, answer in ((range(size), whole), (range(1, size), self.block(scene.block.take(range(1, size))))):
            try:
                spread = np.broadcast_to(np.asarray(answer, dtype=np.float64), (len(rows), size))
            except ValueError:
                return f"its block has the shape {np.shape(answer)} where {(len(rows), size)} was asked"
            apart = np.argwhere(~(np.abs(spread - pairs[list(rows)]) <= _NEAR))
            if apart.size:
                i, j = int(apart[0][0]), int(apart[0][1])
                pair = f"{scene.people[rows[i]].id} receiving from {scene.people[j].id}"
                return f"it gives {pairs[rows[i], j]:g} for {pair}, and {spread[i, j]:g} in a block"
        return ""

    def _sensitive(self, scene: Scene) -> str:
        people = tuple(map(watched, scene.people))
        seen = Scene(people)
        for case in seen.cases:
            self.ask(case)
        self.block(seen.block)
        asked = set().union(*map(asked_sensitive, people))
        return (
            f"it asks for sensitive data ({', '.join(sorted(asked))}) and is not marked as sensitive" if asked else ""
        )

    def _looks(self, scene: Scene) -> str:
        """Compare the first person with another who has the same values of what the rule says it looks at."""
        looked = set(self.rule.looks_at() or ()) if isinstance(self.rule, Constraint) else set()
        if "id" in looked:
            return ""
        if len(scene.people) < 3:
            return ""
        first, last, *others = scene.people
        twin = _twin(first, last, looked)
        organization = Organization([*scene.people, twin])
        for other in others:
            for one, two in (((first, other), (twin, other)), ((other, first), (other, twin))):
                if self.ask(Candidate(*one, organization)) != self.ask(Candidate(*two, organization)):
                    same = ", ".join(sorted(looked)) or "nothing"
                    return f"it says to look at {same} and tells {first.id} from one who has the same: {twin!r}"
        return ""


@lru_cache(maxsize=32)
def _drawn(names: tuple[str, ...]) -> Examples[Scene]:
    return Examples(scenes(names, {}), _SCENES)


def _twin(first: Person, last: Person, looked: set[str]) -> Person:
    """Return somebody like ``last`` who has the values of ``first`` for some attributes."""
    core: dict[str, Any] = {"manager": None}
    core |= {name: getattr(first, name) for name in looked & set(CORE_ATTRIBUTES)}
    kept = {name: value for name, value in first.attributes.items() if name in looked}
    other = {name: value for name, value in last.attributes.items() if name not in looked}
    return evolve(last, id="twin", attributes={**other, **kept}, **core)


def _wordless(words: Mapping[str, Callable[[], object]]) -> str:
    for what, tell in words.items():
        said = tell()
        if not isinstance(said, str) or not said.strip():
            return f"{what} is {said!r}"
    return ""


def _pair(case: Candidate) -> str:
    return f"{case.recipient.id} receiving from {case.provider.id}"
