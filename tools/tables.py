"""Write the tables of the documentation that are made from the code.

A block stands between `<!-- generated: NAME -->` and `<!-- end -->`. Without an argument all blocks are rewritten; with
`--check` nothing is written, and the exit status is 1 if a block is not what the code says.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from importlib import import_module
from pathlib import Path

from devrel._display import markdown_table
from devrel._records import article
from devrel.banks import QUESTIONS, TOPICS, Phase
from devrel.duties import DutyKind
from devrel.formats import json as documents
from devrel.kinds import BASE_KINDS, KINDS, Clause, Comparison, Item, Mode, RelationshipKind, comparison
from devrel.lifecycle import MOVES, Consequence, Stage, moves_diagram, moves_table, possible
from devrel.matching import Claim, Feature
from devrel.matching.strategies import STRATEGIES
from devrel.visibility import matrix_table

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)


def base_kinds() -> str:
    """Return the comparison table of the four kinds that are not derived, with its note."""
    return _compared(comparison())


def derived_kinds() -> str:
    """Return the derived kinds with what each changes, one row a kind."""
    rows = [
        [kind.name, kind.base or "", str(kind.titles), str(kind.focus), str(kind.control), str(kind.timeline)]
        for kind in KINDS
        if kind.base
    ]
    return markdown_table(["kind", "derived from", "titles", "focus", "control", "timeline"], rows)


def origins() -> str:
    """Return the source of each kind, how many people it takes, and which constraints it brings."""
    rows = [[kind.name, kind.source, str(kind.composition), _codes(kind.constraints)] for kind in KINDS]
    return markdown_table(["kind", "source", "people", "constraints it brings"], rows)


def schools() -> str:
    """Return the schools that programs choose from."""
    rows = [
        [kind.name, f"`{school.name}`", school.text, school.source, _codes(school.constraints)]
        for kind in BASE_KINDS
        for school in kind.schools
    ]
    return markdown_table(["kind", "school", "what it says", "source", "constraints it brings"], rows)


def goals() -> str:
    """Return which goals each kind takes and needs, who sets them, and of which modes its agendas may be."""
    rows = [
        [
            kind.name,
            ", ".join(sorted(form.value for form in kind.focus.accepts)),
            kind.focus.needs.value if kind.focus.needs else "",
            "both" if kind.composition.mutual else kind.titles.of(kind.control.side),
            ", ".join(mode.value for mode in Mode if mode in kind.modes),
        ]
        for kind in KINDS
    ]
    header = ["kind", "goals it takes", "goal it needs", "who sets goals and agenda", "modes of its agendas"]
    return markdown_table(header, rows)


def required() -> str:
    """Return what an agreement of each kind must say before a relationship can start."""
    rows = [[kind.name, "; ".join(_required(kind))] for kind in KINDS]
    return markdown_table(["kind", "required before the start"], rows)


def agendas() -> str:
    """Return what the sessions of each kind start from."""
    own = [kind for kind in KINDS if kind.base is None or kind.strategy != _named(kind.base).strategy]
    return "\n\n".join(f"**{kind.name}**\n\n{_bullets(kind.strategy.prompts)}" for kind in own)


def questions() -> str:
    """Return the questions that come with the library, by mode and phase."""
    rows = [
        [one.kind or one.mode.value, one.phase.value, one.text, one.source]
        for phase in Phase
        for one in QUESTIONS
        if one.phase is phase
    ]
    return markdown_table(["for", "phase", "question", "source"], rows)


def topics() -> str:
    """Return the topics that come with the library."""
    rows = [
        [
            f"`{one.name}`",
            one.text,
            ", ".join(mode.value for mode in Mode if mode in one.modes),
            "yes" if one.remote else "",
            one.source,
        ]
        for one in TOPICS
    ]
    return markdown_table(["topic", "what it is about", "modes", "for remote people", "source"], rows)


def visibility() -> str:
    """Return who sees what in mentoring, before any agreement or consent."""
    header, rows = matrix_table(KINDS[0])
    return markdown_table(header, rows)


def manager() -> str:
    """Return what the recipient's manager sees in each kind."""
    rows = [[kind.name, ", ".join(item.value for item in Item if item in kind.manager_sees)] for kind in KINDS]
    return markdown_table(["kind", "the recipient's manager sees"], rows)


def duties() -> str:
    """Return everything that may have to be done about a relationship."""
    return markdown_table(["duty", "in words"], [[f"`{kind.name}`", kind.value] for kind in DutyKind])


