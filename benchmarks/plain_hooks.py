"""What row d is measured against: cattrs' own generated hooks, with only what plain cattrs cannot do by itself."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from devrel.formats.json import EVENTS
from devrel.kinds import KINDS, RelationshipKind
from devrel.lifecycle import Event


def plain_converter() -> Converter:
    """Return cattrs' converter as it comes, with ISO dates, kinds by name and events told apart by their type."""
    converter = Converter(unstruct_collection_overrides={tuple: list, frozenset: sorted})
    for moment in (datetime, date, time):
        converter.register_unstructure_hook(moment, moment.isoformat)
        converter.register_structure_hook(moment, lambda value, kind: kind.fromisoformat(value))
    known = {kind.name: kind for kind in KINDS}
    converter.register_unstructure_hook(RelationshipKind, lambda kind: kind.name)
    converter.register_structure_hook(RelationshipKind, lambda name, _: known[name])
    types = {event.__name__: event for event in EVENTS}
    into = {event: make_dict_unstructure_fn(event, converter) for event in EVENTS}
    out_of = {name: make_dict_structure_fn(event, converter) for name, event in types.items()}

    def unstructure(event: Any) -> dict[str, Any]:
        return {"type": type(event).__name__, **into[type(event)](event)}

    converter.register_unstructure_hook_func(lambda kind: kind is Event, unstructure)
    converter.register_structure_hook_func(
        lambda kind: kind is Event, lambda value, _: out_of[value["type"]](value, types[value["type"]])
    )
    return converter
