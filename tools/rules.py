"""Write the pages of the rules, one a code, and their index, from the rules themselves.

Without an argument all pages are rewritten, and those of codes that are gone are removed; with `--check` nothing is
written, and the exit status is 1 if a page is not what the rule says.
"""

from __future__ import annotations

import sys
from pathlib import Path

from devrel._display import markdown_table
from devrel.validation.book import FAMILIES, own_rules
from devrel.validation.rules import RETIRED

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"

_HEAD = """# Rules

Every rule has a code that never changes its meaning, a severity, and a source. `devrel rules` lists them in a terminal,
`devrel explain D001` prints a page. [Sources](../reference/sources.md) says what the short names stand for;
[Check a program](../how-to/check.md) shows the rules at work.
"""


def pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    found = {f"{rule.code}.md": rule.page() for rule in own_rules()}
    return found | {"index.md": index()}


def index() -> str:
    """Return the page that lists all rules, a table for each family."""
    parts = [_HEAD]
    for letter, family in FAMILIES.items():
        rows = [
            [f"[{rule.code}]({rule.code}.md)", rule.title, rule.severity.value, rule.subject.value, rule.source]
            for rule in own_rules()
            if rule.code[0] == letter
        ]
        table = markdown_table(["code", "what it finds", "severity", "about", "source"], rows)
        parts.append(f"## {letter}: {family}\n\n{table}\n")
    retired = "\n".join(f"- {code}: {why}." for code, why in sorted(RETIRED.items()))
    parts.append(f"## Retired\n\nThese codes meant something once, and are not used again.\n\n{retired}\n")
    return "\n".join(parts)


def main(*, check: bool) -> int:
    """Write the pages, or say which are not what the rules say."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    if check:
        wrong = sorted(name for name in {*wanted, *there} if wanted.get(name) != there.get(name))
        print("\n".join(f"docs/rules/{name} is not what the rules say; run tools/rules.py" for name in wrong))
        return 1 if wrong else 0
    FOLDER.mkdir(exist_ok=True)
    for name in there.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
