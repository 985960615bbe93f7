"""The checks of a kind: its facets are whole, and relationships of it can be lived and stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from devrel.errors import InputError, InvalidValue
from devrel.formats.json import dumps, loads
from devrel.formats.program_toml import dumps_program, loads_program
from devrel.kinds import KINDS, RelationshipKind, Side, Verdict, comparison
from devrel.lifecycle import Stage
from devrel.matching.brought import constraint_named
from devrel.programs.design import Program
from devrel.relationships import Relationship
from devrel.testing import strategies as some
from devrel.testing.checking import Check, Examples, once, run_all, search, with_excuses

_LIVES = 25
_START = date(2026, 1, 5)


def check_kind(kind: RelationshipKind, *, excused: Mapping[str, str] | None = None) -> None:
    """Run all checks of a kind.

    Args:
        kind: The kind. Its package has to be installed, so that a program file finds it by its name.
        excused: Why a check need not hold, by the name of the check.

    Raises:
        AssertionError: With everything that was found.
        InvalidValue: For an excuse without a reason, or of no check.

    >>> from devrel.kinds import FLASH_MENTORING
    >>> check_kind(FLASH_MENTORING)
    """
    run_all(kind_checks(kind, excused=excused))


def kind_checks(kind: RelationshipKind, *, excused: Mapping[str, str] | None = None) -> Iterator[Check]:
    """Yield the checks of a kind; see ``check_kind``."""
    if not isinstance(kind, RelationshipKind):
        raise InvalidValue("kind", "is no RelationshipKind", "give the kind itself")
    proposals, relationships = _drawn(kind)
    runs: dict[str, Callable[[], None]] = {
        "has all its facets": once(lambda: _facets(kind)),
        "has titles that tell the sides apart": once(lambda: _titles(kind)),
        "has a name of its own": once(lambda: _name(kind)),
        "shows in the comparison": once(lambda: _compared(kind)),
        "begins as its timeline says": once(lambda: _timeline(kind)),
        "names constraints that there are": once(lambda: _constraints(kind)),
        "can be proposed and lived": search(proposals, _lived, repr),
        "reads back from a document": search(relationships, lambda one: _document(kind, one), repr),
        "is found by a program file": once(lambda: _program(kind)),
    }
    return with_excuses([Check(title, kind.name, run) for title, run in runs.items()], excused or {})


@lru_cache(maxsize=32)
def _drawn(kind: RelationshipKind) -> tuple[Examples[Relationship], Examples[Relationship]]:
    """Return proposals, and relationships at the start of their life."""
    return Examples(some.proposals([kind]), _LIVES), Examples(some.relationships([kind], most=3), _LIVES)


def _facets(kind: RelationshipKind) -> str:
    if not kind.strategy.prompts or not all(prompt.strip() for prompt in kind.strategy.prompts):
        return "its strategy has no prompts, so that a session has no agenda"
    schools = [school.name for school in kind.schools]
    return "two of its schools have one name" if len(set(schools)) < len(schools) else ""


def _titles(kind: RelationshipKind) -> str:
    for count in (1, 2):
        provider, recipient = (kind.titles.of(side, count) for side in (Side.PROVIDER, Side.RECIPIENT))
        if provider.casefold() == recipient.casefold():
            return f"both sides are called {provider!r}"
    return ""


def _name(kind: RelationshipKind) -> str:
    known = {one.name: one for one in KINDS}
    other = known.get(kind.name, kind)
    return "" if other == kind else "the library has another kind of that name"


def _compared(kind: RelationshipKind) -> str:
    cells = comparison([kind]).to_dict()[kind.name]
    empty = [facet for facet, cell in cells.items() if not cell.strip()]
    if empty:
        return f"the comparison has nothing to say of its {', '.join(empty)}"
    return "" if kind.name in comparison([kind]).to_text(200) else "the comparison does not show its name"


def _timeline(kind: RelationshipKind) -> str:
    term = kind.timeline.default_term(_START)
    if kind.timeline.judge(term) is not Verdict.FITS:
        return f"its timeline takes {kind.timeline}, and a first agreement would run {term}"
    if kind.timeline.judge_cadence(kind.timeline.cadence) is not Verdict.FITS:
        return f"its usual days are {kind.timeline.usual_days}, and it would meet {kind.timeline.cadence}"
    return ""


def _constraints(kind: RelationshipKind) -> str:
    named = [*kind.constraints, *(name for school in kind.schools for name in school.constraints)]
    unknown = [name for name in named if constraint_named(name) is None]
    return f"nobody knows {', '.join(unknown)}" if unknown else ""


def _lived(proposed: Relationship) -> str:
    """Have everybody agree to what the kind demands, and look whether it begins with the term that it usually has."""
    timeline = proposed.kind.timeline
    usual = timeline.default_term(some.START.date())
    if proposed.agreement.term != usual or timeline.judge(usual) is not Verdict.FITS:
        return ""
    stage = some.agree(proposed).stage
    return "" if stage is Stage.ACTIVE else f"with everything it demands agreed on, it is {stage.value}"


def _document(kind: RelationshipKind, one: Relationship) -> str:
    text = dumps([one], Relationship, kinds=[kind])
    return "" if loads(text, Relationship, kinds=[kind]) == (one,) else "what is read is not what was written"


def _program(kind: RelationshipKind) -> str:
    program = Program("P", kind, kind.timeline.default_term(_START))
    try:
        again = loads_program(dumps_program(program))
    except (InputError, InvalidValue) as error:
        return f"{error}; announce it under devrel.kinds, and install its package"
    return "" if again.kind == kind else "a program file finds another kind under its name"
