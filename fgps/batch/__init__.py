"""Running many problems: executors, limits, results files and their summary."""
