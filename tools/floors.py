"""Print the requirements of `make floors`.

Each run-time dependency is pinned to the lowest version that pyproject.toml allows, each tool the tests need to the
version in requirements.lock. So a floor is stated in one place only, and the one stated is the one tried.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ["editables", "hatchling", "hypothesis", "narwhals", "pandas", "polars", "pytest", "pytest-cov", "vobject"]


def floor(requirement: str) -> str:
    """Turn `name>=1.2,<3` into `name==1.2`; a requirement without a lower bound stays as it is."""
    return re.sub(r">=\s*([\w.]+).*", r"==\1", requirement)


def main() -> None:
    """Print one requirement a line."""
    if sys.version_info >= (3, 13):
        sys.exit("The oldest numpy and scipy have no wheels for Python 3.13 and newer: make floors PYTHON=python3.11")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M))
    for requirement in project["dependencies"]:
        print(floor(requirement))
    for tool in TOOLS:
        print(f"{tool}=={locked[tool]}")


if __name__ == "__main__":
    main()
