"""Where in a program file something stands: the key that a finding is about, and its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from devrel.programs.design import CLAUSE_FIELDS

_KEYS: Mapping[str, str] = {
    "manager.told": "agreement.manager_told",
    "manager.commits": "agreement.manager_commits",
    "confidentiality.exceptions": "agreement.exceptions",
    "minutes": "session.minutes",
    "purpose": "program.purpose",
}
_SECTION = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_ENTRY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def in_file(where: str) -> str:
    """Return a place in a program as the program file names it; one that it has no other name for as it is.

    >>> in_file("provider_hours, manager.told"), in_file("term.start")
    ('agreement.provider_hours, agreement.manager_told', 'term.start')
    """
    return ", ".join(map(_key, where.split(", ")))


def _key(place: str) -> str:
    if place in _KEYS:
        return _KEYS[place]
    return f"agreement.{place}" if re.split(r"[.\[]", place, maxsplit=1)[0] in CLAUSE_FIELDS else place


def line_of(where: str, lines: Mapping[str, int]) -> int:
    """Return the line of a place, or of the nearest section around it; 1 where there is neither."""
    around = (part for place in where.split(", ") for part in _outwards(place))
    return next((lines[place] for place in around if place in lines), 1)


def _outwards(place: str) -> Iterator[str]:
    """Yield a place, then what it lies in, and so on."""
    while place:
        yield place
        place = place[: max(place.rfind("."), place.rfind("["), 0)]


def lines_of(text: str) -> dict[str, int]:
    r"""Return the lines of the sections and keys of a program file, by their paths; the first of each.

    It looks at how a line begins and is no reader of TOML: a key in the middle of a line has none of its own.

    >>> lines_of('[term]\nstart = 2027-03-01\n[[criteria]]\nrule = "same"')
    {'term': 1, 'term.start': 2, 'criteria[1]': 3, 'criteria': 3, 'criteria[1].rule': 4}
    """
    found: dict[str, int] = {}
    for path, line in _paths(text):
        found.setdefault(path, line)
    return found


def _paths(text: str) -> Iterator[tuple[str, int]]:
    section, counts = "", dict[str, int]()
    for number, line in enumerate(text.split("\n"), 1):
        if head := _SECTION.match(line):
            section = _plain(head[2])
            if head[1] == "[[":
                counts[section] = counts.get(section, 0) + 1
                yield f"{section}[{counts[section]}]", number
                yield section, number
                section = f"{section}[{counts[section]}]"
            else:
                yield section, number
        elif entry := _ENTRY.match(line):
            yield ".".join(filter(None, [section, _plain(entry[1])])), number


def _plain(key: str) -> str:
    """Return a key without the blanks and quotes that may stand around its parts."""
    return ".".join(part.strip().strip("\"'") for part in key.split("."))
