"""Rules about the result of a matching: how many got somebody, whether groups fare alike, who carries how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from statistics import median

import numpy as np
from attrs import evolve

from devrel.errors import DevrelError
from devrel.kinds import Side
from devrel.matching.criteria import Criterion, scores_in
from devrel.matching.problem import MatchingProblem
from devrel.matching.rates import FEWEST, Rate, compared, rate_of
from devrel.matching.result import Matching
from devrel.matching.sensitivity import in_every_best_answer
from devrel.matching.table import RuleTable
from devrel.people import Organization, Value
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.validator import Flaws, Validator, rule

_FEWEST_PAIRS = 10
_MOST_PAIRS = 250_000
_FAR_MORE = 3


def _wanting(case: Case) -> list[str]:
    """Return the ids of everybody who wanted a partner as a recipient, matched or not."""
    matching = case.matching
    if matching is None:
        return []
    left = [one.person for one in matching.unmatched.values() if any(r.side is Side.RECIPIENT for r in one.reasons)]
    return sorted({*left, *(pair.recipient for pair in matching.pairs)})


@rule(
    "M001",
    "fewer were matched than aimed at",
    severity=Severity.WARNING,
    subject=Subject.MATCHING,
    source="ml-dash",
    rationale="A program says which share of those who want a partner is to get one; 70 in 100 is what a platform aims "
    "at. Below it, look at what shuts people out before the proposals go out.",
    remedy="See why people were left over; lift or loosen the constraint that costs most, or win more who give.",
)
def rate(case: Case) -> Flaws:
    """Compare the share of those who got somebody with the program's aim."""
    if case.matching is None:
        return None
    wanting = _wanting(case)
    served = {pair.recipient for pair in case.matching.pairs}
    target = 0.7 if case.program is None else case.program.measurement.match_rate
    if not wanting or len(served) >= Fraction(str(target)) * len(wanting):  # as it is written: 0.55 is 55 of 100
        return None
    share = len(served) / len(wanting)
    told = (
        f"{len(served)} of {len(wanting)} {case.titles.recipients} got somebody ({share:.0%}); {target:.0%} is aimed at"
    )
    return Flaw("pairs", told)


@rule(
    "M002",
    "a group is matched far less often than another",
    severity=Severity.WARNING,
    subject=Subject.MATCHING,
    source="ll144",
    rationale="The impact ratio is a group's rate divided by the best rate. Below four fifths it is taken as "
    "a sign to look closer. Groups below five people, or below two in a hundred, are left out. The interval says how "
    "far chance alone may go; it is of 95 in 100, made from the Wilson intervals of both rates (MOVER-R).",
    remedy="See which constraint or criterion weighs on the group, and whether it has to.",
    needs=("people", "program"),
)
def impact(case: Case) -> Flaws:
    """Compare match rates by the attributes that the program audits by."""
    program, people = case.program, case.people
    if program is None or people is None or not program.measurement.audit_by:
        return None
    served = set() if case.matching is None else {pair.recipient for pair in case.matching.pairs}
    wanting = [person for person in _wanting(case) if person in people]
    found: list[Flaw] = []
    for attribute in program.measurement.audit_by:
        if wanting and all(people[person].get(attribute, sensitive=True) is None for person in wanting):
            told = f"nothing is known of {attribute!r} of any {case.titles.recipient}, so no groups can be compared"
            found.append(Flaw(f"audit_by.{attribute}", told, "Check the name, or drop it from audit_by."))
        found += _low(attribute, _rates(attribute, wanting, served, people), len(wanting), case)
    return found or None


def _rates(attribute: str, wanting: Iterable[str], served: set[str], people: Organization) -> dict[str, Rate]:
    """Return the match rate of every group of at least five people, by its value; a list puts her into several."""
    sizes: Counter[str] = Counter()
    lucky: Counter[str] = Counter()
    for person in wanting:
        for value in _values(people[person].get(attribute, sensitive=True)):
            sizes[value] += 1
            lucky[value] += person in served
    return {value: rate_of(lucky[value], size) for value, size in sorted(sizes.items()) if size >= FEWEST}


