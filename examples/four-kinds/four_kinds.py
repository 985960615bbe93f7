"""Four relationships, one of each kind, from the need to the closing. None of these people exists.

Read it from top to bottom: every function is one relationship, and what they share comes last. A platform does the
same with people and events out of its own database. The library has no clock, every date is an argument.

    python four_kinds.py [--out FILE]      FILE gets the four relationships as JSON
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import fill
from typing import Any

from attrs import evolve

import devrel.lifecycle as event
from devrel import (
    Actor,
    AdvocacyAct,
    Agreement,
    Ask,
    Cadence,
    CareerStage,
    CheckIn,
    DevrelError,
    FollowUp,
    Goal,
    GoalForm,
    Horizon,
    KeyResult,
    Mode,
    Need,
    Note,
    Origin,
    Outcome,
    Party,
    Relationship,
    RelationshipKind,
    Role,
    Support,
    TermForm,
    Unit,
    Viewer,
    Weekday,
    WhoDirects,
    due,
    recommend,
    view_for,
)
from devrel.formats.json import dumps_relationships, loads_relationships
from devrel.validation import check


def mentoring() -> Relationship:
    """Matched by a program, extended once, completed at its end."""
    heading("Mentoring: mentor-1 and mentee-1")
    mentor, mentee, manager = Actor.provider("mentor-1"), Actor.recipient("mentee-1"), Actor.manager("manager-1")
    need = Need(CareerStage.EARLY, Horizon.FUTURE_ROLE, Ask.BROAD, how_long=TermForm.LONG_TERM)
    kind = recommended(need)

    # A draft has the kind's own term and cadence. Give what you know, then ask people for what is missing.
    cadence = Cadence(1, Unit.MONTH, Weekday.TUESDAY, zone="Europe/London")
    agreement = filled_in(
        Agreement.draft(kind, date(2026, 1, 13), cadence=cadence),
        kind,
        purpose="See more of the organisation than one department",
        goals=[Goal("Find out where in the company to work next", horizon=Horizon.FUTURE_ROLE)],
        hopes={Support.INTRODUCTIONS, Support.PERSPECTIVE},
        offers={Support.INTRODUCTIONS},
        boundaries=["pay"],
    )
    # Nobody asked for this pair, the program matched it: the system proposes, and both have to say yes.
    parties, system, program = pair("mentor-1", "mentee-1"), Actor.system(), "growth-2026"
    one = Relationship.propose(
        "mentoring-1", kind, parties, agreement, actor=system, at=at("2026-01-05"), program=program
    )
    one = record(one, event.Accepted("m-2", mentor, at("2026-01-06"), version=1))
    one = record(one, event.Accepted("m-3", mentee, at("2026-01-07"), version=1))
    one = do_what_is_due(one, date(2026, 1, 13))  # a daily job
    show_plan(one)
    one = record(one, event.SessionHeld("m-5", mentor, at("2026-01-13", 11), number=1, topics=["industry"]))
    # The manager suggests a focus to her own employee; the mentor never sees it.
    one = record(one, event.FocusSuggested("m-6", manager, at("2026-01-20"), to="mentee-1", areas=["customers"]))
    one = record(one, event.SessionMoved("m-7", mentee, at("2026-02-05"), number=2, to=at("2026-02-12", 14)))
    second = event.SessionHeld(
        "m-8",
        mentor,
        at("2026-02-12", 15),
        number=2,
        mode=Mode.COACHING,  # mentoring may hold sessions of the other three kinds
        topics=["networking", "skills-to-develop"],
        follow_ups=[FollowUp("Write to the head of logistics", owner="mentee-1", due=date(2026, 2, 20))],
        notes=[Note("mentor-1", "Surer of the work than of the people")],  # only who wrote it reads it
    )
    one = record(one, second)
    one = record(one, event.SessionCancelled("m-9", mentor, at("2026-03-06"), number=3))
    one = record(one, event.SessionHeld("m-10", mentor, at("2026-04-14", 11), number=4, topics=["politics"]))
    for session in one.sessions()[:5]:
        moved = f", moved from {session.planned_for:%Y-%m-%d}" if session.planned_for else ""
        notice = f", {'too late' if session.late else 'in time'}" if session.by else ""
        print(f"    {session.number}: {session.start:%Y-%m-%d %H:%M %Z} {session.status.value}{moved}{notice}")

    say_what_is_due(one, date(2026, 4, 20), date(2026, 6, 2))
    one = record(one, event.Reviewed("m-11", mentee, at("2026-06-03")))
    one = hold_the_rest(one, mentor, date(2026, 9, 30))

    # The term comes to its end, and both want more: the next version of the agreement, which both accept.
    say_what_is_due(one, date(2026, 10, 1))
    longer = one.agreement.extended(date(2027, 1, 12))
    one = record(one, event.Amended("m-12", mentee, at("2026-10-01"), agreement=longer))
    one = record(one, event.Accepted("m-13", mentee, at("2026-10-01"), version=longer.version))
    one = record(one, event.Accepted("m-14", mentor, at("2026-10-02"), version=longer.version))
    print(f"  Version {one.agreement.version} of the agreement holds now: {one.agreement.term}")
    one = hold_the_rest(one, mentor, date(2027, 1, 12))

    see(one, Viewer.manager("manager-1", of=["mentee-1"]), Viewer.public())
    see(one, Viewer.recipient("mentee-1"), Viewer.provider("mentor-1"))
    return record(one, event.Completed("m-15", mentee, at("2027-01-12", 12)))


def coaching() -> Relationship:
    """Requested by the coachee, measured by a key result, completed early."""
    heading("Coaching: coach-1 and coachee-1")
    coach, coachee = Actor.provider("coach-1"), Actor.recipient("coachee-1")
    need = Need(CareerStage.MIDDLE, ask=Ask.GOAL, directs=WhoDirects.ONESELF, how_long=TermForm.TIME_LIMITED)
    kind = recommended(need)

    talks = KeyResult("Talks given without notes", baseline=0, target=6, unit="talks", due=date(2026, 5, 31))
    goal = Goal("Speak freely in front of many people", GoalForm.SPECIFIC, [talks])
    cadence = Cadence(2, Unit.WEEK, Weekday.MONDAY, zone="Europe/London")
    draft = Agreement.draft(kind, date(2026, 2, 2), cadence=cadence, minutes=45)
    agreement = filled_in(draft, kind, goals=[goal], ethics="The code of our network of coaches")

    # The coachee asks for this coach. A request is a proposal like any other, and she accepts it as well.
    parties, how, program = pair("coach-1", "coachee-1"), Origin.REQUESTED, "coaches"
    one = Relationship.propose(
        "coaching-1", kind, parties, agreement, actor=coachee, at=at("2026-01-20"), origin=how, program=program
    )
    one = record(one, event.Accepted("c-2", coachee, at("2026-01-20"), version=1))
    one = record(one, event.Accepted("c-3", coach, at("2026-01-22"), version=1))
    one = do_what_is_due(one, date(2026, 2, 2))
    show_plan(one)

    # Readings rise and fall, and the goal keeps them all.
    for number, day, value in ((1, "2026-02-02", 2), (4, "2026-03-16", 1), (8, "2026-05-11", 4)):
        one = record(one, event.SessionHeld(f"c-held-{number}", coach, at(day, 11), number=number))
        reading = CheckIn(date.fromisoformat(day), value)
        one = record(one, event.CheckedIn(f"c-read-{number}", coachee, at(day, 12), 1, talks.name, reading))
        print(f"    {value} of {talks.target} {talks.unit}, progress {one.agreement.goals[0].progress:.0%}")

    # In coaching the coachee directs, so the coach cannot set another goal. The relationship stays as it was.
    easier = one.agreement.amended(goals=[Goal("Speak freely in small meetings", GoalForm.SPECIFIC)])
    try:
        one.apply(event.Amended("c-4", coach, at("2026-05-12"), agreement=easier))
    except DevrelError as error:
        tell(f"  {error}")

    say_what_is_due(one, date(2026, 5, 15), date(2026, 6, 1))
    one = record(one, event.CheckedIn("c-5", coachee, at("2026-06-08"), 1, talks.name, CheckIn(date(2026, 6, 8), 6)))
    see(one, Viewer.manager("manager-2", of=["coachee-1"]), Viewer.admin("coaches"))
    return record(one, event.CompletedEarly("c-6", coachee, at("2026-06-09")))


def advising() -> Relationship:
    """One question and one session, which completes it."""
    heading("Advising: advisor-1 and advisee-1")
    advisor, advisee = Actor.provider("advisor-1"), Actor.recipient("advisee-1")
    need = Need(horizon=Horizon.CURRENT_ROLE, ask=Ask.QUESTION, how_long=TermForm.SINGLE_SESSION)
    kind = recommended(need)

    # The term says within which days the session takes place, the cadence on which weekday and at what time.
    thursday = Cadence(weekday=Weekday.THURSDAY, zone="Europe/London")
    draft = Agreement.draft(kind, date(2026, 3, 2), cadence=thursday, minutes=30)
    question = Goal("Which contract do we need for a supplier abroad?", GoalForm.QUESTION)
    agreement = filled_in(draft, kind, goals=[question], scope="Purchasing, and no questions of tax")

    parties, how = pair("advisor-1", "advisee-1"), Origin.REQUESTED
    one = Relationship.propose("advising-1", kind, parties, agreement, actor=advisee, at=at("2026-02-25"), origin=how)
    one = record(one, event.Accepted("a-2", advisee, at("2026-02-25"), version=1))
    one = record(one, event.Accepted("a-3", advisor, at("2026-02-26"), version=1))
    one = do_what_is_due(one, date(2026, 3, 2))
    show_plan(one)
    say_what_is_due(one, date(2026, 3, 4), date(2026, 4, 2))
    return record(one, event.SessionHeld("a-5", advisor, at("2026-03-05", 11), number=1, topics=["the-question"]))


def sponsoring() -> Relationship:
    """Informal, judged by what the sponsor does, ended with notice and without fault."""
    heading("Sponsoring: sponsor-1 and beneficiary-1")
    sponsor, beneficiary = Actor.provider("sponsor-1"), Actor.recipient("beneficiary-1")
    kind = recommended(Need(horizon=Horizon.FUTURE_ROLE, directs=WhoDirects.THE_OTHER, opportunities=True))

    draft = Agreement.draft(kind, date(2026, 2, 16), exit_notice_days=14)
    sought = Goal("Lead a project of my own", GoalForm.OPPORTUNITY)
    agreement = filled_in(draft, kind, goals=[sought], benefit="Somebody to hand the region over to one day")

    # These two found each other. No program has a say in it, and nobody else learns of it.
    parties, how = pair("sponsor-1", "beneficiary-1"), Origin.INFORMAL
    one = Relationship.propose("sponsoring-1", kind, parties, agreement, actor=sponsor, at=at("2026-02-10"), origin=how)
    one = record(one, event.Accepted("s-2", sponsor, at("2026-02-10"), version=1))
    one = record(one, event.Accepted("s-3", beneficiary, at("2026-02-12"), version=1))
    one = record(one, event.Activated("s-4", sponsor, at("2026-02-16")))
    show_plan(one)

    project, talk = "Head of the warehouse project", "Talk at the spring meeting"
    one = record(one, event.Advocated("s-5", sponsor, at("2026-03-03"), project, AdvocacyAct.NOMINATED))
    one = record(one, event.Advocated("s-6", sponsor, at("2026-03-20"), talk, AdvocacyAct.GAVE_STAGE))
    one = record(one, event.OutcomeKnown("s-7", sponsor, at("2026-04-14"), advocacy="s-5", outcome=Outcome.WON))
    see(one, Viewer.manager("manager-3", of=["beneficiary-1"]), Viewer.recipient("beneficiary-1"))

    # The sponsor has no more time and gives the notice they agreed on; when it is over, the daily job ends it.
    one = record(one, event.ClosingBegun("s-8", sponsor, at("2026-04-20"), reason=event.EndReason.NO_TIME))
    say_what_is_due(one, date(2026, 4, 27))
    return do_what_is_due(one, date(2026, 5, 5))


def at(day: str, hour: int = 9) -> datetime:
    """Return a moment in UTC: every moment in the library knows its zone."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def pair(provider: str, recipient: str) -> tuple[Party, Party]:
    """Return the parties of a relationship of two."""
    return Party(provider, Role.PROVIDER), Party(recipient, Role.RECIPIENT)


