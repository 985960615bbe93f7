"""Rules about goals: what each kind needs, how they are measured, and who sets them."""

from __future__ import annotations

from devrel.agreements import BROUGHT_BY_RECIPIENT
from devrel.errors import did_you_mean
from devrel.kinds import GoalForm, Horizon, RelationshipKind, Side
from devrel.lifecycle import ActorRole
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.rules._kinds import coaching, mentoring
from devrel.validation.validator import Flaws, Validator, rule


def _needs(form: GoalForm, kind: RelationshipKind) -> bool:
    return kind.focus.needs is form


@rule(
    "G001",
    "a goal serves a focus area that the program does not have",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="Mentoring is linked to the competencies an organisation holds important by the focus areas of its "
    "program. A goal that names another one is linked to nothing.",
    remedy="Name a focus area of the program.",
    needs=("program",),
)
def known_area(case: Case) -> Flaws:
    """Find focus areas that are none; a program without any leaves them to the parties."""
    program, agreed = case.program, case.agreement
    if program is None or agreed is None or not program.focus_areas or not agreed.goals:
        return None
    known = [area.name for area in program.focus_areas]
    found = []
    for number, goal in enumerate(agreed.goals, 1):
        for area in goal.focus_areas:
            if area not in known and (remedy := did_you_mean(area, known, ordered=True)):
                told = "the goal names a focus area that the program does not have"
                found.append(Flaw(f"goals[{number}].focus_areas", told, remedy))
    return found or None


@rule(
    "G002",
    "coaching without a specific goal",
    severity=Severity.ERROR,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="With specific goals in mind, a coach helps to outline what is to be done. Without one, there is nothing "
    "to ask clarifying questions about.",
    remedy="Have the coachee set a specific goal, with key results where it can be measured.",
    drafts=False,
    applies=lambda kind: coaching(kind) and _needs(GoalForm.SPECIFIC, kind),
)
def specific(case: Case) -> Flaws:
    """Find coaching in which no goal is specific."""
    return _missing(case, GoalForm.SPECIFIC)


@rule(
    "G003",
    "advising without a question",
    severity=Severity.ERROR,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="An advisee seeks specific guidance. Without a question the advisor's knowledge has no aim.",
    remedy="Have the advisee put her question into the agreement.",
    drafts=False,
    applies=lambda kind: _needs(GoalForm.QUESTION, kind),
)
def question(case: Case) -> Flaws:
    """Find advising in which there is no question."""
    return _missing(case, GoalForm.QUESTION)


@rule(
    "G009",
    "sponsoring without an opportunity that is sought",
    severity=Severity.ERROR,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="A sponsor advocates for opportunities. Without one that is sought, nobody knows what to speak up for.",
    remedy="Have the beneficiary put the opportunities she seeks into the agreement.",
    drafts=False,
    applies=lambda kind: _needs(GoalForm.OPPORTUNITY, kind),
)
def opportunity(case: Case) -> Flaws:
    """Find sponsoring in which no opportunity is sought."""
    return _missing(case, GoalForm.OPPORTUNITY)


def _missing(case: Case, form: GoalForm) -> Flaws:
    agreed, kind = case.agreement, case.kind
    if agreed is None or kind is None:
        return None
    for goal in agreed.goals:
        if goal.form is form:
            return None
    owner = kind.titles.of(Side.RECIPIENT if form in BROUGHT_BY_RECIPIENT else kind.control.side)
    return Flaw("goals", f"{kind.name} needs a goal of the form {form.value!r}; the {owner} sets it")


@rule(
    "G004",
    "a specific goal is not fully measured",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="Objectives and key results say from where to where something is to change, and by when. A key result "
    "always has a baseline and a target here; one without a day is never late.",
    remedy="Give every key result a due date, and a specific goal a key result.",
    drafts=False,
)
def measured(case: Case) -> Flaws:
    """Find key results without a due date, and specific goals without a key result."""
    agreed = case.agreement
    if agreed is None:
        return None
    found = []
    for number, goal in enumerate(agreed.goals, 1):
        if goal.form is not GoalForm.SPECIFIC:
            continue
        if not goal.key_results:
            found.append(Flaw(f"goals[{number}].key_results", "the specific goal has no baseline, target and due date"))
        for place, result in enumerate(goal.key_results, 1):
            if result.due is None:
                where = f"goals[{number}].key_results[{place}].due"
                found.append(Flaw(where, "the key result has no due date"))
    return found or None


