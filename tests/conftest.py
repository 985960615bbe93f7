"""Profiles for the property tests: quick by default, thorough with HYPOTHESIS_PROFILE=thorough."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# Temporary files stay in the checkout (see addopts); pytest makes the last folder of the path only.
Path("build").mkdir(exist_ok=True)
