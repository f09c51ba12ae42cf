"""Numeric models of problems: coordinates found from the formal description alone."""
