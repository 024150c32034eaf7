"""The pages of this floor, one module a noun."""
