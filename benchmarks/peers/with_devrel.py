"""Matches the problem with devrel."""

from __future__ import annotations

from stopwatch import Pairs, Problem, serve

from devrel.matching import Different, Gap, MatchingProblem, Near, Objective, OptimalMatching, Same
from devrel.people import Enrollment, Person, Role


def match(problem: Problem) -> Pairs:
    """Return the pairs with the most points."""
    rules = problem["rules"]
    worth = rules["points"]
    rows = [*problem["mentors"], *problem["mentees"]]
    task = MatchingProblem.from_people(
        [_person(row) for row in rows],
        [
            *(Enrollment(row["email"], Role.PROVIDER) for row in problem["mentors"]),
            *(Enrollment(row["email"], Role.RECIPIENT) for row in problem["mentees"]),
        ],
        constraints=[
            Different("organization"),
            Gap("level", at_least=rules["lowest_gap"], at_most=rules["highest_gap"]),
        ],
        # Grades are whole, so a nearness that is gone one grade away is 1 at the best gap and 0 elsewhere. Weights
        # of 5, 3 and 2 divide devrel's million points without a rest: its scores are the problem's points exactly.
        criteria=[
            Same("profession", weight=worth["profession"]),
            Near("level", wanted=rules["best_gap"], within=1, weight=worth["gap"]),
            Same("role", weight=worth["role"]),
        ],
        # Most points first, as the peer has it. devrel's usual objective, cover, would first serve more people.
        objective=Objective.SCORE,
    )
    return [(pair.recipient, pair.provider) for pair in OptimalMatching().match(task).pairs]


def _person(row: dict[str, str]) -> Person:
    return Person(
        row["email"],
        name=f"{row['first name']} {row['last name']}",
        email=row["email"],
        organization=row["organisation"],
        level=int(row["grade"]),
        attributes={"profession": row["profession"], "role": row["role"]},
    )


if __name__ == "__main__":
    serve(match)
