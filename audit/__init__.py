"""Auditing in Fava: the extension, what its pages show, findings and samples."""
