"""The ``devrel`` command. The only place that reads the clock, and only where ``--today`` does not say it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from devrel.errors import DevrelError, OutputExists

if TYPE_CHECKING:
    from devrel.run import Progress
    from devrel.validation import Report

_BAD_INPUT = 2
_REFUSED = 1
_BROKEN_OFF = 130


class _Commands(click.Group):
    """The commands, with one end for everything that can go wrong in them."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DevrelError as error:
            _fail(str(error), _BAD_INPUT)
        except KeyboardInterrupt:
            _fail("broken off", _BROKEN_OFF)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="development-relationships", prog_name="devrel")
def main() -> None:
    """Match, agree and schedule mentoring, coaching, advising and sponsoring."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def kinds(*, as_json: bool) -> None:
    """Print what tells the kinds of relationship apart, and which kinds installed packages bring."""
    from devrel._display import printable
    from devrel.kinds import RelationshipKind, comparison
    from devrel.kinds.brought import KIND_GROUP

    table, found = comparison(), KIND_GROUP.discover()
    packages = {one.name: one.distribution for one in found if one.ok}
    brought = [one.thing for one in found if isinstance(one.thing, RelationshipKind)]
    theirs = comparison(brought) if brought else None
    for one in found:
        if not one.ok:
            click.echo(printable(f"broken: {one.error}"), err=True)
    if as_json:
        more = {} if theirs is None else theirs.to_dict()
        told = {name: {**facets, "package": packages[name]} for name, facets in more.items()}
        click.echo(json.dumps({**table.to_dict(), **told}, indent=2, ensure_ascii=False))
        return
    click.echo(table.to_text(_columns(100)))
    if theirs is not None:
        listed = ", ".join(f"{name} ({package})" for name, package in packages.items())
        click.echo(f"\n{printable(f'From other packages: {listed}')}\n")
        click.echo(theirs.to_text(_columns(100)))


@main.command(short_help="Match people and write proposals.")
@click.argument("program", type=click.Path(path_type=Path))
@click.option("--people", multiple=True, required=True, metavar="[TABLE=]CSV", help="A people table; may be repeated.")
@click.option(
    "--relationships",
    multiple=True,
    metavar="JSON",
    type=click.Path(path_type=Path),
    help="Relationships that exist already; repeatable.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write to.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The date of the run.")
@click.option("--force", is_flag=True, help="Replace results that are in the folder.")
def run(
    program: Path,
    people: tuple[str, ...],
    relationships: tuple[Path, ...],
    out: Path,
    today: datetime | None,
    *,
    force: bool,
) -> None:
    """Match the people of PROGRAM (a TOML file) and write proposals, reasons and a draft calendar.

    Exit status: 0 done, 1 the program was refused, 2 something is wrong with the input or the folder, or a strategy or
    a rule broke down, 130 broken off by hand.
    """
    from devrel.run import Refused
    from devrel.run import run as run_job

    day = _day(today)
    try:
        with _bar() as progress:
            summary = run_job(
                program, people, out, relationship_files=relationships, today=day, force=force, progress=progress
            )
    except Refused as error:
        _fail(str(error), _REFUSED)
    except KeyboardInterrupt:
        _fail("broken off; no file is half-written", _BROKEN_OFF)
    else:
        click.echo(summary.to_text())


@main.command(short_help="Write a generated sample to try.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write to.")
@click.option("--people", default=200, type=click.IntRange(2, 100_000), help="How many people to generate.")
@click.option("--seed", default=2026, help="The seed; the same one gives the same people.")
@click.option("--force", is_flag=True, help="Replace the files that are in the folder.")
def sample(out: Path, people: int, seed: int, *, force: bool) -> None:
    """Write a generated people table and a program for it, to try things with."""
    from devrel.formats.folder import write_all
    from devrel.formats.results import dumps_rows
    from devrel.programs.sample import SAMPLE_HEADER, SAMPLE_PROGRAM, sample_people

    rows = [[row[column] for column in SAMPLE_HEADER] for row in sample_people(people, seed)]
    files = {"people.csv": dumps_rows(SAMPLE_HEADER, rows).encode(), "program.toml": SAMPLE_PROGRAM.encode()}
    write_all(out, files, force=force)
    click.echo(f"{people} generated people (none of them exists) and a program for them are in {out}")


_DAY = click.DateTime(["%Y-%m-%d"])


@main.command(short_help="Judge a program by all rules.")
@click.argument("program", type=click.Path(path_type=Path))
@click.option("--people", multiple=True, metavar="[TABLE=]CSV", help="A people table; may be repeated.")
@click.option(
    "--relationships", multiple=True, metavar="JSON", type=click.Path(path_type=Path), help="Relationships; repeatable."
)
@click.option("--match", is_flag=True, help="Match the people in memory and judge the result too.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", help="How to tell it.")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "advice"]), default="error", help="What makes the status 1."
)
@click.option("--select", multiple=True, metavar="CODE", help="Ask this rule or family alone; may be repeated.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Leave this rule or family out; may be repeated.")
@click.option("--today", type=_DAY, metavar="YYYY-MM-DD", help="The day it is judged on.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the report there instead.")
@click.option("--force", is_flag=True, help="Replace the report if it is there.")
def check(
    program: Path,
    people: tuple[str, ...],
    relationships: tuple[Path, ...],
    form: str,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    today: datetime | None,
    out: Path | None,
    *,
    match: bool,
    force: bool,
) -> None:
    """Judge PROGRAM (a TOML file) by all rules, with its people and relationships where they are given.

    An error is ignored in the program file, where the reason stands beside it. Exit status: 0 nothing as grave as
    --fail-on, 1 something is, 2 something is wrong with the input or a rule broke down.
    """
    from devrel.run import judge
    from devrel.validation import Severity

    if match and not people:
        raise click.UsageError("--match needs --people: there is nobody to match")
    if out is not None:
        _refuse_input(out, [program, *relationships, *(Path(given.rpartition("=")[2]) for given in people)])
        _refuse_written(out, force=force)
    report = judge(program, people, relationships, match=match, select=select, ignore=ignore, today=_day(today))
    if form == "text":
        given = {"--people": bool(people), "--relationships": bool(relationships), "--match": match}
        _deliver(f"{report.to_text()}\n{_more(report, given)}", out)
    else:
        text = program.read_text(encoding="utf-8-sig", errors="replace")
        sarif = form == "sarif"
        _deliver(report.to_sarif(file=_from_here(program), text=text) if sarif else report.to_json(), out)
    if report.crashed:
        _fail("rules broke down, so that the check is not whole: see the report", _BAD_INPUT)
    if report.at_least(Severity(fail_on)) or (report.broken and fail_on != Severity.ERROR.value):
        sys.exit(_REFUSED)


@main.command(short_help="Print the page of a rule.")
@click.argument("code")
def explain(code: str) -> None:
    """Print what the rule CODE finds, why, what to do, and where that comes from."""
    from devrel.validation import rulebook

    click.echo(rulebook()[code.upper()].to_text(min(_columns(100), 100)))


@main.command(short_help="List all rules.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def rules(*, as_json: bool) -> None:
    """List all rules, one a line: code, severity, what it judges, what it finds."""
    from devrel._display import printable
    from devrel.validation import rulebook

    book = rulebook()
    entries = book.entries
    for told in book.broken:
        click.echo(printable(told), err=True)
    if as_json:
        click.echo(json.dumps([entry.to_dict() for entry in entries], indent=2, ensure_ascii=False))
        return
    for line in (printable(str(entry)) for entry in entries):
        click.echo(line if not sys.stdout.isatty() or len(line) <= _columns(100) else f"{line[: _columns(100) - 1]}…")


@main.command(short_help="List what installed packages bring.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def plugins(*, as_json: bool) -> None:
    """List what installed packages bring, one a line: the entry points, the name, the package, and whether it works.

    Exit status: 0 all of it works, 1 something is broken.
    """
    from devrel._display import printable, text_table
    from devrel.plugins import discover

    found = discover()
    if as_json:
        click.echo(json.dumps([one.to_dict() for one in found], indent=2, ensure_ascii=False))
    elif not found:
        click.echo("no installed package brings anything")
    else:
        rows = [[one.group, one.name, one.distribution, "ok" if one.ok else "broken"] for one in found]
        click.echo(text_table(["group", "name", "package", "state"], rows, width=_columns(100)))
        for one in found:
            if not one.ok:
                click.echo(printable(f"broken: {one.error}"), err=True)
    if not all(one.ok for one in found):
        sys.exit(_REFUSED)


@main.command(short_help="Write a program to start from.")
@click.option("--preset", "name", metavar="NAME", help="Which one.")
@click.option("--list", "listed", is_flag=True, help="List all, one a line: name, title, source.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The file to write to.")
@click.option("--today", type=_DAY, metavar="YYYY-MM-DD", help="The day from which the start is counted.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def new(name: str | None, out: Path | None, today: datetime | None, *, listed: bool, force: bool) -> None:
    """Print the program file of a preset, or write it to a file; it starts about two months ahead."""
    from devrel.programs.presets import PRESETS, preset

    if listed == (name is not None):
        raise click.UsageError("say either --preset NAME or --list")
    if name is None:
        presets = list(PRESETS.values())
        width = max(len(one.name) for one in presets)
        for one in presets:
            click.echo(f"{one.name:<{width}}  {one.title} ({one.source})")
        return
    text = preset(name).text(_day(today))
    if out is not None:
        _refuse_written(out, force=force)
    _deliver(text, out)


def _deliver(text: str, output: Path | None) -> None:
    """Print a result, or write it to a file, whole or not at all."""
    if output is None:
        click.echo(text, nl=False)
        return
    waiting = output.with_name(f".{output.name}-{os.getpid()}")
    try:
        waiting.write_text(text, encoding="utf-8", newline="\n")
        waiting.replace(output)
    except OSError as error:
        raise DevrelError(f"{output} cannot be written: {error.strerror}; check the path and its rights") from error
    finally:
        with suppress(OSError):
            waiting.unlink()


_BRINGS = {
    "people": "--people",
    "enrollments": "--people",
    "relationships": "--relationships",
    "relationship": "--relationships",
    "matching": "--match",
    "problem": "--match",
}


def _more(report: Report, given: Mapping[str, bool]) -> str:
    """Return the line that names the options by which skipped rules are asked too; nothing where there are none."""
    wanted = {_BRINGS[need] for one in report.skipped for need in one.needs if need in _BRINGS}
    missing = [option for option, is_given in given.items() if option in wanted and not is_given]
    return f"to ask the skipped rules too, give {', '.join(missing)}\n" if missing else ""


def _refuse_written(out: Path, *, force: bool) -> None:
    if out.exists() and not force:
        raise OutputExists(f"{out} is there already; name another file, or add --force to replace it")


def _refuse_input(output: Path, inputs: list[Path]) -> None:
    if output.resolve() in [path.resolve() for path in inputs]:
        raise DevrelError(f"{output} is an input; name another file for the report")


def _from_here(path: Path) -> str:
    """Return a path relative to the working folder, as reports name files; one elsewhere as it is."""
    whole, here = path.resolve(), Path.cwd()
    return (whole.relative_to(here) if whole.is_relative_to(here) else path).as_posix()


def _columns(otherwise: int) -> int:
    return shutil.get_terminal_size((otherwise, 24)).columns


def _day(today: datetime | None) -> date:
    """Return the day that was given, or the caller's own calendar day."""
    if today is not None and not 1900 <= today.year <= 2200:
        raise click.BadParameter("choose a day between the years 1900 and 2200", param_hint="--today")
    return date.today() if today is None else today.date()  # noqa: DTZ011  (the caller's own calendar day)


def _fail(message: str, status: int) -> NoReturn:
    from devrel._display import printable

    for line in message.splitlines():
        click.echo(printable(line), err=True)
    sys.exit(status)


@contextmanager
def _bar(patience: float = 1.0) -> Iterator[Progress]:
    """Yield a progress callback; a bar shows once ``patience`` seconds are over, if somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    bar = _LateBar()
    timer = threading.Timer(patience, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.step
    finally:
        timer.cancel()
        bar.close()


class _LateBar:
    """A progress bar that knows where it is before it is shown; the timer shows it in the middle of a step too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at = ("", 0, 1)
        self._shown: Any = None
        self._closed = False

    def show(self) -> None:
        with self._lock:
            if self._closed:
                return
            step, done, total = self._at
            self._shown = click.progressbar(
                length=total, file=sys.stderr, show_eta=False, item_show_func=lambda item: item or ""
            )
            self._shown.update(done, step)
            self._shown.render_progress()

    def step(self, step: str, done: int, total: int) -> None:
        with self._lock:
            self._at = (step, done, total)
            if self._shown is not None:
                self._shown.update(done - self._shown.pos, step)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._shown is not None:
                self._shown.render_finish()
