"""The strategies that come with the library, used as somebody else would."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import HealthCheck, given, settings

from devrel.kinds import KINDS, SPONSORING
from devrel.lifecycle import Stage
from devrel.testing import strategies

WITHOUT = """
import sys
sys.modules["hypothesis"] = None
try:
    import devrel.testing
except ImportError as error:
    print(type(error).__name__, error)
"""


def test_without_hypothesis_the_error_names_the_extra():
    """Who imports the strategies without hypothesis is told which extra brings it."""
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("MissingExtra devrel.testing needs hypothesis; install")
    assert "[testing]" in done.stdout


def test_nothing_but_the_strategies_loads_hypothesis():
    """Importing every public name of the library loads no hypothesis."""
    code = "import devrel, sys; [getattr(devrel, n) for n in devrel.__all__]; print('hypothesis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@settings(suppress_health_check=list(HealthCheck))
@given(strategies.relationships(kinds=[SPONSORING]))
def test_a_strategy_keeps_to_the_kinds_it_is_given(relationship):
    """Relationships are of the kinds that were asked for."""
    assert relationship.kind == SPONSORING


def test_every_kind_and_the_stages_of_a_life_are_drawn():
    """Among some hundred examples there are all kinds, and relationships before, in and after their active time."""
    drawn = []

    @settings(max_examples=200, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(strategies.relationships(most=4))
    def draw(relationship):
        drawn.append((relationship.kind, relationship.stage))

    draw()
    assert len({kind for kind, _ in drawn}) > len(KINDS) // 2
    assert {stage for _, stage in drawn} >= {Stage.PROPOSED, Stage.AGREEING, Stage.ACTIVE}
    assert any(stage.final for _, stage in drawn)
