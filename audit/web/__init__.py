"""Addresses, queries and templates of the audit pages."""
