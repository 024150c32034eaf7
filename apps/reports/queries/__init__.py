"""Month reports as they are read (REP)."""
