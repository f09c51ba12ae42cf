"""Problems: what a declaration constructs, gives and asks, under a theory.

Order to read: ``facts`` (atoms), ``shapes`` ``rays`` ``regions`` (the three parts of the
construction stage), ``construction`` (the whole of it), ``quantities``, ``model``, ``build``.
"""
