"""What is done with penalties: detected, explained, decided, signed, issued, closed (PEN)."""
