"""The progress line of the long commands."""

from fgps.batch.progress import BatchProgress

__all__ = ["BatchProgress"]
