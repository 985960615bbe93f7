"""Reads the files of a run, each once and with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from devrel.errors import InputError, Problem, did_you_mean
from devrel.formats.people_csv import Source, loads_people, read_source
from devrel.formats.program_toml import loads_program
from devrel.matching.strategies import STRATEGIES, strategy_named
from devrel.matching.strategies.peers import PeerMatching
from devrel.matching.strategy import Feature
from devrel.matching.worth import Objective
from devrel.people import Organization
from devrel.programs.design import Program
from devrel.programs.intake import Register
from devrel.relationships import Relationship


def read(
    program_file: Path, people_files: Sequence[str | Path], relationship_files: Sequence[Path] = ()
) -> tuple[Program, Register, list[Relationship], dict[str, bytes]]:
    """Read every file once, so that what is hashed is what was used."""
    problems: list[Problem] = []
    design = read_source(program_file, program_file.name, None, problems)
    program = None if design is None else _program(design, problems)
    named = [_named(program, given, problems) for given in people_files]
    paths = [path for path, _ in named]
    given = [program_file, *paths, *relationship_files]
    names = _told_apart([path.name for path in given], given)
    tables, documents = names[1 : len(paths) + 1], names[len(paths) + 1 :]
    read = [read_source(path, name, table, problems) for (path, table), name in zip(named, tables, strict=True)]
    known = [read_source(path, name, None, problems) for path, name in zip(relationship_files, documents, strict=True)]
    relationships = _relationships([source for source in known if source is not None], problems)
    if program is None or design is None:
        raise InputError(problems)
    sources = [source for source in read if source is not None]
    register = loads_people(program, sources, problems) if people_files else Register(Organization(()), {})
    if problems:
        raise InputError(problems)
    seen = {source.name: source.data for source in (*sources, *known) if source is not None}
    return program, register, relationships, {names[0]: design.data} | seen


def _program(design: Source, problems: list[Problem]) -> Program | None:
    try:
        program = loads_program(design.data, file=design.name)
    except InputError as error:
        problems += error.problems
        return None
    problems += misfits(program, design.name)
    return program


def misfits(program: Program, file: str) -> Iterator[Problem]:
    """Find what a run refuses whoever takes part: a strategy that does not fit the kind, the objective or a run.

    Args:
        program: The program.
        file: The name that the problems give.
    """
    strategy = strategy_named(program.strategy, program.parameters)
    mutual = program.kind.composition.mutual
    fitting = [one for one in STRATEGIES if mutual or one is not PeerMatching]
    if isinstance(strategy, PeerMatching) and not mutual:
        wrong = f"{strategy.name!r} is for mutual kinds, and {program.kind.name} is none"
        others = ", ".join(one.name for one in fitting)
        remedy = f"Choose a mutual kind, such as 'mutual-mentoring', or one of: {others}."
        yield Problem(wrong, remedy, file=file, column="matching.strategy")
    if isinstance(strategy, PeerMatching) and strategy.size is not None:
        wrong = "a size makes circles, and a run proposes pairs"
        remedy = "Leave it out, or match in Python and make each circle with Relationship.propose."
        yield Problem(wrong, remedy, file=file, column="matching.parameters.size")
    if program.objective is Objective.SCORE and Feature.SCORE not in strategy.supports:
        wrong = f"{program.strategy!r} does not support {Feature.SCORE.value}"
        able = ", ".join(one.name for one in fitting if Feature.SCORE in one.supports)
        remedy = f"Leave it out, or choose one of: {able}."
        yield Problem(wrong, remedy, file=file, column="matching.objective")


def _named(program: Program | None, given: str | Path, problems: list[Problem]) -> tuple[Path, str | None]:
    """Return the path and the name of the table of ``NAME=PATH``, or of a path alone."""
    name, equals, path = str(given).partition("=")
    if not equals or Path(given).exists():
        return Path(given), None
    tables = {name} if program is None else {table.name for table in program.tables}
    if name not in tables:
        problems.append(Problem(f"{name!r} is no table of the program", did_you_mean(name, tables), file=path))
        return Path(path), None
    return Path(path), name


def _told_apart(names: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """Return the file names, with their folders where two files have one name."""
    return [name if names.count(name) == 1 else str(path) for name, path in zip(names, paths, strict=True)]


def _relationships(sources: Sequence[Source], problems: list[Problem]) -> list[Relationship]:
    from devrel.formats.json import loads_relationships

    found: list[Relationship] = []
    for source in sources:
        try:
            found += loads_relationships(source.data, file=source.name)
        except InputError as error:
            problems += error.problems
    return found
