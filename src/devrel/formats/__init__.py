"""The edges: one module a format. Nothing below them knows how data is written down."""
