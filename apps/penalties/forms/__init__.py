"""What is typed about penalties."""
