"""The rules of the showroom: pure functions, no database, no clock. One module a subject."""
