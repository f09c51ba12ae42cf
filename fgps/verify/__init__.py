"""Verifying what others wrote: tolerant reading, verdicts step by step, reports."""
