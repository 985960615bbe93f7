"""The best answer without an array of all pairs, exact and proven.

1. The best few candidates of each recipient, and of each provider's seats, are looked for among all pairs.
2. The best answer among these pairs is found by a solver of flows, and the least seat prices that prove it.
3. All pairs are held against the prices, block by block. A pair that gains more than its two prices is added.
4. When there is none, the prices prove the answer for all pairs: it is the best there is (column generation, Dantzig
   and Wolfe 1960). Until then they prove how much better another answer could be at most.

Nothing depends on the size of the blocks, nor on where and in which order they are scored: the pairs that are added are
named by their gains and by lot, and the least prices are the same whichever best answer the solver gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel.errors import DevrelError, InfeasibleProblem, InvalidValue
from devrel.matching.certificate import FAR, Bound, Certificate, Prices
from devrel.matching.pricing import Left
from devrel.matching.problem import MatchingProblem
from devrel.matching.sparse.asking import plan_of, skips
from devrel.matching.sparse.checkpoint import Checkpoint
from devrel.matching.sparse.edges import Edges
from devrel.matching.sparse.engine import Engine
from devrel.matching.sparse.flow import Chosen, best_of, drawn
from devrel.matching.sparse.fused import Fused, Places, Whole, places, together, whole_sum
from devrel.matching.sparse.known import Known
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.progress import Phase, Progress, callback_of
from devrel.matching.sparse.scan import LOW, Question, mending
from devrel.matching.sparse.settings import Settings
from devrel.matching.worth import Objective

CANDIDATES = 6
"""So many candidates each recipient has to begin with."""
_OF_PROVIDERS = 6
_ADDED, _MARGINS, _NEAR = 12, (0.3, 0.05), 0.02
"""So many pairs of a recipient a pass names at most, those above their prices and those as near to them as that, in
parts of the greatest score: in the first passes, and in the others."""
_ADDED_AGAIN, _NEAR_AGAIN, _NEAR_START = 60, 0.05, 0.12
"""The same where earlier prices are known, which are nearly right; and how near to these the first pairs are."""
_NEAR_FREE = 0.3
"""So near to a provider's price are those who would come if a seat became free."""
_NEARLY = 0.02
"""An answer so near to the best, in parts of the total score, is mended."""
_MOST_LOOKS = 20
"""So often a pair is looked at to mend the last answer, on average; then a solver finds a new one sooner."""
_ENOUGH_PAIRS = 3_000_000_000
_MOST_PARTS = 16
_MOST_ROUNDS = 500


@frozen(eq=False)
class Effort:
    """What an answer cost.

    Attributes:
        rounds: How often the restricted problem was solved.
        edges: How many pairs it had at the end.
        judged: How many pairs were scored, those counted each time that were scored again.
        passes: How often all pairs were held against something.
    """

    rounds: int
    edges: int
    judged: int
    passes: int


@frozen(eq=False)
class Outcome:
    """An answer with its proof.

    Attributes:
        pairs: The pairs of ids (recipient, provider).
        proof: What proves it: prices, or a bound where it was stopped early.
        gap: The share of the total score that is not proven; 0 for the best answer.
        effort: What it cost.
    """

    pairs: tuple[tuple[str, str], ...] = field(repr=False)
    proof: Certificate
    gap: float
    effort: Effort

    @property
    def note(self) -> str:
        """What is to be said of how it came about."""
        looked = f"{self.effort.edges} pairs were looked at in {self.effort.rounds} rounds; lots were drawn among those"
        if not isinstance(self.proof, Bound):
            return looked
        return f"{looked}; stopped when no answer could be better by more than {self.gap:.2g} of the total score"


def best_at_scale(
    problem: MatchingProblem, keeping: int = 0, settings: Settings | None = None, start: Whole | None = None
) -> Outcome:
    """Return the best pairs of a problem, without an array of all pairs.

    Args:
        problem: The problem; nobody has a budget of hours.
        keeping: The points that breaking an incumbent pair costs.
        settings: How it is solved.
        start: Prices of the providers' seats to begin with, such as those of an earlier answer; they decide how soon
            the answer is found, not which.

    Raises:
        DevrelError: When the solver's answer is not the best, or an executor broke down.
        InvalidValue: For a checkpoint of another problem.
    """
    search = _Search(problem, keeping, settings or Settings(), start)
    try:
        return search.outcome()
    finally:
        search.engine.close()


