"""Solutions in the form of the data sets: the theorem sequence that a search found, and its graph."""
