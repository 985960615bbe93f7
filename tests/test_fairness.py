"""The audit of a matching (promise 8): its figures by definition, and nothing about fewer than five people."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.stats import binomtest

from devrel.errors import InvalidValue
from devrel.kinds import Side
from devrel.matching import Audit, GroupFigures, MatchingProblem, OptimalMatching, Rate, Same
from devrel.matching.fairness import audit
from devrel.matching.group_facts import Facts, facts_of
from devrel.matching.rates import compared, is_below, large_enough, rate_of, ratio_interval, wilson
from devrel.people import Capacity, Enrollment, Person, Role

NAN = float("nan")
LABELS = ("a", "b", "c", None)


@st.composite
def facts(draw, attributes: int = 3, most: int = 14) -> Facts:
    """People in groups of all sizes around five, some without a partner, a score or a waiting time."""
    sizes = draw(st.lists(st.integers(1, 4 if attributes < 3 else 3), min_size=1, max_size=attributes))
    rows = []
    for cell in product(*(LABELS[-size:] for size in sizes)):
        count = draw(st.integers(0, most) | st.just(0) | st.integers(1, 4))
        lucky = draw(st.integers(0, count))
        rows += [(cell, i < lucky) for i in range(count)]
    chance = draw(st.randoms(use_true_random=False))
    chance.shuffle(rows)
    groups = {f"x{i}": [cell[i] for cell, _ in rows] for i in range(len(sizes))}
    selected = [lucky for _, lucky in rows]
    share = [chance.choice([0.1, 0.4, 0.4, 0.9, NAN]) if lucky else NAN for lucky in selected]
    rank = [chance.randint(1, 9) if lucky else NAN for lucky in selected]
    waiting = [chance.choice([3, 40, NAN]) for _ in selected]
    return Facts(groups, selected, share, rank, waiting)


def rows_of(one: Audit) -> list[tuple[tuple[str, ...], GroupFigures]]:
    return [(names, group) for names, groups in one.tables.items() for group in groups]


def members(known: Facts, names: tuple[str, ...], labels: tuple[str, ...]) -> list[int]:
    return [
        i for i in range(len(known)) if all(known.groups[n][i] == label for n, label in zip(names, labels, strict=True))
    ]


def columns(*pairs: tuple[str | None, int, int]) -> Facts:
    """Facts of one attribute from (label, people, of them with a partner)."""
    labels = [label for label, size, _ in pairs for _ in range(size)]
    return Facts({"g": labels}, [i < lucky for _, size, lucky in pairs for i in range(size)])


def table(*pairs: tuple[str | None, int, int], **more) -> dict[str, GroupFigures]:
    return {group.labels[0]: group for group in audit(columns(*pairs), **more).tables["g",]}


@given(facts())
def test_every_figure_is_what_its_definition_says(known):
    """Counts, rates and means that are shown are those that are counted by hand, group by group."""
    scores = [float(share) for share in known.share[known.selected & ~np.isnan(known.share)]]
    for names, group in rows_of(audit(known)):
        inside = members(known, names, group.labels)
        if group.hidden:
            assert group == GroupFigures(group.labels)
            continue
        assert group.count == len(inside) >= 5
        assert (group.selection.part, group.selection.whole) == (sum(map(int, known.selected[inside])), len(inside))
        scored = [float(known.share[i]) for i in inside if known.selected[i] and not np.isnan(known.share[i])]
        if group.scoring is not None:
            above = sum(score > median(scores) for score in scored)
            assert (group.scoring.part, group.scoring.whole) == (above, len(scored))
        for figure, values in (
            (group.mean_score, scored),
            (group.mean_rank, [float(known.rank[i]) for i in inside if known.selected[i]]),
            (group.mean_waiting, [float(known.waiting[i]) for i in inside if not np.isnan(known.waiting[i])]),
        ):
            assert figure is None or (len(values) >= 5 and figure == pytest.approx(mean(values)))


@given(facts())
def test_every_ratio_is_to_the_best_known_group_that_is_shown(known):
    """A rated group's ratio is its rate over the best; whoever is best is known, and no rated known one is better."""
    for groups in audit(known).tables.values():
        for rates in ([g.selection for g in groups], [g.scoring for g in groups]):
            rated = [(g, rate) for g, rate in zip(groups, rates, strict=True) if rate is not None and rate.rated]
            best = [(g, rate) for g, rate in rated if rate.best]
            assert len(best) == bool(rated)
            assert len(rated) != 1
            for group, rate in rated:
                top = best[0][1]
                assert rate.ratio == pytest.approx(rate.value / top.value)
                assert "unknown" in group.labels or rate.value <= top.value
                assert rate.below == (Fraction(rate.part, rate.whole) < Fraction(4, 5) * Fraction(top.part, top.whole))
                assert rate.ratio_interval is None if rate.best else rate.ratio_interval[0] <= rate.ratio
                assert not rate.unrated
            assert all("unknown" not in group.labels for group, _ in best)
            assert all(rate.unrated for rate in rates if rate is not None and not rate.rated)


