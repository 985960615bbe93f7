"""The checks of a validator: it never breaks down, and what it says is whole and always the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from attrs import evolve, frozen
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.formats.program_toml import loads_program
from devrel.kinds import KINDS, RelationshipKind, Side
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.optimal import OptimalMatching
from devrel.people import Enrollment, Person
from devrel.programs.design import Program
from devrel.programs.policies import CheckPolicy
from devrel.programs.presets import PRESETS
from devrel.relationships import Relationship
from devrel.testing import strategies as some
from devrel.testing.checking import Check, Examples, once, run_all, search, with_excuses
from devrel.validation.book import Entry, Rulebook
from devrel.validation.case import Pairing
from devrel.validation.engine import check
from devrel.validation.finding import Crash, Finding, Severity
from devrel.validation.validator import Validator, refused_unless_sound

_WORLDS = 40
_FREE = frozenset("XYZ")


def check_validator(
    validator: Validator | type[Validator],
    *,
    kinds: Sequence[RelationshipKind] = KINDS,
    excused: Mapping[str, str] | None = None,
) -> None:
    """Run all checks of a validator, on generated programs, people, relationships and matchings.

    Args:
        validator: The validator, or its class where it is made without arguments.
        kinds: The kinds that programs and relationships are of; give your own where the validator is about it.
        excused: Why a check need not hold, by the name of the check.

    Raises:
        AssertionError: With everything that was found.
        InvalidValue: For an excuse without a reason, or of no check.
    """
    run_all(validator_checks(validator, kinds=kinds, excused=excused))


def validator_checks(
    validator: Validator | type[Validator],
    *,
    kinds: Sequence[RelationshipKind] = KINDS,
    excused: Mapping[str, str] | None = None,
) -> Iterator[Check]:
    """Yield the checks of a validator; see ``check_validator``."""
    rule = validator() if isinstance(validator, type) else validator
    if not isinstance(rule, Validator):
        raise InvalidValue("validator", "is no Validator", "give a subclass, or a function made by rule")
    worlds = _drawn(tuple(kinds))

    def asked(judge: Callable[[Validator, _World], str]) -> Callable[[], None]:
        return search(worlds, lambda world: judge(rule, world), str)

    runs: dict[str, Callable[[], None]] = {
        "is well formed": once(lambda: _form(rule)),
        "never breaks down": asked(_crash),
        "says whole findings": asked(_findings),
        "says the same every time": asked(_same),
    }
    name = str(getattr(rule, "code", "")) or type(rule).__name__
    return with_excuses([Check(title, name, run) for title, run in runs.items()], excused or {})


@frozen(eq=False)
class _World:
    """A program, and everything that may be known around it."""

    program: Program
    people: tuple[Person, ...]
    enrollments: tuple[Enrollment, ...]
    relationships: tuple[Relationship, ...]
    today: date

    def judged(self, rule: Validator) -> tuple[tuple[Finding, ...], tuple[Crash, ...]]:
        """Return what a rule finds, and where it breaks down."""
        try:
            book = Rulebook([Entry(rule)])
        except InvalidValue:  # for the check of its form to find
            return (), ()
        known = {"people": self.people, "enrollments": self.enrollments, "relationships": self.relationships}
        around = {**known, "rules": book, "kinds": [self.program.kind, *KINDS], "today": self.today}
        matched = self._matched()
        reports = [check(self.program, **matched, **around)]  # type: ignore[arg-type]
        reports.append(check(self.program, rules=book, today=self.today))
        if len(self.people) > 1:
            pair = Pairing(self.program.kind, *self.people[:2])
            reports.append(check(pair, program=self.program, **around))  # type: ignore[arg-type]
        return tuple(one for report in reports for one in report.findings), tuple(
            one for report in reports for one in report.crashed
        )

    def _matched(self) -> dict[str, object]:
        """Return a problem of these people and its answer, where both sides have somebody."""
        if not all(any(one.takes(side) for one in self.enrollments) for side in Side):
            return {}
        problem = MatchingProblem.from_program(self.program, self.people, self.enrollments)
        return {"problem": problem, "matching": OptimalMatching().match(problem)}

    def __str__(self) -> str:
        """Return what there is, in a few lines."""
        lines = [f"a program of {self.program.kind}, on {self.today}", *map(repr, self.people)]
        return "\n".join([*lines, *map(repr, self.enrollments), *map(repr, self.relationships)])


@lru_cache(maxsize=8)
def _drawn(kinds: tuple[RelationshipKind, ...]) -> Examples[_World]:
    return Examples(_worlds(kinds), _WORLDS)


@st.composite
def _worlds(draw: st.DrawFn, kinds: Sequence[RelationshipKind]) -> _World:
    program = draw(st.sampled_from(sorted(PRESETS)).map(_preset))
    if draw(st.booleans()) or program.kind not in kinds:
        program = _of_kind(program, draw(st.sampled_from(kinds)))
    people = tuple(draw(some.people(4)))
    drawn = [draw(_enrolled(person, people)) for person in people if draw(st.booleans())]
    relationships = draw(st.lists(some.relationships([program.kind], most=3), max_size=1))
    later = timedelta(days=draw(st.sampled_from([0, 30, 400])))
    return _World(program, people, tuple(drawn), tuple(relationships), some.START.date() + later)


@st.composite
def _enrolled(draw: st.DrawFn, person: Person, people: Sequence[Person]) -> Enrollment:
    """Somebody's part in a program, naming none but those who are there."""
    others = [one.id for one in people if one.id != person.id]
    named = draw(st.lists(st.sampled_from(others), unique=True, max_size=3)) if others else []
    return evolve(draw(some.enrollments), person=person.id, preferences=named[:1], exclusions=named[1:])


def _preset(name: str) -> Program:
    return evolve(loads_program(PRESETS[name].text(some.START.date())), checks=CheckPolicy())


def _of_kind(program: Program, kind: RelationshipKind) -> Program:
    term = kind.timeline.default_term(program.term.start)
    return Program(program.name, kind, term, purpose=program.purpose, minutes=program.minutes)


def _form(rule: Validator) -> str:
    try:
        refused_unless_sound(rule)
    except InvalidValue as error:
        return str(error)
    own = getattr(rule.judge, "__module__", "").startswith("devrel.validation.")
    if not own and rule.code[0] not in _FREE:
        return f"its code is {rule.code}, and only X, Y and Z are free for others"
    return ""


def _crash(rule: Validator, world: _World) -> str:
    _, crashed = world.judged(rule)
    return str(crashed[0]) if crashed else ""


def _findings(rule: Validator, world: _World) -> str:
    for one in world.judged(rule)[0]:
        texts = {"where": one.where, "message": one.message, "remedy": one.remedy, "source": one.source}
        blank = [name for name, text in texts.items() if not str(text or "").strip()]
        if blank:
            return f"a finding has no {' and no '.join(blank)}"
        severity: object = one.severity
        if not isinstance(severity, Severity):
            return f"a finding has the severity {severity!r}"
    return ""


def _same(rule: Validator, world: _World) -> str:
    first, again = world.judged(rule), world.judged(rule)
    return "" if first == again else f"it finds {len(first[0])} things, and asked again {len(again[0])} others"
