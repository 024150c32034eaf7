"""What the answers come to: each figure one definition (SSI-05, REP-08)."""
