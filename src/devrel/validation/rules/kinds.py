"""Rules about kinds: names, titles and facets that mean what they say, and programs that do as their kind does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import fields, has

from devrel.errors import did_you_mean
from devrel.kinds import Mode, RelationshipKind, Side
from devrel.kinds.kind import CHANGEABLE
from devrel.kinds.neighbours import neighbour_in
from devrel.matching.brought import CONSTRAINT_GROUP
from devrel.matching.constraints import named_constraints
from devrel.people import Support
from devrel.programs.policies import Setter
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.validator import Flaws, Validator, rule

_NEUTRAL = frozenset({"provider", "recipient", "user", "person", "participant", "member", "employee"})


@rule(
    "K001",
    "a derived kind contradicts its base without saying so",
    severity=Severity.WARNING,
    subject=Subject.KIND,
    source="utah-ucan",
    rationale="The text of a facet is what people read in the comparison table; what the facet does is what the "
    "library does. A derived kind that turns a facet around and keeps the base's text tells people one thing and does "
    "another.",
    remedy="Give the facet a text of its own that says what is different, or leave the facet as the base has it.",
)
def contradiction(case: Case) -> Flaws:
    """Compare each facet of a derived kind with its base: another behaviour needs another text.

    Blanks and capitals make no other text. Clauses that are demanded have none of their own: to drop one of the base's
    changes how the provider helps.
    """
    kind = case.kind
    base = case.around.kinds.get(kind.base) if kind is not None and kind.base is not None else None
    if kind is None or base is None:
        return None
    return list(_contradictions(kind, base)) or None


def _contradictions(kind: RelationshipKind, base: RelationshipKind) -> Iterator[Flaw]:
    told = f"differs from {base.name}, and its text is still that of {base.name}"
    control = kind.control.side is not base.control.side
    if control and _alike(kind.control, base.control):
        yield Flaw("control.side", f"the side that directs {told}")
    if _alike(kind.timeline, base.timeline):
        if kind.timeline.forms != base.timeline.forms or kind.timeline.usually != base.timeline.usually:
            yield Flaw("timeline.forms", f"the form of the term {told}")
        if kind.timeline.usual_days != base.timeline.usual_days:
            yield Flaw("timeline.usual_days", f"how often it usually meets {told}")
    mine, theirs = kind.focus, base.focus
    focus = mine.needs is not theirs.needs or not mine.accepts <= theirs.accepts or mine.horizons != theirs.horizons
    if focus and _alike(mine, theirs):
        yield Flaw("focus", f"what goals must look like {told}")
    if _alike(kind.strategy, base.strategy):
        if kind.mode is not base.mode:
            yield Flaw("mode", f"the way of helping {told}")
        if kind.strategy.measure is not base.strategy.measure:
            yield Flaw("strategy.measure", f"what it is judged by {told}")
        if not kind.requires >= base.requires:
            yield Flaw("requires", f"what an agreement must say {told}")


def _alike(facet: Any, other: Any) -> bool:
    """Whether the texts of two facets are the same to a reader."""
    return _plain(facet.text) == _plain(other.text)


def _plain(value: Any) -> object:
    """Return a facet, or a part of one, with all texts as a reader takes them: without capitals and extra blanks."""
    if isinstance(value, str):
        return " ".join(value.casefold().split())
    if has(type(value)):
        return tuple(_plain(getattr(value, one.name)) for one in fields(type(value)))
    if isinstance(value, tuple | frozenset):
        return type(value)(map(_plain, value))
    return value


@rule(
    "K002",
    "the program contradicts the control or the strategy of its kind",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="utah-ucan",
    rationale="Who directs and how the provider helps is what makes a kind. A coaching program in which the program "
    "sets the goals is not coachee directed; one that promises recommendations is sponsoring; one that counts meetings "
    "of sponsors does not count what sponsors do.",
    remedy="Change what the program says, or choose the kind that works like that.",
)
def against_kind(case: Case) -> Flaws:
    """Compare who sets goals, what is judged and what is offered with the kind's facets."""
    program, kind = case.program, case.kind
    if program is None or kind is None:
        return None
    found = []
    if not _may_set(program.goals_set_by, kind):
        by = program.goals_set_by.value if program.goals_set_by else ""
        found.append(Flaw("program.goals_set_by", f"{kind.name} is {kind.control.text}, and goals are set by {by}"))
    judged = program.measurement.judged_by
    if judged is not None and judged is not kind.strategy.measure:
        told = f"{kind.name} is judged by {kind.strategy.measure.value}, and the program judges by {judged.value}"
        found.append(Flaw("measurement.judged_by", told))
    if case.agreement is not None:
        offered = case.agreement.offers & {Support.RECOMMENDATIONS, Support.INTRODUCTIONS}
        if kind.mode is Mode.COACHING and offered:
            named = ", ".join(sorted(one.value for one in offered))
            found.append(Flaw("agreement.offers", f"in {kind.name} the {kind.strategy.text}; it offers: {named}"))
    return found or None