Group = tuple[tuple[str, ...], tuple[str, ...]]  # attributes, labels
KINDS = 4  # without a partner; with one and no score; with a score up to the median; above it
PEOPLE, PARTNERED, SCORED, ABOVE = (0, 1, 2, 3), (1, 2, 3), (2, 3), (3,)
MEANS = {"mean_score": (0.0, 1.0), "mean_rank": (1.0, np.inf), "mean_waiting": (0.0, np.inf)}


class Attack:
    """Somebody who has an audit and nothing else, and tries to work out what it hides.

    Counts: whole numbers of four kinds of people in each cell, which add up to all that is shown, with somebody for
    each label that is listed. Means: sums within bounds; the numbers of people they are made of are given away to her.
    """

    def __init__(self, one: Audit) -> None:
        self.single = [names for names in one.tables if len(names) == 1]
        labels = [[group.labels[0] for group in one.tables[names]] for names in self.single]
        self.cells = [*product(*labels)]
        self.rows = [((), one.everybody), *rows_of(one)]
        shown = [
            (self.counted((names, group.labels), kinds), number)
            for names, group in self.rows
            for kinds, number in self._numbers(group)
        ]
        listed = [self.counted((names, group.labels), PEOPLE) for names, group in self.rows if len(names) == 1]
        sums = [number for _, number in shown]
        self.rules = [LinearConstraint(np.array(listed), 1, np.inf)]
        self.rules += [LinearConstraint(np.array([row for row, _ in shown]), sums, sums)] if shown else []

    def _numbers(self, group: GroupFigures) -> list[tuple[tuple[int, ...], int | None]]:
        found = [] if group.selection is None else [(PEOPLE, group.count), (PARTNERED, group.selection.part)]
        return found + ([] if group.scoring is None else [(SCORED, group.scoring.whole), (ABOVE, group.scoring.part)])

    def inside(self, group: Group) -> np.ndarray:
        place = [self.single.index((name,)) for name in group[0]]
        return np.array(
            [all(cell[i] == label for i, label in zip(place, group[1], strict=False)) for cell in self.cells],
            dtype=float,
        )

    def counted(self, group: Group, kinds: tuple[int, ...]) -> np.ndarray:
        return np.concatenate([self.inside(group) * (kind in kinds) for kind in range(KINDS)])

    def range(self, group: Group, kinds: tuple[int, ...]) -> tuple[float, float]:
        """Return the least and the most people of some kinds that there may be in a group."""
        wanted = self.counted(group, kinds)
        most = 1000  # more than there are in any of these audits
        found = [milp(sign * wanted, integrality=1, bounds=Bounds(0, most), constraints=self.rules) for sign in (1, -1)]
        assert all(one.status == 0 for one in found)
        return round(found[0].fun), round(-found[1].fun)

    def sums(self, group: Group, what: str, numbers: np.ndarray) -> tuple[float, float]:
        """Return the least and the greatest sum of a figure in a group, by how many have one in each cell."""
        wanted, (least, most) = self.inside(group), MEANS[what]
        lines = [(self.inside((names, one.labels)), getattr(one, what)) for names, one in self.rows]
        told = [(line, mean * (line @ numbers)) for line, mean in lines if mean is not None]
        bounds = [(least * number, most * number if number else 0) for number in numbers]
        rows, ends = ([row for row, _ in told], [end for _, end in told]) if told else (None, None)
        found = [linprog(sign * wanted, A_eq=rows, b_eq=ends, bounds=bounds) for sign in (1, -1)]
        assert {one.status for one in found} <= {0, 3}
        low, high = (sign * one.fun if one.status == 0 else np.inf for sign, one in zip((1, -1), found, strict=True))
        return low, high

    def around(self, group: Group) -> list[GroupFigures]:
        """Return what is shown of all who have a label of a group."""
        inside = self.inside(group) > 0
        return [one for names, one in self.rows if not (inside & (self.inside((names, one.labels)) == 0)).any()]


