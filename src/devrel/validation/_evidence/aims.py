"""Focus and control: what the goals are like, and who set them."""

from __future__ import annotations

from collections import Counter

from attrs import evolve

from devrel.agreements import BROUGHT_BY_RECIPIENT
from devrel.goals import Goal
from devrel.kinds import Clause, GoalForm, Horizon, RelationshipKind, Side
from devrel.lifecycle import Actor, ActorRole, Amended, CheckedIn, CounterProposed, Proposed, State
from devrel.people import Role
from devrel.relationships import folded
from devrel.validation._evidence.life import AGAINST, FOR, SILENT, Evidence, Facet, Life, counted, most

_OFFICE = (ActorRole.ADMIN, ActorRole.SYSTEM)


def focus(known: Life) -> Evidence | None:
    """Look at the goals that hold: their forms, whether they are measured, which role they are about."""
    goals = known.goals
    if not goals:
        return None
    measured = sum(bool(goal.key_results) for goal in goals)
    about = counted(goal.horizon for goal in goals if goal.horizon is not None)
    text = f"goals: {counted(goal.form for goal in goals)}; measured: {measured}; about: {about or 'no role named'}"
    several = len(known.state.people(Side.RECIPIENT)) > 1
    return Evidence(Facet.FOCUS, text, lambda kind: _of_focus(kind, goals, several))


def _of_focus(kind: RelationshipKind, goals: tuple[Goal, ...], several: bool) -> int:
    """Judge by most of the goals.

    Goals that a kind does not take speak against it, and so does another owner than it asks for, or the lack of a plan
    where it runs by one. What is left speaks for it if the form is there that it needs. Results in the present job are
    nothing that a kind of broad themes would refuse, but they are not what it is for (management-mentors).
    """
    wanted, taken = kind.focus, sum(_takes(kind, goal) for goal in goals)
    unplanned = Clause.PLAN in kind.requires and not any(goal.planned for goal in goals)
    if unplanned or most(len(goals) - taken, len(goals)):
        return AGAINST
    if several and wanted.shared is not None and any((goal.person is None) is not wanted.shared for goal in goals):
        return AGAINST
    broad = wanted.needs is None and GoalForm.THEME in wanted.accepts
    complete = wanted.needs is None or any(goal.form is wanted.needs for goal in goals)
    apt = complete and not (broad and results_only(goals))
    return FOR if apt and most(taken, len(goals)) else SILENT


def _takes(kind: RelationshipKind, goal: Goal) -> bool:
    return goal.form in kind.focus.accepts and (goal.horizon is None or goal.horizon in kind.focus.horizons)


def results_only(goals: tuple[Goal, ...]) -> bool:
    """Whether most goals are measured and most are about the current role."""
    measured = sum(bool(goal.key_results) for goal in goals)
    current = sum(goal.horizon is Horizon.CURRENT_ROLE for goal in goals)
    return most(measured, len(goals)) and most(current, len(goals))


def control(known: Life) -> Evidence | None:
    """Look at who set the goals; where nobody is known to have set them, at who takes the readings."""
    if all(party.role is Role.BOTH for party in known.state.parties):
        return None
    acts, what = goal_setters(known), "goals set"
    if not acts:
        acts, what = [_hand(known.state, event.actor) for event in known.all(CheckedIn)], "readings taken"
    if not acts:
        return None
    titles = known.kind.titles
    names = {ActorRole.PROVIDER: titles.provider, ActorRole.RECIPIENT: titles.recipient, ActorRole.ADMIN: "program"}
    by = counted(acts, lambda role: f"by the {names.get(role, role.value)}")
    first = leader(acts)
    return Evidence(Facet.CONTROL, f"{what}: {by}", lambda kind: _of_control(kind, first))


def _of_control(kind: RelationshipKind, first: ActorRole | None) -> int:
    """Judge by who directs; the program directs no kind and the manager those in which she is the provider."""
    if first is None or first is ActorRole.ADMIN:
        return SILENT
    if first is ActorRole.MANAGER:
        return FOR if "own-manager" in kind.constraints and kind.control.side is Side.PROVIDER else AGAINST
    return FOR if kind.control.side.value == first.value else AGAINST


def goal_setters(known: Life) -> list[ActorRole]:
    """Return who set or changed goals, once for each time; that a program proposes some says nothing."""
    hands: list[ActorRole] = []
    for number, event in enumerate(known.events):
        if not isinstance(event, Proposed | Amended | CounterProposed):
            continue
        before = folded(known.events[:number]).agreement.goals if number else ()
        offered = number == 0 and event.actor.role in _OFFICE
        if not offered and directed(event.agreement.goals) != directed(before):
            hands.append(_hand(known.state, event.actor))
    return hands


def directed(goals: tuple[Goal, ...]) -> list[Goal]:
    """Return the goals that the side in control sets, without readings."""
    return [
        evolve(goal, key_results=[evolve(result, check_ins=()) for result in goal.key_results])
        for goal in goals
        if goal.form not in BROUGHT_BY_RECIPIENT
    ]


def _hand(state: State, actor: Actor) -> ActorRole:
    """Return in which capacity somebody directs; a manager who takes part does so for her side."""
    if actor.role in _OFFICE:
        return ActorRole.ADMIN
    if actor.role is ActorRole.MANAGER:
        sides = [party.role.sides[0] for party in state.parties if party.person == actor.person]
        return ActorRole(sides[0].value) if sides else ActorRole.MANAGER
    return actor.role


def leader(acts: list[ActorRole]) -> ActorRole | None:
    """Return who acted most often; None where several did as often."""
    ranked = Counter(acts).most_common(2)
    alone = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] > ranked[1][1])
    return ranked[0][0] if alone else None
