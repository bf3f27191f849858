"""The case as plain tables for other programs, named and shaped after audit data standards."""
