"""Matches residents and hospitals with matching, as its documentation shows: dictionaries, ``HospitalResident``.

It copies its players with ``copy.deepcopy``, which follows them from list to list: beyond about 50 players it ends at
Python's limit of recursion. The limit is raised here, in a thread with a large stack, so that it can be measured.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from matching.games import HospitalResident
from stopwatch import Pairs, Problem, serve


def match(problem: Problem) -> Pairs:
    """Return the stable pairs that are best for the residents."""
    capacity = dict.fromkeys(problem["hospitals"], 1)
    game = HospitalResident.create_from_dictionaries(problem["residents"], problem["hospitals"], capacity)
    solved = game.solve(optimal="resident")
    return [(resident.name, hospital.name) for hospital, residents in solved.items() for resident in residents]


if __name__ == "__main__":
    sys.setrecursionlimit(10**7)
    threading.stack_size(2**29)
    thread = threading.Thread(target=serve, args=[match])
    thread.start()
    thread.join()
    sys.exit(not Path(sys.argv[2]).exists())  # an error in a thread ends the thread alone
