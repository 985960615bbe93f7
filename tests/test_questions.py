"""What can be asked of a matching: why, why not, what if, and an administrator's edits."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devrel.errors import InfeasibleProblem, InvalidValue
from devrel.matching import (
    AboveInLevel,
    Cause,
    Constraint,
    Different,
    EgalitarianMatching,
    Gap,
    Matching,
    MatchingProblem,
    MatchingStrategy,
    Objective,
    Offered,
    OptimalMatching,
    PeerMatching,
    Same,
    StableMatching,
    Weight,
)
from devrel.matching.table import ScoreTable
from devrel.people import Capacity, Enrollment, Person, Role
from tests.generate import build, people_problems, score_problems
from tests.test_matching import best_by_trying, value


def mentors_and_mentees() -> MatchingProblem:
    """Two mentors, three mentees, two rules and two criteria, one of them sensitive."""
    listed = [
        Person("m1", level=4, department="law", attributes={"skills": ("sql", "go")}, sensitive={"faith": "x"}),
        Person("m2", level=4, department="sales", attributes={"skills": ("go",)}),
        Person("a", level=2, department="sales", attributes={"wants": ("sql",)}, sensitive={"faith": "x"}),
        Person("b", level=2, department="sales", attributes={"wants": ("sql", "go")}),
        Person("c", level=4, department="law", attributes={"wants": ("go",)}),
    ]
    enrolled = [Enrollment(one.id, Role.PROVIDER if one.id[0] == "m" else Role.RECIPIENT) for one in listed]
    return MatchingProblem.from_people(
        listed,
        enrolled,
        constraints=[Different("department"), Gap("level", at_least=1)],
        criteria=[Offered("wants", "skills", name="skills", weight=Weight.HIGH)],
    )


def served(matching: Matching) -> set[str]:
    return {recipient for recipient, _ in matching.ids}


@given(st.one_of(people_problems().map(build), score_problems()))
def test_explanations_add_up_and_agree_with_the_problem(problem):
    """For every pair, matched or not, the parts add up to the score, and it is forbidden exactly where not eligible."""
    matching = OptimalMatching().match(problem)
    for i, recipient in enumerate(problem.recipients):
        for j, provider in enumerate(problem.providers):
            told = matching.explain(recipient, provider)
            assert bool(told.forbidden_by) == (not problem.eligible[i, j])
            assert sum(part.points for part in told.parts) == problem.points[i, j]
            assert told.score == problem.points[i, j] / problem.unit
            assert told.matched == ((recipient, provider) in matching.ids)
            assert recipient in str(told)
            assert provider in str(told)


def test_a_sensitive_criterion_shows_in_no_explanation():
    """With a sensitive criterion, neither its part nor an exact score nor a change of the total is told."""
    problem = mentors_and_mentees()
    table = evolve(problem.table, criteria=(*problem.table.criteria, Same("faith", name="secret", sensitive=True)))
    matching = OptimalMatching().match(problem.with_changes(table=table))
    told = matching.explain("a", "m1")
    assert told.score is None
    assert "secret" not in f"{told}{told!r}"
    assert [part.name for part in told.parts] == ["skills"]
    instead = matching.why_not(*min({("a", "m1"), ("b", "m1")} - set(matching.ids)))
    assert "score" not in str(instead)
    assert all(seat.score is None for seat in matching.bottlenecks().seats)
    assert all("higher" not in str(one) for one in matching.unmatched.values())
    assert [change.criterion for change in matching.sensitivity().changes] == ["skills", "skills"]


@given(score_problems(most=4))
@settings(max_examples=60)
def test_why_not_tells_the_rule_or_the_true_cost(problem):
    """A pair that is left out is forbidden, or keeping it gives what the best of all answers with it is worth."""
    matching = OptimalMatching().match(problem)
    for recipient, provider in (
        (r, p) for r in problem.recipients for p in problem.providers if (r, p) not in matching.ids
    ):
        told = matching.why_not(recipient, provider)
        i, j = problem.row[recipient], problem.column[provider]
        if not problem.eligible[i, j]:
            assert told.forbidden_by
        elif not problem.demand[i] or not problem.capacity[j]:
            assert told.instead is None
            assert "takes 0" in str(told)
        else:
            assert told.instead is not None
            kept = problem.with_changes(locked={(recipient, provider)})
            worth = value(kept, [(kept.row[r], kept.column[p]) for r, p in OptimalMatching().match(kept).ids])
            mine = value(problem, [(problem.row[r], problem.column[p]) for r, p in matching.ids])
            cover = problem.objective is Objective.COVER
            change = (told.instead.served, told.instead.points) if cover else (None, told.instead.points)
            place = 2 if cover else 0
            assert change == (worth[0] - mine[0] if cover else None, worth[place] - mine[place])


def test_questions_about_strangers_are_refused():
    """Somebody who is not in the problem, and a matched pair asked why not, are refused with a remedy."""
    matching = OptimalMatching().match(mentors_and_mentees())
    for ask in (matching.explain, matching.why_not):
        with pytest.raises(InvalidValue, match="'x' is not one of the problem"):
            ask("x", "m1")
        with pytest.raises(InvalidValue, match="check the id, and the order of the two"):
            ask("m1", "a")
    with pytest.raises(InvalidValue, match="are matched"):
        matching.why_not(*matching.ids[0])
    bare = Matching(matching.pairs, matching.unmatched, matching.provenance)
    with pytest.raises(InvalidValue, match="not kept with this matching"):
        bare.explain("a", "m1")


def test_the_reason_names_the_fewest_rules_to_lift():
    """Somebody whom one rule alone separates from a candidate reads which one; c fails one for m2, two for m1."""
    matching = OptimalMatching().match(mentors_and_mentees())
    (reason,) = matching.unmatched["c"].reasons
    assert reason.cause is Cause.NO_CANDIDATE
    assert reason.nearest == ("a mentor at least 1 above in level",)
    assert 'Without "a mentor at least 1 above in level" there would be a mentor.' in str(matching.unmatched["c"])


@given(people_problems().map(build))
@settings(max_examples=80)
def test_lifting_the_nearest_rules_gives_a_candidate(problem):
    """Without the rules that a reason names, there is a candidate; without any smaller set of rules there is none."""
    matching = OptimalMatching().match(problem)
    for person, entry in matching.unmatched.items():
        for reason in entry.reasons:
            if reason.cause is not Cause.NO_CANDIDATE or not reason.nearest or reason.got:
                continue
            table = problem.table
            for title in reason.nearest:
                fewer = problem.with_changes(table=table)
                assert not eligible_of(fewer, person, reason.side.value).any()
                table = table.lifting(title)
            assert eligible_of(problem.with_changes(table=table), person, reason.side.value).any()


def eligible_of(problem: MatchingProblem, person: str, side: str):
    if side == "recipient":
        return problem.eligible[problem.row[person]]
    return problem.eligible[:, problem.column[person]]


@given(score_problems(most=5, demand=1))
@settings(max_examples=150)
def test_a_shortage_is_a_witness(problem):
    """Those who share a shortage are eligible with its providers only, whose places are fewer than they are."""
    matching = OptimalMatching().match(problem)
    for person, entry in matching.unmatched.items():
        for reason in entry.reasons:
            assert (reason.cause is Cause.TOO_FEW_PLACES) <= (reason.shortage is not None)
            if reason.shortage is None:
                continue
            short = reason.shortage
            assert person in short.recipients
            rows = [problem.row[one] for one in short.recipients]
            reach = {problem.providers[j] for j in np.flatnonzero(problem.eligible[rows].any(axis=0))}
            assert reach <= set(short.providers)
            assert sum(problem.capacity[problem.column[one]] for one in reach) <= short.places < len(rows)


@given(score_problems(most=4, demand=1))
@settings(max_examples=150)
def test_the_missing_points_are_just_enough(problem):
    """With so many points more on one of her pairs she is in a best answer; with one fewer she is in none."""
    matching = OptimalMatching().match(problem)
    for person, entry in matching.unmatched.items():
        missing = next((one.missing for one in entry.reasons if one.missing is not None), None)
        if missing is None:
            continue
        i = problem.row[person]
        assert any(in_a_best_answer(problem, i, j, missing) for j in np.flatnonzero(problem.eligible[i]))
        if missing:
            assert not any(in_a_best_answer(problem, i, j, missing - 1) for j in np.flatnonzero(problem.eligible[i]))


def in_a_best_answer(problem: MatchingProblem, i: int, j: int, more: int) -> bool:
    """Whether a best answer has the pair at (i, j) once its score is higher by ``more`` points."""
    if not problem.demand[i] or not problem.capacity[j]:
        return False
    points = problem.points.copy()
    points[i, j] += more
    other = problem.with_changes(table=ScoreTable(points, problem.eligible, 1))
    best = best_by_trying(other)
    kept = OptimalMatching().match(other.with_changes(locked={(problem.recipients[i], problem.providers[j])}))
    return value(other, [(other.row[r], other.column[p]) for r, p in kept.ids]) == best


def test_outbid_people_read_what_would_have_been_enough():
    """The text of somebody who was outbid tells the score that was missing, or that the lot decided."""
    matching = OptimalMatching().match(MatchingProblem.from_scores([[5], [3]]))
    assert matching.why_unmatched("r1") == (
        "As a mentee: the only eligible mentor (of 1) was matched with 1 other mentee. "
        "These 2 mentees can only reach 1 place. A score higher by 2 would have been enough."
    )
    drawn = OptimalMatching().match(MatchingProblem.from_scores([[5], [5]]))
    assert "decided by lot" in str(next(iter(drawn.unmatched.values())))


def test_a_difference_tells_who_changed():
    """The difference of two matchings has what is new, what is gone and whom it concerns, in words and as a table."""
    scores = [[5, 0], [4, 3]]
    old = OptimalMatching().match(MatchingProblem.from_scores(scores))
    new = old.with_barred([("r0", "p0")])
    assert (new.changes.added, new.changes.dropped) == ((("r0", "p1"), ("r1", "p0")), (("r0", "p0"), ("r1", "p1")))
    assert new.changes.people == ("p0", "p1", "r0", "r1")
    assert str(new.changes) == "2 pairs new, 2 gone, 0 kept; as many served, total score -4."
    assert "<table>" in new.changes._repr_html_()
    assert str(old.diff(old)) == "nothing changes."


def test_matchings_of_other_people_are_not_compared():
    """A difference of matchings with other ids on either side is refused; with people taken out it is told."""
    old = OptimalMatching().match(MatchingProblem.from_scores([[5, 0], [4, 3]]))
    for ids in ({"recipients": ["r0", "r2"]}, {"providers": ["p0", "p2"]}):
        other = OptimalMatching().match(MatchingProblem.from_scores([[5, 0], [4, 3]], **ids))
        with pytest.raises(InvalidValue, match="is a matching of other people; compare matchings with the same ids"):
            old.diff(other)
    assert old.without("r0").diff(old).dropped == (("r0", "p0"), ("r1", "p1"))


def test_what_is_empty_is_said_in_a_sentence():
    """Without rules, seats of value or weights there is a sentence and no heading; with them there is the table."""
    bare = OptimalMatching().match(MatchingProblem.from_scores([[1, 1]]))
    assert str(bare.bottlenecks()) == (
        "There is no rule to lift.\n\nNo provider is known whose further seat would bring anything."
    )
    assert str(bare.sensitivity()).startswith("There is no weight to change.\n0 of 1")
    assert "no rule to lift" in bare.bottlenecks()._repr_html_()
    assert "no weight to change" in bare.sensitivity()._repr_html_()
    full = OptimalMatching().match(mentors_and_mentees())
    assert "There is no" not in f"{full.bottlenecks()}{full.sensitivity()}"
    assert "without the rule" in str(full.bottlenecks())
    assert "pairs changed" in str(full.sensitivity())


@given(score_problems(most=4), st.data())
@settings(max_examples=60)
def test_edits_are_kept_verified_and_recorded(problem, data):
    """Locked pairs are there, barred ones and people taken out are not; each edit is on record, in order."""
    matching = OptimalMatching().match(problem)
    assume(matching.pairs)
    barred = data.draw(st.sampled_from(matching.ids))
    without = matching.with_barred([barred])
    assert barred not in without.ids
    without.verify(without.problem)
    back = without.with_locked([barred])
    assert barred in back.ids
    gone = data.draw(st.sampled_from(sorted({person for pair in matching.ids for person in pair})))
    fewer = matching.without([gone])
    assert gone not in {person for pair in fewer.ids for person in pair}
    assert gone not in fewer.unmatched
    assert [edit.action for edit in back.provenance.edits] == ["barred", "locked"]
    assert back.provenance.edits[0].what == (f"{barred[0]}+{barred[1]}",)
    assert back.changes == back.diff(without)


def test_who_was_taken_out_is_told_so():
    """Of people taken out by an edit it is said, of the others not, and strangers are refused as before."""
    matching = OptimalMatching().match(MatchingProblem.from_scores([[1, 1], [1, 1]]))
    edited = matching.without(["r0", "p1"]).with_locked([("r1", "p0")])
    assert [edited.why_unmatched(one) for one in ("r0", "p1", "r1")] == ["Taken out by an edit."] * 2 + [""]
    with pytest.raises(InvalidValue, match="'x' is neither matched nor left"):
        edited.why_unmatched("x")


def test_an_edit_that_cannot_be_is_refused():
    """Locking a forbidden pair, or more than somebody takes, is refused, and strangers are."""
    matching = OptimalMatching().match(MatchingProblem.from_scores([[1, 1], [1, 1]], eligible=[[1, 1], [0, 1]]))
    with pytest.raises(InfeasibleProblem, match="'r1', 'p0' may not be matched"):
        matching.with_locked([("r1", "p0")])
    with pytest.raises(InfeasibleProblem, match="'p1' has 2 locked pairs"):
        matching.with_locked([("r0", "p1"), ("r1", "p1")])
    with pytest.raises(InvalidValue, match="'x' is not"):
        matching.without(["x"])
    with pytest.raises(InvalidValue, match="'x' is not"):
        matching.with_barred([("x", "p0")])


def test_the_input_hash_tells_problems_apart():
    """The same input in any order has one hash; another score, capacity, lock or seed has another."""
    scores = [[1, 2], [3, 4]]
    base = MatchingProblem.from_scores(scores)
    turned = MatchingProblem.from_scores([[4, 3], [2, 1]], recipients=["r1", "r0"], providers=["p1", "p0"])
    assert OptimalMatching().match(base).provenance.input_hash == turned.fingerprint
    others = [
        MatchingProblem.from_scores([[1, 2], [3, 5]]),
        MatchingProblem.from_scores(scores, capacity=2),
        MatchingProblem.from_scores(scores, seed=1),
        MatchingProblem.from_scores(scores, locked=[("r0", "p0")]),
        MatchingProblem.from_scores(scores, objective="score"),
        base.with_changes(barred=[("r0", "p0")]),
    ]
    assert len({base.fingerprint, *(other.fingerprint for other in others)}) == 1 + len(others)


@given(people_problems().map(build))
@settings(max_examples=40)
def test_bottlenecks_are_what_solving_again_finds(problem):
    """Each rule's gain is that of the problem without it, never below 0 people for *cover*; seats are as priced."""
    matching = OptimalMatching().match(problem)
    found = matching.bottlenecks()
    assert {one.title for one in found.rules} == set(problem.table.rules)
    for one in found.rules:
        other = OptimalMatching().match(problem.with_changes(table=problem.table.lifting(one.title)))
        assert one.served == len(served(other)) - len(served(matching))
        if problem.objective is Objective.COVER:
            assert one.served >= 0
        else:
            assert one.score >= 0
    worth = problem.worth()
    for seat in found.seats[:3]:
        more = [most + (who == seat.provider) for who, most in zip(problem.providers, problem.capacity, strict=True)]
        other = OptimalMatching().match(problem.with_changes(capacity=tuple(more)))
        gain = gained(problem, worth, other) - gained(problem, worth, matching)
        assert gain == seat.value
    assert str(found)


