"""What this package brings keeps the promises of devrel."""

from __future__ import annotations

from devrel_roundtable import ROUNDTABLE, RoundByRound, ThemesInCommon, long_rounds

from devrel.testing import Check, parametrize_with_checks, validator_checks


@parametrize_with_checks(
    [RoundByRound, ThemesInCommon(), ROUNDTABLE, *validator_checks(long_rounds, kinds=[ROUNDTABLE])]
)
def test_it_conforms(check: Check) -> None:
    """Each check of the kit holds."""
    check()
