"""Pages of the month reports."""
