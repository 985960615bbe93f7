"""JSON for every record: strict both ways.

A document carries its type and the version of its schema. Reading checks everything, reports everything wrong at
once with its path, and gives back records equal to those that were written. Documents of older schemas are migrated,
and one of a newer schema is refused. ``json_schema`` describes a document to other programs.

A document may come from anywhere, so there are limits: ``MOST_CHARACTERS``, ``MOST_RECORDS``, ``MOST_EVENTS`` and
``DEEPEST``. What JSON leaves open is refused: keys that stand twice, numbers that are none, halves of characters.
"""

from __future__ import annotations

from devrel.formats.json.converter import EVENTS, configure_converter, make_converter
from devrel.formats.json.documents import (
    DOCUMENTS,
    SCHEMA,
    dumps,
    dumps_relationships,
    loads,
    loads_relationships,
)
from devrel.formats.json.limits import DEEPEST, MOST_CHARACTERS, MOST_EVENTS, MOST_PROBLEMS, MOST_RECORDS
from devrel.formats.json.schema import json_schema, json_schemas

__all__ = [
    "DEEPEST",
    "DOCUMENTS",
    "EVENTS",
    "MOST_CHARACTERS",
    "MOST_EVENTS",
    "MOST_PROBLEMS",
    "MOST_RECORDS",
    "SCHEMA",
    "configure_converter",
    "dumps",
    "dumps_relationships",
    "json_schema",
    "json_schemas",
    "loads",
    "loads_relationships",
    "make_converter",
]