def extreme(rate: Rate | None) -> bool:
    return rate is not None and rate.part in {0, rate.whole}


def small_groups(known: Facts, one: Audit, people: np.ndarray) -> Iterator[Group]:
    """Yield the groups with one to four of some people."""
    for names in one.tables:
        for labels in sorted({tuple(known.groups[name][i] for name in names) for i in range(len(known))}):
            if 0 < sum(people[i] for i in members(known, names, labels)) < 5:
                yield names, labels


def check_counts(known: Facts, one: Audit) -> None:
    """Check that an attack finds no number of a small group, unless a shown group tells it of all its people."""
    attack, scored = Attack(one), known.selected & ~np.isnan(known.share)
    for group in small_groups(known, one, np.ones(len(known), dtype=bool)):
        low, high = attack.range(group, PEOPLE)
        assert low < high, group
        if not any(other.selection and other.selection.part == 0 for other in attack.around(group)):
            low, high = attack.range(group, PARTNERED)
            assert low < high, group
    for group in small_groups(known, one, scored):
        if not any(extreme(other.scoring) for other in attack.around(group)):
            low, high = attack.range(group, ABOVE)
            assert low < high, group


def check_means(known: Facts, one: Audit) -> None:
    """Check that an attack finds no mean of a small group, unless all have the least or the greatest value."""
    attack = Attack(one)
    columns = {"mean_score": known.share, "mean_rank": known.rank, "mean_waiting": known.waiting}
    names = tuple(name for (name,) in attack.single)
    for what, values in columns.items():
        people = np.isfinite(values)
        numbers = np.array([people[members(known, names, cell)].sum() for cell in attack.cells])
        for group in small_groups(known, one, people):
            if not any(getattr(other, what) in MEANS[what] for other in attack.around(group)):
                low, high = attack.sums(group, what, numbers)
                assert high - low > 1e-6, (what, group)


@given(facts())
def test_what_is_hidden_cannot_be_worked_out(known):
    """Of every group of one to four people, all that is shown together leaves several values for each number."""
    check_counts(known, audit(known))


@given(facts(most=5))
def test_many_small_groups_cannot_be_worked_out(known):
    """The same holds where nearly all groups are small."""
    check_counts(known, audit(known))


@given(facts(most=20))
def test_means_of_a_few_cannot_be_worked_out(known):
    """Even with the numbers of people by combination, the mean of one to four values has a range and no value."""
    check_means(known, audit(known))