def gained(problem: MatchingProblem, worth, matching: Matching) -> int:
    """What an answer gains by the worth of the problem it was first asked of."""
    points = worth.scale * matching.total_points + worth.each * len(matching.pairs)
    return points + sum(int(worth.first[problem.row[one]]) for one in served(matching))


def test_a_bottleneck_is_found_in_a_story():
    """One mentor whom everybody needs: one more place with her serves one more, and so does lifting the level rule."""
    matching = OptimalMatching().match(mentors_and_mentees())
    found = matching.bottlenecks()
    assert [(one.title, one.served) for one in found.rules] == [
        ("a mentor at least 1 above in level", 1),
        ("a different department", 1),
    ]
    assert [(seat.provider, seat.served) for seat in found.seats] == [("m1", 1)]
    assert "without the rule" in str(found)
    assert "<table>" in found._repr_html_()


@given(score_problems(most=4, demand=1), st.sampled_from([StableMatching(), EgalitarianMatching()]), st.integers(0, 5))
@settings(max_examples=60)
def test_without_prices_seats_are_what_solving_again_finds(problem, strategy, top):
    """The seats of providers without a free place are solved again, as many as asked, and the note counts them."""
    problem = problem.with_changes(objective=Objective.COVER)
    matching = strategy.match(problem)
    found = matching.bottlenecks(top)
    loads = {who: sum(pair.provider == who for pair in matching.pairs) for who in problem.providers}
    full = {who for who, most in zip(problem.providers, problem.capacity, strict=True) if 0 < most == loads[who]}
    assert len(found.seats) == min(top, len(full))
    assert {seat.provider for seat in found.seats} <= full
    assert f"Looked at: {len(found.seats)} of {len(full)} mentor" in found.note
    assert ("no prices tell of the others" in found.note) == (len(full) > len(found.seats))
    assert str(found).endswith(found.note)
    for seat in found.seats:
        more = [most + (who == seat.provider) for who, most in zip(problem.providers, problem.capacity, strict=True)]
        change = strategy.match(problem.with_changes(capacity=more)).diff(matching)
        assert (seat.served, seat.score, seat.value) == (change.served, change.score, None)


