"""The rules of this floor as plain values, one module a subject."""
