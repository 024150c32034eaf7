"""The pages of penalties and rewards."""
