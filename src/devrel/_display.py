"""Tables for terminals and notebooks. This module knows no word of the domain."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections.abc import Sequence

Row = Sequence[str]


def printable(text: str) -> str:
    r"""Return ``text`` with control characters (terminal escapes among them) replaced by spaces.

    >>> printable("a\x1b[31mb")
    'a [31mb'
    """
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char for char in text)


def text_table(header: Row, rows: Sequence[Row], *, width: int = 100) -> str:
    """Return a table of plain text, ``width`` columns wide at most; long cells wrap.

    >>> print(text_table(["", "A"], [["size", "small"], ["colour", "blue"]]))
            A
    ------  -----
    size    small
    colour  blue
    """
    table = [[printable(cell) for cell in row] for row in [header, *rows]]
    widths = _fit([max(len(row[i]) for row in table) for i in range(len(header))], width)
    lines = [*_lines(table[0], widths), "  ".join("-" * size for size in widths)]
    for row in table[1:]:
        lines += _lines(row, widths)
    return "\n".join(line.rstrip() for line in lines)


def _fit(natural: list[int], width: int) -> list[int]:
    """Shrink the widest columns until the table fits, never below 8 characters a column."""
    widths = [max(size, 1) for size in natural]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _lines(row: Row, widths: Sequence[int]) -> list[str]:
    cells = [textwrap.wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
    height = max(map(len, cells))
    padded = [cell + [""] * (height - len(cell)) for cell in cells]
    return [
        "  ".join(part.ljust(size) for part, size in zip(line, widths, strict=True))
        for line in zip(*padded, strict=True)
    ]


def html_table(header: Row, rows: Sequence[Row], *, caption: str = "", limit: int = 50) -> str:
    """Return an HTML table with everything escaped; rows beyond ``limit`` are counted, not shown."""
    head = "".join(f'<th scope="col">{_escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row">{_escape(row[0])}</th>'
        + "".join(f"<td>{_escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows[:limit]
    )
    more = f'<tr><td colspan="{len(header)}">... {len(rows) - limit} more</td></tr>' if len(rows) > limit else ""
    title = f"<caption>{_escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}{more}</tbody></table>"


def markdown_table(header: Row, rows: Sequence[Row]) -> str:
    """Return a Markdown table; used for the generated pages of the documentation."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)


def _escape(cell: str) -> str:
    return html.escape(printable(cell))


def counted(number: float, word: str) -> str:
    """Return a number with its word, in the plural unless it is one.

    >>> counted(1, "place"), counted(2.5, "hour")
    ('1 place', '2.5 hours')
    """
    return f"{number:g} {word}" if number == 1 else f"{number:g} {word}s"