def test_the_most_sought_after_are_looked_at_first():
    """Whom most of those would take who are left, or have somebody they rank lower, is solved again before others."""
    wishes = {"a": ["x", "y"], "b": ["x", "y"], "c": ["x", "y"], "d": ["z"]}
    everybody = ["a", "b", "c", "d"]
    problem = MatchingProblem.from_preferences(wishes, {"x": everybody, "y": everybody, "z": everybody})
    matching = StableMatching().match(problem)
    assert [seat.provider for seat in matching.bottlenecks(1).seats] == ["x"]
    found = matching.bottlenecks(3)
    assert [(seat.provider, seat.served) for seat in found.seats] == [("x", 1), ("y", 1), ("z", 0)]
    assert found.note == "Looked at: 3 of 3 mentors without a free place, the most sought after first."
    assert "Looked at: 3 of 3" in found._repr_html_()
    hours = MatchingProblem.from_scores([[9], [8]]).with_changes(minutes=(60, 90), budget=(300,))
    assert [(one.provider, one.served) for one in OptimalMatching().match(hours).bottlenecks().seats] == [("p0", 1)]


def test_of_pools_and_of_strategies_that_refuse_no_seat_is_known():
    """Pairs and circles of peers, and a strategy that takes no more places, say that nothing is known of seats."""
    pool = MatchingProblem.from_pool(scores=np.ones((4, 4)))
    for strategy in (PeerMatching(), PeerMatching("2-4")):
        found = strategy.match(pool).bottlenecks()
        assert (found.seats, "is not known for pairs and circles" in str(found)) == ((), True)
    found = _OneEach().match(MatchingProblem.from_scores([[1], [1]])).bottlenecks()
    assert (found.seats, "the strategy cannot be asked" in str(found)) == ((), True)


