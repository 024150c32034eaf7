"""What is done with month reports: written, submitted, reviewed, approved (REP-06)."""
