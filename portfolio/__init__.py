"""Many cases at once: an index of their facts, checks across them, risk, samples, reports."""
