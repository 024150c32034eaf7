"""The words of the showroom, one module a noun."""