def test_a_combination_that_is_its_whole_group_gives_nothing_away():
    """All of A are A × x, so figures of A × x are figures of A: those of B and A × x together would give away C's."""
    cells = {
        ("A", "x"): (16, [0.9, 0.1, 0.8, 0.1, 0.1]),
        ("B", "x"): (7, [0.7, 0.5, 0.0, 0.4, 0.4]),
        ("B", "y"): (2, []),
        ("C", "x"): (12, [0.9, 0.4]),
        ("C", "y"): (1, [0.8]),
    }
    rows = [(cell, score) for cell, (size, scores) in cells.items() for score in scores + [NAN] * (size - len(scores))]
    share = np.array([score for _, score in rows])
    known = Facts({"site": [cell[0] for cell, _ in rows], "dept": [cell[1] for cell, _ in rows]}, share >= 0, share)
    one = audit(known)
    a, b, c = one.tables["site",]
    assert (a.count, one.tables["site", "dept"][0].count) == (16, 16)
    assert (one.everybody.scoring.part, b.scoring.part, c.scoring) == (6, 2, None)
    assert Attack(one).range((("site",), ("C",)), ABOVE) != (2, 2)
    check_counts(known, one)
    check_means(known, one)


def test_a_label_is_somebody():
    """Five labels of five people are one each; so not even how many people there are is told."""
    one = audit(columns(*((label, 1, 1) for label in "abcde")))
    assert one.everybody.hidden
    assert all(group.hidden for _, group in rows_of(one))
    assert not audit(columns(*((label, 1, 1) for label in "abcd"), ("e", 2, 1))).everybody.hidden


def test_one_person_does_not_hide_an_audit():
    """Where the only one with a partner is the only one with her label, it might as well be somebody else."""
    known = columns(("a", 1, 1), ("b", 6, 0), ("c", 40, 0))
    one = audit(known)
    assert (one.everybody.selection.part, one.tables["g",][2].count) == (1, 40)
    check_counts(known, one)


@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_groups_of_five_are_all_shown(sizes, chance):
    """Where every combination has five people or more who got a partner, every figure of every group is shown."""
    cells = [cell for cell in product(*(LABELS[:size] for size in sizes)) for _ in range(chance.randint(5, 9))]
    columns = {f"x{i}": [cell[i] for cell in cells] for i in range(len(sizes))}
    values = [[chance.choice(some) for _ in cells] for some in ([0.1, 0.5, 0.9], [1, 2, 3], [0, 30])]
    one = audit(Facts(columns, [True] * len(cells), *values))
    assert sum(map(len, one.tables.values())) == sum(sizes) + (np.prod(sizes) if len(sizes) > 1 else 0)
    for _, group in rows_of(one):
        assert None not in (group.count, group.scoring, group.mean_score, group.mean_rank, group.mean_waiting)


def test_the_attack_finds_what_is_not_protected():
    """Without suppression of a second group, the attack of these tests works out the first."""
    one = audit(columns(("a", 20, 9), ("b", 20, 9), ("c", 3, 2)))
    careless = audit(columns(("a", 20, 9), ("b", 20, 9), ("c", 5, 2)))
    groups = [*careless.tables["g",][:2], GroupFigures(("c",))]
    careless = Audit({("g",): tuple(groups)}, careless.everybody, 0.8, 0.95)
    assert Attack(careless).range((("g",), ("c",)), PEOPLE) == (5, 5)
    assert Attack(careless).range((("g",), ("c",)), PARTNERED) == (2, 2)
    assert Attack(one).range((("g",), ("c",)), PEOPLE) == (1, 22)


def test_the_attack_on_means_finds_what_is_not_protected():
    """With the mean of everybody and of one of two groups, the attack works out the mean of the other."""
    known = Facts({"g": ["a"] * 20 + ["b"] * 5}, [True] * 25, [0.5] * 20 + [0.7] * 5)
    full = audit(known)
    careless = Audit({("g",): (full.tables["g",][0], GroupFigures(("b",)))}, full.everybody, 0.8, 0.95)
    assert Attack(careless).sums((("g",), ("b",)), "mean_score", np.array([20, 5])) == pytest.approx((3.5, 3.5))