class _OneEach(MatchingStrategy):
    """Knows no capacities and proves nothing."""

    name = "one-each"

    def solve(self, problem):
        return [("r0", "p0")]


@given(score_problems(most=4))
@settings(max_examples=100)
def test_pairs_in_every_best_answer_are_just_those(problem):
    """A pair is in every best answer if and only if barring it makes the best answer worse."""
    matching = OptimalMatching().match(problem)
    always = set(matching.sensitivity().always)
    best = best_by_trying(problem)
    for pair in matching.ids:
        assert (best_by_trying(problem.with_changes(barred={pair})) < best) == (pair in always)


def test_sensitivity_counts_changed_pairs():
    """Two criteria that pull in two directions: a tenth more weight on one of them turns the answer."""
    listed = [
        Person("p0", attributes={"x": "1", "y": "0"}),
        Person("p1", attributes={"x": "0", "y": "1"}),
        Person("r0", attributes={"x": "1", "y": "1"}),
    ]
    enrolled = [Enrollment(one.id, Role.PROVIDER if one.id[0] == "p" else Role.RECIPIENT) for one in listed]
    problem = MatchingProblem.from_people(
        listed, enrolled, criteria=[Same("x", name="x", weight=1.05), Same("y", name="y", weight=1.0)]
    )
    found = OptimalMatching().match(problem).sensitivity(10)
    assert {(one.criterion, one.percent): one.changed for one in found.changes} == {
        ("x", -10): 1,
        ("x", 10): 0,
        ("y", -10): 0,
        ("y", 10): 1,
    }
    assert found.always == (("r0", "p0"),)
    assert found.steady == ()
    assert "1 of 1 pairs are in every best answer" in str(found)
    with pytest.raises(InvalidValue, match="percent"):
        OptimalMatching().match(problem).sensitivity(100)