def heading(text: str) -> None:
    """Print a title."""
    print(f"\n{text}\n{'-' * len(text)}")


def tell(text: str) -> None:
    """Print a text that may be long."""
    print(fill(text, 110, subsequent_indent="      "))


def recommended(need: Need) -> RelationshipKind:
    """Print which kind comes first for a need, and what speaks for it; return that kind."""
    first, second, *_ = recommend(need).fits
    print(f"  Recommended: {first.kind} ({first.fit:.2f}); next is {second.kind} ({second.fit:.2f})")
    tell(f"    because {'; '.join(map(str, first.speaks_for))}")
    return first.kind


_JUDGED = ("A001", "A004", "A005", "A011", "P011", "V001", "V007")
"""The rules about what is allowed and unusual; what the design of a program leaves out is not asked here."""


def filled_in(draft: Agreement, kind: RelationshipKind, **clauses: Any) -> Agreement:
    """Print what a draft lacks, then fill it in and print what is unusual; return the complete agreement."""
    print(f"  The draft: {draft.term}, {draft.minutes} minutes")
    for sentence in draft.missing_for(kind):
        print(f"    missing: {sentence}")
    agreement = evolve(draft, **clauses)  # nobody has seen the draft yet, so this is still version 1
    for finding in check(agreement, kind=kind, today=agreement.term.start, select=_JUDGED):
        print(f"    {finding.severity.value}: {finding.message} ({finding.code})")
    return agreement


