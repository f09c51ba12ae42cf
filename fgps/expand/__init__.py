"""New problems from solved ones: other goals, other numbers, other givens, other names.

`expand_problem` makes the new problems of one source, `fgps.expand.run.expand` those of a data set in worker
processes.  Nothing is kept that the solver did not solve anew with a certificate that the checker accepts.
"""

from fgps.expand.one import Expansion, expand_problem
from fgps.expand.settings import TRANSFORMATIONS, Settings

__all__ = ["TRANSFORMATIONS", "Expansion", "Settings", "expand_problem"]
