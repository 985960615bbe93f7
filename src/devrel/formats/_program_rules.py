"""The parts of a program file that speak of people's attributes: conditions, constraints and criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from attrs import evolve

from devrel.errors import did_you_mean
from devrel.formats._program_brought import brought, made, own_values, texts_in
from devrel.formats._section import Section
from devrel.kinds import Side
from devrel.matching.brought import CONSTRAINT_GROUP, CRITERION_GROUP
from devrel.matching.circumstances import CommonHours, InCommon, NotExcluded, NotTogetherBefore, Present, Trained
from devrel.matching.constraints import (
    AboveInLevel,
    Alike,
    BelowInLevel,
    Constraint,
    Different,
    Gap,
    NotInReportingLine,
    NotOwnManager,
    NotSameManager,
    OwnManager,
    UpperLevelOrExternal,
)
from devrel.matching.criteria import Criterion, Differs, Near, Offered, Same, Shared, Weight
from devrel.matching.wishes import FirstInLine, HopesMet, HoursTogether, Preferred, Waiting
from devrel.people import CORE_ATTRIBUTES
from devrel.plugins import Group
from devrel.programs.intake import AttributeSpec, AttributeType, Condition, Intake, TableSpec, spec_of
from devrel.programs.said import FACTS

_SIDES = {side.value: side for side in Side}
_ONLY_WEIGHED = "Sensitive data may be weighed in a criterion; it is never used to shut people or pairs out."
_WEIGHTS = {weight.value: weight for weight in Weight}

T = TypeVar("T")

Attributes = Mapping[str, AttributeSpec]


class Names:
    """The attributes that rules and conditions may name: those of the tables; any where there are no tables."""

    def __init__(self, attributes: Attributes, tables: tuple[TableSpec, ...]) -> None:
        mapped = [attribute for table in tables for attribute in table.columns]
        self.specs = {
            name: spec_of(name, attributes) for name in (mapped if tables else [*attributes, *CORE_ATTRIBUTES])
        }
        self._any = not tables

    def known(self, part: Section, key: str, names: tuple[str, ...]) -> None:
        """Find attributes at ``key`` that no person can have: neither of the tables nor of every person."""
        every = {*self.specs, *CORE_ATTRIBUTES}
        for name in () if self._any else names:
            if name not in every:
                part.problem(key, "is no attribute of the people", did_you_mean(name, every), name)

    def sensitive(self, *names: str | None) -> bool:
        return any(name is not None and name in self.specs and self.specs[name].sensitive for name in names)

    def ask(
        self, part: Section, key: str, default: str | None = None, *, types: tuple[AttributeType, ...] = ()
    ) -> str | None:
        """Return the attribute named at ``key``; an unknown one, or one of another type, is a problem."""
        name = part.text(key, default, needed=default is None)
        if name is None:
            return None
        if name not in self.specs:
            if self._any:
                return name
            part.problem(key, "is no attribute of the people", did_you_mean(name, self.specs), name)
            return None
        if types and self.specs[name].type not in types:
            wanted = " or ".join(item.value for item in types)
            part.problem(
                key, f"is not of type {wanted}", f'Give it one: [attributes.{name}] type = "{types[0].value}".', name
            )
            return None
        return name

    def public(
        self, part: Section, key: str, default: str | None = None, *, types: tuple[AttributeType, ...] = ()
    ) -> str | None:
        """Return the attribute named at ``key``, which must not be sensitive."""
        name = self.ask(part, key, default, types=types)
        if self.sensitive(name):
            part.problem(key, "is sensitive", _ONLY_WEIGHED, name)
            return None
        return name


_NUMBERS = (AttributeType.NUMBER, AttributeType.ORDERED)
_CELLS: dict[AttributeType, tuple[type, ...]] = {
    AttributeType.TEXT: (str,),
    AttributeType.LIST: (str,),
    AttributeType.NUMBER: (int, float),
    AttributeType.YES_NO: (bool,),
}
_ONE_OF = {
    AttributeType.TEXT: 'Write it as ["one", "two"], or make the attribute a number.',
    AttributeType.LIST: 'Write it as ["one", "two"].',
    AttributeType.NUMBER: "Write it as [4, 5].",
    AttributeType.YES_NO: "Write it as [true].",
}


def read_conditions(section: Section, names: Names) -> tuple[Condition, ...]:
    """Return the conditions of a section."""
    return tuple(filter(None, [_condition(part, names) for part in section.sections("where")]))


def read_said(section: Section, names: Names) -> dict[str, str]:
    """Return which attribute says what somebody said when she enrolled."""
    found = {fact: names.public(section, fact) for fact in FACTS if fact in section}
    section.close()
    return {fact: attribute for fact, attribute in found.items() if attribute is not None}


def read_intake(section: Section, names: Names) -> Intake:
    intake = Intake(read_conditions(section, names), section.whole("capacity", 1, 1, 100_000))
    section.close()
    return intake


def _condition(part: Section, names: Names) -> Condition | None:
    attribute = names.public(part, "attribute")
    spec = names.specs.get(attribute or "")
    limits = {key: _limit(part, key, spec) for key in ("at_least", "at_most", "below", "above")}
    one_of = part.values("one_of")
    if spec is not None and spec.order:
        one_of = tuple(_place(part, "one_of", value, spec) for value in one_of)
    elif spec is not None and not all(isinstance(value, _CELLS[spec.type]) for value in one_of):
        part.problem("one_of", f"does not hold what the attribute does, {spec.type.value}", _ONE_OF[spec.type], one_of)
    part.close()
    if attribute is None or ("one_of" in part and not one_of):
        return None
    if spec is not None and spec.type not in _NUMBERS and any(limit is not None for limit in limits.values()):
        part.problem(
            "attribute", "has no numbers to compare", f'Say [attributes.{attribute}] type = "number".', attribute
        )
        return None
    return part.build(Condition, attribute, one_of, **limits)


def _limit(part: Section, key: str, spec: AttributeSpec | None) -> float | None:
    if key not in part or spec is None or not spec.order:
        return part.number(key)
    return _place(part, key, part.raw_value(key), spec)


def _place(part: Section, key: str, word: object, spec: AttributeSpec) -> int:
    """Return the place of a word in an attribute's order; for one that is not in it a problem, and 0."""
    rank = spec.rank(str(word))
    if rank is None:
        part.problem(key, "is not in the attribute's order", did_you_mean(str(word), spec.order, ordered=True), word)
    return rank or 0


