"""What people see: figures, proofs as text, graphs and pages."""
