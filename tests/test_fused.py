"""The fast form of the rules: what it says of any pair is what the rules themselves say."""

from __future__ import annotations

from inspect import isabstract
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

import devrel.matching as matching_module
from devrel.errors import InvalidValue, WrongAnswer
from devrel.matching import (
    AboveInLevel,
    Alike,
    BelowInLevel,
    Chemistry,
    CommonHours,
    Constraint,
    Criterion,
    Different,
    Differs,
    FirstInLine,
    Gap,
    HopesMet,
    HoursTogether,
    InCommon,
    MatchingProblem,
    Near,
    NotAMisfit,
    NotExcluded,
    NotInReportingLine,
    NotOwnManager,
    NotSameManager,
    NotSelf,
    NotTogetherBefore,
    Offered,
    OptimalMatching,
    OwnManager,
    Preferred,
    Present,
    Roster,
    Same,
    Shared,
    Trained,
    UpperLevelOrExternal,
    Waiting,
    Weight,
    problem,
)
from devrel.matching.rules import says
from devrel.matching.sparse import fusing
from devrel.matching.sparse.fused import Fused
from devrel.matching.sparse.proving import refuse_unlike
from devrel.matching.table import RuleTable
from devrel.matching.talks import Fit, Talk
from devrel.people import Enrollment, Person, Role
from tests.generate import DAYS, TODAY, WORDS, ZONES, constraints, criteria, enrollments, people, score_problems
from tests.test_engine_at_scale import table_of
from tests.test_roster import columns_of

_SIZES = [(4_000_000, 64), (4_000_000, 0), (4_000_000, 2), (12, 64), (12, 0), (0, 0)]
"""How large tables may be, and of how many lists they may be made: so few that every other form is used as well."""


@st.composite
def judged_by_rules(draw: st.DrawFn) -> MatchingProblem:
    """Draw people as objects or in a table, any built-in rules for them, and pairs that are taken out by hand."""
    in_table = draw(st.booleans())
    listed = [_told_in_table(one) if in_table else one for one in draw(people())]
    enrolled = draw(enrollments(listed))
    scored = [evolve(one, name=f"c{k}") for k, one in enumerate(draw(st.lists(criteria(), max_size=4)))]
    if draw(st.booleans()):
        scored.append(draw(criteria(sensitive=True)))
    rules = {"constraints": draw(st.lists(constraints, max_size=4)), "criteria": scored}
    known: dict[str, Any] = {**rules, "seed": draw(st.integers(0, 9)), "today": TODAY}
    if in_table:
        table, hidden = columns_of(listed, enrolled)
        made = MatchingProblem.from_people(Roster.from_table(table, sensitive=hidden), **known)
    else:
        made = MatchingProblem.from_people(listed, enrolled, **known)
    return made.with_changes(barred=draw(_pairs_of(made)))


def _told_in_table(person: Person) -> Person:
    """Return somebody as a table tells of her: without absences and empty lists."""
    known = {name: value for name, value in person.attributes.items() if value != ()}
    return evolve(person, absences=(), name=person.name.strip(), attributes=known)


def _pairs_of(made: MatchingProblem) -> st.SearchStrategy[set[tuple[str, str]]]:
    if not all(made.shape):
        return st.just(set())
    return st.sets(st.tuples(st.sampled_from(made.recipients), st.sampled_from(made.providers)), max_size=3)


sizes = st.sampled_from(_SIZES)


def fused_of(made: MatchingProblem, size: tuple[int, int] = _SIZES[0]) -> Fused:
    with patch.multiple(fusing, _TABLE=size[0], _FEW_LISTS=size[1]):
        return fusing.fused_of(made)


def same(made: MatchingProblem, eligible: Any, points: Any, at: Any) -> bool:
    """Whether pairs are judged as the problem judges those at the same places."""
    expected = made.eligible[at]
    return bool((eligible == expected).all() and (points[expected] == made.points[at][expected]).all())