def _may_set(setter: Setter | None, kind: RelationshipKind) -> bool:
    """Whether it is the side that directs, or both, where both may."""
    if setter is None or kind.composition.mutual:
        return setter not in {Setter.MANAGER, Setter.PROGRAM}
    directing = Setter.RECIPIENT if kind.control.side is Side.RECIPIENT else Setter.PROVIDER
    own_manager = setter is Setter.MANAGER and "own-manager" in kind.constraints
    return setter in {directing, Setter.TOGETHER} or own_manager


@rule(
    "K003",
    "a kind is named like a known one and has other facets",
    severity=Severity.ERROR,
    subject=Subject.KIND,
    source="devrel",
    rationale="Who reads 'coaching' expects what everybody calls coaching. Another thing under that name makes every "
    "figure, every agreement and every view of it wrong.",
    remedy="Derive it under a name of its own.",
)
def same_name(case: Case) -> Flaws:
    """Find kinds whose name is a known one but for spelling, and whose facets are not, whatever their source."""
    kind = case.kind
    if kind is None:
        return None
    folded = _folded(kind.name)
    for known in case.around.kinds.values():
        if _folded(known.name) == folded and _facets(known) != _facets(kind):
            return Flaw("name", f"it is named like {known.name} and has other facets")
    return None


def _facets(kind: RelationshipKind) -> list[object]:
    return [_plain(getattr(kind, name)) for name in ("mode", *CHANGEABLE)]


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@rule(
    "K004",
    "a pair of titles is missing",
    severity=Severity.ERROR,
    subject=Subject.KIND,
    source="utah-ucan",
    rationale="Every message to people uses the kind's own titles: mentor and mentee, coach and coachee. Neutral words "
    "or one word for both sides tell nobody which side is meant.",
    remedy="Give both sides titles of their own.",
)
def titles(case: Case) -> Flaws:
    """Find titles that are neutral words, or the same for both sides."""
    kind = case.kind
    if kind is None:
        return None
    found = [
        Flaw(f"titles.{side.value}", f"the {side.value} has the neutral title {kind.titles.of(side)!r}")
        for side in Side
        if kind.titles.of(side).casefold().strip() in _NEUTRAL
    ]
    same = kind.titles.provider.casefold().strip() == kind.titles.recipient.casefold().strip()
    if same and not kind.composition.mutual:
        found.append(Flaw("titles", f"both sides are called {kind.titles.provider!r}"))
    return found or None


@rule(
    "K005",
    "a neighbour is declared as a kind",
    severity=Severity.ERROR,
    subject=Subject.KIND,
    source="learning-development",
    rationale="Therapy and counselling heal and are left to licensed professionals; performance management measures "
    "how the job is done. They have other duties, other records and other rights. Development relationships link to "
    "them and are none of them.",
    remedy="Refer to it, and keep it out of the kinds.",
)
def neighbour(case: Case) -> Flaws:
    """Find kinds whose name or titles tell of therapy, counselling, performance management or disputes."""
    kind = case.kind
    if kind is None:
        return None
    for where, text in (("name", kind.name), ("titles", f"{kind.titles.provider} {kind.titles.recipient}")):
        what = neighbour_in(text)
        if what is not None:
            return Flaw(where, f"{what} is not a development relationship")
    return None


@rule(
    "K006",
    "a kind brings a constraint that does not exist",
    severity=Severity.ERROR,
    subject=Subject.KIND,
    source="devrel",
    rationale="A kind names the constraints that it brings. A name that means none forbids nothing, and the first "
    "program of the kind breaks.",
    remedy="Correct the name.",
)
def constraints(case: Case) -> Flaws:
    """Find constraints, of the kind or of its schools, that nobody knows."""
    kind = case.kind
    if kind is None:
        return None
    known = {*named_constraints(), *CONSTRAINT_GROUP.names()}
    brought = [("constraints", name) for name in kind.constraints]
    brought += [(f"schools.{school.name}", name) for school in kind.schools for name in school.constraints]
    return [
        Flaw(where, f"{name!r} is no constraint", did_you_mean(name, known))
        for where, name in brought
        if name not in known
    ] or None


@rule(
    "K007",
    "the base of a kind is not known",
    severity=Severity.ADVICE,
    subject=Subject.KIND,
    source="devrel",
    rationale="A derived kind is compared with its base. Where the base is not among the kinds that are given, nobody "
    "can say whether it contradicts it.",
    remedy="Give the base along: check(..., kinds=[...]).",
)
def base(case: Case) -> Flaws:
    """Find derived kinds whose base is not among the known ones."""
    kind = case.kind
    if kind is None or kind.base is None or kind.base in case.around.kinds:
        return None
    return Flaw("base", f"the base {kind.base!r} is not among the known kinds")


RULES: tuple[Validator, ...] = (contradiction, against_kind, same_name, titles, neighbour, constraints, base)
