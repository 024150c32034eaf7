"""One definition of each figure of care, by noun (REP-08)."""
