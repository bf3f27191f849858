"""Dates, text, messages: what any layer may use."""
