"""The pages of the index (SSI)."""
