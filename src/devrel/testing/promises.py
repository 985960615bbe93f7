"""What the pairs of an answer promise, each judged by plain counting; nothing is said where a promise is kept."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from devrel.matching.worth import Objective
from devrel.testing.drafts import Draft, Pairs


def told(pairs: Pairs) -> str:
    """Return pairs in words."""
    return ", ".join(f"r{i} with p{j}" for i, j in pairs) or "nobody"


def eligible(draft: Draft, pairs: Pairs) -> str:
    """Return who is paired and may not be."""
    wrong = [pair for pair in pairs if pair not in draft.edges]
    return f"it pairs {told(wrong)}, who may not be matched" if wrong else ""


def capacities(draft: Draft, pairs: Pairs) -> str:
    """Return which providers get too many."""
    loads = draft.loads(list(dict.fromkeys(pairs)))[1]
    wrong = [f"p{j} gets {loads[j]} and takes {most}" for j, most in enumerate(draft.capacity) if loads[j] > most]
    return "; ".join(wrong)


def demands(draft: Draft, pairs: Pairs) -> str:
    """Return which recipients get too many."""
    served = draft.loads(list(dict.fromkeys(pairs)))[0]
    wrong = [f"r{i} gets {served[i]} and wants {most}" for i, most in enumerate(draft.demand) if served[i] > most]
    return "; ".join(wrong)


def minimums(draft: Draft, pairs: Pairs) -> str:
    """Return which providers get too few."""
    loads = Counter(j for _, j in dict.fromkeys(pairs))
    wrong = [f"p{j} gets {loads[j]} and needs {low}" for j, low in enumerate(draft.minimum) if loads[j] < low]
    return "; ".join(wrong)


def locks(draft: Draft, pairs: Pairs) -> str:
    """Return which locked pairs are missing."""
    missing = [pair for pair in draft.locked if pair not in pairs]
    return f"the locked {told(missing)} is missing" if missing else ""


def twice(_: Draft, pairs: Pairs) -> str:
    """Return who is paired more than once."""
    twice = [pair for pair, count in Counter(pairs).items() if count > 1]
    return f"it pairs {told(twice)} more than once" if twice else ""


def hours(draft: Draft, pairs: Pairs) -> str:
    """Return who spends more minutes than she has."""
    once = list(dict.fromkeys(pairs))
    spent = draft.spent(once)
    wrong = [f"p{j} spends {spent[j]} minutes and has {draft.budget[j]}" for j in draft.overspent(once)]
    return "; ".join(wrong)


@lru_cache(maxsize=4_096)
def _best(draft: Draft) -> tuple[tuple[int, int], ...]:
    return draft.best()


def optimal(draft: Draft, pairs: Pairs) -> str:
    """Return a better answer."""
    best = _best(draft)
    if draft.worth(best) <= draft.worth(pairs):
        return ""
    worth = f"worth {draft.worth(pairs)} ({draft.counts})"
    return f"it answers {told(pairs)}, {worth}; {told(best)} is worth {draft.worth(best)}"


def covering(draft: Draft, pairs: Pairs) -> str:
    """Return how many more can be served."""
    if draft.objective is not Objective.COVER:
        return ""
    most, served = draft.worth(_best(draft))[0], len(draft.loads(pairs)[0])
    return f"it serves {served} where {most} can be served" if served < most else ""


def maximal(draft: Draft, pairs: Pairs) -> str:
    """Return a pair that could be added."""
    others = [edge for edge in draft.edges if edge not in pairs and draft.accepts(*edge)]
    more = [edge for edge in others if draft.allows([*pairs, edge])]
    return f"it answers {told(pairs)} and leaves {told(more[:1])}" if more else ""


def stable(draft: Draft, pairs: Pairs) -> str:
    """Return who does not accept each other, or who would rather have each other."""
    unwanted = [pair for pair in pairs if not draft.accepts(*pair)]
    if unwanted:
        return f"it pairs {told(unwanted)}, who do not accept each other"
    found = next(draft.blocking(pairs), None)
    return "" if found is None else f"it answers {told(pairs)}; {told([found])} would rather have each other"
