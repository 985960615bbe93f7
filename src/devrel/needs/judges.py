"""How each aspect of a need agrees with a facet of a kind.

Everything is read from facets, never from a kind's name, so that kinds of one's own are judged like the library's.
"""

from __future__ import annotations

from collections.abc import Callable

from devrel._records import article
from devrel.kinds import Clause, Composition, GoalForm, Horizon, Measure, Mode, RelationshipKind, Side
from devrel.needs.aspects import Aspect, Weighed, source_of
from devrel.needs.need import Ask, CareerStage, Need, WhoDirects
from devrel.terms import TermForm

Judge = Callable[[Need, RelationshipKind], Weighed | None]


def _ask(need: Need, kind: RelationshipKind) -> Weighed | None:
    if need.ask is None:
        return None
    form, recipient = _FORMS[need.ask], kind.titles.recipient
    if form not in kind.focus.accepts:
        taken = " or ".join(f"{article(one.value)} {one.value}" for one in GoalForm if one in kind.focus.accepts)
        agrees, text = 0.0, f"{need.ask.value} is not enough here: the {recipient} brings {taken}"
    elif form is (kind.focus.needs or GoalForm.THEME):
        agrees, text = 1.0, f"the {recipient} comes with {need.ask.value}, and that is what {kind} takes"
    else:
        agrees, text = 0.5, f"the {recipient} may come with {need.ask.value}, though {kind} is not mainly about that"
    return Weighed(Aspect("focus", text, source_of(kind, "focus")), agrees, 2)


_FORMS = {Ask.BROAD: GoalForm.THEME, Ask.GOAL: GoalForm.SPECIFIC, Ask.QUESTION: GoalForm.QUESTION}


def _horizon(need: Need, kind: RelationshipKind) -> Weighed | None:
    if need.horizon is None:
        return None
    agrees, why, source = _VIEWS[kind.mode, need.horizon]
    if need.horizon not in kind.focus.horizons:
        agrees, why, source = 0.0, "no goal of this kind may be about it", source_of(kind, "focus")
    text = f"the {kind.titles.recipient} looks at the {need.horizon.value}: {why}"
    return Weighed(Aspect("focus", text, source), agrees, 1)


_VIEWS = {
    (Mode.MENTORING, Horizon.FUTURE_ROLE): (1.0, "mentoring opens views beyond the job held now", "culture-wizard"),
    (Mode.MENTORING, Horizon.CURRENT_ROLE): (0.25, "mentoring is not tied to a job", "culture-wizard"),
    (Mode.COACHING, Horizon.CURRENT_ROLE): (1.0, "coaching usually stays with the job held now", "culture-wizard"),
    (Mode.COACHING, Horizon.FUTURE_ROLE): (0.75, "coaching can prepare for more responsibility", "culture-wizard"),
    (Mode.ADVISING, Horizon.CURRENT_ROLE): (0.75, "specific knowledge helps with work at hand", "utah-ucan"),
    (Mode.ADVISING, Horizon.FUTURE_ROLE): (0.5, "specific knowledge helps with a part of it", "utah-ucan"),
    (Mode.SPONSORING, Horizon.FUTURE_ROLE): (0.75, "advocacy opens ways to other roles", "utah-ucan"),
    (Mode.SPONSORING, Horizon.CURRENT_ROLE): (0.25, "advocacy serves a career more than a job", "utah-ucan"),
}


def _career_stage(need: Need, kind: RelationshipKind) -> Weighed | None:
    if need.career_stage is None:
        return None
    if need.career_stage is CareerStage.LATE:
        return _late(kind)
    wish, recipient, source = _WISHES[need.career_stage], kind.titles.recipient, "utah-ucan"
    if kind.mode is Mode.COACHING and kind.control.side is Side.RECIPIENT:
        agrees, text = 1.0, f"the {kind.titles.provider}'s questions help the {recipient} to {wish}"
    elif kind.mode is Mode.MENTORING:
        agrees, text = 0.5, f"what the {kind.titles.provider} has lived through may help the {recipient} to {wish}"
    else:
        agrees, text = 0.25, f"the {recipient} wants to {wish}, and the help is of another sort: {kind.strategy}"
        source = source_of(kind, "strategy")
    return Weighed(Aspect("strategy", text, source), agrees, 1)


_WISHES = {CareerStage.EARLY: "find a direction", CareerStage.MIDDLE: "refocus"}


