"""Many cases at once: an index of their facts, checks across them, risk, samples, reports."""

FILE = "portfolio.duckdb"  # the index, in the folder of the cases
