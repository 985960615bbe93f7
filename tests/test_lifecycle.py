"""Promise 2, the table: what may follow what, who may cause it, and what follows from it, row by row."""

from __future__ import annotations

import re

import pytest
from attrs import evolve

from devrel.errors import IllegalMove
from devrel.goals import CheckIn
from devrel.kinds import COACHING
from devrel.lifecycle import (
    LIVE_STAGES,
    MOVES,
    OPEN_STAGES,
    Accepted,
    Activated,
    Actor,
    ActorRole,
    Advocated,
    Amended,
    CheckedIn,
    Completed,
    Declined,
    Ended,
    EndedForConduct,
    Expired,
    Joined,
    Rated,
    Resumed,
    SessionHeld,
    SessionMissed,
    Stage,
    Withdrawn,
    move_for,
    moves_diagram,
    moves_table,
    possible,
)
from devrel.sessions import AdvocacyAct
from devrel.testing.strategies import START
from tests.beginnings import ADMIN, MENTEE, MENTOR, SYSTEM, active, later, proposed
from tests.moves import CALLS, CASES, GUARDS, LEADS, TWO_WAYS, brought, key, open_to, version
from tests.snapshot import assert_snapshot


def test_the_table_says_what_the_design_says():
    """Every stage, event and target of the table is in the hand-written one, and the other way round."""
    found = {stage.value: {} for stage in Stage}
    for move in MOVES:
        for stage in move.sources:
            target = None if move.target is None else move.target.value
            found[stage.value].setdefault(move.event.__name__, set()).add(target)
    expected = {
        stage: {event: {target, TWO_WAYS.get(event, target)} for event, target in leads.items()}
        for stage, leads in LEADS.items()
    }
    assert found == expected
    assert {stage: set(possible(Stage(stage))) for stage in LEADS} == {
        stage: set(leads) for stage, leads in LEADS.items()
    }


def test_final_stages_lead_nowhere():
    """No row leaves a final stage; every stage that is not final can be left, and live ones are open."""
    for move in MOVES:
        assert move.target is None or not any(source.final for source in move.sources)
    for stage in OPEN_STAGES:
        assert any(stage in move.sources and move.target not in {None, stage} for move in MOVES)
    assert {stage for stage in Stage if not stage.final} == OPEN_STAGES
    assert set(LIVE_STAGES) < OPEN_STAGES


def test_every_row_of_the_table_has_its_case():
    """No row is without a case, no case without a row, and each guard guards a row."""
    assert [key(move) for move in MOVES] == list(CASES)
    assert set(GUARDS.values()) == {guard for _, guard in CASES if guard is not None}


@pytest.mark.parametrize(
    ("move", "source"),
    [(move, source) for move in MOVES for source in move.sources],
    ids=lambda one: one.name if isinstance(one, Stage) else "-".join(filter(None, key(one))),
)
def test_a_row_leads_where_the_design_says_for_those_who_may(move, source):
    """From each of its stages the row is taken, leads to its target with its consequences, and refuses others."""
    case = CASES[key(move)]
    one = brought(source, case.config, case.early)
    if case.ready is not None:
        one = one.apply(case.ready(one))
    event = case.event(one)
    assert move_for(one.state, event) is move
    assert {consequence.name for consequence in one.consequences(event)} == set(case.then.split())
    after = one.apply(event)
    leads = {LEADS[source.value][type(event).__name__], TWO_WAYS.get(type(event).__name__, "nowhere")}
    assert (None if move.target is None else move.target.value) in leads
    assert after.stage is (move.target or source)
    assert after.history == (*one.history, event)
    assert {role.value for role in move.who} == set(case.who.split())
    everybody = {role for row in MOVES if row.event is move.event and source in row.sources for role in row.who}
    for role in set(ActorRole) - everybody:
        with pytest.raises(IllegalMove, match=f": only the .* may do it|: only the {role.value}"):
            one.apply(evolve(event, actor=evolve(event.actor, role=role)))
    for role in (ActorRole.PROVIDER, ActorRole.RECIPIENT):
        if role in move.who and move.event is not Joined:
            with pytest.raises(IllegalMove, match="the acting person is not a "):
                one.apply(evolve(event, actor=Actor(role, "stranger")))


