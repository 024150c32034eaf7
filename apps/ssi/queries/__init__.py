"""Surveys and scores as they are read (SSI)."""