def test_a_group_is_not_given_away_by_two_attributes_together():
    """Rows and columns of combinations that all have two hidden cells may still pin one; more is hidden then."""
    sizes = {("a", "x"): 9, ("a", "y"): 8, ("b", "x"): 7, ("b", "y"): 3, ("b", "z"): 8, ("c", "y"): 30, ("c", "z"): 9}
    rows = [cell for cell, size in sizes.items() for _ in range(size)]
    known = Facts({"one": [row[0] for row in rows], "two": [row[1] for row in rows]}, [i % 2 for i in range(len(rows))])
    one = audit(known)
    assert all(not group.hidden for names, group in rows_of(one) if len(names) == 1)
    low, high = Attack(one).range((("one", "two"), ("b", "y")), PEOPLE)
    assert low < high
    assert one.tables["one", "two"]


def test_the_smallest_other_group_is_hidden_with_a_small_one():
    """One small group takes the next smallest with it; two that hold five people together are enough."""
    found = table(("a", 30, 10), ("b", 6, 3), ("c", 4, 1))
    assert [group.hidden for group in found.values()] == [False, True, True]
    found = table(("a", 30, 10), ("b", 3, 1), ("c", 4, 1))
    assert [group.hidden for group in found.values()] == [False, True, True]
    found = table(("a", 30, 10), ("b", 1, 1), ("c", 2, 1), ("d", 8, 8))
    assert [group.hidden for group in found.values()] == [False, True, True, True]
    assert "fewer than five" in found["b"].reason == found["d"].reason


