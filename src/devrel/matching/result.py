"""The result of a matching: pairs, the parts of their scores, and everybody who is left with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from attrs import field, frozen

from devrel._display import html_table
from devrel._records import ReadOnly, read_only
from devrel.errors import InvalidValue
from devrel.kinds import Side
from devrel.matching.certificate import Certificate
from devrel.matching.groups import Group
from devrel.matching.pairs import Pair
from devrel.matching.provenance import Provenance
from devrel.matching.reasons import OnDemand, Unmatched

if TYPE_CHECKING:
    from devrel.matching.bottlenecks import Bottlenecks
    from devrel.matching.difference import Difference
    from devrel.matching.figures import Audit
    from devrel.matching.problem import MatchingProblem
    from devrel.matching.questions import Explanation, WhyNot
    from devrel.matching.sensitivity import Sensitivity
    from devrel.matching.strategy import MatchingStrategy


def _kept(unmatched: Mapping[str, Unmatched]) -> ReadOnly[str, Unmatched]:
    return unmatched if isinstance(unmatched, OnDemand) else read_only(unmatched)


@frozen(repr=False)
class Matching:
    """Who is matched with whom, verified.

    Attributes:
        pairs: The pairs, sorted by recipient and provider.
        unmatched: Everybody with something open, by id: recipients with unmet demand (one served in part included)
            and providers without a pair. Of a large problem the reasons are found out when they are asked for.
        provenance: How it came about.
        certificate: What proves it, or None where the strategy proves nothing.
        problem: The problem it answers.
        strategy: The strategy that answered.
        changes: What is different from the matching it was edited from; None where it was not edited.
        groups: The circles of a pool, sorted.
    """

    pairs: tuple[Pair, ...]
    unmatched: Mapping[str, Unmatched] = field(converter=_kept)
    provenance: Provenance
    certificate: Certificate | None = field(default=None, eq=False)
    problem: MatchingProblem | None = field(default=None, eq=False)
    strategy: MatchingStrategy | None = field(default=None, eq=False)
    changes: Difference | None = field(default=None, eq=False)
    groups: tuple[Group, ...] = ()

    @property
    def ids(self) -> tuple[tuple[str, str], ...]:
        """The pairs as ids (recipient, provider)."""
        return tuple((pair.recipient, pair.provider) for pair in self.pairs)

    @property
    def together(self) -> tuple[tuple[str, str], ...]:
        """The pairs as ids, and all pairs inside circles, sorted."""
        inside = (pair for group in self.groups for pair in combinations(group.members, 2))
        return tuple(sorted([*self.ids, *inside]))

    @property
    def served(self) -> frozenset[str]:
        """The recipients who have somebody; of a pool, everybody who has."""
        pool = self.problem is not None and self.problem.pool
        return frozenset(person for pair in self.together for person in (pair if pool else pair[:1]))

    @property
    def total_points(self) -> int:
        """The sum of all scores in points, those inside circles included; exact."""
        return sum(pair.points for pair in self.pairs) + sum(group.points for group in self.groups)

    @property
    def total_score(self) -> float:
        """The sum of all scores."""
        units = [*(pair.unit for pair in self.pairs[:1]), *(group.unit for group in self.groups[:1])]
        return self.total_points / units[0] if units else 0.0

    @property
    def mean_shown(self) -> float | None:
        """The mean of the pairs' ``shown_share``, or None without a pair."""
        return sum(pair.shown_share for pair in self.pairs) / len(self.pairs) if self.pairs else None

    @property
    def seat_prices(self) -> dict[str, int]:
        """What one more seat of each provider would add to the answer: points, and 2**44 of them for serving somebody.

        Who comes first, and whoever wants several, counts several times as much.

        Empty where no prices prove it. Keep them for the next matching of these people: ``Rematching(start=...)``.

        >>> from devrel.matching import MatchingProblem, OptimalMatching
        >>> OptimalMatching().match(MatchingProblem.from_scores([[3], [5]], objective="score")).seat_prices
        {'p0': 3}
        """
        from devrel.matching.certificate import Bound, Prices

        if self.problem is None or not isinstance(self.certificate, Prices | Bound):
            return {}
        told = self.problem.worth(self.certificate.keeping).told(self.certificate.providers)
        return dict(zip(self.problem.providers, told.tolist(), strict=True))

    def partners(self, person: str) -> tuple[str, ...]:
        """Return the ids of everybody ``person`` is matched with, on either side or in a circle."""
        found = [pair.provider for pair in self.pairs if pair.recipient == person]
        found += [pair.recipient for pair in self.pairs if pair.provider == person]
        circles = [group.members for group in self.groups if person in group.members]
        return (*found, *(other for members in circles for other in members if other != person))

    def why_unmatched(self, person: str) -> str:
        """Return why ``person`` is left with something open, or was taken out by an edit; empty where nothing is open.

        Raises:
            InvalidValue: For somebody who is neither matched nor left, and so was not in the problem.
        """
        if person in self.unmatched:
            return str(self.unmatched[person])
        if any(edit.action == "without" and person in edit.what for edit in self.provenance.edits):
            return "Taken out by an edit."
        if not self.partners(person):
            raise InvalidValue("person", f"{person!r} is neither matched nor left", "check the id")
        return ""

    def verify(self, problem: MatchingProblem, *, in_full: bool = False) -> None:
        """Check the pairs against ``problem`` alone.

        Args:
            problem: The problem.
            in_full: Whether the certificate is held against every pair as the rules themselves judge it, block by
                block, also of a large problem. That takes minutes for each thousand million pairs. Without it, the
                rules of a large problem are worked out as arrays first, and these are held against the rules for some
                people drawn by lot.

        Raises:
            WrongAnswer: With every broken promise.
        """
        from devrel.matching.strategy import own
        from devrel.matching.verify import prove, verify

        circles = [group.members for group in self.groups]
        with problem.asking_once(self.ids):
            verify(problem, self.provenance.strategy, self.ids, circles)
            self._refuse_wrong_scores(problem)
            prove(problem, self.provenance.strategy, self.ids, self.certificate, circles, in_full=in_full)
        if self.strategy is not None:
            own(self.strategy, problem, self.certificate)
        self._refuse_wrong_records(problem)

    def _refuse_wrong_records(self, problem: MatchingProblem) -> None:
        """Refuse a result that leaves somebody out, or says that it came about in another way than it did."""
        from devrel.errors import WrongAnswer
        from devrel.matching.explain import left_open

        missing = left_open(problem, [*self.together]) ^ self.unmatched.keys()
        wrong = [f"it does not say rightly whether something is open for {person!r}" for person in sorted(missing)]
        told = self.provenance
        if (told.seed, told.objective) != (problem.seed, problem.objective.value):
            wrong.append("its provenance has another seed or objective than the problem")
        if self.strategy is not None:
            name, parameters = self.strategy.name or type(self.strategy).__name__, dict(self.strategy.parameters())
            if (told.strategy, dict(told.parameters)) != (name, parameters):
                wrong.append("its provenance names another strategy or other parameters")
        if wrong:
            raise WrongAnswer(told.strategy, wrong[:20])

    def _refuse_wrong_scores(self, problem: MatchingProblem) -> None:
        from devrel.errors import WrongAnswer

        wrong = [
            f"the score of {pair.recipient!r} and {pair.provider!r} is not that of the problem"
            for pair in self.pairs
            if pair.parts != problem.parts(pair.recipient, pair.provider)
            or pair.points != sum(part.points for part in pair.parts)
            or pair.unit != problem.unit
        ]
        wrong += [
            f"the score of the circle of {group.members[0]!r} is not that of the problem"
            for group in self.groups
            if group != Group.of(problem, group.members)
        ]
        if wrong:
            raise WrongAnswer(self.provenance.strategy, wrong[:20])

    def explain(self, recipient: str, provider: str) -> Explanation:
        """Return what the score of a pair is made of, matched or not, and what forbids it.

        Raises:
            InvalidValue: For somebody who is not in the problem.
        """
        from devrel.matching.questions import explanation

        return explanation(self, recipient, provider)

    def why_not(self, recipient: str, provider: str) -> WhyNot:
        """Return what forbids a pair, or what it would cost to keep it: the strategy is asked again.

        Raises:
            InvalidValue: For somebody who is not in the problem, and for a pair that is matched.
        """
        from devrel.matching.questions import why_not

        return why_not(self, recipient, provider)

    def bottlenecks(self, top: int = 5) -> Bottlenecks:
        """Return what lifting each rule would bring, and what one more seat of each provider would.

        Args:
            top: For so many providers the problem is solved again with one seat more.

        Raises:
            InvalidValue: For a number of providers that is none.
        """
        from devrel.matching.bottlenecks import bottlenecks

        return bottlenecks(self, top)

    def sensitivity(self, percent: int = 10) -> Sensitivity:
        """Return how many pairs change with other weights, and which pairs are in every best answer.

        Args:
            percent: By how much each weight is raised and lowered.

        Raises:
            InvalidValue: For a percentage out of range.
        """
        from devrel.matching.sensitivity import sensitivity

        return sensitivity(self, percent)

    def audit(
        self,
        by: str | Iterable[str] | Mapping[str, Mapping[str, str]],
        side: Side | str = Side.RECIPIENT,
        *,
        confidence: float = 0.95,
        four_fifths: float = 0.8,
    ) -> Audit:
        """Return how groups of people fare: who is matched, how well, and after how long.

        Args:
            by: An attribute of the people, several, or groups by name: ``{"site": {"id": "north"}}``.
            side: Whose groups; a ``Side`` or its value.
            confidence: Of the intervals.
            four_fifths: The share of the best group's rate below which a group is flagged.

        Raises:
            InvalidValue: For an attribute that nobody has, and a side that is none.
        """
        from devrel.matching._given import choice_of
        from devrel.matching.fairness import audit
        from devrel.matching.group_facts import facts_of
        from devrel.matching.questions import problem_of

        problem, side = problem_of(self), choice_of(Side, "side", side)
        known = zip(problem.recipients, problem.waiting, strict=True)
        waiting = {person: days for person, days in known if days is not None} if side is Side.RECIPIENT else None
        back = [(other, one) for one, other in self.together] if problem.pool else []
        facts = facts_of(problem, [*self.together, *back], by, side, waiting=waiting or None)
        return audit(facts, confidence=confidence, four_fifths=four_fifths)

    def diff(self, other: Matching) -> Difference:
        """Return what this matching has that ``other`` has not.

        Raises:
            InvalidValue: For something that is no matching, and for a matching of other people.
        """
        from devrel.matching.difference import Difference

        if not isinstance(other, Matching):
            raise InvalidValue("other", "must be a matching", "give what match() returned")
        return Difference.between(self, other)

    def with_locked(self, pairs: Iterable[tuple[str, str]]) -> Matching:
        """Return the matching made anew with ``pairs`` (recipient, provider) kept; ``changes`` tells the difference.

        Raises:
            InvalidValue: For somebody who is not in the problem.
            InfeasibleProblem: When a pair may not be matched, or somebody takes fewer.
        """
        from devrel.matching.edits import with_locked

        return with_locked(self, pairs)

    def with_barred(self, pairs: Iterable[tuple[str, str]]) -> Matching:
        """Return the matching made anew without ``pairs`` (recipient, provider); ``changes`` tells the difference.

        Raises:
            InvalidValue: For somebody who is not in the problem.
        """
        from devrel.matching.edits import with_barred

        return with_barred(self, pairs)

    def without(self, people: Iterable[str]) -> Matching:
        """Return the matching made anew without some people, on either side; ``changes`` tells the difference.

        Raises:
            InvalidValue: For somebody who is not in the problem.
        """
        from devrel.matching.edits import without

        return without(self, people)

    def to_columns(self) -> dict[str, list[object]]:
        """Return the pairs as columns of plain values, ready for a dataframe of any library.

        The columns are recipient, provider, score (None where it must not be shown), band, and one for each criterion
        that may be shown. Where there are circles, every member has a row too: her id is in the column recipient, the
        number of the circle (from 1, in the order of ``groups``) in one more column, circle, the mean score of its
        pairs in score, and None in the others.

        >>> from devrel.matching import MatchingProblem, OptimalMatching
        >>> OptimalMatching().match(MatchingProblem.from_scores([[3]])).to_columns()["score"]
        [3.0]
        """
        inside = [(one, number, group) for number, group in enumerate(self.groups, 1) for one in group.members]
        none = [None] * len(inside)
        columns: dict[str, list[object]] = {
            "recipient": [*(pair.recipient for pair in self.pairs), *(one for one, _, _ in inside)],
            "provider": [*(pair.provider for pair in self.pairs), *none],
            "score": [*(pair.shown_score for pair in self.pairs), *(group.shown_mean for _, _, group in inside)],
            "band": [*(pair.band.value for pair in self.pairs), *none],
        }
        if inside:
            columns["circle"] = [*[None] * len(self.pairs), *(number for _, number, _ in inside)]
        names = [part.name for part in self.pairs[0].shown_parts] if self.pairs else []
        for place, name in enumerate(names):
            parts = (pair.shown_parts[place].points / pair.unit for pair in self.pairs)
            columns[name if name not in columns else f"{name} (part)"] = [*parts, *none]
        return columns

    def __repr__(self) -> str:
        """Return the counts."""
        pairs, people = len(self.pairs), len(self.unmatched)
        circles = f"{len(self.groups)} {'circle' if len(self.groups) == 1 else 'circles'}, "
        return (
            f"<Matching: {pairs} {'pair' if pairs == 1 else 'pairs'}, {circles if self.groups else ''}"
            f"{people} {'person' if people == 1 else 'people'} with something open>"
        )

    def _repr_html_(self) -> str:
        rows = [[pair.recipient, pair.provider, _shown(pair)] for pair in self.pairs]
        if self.groups:
            circles = [[", ".join(group.members), _shown_mean(group)] for group in self.groups]
            return html_table(["circle", "mean score"], circles, caption=repr(self)[1:-1])
        return html_table(["recipient", "provider", "score"], rows, caption=repr(self)[1:-1])


def _shown(pair: Pair) -> str:
    return pair.band.value if pair.shown_score is None else f"{pair.shown_score:.3f}"


def _shown_mean(group: Group) -> str:
    return "" if group.shown_mean is None else f"{group.shown_mean:.3f}"
