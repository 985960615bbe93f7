"""The brief of a program: one page in Markdown that people can read."""

from __future__ import annotations

from collections.abc import Iterable

from devrel._display import counted
from devrel.agreements.document import plain
from devrel.kinds import Side
from devrel.programs.design import Program
from devrel.programs.intake import spec_of

_OPEN = "*not answered yet*"
_QUESTIONS = {
    "purpose": "What is to be accomplished?",
    "process": "How does it go, and how do people learn of it?",
    "participation": "Is taking part voluntary?",
    "matching": "Who matches, and what happens when a match does not work?",
    "return": "How is the return shown?",
    "platforms": "Which tools are used?",
}


def rendered(program: Program) -> str:
    """Return the brief of a program; the same text for the same program."""
    parts = [
        f"# {plain(program.name)}",
        _first(program),
        _section("Six questions", [f"**{ask}** {_answer(program.answers[key])}" for key, ask in _QUESTIONS.items()]),
        _section("Who takes part", _who(program)),
        _section("How people are matched", _matched(program)),
        _section("What is agreed", _agreed(program)),
        _section("The manager, and who sees what", _seen(program)),
        _section("Preparation and support", _supported(program)),
        _section("What is measured", _measured(program)),
        _section("Further", _further(program)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _answer(text: str) -> str:
    return plain(text) if text else _OPEN


def _section(title: str, lines: Iterable[str]) -> str:
    listed = [line for line in lines if line]
    return "\n".join([f"## {title}", "", *(f"- {line}" for line in listed)]) if listed else ""


def _first(program: Program) -> str:
    titles = program.titles
    often = "one session" if program.term.single else str(program.cadence)
    contact = f" Questions go to {plain(program.contact)}." if program.contact else ""
    return (
        f"This is {program.kind.name}: {titles.providers} and {titles.recipients}, {program.term}, {often}, "
        f"{program.minutes} minutes each.{contact}"
    )


def _who(program: Program) -> list[str]:
    lines = []
    for side, intake in ((Side.RECIPIENT, program.recipients), (Side.PROVIDER, program.providers)):
        asked = "; ".join(one.told(spec_of(one.attribute, program.attributes).order) for one in intake.where)
        told = f"{plain(asked)}; " if asked else ""
        partners = program.titles.of(side.other, intake.capacity)
        lines.append(f"{program.titles.of(side, 2).capitalize()}: {told}{intake.capacity} {partners} each.")
    lines += [f"Enrolment is open from {window.opens} to {window.closes}." for window in program.windows]
    if program.capacity.most is not None:
        lines.append(f"Nobody has more than {program.capacity.most} {program.titles.recipients}.")
    if program.capacity.hours_a_month is not None:
        lines.append(f"Nobody is asked for more than {counted(program.capacity.hours_a_month, 'hour')} a month.")
    if program.reach.how.strip() or program.reach.where:
        conditions = "; ".join(one.told() for one in program.reach.where)
        who = f" ({plain(conditions)})" if conditions else ""
        lines.append(f"Remote people{who}: {_answer(program.reach.how.strip())}")
    return lines


def _matched(program: Program) -> list[str]:
    lines = [f"{rule.title(program.titles).capitalize()}." for rule in program.constraints]
    lines += [f"Not asked for here: {plain(name)}." for name in program.lifted]
    if program.school is not None:
        lines.append(f"The school is {program.school}: {program.kind.school(program.school).text}.")
    for criterion in program.criteria:
        weight = getattr(criterion.weight, "value", f"{criterion.points:g}")
        lines.append(f"{plain(criterion.shown_name)}: {weight}.")
    first = {"cover": "as many as possible get somebody", "score": "the pairs are as good as possible"}
    lines.append(f"The first aim is that {first[program.objective.value]} ({plain(program.strategy)}).")
    lines.append(f"A proposal stands for {counted(program.answer_days, 'day')}.")
    return lines


def _agreed(program: Program) -> list[str]:
    agreed = program.agreement()
    exceptions = ", ".join(agreed.confidentiality.exceptions)
    excepted = f" Except {plain(exceptions)}." if exceptions else ""
    lines = [
        f"They meet {agreed.meeting.value}.",
        f"Confidentiality: {plain(agreed.confidentiality.text)}{excepted}",
        f"Either side may end without fault with {counted(agreed.exit_notice_days, 'day')} of notice.",
        f"A session is cancelled at least {counted(agreed.cancellation_hours, 'hour')} before.",
    ]
    for side, hours in ((Side.PROVIDER, agreed.provider_hours), (Side.RECIPIENT, agreed.recipient_hours)):
        if hours is not None:
            partners = program.titles.of(side.other, 2)
            lines.append(
                f"Each {program.titles.of(side)} has {counted(hours, 'hour')} a month for all {partners} together."
            )
    if agreed.reviews:
        lines.append(f"They look back on {', '.join(map(str, agreed.reviews))}.")
    for name in ("ethics", "not_therapy", "scope", "benefit", "problem_solving"):
        if said := getattr(agreed, name):
            lines.append(f"{name.replace('_', ' ').capitalize()}: {plain(said)}")
    for side, commits in ((Side.PROVIDER, agreed.provider_commits), (Side.RECIPIENT, agreed.recipient_commits)):
        lines += [f"The {program.titles.of(side)} commits to: {plain(one)}" for one in commits]
    if agreed.hopes:
        lines.append(f"{program.titles.recipients.capitalize()} hope for {_listed(one.value for one in agreed.hopes)}.")
    if agreed.offers:
        lines.append(f"{program.titles.providers.capitalize()} offer {_listed(one.value for one in agreed.offers)}.")
    if agreed.boundaries:
        lines.append(f"Kept out: {plain(', '.join(agreed.boundaries))}.")
    if agreed.contact is not None:
        days = agreed.contact.answer_within_days
        lines.append(f"Contact in between: {plain(agreed.contact.how)}, answered within {counted(days, 'day')}.")
    lines += [f"Somebody {one.role.value} it and may know: {_items(one.sees)}." for one in agreed.third_parties]
    lines += [plain(one) for one in agreed.extra]
    if program.demands_end:
        lines.append("Every relationship has an end.")
    if program.goals_set_by is not None:
        lines.append(f"Goals are set by {program.goals_set_by.value}.")
    return lines


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _items(items: Iterable[object]) -> str:
    return _listed(str(getattr(item, "value", item)) for item in items) or "nothing"


def _seen(program: Program) -> list[str]:
    agreed, lines = program.agreement(), []
    acts = program.visibility.manager_acts
    if acts is not None:
        lines.append(f"The manager: {_items(acts)}.")
    told = program.kind.manager_sees if agreed.manager.told is None else agreed.manager.told
    lines.append(f"The manager is told: {_items(told)}.")
    lines += [f"The manager {one.value}." for one in sorted(agreed.manager.commits, key=lambda one: one.value)]
    lines.append(f"Figures about fewer than {program.visibility.smallest_group} people are not shown.")
    return lines


def _supported(program: Program) -> list[str]:
    preparation, support = program.preparation, program.support
    lines = []
    for side, hours in ((Side.PROVIDER, preparation.provider_hours), (Side.RECIPIENT, preparation.recipient_hours)):
        if hours:
            lines.append(f"{program.titles.of(side, 2).capitalize()} are prepared for {counted(hours, 'hour')}.")
    if preparation.topics:
        lines.append(f"Topics: {plain(', '.join(preparation.topics))}.")
    if support.forms:
        lines.append(f"{program.titles.providers.capitalize()} get {_items(support.forms)}.")
    if support.every_weeks is not None:
        lines.append(f"The program asks them every {counted(support.every_weeks, 'week')}.")
    return lines


def _measured(program: Program) -> list[str]:
    plan = program.measurement
    lines = [f"{plain(metric.name)} (of {metric.scope.value})." for metric in plan.metrics]
    lines += [f"It claims: {plain(claim)}" for claim in plan.claims]
    if plan.compared_with is not None:
        lines.append(f"Compared with {plan.compared_with.value}.")
    if plan.judged_by is not None:
        lines.append(f"Relationships are judged by {plan.judged_by.value}.")
    if plan.audit_by:
        lines.append(f"Match rates are compared by {plain(', '.join(plan.audit_by))}.")
    if plan.weeks is not None:
        lines.append(f"It is looked at after {counted(plan.weeks, 'week')}.")
    return [*lines, f"{plan.match_rate:.0%} of those who want somebody are to get somebody."]


def _further(program: Program) -> list[str]:
    lines = []
    for area in program.focus_areas:
        told = f": {plain(area.text)}" if area.text else ""
        lines.append(f"Focus area ({area.sort.value}): {plain(area.name)}{told}")
    if program.performance_boundary.strip():
        lines.append(f"Apart from performance management: {plain(program.performance_boundary)}")
    if program.welcomes:
        lines.append(f"Relationships that are {_items(program.welcomes)} are welcome.")
    if program.budget is not None:
        note = f" ({plain(program.budget.note)})" if program.budget.note else ""
        lines.append(f"Budget: {program.budget.amount} {plain(program.budget.currency)}{note}.")
    if program.holidays:
        lines.append(f"Nobody meets on {', '.join(str(day) for day in sorted(program.holidays))}.")
    return lines
