"""What an import asks: records that wait, the open questions of a case, and their answers."""