class _Search:
    """Goes from round to round."""

    def __init__(self, problem: MatchingProblem, keeping: int, settings: Settings, start: Whole | None) -> None:
        self.left = Left.counted(problem, keeping)
        self.fused, self.plan = plan_of(problem)
        self.settings = settings
        self.engine = Engine(self.plan, settings.executor)
        self.start = np.zeros(problem.shape[1], dtype=np.int64) if start is None else start
        self.begun = start is not None
        self.added = _ADDED_AGAIN if self.begun else _ADDED
        self.tell = callback_of(settings.progress)
        self.apart = _apart(problem, self.fused, keeping)
        self.round, self.judged, self.passes = 0, 0, 0
        self.gap: float | None = None
        self.most = CANDIDATES
        self.known = Known.nothing(self.plan.shape)
        self.answer: tuple[Places, Places, Whole] | None = None  # pairs and seat prices that are nearly right

    def outcome(self) -> Outcome:
        """Return the answer."""
        kept = Checkpoint.of(self.settings.checkpoint, self.left, self.start if self.begun else None)
        before = kept.last() if kept else None
        edges = self._again(before) if before is not None else self._near_start() if self.begun else self._candidates()
        while True:
            if kept:
                kept.keep(self._state(edges))
            self.round += 1
            edges, chosen, proof = self._solved(edges)
            more, excess = self._priced(edges, proof)
            self.gap = None if excess is None else _gap(edges, chosen, excess)
            if excess == 0 or (self.gap is not None and self.gap <= self.settings.gap):
                break
            if self.round >= _MOST_ROUNDS:
                raise DevrelError(f"nothing was proven after {self.round} rounds; please report the problem")
            edges = edges.joined(*more)
            if self.round == 1 and self.fused.rest is None and not self.begun:
                # who would come if a seat became free: prices fall seat by seat, along chains of such moves
                people, near = np.minimum(proof.recipients, FAR), proof.providers - self._points(_NEAR_FREE)
                edges = edges.joined(*self._of_providers(_OF_PROVIDERS, people, near))
        return self._drawn(edges, chosen, proof, excess or 0)

    def _state(self, edges: Edges) -> dict[str, Any]:
        """Return all that the next round depends on."""
        pairs = {"rows": edges.rows, "columns": edges.columns, "points": edges.points}
        known = {"people": self.known.people, "seats": self.known.seats}
        return {"round": self.round, "most": self.most, **pairs, **known}

    def _again(self, state: Mapping[str, Any]) -> Edges:
        """Go back to where another run was after a round; return the pairs that it looked at."""
        named = state["rows"], state["columns"], state["points"]
        inside = all(len(one) == len(named[0]) for one in named) and all(
            ((one >= 0) & (one < most)).all() for one, most in zip(named[:2], self.plan.shape, strict=True)
        )
        if not inside or (len(state["people"]), len(state["seats"])) != self.plan.shape:
            raise InvalidValue("checkpoint", "keeps a round that is broken", "delete it, or give another folder")
        self.round, self.most = int(state["round"]), int(state["most"])
        self.known = Known(state["people"], state["seats"])
        return Edges.of(self.left, state["rows"], state["columns"], state["points"])

    def _drawn(self, edges: Edges, chosen: Chosen, proof: Prices, excess: int) -> Outcome:
        self._told(Phase.LOTTERY, 0, 1)
        chosen = drawn(edges, chosen, proof)
        self._told(Phase.DONE, 1, 1)
        certificate = Bound(proof.providers, excess, self.left.keeping) if excess else proof
        pairs = self.left.ids(edges.rows[chosen].tolist(), edges.columns[chosen].tolist())
        effort = Effort(self.round, len(edges), self.judged, self.passes)
        return Outcome(tuple(pairs), certificate, self.gap or 0.0, effort)

    def _told(self, phase: Phase, done: int, total: int) -> None:
        self.tell(Progress(phase, done, total, self.round, self.gap))

    def _solved(self, edges: Edges) -> tuple[Edges, Chosen, Prices]:
        """Return the best answer among some pairs, with more of them where minimum loads need more."""
        self._told(Phase.SOLVING, 0, 1)
        while True:
            try:
                chosen = self._mended(edges)
                if chosen is None:
                    chosen = best_of(edges)
                break
            except InfeasibleProblem:
                self.most *= 4
                if self.most > 4 * max(self.plan.shape):
                    raise
                edges = edges.joined(*self._named(self.most))
        proof = edges.prices(chosen, edges.book(chosen))
        self.answer = edges.rows[chosen], edges.columns[chosen], proof.providers
        self._told(Phase.SOLVING, 1, 1)
        return edges, chosen, proof

    def _mended(self, edges: Edges) -> Chosen | None:
        """Return the best answer begun from the last one; None where a solver has to find it."""
        left, mended = self.left, mending(self.plan.shape)
        right = self.begun or (self.gap is not None and self.gap < _NEARLY)
        if mended is None or self.answer is None or not right:
            return None
        if left.demand.max(initial=0) > 1 or left.minimum.any():
            return None
        rows, columns, seats = self.answer
        chosen = edges.among(rows, columns)
        found: Chosen | None = mended(edges, chosen, seats, _MOST_LOOKS * len(edges))
        return found

    def _candidates(self) -> Edges:
        return Edges.of(self.left, *self._named(CANDIDATES)).joined(*self.apart)

    def _near_start(self) -> Edges:
        """Return the pairs that are near the prices it begins with: to the best of a recipient, or to her incumbent.

        They are what holds these prices up. The search begins with the incumbent pairs.
        """
        left, start = self.left, self.start
        least = np.full(self.plan.shape[0], LOW)
        held = Edges.of(left, *self.apart)
        np.maximum.at(least, held.rows, held.gains - start[held.columns])
        bar = np.where(least > LOW, least - self._points(_NEAR_START), LOW)
        bar[left.demand <= 0] = FAR
        shut = np.where(left.capacity > 0, start, FAR)
        edges = held.joined(*self._asked(self.engine, self.fused, Phase.CANDIDATES, self.added, bar, shut)[0])
        np.maximum.at(least, edges.rows, edges.gains - start[edges.columns])
        if self.fused.rest is None:
            free = left.capacity > np.bincount(left.problem.incumbent_at[1], minlength=self.plan.shape[1])
            near = np.where(free, start - self._points(_NEAR_FREE), FAR)
            edges = edges.joined(*self._of_providers(_OF_PROVIDERS, np.where(least > LOW, least, 0), near))
        self.answer = *left.problem.incumbent_at, start
        return edges

    def _named(self, most: int) -> tuple[Places, Places, Whole]:
        """Return the best pairs of each recipient, and of each provider's seats."""
        left, shape = self.left, self.plan.shape
        shut = np.where(left.capacity > 0, self.start, FAR)
        bar = np.where(left.demand > 0, LOW, FAR)
        mine = self._asked(self.engine, self.fused, Phase.CANDIDATES, min(most, shape[1]), bar, shut)[0]
        if self.fused.rest is not None or not shape[0] or most == CANDIDATES:
            return mine
        wanted = np.where(left.demand > 0, 0, FAR)
        theirs = self._of_providers(min(shape[0], _OF_PROVIDERS * most // CANDIDATES), wanted, LOW)
        return tuple(map(np.concatenate, zip(mine, theirs, strict=True)))  # type: ignore[return-value]

    def _of_providers(self, most: int, people: Whole, least: Whole | int) -> tuple[Places, Places, Whole]:
        """Return the best pairs of each provider's seats that gain more than ``least`` once a recipient is paid."""
        turned = self.fused.turned
        engine = Engine(Plan.of(turned), self.settings.executor)
        try:
            bar = np.where(self.left.capacity > 0, least, FAR)
            rows, columns, points = self._asked(engine, turned, Phase.CANDIDATES, most, bar, people)[0]
        finally:
            engine.close()
        return columns, rows, points

    def _near(self) -> float:
        if self.begun:
            return _NEAR_AGAIN
        return _MARGINS[self.round - 1] if self.round <= len(_MARGINS) else _NEAR

    def _points(self, share: float) -> int:
        """Return what a share of the greatest score gains."""
        return round(share * self.left.worth.scale * self.left.worth.most)

    def _parts(self, phase: Phase) -> int:
        """Return of how many parts of the pairs one is looked at: with nothing known, a share of very many will do."""
        if self.begun or self.most > CANDIDATES:
            return 1
        parts = max(1, min(_MOST_PARTS, self.plan.shape[0] * self.plan.shape[1] // _ENOUGH_PAIRS))
        if phase is Phase.CANDIDATES:
            return parts
        return max(1, parts // 4) if self.round == 1 else 1

    def _priced(self, edges: Edges, proof: Prices) -> tuple[tuple[Places, Places, Whole], int | None]:
        """Return pairs that gain more than their prices, or nearly, and how much better an answer can be at most.

        How much is not known where only a share of the pairs was looked at.
        """
        people, seats = proof.recipients, proof.providers
        held = edges.rows, edges.columns  # all of them: which are chosen may depend on the solver, where some are equal
        margin = self._points(self._near())
        bar = np.where(people < FAR, people - margin, FAR)
        again, lowered, step = self.known.unsure(people, seats, margin)
        more, best = self._held_against(self.engine, np.where(again, bar, FAR), seats, held)
        self.known = self.known.renewed(again, self._ceiling(bar, seats, more), seats, step)
        if lowered.any() and not again.all():
            engine = Engine(self.plan.only(lowered), self.settings.executor)
            try:
                others, beside = self._held_against(engine, np.where(again, FAR, bar), seats, held)
            finally:
                engine.close()
            self.known = self.known.raised(~again, self._ceiling(bar, seats, others))
            more = tuple(map(np.concatenate, zip(more, others, strict=True)))  # type: ignore[assignment]
            best = np.maximum(best, beside)
        if self._parts(Phase.PRICING) > 1:
            self.known = Known.nothing(self.plan.shape)
            return more, None
        beyond = np.maximum(best - margin, 0)
        return more, whole_sum(beyond * np.where(beyond > 0, self.left.demand[self.plan.rows], 0))

    def _held_against(
        self, engine: Engine, bar: Whole, seats: Whole, held: tuple[Places, Places]
    ) -> tuple[tuple[Places, Places, Whole], Whole]:
        return self._asked(engine, self.fused, Phase.PRICING, self.added, bar, seats, held)

    def _ceiling(self, bar: Whole, seats: Whole, named: tuple[Places, Places, Whole]) -> Whole:
        """Return what no pair that was not named gains more than, the price of the seat taken off."""
        values = self.left.worth.gains(named[2]) - seats[named[1]]
        least = np.full(len(bar), FAR)
        np.minimum.at(least, named[0], values)
        full = np.bincount(named[0], minlength=len(bar)) >= self.added
        return np.where(full, least, bar)

    def _asked(
        self,
        engine: Engine,
        fused: Fused,
        phase: Phase,
        most: int,
        bar: Whole,
        prices: Whole,
        held: tuple[Places, Places] | None = None,
    ) -> tuple[tuple[Places, Places, Whole], Whole]:
        """Return the pairs above a bar, and how much the best pair of each recipient is, in the order of the plan."""
        plan, worth = engine.plan, self.left.worth
        out = [self.apart[:2], self.left.problem.locked_at, *([held] if held else [])]
        skipped = skips(plan, fused, *(one if fused is self.fused else one[::-1] for one in out))
        asked = Question(
            max(1, most),
            bar,
            prices[plan.columns],
            worth.scale,
            worth.each,
            *skipped,
            self._parts(phase),
            self.settings.bounded,
        )
        parts: list[tuple[Any, ...]] = [(*places([]), np.zeros(0, dtype=np.int64))]
        best = [np.zeros(0, dtype=np.int64)]
        for found in engine.ask(asked, lambda done, total: self._told(phase, done, total)):
            parts.append((found.rows, found.columns, found.points))
            best.append(found.best)
            self.judged += found.judged
        self.passes += 1
        return tuple(map(np.concatenate, zip(*parts, strict=True))), np.concatenate(best)  # type: ignore[return-value]


def _apart(problem: MatchingProblem, fused: Fused, keeping: int) -> tuple[Places, Places, Whole]:
    """Return the pairs that are looked at from the beginning, since they are worth more than the rules alone tell."""
    rows, columns = together(problem.shape[1], fused.apart, problem.incumbent_at if keeping else places([]))
    eligible, points = fused.pairs(rows, columns)
    eligible &= ~np.isin(fused.key(rows, columns), fused.key(*problem.locked_at))
    return rows[eligible], columns[eligible], points[eligible]


def _gap(edges: Edges, chosen: NDArray[np.bool_], excess: int) -> float | None:
    """Return the share of the total score by which another answer may be better; None where it may serve more.

    An answer that serves one more, or fills more, is worth at least that much more, and may have no points at all.
    """
    left, worth = edges.left, edges.left.worth
    points = whole_sum(edges.gains[chosen] - worth.each) // worth.scale  # the same for every best answer
    ahead = [*left.first[(left.first > 0) & (left.demand > 0)].tolist(), *([worth.each] if worth.each else [])]
    covers = left.problem.objective is Objective.COVER
    if covers and ahead and excess >= min(ahead) - points:
        return None
    return excess / worth.scale / max(1, points)
