"""What an import asks: records that wait, and the open questions of a case."""
