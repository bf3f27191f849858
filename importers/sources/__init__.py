"""From the bytes of a file to its kind, text and tables."""
