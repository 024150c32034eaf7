"""The pages of care, by noun."""
