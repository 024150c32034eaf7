"""What the pages show, one module a noun."""