@given(facts(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(known, chance):
    """The same people in another order give the same audit, to the last digit."""
    order = list(range(len(known)))
    chance.shuffle(order)
    moved = Facts(
        {name: [column[i] for i in order] for name, column in known.groups.items()},
        known.selected[order],
        known.share[order],
        known.rank[order],
        known.waiting[order],
    )
    assert audit(moved).to_columns() == audit(known).to_columns()


@given(facts())
def test_an_audit_shows_itself(known):
    """Text, HTML and columns of every audit can be made; the columns are plain values of equal length."""
    one = audit(known)
    found = json.loads(json.dumps(one.to_columns(), allow_nan=False))
    assert {len(column) for column in found.values()} == {len(rows_of(one)) + 1}
    for shown in (str(one), one._repr_html_(), repr(one), *found["reason"]):
        assert "complian" not in shown.lower()
    assert all(label in str(one) for names, group in rows_of(one) for label in group.labels)


def test_html_is_escaped():
    """A group whose label is markup is shown as text."""
    assert "<script>" not in audit(columns(("<script>", 9, 2), ("b", 9, 3)))._repr_html_()


@given(st.integers(1, 400), st.data(), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_wilson_is_the_interval_of_scipy(whole, data, confidence):
    """The interval is the one that SciPy gives, and holds the rate."""
    part = data.draw(st.integers(0, whole))
    low, high = wilson(part, whole, confidence)
    theirs = binomtest(part, whole).proportion_ci(confidence, method="wilson")
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert 0 <= low <= part / whole <= high <= 1


def test_wilson_agrees_with_a_published_value():
    """The intervals are those that Newcombe 1998 (Statistics in Medicine 17, 857-872) lists for his examples."""
    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(15, 148)] == [0.0624, 0.1605]
    assert [round(end, 4) for end in wilson(0, 20)] == [0.0, 0.1611]


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_intervals_shrink_with_numbers_and_hold_the_ratio(whole, other, data):
    """Ten times as many people with the same rates give a narrower interval around the same ratio."""
    part, best = data.draw(st.integers(0, whole)), data.draw(st.integers(1, other))
    low, high = ratio_interval(part, whole, best, other)
    closer = ratio_interval(10 * part, 10 * whole, 10 * best, 10 * other)
    ratio = part / whole / (best / other)
    assert 0 <= low <= ratio + 1e-9
    assert ratio <= high + 1e-9
    assert closer[1] - closer[0] < high - low
    rate_low, rate_high = wilson(part, whole)
    rate_closer = wilson(10 * part, 10 * whole)
    assert rate_closer[1] - rate_closer[0] < rate_high - rate_low


@given(st.integers(2, 40), st.integers(2, 40), st.data())
def test_the_interval_of_a_ratio_solves_its_equation(whole, other, data):
    """Each end is where the difference of the first rate and so many times the second just reaches 0 (MOVER-R)."""
    part, best = data.draw(st.integers(1, whole)), data.draw(st.integers(1, other))
    first, second = part / whole, best / other
    (low, high), (best_low, best_high) = wilson(part, whole), wilson(best, other)
    down, up = ratio_interval(part, whole, best, other)
    assert (first - down * second) ** 2 == pytest.approx((first - low) ** 2 + (down * (best_high - second)) ** 2)
    assert (up * second - first) ** 2 == pytest.approx((high - first) ** 2 + (up * (second - best_low)) ** 2)


def test_the_interval_of_a_ratio_keeps_its_level():
    """Of a thousand ratios drawn from known rates, about 95 in 100 intervals hold the true one."""
    chance = np.random.default_rng(7)
    drawn = zip(chance.binomial(40, 0.5, 1000), chance.binomial(60, 0.7, 1000), strict=True)
    held = [low <= 5 / 7 <= high for part, best in drawn for low, high in [ratio_interval(part, 40, best, 60)]]
    assert 0.93 < np.mean(held) < 0.97


def test_below_four_fifths():
    """Exactly four fifths is not below; the threshold is the caller's."""
    found = table(("a", 25, 12), ("b", 5, 3), ("c", 25, 11))
    assert [(group.below, round(group.impact_ratio, 3)) for group in found.values()] == [
        (False, 0.8),
        (False, 1.0),
        (True, 0.733),
    ]
    assert not table(("a", 25, 11), ("b", 5, 3), four_fifths=0.7)["a"].below
    assert [group.labels for group in audit(columns(("a", 25, 11), ("b", 5, 3))).below] == [("a",)]
    assert not is_below(4, 5, 5, 5)


def test_less_than_two_in_a_hundred_is_counted_and_not_rated():
    """A group below two in a hundred has its figures, no ratio, and is not what the others are compared with."""
    found = table(("a", 300, 200), ("b", 300, 150), ("c", 12, 12))
    assert (found["c"].count, found["c"].selection.part, found["c"].rated) == (12, 12, False)
    assert "two in a hundred" in found["c"].reason
    assert found["a"].selection.best
    assert found["b"].impact_ratio == pytest.approx(0.75)
    assert large_enough(12, 600)
    assert not large_enough(12, 601)


def test_unknown_is_a_group_and_never_the_best():
    """People of whom nothing is known are compared with the best known group, even where they fare better."""
    found = table(("a", 20, 10), ("b", 20, 8), (None, 20, 20))
    assert list(found) == ["a", "b", "unknown"]
    assert found["a"].selection.best
    assert found["unknown"].impact_ratio == 2.0
    only = table((None, 20, 20), ("a", 3, 1))
    assert all(group.hidden for group in only.values())


def test_one_group_is_said_to_be_one():
    """Where everybody is in one group there is nothing to compare, and the audit says so instead of a ratio of 1."""
    (group,) = table(("a", 20, 10)).values()
    assert (group.rated, group.impact_ratio, group.reason) == (False, None, "everybody is in this group")
    found = table(("a", 300, 200), ("b", 5, 5))
    assert "no other group" in found["a"].reason
    found = table((None, 300, 200), ("b", 5, 5))
    assert "known label" in found["unknown"].reason


def test_no_ratio_to_a_rate_of_zero():
    """Where nobody got a partner there is no ratio, and nobody is flagged."""
    found = table(("a", 20, 0), ("b", 10, 0))
    assert [(group.impact_ratio, group.below, bool(group.reason)) for group in found.values()] == [
        (None, False, True)
    ] * 2


def test_figures_of_a_few_are_not_shown():
    """A group of twenty of whom three got a partner has a rate, and no mean of three scores."""
    known = Facts({"g": ["a"] * 20 + ["b"] * 20 + ["c"] * 20}, [*[True] * 3, *[False] * 17, *[True] * 40], [0.5] * 60)
    a, b, c = audit(known).tables["g",]
    assert (a.selection.part, a.mean_score, a.scoring) == (3, None, None)
    assert [group.mean_score for group in (b, c)] == [None, 0.5]


def test_a_combination_that_is_known_to_have_no_scores_protects_nobody():
    """Where a shown combination has no partners, scores of its neighbours could be subtracted; less is shown then."""
    cells = {("a", "x"): (9, 7), ("a", "y"): (10, 0), ("b", "x"): (9, 3), ("b", "y"): (9, 7)}
    rows = [(cell, i < lucky) for cell, (size, lucky) in cells.items() for i in range(size)]
    groups = {"one": [cell[0] for cell, _ in rows], "two": [cell[1] for cell, _ in rows]}
    known = Facts(groups, [lucky for _, lucky in rows], [0.1 + 0.8 * (i % 2) for i in range(len(rows))])
    one = audit(known)
    assert [group.selection.part for group in one.tables["one", "two"]] == [7, 0, 3, 7]
    low, high = Attack(one).range((("one", "two"), ("b", "x")), ABOVE)
    assert low < high


def test_hardly_anybody():
    """Of nobody, or of four people, nothing is shown at all."""
    assert audit(columns()).tables["g",] == ()
    one = audit(columns(("a", 4, 4)))
    assert one.everybody == GroupFigures(("everybody",))
    assert one.tables["g",] == (GroupFigures(("a",)),)


def test_compared_needs_no_audit():
    """The comparison alone leaves out whom it is not to tell of."""
    first, nobody, second = compared([rate_of(5, 5), None, rate_of(0, 5)], [True, True, True], 10)
    assert (first.best, nobody, second.ratio, second.below) == (True, None, 0.0, True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda: Facts({}, [True]), "groups"),
        (lambda: Facts({"g": ["a"]}, [True, False]), "groups['g']"),
        (lambda: Facts({"g": ["a"]}, [True], [0.1, 0.2]), "share"),
        (lambda: audit(columns(("a", 9, 3)), confidence=95), "confidence"),
        (lambda: audit(columns(("a", 9, 3)), four_fifths=0), "four_fifths"),
        (lambda: audit(Facts({name: range(200) for name in "ab"}, [True] * 200)), "by"),
        (lambda: wilson(3, 2), "part"),
        pytest.param(lambda: wilson(1, 2, 0), "confidence", id="wilson"),
        (lambda: ratio_interval(1, 2, 0, 2), "best_part"),
    ],
)
def test_what_cannot_be_audited_is_refused(wrong, field):
    """Columns that do not fit and numbers out of range are refused by name."""
    with pytest.raises(InvalidValue) as caught:
        wrong()
    assert caught.value.field == field


