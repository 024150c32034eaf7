"""A believable store to try the product on: made-up people and cars, real rules.

Everything follows from (vehicles, seed, as_of): the same three give the same store again.
"""
