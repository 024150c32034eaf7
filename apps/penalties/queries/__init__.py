"""Facts that fall under a clause, and penalties as they are read (PEN)."""
