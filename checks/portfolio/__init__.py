"""Checks that judge several cases together."""