def _values(value: Value | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(dict.fromkeys(value)) if isinstance(value, tuple) else (str(value),)


def _low(attribute: str, groups: Mapping[str, Rate], total: int, case: Case) -> list[Flaw]:
    rates = compared([*groups.values()], [True] * len(groups), total)
    best = next((rate for rate in rates if rate and rate.best), None)
    found = []
    for value, rate in zip(groups, rates, strict=True):
        if best and rate and rate.below and rate.ratio_interval:
            who = f"{case.titles.recipients} with {attribute} {value!r}"
            told = f"{rate.value:.0%} of {rate.whole} matched, at best {best.value:.0%} of {best.whole}"
            low, high = rate.ratio_interval
            ratio = f"impact ratio {rate.ratio:.2f}, 95 % interval {low:.2f} to {high:.2f}"
            found.append(Flaw(f"audit_by.{attribute}", f"{who}: {told}; {ratio}"))
    return found


@rule(
    "M003",
    "one person carries far more than the others",
    severity=Severity.WARNING,
    subject=Subject.MATCHING,
    source="un",
    rationale="Caseloads of two or three are usual. One who has more than that, and at least three times the median of "
    "the others who were matched, will have the least time for each, and takes most with her when she leaves.",
    remedy="Limit what one may be given: [capacity] most, or win more who give.",
)
def carried(case: Case) -> Flaws:
    """Find providers with at least three times the median of the others who were matched, and more than three."""
    if case.matching is None or not case.matching.pairs:
        return None
    loads = Counter(pair.provider for pair in case.matching.pairs)
    heavy = sorted(who for who, load in loads.items() if load > _FAR_MORE)
    told = ((who, loads[who], _median_but(loads, who)) for who in heavy if len(loads) > 1)
    return [
        Flaw("pairs", f"{who} has {load} {case.titles.recipients}; the median of the others is {usual:g}")
        for who, load, usual in told
        if load >= _FAR_MORE * usual
    ] or None


def _median_but(loads: Mapping[str, int], who: str) -> float:
    """Return the median of all loads but one."""
    return median(load for other, load in loads.items() if other != who)


@rule(
    "M004",
    "a weight changes nothing",
    severity=Severity.ADVICE,
    subject=Subject.MATCHING,
    source="devrel",
    rationale="A criterion that gives every pair the same prefers nobody. It makes every score look better or worse "
    f"and everybody believe that it counted. Fewer than {_FEWEST_PAIRS} eligible pairs may be alike by chance, and are "
    f"not judged. Of a problem of at most {_MOST_PAIRS:,} pairs, each criterion is also set aside and the people are "
    "matched again: where that gives the very same pairs, and no others are as good, its weight decides nothing.",
    remedy="Check the attribute it looks at: it may be empty, or the same for all. Else drop the criterion.",
    needs=("problem",),
)
def weights(case: Case) -> Flaws:
    """Find criteria that give all eligible pairs the same, or without which the pairs are the same.

    Sensitive ones are not told of.
    """
    problem = case.around.problem
    if problem is None or not isinstance(problem.table, RuleTable):
        return None
    table = problem.table
    if np.count_nonzero(problem.eligible) < _FEWEST_PAIRS:
        return None
    shown = [criterion for criterion, _ in table.scored if not criterion.sensitive]
    constant = [criterion for criterion in shown if _constant(problem, table, criterion)]
    idle = [] if case.matching is None else _idle(case.matching, [one for one in shown if one not in constant])
    return [
        *(Flaw("criteria", f"the criterion {one.shown_name!r} gives every eligible pair the same") for one in constant),
        *(
            Flaw("criteria", f"without the criterion {one.shown_name!r} the very same people are matched", _DROP)
            for one in idle
        ),
    ] or None


_DROP = "Give it more weight if it is to decide anything, or drop it; where there are several, one at a time."


def _idle(matching: Matching, criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    """Yield criteria that can be set aside without another pair; where equal answers are drawn by lot, nobody knows."""
    problem, strategy = matching.problem, matching.strategy
    if problem is None or strategy is None or not isinstance(problem.table, RuleTable):
        return
    if problem.shape[0] * problem.shape[1] > _MOST_PAIRS:
        return
    for one in criteria:
        table = evolve(problem.table, criteria=tuple(other for other in problem.table.criteria if other != one))
        try:
            again = strategy.match(problem.with_changes(table=table))
        except DevrelError:  # the strategy needs what was set aside
            continue
        if again.together == matching.together == in_every_best_answer(again):
            yield one


def _constant(problem: MatchingProblem, table: RuleTable, criterion: Criterion) -> bool:
    first: float | None = None
    for row in range(len(problem.recipients)):
        eligible = problem.eligible[row]
        if not eligible.any():
            continue
        scores = np.asarray(scores_in(criterion, table.public.take([row])))[0][eligible]
        low, high = float(scores.min()), float(scores.max())
        first = low if first is None else first
        if low != high or low != first:
            return False
    return first is not None


RULES: tuple[Validator, ...] = (rate, impact, carried, weights)
