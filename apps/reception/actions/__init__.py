"""Everything that changes the facts of the showroom, one module a noun."""
