"""For learning: training examples of theorem choice, a reader for them, and an environment to act in."""
