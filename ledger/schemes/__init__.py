"""The rules of each programme as data (`*.toml`), their types and their loader."""
