"""What is done with surveys, their answers and models (SSI)."""
