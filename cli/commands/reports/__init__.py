"""Reports, forms, tables, and where a figure comes from."""
