"""Checks an answer against its problem, sharing no code with any solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, islice

import numpy as np

from devrel.errors import WrongAnswer
from devrel.matching.certificate import Certificate
from devrel.matching.problem import MatchingProblem

_SHOWN = 20


def violations(
    problem: MatchingProblem, pairs: Sequence[tuple[str, str]], groups: Sequence[tuple[str, ...]] = ()
) -> list[str]:
    """Return a sentence for every promise that ``pairs`` (recipient, provider) and circles break.

    Eligibility is asked of the rules, pair by pair, and not of the arrays a solver saw.
    """
    return [
        *_unknown(problem, pairs),
        *(f"{r!r} and {p!r} are paired {count} times" for (r, p), count in Counter(pairs).items() if count > 1),
        *_ineligible(problem, pairs),
        *(_pool_loads(problem, pairs) if problem.pool else _loads(problem, pairs)),
        *_misgrouped(problem, pairs, groups),
        *_minutes(problem, pairs),
        *(f"the locked pair {r!r}, {p!r} is missing" for r, p in sorted(problem.locked - set(pairs))),
    ]


def verify(
    problem: MatchingProblem,
    strategy: str,
    pairs: Sequence[tuple[str, str]],
    groups: Sequence[tuple[str, ...]] = (),
) -> None:
    """Raise ``WrongAnswer`` when ``pairs`` or ``groups`` break a promise."""
    _refuse(strategy, violations(problem, pairs, groups))


def prove(
    problem: MatchingProblem,
    strategy: str,
    pairs: Sequence[tuple[str, str]],
    certificate: Certificate | None,
    groups: Sequence[tuple[str, ...]] = (),
    *,
    in_full: bool = False,
) -> None:
    """Raise ``WrongAnswer`` when a certificate does not prove what it claims of an answer; without one, do nothing."""
    if certificate is not None:
        flaws = (certificate.flaws_in_full if in_full else certificate.flaws)(problem, pairs)
        flaws = [*flaws, *(certificate.group_flaws(problem, groups) if groups else [])]
        _refuse(strategy, [f"not proven: {flaw}" for flaw in flaws])


def _refuse(strategy: str, broken: Sequence[str]) -> None:
    if broken:
        more = [f"... and {len(broken) - _SHOWN} more"] if len(broken) > _SHOWN else []
        raise WrongAnswer(strategy, [*islice(broken, _SHOWN), *more])


def _unknown(problem: MatchingProblem, pairs: Iterable[tuple[str, str]]) -> list[str]:
    wrong = [f"{r!r} is not a recipient of the problem" for r, _ in pairs if r not in problem.row]
    return [*wrong, *(f"{p!r} is not a provider of the problem" for _, p in pairs if p not in problem.column)]


def _ineligible(problem: MatchingProblem, pairs: Iterable[tuple[str, str]]) -> list[str]:
    known = [(r, p) for r, p in pairs if r in problem.row and p in problem.column]
    return [_why(problem, r, p) for r, p in known if not problem.is_eligible(r, p)]


def _why(problem: MatchingProblem, recipient: str, provider: str) -> str:
    """Return what is wrong with an ineligible pair; a rule that contradicts itself is to blame, not the strategy."""
    pair = f"{recipient!r} and {provider!r}"
    rows, columns = np.array([problem.row[recipient]]), np.array([problem.column[provider]])
    if problem.judged_at(rows, columns)[0].any():
        return f"the rules disagree on {pair}: a block function allows what its pair function forbids; mend the rule"
    return f"{pair} may not be matched"


def _loads(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> list[str]:
    served = Counter(recipient for recipient, _ in pairs)
    loads = Counter(provider for _, provider in pairs)
    limits = zip(problem.providers, problem.capacity, problem.minimum, strict=True)
    return [
        *(
            f"{person!r} has {served[person]} partners and wants {most}"
            for person, most in zip(problem.recipients, problem.demand, strict=True)
            if served[person] > most
        ),
        *(
            f"{person!r} has {loads[person]} partners and takes {least} to {most}"
            for person, most, least in limits
            if not least <= loads[person] <= most
        ),
    ]


def _pool_loads(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return who has too few or too many pairs in a pool, and which pairs are the wrong way round."""
    loads = Counter(person for pair in pairs for person in pair)
    limits = zip(problem.recipients, problem.minimum, problem.capacity, strict=True)
    return [
        *(f"{r!r} and {p!r} are the wrong way round" for r, p in pairs if r > p),
        *(
            f"{person!r} has {loads[person]} partners and takes {least} to {most}"
            for person, least, most in limits
            if not least <= loads[person] <= most
        ),
    ]


def _misgrouped(
    problem: MatchingProblem, pairs: Sequence[tuple[str, str]], groups: Sequence[tuple[str, ...]]
) -> list[str]:
    """Return what is wrong with circles: everybody in one at most, known, and eligible with all the others."""
    if groups and not problem.pool:
        return ["there are circles, and the problem is no pool of peers"]
    seen = Counter(person for members in groups for person in members)
    paired = {person for pair in pairs for person in pair}
    strangers = sorted(person for person in seen if person not in problem.row)
    known = [tuple(person for person in members if person in problem.row) for members in groups]
    return [
        *(f"{person!r} is not in the pool" for person in strangers),
        *(f"{person!r} is in {count} circles, or twice in one" for person, count in seen.items() if count > 1),
        *(f"{person!r} is in a circle and in a pair" for person in sorted(paired & set(seen))),
        *(f"{p!r} takes nobody and is in a circle" for p in seen if p in problem.row and not _takes(problem, p)),
        *("a circle has fewer than two people" for members in groups if len(members) < 2),
        *_ineligible(problem, (pair for members in known for pair in combinations(sorted(set(members)), 2))),
    ]


def _takes(problem: MatchingProblem, person: str) -> int:
    return problem.capacity[problem.row[person]]


def _minutes(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> list[str]:
    spent: Counter[str] = Counter()
    for recipient, provider in pairs:
        if recipient in problem.row:
            spent[provider] += problem.minutes[problem.row[recipient]]
    return [
        f"{person!r} spends {spent[person]} minutes a month and has {most}"
        for person, most in zip(problem.providers, problem.budget, strict=True)
        if most is not None and spent[person] > most
    ]
