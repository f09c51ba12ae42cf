"""The independent checker of proofs: the language, the theory and the standard library, nothing else."""

from fgps.check.certificate import Verdict, check_certificate, problem_digest

__all__ = ["Verdict", "check_certificate", "problem_digest"]
