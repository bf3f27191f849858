"""Damaged files for every reader: seeded, by our own mutator."""
