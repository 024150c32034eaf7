"""What is owed to whom, and what is whose turn, by noun."""