def _late(kind: RelationshipKind) -> Weighed:
    """No source ties a late career to a kind, so it counts for nothing."""
    if "below-in-level" in kind.constraints:
        text = f"the {kind.titles.provider} is the more junior, as can be late in a career"
        return Weighed(Aspect("constraints", text, source_of(kind, "constraints")), 1, 0)
    text = f"the {kind.titles.recipient} may be late in a career as at any other point of it"
    return Weighed(Aspect("strategy", text, "utah-ucan"), 1, 0)


def _directs(need: Need, kind: RelationshipKind) -> Weighed | None:
    if need.directs is None:
        return None
    wished = Side.RECIPIENT if need.directs is WhoDirects.ONESELF else Side.PROVIDER
    if kind.composition.mutual:
        agrees, text = 0.5 + (kind.control.side is wished) / 2, "the two help each other, and both have a say"
    elif kind.control.side is wished:
        agrees, text = 1.0, f"the {kind.titles.of(wished)} directs, as wished"
    else:
        agrees, text = 0.0, f"the {kind.titles.of(wished.other)} directs, and not the {kind.titles.of(wished)}"
    return Weighed(Aspect("control", text, source_of(kind, "control")), agrees, 1)


def _how_long(need: Need, kind: RelationshipKind) -> Weighed | None:
    if need.how_long is None:
        return None
    wished = f"{_LENGTHS[need.how_long]} is wished for"
    if need.how_long in kind.timeline.forms:
        agrees, text = 1.0, f"{wished}, and the timeline says: {kind.timeline}"
    else:
        agrees, text = kind.timeline.usually / 4, f"{wished}, but the timeline says: {kind.timeline}"
    return Weighed(Aspect("timeline", text, source_of(kind, "timeline")), agrees, 1)


_LENGTHS = {
    TermForm.SINGLE_SESSION: "a single session",
    TermForm.TIME_LIMITED: "a limited time",
    TermForm.LONG_TERM: "a long time",
}


def _opportunities(need: Need, kind: RelationshipKind) -> Weighed | None:
    if not need.opportunities:
        return None
    provider, recipient = kind.titles.provider, kind.titles.recipient
    if kind.strategy.measure is Measure.ADVOCACIES:
        agrees, text = 1.0, f"the {provider} is there to advocate for the {recipient}'s opportunities"
    elif Mode.SPONSORING in kind.modes:
        agrees, text = 0.5, f"the {provider} may sponsor the {recipient} at times, but is not judged by it"
    else:
        agrees, text = 0.0, f"the {provider} is not there to open doors for the {recipient}"
    return Weighed(Aspect("strategy", text, source_of(kind, "strategy")), agrees, 3)


def _peer(need: Need, kind: RelationshipKind) -> Weighed | None:
    if not need.peer:
        return None
    provider, recipient = kind.titles.provider, kind.titles.recipient
    facet = "composition"
    if kind.composition.mutual or "same-level" in kind.constraints:
        agrees, text = 1.0, f"an equal is wanted, and that is what it is made for: {kind.composition}"
    elif _LEVELS & set(kind.constraints):
        agrees, text, facet = 0.0, f"the {provider} and the {recipient} do not stand on one level", "constraints"
    elif kind.composition.mutual is None:
        agrees, text = 0.5, f"the {provider} and the {recipient} may be equals who help each other, and need not be"
    else:
        agrees, text = 0.0, f"an equal is wanted, and here nobody helps both ways: {kind.composition}"
    return Weighed(Aspect(facet, text, source_of(kind, facet)), agrees, 2)


_LEVELS = {"own-manager", "above-in-level", "below-in-level", "upper-level-or-external"}


def _group(need: Need, kind: RelationshipKind) -> Weighed | None:
    if need.group is None:
        return None
    wish = "a group is wanted" if need.group else "no group is wanted"
    if kind.composition.group:
        agrees = float(need.group)
    else:
        agrees = (0.5 if _may_be_group(kind.composition) else 0.0) if need.group else 1.0
    text = f"{wish}, and it is for {kind.composition}"
    return Weighed(Aspect("composition", text, source_of(kind, "composition")), agrees, 2)


def _may_be_group(composition: Composition) -> bool:
    providers, recipients = composition.providers[1], composition.recipients[1]
    if providers is None or recipients is None:
        return True
    return (recipients if composition.mutual else providers + recipients) > 2


