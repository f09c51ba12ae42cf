"""Facts with their origins, theorem matching, and the application of theorems by name."""
