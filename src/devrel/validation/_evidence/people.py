"""Confidentiality, composition and pairing: what the manager sees, how many people stand where, and who they are."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

from devrel.agreements import ManagerCommitment
from devrel.kinds import PERSONAL, Item, RelationshipKind, Side, ViewerRole
from devrel.lifecycle import FocusSuggested
from devrel.matching.rules import Candidate
from devrel.people import Role
from devrel.validation._evidence.life import AGAINST, FOR, REPORTS, Evidence, Facet, Life

if TYPE_CHECKING:  # it loads numpy, and only a look at who is who needs it
    from devrel.matching.constraints import Constraint

_HANDS_OFF = (ManagerCommitment.SUGGEST_TO_RECIPIENT_ONLY, ManagerCommitment.STAND_BACK)


def seen_by_manager(known: Life) -> frozenset[Item]:
    """Return what the recipient's manager sees: what the agreement says, else the kind, and what all allowed her."""
    state = known.state
    told = state.agreement.manager.told
    shown = known.kind.manager_sees if told is None else told
    allowed = {
        item
        for item in Item
        if all((party.person, item, ViewerRole.MANAGER) in state.consents for party in state.parties)
    }
    return (shown | allowed) - PERSONAL


def confidentiality(known: Life) -> Evidence:
    """Look at what the manager sees and leaves alone; no kind says what third parties know, so they are only named."""
    part, told = known.state.agreement.manager, seen_by_manager(known)
    kept_out = part.told is not None and not told
    aside = kept_out or part.commits.issuperset(_HANDS_OFF)
    listed = ", ".join(item.value for item in Item if item in told)
    facts = [f"the manager sees: {listed or 'nothing'}", "she stands back" if aside else "she does not stand back"]
    if suggestions := len(known.all(FocusSuggested)):
        facts.append(f"she suggested a focus: {suggestions}")
    if outside := known.state.agreement.third_parties:
        informed = sum(bool(one.sees & REPORTS) for one in outside)
        facts.append(f"third parties: {len(outside)}, told of progress: {informed}")
    return Evidence(Facet.CONFIDENTIALITY, "; ".join(facts), lambda kind: _of_telling(kind, told, aside))


def _of_telling(kind: RelationshipKind, told: frozenset[Item], aside: bool) -> int:
    """Judge by whether the manager gets reports, and whether the kind gives her any."""
    involved = not aside or bool(told & REPORTS)
    too_much = told - kind.manager_sees - {Item.EXISTENCE}
    return FOR if not too_much and involved is bool(kind.manager_sees & REPORTS) else AGAINST


def composition(known: Life) -> Evidence:
    """Look at how many people stand on each side now."""
    roles = Counter(party.role for party in known.state.parties)
    titles, both = known.kind.titles, roles[Role.BOTH]
    givers, takers = roles[Role.PROVIDER], roles[Role.RECIPIENT]
    sides = ((givers, titles.of(Side.PROVIDER, givers)), (takers, titles.of(Side.RECIPIENT, takers)))
    text = ", ".join(f"{count} {who}" for count, who in (*sides, (both, "on both sides")) if count)

    def judge(kind: RelationshipKind) -> int:
        problem = kind.composition.problem(givers + both, takers + both, both, kind.titles)
        return FOR if problem is None else AGAINST

    return Evidence(Facet.COMPOSITION, text, judge)


def pairing(known: Life) -> Evidence | None:
    """Look at who is who, where the directory knows them; what it does not know is held against no kind."""
    people, state = known.people, known.state
    if people is None:
        return None
    sides = [[one for one in state.people(side) if one in people] for side in (Side.RECIPIENT, Side.PROVIDER)]
    pairs = [Candidate(people[r].public, people[p].public, people) for r, p in product(*sides) if r != p]
    if not pairs:
        return None
    managed = sum(one.recipient.manager == one.provider.id for one in pairs)
    lines = sum(people.in_line(one.recipient.id, one.provider.id) for one in pairs)
    text = f"pairs: {len(pairs)}; with the own manager: {managed}; in one reporting line: {lines}"
    return Evidence(Facet.PAIRING, text, lambda kind: AGAINST if _forbidden(kind, pairs) else FOR)


def _forbidden(kind: RelationshipKind, pairs: list[Candidate]) -> bool:
    """Whether a kind names a constraint that forbids one of the pairs; one that is not the library's is left out."""
    from devrel.matching.constraints import named_constraints  # loads numpy

    known = named_constraints()
    rules = [known[name] for name in kind.constraints if name in known]
    return any(_judgeable(rule, pair) and rule.forbids(pair) for rule in rules for pair in pairs)


def _judgeable(rule: Constraint, pair: Candidate) -> bool:
    """Whether the directory knows what a constraint looks at."""
    if rule.name == "own-manager":
        return pair.recipient.manager is not None
    attribute = "level" if "level" in rule.name else getattr(rule, "attribute", None)
    return attribute is None or all(one.get(attribute) is not None for one in (pair.recipient, pair.provider))
