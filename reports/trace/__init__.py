"""From a figure back to the books, and what a report was made of."""
