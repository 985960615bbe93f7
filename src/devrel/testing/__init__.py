"""For the tests of those who build on the library: Hypothesis strategies for every concept.

Needs the extra ``testing``. This is the only package that knows hypothesis.
"""

from __future__ import annotations

from devrel.errors import MissingExtra

try:
    from devrel.testing import strategies
except ModuleNotFoundError as error:
    if error.name != "hypothesis":
        raise
    raise MissingExtra("devrel.testing", "hypothesis", "testing") from None

__all__ = ["strategies"]
