"""Theories: packs of predicates and theorems, read from FGL files and resolved.

What enters and leaves: `load.load_theory` turns a pack's name or a folder into a
`model.Theory`; `lint` finds what is suspicious in one; `instantiate` puts points in place
of a declaration's letters; `show` prints one entry.
"""
