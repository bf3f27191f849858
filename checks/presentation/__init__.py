"""Findings and rules as shown to people and programs."""
