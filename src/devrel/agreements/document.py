"""The agreement as a document that people would sign, in the kind's own titles."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping

from devrel._display import printable
from devrel.agreements.agreement import Acceptance, Agreement
from devrel.agreements.clauses import ManagerCommitment, ThirdParty
from devrel.goals import Goal, KeyResult
from devrel.kinds import PERSONAL, GoalForm, Item, RelationshipKind, Side
from devrel.people import Party

Section = tuple[str, list[str]]


def rendered(
    agreement: Agreement,
    kind: RelationshipKind,
    parties: tuple[Party, ...],
    names: Mapping[str, str],
    acceptances: tuple[Acceptance, ...],
    shown: Collection[Item],
) -> str:
    """Return ``agreement`` as Markdown; ``Agreement.to_markdown`` says what the arguments are."""
    sections = [
        ("Parties", _parties(kind, parties, names)),
        ("Purpose", [plain(agreement.purpose)] if agreement.purpose else []),
        ("Goals", [line for goal in agreement.goals for line in _goal(goal, names)] if Item.GOALS in shown else []),
        ("Time", _time(agreement, kind) if Item.SCHEDULE in shown else []),
        ("Roles", _roles(agreement, kind)),
        ("What is hoped for and offered", _support(agreement, kind)),
        ("Confidentiality and records", _confidentiality(agreement)),
        ("Boundaries", _boundaries(agreement, kind)),
        ("Others", _others(agreement, kind)),
        ("If things change", _changes(agreement)),
        ("Further terms", [f"- {plain(term)}" for term in agreement.extra]),
        ("Signatures", _signatures(agreement, kind, parties, names, acceptances) if Item.PARTNER in shown else []),
    ]
    title = f"# {_capital(kind.name.replace('-', ' '))} agreement, version {agreement.version}"
    return "\n\n".join([title, *(_section(one) for one in sections if one[1])]) + "\n"


def _section(section: Section) -> str:
    title, lines = section
    return f"## {title}\n\n" + "\n".join(lines)


def _parties(kind: RelationshipKind, parties: tuple[Party, ...], names: Mapping[str, str]) -> list[str]:
    return [f"- {_capital(_title(kind, party))}: {_name(party.person, names)}" for party in parties]


def _title(kind: RelationshipKind, party: Party) -> str:
    titles = dict.fromkeys(kind.titles.of(side) for side in party.role.sides)
    return " and ".join(titles)


def _name(person: str, names: Mapping[str, str]) -> str:
    return plain(names.get(person) or person)


def _goal(goal: Goal, names: Mapping[str, str]) -> list[str]:
    about = [_FORMS[goal.form]]
    if goal.horizon is not None:
        about.append(f"about the {goal.horizon.value}")
    if goal.person is not None:
        about.append(f"of {_name(goal.person, names)}")
    if goal.focus_areas:
        about.append(f"for {', '.join(map(plain, goal.focus_areas))}")
    return [f"- {plain(goal.text)} ({', '.join(about)})", *(_result(result) for result in goal.key_results)]


_FORMS = {form: form.value for form in GoalForm}


def _result(result: KeyResult) -> str:
    due = f", by {result.due}" if result.due else ""
    return f"    - {plain(result.name)}: from {result.baseline:g} to {result.target:g} {plain(result.unit)}{due}"


def _time(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    sessions = "One session" if agreement.term.single else f"Sessions {agreement.cadence}"
    lines = [f"- From {agreement.term.start} {_until(agreement)}.", f"- {sessions}, {_length(agreement)}."]
    hours = {Side.PROVIDER: agreement.provider_hours, Side.RECIPIENT: agreement.recipient_hours}
    lines += [
        f"- The {kind.titles.of(side)} devotes {n:g} hours a month." for side, n in hours.items() if n is not None
    ]
    if agreement.contact is not None:
        days = agreement.contact.answer_within_days
        lines.append(f"- Between sessions: {plain(agreement.contact.how)}; answered within {_days(days)}.")
    if agreement.reviews:
        lines.append(f"- Review: {', '.join(map(str, agreement.reviews))}.")
    return lines


def _until(agreement: Agreement) -> str:
    return "with an open end" if agreement.term.end is None else f"to {agreement.term.end}"


def _length(agreement: Agreement) -> str:
    return f"{agreement.minutes} minutes, {agreement.meeting.value}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _roles(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    director = kind.titles.of(kind.control.side)
    mutual = kind.composition.mutual
    lines = [f"- {_capital('both' if mutual else f'the {director}')} {'set' if mutual else 'sets'} goals and agenda."]
    commits = {Side.PROVIDER: agreement.provider_commits, Side.RECIPIENT: agreement.recipient_commits}
    for side, items in commits.items():
        lines += [f"- The {kind.titles.of(side)} commits to: {plain(item)}" for item in items]
    for text, title in ((agreement.scope, "Scope"), (agreement.ethics, "Ethics"), (agreement.benefit, _gain(kind))):
        if text:
            lines.append(f"- {title}: {plain(text)}")
    return lines


def _gain(kind: RelationshipKind) -> str:
    return f"What the {kind.titles.provider} gains"


def _support(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    told = (
        (agreement.hopes, f"The {kind.titles.recipient} hopes for"),
        (agreement.offers, f"The {kind.titles.provider} is willing to give"),
    )
    return [f"- {words}: {', '.join(sorted(one.value for one in items))}." for items, words in told if items]


def _confidentiality(agreement: Agreement) -> list[str]:
    rule = agreement.confidentiality
    records = agreement.records
    lines = [f"- {plain(rule.text)}"]
    if rule.exceptions:
        lines.append(f"- Excepted: {'; '.join(map(plain, rule.exceptions))}.")
    lines.append(f"- {plain(records.text)}")
    if records.keep_months is not None:
        lines.append(f"- Notes are erased {records.keep_months} months after the end.")
    return lines


def _boundaries(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    lines = [f"- {plain(agreement.not_therapy)}"] if agreement.not_therapy else []
    lines += [f"- Kept out of sessions: {plain(item)}" for item in agreement.boundaries]
    return lines + [f"- A conflict of interest that everybody knows of: {plain(one)}" for one in agreement.conflicts]


def _others(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    told = agreement.manager.told if agreement.manager.told is not None else kind.manager_sees
    if not told and not agreement.manager.commits:
        return [_third_party(one) for one in agreement.third_parties]
    known = ", ".join(sorted(item.value for item in told - PERSONAL)) or "nothing"
    manager = f"the {kind.titles.recipient}'s manager"
    lines = [f"- {_capital(manager)} may know: {known}."]
    commits = [one.value for one in ManagerCommitment if one in agreement.manager.commits]
    lines += [f"- {_capital(manager)} {commit.replace('recipient', kind.titles.recipient)}." for commit in commits]
    return lines + [_third_party(one) for one in agreement.third_parties]


def _third_party(one: ThirdParty) -> str:
    known = ", ".join(sorted(item.value for item in one.sees - PERSONAL)) or "nothing"
    unstated = "; nothing else is stated" if one.may_know is None else ""
    return f"- {plain(one.id)} {one.role.value}, and may know: {known}{unstated}."


def _changes(agreement: Agreement) -> list[str]:
    lines = [f"- {plain(agreement.problem_solving)}"] if agreement.problem_solving else []
    if agreement.cancellation_hours:
        lines.append(f"- A session is cancelled at least {agreement.cancellation_hours} hours before it begins.")
    notice = f"with {_days(agreement.exit_notice_days)} of notice" if agreement.exit_notice_days else "at any time"
    return [*lines, f"- Either side may end this without fault, {notice}."]


def _signatures(
    agreement: Agreement,
    kind: RelationshipKind,
    parties: tuple[Party, ...],
    names: Mapping[str, str],
    acceptances: tuple[Acceptance, ...],
) -> list[str]:
    given = {one.party: one.at for one in acceptances if one.version == agreement.version}
    if not parties:
        return [f"- {_capital(kind.titles.of(side))}: ______________________" for side in Side]
    return [f"- {_name(one.person, names)}: {_signed(one, given)}" for one in parties]


def _signed(party: Party, given: Mapping[str, object]) -> str:
    at = given.get(party.person)
    return f"accepted {at:%Y-%m-%d %H:%M %Z}" if at else "______________________"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def plain(text: str) -> str:
    """Return somebody's words in one line, with what Markdown and HTML would read as markup taken literally."""
    line = html.escape(" ".join(printable(text).split()), quote=False)
    line = re.sub(r"([\\`*_{}\[\]#|~])", r"\\\1", line)
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", line)  # what would begin a list or underline a heading
