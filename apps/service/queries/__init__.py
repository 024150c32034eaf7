"""What is asked of the workshop's rows."""
