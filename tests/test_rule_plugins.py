"""Rules that installed packages bring: found by entry point, and none of them in the way of the others."""

from __future__ import annotations

import json
import sys
from datetime import date

import pytest
from click.testing import CliRunner

from devrel.cli import main
from devrel.errors import InvalidValue
from devrel.kinds import MENTORING
from devrel.programs import Program
from devrel.programs.presets import preset
from devrel.terms import Term
from devrel.validation import FAMILIES, Flaw, Severity, Subject, check, rule, rulebook
from devrel.validation.book import own_rules

TODAY = date(2026, 1, 5)
PROGRAM = Program("P", MENTORING, Term.of_months(date(2026, 2, 2), 9))
MODULE = """
from devrel.validation import Flaw, Severity, Subject, rule

@rule("{code}", "a rule", severity=Severity.WARNING, subject=Subject.PROGRAM, source="own", rationale="r", remedy="x")
def one(case):
    return Flaw("name", "found")
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """A function that installs a package with rules into a folder of the import path."""

    def made(name: str, module: str) -> None:
        site = tmp_path / name
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[devrel.validators]\nrules = {name}_rules:one\n", encoding="utf-8")
        (site / f"{name}_rules.py").write_text(module, encoding="utf-8")
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.delitem(sys.modules, f"{name}_rules", raising=False)

    return made


def test_a_package_that_cannot_be_loaded_disturbs_nobody(install):
    """The other rules are asked, those of other packages too, and the report says what to do about the broken one."""
    install("zz_good", MODULE.format(code="X001"))
    install("aa_bad", "import no_such_module\n")
    report = check(PROGRAM, select=["X", "D"], today=TODAY)
    assert {"X001", "D012"} <= set(report.codes)
    (told,) = report.broken
    assert "'rules' of aa_bad 1.0 cannot be loaded: ModuleNotFoundError" in told
    assert told.endswith("update aa_bad 1.0, or uninstall it")
    assert report.crashed == ()
    text = report.to_text() + report._repr_html_() + report.to_json() + report.to_sarif()
    assert text.count("or uninstall it") == 4


def test_a_broken_package_does_not_change_the_status(install, tmp_path):
    """The command ends as the findings say; whoever fails on warnings fails on it as well."""
    install("bad_one", "one = 7\n")
    file = tmp_path / "program.toml"
    file.write_text(preset("corporate-mentoring").text(date(2027, 1, 4)), encoding="utf-8")
    for more, status in (([], 0), (["--fail-on", "warning"], 1)):
        result = CliRunner().invoke(main, ["check", str(file), "--today", "2026-11-23", *more])
        assert result.exit_code == status, result.output
        assert "plug-in: the validator 'rules' of bad_one 1.0 cannot be used: rules: is no rule" in result.output
    listed = CliRunner().invoke(main, ["rules"])
    assert listed.exit_code == 0
    assert "bad_one" in listed.stderr
    assert len(listed.stdout.splitlines()) == len(own_rules())
    unknown = CliRunner().invoke(main, ["check", str(file), "--select", "X001"])
    assert unknown.exit_code == 2
    assert "It may be of a package that cannot be used: the validator 'rules' of bad_one 1.0" in unknown.stderr


def test_a_code_that_is_taken_is_told_with_both_packages(install):
    """Of two packages with one code the first one is heard, and the other one is told."""
    install("pack_b", MODULE.format(code="X001"))
    install("pack_a", MODULE.format(code="X001"))
    book = rulebook()
    assert book.entry("X001").distribution == "pack_a 1.0"
    assert [told.partition(";")[0] for told in book.broken] == [
        "code: X001 is used twice, by pack_a 1.0 and pack_b 1.0"
    ]


@pytest.mark.parametrize("letter", FAMILIES)
def test_the_letters_of_the_library_are_reserved(install, letter):
    """A rule of others with a letter of the library's is refused, from a package as from a caller."""
    install("pack", MODULE.format(code=f"{letter}500"))
    (told,) = rulebook().broken
    assert f"{letter}500 of pack 1.0 has a letter of the library's own codes" in told
    given = {"severity": Severity.ADVICE, "subject": Subject.KIND, "source": "s", "rationale": "r", "remedy": "x"}
    own = rule(f"{letter}500", "a rule", **given)(lambda case: Flaw("a", "b"))
    with pytest.raises(InvalidValue, match=r"give it another letter, such as X500"):
        rulebook().adding(own)


def test_other_letters_are_free(install):
    """A rule with any other letter is asked like those of the library."""
    install("pack", MODULE.format(code="Q001"))
    report = check(PROGRAM, select=["Q001"], today=TODAY)
    assert (report.codes, report.broken) == (("Q001",), ())
    assert json.loads(report.to_json())["broken_plugins"] == []
