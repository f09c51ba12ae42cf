"""Exact algebra: numbers, equation systems that close incrementally, witnesses."""
