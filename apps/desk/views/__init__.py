"""Pages where the floors meet, one module a noun."""
