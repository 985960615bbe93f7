"""The facets of the kinds: for each, what it makes the library do."""

from __future__ import annotations

import pytest
from attrs import evolve

from devrel.agreements import Agreement, ManagerPart
from devrel.errors import IllegalMove, InvalidValue
from devrel.goals import Goal
from devrel.kinds import (
    ADVISING,
    COACHING,
    FLASH_MENTORING,
    GROUP_COACHING,
    GROUP_MENTORING,
    KINDS,
    MANAGER_COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    PEER_COACHING,
    SPONSORING,
    SUCCESSION,
    TEAM_COACHING,
    Clause,
    Composition,
    Control,
    Focus,
    GoalForm,
    Horizon,
    Item,
    Measure,
    Mode,
    Side,
    Strategy,
    Timeline,
    Titles,
    Verdict,
)
from devrel.lifecycle import Accepted, Activated, Actor, Advocated, SessionHeld, Stage
from devrel.programs import Program
from devrel.sessions import AdvocacyAct, Agenda
from devrel.terms import Cadence, Term, TermForm, Unit
from devrel.testing.strategies import START, acting
from devrel.validation import check
from tests.beginnings import MENTEE, MENTOR, ONCE, OPEN, SYSTEM, TODAY, accept_all, active, group, proposed

HALF_A_YEAR = Term.of_months(TODAY, 6)


def test_titles_are_the_words_of_every_message():
    """Documents, findings and refusals use the kind's own titles; several people are named as English names them."""
    alumni = MENTORING.derive("alumni", source="own", titles=Titles("guide", "traveller"))
    assert "# Alumni agreement" in Agreement.draft(alumni, TODAY).to_markdown(alumni)
    assert "- The guide sets goals and agenda." in Agreement.draft(alumni, TODAY).to_markdown(alumni)
    with pytest.raises(IllegalMove, match="only the guide may do it"):
        active(alumni).apply(Advocated("x", MENTEE, START, "o", AdvocacyAct.INTRODUCED))
    with pytest.raises(IllegalMove, match="the acting person is not a traveller in it"):
        proposed(alumni).apply(Accepted("x", Actor.recipient("p0"), START, 1))
    assert COACHING.titles.of(Side.PROVIDER, 2) == "coaches"
    assert SPONSORING.titles.of(Side.RECIPIENT, 2) == "beneficiaries"
    assert Titles("guide", "traveller").of(Side.RECIPIENT, 0) == "travellers"


FOCUS = [
    (MENTORING, GoalForm.THEME, True),
    (COACHING, GoalForm.THEME, False),
    (COACHING, GoalForm.SPECIFIC, True),
    (ADVISING, GoalForm.QUESTION, True),
    (ADVISING, GoalForm.SPECIFIC, False),
    (SPONSORING, GoalForm.OPPORTUNITY, True),
    (SPONSORING, GoalForm.QUESTION, False),
]


@pytest.mark.parametrize(("kind", "form", "enough"), FOCUS, ids=str)
def test_the_focus_says_what_a_goal_must_look_like(kind, form, enough):
    """Coaching needs a specific goal, advising a question, sponsoring an opportunity; mentoring takes a theme."""
    ready = accept_all(proposed(kind, goals=[Goal("a goal", form)]))
    if enough:
        assert ready.apply(Activated("go", SYSTEM, START)).stage is Stage.ACTIVE
    else:
        needed = kind.focus.needs.value
        with pytest.raises(IllegalMove, match=f"{kind.name} needs an? {needed}"):
            ready.apply(Activated("go", SYSTEM, START))


@pytest.mark.parametrize(
    ("kind", "horizon"),
    [(MANAGER_COACHING, Horizon.FUTURE_ROLE), (SUCCESSION, Horizon.CURRENT_ROLE)],
    ids=["the present job", "the next one"],
)
def test_the_focus_says_which_role_goals_are_about(kind, horizon):
    """A manager coaches in the present job, a successor grows into the next: a goal about the other is refused."""
    goal = Goal("a goal", GoalForm.SPECIFIC, horizon=horizon)
    assert Agreement.draft(kind, TODAY, goals=[goal]).missing_for(kind)[0].endswith(f"not about the {horizon.value}")