@rule(
    "G005",
    "a goal reaches past the end of the term",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="smart-meetings",
    rationale="A goal that is due after the last session is nobody's any more. Expectations have to be realistic.",
    remedy="Move the date into the term, or extend the term.",
)
def within_term(case: Case) -> Flaws:
    """Find key results that are due after the last day."""
    agreed = case.agreement
    if agreed is None or not agreed.goals or agreed.term.end is None:
        return None
    end = agreed.term.end
    found = []
    for number, goal in enumerate(agreed.goals, 1):
        for place, result in enumerate(goal.key_results, 1):
            if result.due is not None and result.due > end:
                where = f"goals[{number}].key_results[{place}].due"
                found.append(Flaw(where, f"it is due on {result.due}, and the term ends on {end}"))
    return found or None


@rule(
    "G006",
    "coaching disguised as mentoring",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="A relationship whose goals are all measured and all about the present job is about results, not about "
    "development. There is nothing wrong with that; it is coaching, and should be called so.",
    remedy="Call it coaching, or open the goals to what lies beyond the present job.",
    drafts=False,
    applies=mentoring,
)
def disguised(case: Case) -> Flaws:
    """Find mentoring whose goals all have key results and all are about the current role."""
    agreed = case.agreement
    if agreed is None or not agreed.goals:
        return None
    for goal in agreed.goals:
        if not goal.key_results or goal.horizon is not Horizon.CURRENT_ROLE:
            return None
    count = len(agreed.goals)
    told = "the only goal is" if count == 1 else f"all {count} goals are"
    return Flaw("goals", f"{told} measured and about the present job: this is coaching disguised as mentoring")


_ROLE = {Side.PROVIDER: ActorRole.PROVIDER, Side.RECIPIENT: ActorRole.RECIPIENT}
_OTHERS = {ActorRole.ADMIN: "the program", ActorRole.SYSTEM: "the program", ActorRole.MANAGER: "the manager"}


@rule(
    "G007",
    "goals were set by the wrong side",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="utah-ucan",
    rationale="Control is a facet of the kind: a coachee directs her coaching, a mentor the mentoring. Goals that the "
    "other side, a manager or the program sets turn it into something else.",
    remedy="Have the side that directs put the goals forward as an amendment; or choose a kind the other side directs.",
)
def owned(case: Case) -> Flaws:
    """Find goals that somebody put into the agreement who does not direct; what was the latest counts."""
    one, kind = case.relationship, case.kind
    if one is None or kind is None or not one.state.agreement.goals:
        return None
    actor = case.facts.goals_by
    if actor is None or kind.composition.mutual or actor.role is _ROLE[kind.control.side] or _brought(case):
        return None
    if actor.person is not None and actor.person in one.state.people(kind.control.side):
        return None
    by = _OTHERS.get(actor.role) or f"the {kind.titles.of(kind.control.side.other)}"
    return Flaw("goals", f"{kind.name} is {kind.control.text}, and {by} set the goals")


def _brought(case: Case) -> bool:
    """Whether all goals are of forms that the recipient brings whoever directs."""
    agreed = case.agreement
    return agreed is not None and all(goal.form in BROUGHT_BY_RECIPIENT for goal in agreed.goals)


@rule(
    "G008",
    "no goal serves a focus area of the program",
    severity=Severity.ADVICE,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="Focus areas link what people work on to what the organisation holds important. Goals that name none "
    "leave the program without a way to show it.",
    remedy="Name the focus areas a goal serves, where it serves one.",
    needs=("program",),
    drafts=False,
)
def linked(case: Case) -> Flaws:
    """Find agreements with goals of which none serves a focus area, in a program that has some."""
    program, agreed = case.program, case.agreement
    if program is None or agreed is None or not program.focus_areas or not agreed.goals:
        return None
    for goal in agreed.goals:
        if goal.focus_areas:
            return None
    return Flaw("goals", "no goal serves a focus area of the program")


RULES: tuple[Validator, ...] = (
    known_area,
    specific,
    question,
    measured,
    within_term,
    disguised,
    owned,
    linked,
    opportunity,
)