@given(judged_by_rules() | score_problems(), sizes, st.data())
def test_blocks_are_judged_as_by_the_rules(made, size, data):
    """Of any recipients, the same pairs are eligible and have the same points, whatever form each rule takes."""
    chosen = data.draw(st.lists(st.integers(0, max(len(made.recipients) - 1, 0)), unique=True))
    rows = np.array(sorted(chosen) if made.recipients else [], dtype=np.intp)
    assert same(made, *fused_of(made, size).block(rows), np.ix_(rows, np.arange(made.shape[1])))


@given(judged_by_rules() | score_problems(), sizes, st.data())
def test_single_pairs_are_judged_as_by_the_rules(made, size, data):
    """Of any pairs in any order, some named twice, the same holds."""
    pairs = sorted(data.draw(_pairs_of(made))) * 2
    rows = np.array([made.row[r] for r, _ in pairs], dtype=np.intp)
    columns = np.array([made.column[p] for _, p in pairs], dtype=np.intp)
    assert same(made, *fused_of(made, size).pairs(rows, columns), (rows, columns))


@given(judged_by_rules(), sizes)
def test_turned_is_the_transpose(made, size):
    """With the two sides exchanged every pair is what it was."""
    plain = evolve(fused_of(made, size), rest=None)
    turned = plain.turned
    rows, columns = map(np.arange, made.shape)
    eligible, points = plain.block(rows)
    for allowed, told in ([one.T for one in turned.block(columns)], turned.turned.block(rows)):
        assert (allowed == eligible).all()
        assert (told == points).all()
    assert all((one == other).all() for one, other in zip(turned.luck, plain.luck[::-1], strict=True))


def test_all_rules_of_the_library_are_drawn():
    """Every constraint and every criterion that the library exports is among those that are drawn here."""
    named = [getattr(matching_module, name) for name in matching_module.__all__]
    rules = {one for one in named if isinstance(one, type) and issubclass(one, Constraint | Criterion)}
    drawn = {type(rule) for rule, _ in PLACES}
    assert {one for one in rules if not isabstract(one)} <= drawn


SOME = [Talk("n1", "m0", Fit.GOOD_FIT, Fit.STILL_DECIDING), Talk("n2", "m0", Fit.NOT_A_GOOD_FIT, None)]

PLACES: list[tuple[Constraint | Criterion, str]] = [
    (NotSelf(), "marks"),
    (NotOwnManager(), "marks"),
    (NotSameManager(), "marks"),
    (NotInReportingLine(), "marks"),
    (NotExcluded(), "marks"),
    (NotTogetherBefore([("n1", "m0")]), "marks"),
    (NotAMisfit(SOME), "marks"),
    (OwnManager(), "rest"),
    (AboveInLevel(), "factors"),
    (BelowInLevel(), "factors"),
    (UpperLevelOrExternal(), "factors"),
    (Alike("department"), "factors"),
    (Different("department"), "factors"),
    (Gap("level", at_least=1), "factors"),
    (Trained(), "factors"),
    (Present(), "factors"),
    (CommonHours(60, DAYS), "factors"),
    (InCommon("skills"), "overlaps"),
    (Same("department"), "factors"),
    (Differs("department"), "factors"),
    (Near("level"), "factors"),
    (HopesMet(), "factors"),
    (HoursTogether(300, DAYS), "factors"),
    (Waiting(60), "factors"),
    (FirstInLine(), "factors"),
    (Shared("skills"), "overlaps"),
    (Offered("wants", "skills"), "overlaps"),
    (Offered("wants", "skills", "asks"), "overlaps"),
    (Shared("skills", weight=Weight.MUST, minimum=0.5), "overlaps"),
    (Same("department", weight=Weight.MUST), "factors"),
    (Preferred(), "apart"),
    (Chemistry(SOME), "apart"),
    (Preferred(weight=Weight.MUST, minimum=0.5), "rest"),
]