def test_team_goals_are_shared_and_group_goals_are_not():
    """A team's goal belongs to all; in group coaching everybody has her own, and neither takes the other's."""
    team, coached = group(1, 2), group(1, 3)
    own = [Goal("g", GoalForm.SPECIFIC, person=f"r{number}") for number in range(3)]
    shared = [Goal("g", GoalForm.SPECIFIC)]
    assert active(TEAM_COACHING, team, goals=shared).stage is Stage.ACTIVE
    assert active(GROUP_COACHING, coached, goals=own).stage is Stage.ACTIVE
    with pytest.raises(IllegalMove, match="the goals of team-coaching belong to all its coachees"):
        active(TEAM_COACHING, team, goals=own[:2])
    with pytest.raises(IllegalMove, match="every coachee needs a goal of her own"):
        active(GROUP_COACHING, coached, goals=own[:2])
    with pytest.raises(IllegalMove, match="belongs to somebody who is not a coachee in it"):
        active(COACHING, goals=[Goal("g", GoalForm.SPECIFIC, person="p0")])


def test_the_side_in_control_owns_the_agenda():
    """Who directs owns every session's agenda; turning the control round turns the owner round."""
    own = COACHING.derive("led", source="own", control=Control(Side.PROVIDER, "coach directed"))
    assert [Agenda.of(kind).owner for kind in (COACHING, own)] == [Side.RECIPIENT, Side.PROVIDER]
    assert "- The coach sets goals and agenda." in Agreement.draft(own, TODAY).to_markdown(own)
    assert "- Both set goals and agenda." in Agreement.draft(PEER_COACHING, TODAY).to_markdown(PEER_COACHING)


def test_the_timeline_gives_term_and_cadence_and_completes_a_single_session():
    """A draft has the kind's term and cadence; after the one session of a flash it is completed."""
    brief = Timeline(
        "time-limited", {TermForm.TIME_LIMITED}, months=2, cadence=Cadence(1, Unit.WEEK), usual_days=(7, 7)
    )
    own = MENTORING.derive("brief", source="own", timeline=brief)
    draft = Agreement.draft(own, TODAY)
    assert (draft.term, draft.cadence) == (Term.of_months(TODAY, 2), Cadence(1, Unit.WEEK))
    assert "usually meets every 7 to 7 days" in _remarks(evolve(draft, cadence=Cadence()), own, "A004")
    held = active(FLASH_MENTORING).apply(SessionHeld("s", MENTEE, START))
    assert held.stage is Stage.COMPLETED


def test_the_strategy_gives_the_agenda_and_the_measure():
    """A session is made of the strategy's points; advocacies count where the strategy is to advocate."""
    assert all(item.endswith("?") for item in Agenda.of(COACHING).items)
    own = MENTORING.derive("own", source="own", strategy=Strategy("walks", ("Where to?",), Measure.ADVOCACIES))
    assert Agenda.of(own).items == ("Where to?",)
    assert [kind.name for kind in KINDS if kind.strategy.measure is Measure.ADVOCACIES] == ["sponsoring"]
    single = active(own, term=ONCE).apply(SessionHeld("s", MENTOR, START))
    assert single.stage is Stage.ACTIVE


@pytest.mark.parametrize(
    ("kind", "people", "proposable", "startable"),
    [
        (GROUP_MENTORING, group(1, 2), True, False),
        (GROUP_MENTORING, group(1, 3), True, True),
        (GROUP_MENTORING, group(1, 8), True, True),
        (GROUP_MENTORING, group(1, 9), False, False),
        (GROUP_MENTORING, group(2, 3), False, False),
        (TEAM_COACHING, group(2, 2), True, True),
        (TEAM_COACHING, group(1, 1), True, False),
        (TEAM_COACHING, group(1, 2, 1), False, False),
        (GROUP_COACHING, group(1, 16), False, False),
        (MUTUAL_MENTORING, group(0, 0, 2), True, True),
        (MUTUAL_MENTORING, group(1, 1), False, False),
        (MUTUAL_MENTORING, group(0, 0, 3), False, False),
        (PEER_COACHING, group(1, 1), False, False),
        (MENTORING, group(2, 4, 1), True, True),
    ],
    ids=lambda value: f"{len(value)} people" if isinstance(value, tuple) else str(value),
)  # fmt: skip
def test_the_composition_limits_who_takes_part(kind, people, proposable, startable):
    """Too many are refused at once, too few at the start; mutual kinds need everybody on both sides."""
    if not proposable:
        with pytest.raises(InvalidValue, match=f"parties: it takes {kind.composition.text}"):
            proposed(kind, people)
    elif not startable:
        with pytest.raises(IllegalMove, match=f"it takes {kind.composition.text}, and there (is|are)"):
            active(kind, people)
    else:
        assert active(kind, people).stage is Stage.ACTIVE


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("mode", Mode, ids=lambda mode: mode.value)
def test_a_session_of_any_kind_may_have_been_of_any_mode(kind, mode):
    """What was held is recorded as it was; only mentoring and its derived kinds mean to hold all modes."""
    people = {GROUP_MENTORING: group(1, 3), GROUP_COACHING: group(1, 3), TEAM_COACHING: group(1, 2)}.get(kind)
    started = active(kind, people)
    held = SessionHeld("s", acting(started.parties[0]), START, mode=mode)
    assert started.apply(held).state.held == 1
    assert (mode in kind.modes) is (kind.mode in {Mode.MENTORING, mode})


