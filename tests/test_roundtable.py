"""The example package, as somebody else would make, build, install, test and use it."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import sysconfig
from pathlib import Path
from venv import EnvBuilder

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "examples" / "devrel-roundtable"
OURS = "devrel-roundtable 0.1.0"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
OFFLINE = ["--quiet", "--no-index", "--no-deps"]


def clean() -> dict[str, str]:
    """The environment without what would bring the checkout back in."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_", "DEVREL_"))}


def called(*command: str | Path, **changed: str) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=clean() | changed, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """A fresh environment with the wheels of the library and of the example; what both need is lent to it."""
    folder = tmp_path_factory.mktemp("fresh")
    for source in (ROOT, PACKAGE):
        called(*PIP, "wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", folder / "wheels", source)
    home = folder / "venv"
    EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(home)
    wheels = sorted((folder / "wheels").glob("*.whl"))
    assert len(wheels) == 2
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    called(*PIP, "--python", scripts / "python", "install", *OFFLINE, *wheels)
    own = Path(called(scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    # A folder named in a .pth file is looked into after the environment's own; .pth files in there do not count, so
    # that the editable install of this checkout stays out.
    lent = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()])
    (own / "lent.pth").write_text("\n".join(lent))
    return scripts


def test_the_environment_has_the_wheels_and_not_the_checkout(environment):
    """What is imported is what was installed from the wheels."""
    code = "import devrel, devrel_roundtable; print(devrel.__file__); print(devrel_roundtable.__file__)"
    for line in called(environment / "python", "-c", code).splitlines():
        assert Path(line).is_relative_to(environment.parent)


def test_a_run_uses_what_the_program_file_names(environment, tmp_path):
    """`devrel run` works with a kind, a strategy and a criterion of the package, and the provenance names it."""
    command = ["run", PACKAGE / "program.toml", "--people", PACKAGE / "people.csv", "--today", "2026-02-02"]
    told = called(environment / "devrel", *command, "--out", tmp_path / "results")
    assert "Round tables of spring: roundtable" in told
    assert "a round takes 60 minutes" in called(environment / "devrel", "check", PACKAGE / "program.toml")
    made = json.loads((tmp_path / "results" / "provenance.json").read_text(encoding="utf-8"))
    assert made["strategy"] == "round-by-round"
    assert made["plugins"] == [
        {"sort": "criterion", "name": "themes-in-common", "distribution": OURS},
        {"sort": "kind", "name": "roundtable", "distribution": OURS},
        {"sort": "strategy", "name": "round-by-round", "distribution": OURS},
    ]
    head = (tmp_path / "results" / "matches.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("guest_id,")
    assert head.endswith("shared themes")


def test_what_a_run_wrote_is_read_again(environment, tmp_path):
    """Relationships of the package's kind are read back by its name."""
    command = ["run", PACKAGE / "program.toml", "--people", PACKAGE / "people.csv", "--today", "2026-02-02"]
    called(environment / "devrel", *command, "--out", tmp_path / "results")
    known = ["--relationships", tmp_path / "results" / "relationships.json", "--select", "X", "--today", "2026-02-02"]
    told = called(environment / "devrel", "check", PACKAGE / "program.toml", *known)
    assert "relationship rel-" in told
    assert "a round takes 60 minutes" in told


def test_the_program_file_is_written_back(environment):
    """A program that names things of the package is written as a file that reads back equal."""
    code = (
        "from pathlib import Path; from devrel.formats.program_toml import *\n"
        f"program = read_program(Path({str(PACKAGE / 'program.toml')!r}))\n"
        "print(loads_program(dumps_program(program)) == program)"
    )
    assert called(environment / "python", "-c", code).strip() == "True"


def test_what_is_installed_is_listed(environment):
    """`devrel plugins` lists the four things with their package; switched off, there are none."""
    listed = json.loads(called(environment / "devrel", "plugins", "--json"))
    assert {one["group"] for one in listed} == {
        f"devrel.{sort}" for sort in ("strategies", "criteria", "validators", "kinds")
    }
    assert all(one["ok"] and one["distribution"] == OURS for one in listed)
    assert json.loads(called(environment / "devrel", "plugins", "--json", DEVREL_NO_PLUGINS="1")) == []


def test_without_plugins_the_program_is_refused(environment, tmp_path):
    """Where plug-ins are switched off, the names are not known, and all of them are told at once."""
    command = [environment / "devrel", "check", PACKAGE / "program.toml"]
    done = subprocess.run(
        command, capture_output=True, text=True, env=clean() | {"DEVREL_NO_PLUGINS": "1"}, check=False
    )
    assert done.returncode == 2
    for name in ("roundtable", "themes-in-common", "program.toml, matching.strategy"):
        assert name in done.stderr


def test_the_tests_of_the_package_pass(environment, tmp_path):
    """Its own tests, which run our kit, pass with the wheels."""
    command = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        PACKAGE,
        "--basetemp",
        tmp_path / "temporary",
    ]
    told = called(environment / "python", *command, PACKAGE / "tests", PYTHONDONTWRITEBYTECODE="1")
    assert " passed" in told
    assert "skipped" not in told