def forty():
    """Forty people with lists of which more differ than a table may have, who said something of each other."""
    listed, enrolled = [], []
    for k in range(40):
        name = f"{'n' if k % 3 else 'm'}{k}"
        above = listed[k // 4 - 1].id if k >= 4 else None
        skills = tuple(word for bit, word in enumerate([*WORDS, "grey", "black"]) if (k * 37) >> bit & 1)
        known = {"skills": skills, "wants": skills[::-1][:2], "asks": k % 2 == 0} if k % 7 else {}
        person = Person(name, manager=above, level=k % 4 + 1, department=WORDS[k // 4 % 4], zone=ZONES[k % 3])
        listed.append(evolve(person, attributes=known))
        others = [one.id for one in listed[:-1]][-2:]
        role = Role.RECIPIENT if k % 3 else Role.BOTH
        said = {"preferences": others, "trained": k % 2 == 0, "exclusions": [listed[0].id] if k == 5 else ()}
        enrolled.append(Enrollment(name, role, **said))
    return MatchingProblem.from_people(listed, enrolled, today=TODAY)


def told(table, rules, scored):
    """Return the hash of a problem that is large enough not to be judged pair by pair, and what it is when it is."""
    made = MatchingProblem.from_people(Roster.from_table(table), constraints=rules, criteria=scored)
    with patch.object(problem, "LARGE_PAIRS", -1), patch.object(RuleTable, "judged", side_effect=AssertionError):
        hashed = made.fingerprint
    return hashed, np.where(made.eligible, made.points, -1).tolist()


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_the_hash_of_a_large_problem(seed):
    """It does not depend on the order of rows, items and rules; no pair is judged for it, and each would change it."""
    rng = np.random.default_rng(seed)
    rules, scored = [Gap("level", at_least=-2), Different("department")], [Shared("skills", weight=5), Same("site")]
    table = table_of(rng, 20, 10)
    order = rng.permutation(30).tolist()
    turned = {name: [values[k] for k in order] for name, values in table.items()}
    turned["skills"] = [one and one[::-1] for one in turned["skills"]]
    first = told(table, rules, scored)
    assert told(turned, rules[::-1], scored[::-1]) == first
    row, name = order[0], str(rng.choice(["level", "department", "skills", "site"]))
    turned[name] = [turned[name][int(rng.integers(30))], *turned[name][1:]]
    other = told(turned, rules, scored)
    assert (other[0] != first[0]) or (other[1] == first[1]), (row, name)


def with_rule(made, rule):
    kept = {"constraints": (rule,), "criteria": ()} if isinstance(rule, Constraint) else {"criteria": (rule,)}
    return made.with_changes(table=evolve(made.table, **{"constraints": (), **kept}))


@pytest.mark.parametrize(("rule", "place"), PLACES, ids=repr)
def test_each_rule_finds_its_place(rule, place):
    """Tables, overlaps, single pairs or what is left: each rule of the library is where it is cheapest, and true."""
    made = with_rule(forty(), rule)
    found = fused_of(made, (4_000_000, 3))
    used = {
        "factors": len(found.factors) > 0,
        "overlaps": len(found.overlaps) > 0,
        "marks": len(found.marks[0]) > (0 if isinstance(rule, NotSelf) else _selves(made)),
        "apart": len(found.more) > 0,
        "rest": found.rest is not None,
    }
    assert {name for name, there in used.items() if there} == {place}
    assert same(made, *found.block(np.arange(made.shape[0])), np.s_[:, :])


def _selves(made: MatchingProblem) -> int:
    return len({*made.recipients} & {*made.providers})


def test_few_lists_are_a_table_and_lists_that_are_too_long_are_left():
    """The same overlap is a table of few lists, bit sets of many, and is asked itself where there is no room."""
    made = with_rule(forty(), Shared("skills"))
    assert len(fused_of(made, (4_000_000, 64)).factors) == 1
    assert len(fused_of(made, (4_000_000, 3)).overlaps) == 1
    assert fused_of(made, (3, 3)).rest is not None


@frozen
class Fewer(Gap):
    """Inherits what a gap looks at, and judges by ids."""

    def forbids(self, case):
        return case.recipient.id < case.provider.id or super().forbids(case)

    def block(self, block):
        return None


@frozen
class InBlocks(Same):
    """Inherits what sameness looks at, and has a block of its own."""

    def block(self, block):
        mine, theirs = block.codes("id")
        return (mine % 2 == theirs % 2).astype(np.float64)

    def score(self, case):
        raise NotImplementedError  # only its block is asked here; a pair function is asked for by the base class


@frozen
class Halved(Shared):
    """Inherits an overlap, and counts the reporting line as well."""

    def score(self, case):
        return super().score(case) / (2 if case.recipient.manager else 1)

    def block(self, block):
        return None


@frozen
class Grudging(NotExcluded):
    """Inherits few forbidden pairs, and forbids more."""

    def forbids(self, case):
        return super().forbids(case) or case.provider.id.endswith("3")

    def block(self, block):
        return None


@frozen
class Everybody(Preferred):
    """Inherits few scored pairs, and scores all."""

    def score(self, case):
        return 0.5 + super().score(case) / 2

    def block(self, block):
        return None


@frozen
class Prepared(Trained):
    """Inherits whom being trained treats alike, and forbids by level."""

    def forbids(self, case):
        return case.provider.get("level") == 2

    def block(self, block):
        return None


OWN = [Fewer("level", at_least=0), Halved("skills"), Grudging(), Everybody(), Prepared(), InBlocks("department")]


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: type(rule).__name__)
def test_a_rule_that_judges_by_itself_is_asked_itself(rule):
    """A subclass with a function of its own is not judged by what its base says of another function."""
    assert not says(rule, "looks_at", "alike", "overlap", "forbidden_pairs", "scored_pairs")
    made = with_rule(forty(), rule)
    found = fused_of(made, (4_000_000, 3))
    assert found.rest is not None
    assert (found.factors, found.overlaps, len(found.more)) == ((), (), 0)
    assert same(made, *found.block(np.arange(made.shape[0])), np.s_[:, :])


@frozen
class ByLevel(Trained):
    """Says anew what it looks at; whom its base treats alike is of no concern to it."""

    def forbids(self, case):
        return case.provider.get("level") == 2

    def block(self, block):
        return None

    def looks_at(self):
        return ("level",)


def test_a_rule_that_says_anew_what_it_looks_at_is_believed():
    """What a subclass says of its own judging counts, and not what its base said of another."""
    made = with_rule(forty(), ByLevel())
    found = fused_of(made)
    assert len(found.factors) == 1
    assert same(made, *found.block(np.arange(made.shape[0])), np.s_[:, :])


@frozen
class Lying(Constraint):
    """Says that it looks at one attribute, and looks at another."""

    told: tuple[str, ...] = field(default=("department",))

    name = "lying"

    def forbids(self, case):
        return case.provider.get("level") == 2

    def looks_at(self):
        return self.told


@frozen
class Flattering(Criterion):
    """Says that it looks at one attribute, and looks at another."""

    def score(self, case):
        return float(case.provider.get("level") == 2)

    def looks_at(self):
        return ("zone",)


@pytest.mark.parametrize("rule", [Lying(), Flattering()], ids=repr)
def test_a_rule_that_lies_is_refused(rule):
    """A rule that says that people are alike whom it does not treat alike is found out, whoever made the answer."""
    made = with_rule(forty(), rule)
    with pytest.raises(InvalidValue, match=r"judges 'n?m?\d+' otherwise than it says by looks_at"):
        refuse_unlike(made, fused_of(made))
    refused = pytest.raises((InvalidValue, WrongAnswer), match=r"otherwise than it says|may not be matched")
    with patch.object(problem, "LARGE_PAIRS", -1), refused:
        OptimalMatching(memory_limit=0).match(evolve(made))


@given(judged_by_rules())
def test_rules_that_tell_the_truth_are_not_refused(made):
    """None of the rules of the library is found to judge otherwise than it says, pairs barred by hand included."""
    refuse_unlike(made, fused_of(made))
