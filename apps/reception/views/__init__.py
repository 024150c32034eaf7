"""The pages of the showroom, one module a noun."""
