"""The round table: one talk about one theme, between a host and a guest."""

from __future__ import annotations

from devrel.kinds import ADVISING, Strategy, Timeline, Titles
from devrel.terms import TermForm

ROUNDTABLE = ADVISING.derive(
    "roundtable",
    source="our own",
    titles=Titles("host", "guest"),
    timeline=Timeline("one round", {TermForm.SINGLE_SESSION}, months=None),
    strategy=Strategy(
        "host and guest talk about a theme that both brought along",
        (
            "Which theme do we take?",
            "What do you know of it, and what do I?",
            "What will each of us try?",
        ),
    ),
)
"""Advising in one sitting, with an agenda of its own."""