def test_columns_are_plain_values():
    """The columns have one value a pair, part by part, and nothing that must not be shown."""
    matching = OptimalMatching().match(mentors_and_mentees())
    columns = matching.to_columns()
    assert list(columns) == ["recipient", "provider", "score", "band", "skills"]
    assert columns["score"] == [pair.score for pair in matching.pairs]
    assert {type(item) for column in columns.values() for item in column} <= {str, float}
    assert OptimalMatching().match(MatchingProblem.from_scores(np.empty((0, 0)))).to_columns()["score"] == []


def test_people_taken_out_do_not_need_their_minimum():
    """A provider who is taken out no longer has to reach her minimum load."""
    listed = [Person("m"), Person("a")]
    enrolled = [Enrollment("m", Role.PROVIDER, Capacity(2, 1)), Enrollment("a", Role.RECIPIENT)]
    matching = OptimalMatching().match(MatchingProblem.from_people(listed, enrolled))
    assert matching.without("m").pairs == ()


class _SameStreet(Constraint):
    """A third party's rule that knows more than its title."""

    name = "same-street"

    def forbids(self, case):
        return case.recipient.department == case.provider.department

    def title(self, titles):
        return f"a {titles.provider} from elsewhere"

    def reason(self, case, titles):
        return f"{case.recipient.id} and {case.provider.id} both work in {case.recipient.department}"


@pytest.mark.parametrize("pool", [False, True])
def test_a_rule_says_in_its_own_words_why_it_forbids(pool):
    """What a rule's reason tells of a pair stands in why_not and in explain; others are told by their titles."""
    people = [Person("a", department="sales", level=1), Person("b", department="sales", level=1)]
    parts = [Enrollment("a", Role.RECIPIENT), Enrollment("b", Role.PROVIDER)]
    known = {"constraints": [_SameStreet(), AboveInLevel()]}
    make = MatchingProblem.from_pool if pool else MatchingProblem.from_people
    problem = make(people, parts, **known)
    matching = (PeerMatching() if pool else OptimalMatching()).match(problem)
    told = 'a and b both work in sales; the pair fails "a mentor above in level"'
    assert str(matching.why_not("a", "b")).endswith(f"may not be matched: {told}.")
    assert str(matching.explain("a", "b")) == f"a and b: not matched; {told}."
