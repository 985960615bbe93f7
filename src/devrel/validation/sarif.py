"""Reports as SARIF 2.1.0, the format that viewers and continuous integration read findings in (OASIS, 2020)."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from devrel.matching.strategy import installed_version
from devrel.validation.book import FAMILIES, Rulebook, rulebook
from devrel.validation.finding import Finding, Severity
from devrel.validation.report import Report, written
from devrel.validation.validator import Validator

VERSION = "2.1.0"
FINGERPRINT = "finding/v1"

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def dumps_sarif(report: Report, *, file: str | None = None, rules: Rulebook | None = None) -> str:
    """Return a report as a SARIF log of one run; the same text for the same report.

    Args:
        report: The report.
        file: The path of the file that the findings are about, relative to the root of the sources.
        rules: The rules that were asked; those of the library and of installed packages unless given.
    """
    book = rulebook() if rules is None else rules
    codes = sorted({finding.code for finding in report} | {crash.code for crash in report.crashed})
    run = {
        "tool": {
            "driver": {
                "name": "devrel",
                "version": installed_version("development-relationships"),
                "rules": [_rule(book[code]) if code in book else {"id": code} for code in codes],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.crashed,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": str(crash)}, "associatedRule": _reference(crash.code, codes)}
                    for crash in report.crashed
                ],
                "toolConfigurationNotifications": [
                    {"level": "note", "message": {"text": f"{code} is ignored and finds nothing here; drop it"}}
                    for code in report.unused
                ]
                + [{"level": "warning", "message": {"text": told}} for told in report.broken],
            }
        ],
        "results": _results(report, codes, file),
        "columnKind": "unicodeCodePoints",
        "properties": {
            "suppressed": report.suppressed,
            "cases": report.cases,
            "passedOver": report.passed_over,
        },
    }
    return written({"version": VERSION, "runs": [run]})


def _reference(code: str, codes: list[str]) -> dict[str, Any]:
    return {"id": code, "index": codes.index(code)}


def _rule(rule: Validator) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word[:1].upper() + word[1:] for word in re.findall(r"\w+", rule.title)) or rule.code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": rule.remedy, "markdown": rule.page()},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {"tags": list(dict.fromkeys([FAMILIES.get(rule.code[0], "of others"), rule.subject.value]))},
    }


def _results(report: Report, codes: list[str], file: str | None) -> list[dict[str, Any]]:
    """Return the findings; those that say something of one place several times are numbered."""
    seen: Counter[tuple[str, str, str]] = Counter()
    results = []
    for finding in report:
        key = finding.code, finding.subject, finding.where
        seen[key] += 1
        results.append(_result(finding, codes, file) | {"partialFingerprints": {FINGERPRINT: _mark(*key, seen[key])}})
    return results


def _result(finding: Finding, codes: list[str], file: str | None) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": f"{finding.subject}: {finding.where}", "kind": "object"}]
    }
    if file is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(file.replace("\\", "/"), errors="surrogateescape")},
            "region": {"startLine": 1},
        }
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{finding.subject}, {finding.where}: {finding.message}. {finding.remedy}"},
        "locations": [location],
    }


def _mark(code: str, subject: str, where: str, number: int) -> str:
    """Return what a finding is known by from run to run, whatever numbers its message has."""
    facts = "\0".join([code, subject, where])
    return f"{blake2b(facts.encode(errors='replace'), digest_size=16).hexdigest()}:{number}"
