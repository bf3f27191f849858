"""The rows and tables of a report, before any sheet."""
