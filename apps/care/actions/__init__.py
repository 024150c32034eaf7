"""Everything that changes a call, by noun."""
