"""A case read from its entries, and the figures worked out from it."""
