"""The words of this floor, one module a noun."""
