"""Exact matching without an array of all pairs: candidates, restricted optimum, prices, and a pass over all pairs."""