def problem_of_people() -> MatchingProblem:
    takers = [
        Person(
            f"t{i}",
            level=i % 3,
            attributes={"tags": ("x", "y") if i % 2 else ()},
            sensitive={"origin": "a"} if i else {},
        )
        for i in range(6)
    ]
    givers = [Person(f"g{i}", attributes={"site": "north"}) for i in range(2)]
    enrolled = [Enrollment(one.id, Role.RECIPIENT) for one in takers]
    enrolled += [Enrollment(one.id, Role.PROVIDER, capacity=Capacity(2)) for one in givers]
    return MatchingProblem.from_people([*takers, *givers], enrolled)


def test_groups_come_from_people():
    """Fields, lists and sensitive attributes make groups; whoever has none is unknown."""
    problem = problem_of_people()
    pairs = [(pair.recipient, pair.provider) for pair in OptimalMatching().match(problem).pairs]
    known = facts_of(problem, pairs, ["level", "tags", "origin"])
    assert known.groups["level"] == ("0", "1", "2", "0", "1", "2")
    assert known.groups["tags"] == ("unknown", "x, y") * 3
    assert known.groups["origin"] == ("unknown", *["a"] * 5)
    assert known.selected.sum() == 4
    givers = facts_of(problem, pairs, "site", Side.PROVIDER, waiting={"g0": 12})
    assert (givers.groups["site"], givers.selected.tolist()) == (("north", "north"), [True, True])
    assert givers.waiting.tolist()[0] == 12
    assert np.isnan(givers.waiting[1])


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("orign", "Did you mean 'origin'?"),
        ("zone", "is not known of anybody"),
        (["level", "level"], "twice"),
        ([], "at least one"),
        ({"origin": {"nobody": "a"}}, "is not known of anybody"),
    ],
)
def test_what_nobody_has_is_no_group(by, words):
    """An attribute of which nothing is known is refused, with the nearest known one."""
    with pytest.raises(InvalidValue, match=words.replace("?", r"\?")):
        facts_of(problem_of_people(), [], by)


