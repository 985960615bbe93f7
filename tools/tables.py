"""Write the tables of the documentation that are made from the code.

A block stands between `<!-- generated: NAME -->` and `<!-- end -->`. Without an argument all blocks are rewritten; with
`--check` nothing is written, and the exit status is 1 if a block is not what the code says.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from devrel._display import markdown_table
from devrel.kinds import KINDS, Comparison, comparison
from devrel.lifecycle import MOVES, Consequence, Stage, moves_table, possible

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)


def kinds() -> str:
    """Return the comparison table of all kinds, with its note."""
    return _compared(comparison(KINDS))


def base_kinds() -> str:
    """Return the comparison table of the four kinds that are not derived, with its note."""
    return _compared(comparison())


def origins() -> str:
    """Return where each kind comes from and which constraints it brings."""
    rows = [[kind.name, kind.base or "", kind.source, _codes(kind.constraints)] for kind in KINDS]
    return markdown_table(["kind", "derived from", "source", "constraints it brings"], rows)


def goals() -> str:
    """Return which goals each kind takes and needs."""
    rows = [
        [
            kind.name,
            ", ".join(sorted(form.value for form in kind.focus.accepts)),
            kind.focus.needs.value if kind.focus.needs else "",
            kind.titles.of(kind.control.side),
        ]
        for kind in KINDS
    ]
    return markdown_table(["kind", "goals it takes", "goal it needs", "who sets goals and agenda"], rows)


def agendas() -> str:
    """Return what the sessions of each kind start from."""
    parts = [f"**{kind.name}**\n\n{_bullets(kind.strategy.prompts)}" for kind in KINDS if kind.base is None]
    return "\n\n".join(parts)


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
    made.__name__: made for made in (kinds, base_kinds, origins, goals, agendas, moves, stages, consequences, floors)
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