def test_what_a_kind_requires_must_be_in_the_agreement():
    """A clause added to a kind stops the start until the agreement has it."""
    own = MENTORING.derive("own", source="own", requires={Clause.ETHICS})
    with pytest.raises(IllegalMove, match="it must state the code of ethics"):
        active(own, ethics="")
    assert active(own, ethics="a code").stage is Stage.ACTIVE


def test_constraints_and_schools_reach_the_matching():
    """A program has the constraints of its kind and its school, but those it lifts; no school is imposed."""
    program = Program("p", MENTORING, OPEN)
    chosen = evolve(program, school="other-view")
    assert [one.name for one in program.constraints] == ["not-own-manager"]
    assert [one.name for one in chosen.constraints] == ["not-own-manager", "above-in-level", "different-department"]
    assert [one.name for one in evolve(chosen, lifted=["above-in-level"]).constraints][1:] == ["different-department"]
    assert Program("p", COACHING, HALF_A_YEAR).constraints == ()


def test_what_the_manager_sees_goes_into_the_agreement():
    """Unless the parties agree otherwise the document tells what the kind says; telling more is unusual."""
    told = Agreement.draft(SPONSORING, TODAY, manager=ManagerPart({Item.GOALS, Item.EXISTENCE}))
    assert "manager may know: that it exists.\n" in Agreement.draft(SPONSORING, TODAY).to_markdown(SPONSORING)
    assert "in sponsoring the manager is usually not told: goals and progress" in _remarks(told, SPONSORING, "V007")
    open_kind = SPONSORING.derive("open", source="own", manager_sees={Item.GOALS})
    assert not _remarks(told, open_kind, "V007")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Focus("x", ()), "accepts: must have a form of goal at least"),
        (lambda: Focus("x", {GoalForm.THEME}, GoalForm.SPECIFIC), "needs: is a form that is not accepted"),
        (lambda: Focus("x", {GoalForm.THEME}, horizons=()), "horizons: must have a role at least"),
        (lambda: Timeline("x", ()), "forms: must have a form at least"),
        (lambda: Timeline("x", {TermForm.LONG_TERM}, usual_days=(9, 1)), "usual_days: must go from the fewest"),
    ],
    ids=["no form", "needs", "no horizon", "no term", "days"],
)
def test_a_facet_that_contradicts_itself_is_refused(make, said):
    """What no goal or term could ever meet is no facet."""
    with pytest.raises(InvalidValue, match=said):
        make()


def test_facets_read_as_their_cells():
    """Every facet shows its cell; a cadence in the usual range fits, and none is judged where no source says one."""
    own = Composition("three friends")
    assert [str(one) for one in (own, MENTORING, Focus("f", GoalForm))] == ["three friends", "mentoring", "f"]
    assert COACHING.timeline.judge_cadence(Cadence(1, Unit.WEEK)) is Verdict.FITS
    assert COACHING.timeline.judge_cadence(Cadence(3)) is Verdict.UNUSUAL
    assert ADVISING.timeline.judge_cadence(Cadence(99)) is Verdict.FITS
    assert evolve(MENTORING.timeline, months=None).default_term(TODAY) == ONCE


def _remarks(agreement, kind, code):
    return "".join(finding.message for finding in check(agreement, kind=kind, today=TODAY, select=[code]))
