"""Finds out why somebody is left with something open, and says it in the kind's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from devrel._records import article
from devrel.kinds import Side, Titles
from devrel.matching.certificate import Certificate
from devrel.matching.constraints import quoted
from devrel.matching.pool import PEERS
from devrel.matching.problem import MatchingProblem
from devrel.matching.reasons import Cause, Reason, Unmatched
from devrel.matching.shortage import Shortage, missing_points, shortages
from devrel.matching.stability import NoBlockingPair, kept_apart
from devrel.matching.table import Removals


def unmatched(
    problem: MatchingProblem,
    pairs: Sequence[tuple[str, str]],
    certificate: Certificate | None = None,
    groups: Sequence[tuple[str, ...]] = (),
) -> dict[str, Unmatched]:
    """Return everybody with something open, by id: recipients with unmet demand, providers without a pair."""
    if problem.pool:
        return _unmatched_peers(problem, [*pairs, *(pair for members in groups for pair in combinations(members, 2))])
    mine = np.array([problem.row[recipient] for recipient, _ in pairs], dtype=np.intp)
    theirs = np.array([problem.column[provider] for _, provider in pairs], dtype=np.intp)
    apart, ranked = kept_apart(problem, certificate), isinstance(certificate, NoBlockingPair) and not problem.locked
    able = problem.eligible
    recipients = _View(Side.RECIPIENT, problem.recipients, problem.providers, able, apart, ranked, mine, theirs)
    providers = _View(Side.PROVIDER, problem.providers, problem.recipients, able.T, apart.T, ranked, theirs, mine)
    demand, capacity = np.array(problem.demand, dtype=np.int64), np.array(problem.capacity, dtype=np.int64)
    rows = np.flatnonzero(recipients.loads < demand).tolist()
    columns = np.flatnonzero((providers.loads == 0) & (capacity > 0)).tolist()
    removed = problem.table.removals(rows, columns)
    alone = [i for i in rows if not recipients.loads[i]]
    short = {} if isinstance(certificate, NoBlockingPair) else shortages(problem, mine, theirs)
    missing = {} if problem.private else missing_points(problem, pairs, certificate, alone)
    found: dict[str, list[Reason]] = {}
    for view, open_, takes, others_take, by_rule in (
        (recipients, rows, demand, capacity, removed[0]),
        (providers, columns, capacity, demand, removed[1]),
    ):
        for i, rules in zip(open_, by_rule, strict=True):
            facts = _facts(view, i, takes, others_take, rules, problem.private)
            if view.side is Side.RECIPIENT:
                facts = evolve(facts, shortage=short.get(i), missing=missing.get(i), unit=problem.unit)
            found.setdefault(view.people[i], []).append(_reason(facts, problem.titles))
    return {person: Unmatched(person, tuple(reasons)) for person, reasons in sorted(found.items())}


def left_open(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> set[str]:
    """Return the ids of those with something open: unmet demand, no recipient at all, a free place in a pool."""
    if problem.pool:
        loads = Counter(person for pair in pairs for person in pair)
        return {one for one, most in zip(problem.recipients, problem.capacity, strict=True) if loads[one] < most}
    served, given = Counter(recipient for recipient, _ in pairs), {provider for _, provider in pairs}
    wanting = {one for one, most in zip(problem.recipients, problem.demand, strict=True) if served[one] < most}
    idle = {one for one, most in zip(problem.providers, problem.capacity, strict=True) if most and one not in given}
    return wanting | idle


def _unmatched_peers(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> dict[str, Unmatched]:
    """Return everybody of a pool who could have more partners; two people of one circle are a pair here."""
    both = [*pairs, *((other, one) for one, other in pairs)]
    mine = np.array([problem.row[one] for one, _ in both], dtype=np.intp)
    theirs = np.array([problem.row[other] for _, other in both], dtype=np.intp)
    people, able, takes = problem.recipients, problem.eligible, np.array(problem.capacity, dtype=np.int64)
    view = _View(Side.RECIPIENT, people, people, able, np.zeros_like(able), False, mine, theirs)
    open_ = np.flatnonzero(view.loads < takes).tolist()
    removed, _ = problem.table.removals(open_, [])
    found = {
        people[i]: _reason(_facts(view, i, takes, takes, rules, problem.private), PEERS)
        for i, rules in zip(open_, removed, strict=True)
    }
    return {person: Unmatched(person, (reason,)) for person, reason in found.items()}


@frozen(eq=False)
class _View:
    """The problem and the answer as one side sees them: she down the rows, the others across.

    ``apart`` are the pairs that only preferences keep apart, and ``ranked`` tells whether those who have a place are
    ranked at least as high as whoever wanted it. ``mine`` and ``theirs`` are the positions of the matched pairs.
    """

    side: Side
    people: tuple[str, ...]
    others: tuple[str, ...]
    eligible: NDArray[np.bool_]
    apart: NDArray[np.bool_]
    ranked: bool
    mine: NDArray[np.intp]
    theirs: NDArray[np.intp]
    loads: NDArray[np.intp] = field(init=False)
    others_loads: NDArray[np.intp] = field(init=False)

    @loads.default
    def _loads(self) -> NDArray[np.intp]:
        return np.bincount(self.mine, minlength=len(self.people))

    @others_loads.default
    def _others_loads(self) -> NDArray[np.intp]:
        return np.bincount(self.theirs, minlength=len(self.others))


@frozen
class _Facts:
    """What is known of one person with something open."""

    side: Side
    wanted: int
    got: int
    candidates: int
    eligible: int
    rest: int
    free: int
    apart: int
    unlisted: int
    rivals: int
    ranked: bool
    removed: Mapping[str, int]
    nearest: tuple[str, ...]
    private: bool
    shortage: Shortage | None = None
    missing: int | None = None
    unit: int = 1


def _facts(
    view: _View, i: int, takes: NDArray[np.int64], others_take: NDArray[np.int64], rules: Removals, private: bool
) -> _Facts:
    places = others_take > 0
    idle = view.others_loads < others_take
    eligible = view.eligible[i] & places
    partner = np.zeros_like(places)
    partner[view.theirs[view.mine == i]] = True
    apart = view.apart[i] & places & ~partner
    other = eligible & ~partner & ~apart
    rivals = np.unique(view.mine[other[view.theirs]])
    candidates = int(places.sum()) - int(view.people[i] in view.others)
    removed = dict(sorted(rules.removed.items(), key=lambda item: (-item[1], item[0])))
    return _Facts(
        view.side,
        int(takes[i]),
        int(view.loads[i]),
        candidates,
        eligible=int(eligible.sum()),
        rest=int(other.sum()),
        free=int((other & idle).sum()),
        apart=int(apart.sum()),
        unlisted=int((apart & idle).sum()),
        rivals=len(rivals),
        ranked=view.ranked,
        removed=removed,
        nearest=rules.nearest,
        private=private,
    )


def _reason(facts: _Facts, titles: Titles) -> Reason:
    if facts.candidates <= facts.got:
        cause = Cause.NOBODY_THERE
    elif facts.unlisted or (facts.apart and not facts.rest):
        cause = Cause.PREFERENCE
    elif not facts.rest:
        cause = Cause.NO_CANDIDATE
    elif facts.free:
        cause = Cause.NOT_USED
    elif facts.shortage is not None:
        cause = Cause.TOO_FEW_PLACES
    else:
        cause = Cause.OUTBID
    return Reason(
        facts.side,
        cause,
        facts.wanted,
        facts.got,
        facts.candidates,
        facts.eligible,
        facts.rivals,
        facts.removed,
        _text(facts, cause, titles),
        facts.nearest if cause is Cause.NO_CANDIDATE else (),
        facts.shortage,
        facts.missing,
        facts.unlisted,
    )


def _text(facts: _Facts, cause: Cause, titles: Titles) -> str:
    found = f", {facts.got} of {facts.wanted} found" if facts.got else ""
    mine = titles.of(facts.side)
    begin = f"As {article(mine)} {mine}{found}:"
    others = titles.of(facts.side.other, 2)
    if cause is Cause.NOBODY_THERE:
        return f"{begin} there are no {'other ' if facts.got else ''}{others}."
    if cause is Cause.NO_CANDIDATE:
        return f"{begin} {_shut_out(facts, titles)}"
    if cause is Cause.PREFERENCE:
        return f"{begin} {_not_listed(facts, titles)}{f'; {_taken(facts, titles)}' if facts.rest else ''}."
    if cause is Cause.NOT_USED:
        return f"{begin} of the {facts.eligible} eligible {others}, {facts.free} with a free place were not used."
    return f"{begin} {_taken(facts, titles)}.{_shortage(facts, titles)}{_price(facts)}"


def _taken(facts: _Facts, titles: Titles) -> str:
    title = titles.of(facts.side.other, facts.rest)
    whom = f"{'the only' if facts.rest == 1 else f'all {facts.rest}'} {'other ' if facts.got else ''}eligible {title}"
    rivals = f"{facts.rivals} other {titles.of(facts.side, facts.rivals)}{_AS_HIGH if facts.ranked else ''}"
    return f"{whom} (of {facts.candidates}) {'was' if facts.rest == 1 else 'were'} matched with {rivals}"


_AS_HIGH = ", ranked at least as high"


def _not_listed(facts: _Facts, titles: Titles) -> str:
    """Say that preferences stood in the way, with numbers alone: who listed whom is nobody else's business."""
    mine = titles.of(facts.side)
    if facts.unlisted:
        free = f"{facts.unlisted} {titles.of(facts.side.other, facts.unlisted)} with a free place"
        return f"{free} (of {facts.candidates}) and this {mine} did not both list each other"
    if facts.candidates == 1:
        return f"the only {titles.of(facts.side.other)} and this {mine} did not both list each other"
    return f"none of the {facts.candidates} {titles.of(facts.side.other, 2)} and this {mine} both listed each other"


