"""Each figure of a month once, from the app whose rows it counts (REP-08)."""