def test_scores_alone_need_labels():
    """A problem made from scores takes labels by id, and says so when it is asked for attributes."""
    problem = MatchingProblem.from_scores([[4, 8, 8], [1, 2, 3]], eligible=[[1, 1, 1], [1, 0, 1]], demand=[2, 1])
    with pytest.raises(InvalidValue, match="knows scores and no people"):
        facts_of(problem, [], "site")
    known = facts_of(problem, [("r0", "p0"), ("r0", "p1"), ("r1", "p0")], {"site": {"r1": "s"}})
    assert known.share.tolist() == [0.75, 0.125]
    assert known.rank.tolist() == [1, 2]
    assert facts_of(problem, [("r0", "p1")], {"site": {"p1": "s"}}, Side.PROVIDER).rank[1] == 1


def test_who_wants_nobody_is_not_counted():
    """A recipient with a demand of 0 is not among those who could have got a partner."""
    problem = MatchingProblem.from_scores([[1], [1]], demand=[1, 0])
    assert len(facts_of(problem, [], {"site": {"r0": "s"}})) == 1


def test_the_audit_of_many_attributes_is_quick_enough():
    """Three attributes with six thousand combinations of four thousand people are audited."""
    chance = random.Random(3)
    groups = {name: [chance.randrange(size) for _ in range(4000)] for name, size in (("a", 10), ("b", 30), ("c", 20))}
    one = audit(Facts(groups, [chance.random() < 0.7 for _ in range(4000)]))
    assert [len(groups) for groups in one.tables.values()][:3] == [10, 30, 20]


def test_an_audit_of_a_matching_hides_what_sensitive_criteria_give():
    """With a sensitive criterion the mean score speaks of the others alone, and no rank is told."""
    listed = [
        *(Person(f"r{i}", attributes={"site": "north"}, sensitive={"faith": "x"}) for i in range(8)),
        *(Person(f"p{i}", attributes={"site": "south"}, sensitive={"faith": "x"}) for i in range(8)),
    ]
    enrolled = [Enrollment(one.id, Role.RECIPIENT if one.id[0] == "r" else Role.PROVIDER) for one in listed]
    criteria = [Same("site", name="site"), Same("faith", name="secret", sensitive=True)]
    matching = OptimalMatching().match(MatchingProblem.from_people(listed, enrolled, criteria=criteria))
    (row,) = matching.audit("site").tables["site",]
    assert (row.count, row.mean_score, row.mean_rank) == (8, 0.0, None)
    assert matching.audit("faith").tables["faith",][0].selection.value == 1.0


def test_the_side_of_an_audit_is_chosen_by_name_as_well():
    """A side may be told by its value, as that of a proposer is; what is no side is refused."""
    matching = OptimalMatching().match(problem_of_people())
    assert matching.audit("level", "recipient").everybody.count == 6
    assert matching.audit("site", "provider").to_columns() == matching.audit("site", Side.PROVIDER).to_columns()
    for wrong in ("recipents", None, 1):
        with pytest.raises(InvalidValue, match="side: is not known"):
            matching.audit("level", wrong)
