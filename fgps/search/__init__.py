"""Search strategies over the engine, their budgets and outcomes."""