def limits() -> str:
    """Return the limits of documents."""
    names = ("MOST_CHARACTERS", "MOST_RECORDS", "MOST_EVENTS", "DEEPEST", "MOST_PROBLEMS")
    rows = [[f"`{name}`", f"{getattr(documents, name):,}"] for name in names]
    return markdown_table(["limit", "value"], rows)


def diagram() -> str:
    """Return the state diagram in Mermaid's language."""
    return f"```mermaid\n{moves_diagram()}\n```"


def moves() -> str:
    """Return the table of moves."""
    header, rows = moves_table()
    return markdown_table(header, [[f"`{row[0]}`", *row[1:]] for row in rows])


def stages() -> str:
    """Return every stage with what may happen in it."""
    rows = [
        [stage.value, "nothing: it is final" if stage.final else _codes(possible(stage)), _codes(_leading_to(stage))]
        for stage in Stage
    ]
    return markdown_table(["stage", "what may happen in it", "what leads to it"], rows)


def consequences() -> str:
    """Return every consequence with the events it follows from."""
    rows = [
        [
            f"`{consequence.name}`",
            consequence.value,
            _codes(dict.fromkeys(move.event.__name__ for move in MOVES if consequence in move.consequences)),
        ]
        for consequence in Consequence
    ]
    return markdown_table(["consequence", "in words", "follows from"], rows)


def features() -> str:
    """Return which strategy takes what a problem may ask."""
    return _by_strategy("a problem with", Feature, {one.name: one().supports for one in STRATEGIES})


def claims() -> str:
    """Return which strategy claims what of its answers."""
    return _by_strategy("its answers", Claim, {one.name: one().claims for one in STRATEGIES})


def floors() -> str:
    """Return the floors of the house, top first, each module with the first sentence of its docstring."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    rows = [
        [str(len(layers) - above), f"`{name}`", _first_sentence(name)]
        for above, layer in enumerate(layers)
        for name in layer.split(" | ")
    ]
    return markdown_table(["floor", "module", "what is in it"], rows)


BLOCKS: dict[str, Callable[[], str]] = {
    made.__name__: made
    for made in (
        base_kinds,
        derived_kinds,
        origins,
        schools,
        goals,
        required,
        agendas,
        questions,
        topics,
        visibility,
        manager,
        duties,
        limits,
        diagram,
        moves,
        stages,
        consequences,
        features,
        claims,
        floors,
    )
}


def renewed(text: str) -> str:
    """Return the text of a page with all its blocks made anew."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n\n{found[3]}", text)


def main(arguments: Sequence[str]) -> int:
    """Rewrite the pages, or check them; return the exit status."""
    check = "--check" in arguments
    stale = 0
    for page in sorted((ROOT / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        new = renewed(text)
        if new != text:
            stale += 1
            print(f"{page.relative_to(ROOT)}: {'stale; run tools/tables.py' if check else 'rewritten'}")
            if not check:
                page.write_text(new, encoding="utf-8")
    return int(check and stale > 0)


def _compared(table: Comparison) -> str:
    return f"{markdown_table(table.header, table.rows)}\n\n{table.note}"


def _by_strategy(head: str, choices: type[Enum], has: Mapping[str, frozenset[Enum]]) -> str:
    rows = [[one.value, *("yes" if one in chosen else "" for chosen in has.values())] for one in choices]
    return markdown_table([head, *(f"`{name}`" for name in has)], rows)


def _named(name: str) -> RelationshipKind:
    return next(kind for kind in KINDS if kind.name == name)


def _required(kind: RelationshipKind) -> list[str]:
    goal = [f"{article(kind.focus.needs.value)} {kind.focus.needs.value}"] if kind.focus.needs else []
    owners = {True: ["goals of all together"], False: ["a goal for each"], None: []}[kind.focus.shared]
    return [*goal, *owners, *(clause.value for clause in Clause if clause in kind.requires)]


def _codes(names: Sequence[str] | dict[str, None]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _bullets(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _leading_to(stage: Stage) -> list[str]:
    if stage is Stage.PROPOSED:
        return ["Proposed"]
    return list(dict.fromkeys(move.event.__name__ for move in MOVES if move.target is stage))


def _first_sentence(module: str) -> str:
    text = " ".join((import_module(f"devrel.{module}").__doc__ or "").split())
    return re.split(r"(?<=\.)\s", text)[0].replace("``", "`")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
