"""Matches the problem with mentor-match, as its README shows: people, one list of rules, ``process_data``.

``process_data`` runs one round of one-to-one assignment for each list of rules, and every further round gives people
a second and a third partner. One list is one round, which is the problem that devrel gets. Nothing is mended here: a
pair that the peer disqualifies scores 0, as an allowed pair may, so that its solver cannot tell the two apart; it
then leaves out the disqualified pairs that were chosen, and the people in them have nobody.
"""

from __future__ import annotations

import operator

from matching.match import Match
from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules.rule import Disqualify, Equivalent, Grade
from stopwatch import Pairs, Problem, serve


def match(problem: Problem) -> Pairs:
    """Return the pairs that the peer marks as successful."""
    mentors = [Mentor(**row) for row in problem["mentors"]]
    mentees = [Mentee(**row) for row in problem["mentees"]]
    process_data(mentors, mentees, [_rules(problem["rules"])])
    return [(mentee.email, mentor.email) for mentee in mentees for mentor in mentee.mentors]


def _rules(rules: Problem) -> list[Disqualify | Equivalent | Grade]:
    worth = rules["points"]
    low, high = rules["lowest_gap"], rules["highest_gap"]

    def same_organisation(case: Match) -> bool:
        return bool(case.mentor.organisation == case.mentee.organisation)

    def wrong_gap(case: Match) -> bool:
        return not low <= case.mentor.grade - case.mentee.grade <= high

    # The peer takes the rules from the end and stops at the first that disqualifies: this order is its fastest.
    return [
        Equivalent("profession", {True: worth["profession"], False: 0}),
        Grade(rules["best_gap"], operator.eq, {True: worth["gap"], False: 0}),
        Equivalent("role", {True: worth["role"], False: 0}),
        Disqualify(same_organisation),
        Disqualify(wrong_gap),
    ]


if __name__ == "__main__":
    serve(match)
