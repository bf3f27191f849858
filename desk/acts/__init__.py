"""What the forms of the pages do: one module a group of acts, each planned by an operation."""
