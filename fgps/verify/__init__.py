"""Verifying what others wrote: tolerant reading, verdicts step by step, reports.

from fgps.verify import verify, feedback
report = verify(problem, "1. theorem_name(1,ABC,DEF)\\nanswer: 15")
report.accepted, report.score, feedback(report, level=2)
"""

from fgps.verify.problems import ProblemShelf, load_problem
from fgps.verify.read import read_solution
from fgps.verify.report import Report, StepReport, Suggestion, feedback
from fgps.verify.reward import Reward
from fgps.verify.session import Session
from fgps.verify.verifier import Budget, verify

__all__ = [
    "Budget",
    "ProblemShelf",
    "Report",
    "Reward",
    "Session",
    "StepReport",
    "Suggestion",
    "feedback",
    "load_problem",
    "read_solution",
    "verify",
]