def record(one: Relationship, happened: event.Event) -> Relationship:
    """Apply one event, and print it with what the platform has to do now; a relationship never changes in place."""
    if one.version == 1:  # the proposal itself is the first event
        print(f"  {one.history[0].at.date()} Proposed ({one.origin.value})")
    then = ", ".join(consequence.value for consequence in one.consequences(happened))
    after = one.apply(happened)
    stage = f", now {after.stage.value}" if after.stage is not one.stage else ""
    who = happened.actor.person or happened.actor.role.value
    tell(f"  {happened.at.date()} {type(happened).__name__} ({who}){stage}" + (f" -> {then}" if then else ""))
    return after


def show_plan(one: Relationship) -> None:
    """Print the first session and the last, each with the first question of its agenda."""
    planned = one.planned_sessions()
    print(f"  Sessions planned: {len(planned)}; the {one.kind.titles.of(planned[0].agenda.owner)} owns the agenda")
    for session in (planned[0], planned[-1])[: len(planned)]:
        print(f"    {session.number}: {session.start:%Y-%m-%d %H:%M %Z}: {session.agenda.items[0]}")


def hold_the_rest(one: Relationship, actor: Actor, up_to: date) -> Relationship:
    """Hold every session that is still planned up to a day."""
    left = one.planned_sessions(until=up_to)
    print(f"  Sessions {left[0].number} to {left[-1].number} are held")
    return one.apply_all(event.SessionHeld(f"held-{s.number}", actor, s.end, number=s.number) for s in left)


