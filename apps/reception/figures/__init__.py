"""The figures of the showroom, one module a subject."""
