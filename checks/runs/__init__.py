"""Whole runs: checking a case or several, closing a month, looking ahead."""