def say_what_is_due(one: Relationship, *days: date) -> None:
    """Print what time alone makes necessary."""
    for day in days:
        listed = "; ".join(f"{duty.kind.value} ({duty.text})" for duty in due(one, day))
        tell(f"  Due on {day}: {listed or 'nothing'}")


def do_what_is_due(one: Relationship, day: date) -> Relationship:
    """Apply the events that duties carry; a duty without one is for people to do."""
    say_what_is_due(one, day)
    for duty in due(one, day):
        one = record(one, duty.event) if duty.event else one
    return one


def see(one: Relationship, *viewers: Viewer) -> None:
    """Print what viewers see. Show people a view and never the relationship itself."""
    for viewer in viewers:
        view = view_for(one, viewer)
        items = sorted(item.value for item in view.shown) if view else ["nothing, not even that it exists"]
        tell(f"  Seen by the {viewer.role.value}: {', '.join(items)}")
        if view and view.topics is not None and view.notes is not None:  # None is hidden, empty is empty
            print(f"    topics {len(view.topics)}, follow-ups {len(view.follow_ups or ())}, notes {len(view.notes)}")


def main() -> None:
    """Tell the four stories, store them and load them again."""
    parser = argparse.ArgumentParser(description="Four relationships, one of each kind.")
    parser.add_argument("--out", type=Path, help="where to write the four relationships as JSON")
    out = parser.parse_args().out
    relationships = (mentoring(), coaching(), advising(), sponsoring())

    heading("Stored as JSON, loaded again")
    document = dumps_relationships(relationships)  # everything, private words included: for your own store
    if out:
        out.write_text(document, encoding="utf-8")
    loaded = loads_relationships(document)
    print(f"  equal to those stored: {loaded == relationships}\n")
    print(f"  {'kind':<12}{'origin':<11}{'sessions':<10}{'advocacies':<12}{'stage':<17}finished")
    for one in loaded:
        counted = f"{one.state.held:<10}{len(one.state.advocacies):<12}"
        print(f"  {one.kind.name:<12}{one.origin.value:<11}{counted}{one.stage.value:<17}{one.state.finished:%Y-%m-%d}")


if __name__ == "__main__":
    main()
