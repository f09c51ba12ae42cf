"""Readers and writers of problem formats, and where problems come from.

Order to read: ``files`` (safe reading), ``cdl`` and ``shape_repair`` (slips of the public data),
``formalgeo`` (the released JSON layout), ``sources`` (PROBLEM arguments and data sets), ``write``, ``lint``.
"""
