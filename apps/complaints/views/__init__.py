"""The pages of quick responses, by noun."""