def read_constraint(part: Section, names: Names) -> Constraint | None:
    known: dict[str, Callable[[], Constraint | None]] = {
        "different": lambda: _of_attribute(part, names, Different),
        "same": lambda: _of_attribute(part, names, Alike),
        "gap": lambda: _gap(part, names),
        "above-in-level": AboveInLevel,
        "below-in-level": BelowInLevel,
        "upper-level-or-external": UpperLevelOrExternal,
        "own-manager": OwnManager,
        "not-own-manager": NotOwnManager,
        "not-same-manager": NotSameManager,
        "not-in-reporting-line": NotInReportingLine,
        "not-excluded": NotExcluded,
        "not-together-before": NotTogetherBefore,
        "present": Present,
        "trained": Trained,
        "in-common": lambda: _in_common(part, names),
        "common-hours": lambda: part.build(CommonHours, part.whole("minutes", 60, 1, 1440)),
    }
    theirs = brought(part, CONSTRAINT_GROUP)
    if theirs is not None:
        return _constraint_of(part, names, theirs)
    make = _own(part, known, CONSTRAINT_GROUP)
    if make is None:
        return None
    rule: Constraint | None = make()
    part.close()
    return rule


def _own(part: Section, known: Mapping[str, T], group: Group[Any]) -> T | None:
    """Return what a rule of the library's own is made by; what packages bring is known by name alone."""
    names: dict[str, T | None] = {**known, **dict.fromkeys(group.names())}
    return part.choice("rule", names, None, needed=True, instead=group.instead)


def _constraint_of(part: Section, names: Names, rule: type[Constraint]) -> Constraint | None:
    values = own_values(part, rule)
    part.close()
    for name in texts_in(values):
        if names.sensitive(name):
            part.problem("rule", "looks at sensitive data", _ONLY_WEIGHED, name)
            return None
    return made(part, rule, values)


def _of_attribute(part: Section, names: Names, rule: Callable[[str], Constraint]) -> Constraint | None:
    attribute = names.public(part, "attribute")
    return rule(attribute) if attribute else None


