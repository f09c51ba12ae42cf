"""Readers and writers of problem formats, and where problems come from.

Order to read: ``files`` (safe reading), ``cdl`` and ``shape_repair`` (slips of the public data),
``formalgeo`` (the released JSON layout), ``fgl``, ``verbatim`` and ``write`` (there and back without loss),
``jsonl``; for drawings ``planar`` (faces), ``forms``, ``scene``, ``speaker`` (logic forms in FGL),
``geometry3k``, ``geogebra``; ``sources`` (PROBLEM arguments and data sets), ``convert``, ``lint``, ``fixes``.
"""
