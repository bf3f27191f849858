"""What several families of checks work out of a case."""