@pytest.mark.parametrize(
    ("move", "source"),
    [(move, source) for move in MOVES for source in move.sources if move.guard is not None],
    ids=lambda one: one.name if isinstance(one, Stage) else "-".join(filter(None, key(one))),
)
def test_a_guard_refuses_with_its_reason(move, source):
    """Each guard, in each of its stages, refuses something with its own words, which the error repeats."""
    case = CASES[key(move)]
    prepared = case.wrong_config is None
    one = brought(source, case.config if prepared else case.wrong_config, case.early)
    if case.ready is not None and prepared:
        one = one.apply(case.ready(one))
    event = (case.wrong or case.event)(one)
    reason = move.guard.broken(one.state, event)
    assert reason.startswith(case.reason)
    try:
        taken = move_for(one.state, event)
    except IllegalMove as refused:
        assert refused.reason == reason
        assert set(refused.allowed) == open_to(one, source.value, event.actor, type(event).__name__)
        with pytest.raises(IllegalMove):
            one.apply(event)
    else:
        assert taken is not move
        assert taken.event is move.event


# The table as people see it ---------------------------------------------------------------------------------------


def test_the_table_can_be_shown():
    """The rows for the reference page name every move, who may make it and what follows."""
    head, rows = moves_table()
    assert head == ["event", "from", "to", "who may", "provided that", "then"]
    for move, (event, sources, target, who, guard, then) in zip(MOVES, rows, strict=True):
        assert event == move.event.__name__
        assert sources.split(", ") == [stage.value for stage in move.sources]
        assert target == (move.target.value if move.target else "(unchanged)")
        assert set(who.split(", ")) == set(CASES[key(move)].who.split())
        assert guard == (move.guard.text if move.guard else "")
        assert len(then.split("; ")) == max(1, len(move.consequences))


def test_the_diagram_is_valid_and_complete():
    """Each line follows Mermaid's grammar; every stage is in it, and every move that changes the stage, once."""
    first, *lines = moves_diagram().splitlines()
    assert first == "stateDiagram-v2"
    grammar = re.compile(r"    (\[\*\]|[a-z]\w*) --> (\[\*\]|[a-z]\w*)(?:: ([A-Z]\w+(?:, [A-Z]\w+)*))?")
    arrows = [grammar.fullmatch(line).groups() for line in lines]
    drawn = [(source, target, name) for source, target, names in arrows for name in (names or "").split(", ")]
    moves = {("[*]", "proposed", "Proposed")}
    for stage, leads in LEADS.items():
        moves |= {(stage, target, event) for event, target in leads.items() if target not in {None, stage}}
        moves |= {(stage, "completed", one) for one in ("SessionHeld", "Advocated") if one in leads and one in TWO_WAYS}
        moves |= {(stage, "[*]", "")} if Stage(stage).final else set()
    assert sorted(drawn) == sorted(
        (source.replace(" ", "_"), target.replace(" ", "_"), name) for source, target, name in moves
    )


def refusals():
    """Return a handful of refused events, each with the relationship that refuses it."""
    half = proposed().apply(Accepted("a", MENTOR, START, 1))
    one = active(boundaries=["health"])
    over = one.apply(Ended("e", ADMIN, later(1)))
    return [
        (half, Activated("x", SYSTEM, START)),
        (half, Withdrawn("x", MENTOR, START)),
        (half, Expired("x", SYSTEM, START)),
        (half, Accepted("x", MENTEE, later(15), 1)),
        (proposed(COACHING), Amended("x", MENTOR, START, version(proposed(COACHING), goals=[CALLS]))),
        (one, Accepted("x", MENTEE, START, 1)),
        (one, EndedForConduct("x", MENTOR, START)),
        (one, Advocated("x", MENTEE, START, "o", AdvocacyAct.INTRODUCED)),
        (one, Ended("x", MENTOR, START)),
        (one, SessionHeld("x", MENTOR, START, topics=["health"])),
        (one, SessionMissed("x", MENTOR, START, 1)),
        (one, CheckedIn("x", MENTEE, START, 3, "calls", CheckIn(START.date(), 1))),
        (one, Completed("x", SYSTEM, START)),
        (active(COACHING), Advocated("x", MENTOR, START, "o", AdvocacyAct.INTRODUCED)),
        (over, SessionHeld("x", MENTOR, later(2))),
        (over, Resumed("x", MENTOR, START)),
        (proposed().apply(Declined("d", MENTEE, START)), Rated("x", MENTOR, later(2), 5)),
    ]


def test_refusals_read_well():
    """A handful of error texts, as they were read aloud: what was refused, why, and what is possible instead."""
    texts = []
    for one, event in refusals():
        with pytest.raises(IllegalMove) as refused:
            one.apply(event)
        texts.append(f"- {refused.value}\n")
    assert_snapshot("refusals.md", "# What a relationship says when it refuses\n\n" + "".join(texts))
