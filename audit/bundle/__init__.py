"""A case as one file to hand out: packed, masked, and held against what it said of itself."""