def _shortage(facts: _Facts, titles: Titles) -> str:
    short = facts.shortage
    if short is None:
        return ""
    people, places = len(short.recipients), f"{short.places} {'place' if short.places == 1 else 'places'}"
    return f" These {people} {titles.of(facts.side, people)} can only reach {places}."


def _price(facts: _Facts) -> str:
    """Say what would have been enough; nothing where a part of the score is private."""
    if facts.missing is None or facts.private:
        return ""
    if not facts.missing:
        return " Who of them was left was decided by lot."
    return f" A score higher by {facts.missing / facts.unit:.3g} would have been enough."


def _shut_out(facts: _Facts, titles: Titles) -> str:
    title = titles.of(facts.side.other)
    if facts.got:
        whom = f"no other {title} of {facts.candidates} is eligible"
    elif facts.candidates == 1:
        whom = f"the only {title} is not eligible"
    else:
        whom = f"none of the {facts.candidates} {titles.of(facts.side.other, 2)} is eligible"
    if not facts.removed:
        return f"{whom}."
    if facts.candidates == 1:
        return f"{whom}: {', '.join(map(quoted, facts.removed))}."
    counted = ", ".join(
        f"{count} {'fails' if count == 1 else 'fail'} {quoted(rule)}" for rule, count in facts.removed.items()
    )
    several = " One may fail several." if len(facts.removed) > 1 else ""
    return f"{whom}: {counted}.{several}{_nearest(facts, title)}"


def _nearest(facts: _Facts, title: str) -> str:
    """Say which fewest rules stand between her and somebody."""
    if not facts.nearest or facts.nearest == tuple(facts.removed):
        return ""
    rules = " and ".join(map(quoted, facts.nearest))
    return f" Without {rules} there would be {article(title)} {title}."
