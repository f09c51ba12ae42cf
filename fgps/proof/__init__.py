"""Proofs: the trace of a search, trimmed backwards from the goal."""
