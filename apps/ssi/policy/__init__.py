"""The rules of the index as plain values: no database, no clock."""
