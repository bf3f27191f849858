"""Closed months: their history, what is still missing before a close, what came late."""
