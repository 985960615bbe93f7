"""The ``devrel`` command. The only place that reads the clock, and only where ``--today`` does not say it."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from devrel.errors import DevrelError

if TYPE_CHECKING:
    from devrel.run import Progress

_BAD_INPUT = 2
_REFUSED = 1
_BROKEN_OFF = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="development-relationships", prog_name="devrel")
def main() -> None:
    """Match, agree and schedule mentoring, coaching, advising and sponsoring."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def kinds(*, as_json: bool) -> None:
    """Print what tells the kinds of relationship apart."""
    from devrel.kinds import comparison

    table = comparison()
    if as_json:
        click.echo(json.dumps(table.to_dict(), indent=2, ensure_ascii=False))
    else:
        click.echo(table.to_text(shutil.get_terminal_size((100, 24)).columns))


@main.command(short_help="Match people and write proposals.")
@click.argument("program", type=click.Path(path_type=Path))
@click.option("--people", multiple=True, required=True, metavar="[TABLE=]CSV", help="A people table; may be repeated.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write to.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The date of the run.")
@click.option("--force", is_flag=True, help="Replace results that are in the folder.")
def run(program: Path, people: tuple[str, ...], out: Path, today: datetime | None, *, force: bool) -> None:
    """Match the people of PROGRAM (a TOML file) and write proposals, reasons and a draft calendar.

    Exit status: 0 done, 1 the program was refused, 2 something is wrong with the input or the folder,
    130 broken off by hand.
    """
    from devrel.run import Refused
    from devrel.run import run as run_job

    if today is not None and not 1900 <= today.year <= 2200:
        raise click.BadParameter("choose a day between the years 1900 and 2200", param_hint="--today")
    day = date.today() if today is None else today.date()  # noqa: DTZ011  (the caller's own calendar day)
    try:
        with _bar() as progress:
            summary = run_job(program, people, out, today=day, force=force, progress=progress)
    except Refused as error:
        _fail(str(error), _REFUSED)
    except DevrelError as error:
        _fail(str(error), _BAD_INPUT)
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
    try:
        write_all(out, files, force=force)
    except DevrelError as error:
        _fail(str(error), _BAD_INPUT)
    click.echo(f"{people} generated people (none of them exists) and a program for them are in {out}")


def _fail(message: str, status: int) -> None:
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