def _gap(part: Section, names: Names) -> Constraint | None:
    attribute = names.public(part, "attribute", "level", types=_NUMBERS)
    limits = part.number("at_least"), part.number("at_most")
    return part.build(Gap, attribute, *limits) if attribute else None


def _in_common(part: Section, names: Names) -> Constraint | None:
    attribute = names.public(part, "attribute", "languages", types=(AttributeType.LIST,))
    return part.build(InCommon, attribute, part.whole("at_least", 1, 1, 1000)) if attribute else None


def read_criterion(part: Section, names: Names) -> Criterion | None:
    known: dict[str, Callable[[dict[str, Any]], Criterion | None]] = {
        "same": lambda common: _one(part, names, Same, common),
        "different": lambda common: _one(part, names, Differs, common),
        "shared": lambda common: _one(part, names, Shared, common, types=(AttributeType.LIST,)),
        "offered": lambda common: _offered(part, names, common),
        "near": lambda common: _near(part, names, common),
        "hopes-met": lambda common: part.build(HopesMet, **common),
        "hours-together": lambda common: part.build(HoursTogether, part.whole("enough", 240, 1, 1440), **common),
        "preferred": lambda common: part.build(Preferred, part.choice("side", _SIDES, None), **common),
        "waiting": lambda common: part.build(Waiting, part.whole("longest", 90, 1, 3650), **common),
        "first-in-line": lambda common: part.build(FirstInLine, **common),
    }
    theirs = brought(part, CRITERION_GROUP)
    make = None
    if theirs is None:
        make = _own(part, known, CRITERION_GROUP)
    common = {"name": part.text("name", ""), "weight": _weight(part), "minimum": part.number("minimum", 1.0)}
    if make is None and theirs is None:
        return None
    if "minimum" in part and common["weight"] is not Weight.MUST:
        part.problem("minimum", "is for a criterion that must be met", 'Say weight = "must", or drop the minimum.')
    sensitive = part.yes("sensitive")
    criterion = _criterion_of(part, names, theirs, common) if theirs is not None else make(common) if make else None
    part.close()
    return evolve(criterion, sensitive=True) if sensitive and criterion is not None else criterion


def _criterion_of(part: Section, names: Names, rule: type[Criterion], common: dict[str, Any]) -> Criterion | None:
    """Return a criterion of another package; it is sensitive where it names something sensitive."""
    values = own_values(part, rule)
    return made(part, rule, {**values, **common, "sensitive": names.sensitive(*texts_in(values))})


def _weight(part: Section) -> Weight | float:
    raw = part.raw_value("weight")
    if isinstance(raw, str) or raw is None:
        return part.choice("weight", _WEIGHTS, Weight.MEDIUM)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 < raw <= 1_000_000:
        return raw
    remedy = 'Say "must", "high", "medium", "low" or a number above 0 and at most 1000000.'
    part.problem("weight", "is not a weight", remedy, raw)
    return Weight.MEDIUM


def _one(
    part: Section, names: Names, rule: Any, common: dict[str, Any], *, types: tuple[AttributeType, ...] = ()
) -> Criterion | None:
    attribute = names.ask(part, "attribute", types=types)
    if attribute is None:
        return None
    return part.build(rule, attribute, sensitive=names.sensitive(attribute), **common)


def _offered(part: Section, names: Names, common: dict[str, Any]) -> Criterion | None:
    lists = (AttributeType.LIST, AttributeType.TEXT)
    wanted, offered = names.ask(part, "wanted", types=lists), names.ask(part, "offered", types=lists)
    conditional = part.text("when") is not None
    when = names.ask(part, "when", types=(AttributeType.YES_NO,)) if conditional else None
    if wanted is None or offered is None or (conditional and when is None):
        return None
    return part.build(Offered, wanted, offered, when, sensitive=names.sensitive(wanted, offered, when), **common)


def _near(part: Section, names: Names, common: dict[str, Any]) -> Criterion | None:
    attribute = names.ask(part, "attribute", "level", types=_NUMBERS)
    wanted, within = part.number("wanted", 0), part.number("within", 3)
    if attribute is None:
        return None
    return part.build(Near, attribute, wanted, within, sensitive=names.sensitive(attribute), **common)