def _manager(need: Need, kind: RelationshipKind) -> Weighed | None:
    if not need.manager:
        return None
    provider, recipient, source = kind.titles.provider, kind.titles.recipient, source_of(kind, "constraints")
    if "own-manager" in kind.constraints:
        agrees, text = 1.0, f"the {recipient}'s own manager is the {provider}"
    elif _APART & set(kind.constraints):
        agrees, text = 0.0, f"the {recipient}'s own manager is kept out and cannot be the {provider}"
        source = "culture-wizard" if kind.mode is Mode.MENTORING else source
    else:
        agrees, text = 0.5, f"the {recipient}'s own manager may be the {provider}, and need not be"
    return Weighed(Aspect("constraints", text, source), agrees, 3)


_APART = {"not-own-manager", "not-in-reporting-line"}


_JUDGES: tuple[Judge, ...] = (
    _ask,
    _horizon,
    _career_stage,
    _directs,
    _how_long,
    _opportunities,
    _peer,
    _group,
    _manager,
)


def stated(need: Need, kind: RelationshipKind) -> list[Weighed]:
    """Return how each stated aspect of the need agrees with the kind."""
    return [found for judge in _JUDGES if (found := judge(need, kind)) is not None]


def remote(need: Need, kind: RelationshipKind) -> list[Weighed]:
    """Return what being remote says: it makes no kind better, and groups worse, as large calls help few."""
    if not need.remote:
        return []
    recipient = kind.titles.recipient
    if kind.composition.group:
        text = f"on a call with many a remote {recipient} easily disappears among the others"
        return [Weighed(Aspect("composition", text, "learning-development"), 0, 0.5)]
    text = f"the remote {recipient} has short talks with nobody else on the call"
    return [Weighed(Aspect("composition", text, "learning-development"), 1, 0)]


def unasked(need: Need, kind: RelationshipKind) -> list[Weighed]:
    """Return what makes the kind special though the need does not ask for it; each counts a little against it."""
    return [
        Weighed(Aspect(facet, _worded(text, kind), source_of(kind, facet)), 0, 0.25)
        for facet, special, asked, text in _SPECIALTIES
        if special(kind) and not asked(need)
    ]


def _worded(text: str, kind: RelationshipKind) -> str:
    titles = kind.titles
    return text.format(
        provider=titles.provider, recipient=titles.recipient, recipients=titles.recipients, composition=kind.composition
    )


_SPECIALTIES: tuple[tuple[str, Callable[[RelationshipKind], bool], Callable[[Need], bool], str], ...] = (
    (
        "composition",
        lambda kind: kind.composition.group,
        lambda need: need.group is not None,
        "nobody asked for a group, and it is for {composition}",
    ),
    (
        "composition",
        lambda kind: bool(kind.composition.mutual),
        lambda need: need.peer,
        "nobody asked for help both ways, and it is for {composition}",
    ),
    (
        "constraints",
        lambda kind: "own-manager" in kind.constraints,
        lambda need: need.manager,
        "nobody asked for the {recipient}'s own manager to be the {provider}",
    ),
    (
        "constraints",
        lambda kind: "below-in-level" in kind.constraints,
        lambda need: need.career_stage is CareerStage.LATE,
        "nobody asked for a {provider} more junior than the {recipient}",
    ),
    (
        "constraints",
        lambda kind: "upper-level-or-external" in kind.constraints,
        lambda need: False,
        "nobody asked for a {provider} from the upper levels or from outside",
    ),
    (
        "timeline",
        lambda kind: kind.timeline.forms == {TermForm.SINGLE_SESSION},
        lambda need: need.how_long is not None,
        "nobody asked for a single session",
    ),
    (
        "focus",
        lambda kind: bool(kind.focus.shared),
        lambda need: False,
        "nobody asked for goals that all {recipients} share",
    ),
    (
        "focus",
        lambda kind: len(kind.focus.horizons) == 1,
        lambda need: need.horizon is not None,
        "the {recipient} can look at one role only, and none was named",
    ),
    (
        "requires",
        lambda kind: Clause.PLAN in kind.requires,
        lambda need: need.horizon is Horizon.FUTURE_ROLE,
        "nobody asked for a plan towards another role",
    ),
)
"""Facet, whether a kind is special in it, whether a need asks for that (or against it), and the words."""
