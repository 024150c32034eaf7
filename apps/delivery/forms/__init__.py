"""What is typed in, one module a noun."""
